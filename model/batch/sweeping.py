"""sweep: a scenario and the values its keys take in, one labelled cube out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import xarray as xr

from data.errors import BadInput, Fault, raise_faults
from data.scenario import Scenario
from data.scenario.reading import read_scenario, with_overrides
from model.batch.cluster import connected
from model.batch.design import Axis, Design, Kind, members_of
from model.batch.gathering import assemble
from model.batch.plan import SweepPlan, plan_sweep
from model.batch.reading import axis_of, read_study
from model.batch.running import Listener, Work, plan_work, run
from model.batch.store import begin, sweep_folder

SWEEPS = Path("sweeps")


def sweep(
    scenario: Scenario | str | Path,
    axes: Mapping[str, Any] | None = None,
    *,
    design: Kind = "grid",
    members: Iterable[Mapping[str, Any]] = (),
    fixed: Mapping[str, Any] | None = None,
    samples: int = 0,
    seed: int = 0,
    name: str = "",
    out: Path | str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    threads: int = 1,
    retry: bool = False,
    warm: bool = True,
    extra: Callable[[Any], None] | None = None,
    on_event: Listener | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> xr.Dataset:
    """Solve many variants of a scenario; one Dataset: axes × decisions, accounts, key figures, status.

        cube = sweep("guizhou", {"policy.carbon_price_cny_per_t": [0, 80, 200]}, fixed={"solver.gap": 0.01})
        cube["objective_cny"].sel({"policy.carbon_price_cny_per_t": 80})

    axes: by scenario key, values, a text `low:high:step`, or `low:high` for a random design.
    design: `grid` (every combination), `paired` (values side by side), `random` (Latin hypercube of
    `samples` by `seed`), or `list` with `members`, each a mapping of keys to values.
    out: folder of the sweep, else sweeps/NAME-HASH. What it holds already is not solved again; lost members
    are, and with `retry` failed ones too.
    workers: processes on this machine (as many as cores and memory allow when None, 0 for this very
    process), or `scheduler`: the address of an existing dask scheduler. threads: of each solve.
    warm: start each member from the plan of the nearest one that is solved; its gap is certified either way.
    extra: adds Pyomo constraints to every member, as in solve.

    A member without a plan keeps its status and reason and does not stop the others. Raises BadInput, before
    anything is solved, when the design or its values cannot be used.
    """
    base = scenario if isinstance(scenario, Scenario) else read_scenario(scenario)
    plan = plan_sweep(base, design_of(axes, design, members, fixed, samples, seed), name, threads, extra)
    folder = sweep_folder(SWEEPS, plan) if out is None else Path(out)
    work = prepare(folder, plan, workers, scheduler, retry, warm)
    run(folder, plan, work, on_event, should_stop)
    return assemble(folder)


def variants(
    scenario: Scenario | str | Path,
    axes: Mapping[str, Any] | None = None,
    *,
    design: Kind = "grid",
    members: Iterable[Mapping[str, Any]] = (),
    fixed: Mapping[str, Any] | None = None,
    samples: int = 0,
    seed: int = 0,
) -> Iterator[tuple[dict[str, Any], Scenario]]:
    """The scenarios of a design one after the other, each with what it changes, for a loop of one's own.

        for changes, scenario in variants("own-data", {"policy.carbon_price_cny_per_t": "0:200:50"}):
            instance = build_instance(scenario)

    The arguments are those of sweep. Raises BadInput at once when the design or its values cannot be used.
    """
    base = scenario if isinstance(scenario, Scenario) else read_scenario(scenario)
    asked = design_of(axes, design, members, fixed, samples, seed)
    plan_sweep(base, asked)  # refuses what cannot be used
    return ((change, with_overrides(base, asked.fixed | change)) for change in members_of(asked))


def design_of(
    axes: Mapping[str, Any] | None,
    kind: Kind,
    members: Iterable[Mapping[str, Any]],
    fixed: Mapping[str, Any] | None,
    samples: int,
    seed: int,
) -> Design:
    """The design that the arguments of a script describe. Raises BadInput with the faults of all axes."""
    listed = tuple(dict(member) for member in members)
    along, faults = list[Axis](), list[Fault]()
    for path, value in (axes or {}).items():
        try:
            along.append(axis_of(path, value))
        except BadInput as error:
            faults += error.faults
    raise_faults(faults)
    return Design("list" if listed else kind, tuple(along), dict(fixed or {}), samples, seed, listed)


def sweep_study(path: Path | str, **options: Any) -> xr.Dataset:
    """The sweep that a study file describes; `options` as in sweep (out, workers, scheduler, …)."""
    asked = read_study(Path(path))
    d = asked.design
    axes = {
        axis.path: {"low": axis.low, "high": axis.high, "whole": axis.whole} if axis.is_range else axis.values
        for axis in d.axes
    }
    return sweep(
        asked.scenario, axes, design=d.kind, members=d.listed, fixed=d.fixed, samples=d.samples, seed=d.seed,
        name=asked.name, **options,
    )  # fmt: skip


def prepare(
    folder: Path,
    plan: SweepPlan,
    workers: int | None = None,
    scheduler: str | None = None,
    retry: bool = False,
    warm: bool = True,
) -> Work:
    """Make the folder of a sweep, or go on in it, and say what is left to solve.

    Raises BadInput, and makes nothing, when nobody answers at the address of a scheduler.
    """
    if scheduler is not None:
        connected(scheduler).close()
    begin(folder, plan)
    return plan_work(folder, plan, workers, scheduler, retry, warm=warm)
