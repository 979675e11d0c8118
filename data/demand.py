"""Who is to be served with how much: streams of origin × workload × replica, their load and their people."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from data.evidence import assumptions, read_table
from data.fleet import existing_halls, fleet_table
from data.ingest.demand_sheet import read_demand_sheet
from data.load_shape import it_profile
from data.setting import Setting

COUNT_YEAR = 2025  # the racks of mid-2025 are the load of 2025; a period has the load of its middle year
KW_PER_MW = 1000.0
JUDGEMENT = "demand-workload-judgement"


def demand(setting: Setting) -> xr.Dataset:
    """Streams with load and people by period, load profiles and the existing fleet.

    Raises BadInput with every fault of the scenario's own demand or fleet table.
    """
    streams, periods = stream_table(setting), list(setting.periods.index)
    persons = np.repeat(streams[["people"]].to_numpy(dtype=float), len(periods), axis=1)
    parts = ("origin", "workload", "replica")
    labels = xr.Dataset(
        {f"stream_{part}": ("stream", streams[part].to_numpy()) for part in parts},
        coords={"stream": streams.index.to_numpy(dtype=object), "period": periods},
    )
    return labels.assign(
        load=(("stream", "period"), streams[periods].to_numpy(dtype=float)),
        people=(("stream", "period"), persons),
        it_profile=it_profile(setting),
        existing_halls=existing_halls(setting),
    )


def stream_table(setting: Setting) -> pd.DataFrame:
    """One row per stream: origin, workload, replica, people and MW by period; small streams joined.

    The standby of a stream holds the same people as the active one, and a fraction of its load.
    """
    periods = list(setting.periods.index)
    active = join_small_streams(active_streams(setting), setting)
    workloads = setting.workloads.loc[active["workload"]]
    counts = workloads["replicas"].to_numpy(dtype=int)
    streams = active.loc[active.index.repeat(counts)].reset_index(drop=True)
    replica = np.concatenate([np.arange(1, count + 1) for count in counts]) if len(counts) else counts
    fraction = np.where(replica > 1, workloads["standby_fraction"].to_numpy(dtype=float).repeat(counts), 1.0)
    streams[periods] = streams[periods].to_numpy(dtype=float) * fraction[:, None]
    streams.insert(2, "replica", replica)
    names = streams["origin"] + "/" + streams["workload"] + "/" + streams["replica"].astype(str)
    return streams.set_index(pd.Index(names.astype(object), name="stream"))


def active_streams(setting: Setting) -> pd.DataFrame:
    """Every origin × workload with a load: origin, workload, people and MW by period, nothing joined yet."""
    if setting.scenario.demand.own_demand is not None:
        return own_streams(setting)
    loads = base_loads(setting).rename_axis(index="origin").reset_index()
    base = loads.melt("origin", var_name="workload", value_name="base").query("base > 0")
    growth = load_growth(setting).loc[base["workload"]].to_numpy()
    streams = base[["origin", "workload"]].assign(people=people(setting, base[["origin", "workload"]]))
    streams[list(setting.periods.index)] = growth * base[["base"]].to_numpy()
    return streams.reset_index(drop=True)


def base_loads(setting: Setting) -> pd.DataFrame:
    """Active MW in the count year [origin, workload]: the national share split by weights, markets as named.

    Standby load is part of the total, so active load is total ÷ (1 + standby per active load).
    """
    workloads, scenario = setting.workloads, setting.scenario.demand
    every = read_table("workloads.csv", "id")
    active_mw = operator_mw(setting) / standby_factor(every["share_of_load"], every)
    weights = origin_weights(setting).reindex(columns=workloads["origin_weight"])
    weights.columns = workloads.index
    mainland = [origin for origin in setting.origins.index if origin in weights.index]
    loads = weights.loc[mainland] * workloads["share_of_load"] * active_mw
    kept_share = workloads["share_of_load"] / workloads["share_of_load"].sum()
    per_mw = kept_share / standby_factor(kept_share, workloads)
    abroad = {market: mw * per_mw for market, mw in scenario.markets.items()}
    return pd.concat([loads, pd.DataFrame(abroad).T]) * scenario.load_multiplier


def operator_mw(setting: Setting) -> float:
    """The operator's provisioned IT load on the mainland in the count year, standby included."""
    values = assumptions(setting.scenario.assumptions)
    chosen = setting.scenario.demand.market_share
    share = values["demand_market_share"] if chosen is None else chosen
    return share * national("racks", COUNT_YEAR) * values["demand_rack_kw"] / KW_PER_MW


