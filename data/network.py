"""How long a round trip takes from every origin to every site, and what carrying the traffic costs."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import xarray as xr

from data.backbone import CROSSINGS, FEATURES, LINK_CLASSES, Mode, Points, route_features
from data.errors import raise_faults
from data.evidence import assumptions, read_table
from data.ingest.latency_sheet import overridden, read_latency_sheet
from data.once import once_per_setting
from data.setting import Setting

CHINA = LINK_CLASSES.index("land_china")
SUFFIX = {"direct_link": "direct", "public_internet": "public"}
# A direct link is physics with assumed factors; the public internet is fitted to measurements.
LATENCY_EVIDENCE: dict[Mode, tuple[str, str]] = {
    "direct_link": ("network-judgement", "estimated"),
    "public_internet": ("network-wondernetwork-2018", "derived"),
}
Row = tuple[object, ...]
NO_LIMIT_MS = 10_000.0  # a workload without a limit: longer than any way on earth


@once_per_setting
def network(setting: Setting) -> xr.Dataset:
    """Round trips at the planning percentile, cost of traffic, and what each workload asks of the network.

    Raises BadInput with every fault of the user's sheet of measured pairs.
    """
    workloads = setting.workloads
    return xr.Dataset(
        {
            "round_trip": (("origin", "site"), round_trips(setting)),
            "network_cost": (("origin", "site"), traffic_costs(setting)),
            "latency_limit": ("workload", latency_limits(setting).to_numpy()),
            "latency_value": ("workload", workloads["latency_value_cny_per_ms_mw_a"].to_numpy(dtype=float)),
            "traffic": ("workload", workloads["traffic_gbps_per_mw"].to_numpy(dtype=float)),
        },
        coords={
            "origin": setting.origins.index.to_numpy(dtype=object),
            "site": setting.sites.index.to_numpy(dtype=object),
            "workload": workloads.index.to_numpy(dtype=object),
        },
    )


def latency_limits(setting: Setting) -> pd.Series:
    """Round-trip limit per workload in ms: the scenario's, else the table's, else none that could bind."""
    limit = setting.workloads["latency_limit_ms"].astype(float).fillna(NO_LIMIT_MS)
    chosen = pd.Series(setting.scenario.demand.latency_limit_ms, dtype=float).reindex(limit.index)
    return chosen.fillna(limit)


@once_per_setting
def round_trips(setting: Setting) -> np.ndarray:
    """Round-trip ms (origin, site) at the planning percentile; measured pairs replace the model."""
    return apply_overrides(setting, modelled_round_trips(setting))


def modelled_round_trips(setting: Setting) -> np.ndarray:
    """Round-trip ms (origin, site) at the planning percentile, from the backbone alone."""
    chosen = setting.scenario.network
    modes: dict[Mode, np.ndarray] = {
        mode: percentile_factor(setting, mode, chosen.percentile) * _mean_round_trips(setting, features, mode)
        for mode, features in _routes(setting).items()
    }
    return np.where(_crosses(setting), modes[chosen.cross_border_mode], modes[chosen.mode])


def mean_round_trips(setting: Setting, a: Points, b: Points, mode: Mode) -> np.ndarray:
    """Mean round-trip ms between two sets of points (a, b) in one mode; half of it is the one-way delay."""
    return _mean_round_trips(setting, route_features(a, b, round_trip_weights(setting, mode), mode), mode)


def _mean_round_trips(setting: Setting, features: np.ndarray, mode: Mode) -> np.ndarray:
    weights = round_trip_weights(setting, mode)
    moving = features @ np.array([weights[name] for name in FEATURES])
    return np.asarray(moving + access_ms(setting, mode))


def round_trip_weights(setting: Setting, mode: Mode) -> dict[str, float]:
    """Round-trip ms per km of each link class, per link passed and per border of the mainland crossed."""
    assumed, fitted = assumptions(setting.scenario.assumptions), fitted_parameters()
    if mode == "public_internet":
        factors = {name: fitted[f"route_factor_{name}"] for name in LINK_CLASSES}
        extra = {"hops": fitted["public_hop_ms"], "crossings": fitted["public_gateway_ms"]}
    else:
        factors = dict.fromkeys(LINK_CLASSES, assumed["direct_route_factor_land"])
        factors["sea"] = assumed["direct_route_factor_sea"]
        extra = {"hops": assumed["direct_hop_ms"], "crossings": assumed["direct_crossing_ms"]}
    return {name: 2 * factor / assumed["fibre_km_per_ms"] for name, factor in factors.items()} | extra


def access_ms(setting: Setting, mode: Mode) -> float:
    """Round-trip ms that does not depend on the way: access networks and end systems."""
    if mode == "public_internet":
        return fitted_parameters()["public_access_ms"]
    return assumptions(setting.scenario.assumptions)["direct_access_ms"]


def fitted_parameters() -> dict[str, float]:
    """Parameters fitted on measured world pairs (see data/ingest/network.py)."""
    return {str(k): float(v) for k, v in read_table("latency_parameters.csv", "parameter")["value"].items()}


def percentile_factor(setting: Setting, mode: Mode, percentile: int) -> float:
    """Round trip at a percentile over the mean round trip; the mean stands for the median."""
    if percentile == 50:
        return 1.0
    name = f"latency_percentile_{percentile}_{SUFFIX[mode]}"
    return assumptions(setting.scenario.assumptions)[name]


def apply_overrides(setting: Setting, modelled: np.ndarray) -> np.ndarray:
    """The modelled round trips, with published (if asked for) and then measured pairs in their place.

    What holds for a candidate holds for the existing fleet beside it.
    """
    sites, chosen = setting.sites, setting.scenario.network
    result = modelled.copy()
    fleet_host = sites["host_site"].where(sites["kind"] == "existing", "")
    for pair in override_table(setting).to_dict("records"):
        row = (setting.origins.index == pair["origin"])[:, None]
        here = row & ((sites.index == pair["site"]) | (fleet_host == pair["site"]).to_numpy())[None, :]
        crosses = bool((here & _crosses(setting)).any())
        mode: Mode = chosen.cross_border_mode if crosses else chosen.mode
        stated = percentile_factor(setting, mode, pair["percentile"])
        result[here] = pair["round_trip_ms"] * percentile_factor(setting, mode, chosen.percentile) / stated
    return result


def override_table(setting: Setting) -> pd.DataFrame:
    """Pairs that replace the model: origin, site, round_trip_ms, percentile, source, evidence."""
    chosen, origins = setting.scenario.network, setting.origins.index
    parts = [overridden([])]
    if chosen.use_published:
        stated = read_table("latency_published.csv").dropna(subset=["origin"])
        stated = stated.assign(round_trip_ms=2 * stated["one_way_ms"], percentile=50)
        parts.append(stated[parts[0].columns])
    if chosen.measured is not None:
        sheet, faults = read_latency_sheet(setting.base / chosen.measured, origins, setting.sites.index)
        raise_faults(faults)
        parts.append(sheet)
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def traffic_costs(setting: Setting) -> np.ndarray:
    """CNY per Gbit/s and year (origin, site): ports, route km, borders; by the mode of each pair."""
    chosen, crosses = setting.scenario.network, _crosses(setting)
    costs = {mode: _traffic_costs(setting, features, mode) for mode, features in _routes(setting).items()}
    return np.where(crosses, costs[chosen.cross_border_mode], costs[chosen.mode])


@once_per_setting
def _routes(setting: Setting) -> dict[Mode, np.ndarray]:
    """Features (origin, site, feature) of the quickest ways in the modes of the study."""
    chosen, ends = setting.scenario.network, (Points.of(setting.origins), Points.of(setting.sites))
    return {
        mode: route_features(*ends, round_trip_weights(setting, mode), mode)
        for mode in {chosen.mode, chosen.cross_border_mode}
    }


def _traffic_costs(setting: Setting, features: np.ndarray, mode: Mode) -> np.ndarray:
    value = assumptions(setting.scenario.assumptions)
    origins, sites = Points.of(setting.origins), Points.of(setting.sites)
    km = features[..., : len(LINK_CLASSES)]
    china_km, crossings = km[..., CHINA], features[..., CROSSINGS]
    abroad_km = km.sum(axis=-1) - china_km
    if mode == "direct_link":
        ports = value["traffic_direct_cny_per_gbps_a"]
        distance = (
            value["traffic_direct_china_cny_per_gbps_km_a"] * china_km
            + value["traffic_direct_abroad_cny_per_gbps_km_a"] * abroad_km
        )
        return np.asarray(ports + distance + value["traffic_crossing_direct_cny_per_gbps_a"] * crossings)
    touches_mainland = origins.mainland[:, None] | sites.mainland[None, :]
    in_china, abroad = value["traffic_public_cny_per_gbps_a"], value["traffic_public_abroad_cny_per_gbps_a"]
    transit = np.where(touches_mainland, in_china, abroad)
    distance = value["traffic_public_cny_per_gbps_km_a"] * (china_km + abroad_km)
    return np.asarray(transit + distance + value["traffic_crossing_public_cny_per_gbps_a"] * crossings)


def _crosses(setting: Setting) -> np.ndarray:
    origins, sites = Points.of(setting.origins), Points.of(setting.sites)
    return np.asarray(origins.mainland[:, None] != sites.mainland[None, :])


def evidence_network(setting: Setting) -> pd.DataFrame:
    """Mean round trip and traffic cost per site, measured pairs one by one, and each workload's limits."""
    frames = [_site_rows(setting), _measured_rows(setting), _workload_rows(setting)]
    return pd.concat([frame for frame in frames if len(frame)], ignore_index=True)


