"""`hallsite law`: what the rules say of one transfer, and what changes between two days."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from hallsite.commands.choices import AsJson
from hallsite.commands.study import Out, RunName, answered

app = typer.Typer(no_args_is_help=True, help="What data law says, rule by rule. A planning aid, no legal advice.")
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], show_default=False)]


@app.command()
def explain(
    origin: Annotated[str, typer.Option("--from", help="Jurisdiction of the persons, such as CN.")],
    host: Annotated[str, typer.Option("--to", help="Jurisdiction of the hall, such as SG.")],
    data_class: Annotated[str, typer.Option("--class", help="Data class, such as personal.")],
    people: Annotated[float, typer.Option(min=0, help="Persons exported in the window the law counts.")] = 1,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day of the law.", show_default="the day the rules were read"),
    ] = None,
    operator: Annotated[str, typer.Option(help="Nationality of the operator.")] = "CN",
    operator_type: Annotated[
        str, typer.Option(help="general or cii, an operator of critical infrastructure.")
    ] = "general",
    ring_fenced: Annotated[bool, typer.Option("--ring-fenced", help="Run by a ring-fenced local operator.")] = False,
    holds: Annotated[list[str] | None, typer.Option(help="A condition that is met; may be repeated.")] = None,
    zone: Annotated[str, typer.Option(help="Free-trade zone of the exporter.")] = "",
    sector: Annotated[str, typer.Option(help="Sector of the exporter.")] = "",
    as_json: AsJson = False,
) -> None:
    """Tell the mechanism of a transfer, the chain of rules with citations, and what would have to change."""
    from data.law import explain as explain_transfer
    from data.law.rules import LAW_KNOWN_ON
    from hallsite.paper import print_json

    told = explain_transfer(
        origin, host, data_class, people, as_of.date() if as_of else LAW_KNOWN_ON, operator=operator,
        operator_type=operator_type, mode="ring_fenced" if ring_fenced else "own", zone=zone, sector=sector,
        holds=tuple(holds or ()),
    )  # fmt: skip
    if as_json:
        print_json({"mechanism": told.mechanism, "lines": told.lines()} | _duties(told))
    else:
        print("\n".join(told.lines()))


@app.command()
def changes(
    before: Day,
    after: Day,
    origin: Annotated[list[str] | None, typer.Option("--from", help="Only these origins.")] = None,
    host: Annotated[list[str] | None, typer.Option("--to", help="Only these hosts.")] = None,
    operator: Annotated[str, typer.Option(help="Nationality of the operator.")] = "CN",
    as_json: AsJson = False,
) -> None:
    """List what changes in the law between two days, such as 2024-03-21 2024-03-22."""
    from data.law import DISCLAIMER
    from data.law import changes as changes_between
    from data.law.explain import later_law
    from hallsite.paper import page, print_json

    _refuse_unknown([*(origin or []), *(host or []), operator])
    rows = changes_between(before.date(), after.date(), origin, host, operator=operator)
    if as_json:
        print_json({"changes": rows.to_dict("records")})
        return
    paper = page()
    for (place, ended, begun), group in rows.groupby(["origin", "rules_ended", "rules_begun"], sort=False):
        paper.print(f"{place}: {_turned(str(ended), str(begun))}", style="bold", soft_wrap=True)
        for (data_class, first, second), pairs in group.groupby(["data_class", "before", "after"], sort=False):
            hosts = list(pairs["host"])
            paper.print(f"  {data_class} data to {', '.join(hosts)}: {first} → {second}", soft_wrap=True)
    if rows.empty:
        paper.print("Nothing changes between these days for what is on file.")
    for line in later_law(max(before, after).date()):
        paper.print(line, soft_wrap=True)
    paper.print(DISCLAIMER, soft_wrap=True, style="dim")


@app.command()
def rules(
    origin: Annotated[list[str] | None, typer.Option("--from", help="Only these origins.")] = None,
    as_json: AsJson = False,
) -> None:
    """List every rule on file with its citation and how far its text was checked."""
    from data.law import DISCLAIMER, rule_base
    from data.law.explain import citation
    from hallsite.paper import print_json

    _refuse_unknown(list(origin or []))
    chosen = [rule.text for rule in rule_base().rules if not origin or rule.text.origin in origin]
    if as_json:
        print_json({"rules": [text.model_dump(mode="json") for text in chosen]})
        return
    for place in origin or []:
        if place not in {text.origin for text in chosen}:
            print(f"{place:<3} no rule is on file: what its law says of data that leave is unknown")
    for text in chosen:
        print(f"{text.origin:<3} {' '.join(text.data)}: {citation(text)}")
    print(DISCLAIMER)


@app.command()
def cost(run: RunName, out: Out = None) -> None:
    """Say what each rule that binds costs: the difference to the plan without it."""
    from model.runs import find_run, open_run
    from model.studies.law_cost import law_cost

    opened = open_run(find_run(run))
    answered(opened.scenario, lambda solving: law_cost(opened.scenario, opened.solution, solving=solving), out)


def _refuse_unknown(places: list[str]) -> None:
    from data.errors import Fault, raise_faults
    from data.law.asked import FILE, one_of
    from data.law.rules import jurisdictions

    known = list(jurisdictions())
    raise_faults(
        Fault(FILE, place, "is not a jurisdiction we know", one_of(place, known))
        for place in places
        if place not in known
    )


def _turned(ended: str, begun: str) -> str:
    parts = (
        f"begins {begun.replace(' ', ', ')}" if begun else "",
        f"ends {ended.replace(' ', ', ')}" if ended else "",
    )
    return "; ".join(part for part in parts if part)


def _duties(told: Any) -> dict[str, Any]:
    return {
        "consent": told.consent,
        "local_copy": told.local_copy,
        "delay_months": told.delay_months,
        "fixed_cost_cny": told.fixed_cost_cny,
        "yearly_cost_cny": told.yearly_cost_cny,
        "rules": [rule.id for rule in told.chain],
        "would_change": list(told.would_change),
    }
