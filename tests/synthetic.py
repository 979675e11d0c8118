"""Instances with a seed: plausible geography, every field of the contract, any size."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from data.fields import INSTANCE


def synthetic_instance(  # the sizes are the reason for the many arguments
    sites: int = 6,
    origins: int = 4,
    workloads: int = 3,
    periods: int = 2,
    blocks: int = 1,
    hydro_years: int = 2,
    hall_types: int = 3,
    existing: int = 1,
    replicas: bool = True,
    law: bool = True,
    seed: int = 0,
    demand_mw: float = 120.0,
    plot_mw: float = 60.0,
    fixed_m_cny: float = 60.0,
    **overrides: Any,
) -> xr.Dataset:
    """An instance with `sites` candidates and `existing` fleets on a 3500 × 2500 km plane.

    Latency limits are wide enough that every stream has a host; `overrides` replace whole fields by name.
    """
    r = np.random.default_rng(seed)
    n = sites + existing
    where, users = r.uniform(0, 1, (n, 2)) * [3500, 2500], r.uniform(0, 1, (origins, 2)) * [3500, 2500]
    size = np.array([10.0, 12.0, 16.0, 8.0, 20.0])[:hall_types]
    months = np.repeat(np.arange(1, 13), blocks)
    slices = [f"{m:02d}-{b * 24 // blocks:02d}" for m in range(1, 13) for b in range(blocks)]
    years = list(range(2014, 2014 + hydro_years))
    start = [2026 + 2 * t for t in range(periods)]
    s, y, t, w, h, o = len(slices), hydro_years, periods, workloads, hall_types + 1, origins
    kinds = ["candidate"] * sites + ["existing"] * existing
    is_new = np.array(kinds) == "candidate"
    zones = [f"zone-{int(x // 900)}-{int(yy // 1300)}" for x, yy in where]
    jurisdiction = np.where(np.arange(n) % 5 == 4, "HK", "CN") if law else np.full(n, "CN")
    names = [f"site-{i}" for i in range(sites)] + [f"existing-{i}" for i in range(existing)]
    work = [f"work-{i}" for i in range(w)]
    case = [f"CN/{c}/operator" for c in (["important", "personal"] if law else ["non_personal"])]
    distance = np.hypot(*(where[None] - users[:, None]).transpose(2, 0, 1))
    round_trip = 2 * distance * 1.4 / 200 + 2
    shelf = np.sort(round_trip, axis=1)[:, min(n - 1, 2)]
    limit = np.maximum(shelf.max() * 1.01, np.linspace(15, 80, w))
    people = r.pareto(1.5, o) + 0.3
    streams = [
        (oo, ww, rep) for oo in range(o) for ww in range(w) for rep in ((1, 2) if replicas and ww == w - 1 else (1,))
    ]
    so, sw, sr = (np.array(x) for x in zip(*streams, strict=True))
    share = r.dirichlet(np.full(w, 3.0))
    growth = 1.12 ** (2 * np.arange(t))
    load = (
        demand_mw
        * (people / people.sum())[so, None]
        * share[sw, None]
        * growth[None]
        * np.where(sr == 1, 1, 0.4)[:, None]
    )
    warm = r.uniform(0, 1, n)
    hydro = np.clip(
        0.45 + 0.2 * np.sin((months[None] - 4) / 12 * 2 * np.pi) - 0.12 * r.uniform(0, 1, (y, 1)), 0.05, 0.95
    ).T
    price = r.uniform(380, 650, n)[:, None, None, None] * (1 + 0.1 * r.standard_normal((1, s, 1, 1)).clip(-1, 1))
    values: dict[str, Any] = {
        "period_years": np.full(t, 2.0),
        "year_weight": 1.9 * 1.08 ** (-2.0 * np.arange(t)),
        "slice_hours": np.full(s, 8760 / s),
        "slice_month": months,
        "slice_block": [x[3:] for x in slices],
        "hydro_year_probability": np.full(y, 1 / y),
        "site_name": names,
        "site_kind": kinds,
        "site_province": [f"p{i}" for i in range(n)],
        "site_jurisdiction": jurisdiction,
        "site_zone": zones,
        "site_latitude": where[:, 1] / 100 + 20,
        "site_longitude": where[:, 0] / 100 + 90,
        "site_altitude": np.full(n, 500.0),
        "site_station": ["s"] * n,
        "site_station_distance": np.zeros(n),
        "site_allowed": is_new,
        "site_exclusion": [""] * n,
        "hall_type_allowed": _types_allowed(is_new, h),
        "plot_limit": np.where(is_new, r.choice([0.5, 1.0, 2.0], n) * plot_mw, 0.0),
        "open_allowed": np.tile(is_new[:, None], t),
        "open_forced": np.zeros((n, t), bool),
        "hall_size": np.append(size, 5.0),
        "hall_utilisation_limit": np.full(h, 0.9),
        "hall_buildable": np.append(np.ones(h - 1, bool), False),
        "existing_halls": _existing(is_new, h, t),
        "can_host": np.ones((w, h), bool),
        "overhead_power": r.uniform(0.02, 0.06, (n, h, 1)) * np.append(size, 5.0)[None, :, None] * np.ones(s),
        "marginal_power": 1.08
        + 0.25 * warm[:, None, None] * r.uniform(0.4, 1, (1, h, 1)) * (1 + 0.3 * np.sin((months - 4) / 6 * np.pi)),
        "peak_overhead": np.full((n, h, 12), 0.4),
        "peak_marginal": 1.3 + 0.2 * warm[:, None, None] * np.ones((1, h, 12)),
        "water_use": r.uniform(0, 1.5, (n, h, 1)) * np.ones(s),
        "grid_price": price * np.ones((1, 1, y, t)),
        "demand_charge": np.full(n, 32000.0),
        "rationed_share": (r.uniform(0, 1, (n, s, y)) < 0.02) * 0.3,
        "backup_price": np.full(n, 2200.0),
        "backup_carbon": np.full(n, 0.7),
        "grid_carbon": r.uniform(0.1, 0.7, n)[:, None, None] * np.ones((1, y, t)),
        "contract_price": r.uniform(250, 420, n)[:, None, None] * np.ones((1, 2, t)),
        "contract_delivery": np.stack([np.broadcast_to(hydro, (n, s, y)), np.full((n, s, y), 0.3)], 1),
        "contract_limit": r.choice([0.0, 40.0, 80.0], n)[:, None, None] * np.ones((1, 2, t)),
        "contract_carbon": np.zeros(2),
        "grid_step_size": np.full(n, 30.0),
        "grid_steps_allowed": np.where(is_new, 8, 0)[:, None] * np.ones(t, int),
        "grid_existing": np.where(is_new, 0.0, 100.0),
        "round_trip": round_trip,
        "latency_limit": limit,
        "latency_value": np.full(w, 2000.0),
        "network_cost": 20000 + 60 * distance,
        "traffic": r.uniform(0.5, 4, w),
        "stream_origin": [f"o-{i}" for i in so],
        "stream_workload": [work[i] for i in sw],
        "stream_replica": sr,
        "load": load,
        "people": (people * 1e6)[so, None] * np.ones(t),
        "it_profile": r.uniform(0.5, 0.8, (1, w, 1)) * np.ones((n, 1, s)),
        "stream_legal_case": [case[i % len(case)] for i in sw],
        "legal_case_exporter": ["operator"] * len(case),
        **_law(case, t, law),
        "land_capital": r.uniform(0.5, 1.5, n) * fixed_m_cny * 1e6,
        "fibre_capital": np.full(n, 1e7),
        "site_opex": np.full(n, 4e6),
        "site_life": 40.0,
        "hall_capital": r.uniform(0.85, 1.3, (n, 1, 1))
        * 45e6
        * np.append(size, 5.0)[None, :, None]
        * r.uniform(0.9, 1.1, (1, h, 1))
        * np.ones(t),
        "hall_life": np.full(h, 20.0),
        "hall_opex": np.full((n, h), 6e6),
        "grid_step_capital": np.full(n, 3e7),
        "grid_life": 30.0,
        "discount_rate": 0.08,
        "water_price": np.full(n, 5.0),
        "carbon_price": np.full(t, 60.0),
    }
    coords = {
        "site": names,
        "hall_type": [f"type-{i}" for i in range(h - 1)] + ["legacy"],
        "workload": work,
        "origin": [f"o-{i}" for i in range(o)],
        "stream": [f"o-{a}/work-{b}/{c}" for a, b, c in streams],
        "period": start,
        "slice": slices,
        "month": list(range(1, 13)),
        "hydro_year": years,
        "energy_source": ["hydro", "wind"],
        "jurisdiction": ["CN", "HK"],
        "legal_case": case,
        "exporter": ["operator"],
        "export_group": ["operator/personal"],
        "export_tier": [0, 1, 2],
        "operator_mode": ["own", "ring_fenced"],
    }
    return dataset_of(values | overrides, coords)


def _types_allowed(is_new: np.ndarray, h: int) -> np.ndarray:
    allowed = np.tile(is_new[:, None], h)
    allowed[:, -1] = ~is_new
    return allowed


def _existing(is_new: np.ndarray, h: int, t: int) -> np.ndarray:
    halls = np.zeros((is_new.size, h, t), int)
    halls[~is_new, -1, :] = np.maximum(0, 5 - np.arange(t))
    return halls


def _law(case: list[str], t: int, law: bool) -> dict[str, Any]:
    shape = (len(case), 2, 2, t)
    allowed, mechanism, group, cost = (
        np.zeros(shape, bool),
        np.full(shape, "forbidden", object),
        np.full(shape, "", object),
        np.zeros(shape),
    )
    allowed[:, 0, 0], mechanism[:, 0, 0] = True, "domestic"
    if law:  # personal data may go abroad, counted in persons; ring-fenced it is cheaper to watch
        allowed[1, 1], mechanism[1, 1], group[1, 1], cost[1, 1, 0] = True, "contract", "operator/personal", 4e4
    tier = np.broadcast_to(np.array([99_999.0, 999_999.0, 2e9])[None, :, None], (1, 3, t))
    return {
        "transfer_allowed": allowed,
        "transfer_mechanism": mechanism,
        "transfer_cost": cost,
        "transfer_group": group,
        "export_group_exporter": ["operator"],
        "export_tier_people": tier,
        "export_tier_cost": np.broadcast_to(np.array([0.0, 1e6, 4e6])[None, :, None], (1, 3, t)),
        "ring_fence_cost": np.full((2, t), 3e6),
    }


def dataset_of(values: dict[str, Any], coords: dict[str, Any], name: str = "synthetic") -> xr.Dataset:
    """A dataset of fields broadcast to their declared dimensions, with units; `coords` are the labels of each."""
    variables = {}
    for key, value in values.items():
        field = INSTANCE[key]
        array = np.asarray(value, dtype=object if field.kind == "text" else None)
        shape = tuple(len(coords[d]) for d in field.dims)
        variables[key] = (field.dims, np.broadcast_to(array, shape).copy(), {"units": field.unit})
    # Text is kept as Python's own, as in a study's instance.
    text = {dim: pd.Index(some, dtype=object) for dim, some in coords.items() if isinstance(next(iter(some), 0), str)}
    return xr.Dataset(variables, coords=coords | text, attrs={"name": name})
