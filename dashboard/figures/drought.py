"""Droughts: what the plan for the mean year and the plan for all years cost in every hydrological year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import xarray as xr

from dashboard.figures.style import Figure, axis_title, drawn, ink, message, palette
from dashboard.look import Look
from dashboard.numerals import scale

PLANS = ("mean_year", "distribution")  # as the study names them
LEAST_MW = 0.05


def drought_table(study: xr.Dataset) -> pd.DataFrame:
    """A row per hydrological year: probability, cost of both plans if every year were it, and own backup."""
    rows = pd.DataFrame(
        {"hydro_year": study["hydro_year"].values, "probability": study["probability"].values,
         "is_drought": study["stress_year"].values.astype(bool)}
    )  # fmt: skip
    for name in PLANS:
        plan = study.sel(plan=name).transpose("hydro_year", ...)
        rows[f"{name}_cny"] = plan["present_cost"].values
        rows[f"{name}_mwh"] = plan["backup_energy"].values
    return rows


def drought_cost_figure(rows: pd.DataFrame, names: Mapping[str, str], look: Look) -> Figure:
    """A mark per plan and year on one axis of money; droughts are shaded."""
    return _by_year(rows, look, "CNY", "study_stress.axis_cost", "markers")


def drought_backup_figure(rows: pd.DataFrame, names: Mapping[str, str], look: Look) -> Figure:
    """Columns of energy from own backup by plan and year; droughts are shaded."""
    if rows[[f"{name}_mwh" for name in PLANS]].to_numpy().max() <= 0:
        return message(look.t("study_stress.no_backup"), look)
    return _by_year(rows, look, "MWh", "study_stress.axis_backup", "bar")


def built_table(study: xr.Dataset) -> pd.DataFrame:
    """Halls of the last period in both plans: site, hall_type, mean_year_halls, distribution_halls."""
    halls = study["built_halls"].isel(period=-1, drop=True).to_dataset("plan")
    table = halls.to_dataframe(["site", "hall_type"]).reset_index()
    table = table[(table["mean_year"] > 0) | (table["distribution"] > 0)]
    return table.rename(columns={name: f"{name}_halls" for name in PLANS})[
        ["site", "hall_type", *(f"{name}_halls" for name in PLANS)]
    ].reset_index(drop=True)


def contracts_table(study: xr.Dataset) -> pd.DataFrame:
    """Contracted power of the last period in both plans: site, source, mean_year_mw, distribution_mw."""
    power = study["contract"].isel(period=-1, drop=True).rename(energy_source="source").to_dataset("plan")
    table = power.to_dataframe(["site", "source"]).reset_index()
    table = table[(table["mean_year"] > LEAST_MW) | (table["distribution"] > LEAST_MW)]
    return table.rename(columns={name: f"{name}_mw" for name in PLANS})[
        ["site", "source", *(f"{name}_mw" for name in PLANS)]
    ].reset_index(drop=True)


def _by_year(rows: pd.DataFrame, look: Look, unit: str, axis: str, kind: str) -> Figure:
    columns = [f"{name}_{unit.lower()}" for name in PLANS]
    shown, colours = scale(unit, float(rows[columns].to_numpy().max()), look.language), palette(look)
    years = [str(year) for year in rows["hydro_year"]]
    traces: list[dict[str, Any]] = []
    for at, (name, column) in enumerate(zip(PLANS, columns, strict=True)):
        marker: dict[str, Any] = {"color": colours[(1, 0)[at]]}
        if kind == "markers":
            marker |= {"symbol": ("diamond-open", "circle")[at], "size": (15, 8)[at], "line": {"width": 2}}
        told = {"type": "bar"} if kind == "bar" else {"type": "scatter", "mode": "markers"}
        traces.append(
            told | {
                "name": look.t(f"study_stress.plan.{name}"), "x": years, "y": (rows[column] / shown.factor).tolist(),
                "marker": marker, "customdata": [look.quantity(value, unit, shown) for value in rows[column]],
                "hovertemplate": "%{x}: %{customdata}",
            }
        )  # fmt: skip
    dry = [at for at, is_dry in enumerate(rows["is_drought"]) if is_dry]
    bands = [
        {"type": "rect", "layer": "below", "x0": at - 0.5, "x1": at + 0.5, "yref": "paper", "y0": 0, "y1": 1,
         "fillcolor": ink(look, "here"), "line": {"width": 0}}
        for at in dry
    ]  # fmt: skip
    notes = [
        {"x": at, "y": 1, "yref": "paper", "yanchor": "top", "showarrow": False, "text": look.t("study_stress.drought"),
         "font": {"size": 11, "color": ink(look, "soft")}}
        for at in dry
    ]  # fmt: skip
    return drawn(
        traces, look, shapes=bands, annotations=notes, barmode="group",
        xaxis={"type": "category", "showgrid": False}, yaxis={"title": axis_title(look.t(axis), shown)},
    )  # fmt: skip
