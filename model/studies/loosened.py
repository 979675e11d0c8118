"""The model with every requirement lifted, and the columns that stay at zero while one of them is held."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

from model.assignment import Assignment
from model.core import build_core
from model.problem import Problem
from model.solver.compiling import Compiled, compile_core
from model.studies import requirements
from model.studies.freed import freed
from model.studies.requirements import SCENARIO_FORBIDS, Requirement
from model.studies.sheet import Sheet

Array = np.ndarray[Any, Any]
LEAST_SERVED = 1e-3  # giving up the demand leaves this share of it: every stream still needs a host
NEAREST, STRAY = 4, 4  # shares of a stream it begins with: nearest hosts, and others with a fixed seed
LIMIT_ROWS = {
    "capital_limit": "capital_within_budget", "carbon_limit": "carbon_budget_kept", "site_limit": "open_sites_limited",
}  # fmt: skip
STANDARD_ROWS = {
    "pue_ceiling": "pue_ceiling_kept", "green_share": "green_share_kept", "water_permit": "water_permit_kept",
}  # fmt: skip


@dataclass
class Loosened:
    """A sheet whose elastic columns make it feasible at a price; `held[key]` are 0 while a requirement is held.

    `shares` n × 3 are stream, host and period of the columns `share_column`. `rows[kind]` are rows of the core,
    `worst[lever]` the column above a limit's slacks in all periods, `slack[kind]` columns by site.
    """

    asked: Problem
    x: Problem
    core: Compiled
    sheet: Sheet
    shares: Array
    share_column: Array
    elastic: Array
    requirements: dict[str, Requirement] = field(default_factory=dict)
    held: dict[str, Array] = field(default_factory=dict)
    rows: dict[str, Array] = field(default_factory=dict)
    worst: dict[str, int] = field(default_factory=dict)
    slack: dict[str, Array] = field(default_factory=dict)

    def require(self, requirement: Requirement, columns: Array) -> None:
        """A requirement that keeps the columns at zero; one that touches none cannot conflict and is left out."""
        columns = np.unique(columns[columns >= 0])
        if len(columns):
            self.requirements[requirement.key] = requirement
            self.held[requirement.key] = columns

    def core_rows(self, name: str) -> tuple[Array, list[list[str]]]:
        """Rows of the core with that name, and the labels each is about."""
        found = [n for n, full in enumerate(self.core.row_names) if full.partition("[")[0] == name]
        inside = [self.core.row_names[n].partition("[")[2].removesuffix("]") for n in found]
        return np.array(found, dtype=np.int64), [[part.strip("'") for part in one.split(",")] for one in inside]

    def of_lever(self, lever: str) -> list[str]:
        """Keys of the requirements that one lever loosens."""
        return [key for key, requirement in self.requirements.items() if requirement.lever == lever]


def loosened(instance: xr.Dataset) -> Loosened:
    """The model of an instance with its requirements as switches."""
    m = _served(instance)
    for add in (_latency, _law, _sites, _plots, _grid, _forced, _limits, _standards):
        add(m, instance)
    return m


def _served(instance: xr.Dataset) -> Loosened:
    """Shares that serve every stream and add up to what is hosted, with what replicas and exports ask."""
    x = Problem(freed(instance))
    a, core = Assignment(x), compile_core(build_core(x))
    sheet = Sheet(core)
    shares = np.argwhere(a.open_pairs & (x.load > 0)[:, None, :])
    d, k, t = shares.T
    column = sheet.columns(len(shares))
    rows = np.full(x.load.shape, -1, dtype=np.int64)
    asked = x.load > 0
    rows[asked] = sheet.rows(int(asked.sum()), 1.0, 1.0)
    sheet.put(rows[d, t], column, 1.0)
    sheet.put(core.row_at["load_hosted"][x.host_site[k], x.stream_workload_at[d], t], column, -x.load[d, t])
    unserved, given_up = sheet.columns(int(asked.sum()), 1.0), sheet.columns(1, 1 - LEAST_SERVED)
    sheet.put(rows[asked], unserved, 1.0)
    sheet.put(rows[asked], given_up, 1.0)
    m = Loosened(Problem(instance), x, core, sheet, shares, column, unserved)
    _replicas(m, a, instance, int(given_up[0]))
    _exports(m, a, instance)
    m.require(requirements.demand(x), given_up)
    return m


def _replicas(m: Loosened, a: Assignment, instance: xr.Dataset, given_up: int) -> None:
    """Replicas share no zone while the requirement is held; less demand needs no fewer zones."""
    x, (d, k, t) = m.x, m.shares.T
    mine = np.flatnonzero(a.replicated[d])
    keys = np.stack([x.stream_group[d[mine]], a.host_zone[k[mine]], t[mine]], axis=1)
    table, at = np.unique(keys, axis=0, return_inverse=True)
    rows = m.sheet.rows(len(table), upper=1.0)
    m.sheet.put(rows[at.ravel()], m.share_column[mine], 1.0)
    m.sheet.put(rows, np.full(len(rows), given_up), 1.0)
    slack, work = m.sheet.slack(rows), table[:, 0] % x.size("workload")
    for w in np.unique(work):
        m.require(requirements.replicas(instance, int(w)), slack[work == w])


def _exports(m: Loosened, a: Assignment, instance: xr.Dataset) -> None:
    """Persons exported, counted as in the full model; their largest tier is a requirement."""
    x, (d, k, t) = m.x, m.shares.T
    if (exported := m.core.at.get("exported")) is None:
        return
    group = a.export_group[d, k, t]
    mine = np.flatnonzero(group >= 0)
    table, at = np.unique(np.stack([d[mine], group[mine], t[mine]], axis=1), axis=0, return_inverse=True)
    rows = m.sheet.rows(len(table), upper=0.0)
    m.sheet.put(rows[at.ravel()], m.share_column[mine], a.people[d[mine], t[mine]])
    m.sheet.put(rows, exported[x.stream_origin_at[table[:, 0]], table[:, 1], table[:, 2]], -1.0)
    slacks, groups = [], []
    for name, place in (("exports_within_tier", 0), ("nearly_all_is_not_all", 1)):
        counted, labels = m.core_rows(name)
        slacks.append(m.sheet.slack(counted))
        groups += [label[place] for label in labels]
    slack, of_group = np.concatenate(slacks), np.array(groups, dtype=object)
    for g, name in enumerate(x.labels("export_group")):
        m.require(requirements.exports(instance, g), slack[of_group == name])


def _latency(m: Loosened, instance: xr.Dataset) -> None:
    d, k, _ = m.shares.T
    origin, work = m.x.stream_origin_at[d], m.x.stream_workload_at[d]
    far = m.x.round_trip[origin, m.x.host_site[k]] > m.asked.latency_limit[work]
    pairs = np.unique(np.stack([work[far], origin[far]], axis=1), axis=0)
    for w, o in pairs:
        mine = far & (work == w) & (origin == o)
        m.require(requirements.latency(instance, int(w), int(o)), m.share_column[mine])


def _law(m: Loosened, instance: xr.Dataset) -> None:
    (d, k, t), x = m.shares.T, m.x
    case = x.stream_case_at[d]
    closed = ~m.asked.transfer_allowed[case, x.site_jurisdiction_at[x.host_site[k]], x.host_mode[k], t]
    for c in np.unique(case[closed]):
        m.require(requirements.law(instance, int(c)), m.share_column[closed & (case == c)])


def _sites(m: Loosened, instance: xr.Dataset) -> None:
    """Sites without permission, hall types without permission, and lead times."""
    asked, built, is_open = m.asked, m.core.at["built_halls"], m.core.at["is_open"]
    candidate = (instance["site_kind"] == "candidate").values
    barred = candidate & ~asked.site_allowed
    by_scenario = np.isin(asked.site_exclusion.astype(str), SCENARIO_FORBIDS)
    if (mine := barred & by_scenario).any():
        m.require(requirements.forbidden(instance, mine), built[mine].ravel())
    if (mine := barred & ~by_scenario).any():
        m.require(requirements.ground(instance, mine), built[mine].ravel())
    late = (candidate & ~barred)[:, None] & ~asked.open_allowed
    if late.any():
        places = np.concatenate([np.moveaxis(built, 1, 2)[late].ravel(), is_open[late]])
        some: Array = np.any(late, axis=1)
        m.require(requirements.lead(instance, some), places)
    refused = candidate[:, None] & asked.hall_buildable & ~asked.hall_type_allowed
    if refused.any():
        m.require(requirements.hall_types(instance, refused), built[refused].ravel())


def _plots(m: Loosened, instance: xr.Dataset) -> None:
    asked, sheet, built, is_open = m.asked, m.sheet, m.core.at["built_halls"], m.core.at["is_open"]
    i, t = np.nonzero((built >= 0).any(axis=1))
    opens = is_open[i, t] >= 0
    rows = sheet.rows(len(i), upper=np.where(opens, 0.0, asked.plot_limit[i]))
    sheet.put(rows[:, None], built[i, :, t], asked.hall_size)
    sheet.put(rows, is_open[i, t], -asked.plot_limit[i])
    m.slack["plots"] = _by_site(m, rows, i)
    m.require(requirements.plots(instance), m.slack["plots"])


def _grid(m: Loosened, instance: xr.Dataset) -> None:
    steps = m.core.at["grid_steps"]
    i, t = np.nonzero(steps >= 0)
    rows = m.sheet.rows(len(i), upper=m.asked.grid_steps_allowed[i, t])
    m.sheet.put(rows, steps[i, t], 1.0)
    m.slack["grid"] = _by_site(m, rows, i)
    m.require(requirements.grid(instance), m.slack["grid"])


def _by_site(m: Loosened, rows: Array, site: Array) -> Array:
    """A column per site that loosens the site's rows; −1 for a site without rows."""
    found = np.full(m.x.size("site"), -1, dtype=np.int64)
    some = np.unique(site)
    found[some] = m.sheet.columns(len(some))
    m.sheet.put(rows, found[site], -1.0)
    return found


