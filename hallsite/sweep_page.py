"""A sweep on paper: the plan of work before it, a table of its members after it, and the list of sweeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from model.batch.plan import SweepPlan
    from model.batch.running import Work

MOST_ROWS = 40
MOST_VALUES = 8
MOST_REASONS = 8


def work_lines(plan: SweepPlan, work: Work, folder: Path) -> Iterator[str]:
    """Count, values, what is known, workers and an estimate, before anything is solved."""
    from hallsite.commands.choices import file_sentence
    from hallsite.sweep_progress import duration

    members = len({member.key for member in plan.members})
    shape = " × ".join(str(size) for size in plan.shape)
    counted = f"{shape} = {members} members" if len(plan.shape) > 1 else f"{members} members"
    yield file_sentence(plan.base)
    yield f"Sweep  {plan.design.kind} of {counted}, in {folder}"
    for axis in plan.design.axes:
        yield f"       {axis.path}: {_values(axis)}"
    where = f"on the workers of {work.scheduler}" if work.scheduler else "in this process"
    if not work.scheduler and work.workers:
        where = f"on {work.workers} worker{'s' * (work.workers > 1)}"
    known = f"{members - len(work.todo)} known already, " if len(work.todo) < members else ""
    yield f"Work   {known}{len(work.todo)} to solve {where}"
    if work.todo:
        first = "told after the first member" if work.estimate_s is None else f"about {duration(work.estimate_s)}"
        most = "" if work.limit_s is None else f"; at most {duration(work.limit_s)} at the time limit of each solve"
        yield f"       time: {first}{most}"
        if work.warm:
            yield "       each member starts from the plan of the nearest one that is solved"


def print_sweep(folder: Path, as_json: bool, quiet: bool) -> None:
    """The members of a sweep as a table, or as one JSON object."""
    from rich.text import Text

    from hallsite.paper import page, print_json
    from model.batch.store import CUBE, TABLE, sweep_facts
    from model.batch.tables import member_table

    if quiet and not as_json:
        print(folder)
        return
    facts, members = sweep_facts(folder), member_table(folder)
    if as_json:
        print_json({"sweep": str(folder), **_object(facts, members)})
        return
    paper = page()
    paper.print(Text(f"\n{facts['name']}: {facts['title'] or facts['scenario']}", style="bold"))
    paper.print(_table(members, axes_of(facts)))
    if len(members) > MOST_ROWS:
        paper.print(f"and {len(members) - MOST_ROWS} more, all in {TABLE}")
    if pending := int((members["status"] == "pending").sum()):
        paper.print(f"{pending} of {len(members)} members are not solved yet; the same command goes on with them")
    for line in _reasons(members):
        paper.print(line, soft_wrap=True)
    paper.print(
        Text.assemble(("Sweep  ", "bold"), f"{folder}   ({CUBE} for xarray, {TABLE} for pandas)"),
        soft_wrap=True,
    )


def list_sweeps(as_json: bool) -> None:
    """The sweeps in ./sweeps."""
    from hallsite.paper import page, print_json
    from model.batch.store import sweep_facts, sweeps_in

    found = {folder: sweep_facts(folder) for folder in sweeps_in(Path("sweeps"))}
    if as_json:
        rows = [
            {"sweep": str(folder), "name": facts["name"], "members": len(facts["members"])}
            for folder, facts in found.items()
        ]
        print_json({"sweeps": rows})
        return
    if not found:
        command = "hallsite sweep guizhou --set policy.carbon_price_cny_per_t=0,80,200"
        page().print(f"There is no sweep in ./sweeps yet; start with: {command}", soft_wrap=True)
    for folder, facts in found.items():
        members = f"{len(facts['members'])} members of {facts['scenario']}"
        page().print(f"{folder.name}   {members}", soft_wrap=True)


def axes_of(facts: dict[str, Any]) -> list[str]:
    """The keys that differ between members, from sweep.json."""
    design = facts["design"]
    listed = (path for member in design["members"] for path in member)
    return [axis["path"] for axis in design["axes"]] or list(dict.fromkeys(listed))


def _values(axis: Any) -> str:
    if axis.is_range:
        return f"{axis.low:g} to {axis.high:g}" + (", whole" if axis.whole else "")
    told = [str(value) for value in axis.values]
    return ", ".join(told if len(told) <= MOST_VALUES else [*told[: MOST_VALUES - 2], "…", told[-1]])


def _table(members: pd.DataFrame, axes: list[str]) -> Table:
    from rich.table import Table

    from model.amounts import fine, money, percent

    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    widest = 26 if len(axes) < 3 else 14
    for axis in axes:
        words = axis.rpartition(".")[2].replace("_", " ")  # a long key breaks between its words
        table.add_column(words, justify="right", overflow="fold", min_width=9, max_width=widest)
    for heading, width in (("cost", 12), ("gap", 6), ("CNY/kWh", 7), ("PUE", 5), ("s", 5)):
        table.add_column(heading, justify="right", no_wrap=True, min_width=width)
    table.add_column("halls at the end", overflow="ellipsis", no_wrap=True)
    for _, row in members.head(MOST_ROWS).iterrows():
        at = [_told(row[axis]) for axis in axes]
        if row["objective_cny"] == row["objective_cny"]:
            told = (money(row["objective_cny"]), percent(row["gap"]), fine(row["it_cny_per_kwh"]))
            table.add_row(*at, *told, fine(row["pue_last"]), f"{row['seconds']:.1f}", str(row["sites"]))
        else:
            table.add_row(*at, "–", "–", "–", "–", "–", str(row["status"]).replace("_", " "))
    return table


def _told(value: Any) -> str:
    """A value along an axis; a dot where a member leaves the key as the study has it."""
    if value is None or value != value:
        return "·"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _reasons(members: pd.DataFrame) -> Iterator[str]:
    """Why members have no plan, each reason once."""
    without = members.loc[(members["reason"] != "") & (members["status"] != "pending")]
    groups = without.groupby(["status", "reason"], sort=False)
    for (status, reason), rows in list(groups)[:MOST_REASONS]:
        numbers = ", ".join(str(number + 1) for number in rows.index[:6]) + (" …" if len(rows) > 6 else "")
        yield f"{str(status).replace('_', ' ')} (member {numbers}): {str(reason)[:400]}"
    if len(groups) > MOST_REASONS:
        yield f"and {len(groups) - MOST_REASONS} more reasons"


def _object(facts: dict[str, Any], members: pd.DataFrame) -> dict[str, Any]:
    from model.amounts import finite

    rows = []
    for number, row in members.iterrows():
        plain = {str(name): finite(value) if isinstance(value, float) else value for name, value in row.items()}
        plain["accounts"] = {name: finite(value) for name, value in row["accounts"] or []}
        rows.append({"member": number, **plain})
    counts = {str(status): int(count) for status, count in members["status"].value_counts().items()}
    return {"name": facts["name"], "design": facts["design"], "status": counts, "members": rows}
