"""The complete model in Pyomo, every share and dispatch situation a variable: for export, audit and comparison."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from model.accounts import present
from model.assignment import Assignment
from model.core import Core, build_core
from model.dispatch import weights
from model.families.grid import facility_terms
from model.problem import MONEY, Problem

if TYPE_CHECKING:
    import pyomo.environ as pyo

Array = np.ndarray[Any, Any]


def to_pyomo(instance: xr.Dataset, full: bool = True) -> pyo.ConcreteModel:
    """The instance as a Pyomo model in million CNY; without `full`, the core alone (no shares, no dispatch)."""
    from model.pyomo_model import pyomo_model  # no solve needs Pyomo

    core = build_core(Problem(instance))
    return pyomo_model(completed(core) if full else core)[0]


def completed(core: Core) -> Core:
    """The core with every share and, where energy is contracted, every dispatch situation added to it."""
    add_shares(core, Assignment(core.problem))
    for name, purpose in (("contract_saving", "bill"), ("contract_avoided", "emissions")):
        if name in core.arrays:
            add_dispatch(core, name, purpose)
    return core


def add_shares(core: Core, a: Assignment) -> None:
    """Every admissible share, its rows and its costs."""
    x = a.x
    sites, modes = x.labels("site"), x.labels("operator_mode")
    hosts = [f"{sites[i]}|{modes[mode]}" for i, mode in zip(x.host_site, x.host_mode, strict=True)]
    streams, periods = x.labels("stream"), x.labels("period")
    places = np.argwhere(a.open_pairs)
    names = [(streams[d], hosts[k], periods[t]) for d, k, t in places]
    share = np.full(a.open_pairs.shape, None, dtype=object)
    share[tuple(places.T)] = core.named("share", names, np.zeros(len(names)), np.ones(len(names)), whole=False)

    core.rows(
        "workload_served",
        (
            ((streams[d], periods[t]), [1.0] * len(found), found, 1.0, 1.0)
            for d in range(len(streams))
            for t in range(len(periods))
            if (found := _present(share[d, :, t]))
        ),
    )
    _add_served_load(core, a, share)
    core.rows("served_only_where_open", _gates(core, a, share))
    core.rows("replicas_in_different_zones", _apart(a, share))
    core.rows("exported_persons_counted", _exports(core, a, share))
    unit = a.unit_cost
    weight = x.load * x.year_weight
    for account in ("network", "latency", "compliance"):
        rate = unit[account] if unit[account].ndim == 3 else unit[account][:, :, None]
        cost = np.broadcast_to(rate * weight[:, None, :], share.shape)
        for site in range(len(sites)):
            mine = np.where(x.host_site[None, :, None] == site, share, np.array(None))
            if present(mine).any():
                core.accounts.post(account, mine.reshape(1, -1, len(periods)), cost.reshape(1, -1, len(periods)))


def _present(row: Array) -> list[Any]:
    return [v for v in row if v is not None]


def _add_served_load(core: Core, a: Assignment, share: Array) -> None:
    """Replace load_hosted by Σ hosted = Σ load · share."""
    x = a.x
    hosted = core.arrays["hosted_load"]
    sites, works, periods = x.labels("site"), x.labels("workload"), x.labels("period")
    del core.row["load_hosted"]

    def rows() -> Iterator[tuple[Any, ...]]:
        for i, w, t in np.argwhere(present(hosted).any(axis=2)):
            inside = hosted[i, w, :, t]
            coefs, variables = [1.0] * len(_present(inside)), _present(inside)
            for d in np.flatnonzero(x.stream_workload_at == w):
                for k in np.flatnonzero(x.host_site == i):
                    if share[d, k, t] is not None:
                        coefs.append(-float(x.load[d, t]))
                        variables.append(share[d, k, t])
            yield (sites[i], works[w], periods[t]), coefs, variables, 0.0, 0.0

    core.rows("load_hosted", rows())


def _gates(core: Core, a: Assignment, share: Array) -> Iterator[tuple[Any, ...]]:
    """share ≤ is_open, over both modes of a site; and ring-fenced shares ≤ ring_fence."""
    x = a.x
    is_open = core.arrays["is_open"]
    ring_fence = core.arrays.get("ring_fence")
    streams, sites, periods, places = (x.labels(n) for n in ("stream", "site", "period", "jurisdiction"))
    for d in range(len(streams)):
        for t in range(len(periods)):
            for i in range(len(sites)):
                found = _present(share[d, x.host_site == i, t])
                if found and is_open[i, t] is not None:
                    yield (
                        (streams[d], sites[i], periods[t]),
                        [1.0] * len(found) + [-1.0],
                        [*found, is_open[i, t]],
                        None,
                        0.0,
                    )
            for j in np.unique(a.ring_jurisdiction[a.ring_jurisdiction >= 0]):
                found = _present(share[d, a.ring_jurisdiction == j, t])
                if found and ring_fence is not None:
                    key = (streams[d], f"ring_fence {places[j]}", periods[t])
                    yield key, [1.0] * len(found) + [-1.0], [*found, ring_fence[j, t]], None, 0.0


def _apart(a: Assignment, share: Array) -> Iterator[tuple[Any, ...]]:
    x = a.x
    for group in np.unique(x.stream_group[a.replicated]):
        members = np.flatnonzero(x.stream_group == group)
        for zone in np.unique(a.host_zone):
            for t, period in enumerate(x.labels("period")):
                found = [v for d in members for v in _present(share[d, a.host_zone == zone, t])]
                if found:
                    yield (int(group), int(zone), period), [1.0] * len(found), found, None, 1.0


def _exports(core: Core, a: Assignment, share: Array) -> Iterator[tuple[Any, ...]]:
    x = a.x
    exported = core.arrays.get("exported")
    if exported is None:
        return
    streams, groups, periods = x.labels("stream"), x.labels("export_group"), x.labels("period")
    for d in range(len(streams)):
        for g in range(len(groups)):
            for t in range(len(periods)):
                found = [v for v in share[d, a.export_group[d, :, t] == g, t] if v is not None]
                if found:
                    counted = exported[x.stream_origin_at[d], g, t]
                    yield (
                        (streams[d], groups[g], periods[t]),
                        [float(a.people[d, t])] * len(found) + [-1.0],
                        [*found, counted],
                        None,
                        0.0,
                    )


def add_dispatch(core: Core, name: str, purpose: str) -> None:
    """Displaced load per site, slice, hydrological year and period: at most the load, at most what is contracted."""
    x = core.problem
    total, contract = core.arrays[name], core.arrays["energy_contract"]
    weight = weights(x, purpose) * (MONEY if purpose == "bill" else 1e-3)
    dims = ("site", "slice", "hydro_year", "period")
    exists = np.broadcast_to(present(total)[:, None, None, :], weight.shape)
    displaced = core.arrays.get("displaced_load")
    if displaced is None:
        displaced = core.variables("displaced_load", dims, exists)
        labels = [x.labels(d) for d in dims]

        def within(which: str) -> Iterator[tuple[Any, ...]]:
            for i, s, y, t in np.argwhere(exists):
                if which == "load":
                    coefs, variables = facility_terms(
                        core, i, t, -x.overhead_power[i, :, s], -x.hosted_power[i, :, :, s]
                    )
                else:
                    sources = [e for e in range(contract.shape[1]) if contract[i, e, t] is not None]
                    coefs = [-float(x.contract_delivery[i, e, s, y]) for e in sources]
                    variables = [contract[i, e, t] for e in sources]
                key = (labels[0][i], labels[1][s], labels[2][y], labels[3][t])
                yield key, [*coefs, 1.0], [*variables, displaced[i, s, y, t]], None, 0.0

        core.rows("displaced_within_load", within("load"))
        core.rows("displaced_within_contract", within("contract"))
    sites, periods = x.labels("site"), x.labels("period")
    core.rows(
        f"{name}_is_displaced",
        (
            (
                (sites[i], periods[t]),
                [1.0, *(-weight[i, :, :, t].ravel()).tolist()],
                [total[i, t], *displaced[i, :, :, t].ravel()],
                None,
                0.0,
            )
            for i, t in np.argwhere(present(total))
        ),
    )