def _forced(m: Loosened, instance: xr.Dataset) -> None:
    is_open = m.core.at["is_open"]
    for i in np.flatnonzero((m.asked.open_forced & (is_open >= 0)).any(axis=1)):
        mine = is_open[i][m.asked.open_forced[i] & (is_open[i] >= 0)]
        rows, elastic, closed = m.sheet.rows(len(mine), lower=1.0), m.sheet.columns(len(mine)), m.sheet.columns(1)
        for columns in (mine, elastic, closed):
            m.sheet.put(rows, columns, 1.0)
        m.elastic = np.concatenate([m.elastic, elastic])
        m.require(requirements.forced(instance, int(i)), closed)


def _limits(m: Loosened, instance: xr.Dataset) -> None:
    """Limits of the whole study, by period; `worst` is the largest excess of any period."""
    for name, row_name in LIMIT_ROWS.items():
        rows, labels = m.core_rows(row_name)
        if not len(rows):
            continue
        slack, worst = m.sheet.slack(rows), m.sheet.columns(1)
        above = m.sheet.rows(len(rows), upper=0.0)
        m.sheet.put(above, slack, 1.0)
        m.sheet.put(above, worst, -1.0)
        periods = [str(period) for period in m.x.labels("period")]
        for column, label in zip(slack, labels, strict=True):
            m.require(requirements.limit(instance, name, periods.index(label[0])), np.array([column]))
        m.rows[name], m.worst[name.removesuffix("_limit")] = rows, int(worst[0])


