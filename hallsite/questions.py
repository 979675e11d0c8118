"""What `hallsite solve` asks beside the plan: the study's own questions, and which estimates would move the sites."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr
    from rich.console import Console

    from data.scenario import Scenario
    from data.setting import Setting
    from model.studies.solving import Solving


def with_answers(
    setting: Setting, instance: xr.Dataset, solution: xr.Dataset, solving: Solving, remarks: Console
) -> xr.Dataset:
    """The solution with the answers to every question of the study; the seconds of each are told apart.

    Who asks to stop gets no further answers, and who insists gets those at hand. A question that finds no plan
    says so: the plan stands.
    """
    from hallsite.endings import LeftEarly
    from model.studies.solving import StoppedEarly

    try:
        for name, ask in _questions(setting):
            if solving.should_stop is not None and solving.should_stop():
                break
            solution = _with_answer(name, ask, setting.scenario, instance, solution, solving, remarks)
    except (StoppedEarly, LeftEarly):
        remarks.print("Stopped before every question was answered; the plan is kept.", soft_wrap=True)
    return solution


def _with_answer(
    name: str,
    ask: Callable[..., dict[str, Any]],
    study: Scenario,
    instance: xr.Dataset,
    solution: xr.Dataset,
    solving: Solving,
    remarks: Console,
) -> xr.Dataset:
    from data.errors import BadInput
    from model.answers import with_answer
    from model.errors import Infeasible, NoPlan

    started = perf_counter()
    try:
        answer = ask(study, instance, solution, solving)
    except (BadInput, Infeasible, NoPlan) as error:
        answer = {"sentences": ["Not answered:", *str(error).splitlines()]}
    seconds = perf_counter() - started
    remarks.print(f"{seconds:6.1f} s  asked beside the plan: {name.replace('_', ' ')}", soft_wrap=True)
    return with_answer(solution, name, answer if "seconds" in answer else answer | {"seconds": seconds})


def _questions(setting: Setting) -> Iterator[tuple[str, Callable[..., dict[str, Any]]]]:
    asked = {"mean_year": _mean_year, "cave_price": _cave_price, "hub_rules": _hub_rules, "baseline": _baseline}
    yield from ((name, asked[name]) for name in dict.fromkeys(setting.scenario.questions))
    yield "moved_estimates", partial(_moved_estimates, setting)


def _moved_estimates(
    setting: Setting, study: Scenario, instance: xr.Dataset, solution: xr.Dataset, solving: Solving
) -> dict[str, Any]:
    from model.studies.moved_estimates import moved_estimates

    return asdict(moved_estimates(study, instance, solution, setting=setting, solving=solving))


def _mean_year(study: Scenario, instance: xr.Dataset, solution: xr.Dataset, solving: Solving) -> dict[str, Any]:
    from model.studies.stress import stress, stress_text

    years = study.power.drought_years or (2022, 2023)
    return {"sentences": stress_text(stress(instance, solution, years, solving)).splitlines()}


def _cave_price(study: Scenario, instance: xr.Dataset, solution: xr.Dataset, _: Solving) -> dict[str, Any]:
    from model.studies.breakeven import breakeven, breakeven_text

    return {"sentences": breakeven_text(breakeven(study, trials=[])).splitlines()}


def _hub_rules(study: Scenario, instance: xr.Dataset, solution: xr.Dataset, _: Solving) -> dict[str, Any]:
    from model.studies.comparison import hub_rules

    return {"sentences": hub_rules(instance, solution)}


def _baseline(study: Scenario, instance: xr.Dataset, solution: xr.Dataset, solving: Solving) -> dict[str, Any]:
    from pathlib import Path

    from data.baseline import baseline_of
    from data.instance import build_instance
    from model.runs import open_run
    from model.studies.comparison import comparison

    base = baseline_of(study)
    if base is None:
        return {"sentences": ["The study names no baseline."]}
    if isinstance(base, Path):
        run = open_run(base)
        return {"sentences": comparison(instance, solution, run.instance, run.solution, f"the run {base.name}")}
    other = build_instance(base)
    plan = solving.solve(other, "baseline")
    return {"sentences": comparison(instance, solution, other, plan, baseline_words(study))}


def baseline_words(study: Scenario) -> str:
    """What the baseline of a study is, in a few words."""
    chosen = study.baseline
    words = [f"the study {chosen.study}"] if chosen.study else []
    words += ["halls only where there are some today and no contracts"] if chosen.stay_as_we_are else []
    words += [f"{key} at {value}" for key, value in chosen.changes.items()]
    return " and ".join(words)
