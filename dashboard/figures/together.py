"""Two to four runs on shared axes: bills, halls and the course of a quantity."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Literal

import pandas as pd
import xarray as xr

from dashboard.figures.bill import GROUPS
from dashboard.figures.style import DASHES, GROUP_OF_ACCOUNT, Figure, axis_title, colour, drawn, ink, message, palette
from dashboard.look import Look
from dashboard.numerals import scale
from model.report import bill, by_period, it_price

Plan = tuple[str, xr.Dataset, xr.Dataset]  # what people call it, instance, solution
Course = Literal["it_mw", "pue", "water_m3", "carbon_t"]
UNITS: dict[Course, str] = {"it_mw": "MW", "pue": "1", "water_m3": "m3/a", "carbon_t": "t/a"}
LINE = 24  # letters of a run's title beside its bar
MARKS = ("circle", "square", "diamond", "triangle-up")


def side_table(plans: Sequence[Plan]) -> pd.DataFrame:
    """A row per run: run, cost_cny, gap_percent, price, open_sites; last halls_all, it_mw, pue, water_m3, carbon_t."""
    rows = []
    for title, instance, solution in plans:
        last = by_period(instance, solution).iloc[-1]
        rows.append({
            "run": title, "cost_cny": float(solution.attrs["objective_cny"]),
            "gap_percent": 100 * float(solution.attrs["gap"]),
            "it_price_cny_per_kwh": it_price(instance, solution), "open_sites": int(last["open_sites"]),
            "halls_all": int(last["halls"]), "it_mw": float(last["it_mw"]), "pue": float(last["pue"]),
            "water_m3": float(last["water_m3"]), "carbon_t": float(last["carbon_t"]),
        })  # fmt: skip
    return pd.DataFrame(rows)


def bills_table(plans: Sequence[Plan]) -> pd.DataFrame:
    """Present value by run and group of accounts: run, group, cost_cny."""
    rows = []
    for title, _, solution in plans:
        costs = bill(solution)
        groups = [GROUP_OF_ACCOUNT.get(str(name), "running") for name in costs.index]
        sums = costs.groupby(groups).sum()
        rows += [{"run": title, "group": group, "cost_cny": float(sums[group])} for group in GROUPS if group in sums]
    return pd.DataFrame(rows)


def bills_figure(plans: Sequence[Plan], look: Look) -> Figure:
    """A stacked bar per run, one axis for all."""
    if not plans:
        return message(look.t("figure.no_baseline"), look)
    table = bills_table(plans)
    shown = scale("CNY", float(table.groupby("run")["cost_cny"].sum().max()), look.language)
    runs = [title for title, _, _ in plans]
    titles = ["<br>".join(wrap(title, LINE)) for title in runs]
    traces = []
    for group in GROUPS:
        part = table[table["group"] == group].set_index("run")["cost_cny"].reindex(runs).fillna(0.0)
        if part.abs().max() < 1:
            continue
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": look.name("account_group", group),
                "y": titles,
                "x": (part / shown.factor).tolist(),
                "customdata": [look.quantity(value, "CNY") for value in part],
                "hovertemplate": "%{y}: %{customdata}",
                "marker": {
                    "color": colour(look, "account_group", group),
                    "line": {"width": 0.5, "color": ink(look, "edge")},
                },
            }
        )
    return drawn(
        traces,
        look,
        barmode="relative",
        xaxis={"title": axis_title(look.t("axis.present_cost"), shown)},
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": titles[::-1],
            "showgrid": False,
        },
    )


def course_table(plans: Sequence[Plan]) -> pd.DataFrame:
    """A year of each period by run: run, period, halls_all, it_mw, pue, water_m3, carbon_t."""
    parts = []
    for title, instance, solution in plans:
        years = by_period(instance, solution).rename(columns={"halls": "halls_all"}).rename_axis(index="period")
        years = years[["halls_all", "it_mw", "pue", "water_m3", "carbon_t"]].reset_index()
        years.insert(0, "run", title)
        parts.append(years)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["run", "period"])


def course_figure(plans: Sequence[Plan], look: Look, quantity: Course) -> Figure:
    """A line per run over the periods, told apart by colour, dash and marker."""
    table = course_table(plans)
    if table.empty:
        return message(look.t("figure.no_baseline"), look)
    unit = UNITS[quantity]
    shown = scale(unit, float(table[quantity].max()), look.language)
    traces = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": title,
            "x": part["period"].tolist(),
            "y": (part[quantity] / shown.factor).tolist(),
            "line": {"color": palette(look)[at], "dash": DASHES[at], "width": 2.5},
            "marker": {"color": palette(look)[at], "symbol": MARKS[at], "size": 9},
            "customdata": [look.quantity(value, unit) for value in part[quantity]],
            "hovertemplate": "%{x}: %{customdata}",
        }
        for at, title in enumerate(dict.fromkeys(table["run"]))
        for part in (table[table["run"] == title],)
    ]
    years = sorted(set(table["period"]))
    return drawn(
        traces,
        look,
        xaxis={"tickvals": years, "tickformat": "d", "showgrid": False},
        yaxis={"title": axis_title(look.t(f"course.{quantity}"), shown)},
    )
