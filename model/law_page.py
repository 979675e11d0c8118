"""The law's part of the printed plan: who holds which data by what right, what it costs, what changed, what to ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
import xarray as xr
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from model.amounts import Scale, megawatts, money, percent
from model.law_told import HOME, law_told, place_name

MODES = {"own": "own operator", "ring_fenced": "local operator", "own_copy": "own, copy at home"}
MOST_PERIODS = 6
PAID_FOR = {
    "local_operator_fixed": "ring-fenced local operators, fixed",
    "local_operator_by_load": "ring-fenced local operators, by load",
    "contracts_assessments": "contracts and assessments",
    "consent_and_exposure_by_load": "consents and exposure, by load",
    "with_home_copy_by_load": "copies at home, consents and exposure of what leaves one, by load",
}


def law_section(instance: xr.Dataset, solution: xr.Dataset, scale: Scale) -> Iterator[RenderableType]:
    """The paragraph of data law; short where every stream stays at home."""
    told = law_told(instance, solution)
    held = pd.DataFrame(told["held"])
    if held.empty:
        return
    yield _headline(held)
    if ((held["mechanism"] != "domestic") | (held["mode"] != "own")).any():
        yield _held(held, [int(period) for period in instance["period"].values])
    yield from (_point(line) for line in _happened(told, held, scale))
    yield from _list("Rules that bind", [_rule(rule) for rule in told["binding"]])
    if told["binding"]:
        yield _point("what each rule costs, sites that would move included: hallsite law cost RUN")
    yield from _list("Questions for counsel", told["questions"])
    yield Padding(Text(told["disclaimer"], style="dim"), (0, 0, 0, 2))


def _headline(held: pd.DataFrame) -> Text:
    last = held.loc[held["period"] == held["period"].max()]
    home = last["mechanism"] == "domestic"
    by_right = last.loc[~home].groupby(["mechanism", "jurisdiction"])["mw"].sum().sort_values(ascending=False)
    told = [f"{_words(right)} ({place}) {megawatts(load)} MW" for (right, place), load in by_right.items()]
    words = "; ".join(told) or "every stream stays in its jurisdiction"
    share = percent(float(last.loc[home, "mw"].sum() / last["mw"].sum()))
    return Text.assemble("\n", ("Data law", "bold"), f"   {share} domestic; {words}")


def _held(held: pd.DataFrame, periods: list[int]) -> Table:
    """IT MW by what the data are, where, under whom and by what right; a column for each year shown."""
    step = (len(periods) - 1) / (MOST_PERIODS - 1)
    many = len(periods) > MOST_PERIODS
    years = [periods[round(at * step)] for at in range(MOST_PERIODS)] if many else periods
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in ("  data of", "held in", "by", "right"):
        table.add_column(heading)
    for year in years:
        table.add_column(str(year), justify="right", no_wrap=True)
    keys = ["legal_case", "jurisdiction", "mode", "mechanism"]
    loads = held.pivot_table(index=keys, columns="period", values="mw", aggfunc="sum", sort=False)
    loads = (
        loads.reindex(columns=years)
        .dropna(how="all")
        .sort_index(level="legal_case", sort_remaining=False, kind="stable")
    )
    for key, row in zip(loads.index.tolist(), loads.to_numpy(), strict=True):
        case, place, mode, right = (str(part) for part in key)
        cells = ("·" if pd.isna(load) else megawatts(load) for load in row)
        table.add_row(f"  {_data(case)}", place_name(place), MODES.get(mode, mode), _words(right), *cells)
    return table


def _happened(told: dict[str, Any], held: pd.DataFrame, scale: Scale) -> Iterator[str]:
    """What changed with the law, what was chosen for it, and what that costs: a sentence each."""
    for change in told["changed"]:
        turned = [f"begins {_all(change['begun'])}"] * bool(change["begun"])
        turned += [f"ends {_all(change['ended'])}"] * bool(change["ended"])
        case, places = _data(change["legal_case"]), ", ".join(change["jurisdictions"])
        answers = f"{_steps(change['before'])} → {_steps(change['after'])}"
        why = "; ".join(turned) or "a procedure is finished"
        yield f"{change['period']} (law of {change['day']}): {case} to {places}: {answers} ({why})"
    for place, first in held.loc[held["mode"] == "ring_fenced"].groupby("jurisdiction")["period"].min().items():
        yield f"a ring-fenced local operator runs the halls in {place_name(str(place))} from {first}"
    yield from _exported(told["exported"])
    copies = held.loc[held["legal_case"].str.endswith(HOME)].groupby("period")["mw"].sum()
    if len(copies):
        yield f"copies that must stay at home: {megawatts(float(copies.iloc[-1]))} MW in {copies.index[-1]}"
    owed = held.loc[held["mode"] == "own_copy"].groupby("period")["mw"].sum()
    if len(owed):
        yield f"{megawatts(float(owed.iloc[-1]))} MW abroad leave a copy at home, which is priced and not placed"
    yield from (_exposed(row) for row in told["exposed"])
    paid = {PAID_FOR[name]: amount for name, amount in told["paid"].items() if amount > 0}
    if paid:
        parts = ", ".join(f"{words} {money(amount, scale)}" for words, amount in paid.items())
        yield f"compliance costs {money(sum(paid.values()), scale)}: {parts}"


def _exported(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Persons abroad by group, periods with the same number in one."""
    for group in dict.fromkeys(row["group"] for row in rows):
        by_number: dict[tuple[int, str], list[str]] = {}
        for row in rows:
            if row["group"] == group:
                asked = row["mechanism"] or "below the first threshold"
                by_number.setdefault((row["persons"], asked), []).append(str(row["period"]))
        counts = "; ".join(f"{n:,} in {', '.join(years)}, {asked}" for (n, asked), years in by_number.items())
        yield f"persons of {group} held abroad: {counts}"


def _exposed(row: dict[str, Any]) -> str:
    laws = ", ".join(pair.replace(">", " against ") for pair in row["conflict"].split())
    answer = "a ring-fenced local operator would end it" if row["answered"] else "no answer is known"
    where = f"{megawatts(row['mw'])} MW of {_data(row['legal_case'])} data in {place_name(row['jurisdiction'])}"
    return f"exposed to contradicting laws in {row['period']}: {where} ({laws}); {answer}"


def _rule(rule: dict[str, Any]) -> str:
    until = f" until {rule['until']}" if rule["until"] else ""
    why = ["binds data of this plan"] * rule["met"] + [f"closes {', '.join(rule['closes'])}"] * bool(rule["closes"])
    return (
        f"{rule['rule']}: {rule['source']}; {_words(rule['effect'])} from {rule['from']}{until}; "
        f"{' and '.join(why)} ({rule['checked']})"
    )


def _list(title: str, sentences: Sequence[str]) -> Iterator[RenderableType]:
    if sentences:
        yield Text(f"  {title}")
        yield from (_point(sentence) for sentence in sentences)


def _point(sentence: str) -> Table:
    """A sentence after a dash; further lines stand under its first word."""
    line = Table.grid(padding=(0, 1, 0, 0))
    line.add_row("  -", Text(sentence))
    return line


def _data(case: str) -> str:
    """`CN/personal/operator` as people say it."""
    origin, *rest = case.split("/")
    return f"{origin} {_words(rest[0])}{' (copy)' if case.endswith(HOME) else ''}" if rest else case


def _steps(mechanism: str) -> str:
    return _words(mechanism).replace("|", ", then ")


def _all(ids: str) -> str:
    return ids.replace(" ", ", ")


def _words(identifier: str) -> str:
    return str(identifier).replace("_", " ")
