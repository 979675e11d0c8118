"""The plan on paper: what `hallsite solve` prints and a run folder keeps as report.txt."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pandas as pd
import xarray as xr
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from model.amounts import Scale, count, fine, finite, megawatts, money, percent, scale_of, whole
from model.answers import answer_lines
from model.bill_evidence import bill_by_evidence, bill_by_parts
from model.binding import binding_limits
from model.law_page import law_section
from model.report import (
    bill,
    by_period,
    energy_price,
    halls,
    it_price,
    service,
    sites,
)

WIDTH = 100
MOST_PERIODS = 6
MOST_ALIKE = 2
MOST_HOSTS = 3
BAR = 20
ACCOUNT_WORDS = {
    "land": "land and ground works",
    "fibre": "fibre to the backbone",
    "site_operation": "running the sites",
    "halls": "building the halls",
    "hall_operation": "running the halls",
    "grid_connection": "grid connection",
    "energy_grid": "energy from the grid",
    "energy_contracts": "contracted energy",
    "backup": "backup when rationed",
    "demand_charge": "demand charge",
    "certificates": "green certificates",
    "policy_discount": "policy tariff",
    "network": "network traffic",
    "latency": "value of latency",
    "water": "water",
    "carbon": "carbon",
    "compliance": "data-law compliance",
}
LIMIT_WORDS = {
    "plot_limit": "plots that are full, and since when",
    "grid_steps_allowed": "grid connections at their limit, and since when",
    "open_allowed": "sites that open as soon as they can",
    "water_permit": "water permits used up, and since when",
    "pue_ceiling": "PUE ceilings reached, and since when",
    "policy_energy_limit": "policy tariffs used up, and since when",
    "green_share": "just the green energy that is due, and since when",
}
STATUS_WORDS = {
    "optimal_within_gap": "Solved to the gap asked for",
    "time_limit": "Stopped at the time limit, best plan kept",
    "stopped": "Stopped by you, best plan kept",
    "best_found": "Search ended before the gap asked for, best plan kept",
}


def report_text(instance: xr.Dataset, solution: xr.Dataset, evidence: pd.DataFrame | None = None) -> str:
    """The printed plan as plain text of at most 100 columns."""
    return as_text(printed_plan(instance, solution, evidence))


def as_text(plan: Group) -> str:
    """What is printed as plain text of at most 100 columns."""
    page = StringIO()
    Console(file=page, width=WIDTH, color_system=None).print(plan)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"


def printed_plan(instance: xr.Dataset, solution: xr.Dataset, evidence: pd.DataFrame | None = None) -> Group:
    """The plan for a terminal: proof, sites and halls, years, who is served from where, bill, limits.

    With `evidence` (columns site, field, evidence) it also says what the bill rests on. Answers that the
    solution carries come last.
    """
    scale = scale_of(float(solution.attrs["objective_cny"]))
    return Group(
        *_proof(instance, solution, scale),
        *_sites_section(instance, solution, scale),
        *_years_section(instance, solution),
        *_service_section(instance, solution),
        *law_section(instance, solution, scale),
        *_bill_section(solution, scale),
        *_evidence_lines(solution, evidence),
        *_limit_lines(instance, solution),
        *answer_lines(instance, solution),
    )


def _proof(instance: xr.Dataset, solution: xr.Dataset, scale: Scale) -> Iterator[RenderableType]:
    attrs = solution.attrs
    cost, bound = float(attrs["objective_cny"]), finite(attrs["bound_cny"])
    saving = None if bound is None else cost - bound
    status = STATUS_WORDS.get(str(attrs["status"]), str(attrs["status"]))
    yield Text.assemble(
        ("Plan   ", "bold"), (money(cost, scale), "bold green"), " present value, all accounts; ",
        f"{it_price(instance, solution):.3f} CNY per kWh of IT work",
    )  # fmt: skip
    gap = percent(finite(attrs["gap"]))
    yield Text.assemble(
        ("Proof  ", "bold"), f"no plan costs less than {money(bound, scale)}: gap {gap}, ",
        f"at most {money(saving)} could be saved",
    )  # fmt: skip
    yield Text.assemble(("Solve  ", "bold"), f"{status}, {float(attrs['wall_s']):.1f} s")


def _sites_section(instance: xr.Dataset, solution: xr.Dataset, scale: Scale) -> Iterator[RenderableType]:
    counts, places = halls(instance, solution), sites(instance, solution)
    periods = [int(period) for period in solution["period"].values]
    years = _shown_periods(periods)
    yield _heading(
        "Sites and halls",
        f"halls standing by year; IT load and PUE of {periods[-1]}; price and bill of all years",
    )
    table = _table()
    table.add_column("site", min_width=14, no_wrap=True)
    table.add_column("hall type", no_wrap=True)
    for year in years:
        table.add_column(str(year), justify="right")
    for heading in ("IT MW", "PUE", "CNY/kWh", scale[1]):
        table.add_column(heading, justify="right", no_wrap=True)
    for site, row in places.loc[places["kind"] == "candidate"].iterrows():
        kinds = counts.loc[[str(site)]] if site in counts.index else counts.iloc[:0]
        _add_site(table, str(row["name"]), kinds, years, _site_cells(row, scale))
    fleet = places.index[places["kind"] == "existing"].to_numpy()
    if len(fleet):
        _add_fleet(table, instance.sel(site=fleet), solution.sel(site=fleet, account_site=fleet), years, scale)
    totals = (count(counts[year].sum()) for year in years)
    table.add_row("all", "", *totals, *_site_cells(_together(instance, solution), scale), style="bold")
    yield table


def _together(instance: xr.Dataset, solution: xr.Dataset) -> pd.Series[Any]:
    """The figures of all sites in one row: load and PUE of the last period, price and bill of all."""
    last = by_period(instance, solution).iloc[-1]
    return pd.Series(
        {
            "it_mw": last["it_mw"],
            "pue": last["pue"],
            "energy_cny_per_kwh": float(energy_price(instance, solution).sel(site="all")),
            "cost_cny": float(solution["account_cost"].sum()),
        }
    )


def _site_cells(row: pd.Series[Any], scale: Scale) -> tuple[str, ...]:
    return (
        megawatts(row["it_mw"]),
        fine(row["pue"]),
        fine(row["energy_cny_per_kwh"]),
        f"{row['cost_cny'] / scale[0]:,.2f}",
    )


def _add_site(table: Table, name: str, kinds: pd.DataFrame, years: list[int], cells: tuple[str, ...]) -> None:
    """One line per hall type; the site's own figures stand on the first."""
    if kinds.empty:
        table.add_row(name, "none", *(count(0) for _ in years), *cells)
    for number, kind in enumerate(kinds.index.get_level_values("hall_type")):
        counts = (count(kinds.iloc[number][year]) for year in years)
        table.add_row("" if number else name, _words(kind), *counts, *(("",) * len(cells) if number else cells))


