"""Where the energy of a year comes from: by slice and by hydrological year, as the model dispatches it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from dashboard.figures.style import Figure, axis_title, colour, drawn, ink, message, month_names
from dashboard.look import Look
from dashboard.numerals import scale

MEAN = "mean"
ORDER = ("hydro", "wind", "solar", "grid", "backup")


def supplied(
    instance: xr.Dataset, solution: xr.Dataset, period: int, sites: Sequence[str] | None = None
) -> xr.DataArray:
    """Mean power by source of the sites together, MW: dims source, slice, hydro_year.

    Contracts are take or pay and cover the facility load first, each in proportion to what it delivers; of
    what is missing the rationed share comes from own backup.
    """
    at = int(np.flatnonzero(solution["period"].values == period)[0])
    halls, hosted, contract = (
        solution[name].transpose("site", ..., "period").to_numpy()[..., at] for name in ("halls", "hosted", "contract")
    )
    everywhere = instance["site"].values
    here = (halls.sum(axis=1) > 0) & (True if sites is None else np.isin(everywhere, list(sites)))
    profile, overhead, marginal, delivery, rationed = (
        instance[name].transpose(*axes).to_numpy()[here]
        for name, axes in (
            ("it_profile", ("site", "workload", "slice")),
            ("overhead_power", ("site", "hall_type", "slice")),
            ("marginal_power", ("site", "hall_type", "slice")),
            ("contract_delivery", ("site", "energy_source", "slice", "hydro_year")),
            ("rationed_share", ("site", "slice", "hydro_year")),
        )
    )
    it = np.einsum("iwh,iws->ihs", hosted[here], profile)
    load = (overhead * halls[here][:, :, None] + marginal * it).sum(axis=1)[:, :, None]
    delivered = contract[here][:, :, None, None] * delivery
    total = delivered.sum(axis=1)
    share = np.minimum(1.0, np.divide(load, total, out=np.zeros_like(total), where=total > 0))
    missing = np.maximum(0.0, load - total * share)
    bought = (delivered * share[:, None]).sum(axis=0)
    own = [(missing * (1 - rationed)).sum(axis=0), (missing * rationed).sum(axis=0)]
    sources = [*solution["energy_source"].values.tolist(), "grid", "backup"]
    coords = {"source": sources, "slice": instance["slice"].values, "hydro_year": instance["hydro_year"].values}
    return xr.DataArray(np.concatenate([bought, np.stack(own)]), coords, ("source", "slice", "hydro_year"))


def averaged(instance: xr.Dataset, power: xr.DataArray, hydro_year: str) -> xr.DataArray:
    """One hydrological year of it, or their mean by probability."""
    if hydro_year == MEAN:
        return (power * instance["hydro_year_probability"]).sum("hydro_year")
    return power.sel(hydro_year=int(hydro_year))


def dispatch_table(
    instance: xr.Dataset, solution: xr.Dataset, period: int, hydro_year: str = MEAN,
    sites: Sequence[str] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Mean power by slice and source: slice, month, source, mw_supplied, energy_mwh."""
    power = averaged(instance, supplied(instance, solution, period, sites), hydro_year)
    hours, months = instance["slice_hours"].to_series(), instance["slice_month"].to_series()
    long = power.rename("mw_supplied").to_dataframe().reset_index()[["slice", "source", "mw_supplied"]]
    long.insert(1, "month", long["slice"].map(months))
    long["energy_mwh"] = long["mw_supplied"] * long["slice"].map(hours)
    return long[long.groupby("source")["mw_supplied"].transform("sum") > 0].reset_index(drop=True)


def dispatch_figure(table: pd.DataFrame, instance: xr.Dataset, look: Look) -> Figure:
    """Columns of a dispatch table by slice, months in order, blocks of the day inside each month."""
    if table.empty:
        return message(look.t("figure.nothing"), look)
    slices = list(dict.fromkeys(table["slice"]))
    blocks = instance["slice_block"].to_series()
    month_of = instance["slice_month"].to_series()
    months = month_names(instance, look)
    axis = [
        [months[month_of[name]] for name in slices],
        [f"{block}:00" if str(block).isdigit() else str(block) for block in blocks[slices]],
    ]
    wide = table.pivot_table(index="slice", columns="source", values="mw_supplied", sort=False).loc[slices]
    shown = scale("MW", float(wide.sum(axis=1).max()), look.language)
    traces = [
        {
            "type": "bar",
            "name": look.name("source", source),
            "x": axis,
            "y": wide[source].tolist(),
            "marker": {"color": colour(look, "source", source), "line": {"width": 0}},
            "customdata": [look.quantity(value, "MW") for value in wide[source]],
            "hovertemplate": "%{x}: %{customdata}",
        }
        for source in _ordered(wide.columns)
    ]
    return drawn(
        traces,
        look,
        barmode="stack",
        bargap=0.06,
        xaxis={"showgrid": False, "tickfont": {"size": 9}, "dividercolor": ink(look, "grid")},
        yaxis={"title": axis_title(look.t("axis.load"), shown)},
    )


def years_table(
    instance: xr.Dataset, solution: xr.Dataset, period: int, sites: Sequence[str] | None = None
) -> pd.DataFrame:
    """Energy of a year by hydrological year and source: hydro_year, probability, source, energy_mwh."""
    power = supplied(instance, solution, period, sites)
    energy = (power * instance["slice_hours"]).sum("slice").rename("energy_mwh").transpose("hydro_year", "source")
    long = energy.to_dataframe().reset_index()[["hydro_year", "source", "energy_mwh"]]
    long.insert(1, "probability", long["hydro_year"].map(instance["hydro_year_probability"].to_series()))
    return long[long.groupby("source")["energy_mwh"].transform("sum") > 0].reset_index(drop=True)


def years_figure(table: pd.DataFrame, look: Look) -> Figure:
    """Stacked columns of a years table by hydrological year: drought shows as grid and backup."""
    if table.empty:
        return message(look.t("figure.nothing"), look)
    wide = table.pivot_table(index="hydro_year", columns="source", values="energy_mwh")
    shown = scale("MWh/a", float(wide.sum(axis=1).max()), look.language)
    traces = [
        {
            "type": "bar",
            "name": look.name("source", source),
            "x": [str(year) for year in wide.index],
            "y": (wide[source] / shown.factor).tolist(),
            "marker": {"color": colour(look, "source", source), "line": {"width": 0}},
            "customdata": [look.quantity(value, "MWh/a") for value in wide[source]],
            "hovertemplate": "%{x}: %{customdata}",
        }
        for source in _ordered(wide.columns)
    ]
    return drawn(
        traces,
        look,
        barmode="stack",
        xaxis={"type": "category", "showgrid": False, "title": {"text": look.t("column.hydro_year")}},
        yaxis={"title": axis_title(look.t("axis.energy"), shown)},
    )


def _ordered(sources: pd.Index) -> list[str]:
    known = [source for source in ORDER if source in sources]
    return known + [str(source) for source in sources if source not in ORDER]
