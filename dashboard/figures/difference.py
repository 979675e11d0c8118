"""The true difference of two runs: a bridge of costs, sites moved, inputs changed, told in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from dashboard.figures.outline import geography, land
from dashboard.figures.style import Figure, axis_title, drawn, ink, message, palette, short, site_names
from dashboard.look import Look
from dashboard.numerals import scale
from data.scenario import Scenario
from model.report import bill, by_period

NOTHING_CNY = 0.5
ROOM = 0.45  # of the span, right of the bars, for amounts that stand beside them
MOVED_MW = 0.05
LABEL_WIDE, LABEL_HIGH = 0.4, 0.07  # of a label, as shares of the map's width and height
UP, DOWN = 1, 0  # places in the palette


def bridge_table(first: xr.Dataset, second: xr.Dataset) -> pd.DataFrame:
    """What each account adds to or takes off the first bill, largest change first: account, difference_cny."""
    one, other = bill(first), bill(second)
    difference = other.sub(one, fill_value=0.0)
    difference = difference[difference.abs() > NOTHING_CNY]
    order = difference.abs().sort_values(ascending=False, kind="stable").index
    return pd.DataFrame({"account": [str(name) for name in order], "difference_cny": difference[order].to_numpy()})


def bridge_figure(first: xr.Dataset, second: xr.Dataset, titles: tuple[str, str], look: Look) -> Figure:
    """A waterfall from the first bill to the second, account by account; the axis starts near the bills."""
    table = bridge_table(first, second)
    start, end = float(bill(first).sum()), float(bill(second).sum())
    if table.empty:
        return message(look.t("compare.same"), look)
    steps = table["difference_cny"].tolist()
    shown = scale("CNY", max(abs(start), abs(end)), look.language)
    names = [
        short(titles[0], 26),
        *(look.name("account", name) for name in table["account"]),
        short(titles[1], 26),
    ]
    if names[0] == names[-1]:
        names[-1] += " ②"
    told = [
        look.quantity(start, "CNY"),
        *(look.quantity(step, "CNY", signed=True) for step in steps),
        look.quantity(end, "CNY"),
    ]
    levels = [start]
    for step in steps:
        levels.append(levels[-1] + step)
    low, high = min([*levels, end]), max([*levels, end])
    floor = max(0.0, low - 0.35 * (high - low)) if low > 0 else None
    colours = palette(look)
    trace = {
        "type": "waterfall",
        "orientation": "h",
        "measure": ["absolute", *["relative"] * len(steps), "total"],
        "y": names,
        "x": [value / shown.factor for value in (start, *steps, 0.0)],
        "customdata": told,
        "hovertemplate": "%{y}: %{customdata}<extra></extra>",
        "connector": {"line": {"color": ink(look, "faint"), "width": 1}},
        "increasing": {"marker": {"color": colours[UP]}},
        "decreasing": {"marker": {"color": colours[DOWN]}},
        "totals": {"marker": {"color": colours[6]}},
    }
    axis: dict[str, Any] = {"title": axis_title(look.t("axis.present_cost"), shown)}
    if floor is not None:
        axis["range"] = [floor / shown.factor, (high + ROOM * (high - floor)) / shown.factor]
    places = {"type": "category", "showgrid": False, "autorange": "reversed"}
    # Always right of the bar: left of one that falls they would stand on the names.
    ends = [start, *(max(pair) for pair in pairwise(levels)), end]
    amounts = [
        {"x": at / shown.factor, "y": name, "text": amount, "xanchor": "left", "showarrow": False, "font": {"size": 12}}
        for at, name, amount in zip(ends, names, told, strict=True)
    ]
    return drawn([trace], look, xaxis=axis, yaxis=places, showlegend=False, annotations=amounts)


def moved_table(first: tuple[xr.Dataset, xr.Dataset], second: tuple[xr.Dataset, xr.Dataset]) -> pd.DataFrame:
    """Sites whose load or halls differ in the last period: site, it_mw_before/after, halls_before/after, change."""
    one, other = _standing(first[1]), _standing(second[1])
    both = one.add_suffix("_before").join(other.add_suffix("_after"), how="outer").fillna(0.0)
    both["change"] = both["it_mw_after"] - both["it_mw_before"]
    differs = (both["change"].abs() > MOVED_MW) | (both["halls_before"] != both["halls_after"])
    moved = both[differs].sort_values("change", key=lambda change: -change.abs(), kind="stable")
    moved[["halls_before", "halls_after"]] = moved[["halls_before", "halls_after"]].round().astype(int)
    return moved.rename_axis(index="site").reset_index()


def moved_figure(first: tuple[xr.Dataset, xr.Dataset], second: tuple[xr.Dataset, xr.Dataset], look: Look) -> Figure:
    """A map of what grew (triangles up) and what shrank (triangles down), by IT load of the last period."""
    table = moved_table(first, second)
    if table.empty:
        return message(look.t("compare.same_sites"), look)
    names = site_names(first[0], look) | site_names(second[0], look)
    places = pd.concat([_places(second[0]), _places(first[0])])
    places = places[~places.index.duplicated()].loc[table["site"]]
    most = max(float(table["change"].abs().max()), 1e-9)
    labelled = _labelled(places[(table["change"].abs() > 0.25 * most).to_numpy()])
    traces = land(look)
    for word, symbol, tone, part in (
        ("compare.grew", "triangle-up", UP, table[table["change"] >= 0]),
        ("compare.shrank", "triangle-down", DOWN, table[table["change"] < 0]),
    ):
        at = places.loc[part["site"]]
        traces.append(
            {
                "type": "scattergeo",
                "mode": "markers+text",
                "name": look.t(word),
                "lon": at["longitude"].tolist(),
                "lat": at["latitude"].tolist(),
                "marker": {
                    "symbol": symbol,
                    "color": palette(look)[tone],
                    "opacity": 0.9,
                    "line": {"width": 1, "color": ink(look, "text")},
                    "size": (8 + 22 * (part["change"].abs() / most) ** 0.5).tolist(),
                },
                "text": [
                    f"{names[site]} {look.quantity(change, 'MW', signed=True)}" if site in labelled else ""
                    for site, change in zip(part["site"], part["change"], strict=True)
                ],
                "textposition": "top center",
                "textfont": {"size": 11, "color": ink(look, "text")},
                "customdata": [
                    f"{names[site]}: {look.quantity(before, 'MW')} → {look.quantity(after, 'MW')}"
                    for site, before, after in zip(part["site"], part["it_mw_before"], part["it_mw_after"], strict=True)
                ],
                "hovertemplate": "%{customdata}<extra></extra>",
            }
        )
    return drawn(
        traces,
        look,
        geo=geography(places["longitude"].tolist(), places["latitude"].tolist(), look),
        margin={"l": 0, "r": 0, "t": 34, "b": 0},
        legend={"y": 1.0, "x": 0.01},
        dragmode="pan",
    )


def inputs_table(first: Scenario, second: Scenario) -> pd.DataFrame:
    """Every key of the studies that differs: scenario_key, value_before, value_after."""
    one, other = dict(_flat(first.model_dump(mode="json"))), dict(_flat(second.model_dump(mode="json")))
    keys = [key for key in one | other if key not in ("name", "title", "brief") and one.get(key) != other.get(key)]
    rows = [(key, _text(one.get(key)), _text(other.get(key))) for key in keys]
    return pd.DataFrame(rows, columns=["scenario_key", "value_before", "value_after"])


def told(
    first: tuple[xr.Dataset, xr.Dataset],
    second: tuple[xr.Dataset, xr.Dataset],
    titles: tuple[str, str],
    look: Look,
) -> list[str]:
    """The difference in sentences: the bills, what drives it, what moved, and whether the gaps leave it open."""
    one, other = float(first[1].attrs["objective_cny"]), float(second[1].attrs["objective_cny"])
    change = other - one
    word = "compare.told.dearer" if change > 0 else "compare.told.cheaper"
    sentences = [
        look.t(word, first=titles[0], second=titles[1], amount=look.quantity(abs(change), "CNY"),
               share=look.percent(abs(change) / one if one else None))
    ]  # fmt: skip
    open_to = max(_leeway(first[1]), _leeway(second[1]))
    if abs(change) < open_to:
        sentences = [
            look.t(
                "compare.told.within_gap",
                amount=look.quantity(abs(change), "CNY"),
                gap=look.quantity(open_to, "CNY"),
            )
        ]
    bridge = bridge_table(first[1], second[1]).head(3)
    if len(bridge):
        drivers = look.t("compare.and").join(
            f"{look.name('account', account)} {look.quantity(amount, 'CNY', signed=True)}"
            for account, amount in zip(bridge["account"], bridge["difference_cny"], strict=True)
        )
        sentences.append(look.t("compare.told.drivers", drivers=drivers))
    return [*sentences, *_told_sites(first, second, look), *_told_years(first, second, look)]


def _told_sites(
    first: tuple[xr.Dataset, xr.Dataset], second: tuple[xr.Dataset, xr.Dataset], look: Look
) -> Iterator[str]:
    moved = moved_table(first, second)
    names = site_names(first[0], look) | site_names(second[0], look)
    grew = moved[moved["change"] > MOVED_MW].head(3)
    shrank = moved[moved["change"] < -MOVED_MW].head(3)
    if moved.empty:
        yield look.t("compare.told.same_sites")
        return
    for word, part in (("compare.told.grew", grew), ("compare.told.shrank", shrank)):
        if len(part):
            sites = look.t("compare.and").join(
                f"{names[site]} ({look.quantity(change, 'MW', signed=True)})"
                for site, change in zip(part["site"], part["change"], strict=True)
            )
            yield look.t(word, sites=sites)


def _told_years(
    first: tuple[xr.Dataset, xr.Dataset], second: tuple[xr.Dataset, xr.Dataset], look: Look
) -> Iterator[str]:
    one, other = by_period(*first).iloc[-1], by_period(*second).iloc[-1]
    yield look.t(
        "compare.told.year",
        pue=f"{look.number(one['pue'], digits=3)} → {look.number(other['pue'], digits=3)}",
        carbon=f"{look.quantity(one['carbon_t'], 't/a')} → {look.quantity(other['carbon_t'], 't/a')}",
        water=f"{look.quantity(one['water_m3'], 'm3/a')} → {look.quantity(other['water_m3'], 'm3/a')}",
    )


def _standing(solution: xr.Dataset) -> pd.DataFrame:
    last = solution.isel(period=-1)
    return pd.DataFrame({"it_mw": last["it_load"].to_series(), "halls": last["halls"].sum("hall_type").to_series()})


def _places(instance: xr.Dataset) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "longitude": instance["site_longitude"].to_series(),
            "latitude": instance["site_latitude"].to_series(),
        }
    )


def _labelled(places: pd.DataFrame) -> set[str]:
    """Sites whose labels do not lie on each other; the first of a crowd has its own."""
    wide, high = (max(float(np.ptp(places[axis])), 1.0) for axis in ("longitude", "latitude"))
    kept: list[tuple[str, float, float]] = []
    for site, east, north in zip(places.index, places["longitude"] / wide, places["latitude"] / high, strict=True):
        if all(abs(east - x) > LABEL_WIDE or abs(north - y) > LABEL_HIGH for _, x, y in kept):
            kept.append((str(site), east, north))
    return {site for site, _, _ in kept}


def _leeway(solution: xr.Dataset) -> float:
    return float(solution.attrs["objective_cny"]) - float(solution.attrs["bound_cny"])


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else str(key))
    else:
        yield path, value


def _text(value: Any) -> str:
    if isinstance(value, list | tuple) and value:
        return ", ".join(map(str, value))
    if isinstance(value, float):
        return f"{value:g}"
    return "–" if value is None or value in ({}, [], ()) else str(value)