def _add_fleet(table: Table, instance: xr.Dataset, solution: xr.Dataset, years: list[int], scale: Scale) -> None:
    """The existing fleet as one line; instance and solution are of its sites only."""
    counts = solution["halls"].sum(["site", "hall_type"])
    standing = (count(int(counts.sel(period=year).round())) for year in years)
    kinds = solution["halls"].sum(["site", "period"]) > 0
    words = ", ".join(_words(str(kind)) for kind in solution["hall_type"].values[kinds.values])
    cells = _site_cells(_together(instance, solution), scale)
    table.add_row(f"existing fleet ({solution.sizes['site']})", words, *standing, *cells)


def _years_section(instance: xr.Dataset, solution: xr.Dataset) -> Iterator[RenderableType]:
    years = by_period(instance, solution)
    shown = years.loc[_shown_periods([int(year) for year in years.index])]
    yield _heading("Year by year", "sums of a year in each period, mean over hydrological years")
    table = _table()
    table.add_column("", min_width=24, no_wrap=True)
    for year in shown.index:
        table.add_column(str(year), justify="right", min_width=9)
    table.add_row("new sites open", *(count(value) for value in shown["open_sites"]))
    table.add_row("halls standing", *(count(value) for value in shown["halls"]))
    table.add_row("IT load, MW", *(megawatts(value) for value in shown["it_mw"]))
    table.add_row("facility energy, TWh", *(f"{value / 1e6:,.2f}" for value in shown["facility_mwh"]))
    table.add_row("PUE", *(fine(value) for value in shown["pue"]))
    table.add_row("water, million m3", *(f"{value / 1e6:,.2f}" for value in shown["water_m3"]))
    table.add_row("CO2, million t", *(f"{value / 1e6:,.2f}" for value in shown["carbon_t"]))
    yield table