def national(quantity: str, year: int) -> float:
    """A published (or estimated) national figure of demand_national.csv."""
    table = read_table("demand_national.csv").set_index(["quantity", "year"])["value"]
    return float(table.loc[(quantity, year)])


def standby_factor(share: pd.Series, workloads: pd.DataFrame) -> float:
    """Total load per active load when `share` [workload] sums to 1.

    >>> table = pd.DataFrame({"replicas": [2, 1], "standby_fraction": [0.5, 0.0]})
    >>> standby_factor(pd.Series([0.2, 0.8]), table)
    1.1
    """
    return 1.0 + float((share * (workloads["replicas"] - 1) * workloads["standby_fraction"]).sum())


def origin_weights(setting: Setting) -> pd.DataFrame:
    """How mainland work splits over provinces [province, weight kind]; each column sums to 1 over all 31.

    people: residents. gdp: gross domestic product. internet: internet users and GDP, mixed.
    """
    origins = read_table("origins.csv", "id")
    provinces = origins.loc[origins["kind"] == "province"]
    penetration = read_table("demand_origins.csv", "origin")["internet_penetration"].loc[provinces.index]
    residents = provinces["population"] / provinces["population"].sum()
    users = provinces["population"] * penetration / (provinces["population"] * penetration).sum()
    product = provinces["gdp_cny_bn"] / provinces["gdp_cny_bn"].sum()
    mix = assumptions(setting.scenario.assumptions)["demand_internet_gdp_weight"]
    internet = (1 - mix) * users + mix * product
    return pd.DataFrame({"people": residents, "gdp": product, "internet": internet})


def load_growth(setting: Setting) -> pd.DataFrame:
    """Load against the count year [workload, period], at the middle year of the period."""
    rate = setting.workloads["growth_per_year"] * setting.scenario.demand.growth_multiplier
    years = setting.periods["mid_year"].to_numpy(dtype=float) - COUNT_YEAR
    factor = (1 + rate.to_numpy(dtype=float)[:, None]) ** years
    return pd.DataFrame(factor, index=setting.workloads.index, columns=list(setting.periods.index))


def people(setting: Setting, streams: pd.DataFrame) -> pd.Series:
    """Persons whose data a stream holds: residents × internet penetration × reach × share of the workload."""
    chosen = setting.scenario.demand.people_reach
    reach = assumptions(setting.scenario.assumptions)["demand_people_reach"] if chosen is None else chosen
    residents = streams["origin"].map(read_table("origins.csv", "id")["population"])
    penetration = streams["origin"].map(read_table("demand_origins.csv", "origin")["internet_penetration"])
    held = streams["workload"].map(setting.workloads["people_share"])
    return (residents * penetration * reach * held).round(0)


def own_streams(setting: Setting) -> pd.DataFrame:
    """The scenario's own demand table at the middle year of each period, years in between interpolated."""
    file = setting.base / str(setting.scenario.demand.own_demand)
    middle = setting.periods["mid_year"].to_numpy(dtype=float)
    sheet = read_demand_sheet(file, setting.origins.index, setting.workloads.index, (middle[0], middle[-1]))
    keys = sheet[["origin", "workload", "people"]].reset_index(drop=True)
    keys["people"] = keys["people"].fillna(people(setting, keys))
    loads = sheet.drop(columns=keys.columns)
    years = loads.columns.to_numpy(dtype=float)
    values = np.array([np.interp(middle, years, row) for row in loads.to_numpy()])
    keys[list(setting.periods.index)] = values * setting.scenario.demand.load_multiplier
    served = pd.Series(values.max(axis=1) > 0)
    return keys.loc[served].reset_index(drop=True)


