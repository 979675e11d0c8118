"""solve: instance in, solution out, with a bound that holds for the whole problem."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np
import xarray as xr

from data.admissible import unservable_streams
from model.audit import audit
from model.core import Core, build_core
from model.errors import Infeasible, NoPlan, RejectedPlan
from model.events import Listener, SolveOptions, StopRequest
from model.problem import MONEY, Problem
from model.solution import Plan, account_costs, as_dataset, tidied
from model.solver.at_once import all_at_once, fits_at_once
from model.solver.carry import Trace
from model.solver.integer import Budget, solve_whole
from model.solver.master import Master
from model.solver.plain import by_sites, is_plain
from model.solver.planning import NO_WHOLE_PLAN, Early, find_plans, plan_again
from model.solver.progress import Progress
from model.solver.recourse import separate
from model.solver.relax import begin, relaxed
from model.solver.root import Relaxation
from model.solver.search import Search
from model.solver.warm import guide_of, with_beginning

Array = np.ndarray[Any, Any]
LEAST_GAP = 1e-12  # relative: what numbers of double precision cannot tell from none
LOOSE = 0.01  # gap from which on the periods' bounds will do, so that the early plan has the machine for itself
TINY = 1500  # admissible shares up to which a few LPs are quicker than the tree over sites
EXACT = 1e-7  # by how much a share may exceed what opens it
NO_START = "sites that must be open, limits and rows of one's own exclude each other, whatever is served"


def solve(
    instance: xr.Dataset,
    options: SolveOptions | None = None,
    on_event: Listener | None = None,
    should_stop: StopRequest | None = None,
    extra: Callable[[Any], None] | None = None,
    start: xr.Dataset | None = None,
) -> xr.Dataset:
    """Solve an instance to the gap asked for and return the best plan with a valid bound.

    `extra(model)` may add Pyomo components to the core. `start`, the solution of this study or of one like it, is
    where the search for plans begins; the bound is found as without it. The solution's attributes: status,
    objective_cny, bound_cny, gap, wall_s, phases. Raises Infeasible when no plan exists and NoPlan when stopped
    before one was found.
    """
    progress = Progress(options or SolveOptions(), on_event, should_stop)
    problem = Problem(instance)
    if alone := unservable_streams(instance, problem.reachable):
        raise Infeasible(alone)
    core = framed(problem, extra)
    plain = problem.admissible.sum() > TINY and is_plain(core)
    search = by_sites(core, progress) if plain else all_at_once(core, progress) if fits_at_once(core) else None
    if search is None:
        search = relax(core, progress, start)
        find_plans(search, None if start is None else guide_of(search.master, start))
    if not plain and not progress.close_enough and progress.go_on():
        prove(search)
    if search.values is None:
        raise NoPlan(
            "stopped on request" if progress.stopped else f"{progress.options.time_limit_s:g} s were not enough",
            progress.bound / MONEY,
        )
    return finished(search)


def framed(problem: Problem, extra: Callable[[Any], None] | None) -> Core:
    """The core with a user's own components."""
    gc.disable()  # a core is a hundred thousand objects that all stay
    try:
        core = build_core(problem)
        if extra is not None:
            from model.solver.extended import extend  # no other solve needs Pyomo

            extend(core, extra)
        return core
    finally:
        gc.enable()


def relax(core: Core, progress: Progress, start: xr.Dataset | None = None) -> Search:
    """The bound of the relaxation, with what it takes to search for plans; with a plan where an early one may do."""
    search, alones = begin(core, progress, start)
    if start is not None:
        plan_again(search, alones, start)
        if progress.close_enough:
            return search
    with Early(search, alones, None if start is None else guide_of(search.master, start)) as early:
        periods = alones.all()
        if progress.options.gap >= LOOSE:
            early.take()
        if progress.close_enough:
            return search
        relaxation = relaxed(search, periods, start)
        early.take()
    if relaxation.bound == np.inf:  # demand is elastic, so it is something else that cannot hold
        raise Infeasible([NO_START])
    if not len(relaxation.values) or not progress.go_on():
        if search.values is not None:
            return search
        raise NoPlan("stopped while the bound was computed", progress.bound / MONEY)
    if relaxation.settled and relaxation.unserved > 1e-6:
        raise Infeasible(short_requirements(search.master, relaxation))
    progress.raise_bound(relaxation.bound)
    prices = None if search.split is None else search.split.honest(relaxation.duals[: len(search.split.touched)])
    return replace(search, root=relaxation, prices=prices, traces=Trace.each(search.master))


def short_requirements(master: Master, relaxation: Relaxation) -> list[str]:
    """Which demand cannot be served within halls, grid, law and limits, a sentence each."""
    x = master.x
    short = relaxation.values[master.elastic].reshape(master.demand_row.shape)
    rows = [(float(short[d, t]), d, t) for d, t in np.argwhere(short > 1e-6)]
    rows.sort(reverse=True)
    return [
        f"{x.labels('stream')[d]} in {x.labels('period')[t]}: {share:.0%} of its {x.load[d, t]:.2f} MW cannot be served"
        " within the halls, grid, law, zones and limits given"
        for share, d, t in rows[:8]
    ] + ([f"and {len(rows) - 8} more"] if len(rows) > 8 else [])