def _service_section(instance: xr.Dataset, solution: xr.Dataset) -> Iterator[RenderableType]:
    names = instance["site_name"].to_series()
    last = int(instance["period"].values[-1])
    yield _heading("Who is served from where", f"{last}; round trip of active replicas in ms")
    table = _table()
    table.add_column("workload", no_wrap=True)
    for heading in ("IT MW", "limit", "mean", "worst"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("from")
    for workload, row in service(instance, solution).iterrows():
        hosts = list(row["hosts"].items())
        told = ", ".join(f"{names[site]} {percent(share)}" for site, share in hosts[:MOST_HOSTS])
        more = f" and {len(hosts) - MOST_HOSTS} more" if len(hosts) > MOST_HOSTS else ""
        trips = (whole(row[name]) for name in ("limit_ms", "mean_ms", "worst_ms"))
        table.add_row(_words(str(workload)), megawatts(row["mw"]), *trips, told + more)
    yield table


def _bill_section(solution: xr.Dataset, scale: Scale) -> Iterator[RenderableType]:
    accounts = bill(solution)
    total, largest = float(accounts.sum()), float(accounts.abs().max())
    yield _heading("Bill", "present value by account")
    table = _table()
    table.add_column("account", min_width=24, no_wrap=True)
    table.add_column(scale[1], justify="right", no_wrap=True)
    table.add_column("share", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for account, amount in accounts.items():
        if abs(amount) > 1e-9 * abs(total):
            bar = Text("█" * max(1, round(BAR * abs(amount) / largest)), style="cyan")
            words = ACCOUNT_WORDS.get(str(account), _words(str(account)))
            table.add_row(words, f"{amount / scale[0]:,.2f}", f"{100 * amount / total:.1f} %", bar)
    table.add_row("all", f"{total / scale[0]:,.2f}", "100 %", "", style="bold")
    yield table


def _evidence_lines(solution: xr.Dataset, evidence: pd.DataFrame | None) -> Iterator[RenderableType]:
    if evidence is not None:
        amounts = bill_by_evidence(solution, evidence)
        told = ", ".join(f"{kind} {percent(amount / amounts.sum())}" for kind, amount in amounts.items())
        yield _heading("What the bill rests on", "the weakest figure of each account")
        yield Text(f"  {told}")
        parts = bill_by_parts(solution, evidence)
        if len(parts):
            split = ", ".join(f"{kind} {percent(amount / parts.sum())}" for kind, amount in parts.items())
            yield Text(f"  {split}", end="")
            yield Text("   halls and energy split into parts of their price", style="dim")


def _limit_lines(instance: xr.Dataset, solution: xr.Dataset) -> Iterator[RenderableType]:
    found = binding_limits(instance, solution)
    names = instance["site_name"].to_series()
    yield Text("\nWhat binds", style="bold")
    if not found:
        yield Text("  nothing but demand: no limit holds this plan back")
    for kind in dict.fromkeys(limit["limit"] for limit in found):
        alike = [limit for limit in found if limit["limit"] == kind]
        if kind in LIMIT_WORDS and len(alike) > MOST_ALIKE:
            places = ", ".join(f"{names[limit['site']]} {limit['period']}" for limit in alike)
            yield _bullet(f"{LIMIT_WORDS[kind]}: {places}")
        else:
            yield from (_bullet(limit["sentence"]) for limit in alike)


def _heading(title: str, caption: str) -> Text:
    return Text.assemble("\n", (title, "bold"), (f"   {caption}", "dim"))


def _bullet(sentence: str) -> Table:
    """A sentence after a dash; further lines stand under its first word."""
    line = Table.grid(padding=(0, 1, 0, 0))
    line.add_row("  -", Text(sentence))
    return line


def _table() -> Table:
    return Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))


def _shown_periods(periods: list[int]) -> list[int]:
    """At most six years, the first and the last among them, so that a page stays within its width."""
    if len(periods) <= MOST_PERIODS:
        return periods
    step = (len(periods) - 1) / (MOST_PERIODS - 1)
    return [periods[round(number * step)] for number in range(MOST_PERIODS)]


def _words(identifier: str) -> str:
    return identifier.replace("_", " ")
