"""The bill: present value by account, by site and by period."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from dashboard.figures.style import GROUP_OF_ACCOUNT, Figure, axis_title, colour, drawn, ink, message, short, site_names
from dashboard.look import Look
from dashboard.numerals import scale
from model.report import bill

GROUPS = tuple(dict.fromkeys(GROUP_OF_ACCOUNT.values()))
MOST_SITES = 15
LEAST_CNY = 0.5


def bill_table(instance: xr.Dataset, solution: xr.Dataset) -> pd.DataFrame:
    """Accounts that cost or save anything, largest first: account, group, cost_cny, share."""
    costs = bill(solution)
    costs = costs[costs.abs() > 0.5]
    accounts = [str(name) for name in costs.index]
    return pd.DataFrame(
        {
            "account": accounts,
            "group": [GROUP_OF_ACCOUNT.get(name, "running") for name in accounts],
            "cost_cny": costs.to_numpy(float),
            "share": costs.to_numpy(float) / float(costs.sum()),
        }
    )


def bill_figure(instance: xr.Dataset, solution: xr.Dataset, look: Look) -> Figure:
    """Bars by account in the colour of their group, each with its amount and share."""
    table = bill_table(instance, solution)[::-1]
    if table.empty:
        return message(look.t("figure.nothing"), look)
    shown = scale("CNY", table["cost_cny"].abs().max(), look.language)
    names = [look.name("account", name) for name in table["account"]]
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": look.name("account_group", group),
            "y": [name for name, own in zip(names, table["group"], strict=True) if own == group],
            "x": (part["cost_cny"] / shown.factor).tolist(),
            "text": [_amount(cost, share, look) for cost, share in zip(part["cost_cny"], part["share"], strict=True)],
            "textposition": "outside",
            "cliponaxis": False,
            "marker": {"color": colour(look, "account_group", group)},
            "hovertemplate": "%{y}: %{text}<extra></extra>",
        }
        for group, part in _by_group(table)
    ]
    most = float(table["cost_cny"].max()) / shown.factor
    least = min(0.0, float(table["cost_cny"].min()) / shown.factor)
    return drawn(
        traces,
        look,
        barmode="overlay",
        xaxis={"title": axis_title(look.t("axis.present_cost"), shown), "range": [least * 1.3, most * 1.28]},
        yaxis={"categoryorder": "array", "categoryarray": names, "showgrid": False},
    )


def bill_by_site_table(instance: xr.Dataset, solution: xr.Dataset) -> pd.DataFrame:
    """Present value by site and group of accounts, dearest site first: site, group, cost_cny."""
    return _grouped(solution, "period", "account_site").rename(columns={"account_site": "site"})


def bill_by_site_figure(instance: xr.Dataset, solution: xr.Dataset, look: Look) -> Figure:
    """Stacked bars of the dearest sites, the others in one bar."""
    table, names = bill_by_site_table(instance, solution), site_names(instance, look)
    order = table.groupby("site", sort=False)["cost_cny"].sum().sort_values(ascending=False, kind="stable")
    kept = list(order.index[:MOST_SITES])
    rest = table[~table["site"].isin(kept)]
    rows = table[table["site"].isin(kept)].assign(label=lambda part: [short(names.get(s, s)) for s in part["site"]])
    labels = [short(names.get(site, site)) for site in kept]
    if len(rest):
        other = look.t("bill.other_sites", count=len(order) - len(kept))
        labels.append(other)
        rows = pd.concat([rows, rest.groupby("group", as_index=False)["cost_cny"].sum().assign(label=other)])
    return _stacked(rows, "label", labels[::-1], look, sideways=True)


def bill_by_period_table(instance: xr.Dataset, solution: xr.Dataset) -> pd.DataFrame:
    """Present value posted in each period by group of accounts: period, group, cost_cny."""
    return _grouped(solution, "account_site", "period")


def bill_by_period_figure(instance: xr.Dataset, solution: xr.Dataset, look: Look) -> Figure:
    """Stacked columns by period."""
    table = bill_by_period_table(instance, solution)
    table = table.assign(label=table["period"].astype(str))
    return _stacked(table, "label", list(dict.fromkeys(table["label"])), look, sideways=False)


def _grouped(solution: xr.Dataset, away: str, by: str) -> pd.DataFrame:
    costs = solution["account_cost"].sum(away).transpose("account", by)
    labels = costs[by].values.tolist()
    long = pd.DataFrame(
        {
            "account": np.repeat(costs["account"].values.astype(str), len(labels)),
            by: labels * costs.sizes["account"],
            "cost_cny": costs.to_numpy().ravel(),
        }
    )
    long["group"] = long["account"].map(GROUP_OF_ACCOUNT).fillna("running")
    sums = long.groupby([by, "group"], sort=False)["cost_cny"].sum().reset_index()
    sums = sums[sums["cost_cny"].abs() > LEAST_CNY]
    if by == "period":
        return sums.sort_values(by, kind="stable", ignore_index=True)
    total = sums.groupby(by)["cost_cny"].transform("sum")
    order = np.lexsort((np.arange(len(sums)), sums[by].to_numpy(str), -total.to_numpy()))
    return sums.iloc[order].reset_index(drop=True)


def _stacked(rows: pd.DataFrame, by: str, labels: list[str], look: Look, sideways: bool) -> Figure:
    if rows.empty:
        return message(look.t("figure.nothing"), look)
    total = rows.groupby(by)["cost_cny"].sum()
    shown = scale("CNY", float(total.abs().max()), look.language)
    traces = []
    for group in GROUPS:
        part = rows[rows["group"] == group].groupby(by)["cost_cny"].sum().reindex(labels).dropna()
        if part.empty:
            continue
        name, amounts = look.name("account_group", group), (part / shown.factor).tolist()
        places = [str(label) for label in part.index]
        traces.append(
            {
                "type": "bar",
                "orientation": "h" if sideways else "v",
                "name": name,
                "x": amounts if sideways else places,
                "y": places if sideways else amounts,
                "customdata": [look.quantity(value, "CNY", shown) for value in part],
                "hovertemplate": ("%{y}" if sideways else "%{x}") + f", {name}: %{{customdata}}<extra></extra>",
                "marker": {
                    "color": colour(look, "account_group", group),
                    "line": {"width": 0.5, "color": ink(look, "edge")},
                },
            }
        )
    money = {"title": axis_title(look.t("axis.present_cost"), shown)}
    places_axis = {"type": "category", "categoryorder": "array", "categoryarray": labels, "showgrid": False}
    return drawn(
        traces,
        look,
        barmode="relative",
        xaxis=money if sideways else places_axis,
        yaxis=places_axis if sideways else money,
    )


def _by_group(table: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [(group, table[table["group"] == group]) for group in GROUPS if (table["group"] == group).any()]


def _amount(cost: float, share: float, look: Look) -> str:
    return f"{look.quantity(cost, 'CNY')} · {look.percent(share)}"
