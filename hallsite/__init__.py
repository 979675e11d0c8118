"""Where to build server halls, how many of which kind, when, and whom they serve — with proof.

    from hallsite import build_instance, open_run, read_scenario, save_run, solve

    scenario = read_scenario("guizhou", ["policy.carbon_price_cny_per_t=80"])
    instance = build_instance(scenario)        # xr.Dataset: every figure of the study, with units
    solution = solve(instance)                 # xr.Dataset: the plan, its accounts, its bound and gap
    save_run("runs/my-study", scenario, instance, solution)

`read_scenario(path_or_name, overrides)` finds a file, a name in ./scenarios or a shipped study.
`build_instance(scenario)` attaches every figure; BadInput tells all faults of the study at once.
`solve(instance, SolveOptions(), on_event, should_stop)` returns a plan with a certified gap; Infeasible
and NoPlan say why there is none.
`duals(instance, solution)` prices each limit: what one more unit of it would change the bill by.
`conflicts(scenario)` is the report on a study without a plan: what cannot hold together, and the cheapest repairs.
`save_run(path, scenario, instance, solution)` and `open_run(path)` keep a study as one folder.
`sweep(scenario, axes)` solves many variants into one Dataset; `sweep_study(path)` does what a file says.
`open_sweep(folder)` is the Dataset of one solved before, `draw_sweep(folder)` its page of responses.
`export_run(run, path)` writes GeoJSON, GeoPackage, Excel, LP or MPS; `to_pyomo(instance)` is the model.
`summary(instance, solution)` is the plan as plain JSON values, `report_text(instance, solution)` as a page.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hallsite.rooms import check_rooms

if TYPE_CHECKING:
    from data.catalogue import (
        catalogue_assumptions,
        catalogue_overview,
        catalogue_site,
        catalogue_sites,
        catalogue_sources,
    )
    from data.errors import BadInput, Fault
    from data.instance import build_instance
    from data.law import changes, explain, rule_base
    from data.scenario import Scenario
    from data.scenario.reading import dump_scenario, json_schema, read_scenario, shipped_scenarios, with_overrides
    from model.batch.figures import draw_sweep
    from model.batch.gathering import open_sweep
    from model.batch.running import SweepEvent
    from model.batch.sweeping import sweep, sweep_study, variants
    from model.contents import contents
    from model.duals import duals
    from model.errors import Infeasible, NoPlan
    from model.events import Event, SolveOptions
    from model.exchange import export_run
    from model.full import to_pyomo
    from model.printed import report_text
    from model.report import summary
    from model.runs import Run, open_run, save_run
    from model.solver import solve
    from model.studies import study_text
    from model.studies.breakeven import breakeven
    from model.studies.conflicts import conflicts
    from model.studies.law_cost import law_cost
    from model.studies.sensitivity import sensitivity
    from model.studies.stress import stress

__all__ = [
    "BadInput", "Event", "Fault", "Infeasible", "NoPlan", "Run", "Scenario", "SolveOptions", "SweepEvent",
    "breakeven", "build_instance", "catalogue_assumptions", "catalogue_overview", "catalogue_site",
    "catalogue_sites", "catalogue_sources", "changes", "conflicts", "contents", "draw_sweep", "duals", "dump_scenario",
    "explain", "export_run", "json_schema", "law_cost", "open_run", "open_sweep", "read_scenario",
    "report_text", "rule_base", "save_run", "sensitivity", "shipped_scenarios", "solve", "stress", "study_text",
    "summary", "sweep", "sweep_study", "to_pyomo", "variants", "with_overrides",
]  # fmt: skip

_HOMES = {
    "data.catalogue": (
        "catalogue_assumptions", "catalogue_overview", "catalogue_site", "catalogue_sites", "catalogue_sources",
    ),
    "data.law": ("changes", "explain", "rule_base"),
    "data.errors": ("BadInput", "Fault"),
    "data.instance": ("build_instance",),
    "data.scenario": ("Scenario",),
    "data.scenario.reading": ("dump_scenario", "json_schema", "read_scenario", "shipped_scenarios", "with_overrides"),
    "model.solver": ("solve",),
    "model.batch.figures": ("draw_sweep",),
    "model.batch.gathering": ("open_sweep",),
    "model.batch.running": ("SweepEvent",),
    "model.batch.sweeping": ("sweep", "sweep_study", "variants"),
    "model.contents": ("contents",),
    "model.duals": ("duals",),
    "model.errors": ("Infeasible", "NoPlan"),
    "model.events": ("Event", "SolveOptions"),
    "model.exchange": ("export_run",),
    "model.full": ("to_pyomo",),
    "model.printed": ("report_text",),
    "model.report": ("summary",),
    "model.studies": ("study_text",),
    "model.studies.breakeven": ("breakeven",),
    "model.studies.conflicts": ("conflicts",),
    "model.studies.law_cost": ("law_cost",),
    "model.studies.sensitivity": ("sensitivity",),
    "model.studies.stress": ("stress",),
    "model.runs": ("Run", "open_run", "save_run"),
}  # fmt: skip


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            check_rooms()
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'hallsite' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