def prove(search: Search) -> None:
    """The whole MIP over every share: its bound holds for the full problem. Raises Infeasible if it proves so."""
    progress, master = search.progress, search.master
    progress.enter("prove", "every share in one search")
    master.add_shares(master.assignment.open_pairs)
    while not progress.close_enough and progress.go_on():
        columns = master.highs.columns
        keep = np.ones(columns, dtype=bool)
        keep[master.elastic] = False
        master.gates.keep_replicas_apart(keep)
        known = (
            None if search.values is None else np.concatenate([search.values, np.zeros(columns - len(search.values))])
        )
        unbounded = np.full(columns, np.inf)

        def watch(_: float | None, bound: float) -> bool:
            progress.raise_bound(bound)
            return progress.go_on() and not progress.close_enough

        options = progress.options
        budget = Budget(options.gap * 0.9, progress.left, 10_000_000, options.seed, watch)
        plan = solve_whole(master, keep, search.everything(), known, budget, -unbounded, unbounded, 0.1)
        if plan.status == "Infeasible":
            raise Infeasible([NO_WHOLE_PLAN])
        progress.raise_bound(min(plan.bound, plan.objective))
        if plan.values is None:
            return
        broken = master.gates.add_violated(plan.values, 1e-5) + separate(master, plan.values, 1e-7)
        search.offer(plan.values)
        if not broken:
            return


def finished(search: Search) -> xr.Dataset:
    """The best plan made exact, audited, and described."""
    progress, master = search.progress, search.master
    progress.enter("finish", "making the plan exact")
    a = master.assignment
    plan = tidied(exact_plan(search), a)
    objective = float(account_costs(plan, a).sum())
    progress.incumbent = objective * MONEY
    bound = min(progress.bound / MONEY, objective)
    gap = max(0.0, objective - bound) / abs(objective)
    status = (
        "optimal_within_gap"
        if gap <= max(progress.options.gap, LEAST_GAP)
        else "stopped"
        if progress.stopped
        else "time_limit"
        if progress.left <= 0
        else "best_found"
    )
    progress.enter("done")
    facts = {
        "status": status,
        "objective_cny": objective,
        "bound_cny": bound,
        "gap": gap,
        "wall_s": progress.seconds,
        "phases": json.dumps({k: round(v, 3) for k, v in progress.phases.items()}),
        "seed": progress.options.seed,
        "versions": versions(),
    }
    solution = as_dataset(plan, a, facts)
    if faults := audit(a.x.instance, solution):
        raise RejectedPlan("The audit rejects the plan found:\n" + "\n".join(f"- {f}" for f in faults))
    return with_beginning(solution, master, search.prices, search.traces)


@cache
def versions() -> str:
    """What solved it, as JSON."""
    return json.dumps({name: version(name) for name in ("highspy", "pyomo", "numpy", "xarray")})


def exact_plan(search: Search) -> Plan:
    """The incumbent with its whole columns fixed at whole values; the rest solved once more where a row is broken."""
    assert search.values is not None
    master, whole = search.master, search.everything()
    rounded = search.padded(search.values)
    rounded[whole] = np.round(rounded[whole])
    capped = "contract_avoided" in master.core.at and separate(master, rounded, EXACT)
    if not master.gates.add_violated(rounded, EXACT) and not capped:
        return plan_of(master, rounded)
    known = np.concatenate([search.values, np.zeros(master.highs.columns - len(search.values))])
    values = known
    keep = search.kept(2e-2)
    keep[master.share_column[master.gates.closed(np.round(known))]] = False
    master.gates.keep_replicas_apart(keep)
    for _ in range(4):
        low, high = np.full(master.highs.columns, -np.inf), np.full(master.highs.columns, np.inf)
        low[whole] = high[whole] = np.round(np.concatenate([known, np.zeros(master.highs.columns - len(known))])[whole])
        options = search.progress.options
        budget = Budget(0.0, 60.0, 1, options.seed, lambda *_: True)
        plan = solve_whole(master, search._grown(keep), whole[:0], None, budget, low, high, 0.0)
        if plan.values is None or plan.values[master.elastic].sum() > 1e-6:
            break
        if not master.gates.add_violated(plan.values, EXACT) + separate(master, plan.values, 1e-7):
            values = plan.values
            break
        values = plan.values if search.exact(plan.values) <= search.exact(values) + 1e-6 else values
    values = np.concatenate([values, np.zeros(master.highs.columns - len(values))])
    values[whole] = np.round(values[whole])
    return plan_of(master, values)


def plan_of(master: Master, values: Array) -> Plan:
    """Decisions out of a vector of master values."""
    x = master.x

    def block(name: str, *dims: str) -> Array:
        return master.block(name, values) if name in master.core.at else np.zeros([x.size(d) for d in dims])

    return Plan(
        is_open=block("is_open"),
        built=block("built_halls"),
        kept=block("kept_halls"),
        steps=block("grid_steps"),
        hosted=block("hosted_load"),
        contract=block("energy_contract"),
        certificates=block("certificates", "site", "period"),
        policy_uptake=block("policy_uptake", "site", "period"),
        policy_energy=block("policy_energy", "site", "period"),
        tier=block("tier", "exporter", "export_tier", "period"),
        ring_fence=block("ring_fence", "jurisdiction", "period"),
        share_at=master.share,
        share=values[master.share_column],
    )
