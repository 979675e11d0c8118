"""The page of measurements: one table of what was asked and found, then the details."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.benchmarks.record import Record

HEAD = """# Measurements

Written by `python -m tests.benchmarks`, which measures everything again; `python -m tests.benchmarks ENTRY` measures
one entry, `--missing` what is not here yet, `--render` only writes this page from `measurements.json`. Wall seconds,
imports excluded unless told. Every measurement is a process of its own; memory is that of its whole process tree,
watched from outside. Gaps are certified. Nothing else should run meanwhile. Warehouse files
are timed from the parsed file to the plan for all three, model building included. A `+` after the code says that
`model/` differed from that commit.
"""
Line = tuple[str, str, str, bool | None]  # what, found, asked, kept


def page(records: dict[str, Record]) -> str:
    """The whole page as Markdown."""
    parts = [HEAD, *_circumstances(records), "\n## What was asked and what was found\n", *_summary(records)]
    details = {
        "complete-0.005": _complete, "complete-0.001": _complete, "what-ifs": _what_ifs,
        "scale": _properties, "scale-300": _properties, "scale-decade": _decade,
        "orlib": _files, "orlib-large": _files,
    }  # fmt: skip
    for entry, rows in details.items():
        if entry in records and not failure(records[entry].result):
            parts += [f"\n## {entry}\n", *rows(records[entry].result)]
    return "\n".join(parts).rstrip() + "\n"


def failure(result: Any) -> str:
    """Why an entry has no result, or nothing."""
    return str(result["failure"]) if isinstance(result, dict) and "failure" in result else ""


def _circumstances(records: dict[str, Record]) -> Iterator[str]:
    for name in ("machine", "versions"):
        for told in dict.fromkeys(getattr(record, name) for record in records.values()):
            entries = [entry for entry, record in records.items() if getattr(record, name) == told]
            some = "" if len(entries) == len(records) else f" ({', '.join(entries)})"
            yield f"- {name.capitalize()}: {told}{some}"


def _summary(records: dict[str, Record]) -> Iterator[str]:
    yield "| entry | measured | found | asked | kept | day | code |"
    yield "|---|---|---|---|---|---|---|"
    for entry, told in LINES.items():
        record = records.get(entry)
        if record is None and entry == "complete-0.001" and (told_by := _never_planned(records)):
            yield f"| {entry} | complete model, 0.1% | {told_by} | reported | | | |"
            continue
        if record is None or (problem := failure(record.result)):
            yield f"| {entry} | | {'not measured yet' if record is None else _brief(problem)} | | | | |"
            continue
        for what, found, asked, kept in told(record.result):
            mark = {None: "", True: "yes", False: "no"}[kept]
            yield f"| {entry} | {what} | {found} | {asked} | {mark} | {record.day} | {record.code} |"
    if records:
        yield "\nCommands that repeat them:\n\n```sh"
        yield from sorted({record.command for record in records.values()})
        yield "```"


def _never_planned(records: dict[str, Record]) -> str:
    """What the run at the wider gap says of the narrower one, where none of the others had a plan at its cap."""
    looser = records.get("complete-0.005")
    if looser is None or failure(looser.result):
        return ""
    others = {engine: row for engine, row in looser.result["rows"].items() if engine != "hallsite"}
    if any("wall_s" not in row or row["gap"] is not None for row in others.values()):
        return ""
    return f"not run: {' and '.join(others)} had no plan after {looser.result['cap_s']:g} s in complete-0.005"


def _brief(problem: str) -> str:
    return "failed: " + problem.strip().splitlines()[-1].replace("|", "/")[:160]


def _cold(result: Any) -> Iterator[Line]:
    for gap, limit in (("0.02", 2.0), ("0.005", 5.0), ("0.001", 30.0)):
        if gap not in result:
            continue
        one = result[gap]
        what = f"default study cold to {float(gap):.1%}, median of {one['repeats']}"
        if "wall_s" not in one:
            yield what, _brief("; ".join(one["failed"])), f"≤ {limit:g} s", False
            continue
        reached = one["gap"] <= float(gap) * (1 + 1e-9)
        wall = one["wall_s"]
        found = f"{wall:.1f} s (certified at {_seconds(one['certified_s'])}, gap {one['gap']:.2%})"
        yield what, found, f"≤ {limit:g} s", reached and wall <= limit
    peaks = [one["peak_gib"] for one in result.values()]
    yield "peak memory of those", f"{max(peaks):.2f} GiB", "≤ 1 GiB", max(peaks) <= 1.0


def _against(result: Any) -> Iterator[Line]:
    at = f"complete model, {result['gap']:.1%}, cap {result['cap_s']:g} s"
    for engine, row in result["rows"].items():
        if engine == "hallsite" or "times_faster" not in row:
            continue
        least = "" if row["reached"] else "at least "
        asked = "≥ 30 times" if result["gap"] >= 0.005 else "reported"
        kept = row["times_faster"] >= 30 if result["gap"] >= 0.005 else None
        yield f"{at}: {engine}", f"{least}{row['times_faster']:g} times our time", asked, kept


def _changed(result: Any) -> Iterator[Line]:
    yield "what-ifs cold, median", f"{result['cold_s']:.1f} s", "", None
    if result["warm_s"] is None:
        yield "what-ifs warm, median", "the solver takes no start yet", "≤ 1 s", False
        return
    yield "what-ifs warm, median", f"{result['warm_s']:.2f} s", "≤ 1 s", result["warm_s"] <= 1.0
    yield "cold over warm, median", f"{result['ratio']:.1f} times", "≥ 5 times", result["ratio"] >= 5


def _large(result: Any, limit_s: float, gap: float) -> Iterator[Line]:
    what = f"{result['sites']} × {result['streams']} × {result['periods']} to {gap:.1%}"
    asked = f"≤ {limit_s:g} s, 8 GiB"
    reached = result["gap"] is not None and result["gap"] <= gap * (1 + 1e-9)
    told = "no plan" if result["gap"] is None else f"gap {result['gap']:.2%}"
    kept = reached and result["wall_s"] <= limit_s and result["peak_gib"] <= 8
    yield what, f"{result['wall_s']:.0f} s, {told}, {result['peak_gib']:.2f} GiB", asked, kept


def _growth(result: Any) -> Iterator[Line]:
    done = [one for one in result["sizes"] if one["status"] == "optimal_within_gap"]
    if "exponent" in result:
        shares = [one["admissible_shares"] for one in done]
        found = f"{result['exponent']:.2f} ({len(done)} sizes, {min(shares):,} to {max(shares):,} shares)"
        whole = len(done) == len(result["sizes"])
        yield "exponent of time in shares", found, "≤ 1.3", whole and result["exponent"] <= 1.3
    else:
        yield "exponent of time in shares", f"{len(done)} sizes solved", "≤ 1.3", False


def _orlib(result: Any) -> Iterator[Line]:
    total = {engine: sum(row["wall_s"] for row in rows) for engine, rows in result["engines"].items()}
    others = {engine: seconds for engine, seconds in total.items() if engine != "hallsite"}
    told = ", ".join(f"{engine} {seconds:.2f} s" for engine, seconds in total.items())
    n = len(result["engines"]["hallsite"])
    best = min(others.values()) if others else float("inf")
    yield f"{n} files at gap {result['gap']:g}, total", told, "not above the others", total["hallsite"] <= best
    known = [row for row in result["engines"]["hallsite"] if row["file"] in result["optima"]]
    if known:
        off = sum(
            row["objective"] is None or abs(row["objective"] - result["optima"][row["file"]]) > 0.005 for row in known
        )
        yield "published optima to the cent", f"{len(known) - off} of {len(known)}", "all", off == 0


def _exit(result: Any) -> Iterator[Line]:
    kept = result["wall_s"] <= 10 and not result["failed"]
    found = _brief(result["failed"][0]) if result["failed"] else f"{result['wall_s']:.1f} s"
    yield f"YAML to exit at 0.5%, median of {result['repeats']}", found, "≤ 10 s", kept


LINES: dict[str, Any] = {
    "cold": _cold,
    "complete-0.005": _against,
    "complete-0.001": _against,
    "what-ifs": _changed,
    "scale": lambda result: _large(result, 300, 0.01),
    "scale-300": lambda result: _large(result, 60, 0.005),
    "scale-decade": _growth,
    "orlib": _orlib,
    "orlib-large": _orlib,
    "import": lambda r: iter(
        [("import of the solver, median", f"{r['import_s']:.2f} s", "≤ 1.5 s", r["import_s"] <= 1.5)]
    ),
    "exit": _exit,
}


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} s"


def _table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _complete(result: Any) -> Iterator[str]:
    rows = []
    for engine, row in result["rows"].items():
        if "wall_s" not in row:
            rows.append([engine, _brief(row.get("absent") or row.get("problem") or "unknown"), "", "", "", ""])
            continue
        gap = "none" if row["gap"] is None else f"{row['gap']:.3%}"
        cost = "no plan" if row["objective_cny"] is None else f"{row['objective_cny'] / 1e9:.3f}"
        rows.append([engine, f"{row['wall_s']:.1f}", f"{row['build_s']:.1f}", gap, cost, f"{row['peak_gib']:.2f}"])
    yield from _table(["engine", "wall s", "of it building", "gap", "bn CNY", "peak GiB"], rows)


def _what_ifs(result: Any) -> Iterator[str]:
    rows = [
        [
            one["what_if"], _seconds(one["warm_s"]), "-" if one["warm_gap"] is None else f"{one['warm_gap']:.2%}",
            _seconds(one["cold_s"]), f"{one['cold_gap']:.2%}",
        ]
        for one in result["rows"]
    ]  # fmt: skip
    yield from _table(["change", "warm", "gap", "cold", "gap"], rows)


def _properties(result: Any) -> Iterator[str]:
    slices = f"{result['slices']} slices, {result['hydro_years']} hydrological years, seed {result['seed']}"
    yield f"{result['admissible_shares']:,} admissible shares, {slices}; drawn in {result['drawn_s']:.1f} s.\n"
    if "properties" in result:
        reached = ", ".join(f"{float(gap):.1%} {_seconds(at)}" for gap, at in result["to_gap"].items())
        yield f"Time to gap: {reached}; {result['columns']:,} columns.\n"
        rows = [
            [name.replace("_", " "), f"{value:,.4g}", limit, "yes" if kept else "no"]
            for name, value, limit, kept in result["properties"]
        ]
        yield from _table(["property", "found", "asked", "kept"], rows)


def _decade(result: Any) -> Iterator[str]:
    rows = [
        [
            f"{one['sites']} × {one['streams']} × {one['periods']}", f"{one['admissible_shares']:,}",
            f"{one['wall_s']:.1f}", "none" if one["gap"] is None else f"{one['gap']:.2%}", f"{one['peak_gib']:.2f}",
        ]
        for one in result["sizes"] if "wall_s" in one
    ]  # fmt: skip
    yield from _table(["size", "admissible shares", "wall s", "gap", "peak GiB"], rows)


def _files(result: Any) -> Iterator[str]:
    engines = list(result["engines"])
    rows = []
    for at, ours in enumerate(result["engines"]["hallsite"]):
        objective = "no plan" if ours["objective"] is None else f"{ours['objective']:.3f}"
        row = [ours["file"], objective, "-" if ours["gap"] is None else f"{ours['gap']:.1e}"]
        for engine in engines:
            one = result["engines"][engine][at]
            near = one["gap"] is not None and one["gap"] <= result["gap"] * 1.001
            row.append(f"{one['wall_s']:.2f}" + ("" if near else " (stopped)"))
        rows.append(row)
    yield from _table(["file", "objective", "gap", *(f"{engine} s" for engine in engines)], rows)
