"""Fits the latency model to measured world pairs and writes parameters and errors, never the pairs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import least_squares

from data.backbone import FEATURES, LINK_CLASSES, route_features
from data.ingest.wondernetwork import MeasuredPairs, read_pairs
from data.ingest.writing import write_csv

SOURCE = "network-wondernetwork-2018"
FIBRE_KM_PER_MS = 204.2  # 299.8 km/ms over the group index 1.468 of G.652 fibre
START = {
    "land_europe": 1.5, "land_north_america": 1.5, "land_other": 1.8, "sea": 1.3, "hop": 0.3, "access": 2.0,
}  # fmt: skip
LOWEST = (1.0, 1.0, 1.0, 1.0, 0.0, 0.0)
HIGHEST = (4.0, 4.0, 4.0, 4.0, 3.0, 15.0)
ROUNDS = 6
# China has five measured links only: it takes the factor of the other densely meshed continent.
STANDS_IN_FOR_CHINA = "land_north_america"
MEANINGS = {
    "route_factor_land_china": "fibre km per great-circle km in China; taken from North America",
    "route_factor_land_europe": "fibre km per great-circle km in Europe",
    "route_factor_land_north_america": "fibre km per great-circle km in North America",
    "route_factor_land_other": "fibre km per great-circle km on other land routes, peering detours included",
    "route_factor_sea": "fibre km per great-circle km of submarine routes",
    "public_hop_ms": "round trip added by each backbone link passed on the public internet",
    "public_access_ms": "round trip added by access networks and end systems on the public internet",
    "public_gateway_ms": "round trip added by an international gateway of the mainland (median, 2018)",
}


def rebuild(raw: Path, tables: Path) -> None:
    """Write latency_parameters.csv and latency_fit.csv into `tables` from raw/network (about 10 s)."""
    pairs = read_pairs(raw / "network")
    fitted = fit(pairs)
    rows = [
        {"parameter": name, "value": value, "unit": "ms" if name.endswith("_ms") else "1",
         "evidence": "derived", "source": SOURCE, "meaning": MEANINGS[name]}
        for name, value in fitted.items()
    ]  # fmt: skip
    write_csv(pd.DataFrame(rows), tables / "latency_parameters.csv")
    write_csv(fit_errors(pairs, fitted), tables / "latency_fit.csv")


def fit(pairs: MeasuredPairs) -> dict[str, float]:
    """Parameters of the public internet, fitted on pairs of training cities outside the mainland.

    Robust least squares on the logarithm of the round trip; paths and parameters take turns.
    """
    values = dict(START)
    train = groups(pairs)["training cities"]
    for _ in range(ROUNDS):
        features = pair_features(pairs, _parameters(values, 0.0))[train]
        design, measured = _design(features), pairs.round_trip_ms[train]

        def misfit(x: np.ndarray, design: np.ndarray = design, measured: np.ndarray = measured) -> np.ndarray:
            return np.asarray(np.log((design @ x + 0.1) / (measured + 0.1)))

        first, bounds = list(values.values()), (LOWEST, HIGHEST)
        result = least_squares(misfit, first, bounds=bounds, loss="soft_l1", f_scale=0.1)
        values = dict(zip(START, map(float, result.x), strict=True))
    without = _parameters(values, 0.0)
    crossing = groups(pairs)["mainland to abroad, training cities"]
    gap = pairs.round_trip_ms[crossing] - round_trips(pair_features(pairs, without)[crossing], without)
    return {name: round(value, 3) for name, value in _parameters(values, float(np.median(gap))).items()}


def round_trip_weights(parameters: dict[str, float]) -> dict[str, float]:
    """Round-trip ms per unit of each feature on the public internet."""
    per_km = {name: 2 * parameters[f"route_factor_{name}"] / FIBRE_KM_PER_MS for name in LINK_CLASSES}
    return per_km | {"hops": parameters["public_hop_ms"], "crossings": parameters["public_gateway_ms"]}


def pair_features(pairs: MeasuredPairs, parameters: dict[str, float]) -> np.ndarray:
    """Features (pair, feature) of the quickest public way between both cities of each pair."""
    points = pairs.points
    ways = route_features(points, points, round_trip_weights(parameters), "public_internet")
    return np.asarray(ways[pairs.first, pairs.second])


def round_trips(features: np.ndarray, parameters: dict[str, float]) -> np.ndarray:
    """Round trip in ms of each pair."""
    weights = np.array([round_trip_weights(parameters)[name] for name in FEATURES])
    return np.asarray(features @ weights + parameters["public_access_ms"])


def groups(pairs: MeasuredPairs) -> dict[str, np.ndarray]:
    """Disjoint and overlapping sets of pairs that are reported apart."""
    mainland_a, mainland_b = pairs.ends_in(pairs.cities["country"] == "CN")
    held_a, held_b = pairs.ends_in(pairs.cities["held_out"])
    world, crossing = ~(mainland_a | mainland_b), mainland_a != mainland_b
    held_abroad = np.where(mainland_a, held_b, held_a)
    return {
        "training cities": world & ~held_a & ~held_b,
        "held-out cities, both ends": world & held_a & held_b,
        "held-out cities, at least one end": world & (held_a | held_b),
        "mainland to abroad, training cities": crossing & ~held_abroad,
        "mainland to abroad, held-out cities": crossing & held_abroad,
        "within the mainland (four cities)": mainland_a & mainland_b,
    }


def fit_errors(pairs: MeasuredPairs, parameters: dict[str, float]) -> pd.DataFrame:
    """Relative errors per group: median of the absolute value, median with sign, 90th percentile."""
    predicted = round_trips(pair_features(pairs, parameters), parameters)
    straight = pairs.km * float(np.median(pairs.round_trip_ms / np.maximum(pairs.km, 1.0)))
    rows = []
    for model, guess in (("backbone graph", predicted), ("great circle, one factor", straight)):
        error = (guess - pairs.round_trip_ms) / pairs.round_trip_ms
        for name, inside in groups(pairs).items():
            rows.append({
                "model": model, "group": name, "pairs": int(inside.sum()),
                "median_absolute_relative_error": round(float(np.median(np.abs(error[inside]))), 4),
                "median_relative_error": round(float(np.median(error[inside])), 4),
                "absolute_relative_error_p90": round(float(np.quantile(np.abs(error[inside]), 0.9)), 4),
                "source": SOURCE, "evidence": "derived",
            })  # fmt: skip
    return pd.DataFrame(rows)


def _parameters(values: dict[str, float], gateway_ms: float) -> dict[str, float]:
    factors = {"land_china": values[STANDS_IN_FOR_CHINA]} | {name: values[name] for name in LINK_CLASSES[1:]}
    named = {f"route_factor_{name}": factor for name, factor in factors.items()}
    return named | {
        "public_hop_ms": values["hop"], "public_access_ms": values["access"], "public_gateway_ms": gateway_ms,
    }  # fmt: skip


def _design(features: np.ndarray) -> np.ndarray:
    km = 2 * features[:, 1 : len(LINK_CLASSES)] / FIBRE_KM_PER_MS
    return np.column_stack([km, features[:, FEATURES.index("hops")], np.ones(len(features))])
