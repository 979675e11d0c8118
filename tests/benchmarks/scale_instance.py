"""Large instances with a seed: regions with cities and sites, prices and plots that differ, every field filled.

Regions lie on a plane of 3500 × 2500 km; people and sites cluster in them, the two last lie under another law and have
sites only. Workloads differ in reach, one has a standby replica. A site's works cost much and little more when larger,
so few large sites compete with nearness.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from tests.synthetic import synthetic_instance

Array = np.ndarray[Any, Any]

REACH_KM = np.array([300.0, 450.0, 600.0, 900.0, 1300.0, 1900.0, 2600.0])  # by workload
STREAMS_PER_ORIGIN = REACH_KM.size + 1  # the last workload has two replicas
ROOM_PER_LOAD = 4.8  # plots over load in the first period; less later
GROWTH = 1.05
WORKS_PER_MW = 31e6  # CNY for a plot of 80 MW


@dataclass(frozen=True)
class Size:
    """How large an instance is; `streams` is rounded down to whole origins."""

    sites: int = 1000
    streams: int = 2000
    periods: int = 5
    blocks: int = 3
    hydro_years: int = 11
    seed: int = 1

    @property
    def origins(self) -> int:
        """How many origins that makes."""
        return max(1, self.streams // STREAMS_PER_ORIGIN)


def scale_instance(size: Size) -> xr.Dataset:
    """The instance of a size, in seconds: everything is drawn as arrays."""
    r = np.random.default_rng(size.seed)
    regions = int(np.clip(size.sites // 8, 4, 40))
    centre = r.uniform(0, 1, (regions, 2)) * [3500, 2500]
    weight = np.arange(1, regions + 1) ** -0.7
    home = _spread(weight[:-2], size.origins)
    place = _spread(weight**0.5, size.sites)
    cities = centre[home] + r.normal(0, 90, (size.origins, 2))
    sites = centre[place] + r.normal(0, 120, (size.sites, 2))
    people = (r.pareto(1.3, size.origins) + 0.3) * weight[home]
    distance = np.hypot(*(cities[:, None] - sites[None]).transpose(2, 0, 1))
    crowd = people @ np.exp(-distance / 150)
    crowd /= crowd.mean()
    plot = np.round(np.clip(80 * r.lognormal(0, 0.6, size.sites), 40, 400))
    works = WORKS_PER_MW * 80 * (plot / 80) ** 0.6 * r.uniform(0.7, 1.3, size.sites) * (0.8 + 0.2 * crowd**0.5)
    load = _load(r, people, plot.sum() / ROOM_PER_LOAD, size.periods)
    steps = np.ceil(plot * 1.7 / 60).astype(int)
    halls = r.uniform(0.9, 1.15, (size.sites, 1, 1)) * 28e6 * np.array([10, 12, 5])[:, None] * np.ones(size.periods)
    instance = synthetic_instance(
        sites=size.sites,
        origins=size.origins,
        workloads=REACH_KM.size,
        periods=size.periods,
        blocks=size.blocks,
        hydro_years=size.hydro_years,
        hall_types=2,
        existing=0,
        seed=size.seed,
        round_trip=_round_trip(distance),
        latency_limit=_round_trip(np.maximum(REACH_KM, np.sort(distance, axis=1)[:, :3].max() * 1.01)),
        network_cost=20000 + 60 * distance,
        site_zone=np.array([f"region-{k}" for k in place], dtype=object),
        site_jurisdiction=np.where(place >= regions - 2, "HK", "CN").astype(object),
        site_longitude=sites[:, 0] / 100 + 80,
        site_latitude=sites[:, 1] / 100 + 18,
        plot_limit=plot,
        land_capital=works,
        load=load,
        people=np.repeat(people / people.sum() * 1.4e9, STREAMS_PER_ORIGIN)[:, None] * np.ones(size.periods),
        grid_step_size=60.0,
        grid_step_capital=6e7,
        grid_steps_allowed=np.broadcast_to(steps[:, None], (size.sites, size.periods)),
        hall_capital=halls,
    )
    instance.attrs["name"] = f"scale-{size.sites}-{instance.sizes['stream']}-{size.periods}-seed-{size.seed}"
    return instance


def _spread(weight: Array, count: int) -> Array:
    """`count` members over groups in proportion to their weight, everyone at least near it; the group of each."""
    quota = np.cumsum(weight) / weight.sum() * count
    return np.minimum(np.searchsorted(quota, np.arange(count) + 0.5), weight.size - 1)


def _round_trip(distance: Array) -> Array:
    return 2 * distance * 1.4 / 200 + 2


def _load(r: np.random.Generator, people: Array, total: float, periods: int) -> Array:
    """MW by stream and period; `total` is that of the first period. The standby replica carries 0.4 of its active."""
    share = r.dirichlet(np.full(REACH_KM.size, 6.0), people.size)
    share = np.concatenate([share, 0.4 * share[:, -1:]], axis=1)
    first = (people[:, None] * share).ravel()
    load: Array = np.outer(first / first.sum() * total, GROWTH ** (2 * np.arange(periods)))
    return load