def _site_rows(setting: Setting) -> pd.DataFrame:
    chosen, trips, costs = setting.scenario.network, round_trips(setting), traffic_costs(setting)
    mostly_crossing = _crosses(setting).mean(axis=0) > 0.5
    names = setting.origins.index.to_numpy()
    rows: list[Row] = []
    for column, site in enumerate(setting.sites.index):
        near, far = trips[:, column].argmin(), trips[:, column].argmax()
        span = f"{names[near]} {trips[near, column]:.1f} ms to {names[far]} {trips[far, column]:.1f} ms"
        mode: Mode = chosen.cross_border_mode if mostly_crossing[column] else chosen.mode
        note = f"mean over origins; {span}; {mode}, percentile {chosen.percentile}"
        rows += [
            (site, "round_trip", round(float(trips[:, column].mean()), 2), "ms",
             *LATENCY_EVIDENCE[mode], note),
            (site, "network_cost", round(float(costs[:, column].mean())), "CNY/Gbit/s/a",
             "network-judgement", "estimated", "mean over origins"),
        ]  # fmt: skip
    return _evidence(rows)


def _measured_rows(setting: Setting) -> pd.DataFrame:
    return _evidence([
        (pair["site"], "round_trip", pair["round_trip_ms"], "ms", pair["source"], pair["evidence"],
         f"from {pair['origin']}, percentile {pair['percentile']}")
        for pair in override_table(setting).to_dict("records")
    ])  # fmt: skip


def _workload_rows(setting: Setting) -> pd.DataFrame:
    stated = setting.scenario.demand.latency_limit_ms
    workloads = setting.workloads.assign(latency_limit_ms=latency_limits(setting))
    fields = {
        "latency_limit": ("latency_limit_ms", "ms"),
        "latency_value": ("latency_value_cny_per_ms_mw_a", "CNY/ms/MW/a"),
        "traffic": ("traffic_gbps_per_mw", "Gbit/s/MW"),
    }
    return _evidence([
        ("*", field, work[column], unit, work["source"],
         "user" if name in stated and field == "latency_limit" else work["evidence"], str(name))
        for name, work in workloads.iterrows()
        for field, (column, unit) in fields.items()
    ])  # fmt: skip


def _evidence(rows: Iterable[Row]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["site", "field", "value", "unit", "source", "evidence", "note"])
