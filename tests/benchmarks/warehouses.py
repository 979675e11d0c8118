"""A warehouse location problem as an instance of ours: warehouses are sites, customers are streams.

One period, one slice, one year, nothing but halls and shares costs. A warehouse is one hall of its capacity, its fixed
cost the site's yearly cost; a unit of goods is a MW; the cost of serving a customer is that of carrying its traffic.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from data.fields import MONEY_UNIT
from tests.benchmarks.capfile import Warehouses
from tests.synthetic import dataset_of

USUAL_BILL = 1e11  # CNY; the solver's tolerances are made for bills of this order


def money_scale(problem: Warehouses) -> float:
    """CNY per unit of the file's money, a power of ten that brings the bill to the order of a study's."""
    least = float(problem.serving_cost.min(axis=1).sum() + problem.fixed_cost.min())
    return 10.0 ** round(np.log10(USUAL_BILL / least)) if least > 0 else 1.0


def warehouse_instance(problem: Warehouses, scale: float) -> xr.Dataset:
    """The instance whose objective in CNY is `scale` times that of the problem.

    A customer without demand whose serving costs something is given a billionth of the largest demand.
    """
    m, n = problem.serving_cost.shape[1], problem.demand.size
    load = np.maximum(problem.demand, 1e-9 * max(1.0, problem.demand.max()))
    room = np.minimum(problem.capacity, load.sum())  # more than everything is not needed
    real = room > 0
    sizes, size_of = np.unique(np.where(real, room, load.sum()), return_inverse=True)
    sites = [f"warehouse-{i + 1}" for i in range(m)]
    customers = [f"customer-{j + 1}" for j in range(n)]
    nothing: dict[str, Any] = dict.fromkeys(_NOTHING, 0.0)
    values: dict[str, Any] = nothing | {
        "period_years": 1.0,
        "year_weight": 1.0,
        "slice_hours": 8760.0,
        "slice_month": 1,
        "slice_block": "all",
        "hydro_year_probability": 1.0,
        "site_name": sites,
        "site_kind": "candidate",
        "site_province": "nowhere",
        "site_jurisdiction": "CN",
        "site_zone": "one",
        "site_station": "none",
        "site_allowed": real,
        "site_exclusion": np.where(real, "", "no capacity"),
        "hall_type_allowed": size_of[:, None] == np.arange(sizes.size),
        "plot_limit": room,
        "open_allowed": real[:, None],
        "open_forced": False,
        "hall_size": sizes,
        "hall_utilisation_limit": 1.0,
        "hall_buildable": True,
        "existing_halls": 0,
        "can_host": True,
        "marginal_power": 1.0,
        "grid_steps_allowed": 0,
        "latency_limit": 1.0,
        "network_cost": (problem.serving_cost / load[:, None]) * scale,
        "traffic": 1.0,
        "stream_origin": customers,
        "stream_workload": "goods",
        "stream_replica": 1,
        "load": load[:, None],
        "it_profile": 1.0,
        "stream_legal_case": "CN/non_personal/operator",
        "legal_case_exporter": "operator",
        "transfer_allowed": True,
        "transfer_mechanism": "domestic",
        "transfer_group": "",
        "export_group_exporter": "operator",
        "site_opex": problem.fixed_cost * scale,
        "site_life": 1.0,
        "hall_life": 1.0,
        "grid_life": 1.0,
    }
    coords: dict[str, Any] = {
        "site": sites,
        "hall_type": [f"size-{k + 1}" for k in range(sizes.size)],
        "workload": ["goods"],
        "origin": customers,
        "stream": [f"{customer}/goods/1" for customer in customers],
        "period": [2026],
        "slice": ["01-00"],
        "month": [1],
        "hydro_year": [2020],
        "energy_source": ["none"],
        "jurisdiction": ["CN"],
        "legal_case": ["CN/non_personal/operator"],
        "exporter": ["operator"],
        "export_group": ["operator/none"],
        "export_tier": [0],
        "operator_mode": ["own"],
    }
    instance = dataset_of(values, coords, "warehouses")
    instance.attrs["money"] = f"{scale:g} {MONEY_UNIT} per unit of the file"
    return instance


_NOTHING = [
    "site_latitude",
    "site_longitude",
    "site_altitude",
    "site_station_distance",
    "overhead_power",
    "peak_overhead",
    "peak_marginal",
    "water_use",
    "grid_price",
    "demand_charge",
    "rationed_share",
    "backup_price",
    "backup_carbon",
    "grid_carbon",
    "contract_price",
    "contract_delivery",
    "contract_limit",
    "contract_carbon",
    "grid_step_size",
    "grid_existing",
    "round_trip",
    "latency_value",
    "people",
    "transfer_cost",
    "export_tier_people",
    "export_tier_cost",
    "ring_fence_cost",
    "land_capital",
    "fibre_capital",
    "hall_capital",
    "hall_opex",
    "grid_step_capital",
    "discount_rate",
    "water_price",
    "carbon_price",
]
