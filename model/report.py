"""A plan as tables and as one plain object: where, what, when, for whom and at what price."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from model.amounts import finite
from model.answers import answers_of
from model.bill_evidence import bill_by_evidence, bill_by_parts
from model.binding import binding_limits
from model.law_told import law_told

Array = np.ndarray[Any, Any]
KWH_PER_MWH = 1000.0
ENERGY_ACCOUNTS = (
    "energy_grid", "energy_contracts", "backup", "demand_charge", "certificates", "policy_discount",
)  # fmt: skip


def summary(instance: xr.Dataset, solution: xr.Dataset, evidence: pd.DataFrame | None = None) -> dict[str, Any]:
    """The plan as plain JSON values; money is present value in CNY, periods are keys, loads are MW.

    Keys: status, objective_cny, bound_cny, gap, gap_cny, wall_s, phases, accounts, sites, existing, halls,
    it_mw, pue, energy_cny_per_kwh, it_cny_per_kwh, water_m3, carbon_t, workloads, transfers, law, binding, and
    with `evidence` (columns site, field, evidence) bill_by_evidence and bill_by_parts; and answers, where
    questions were asked.
    """
    attrs = solution.attrs
    objective, bound = finite(attrs["objective_cny"]), finite(attrs["bound_cny"])
    years = by_period(instance, solution)
    return (
        {
            "status": str(attrs["status"]),
            "objective_cny": objective,
            "bound_cny": bound,
            "gap": finite(attrs["gap"]),
            "gap_cny": None if objective is None or bound is None else objective - bound,
            "wall_s": finite(attrs["wall_s"]),
            "phases": _decoded(attrs.get("phases", "{}")),
            "accounts": {str(name): float(value) for name, value in bill(solution).items()},
            "sites": _site_objects(instance, solution, "candidate"),
            "existing": _site_objects(instance, solution, "existing"),
            "halls": _keyed_by_period(halls(instance, solution).groupby("hall_type", sort=False).sum()),
            "it_mw": _series(years["it_mw"]),
            "pue": _series(years["pue"]),
            "energy_cny_per_kwh": finite(energy_price(instance, solution).sel(site="all")),
            "it_cny_per_kwh": finite(it_price(instance, solution)),
            "water_m3": _series(years["water_m3"]),
            "carbon_t": _series(years["carbon_t"]),
            "workloads": service(instance, solution).reset_index().to_dict("records"),
            "transfers": transfers(instance, solution).to_dict("records"),
            "law": law_told(instance, solution),
            "binding": binding_limits(instance, solution),
        }
        | answered(solution)
        | ({} if evidence is None else _founded(solution, evidence))
    )


def _founded(solution: xr.Dataset, evidence: pd.DataFrame) -> dict[str, Any]:
    return {
        "bill_by_evidence": bill_by_evidence(solution, evidence).to_dict(),
        "bill_by_parts": bill_by_parts(solution, evidence).to_dict(),
    }


def answered(solution: xr.Dataset) -> dict[str, Any]:
    """What was asked beside the plan, under the key answers; nothing where nothing was."""
    answers = answers_of(solution)
    return {"answers": answers} if answers else {}


def bill(solution: xr.Dataset) -> pd.Series[float]:
    """Present value of each account, largest first, CNY; together they are the objective."""
    totals = solution["account_cost"].sum(["account_site", "period"]).to_series()
    return totals.loc[totals.abs().sort_values(ascending=False, kind="stable").index]


def by_period(instance: xr.Dataset, solution: xr.Dataset) -> pd.DataFrame:
    """A year of each period: open_sites, halls, it_mw, it_mwh, facility_mwh, pue, water_m3, carbon_t."""
    total = solution[["it_load", "it_energy", "facility_energy", "water", "carbon"]].sum("site")
    candidates = instance["site_kind"] == "candidate"
    return pd.DataFrame(
        {
            "open_sites": (solution["is_open"] * candidates).sum("site").to_series().round().astype(int),
            "halls": solution["halls"].sum(["site", "hall_type"]).to_series().round().astype(int),
            "it_mw": total["it_load"].to_series(),
            "it_mwh": total["it_energy"].to_series(),
            "facility_mwh": total["facility_energy"].to_series(),
            "pue": _ratio(total["facility_energy"], total["it_energy"]).to_series(),
            "water_m3": total["water"].to_series(),
            "carbon_t": total["carbon"].to_series(),
        }
    )


def halls(instance: xr.Dataset, solution: xr.Dataset) -> pd.DataFrame:
    """Standing halls, one row per site and hall type that is ever used, one column per period."""
    counts = solution["halls"].transpose("site", "hall_type", "period").round().astype(int)
    table = pd.DataFrame(
        counts.values.reshape(-1, counts.sizes["period"]),
        index=pd.MultiIndex.from_product(
            [counts["site"].values, counts["hall_type"].values], names=["site", "hall_type"]
        ),
        columns=pd.Index([int(period) for period in counts["period"].values], name="period"),
    )
    return table.loc[table.any(axis="columns")]


def sites(instance: xr.Dataset, solution: xr.Dataset) -> pd.DataFrame:
    """One row per site that serves: name, kind, province, first period, load, PUE, energy price, cost, halls.

    `period` is the first in which it serves; it_mw and pue are those of the last period; energy_cny_per_kwh
    is levelised over the horizon per facility energy; cost_cny is the present value of all its accounts.
    """
    standing = solution["halls"].sum("hall_type").round().astype(int).transpose("site", "period")
    open_ = (solution["is_open"].transpose("site", "period") > 0.5) & (instance["site_kind"] == "candidate")
    serves = (standing > 0) | open_
    first = serves.argmax("period")
    last = solution.isel(period=-1)
    costs = solution["account_cost"].sum(["account", "period"]).rename(account_site="site")
    table = pd.DataFrame(
        {
            "name": instance["site_name"].to_series(),
            "kind": instance["site_kind"].to_series(),
            "province": instance["site_province"].to_series(),
            "jurisdiction": instance["site_jurisdiction"].to_series(),
            "period": pd.Series(solution["period"].values[first.values], index=instance["site"].values),
            "it_mw": last["it_load"].to_series(),
            "pue": _ratio(last["facility_energy"], last["it_energy"]).to_series(),
            "energy_cny_per_kwh": energy_price(instance, solution).to_series(),
            "cost_cny": costs.to_series(),
        }
    ).reindex([str(site) for site in instance["site"].values])
    served = table.loc[serves.any("period").values]
    return served.sort_values(["it_mw", "cost_cny"], ascending=False, kind="stable").rename_axis(index="site")


def energy_price(instance: xr.Dataset, solution: xr.Dataset) -> xr.DataArray:
    """Energy accounts per facility energy, both discounted, CNY/kWh by site and for `all`; nan where idle."""
    known = [name for name in ENERGY_ACCOUNTS if name in solution["account"].values]
    cost = solution["account_cost"].sel(account=known).sum(["account", "period"]).rename(account_site="site")
    energy = (solution["facility_energy"] * instance["year_weight"]).sum("period")
    everywhere = _ratio(cost.sum("site"), energy.sum("site")) / KWH_PER_MWH
    each = _ratio(cost.reindex(site=energy["site"].values), energy) / KWH_PER_MWH
    return xr.concat([each, everywhere.expand_dims(site=["all"])], dim="site")


def it_price(instance: xr.Dataset, solution: xr.Dataset) -> float:
    """The whole bill per IT energy, both discounted, CNY/kWh."""
    energy = (solution["it_energy"].sum("site") * instance["year_weight"]).sum()
    return float(_ratio(solution["account_cost"].sum(), energy)) / KWH_PER_MWH


def served_streams(instance: xr.Dataset, solution: xr.Dataset) -> pd.DataFrame:
    """A row per share: origin, workload, replica, site, mode, period, mw, round_trip_ms, mechanism."""
    axes = ("stream", "site", "mode", "period")
    at = {axis: solution[f"assignment_{axis}"].values.astype(int) for axis in axes}
    streams, places = instance["stream"].values[at["stream"]], instance["site"].values[at["site"]]
    load = instance["load"].transpose("stream", "period").values
    trips = instance["round_trip"].sel(origin=instance["stream_origin"].values).transpose(..., "site").values
    return pd.DataFrame(
        {
            "stream": streams,
            "origin": instance["stream_origin"].values[at["stream"]],
            "workload": instance["stream_workload"].values[at["stream"]],
            "replica": instance["stream_replica"].values[at["stream"]],
            "site": places,
            "mode": instance["operator_mode"].values[at["mode"]],
            "period": instance["period"].values[at["period"]],
            "mw": solution["assignment_share"].values * load[at["stream"], at["period"]],
            "round_trip_ms": trips[at["stream"], at["site"]],
            "mechanism": _mechanisms(instance, at),
        }
    )


def service(instance: xr.Dataset, solution: xr.Dataset) -> pd.DataFrame:
    """By workload in the last period: mw, hosts (site → share); limit_ms, mean_ms, worst_ms of replica 1."""
    served = served_streams(instance, solution)
    served = served.loc[served["period"] == served["period"].max()]
    rows = []
    for workload, group in served.groupby("workload", sort=False):
        active = group.loc[(group["replica"] == 1) & (group["mw"] > 1e-6)]
        hosts = group.groupby("site")["mw"].sum().sort_values(ascending=False)
        rows.append(
            {
                "workload": str(workload),
                "mw": float(group["mw"].sum()),
                "limit_ms": float(instance["latency_limit"].sel(workload=workload)),
                "mean_ms": float(np.average(active["round_trip_ms"], weights=active["mw"])) if len(active) else None,
                "worst_ms": float(active["round_trip_ms"].max()) if len(active) else None,
                "hosts": {str(site): float(mw / hosts.sum()) for site, mw in hosts.items() if mw > 1e-6},
            }
        )
    table = pd.DataFrame(rows, columns=["workload", "mw", "limit_ms", "mean_ms", "worst_ms", "hosts"])
    return table.sort_values("mw", ascending=False, kind="stable").set_index("workload")


def transfers(instance: xr.Dataset, solution: xr.Dataset) -> pd.DataFrame:
    """Load of the last period by legal mechanism and host jurisdiction: mechanism, jurisdiction, mw."""
    served = served_streams(instance, solution)
    served = served.loc[(served["period"] == served["period"].max()) & (served["mw"] > 1e-6)]
    where = instance["site_jurisdiction"].to_series()
    located = served.assign(jurisdiction=where.loc[served["site"]].to_numpy())
    loads: pd.Series[float] = located.groupby(["mechanism", "jurisdiction"])["mw"].sum()
    return loads.sort_values(ascending=False, kind="stable").reset_index()


def _mechanisms(instance: xr.Dataset, at: dict[str, Array]) -> Array:
    rules = instance["transfer_mechanism"].transpose("legal_case", "jurisdiction", "operator_mode", "period")
    case = rules.get_index("legal_case").get_indexer(pd.Index(instance["stream_legal_case"].values))
    law = rules.get_index("jurisdiction").get_indexer(pd.Index(instance["site_jurisdiction"].values))
    found: Array = rules.values[case[at["stream"]], law[at["site"]], at["mode"], at["period"]]
    return found


def _site_objects(instance: xr.Dataset, solution: xr.Dataset, kind: str) -> list[dict[str, Any]]:
    table, counts = sites(instance, solution), halls(instance, solution)
    chosen = table.loc[table["kind"] == kind].drop(columns="kind")
    loads = solution["it_load"].transpose("site", "period")
    return [
        {
            **{str(name): finite(value) if isinstance(value, float) else value for name, value in row.items()},
            "period": int(row["period"]),
            "it_mw": _series(loads.sel(site=row["site"]).to_series()),
            "halls": _keyed_by_period(counts.loc[row["site"]]) if row["site"] in counts.index else {},
        }
        for row in chosen.reset_index().to_dict("records")
    ]


def _keyed_by_period(table: pd.DataFrame) -> dict[str, dict[str, int]]:
    return {str(name): {str(period): int(count) for period, count in row.items()} for name, row in table.iterrows()}


def _series(values: pd.Series[Any]) -> dict[str, float | None]:
    return {str(label): finite(value) for label, value in values.items()}


def _ratio(above: xr.DataArray, below: xr.DataArray) -> xr.DataArray:
    return above.where(below > 0) / below.where(below > 0)


def _decoded(text: Any) -> Any:
    return json.loads(text) if isinstance(text, str) else text