def join_small_streams(streams: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Streams below the scenario's thresholds added to the nearest kept origin of the same jurisdiction.

    Totals by workload and period, and people, are conserved. The largest stream of a workload always stays.
    """
    periods, chosen = list(setting.periods.index), setting.scenario.demand
    jurisdiction = streams["origin"].map(setting.origins["jurisdiction"])
    group = (streams["workload"] + "/" + jurisdiction).to_numpy(dtype=object)
    loads = streams[periods].to_numpy(dtype=float)
    peak, total = loads.max(axis=1), streams.groupby(group)[periods].transform("sum").max(axis=1)
    small = (peak < chosen.smallest_stream_mw) | (peak < chosen.smallest_stream_share * total.to_numpy())
    largest = pd.Series(peak).groupby(group).transform("idxmax").to_numpy()
    kept = ~small | (largest == np.arange(len(streams)))
    at = setting.origins.index.get_indexer(pd.Index(streams["origin"]))
    distance, host = origin_angles(setting.origins), np.arange(len(streams))
    for row in np.flatnonzero(~kept):
        candidates = np.flatnonzero(kept & (group == group[row]))
        host[row] = candidates[np.argmin(distance[at[row], at[candidates]])]
    amounts = np.column_stack([streams["people"], loads])
    joined = np.zeros_like(amounts)
    np.add.at(joined, host, amounts)
    table = pd.DataFrame(joined, columns=["people", *periods])
    named = pd.concat([streams[["origin", "workload"]], table], axis=1)
    return named.iloc[np.flatnonzero(kept)].reset_index(drop=True)


def origin_angles(origins: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Great-circle angle between origins [origin, origin], radians."""
    lat, lon = np.radians(origins["latitude"].to_numpy()), np.radians(origins["longitude"].to_numpy())
    cosine = np.outer(np.sin(lat), np.sin(lat))
    cosine += np.outer(np.cos(lat), np.cos(lat)) * np.cos(lon - lon[:, None])
    return np.asarray(np.arccos(np.clip(cosine, -1, 1)), dtype=np.float64)


def reconciliation(setting: Setting) -> pd.DataFrame:
    """The model against published national figures: quantity, year, value, unit, source, evidence, note.

    The model's use of provisioned load, applied to the racks of 2023, must come near that year's electricity.
    """
    every, kw = read_table("workloads.csv"), assumptions(setting.scenario.assumptions)["demand_rack_kw"]
    used = float((every["share_of_load"] * every["utilisation"]).sum())
    racks_mw = {year: national("racks", year) * kw / KW_PER_MW for year in (2023, COUNT_YEAR)}
    published = national("electricity", 2023)
    implied = racks_mw[2023] * used * 8760 * national("pue", 2023) / 1e6
    rows = [
        *[("racks as IT load", year, mw, "MW", "derived", f"{kw} kW each") for year, mw in racks_mw.items()],
        ("electricity implied by the model", 2023, implied, "TWh", "derived", f"{used:.3f} of load is used"),
        ("its error against the published figure", 2023, implied / published - 1, "1", "derived", ""),
        ("operator's load, standby included", COUNT_YEAR, operator_mw(setting), "MW", "estimated", ""),
    ]
    streams = stream_table(setting)
    rows += [
        ("load of the study", period, float(streams[period].sum()), "MW", "estimated", "")
        for period in setting.periods.index
    ]
    model = pd.DataFrame(rows, columns=["quantity", "year", "value", "unit", "evidence", "note"])
    model["source"] = model["evidence"].map({"derived": "demand-racks-2023", "estimated": JUDGEMENT})
    return pd.concat([read_table("demand_national.csv"), model], ignore_index=True)


def evidence_demand(setting: Setting) -> pd.DataFrame:
    """What demand rests on: site (* everywhere), field, value, unit, source, evidence, note (the stream)."""
    chosen, last = setting.scenario.demand, setting.periods.index[-1]
    streams, fleet = stream_table(setting), fleet_table(setting).groupby("province")["halls"].sum()
    judged = (JUDGEMENT, "estimated")
    load = (chosen.own_demand, "user") if chosen.own_demand else judged
    halls = (chosen.own_fleet, "user") if chosen.own_fleet else ("demand-fleet-judgement", "estimated")
    rows = [
        *[("*", "load", mw, "MW", *load, f"{stream} in {last}") for stream, mw in streams[last].items()],
        *[("*", "people", count, "person", *load, stream) for stream, count in streams["people"].items()],
        *[("*", "it_profile", used, "1", *judged, f"mean of {workload}")
          for workload, used in setting.workloads["utilisation"].items()],
        *[(f"existing-{province}", "existing_halls", count, "1", *halls, "before any retires")
          for province, count in fleet.items() if f"existing-{province}" in setting.sites.index],
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["site", "field", "value", "unit", "source", "evidence", "note"])