def _standards(m: Loosened, instance: xr.Dataset) -> None:
    """Standards of sites; `slack` has the largest excess of each site over all periods."""
    for name, row_name in STANDARD_ROWS.items():
        rows, labels = m.core_rows(row_name)
        if not len(rows):
            continue
        sites = [str(site) for site in m.x.labels("site")]
        at = np.array([sites.index(label[0]) for label in labels], dtype=np.int64)
        m.rows[name], m.slack[name.split("_")[0]] = rows, _by_site(m, rows, at)
        m.require(requirements.standard(instance, name), m.slack[name.split("_")[0]])


def first_shares(m: Loosened) -> Array:
    """Flags of the shares a linear model begins with: of each stream and period the nearest hosts, and some others."""
    d, k, t = m.shares.T
    trip = m.x.round_trip[m.x.stream_origin_at[d], m.x.host_site[k]]
    flags = np.zeros(len(d), dtype=bool)
    for rank, count in ((trip, NEAREST), (np.random.default_rng(0).permutation(len(d)), STRAY)):
        order = np.lexsort((rank, t, d))
        _, first, size = np.unique((d * m.x.size("period") + t)[order], return_index=True, return_counts=True)
        flags[order[(np.arange(len(d)) - np.repeat(first, size)) < count]] = True
    return flags
