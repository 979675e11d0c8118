"""What one more unit of each limit is worth: duals of the core's rows, whole decisions fixed at the plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from model.assignment import Assignment, cheapest, likely_cost
from model.audit import audit
from model.core import Core, build_core
from model.errors import RejectedPlan
from model.events import SolveOptions, StopRequest
from model.problem import MONEY, Problem
from model.solver.compiling import Compiled, compile_core
from model.solver.highs import INF
from model.solver.master import Master
from model.solver.recourse import begin_cuts
from model.solver.root import Relaxation, solve_root
from model.solver.warm import guide_of

Array = np.ndarray[Any, Any]
BASIS = "linear programme with whole decisions fixed at the plan"
TRACE = 1e-4  # of the unit of a row: MW, GWh, kt, thousand m3 or thousand persons
TOLERANCE = 1e-7  # of the linear programme, relative


@dataclass(frozen=True)
class Priced:
    """A family of rows: its labels, the unit its limit is told in, how many of these a unit of the row is, meaning."""

    dims: tuple[str, ...]
    unit: str
    of_row: float
    meaning: str


SITE = ("site", "period")
ROWS = {
    "load_hosted": Priced(("site", "workload", "period"), "MW", 1.0, "IT load more to host here"),
    "load_within_halls": Priced(("site", "hall_type", "period"), "MW", 1.0, "room more in the halls standing"),
    "peak_within_connection": Priced(("site", "month", "period"), "MW", 1.0, "grid connection more in that month"),
    "carbon_budget_kept": Priced(("period",), "t/a", 1e3, "emissions more that the budget admits"),
    "contracts_need_open_site": Priced(("site", "energy_source", "period"), "MW", 1.0, "contracts more on offer"),
    "policy_needs_uptake": Priced(SITE, "MWh/a", 1e3, "energy more under the policy tariff"),
    "policy_needs_load": Priced(SITE, "MW", 1.0, "load less that the policy tariff asks for"),
    "policy_energy_is_bought": Priced(SITE, "MWh/a", 1e3, "energy under the tariff beyond what the site buys"),
    "water_permit_kept": Priced(SITE, "m3/a", 1e3, "water more that the permit admits"),
    "green_share_kept": Priced(SITE, "MWh/a", 1e3, "green energy less that is due"),
    "pue_ceiling_kept": Priced(SITE, "MWh/a", 1e3, "facility energy more that the ceiling admits"),
    "exports_within_tier": Priced(("export_group", "period"), "person", 1e3, "persons more that the tier admits"),
    "nearly_all_is_not_all": Priced(
        ("origin", "export_group", "period"), "person", 1e3, "persons more where nearly all of a stream leave"
    ),
}
DEMAND = Priced(("stream", "period"), "stream", 1.0, "the stream once more")
WHOLE = {
    "is_open": Priced(SITE, "site", 1.0, "the site open"),
    "built_halls": Priced(("site", "hall_type", "period"), "hall", 1.0, "a new hall more standing"),
    "kept_halls": Priced(("site", "hall_type", "period"), "hall", 1.0, "an existing hall more kept"),
    "grid_steps": Priced(SITE, "step", 1.0, "a grid step more standing"),
    "policy_uptake": Priced(SITE, "site", 1.0, "the policy tariff taken up"),
    "tier": Priced(("exporter", "export_tier", "period"), "tier", 1.0, "the exporter in that tier"),
    "ring_fence": Priced(("jurisdiction", "period"), "operator", 1.0, "a local operator more"),
}


def duals(
    instance: xr.Dataset,
    solution: xr.Dataset,
    options: SolveOptions | None = None,
    should_stop: StopRequest | None = None,
) -> xr.Dataset:
    """By how much the present cost changes for each unit more of a limit, CNY per unit; negative where more saves.

    A variable for each family of rows with a price, named as the rows are (docs/formulation.md), missing where
    there is no row; `workload_served` prices a stream. Whole decisions are fixed at the plan, so rows among them have
    no price; instead each whole decision has one: what a hall, site or step more would change, all others as
    planned. Prices are those of the next bit more, and hold for small changes.
    Raises RejectedPlan when the plan is not one of this instance.
    """
    if faults := audit(instance, solution):
        raise RejectedPlan("This is not a plan of that instance:\n" + "\n".join(f"- {fault}" for fault in faults))
    core = build_core(Problem(instance))
    master, found = _fixed(core, solution, options or SolveOptions(), should_stop)
    prices = np.asarray(found.duals)[: master.core.matrix.shape[0]] / MONEY
    continuous = master.core.matrix[:, ~master.core.integer]
    prices = np.where(np.diff(continuous.indptr) > 0, prices, 0.0)  # a row of fixed columns alone binds nothing
    variables = {"workload_served": _told(DEMAND, found.duals[master.demand_row] / MONEY)}
    first = 0
    for name, rows in core.row.items():
        mine, first = prices[first : first + len(rows.keys)], first + len(rows.keys)
        if name in ROWS:
            variables[name] = _told(ROWS[name], _spread(core, ROWS[name], rows.keys, mine))
    reduced = _slopes(master, found)
    for name, priced in WHOLE.items():
        if (at := master.core.at.get(name)) is not None and (at >= 0).any():
            variables[name] = _told(priced, np.where(at >= 0, reduced[np.maximum(at, 0)], np.nan))
    dims = {dim for values in variables.values() for dim in values[0]}
    attrs = {
        "basis": BASIS,
        "objective_cny": found.objective / MONEY,
        "plan_cny": float(solution.attrs["objective_cny"]),
    }
    return xr.Dataset(variables, coords={str(dim): instance[dim] for dim in sorted(map(str, dims))}, attrs=attrs)


def _fixed(
    core: Core, solution: xr.Dataset, options: SolveOptions, should_stop: StopRequest | None
) -> tuple[Master, Relaxation]:
    """The master with whole decisions at the plan, every share priced and every row that is broken in."""
    a, x = Assignment(core.problem), core.problem
    dear = np.full((x.size("stream"), x.size("period")), np.inf)
    master = Master(x, _eased(compile_core(core)), a, dear, options.seed)
    host = {pair: k for k, pair in enumerate(zip(x.host_site.tolist(), x.host_mode.tolist(), strict=True))}
    stream, site, mode, period = (
        solution[f"assignment_{name}"].to_numpy() for name in ("stream", "site", "mode", "period")
    )
    wanted = cheapest(likely_cost(a), 3)
    wanted[stream, [host[pair] for pair in zip(site.tolist(), mode.tolist(), strict=True)], period] = True
    master.add_shares(wanted)
    begin_cuts(master)
    whole = np.flatnonzero(master.core.integer)
    planned = np.round(guide_of(master, solution)[whole])
    master.highs.set_bounds(whole, planned, planned)
    master.strong.row[:] = 0  # as if they were there: rounded rows are about whole decisions, and these are fixed
    # The plan serves everyone: leaving someone out has no price that a price here should be made of.
    nobody = np.zeros(len(master.elastic))
    master.highs.set_bounds(master.elastic, nobody, nobody)
    found = solve_root(master, TOLERANCE, lambda *_: should_stop is None or not should_stop())
    if master.cuts:  # what contracts save is a limit, too: nothing, where there are none
        rows = np.concatenate([rows for _, _, rows in master.cuts]).astype(np.int32)
        free = np.full(len(rows), -INF)
        master.highs.solver.changeRowsBounds(len(rows), rows, free, np.full(len(rows), TRACE))
        found = solve_root(master, TOLERANCE, lambda *_: should_stop is None or not should_stop())
    if not found.settled or found.unserved > 1e-6:
        raise RejectedPlan("The plan's whole decisions serve not everyone, or the prices were stopped.")
    return master, found


def _eased(compiled: Compiled) -> Compiled:
    """The core with a trace more of every limit, so that a limit nothing is left of is priced by its next bit."""
    mixed = np.diff(compiled.matrix[:, ~compiled.integer].indptr) > 0
    upper, lower = compiled.row_upper, compiled.row_lower
    return replace(compiled, row_upper=np.where(mixed & (lower < upper), upper + TRACE, upper))


def _spread(core: Core, priced: Priced, keys: list[Any], values: Array) -> Array:
    """Prices of rows in the shape of their labels, missing where there is no row, per unit of the limit."""
    where = [{label: n for n, label in enumerate(core.problem.labels(dim))} for dim in priced.dims]
    spread = np.full([len(labels) for labels in where], np.nan)
    for key, value in zip(keys, values.tolist(), strict=True):
        labels = key if isinstance(key, tuple) else (key,)
        spread[tuple(at[label] for at, label in zip(where, labels, strict=True))] = value / priced.of_row
    return spread


def _slopes(master: Master, found: Relaxation) -> Array:
    """What a unit more of each core column changes, CNY, rows of whole columns alone left out."""
    core, matrix = master.core, master.highs.matrix
    told = np.zeros(matrix.shape[0])  # rows found after the last solve have no price
    told[: len(found.duals)] = found.duals
    mixed = np.diff(core.matrix[:, ~core.integer].indptr) > 0
    told[: len(mixed)] = np.where(mixed, told[: len(mixed)], 0.0)
    slopes: Array = (master.highs.cost - matrix.T @ told)[: len(core.cost)] / MONEY
    return slopes


def _told(priced: Priced, values: Array) -> tuple[tuple[str, ...], Array, dict[str, str]]:
    about = {"units": f"CNY per {priced.unit}", "long_name": f"present cost of {priced.meaning}"}
    return priced.dims, values, about
