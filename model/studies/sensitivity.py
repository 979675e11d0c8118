"""Which estimated figure, moved by a quarter, would change the sites a plan opens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from data.evidence import assumption_table, assumptions
from data.frame import make_setting
from data.instance import instance_of, with_moved_part
from data.scenario import Scenario
from data.scenario.reading import with_overrides
from model.amounts import money
from model.errors import Infeasible, NoPlan
from model.studies.rivals import likely_costs, rivals_of, shifts
from model.studies.solving import Solving, gap_cny, opened

Array = np.ndarray[Any, Any]
SWING = 0.25
PARTS = ("power", "costs", "ground", "network")
NO_PRICE = ("power_policy_end_year", "fibre_km_per_ms")  # a quarter of a year number or of light means nothing
DELAYS = ("direct_", "latency_")  # they move who may serve whom, not what it costs
OPTIONAL = ("power",)  # contracts are signed or not, so a fall is no rise turned round
MOVES = ("less", "more")
DEFAULT_SOLVES = 4


def sensitivity(
    scenario: Scenario,
    solution: xr.Dataset | None = None,
    adders: Sequence[str] | None = None,
    swing: float = SWING,
    solves: int = DEFAULT_SOLVES,
    solving: Solving | None = None,
) -> xr.Dataset:
    """Every estimated adder moved by ±`swing`: what it shifts between sites, and what the plan would then be.

    First a screening without solving: shift (adder × move, CNY) is by how much the best-placed rivals of the
    plan's hosts gain on them. An adder that shifts less than the plan's gap is settled. The `solves` adders that
    shift most are then solved for in both directions: opens and drops (sites), regret (CNY: what keeping the
    old sites costs, halls and contracts chosen anew), outcome (`same sites`, `other sites`, `other sites, within
    the gap`, `below the gap`, `not solved`, `no plan`). Attribute gap_cny: the plan's own gap, the measure of all this.
    """
    run = solving or Solving()
    base = instance_of(make_setting(scenario))
    plan = solution if solution is not None else run.solve(base, "the plan itself")
    table = adder_table(scenario, adders)
    shifted = _screened(scenario, base, plan, table, swing)
    gap = gap_cny(plan)
    largest = shifted.max(axis=1).sort_values(ascending=False)
    chosen = [str(name) for name in largest.index[largest > gap][:solves]]
    found = {
        (name, move): _resolved(scenario, base, plan, name, sign * swing, run) if name in chosen
        else _Answer("below the gap" if shifted.loc[name].max() <= gap else "not solved")
        for name in table.index
        for move, sign in zip(MOVES, (-1, 1), strict=True)
    }  # fmt: skip
    order = [str(name) for name in largest.index]
    return _dataset(table.loc[order], shifted.loc[order], found).assign_attrs(
        study="sensitivity", name=scenario.name, gap_cny=gap, swing=swing
    )


def adder_table(scenario: Scenario, adders: Sequence[str] | None = None) -> pd.DataFrame:
    """The named assumptions that may move: value in the study, unit, meaning, part; all estimates when not named.

    Raises KeyError for a name that is no assumption of these parts.
    """
    table = assumption_table()
    movable = table["part"].isin(PARTS) & ~table.index.isin(NO_PRICE)
    if adders is None:
        delays = table.index.str.startswith(DELAYS)
        known = table.loc[movable & (table["evidence"] == "estimated") & ~delays]
    else:
        known = table.loc[movable].loc[list(adders)]
    values = assumptions(scenario.assumptions)
    numbers = [values[str(name)] for name in known.index]
    told: pd.DataFrame = known.assign(value=numbers)[["value", "unit", "meaning", "part"]]
    return told.loc[told["value"] != 0]


def _moved(scenario: Scenario, base: xr.Dataset, name: str, share: float) -> xr.Dataset:
    value = assumptions(scenario.assumptions)[name] * (1 + share)
    there = with_overrides(scenario, {f"assumptions.{name}": value})
    return with_moved_part(base, make_setting(there), str(assumption_table()["part"].to_dict()[name]))


def _screened(
    scenario: Scenario, base: xr.Dataset, plan: xr.Dataset, table: pd.DataFrame, swing: float
) -> pd.DataFrame:
    """Shift of each adder when it is less and when it is more; where costs are linear, one move tells both."""
    rivals = rivals_of(base, plan)
    rows = {}
    for name, part in table["part"].items():
        rise, fall = shifts(rivals, likely_costs(_moved(scenario, base, str(name), swing), plan))
        if part in OPTIONAL:
            fall, _ = shifts(rivals, likely_costs(_moved(scenario, base, str(name), -swing), plan))
        rows[str(name)] = (fall, rise)
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(MOVES), dtype=float)


@dataclass(frozen=True)
class _Answer:
    """What became of the plan when one adder moved one way."""

    outcome: str
    opens: list[str] = field(default_factory=list)
    drops: list[str] = field(default_factory=list)
    regret: float = float("nan")


def _resolved(scenario: Scenario, base: xr.Dataset, plan: xr.Dataset, name: str, share: float, run: Solving) -> _Answer:
    """Solve the moved instance and compare with the old plan at the moved prices."""
    instance, label = _moved(scenario, base, name, share), f"{name} {share:+.0%}"
    try:
        new = run.solve(instance, label)
        before, after = opened(plan), opened(new)
        if before == after:
            return _Answer("same sites", regret=0.0)
        kept = run.solve(keeping_sites(instance, plan), f"{label}, sites kept")
    except NoPlan:
        return _Answer("no plan")
    except Infeasible:
        return _Answer("other sites", sorted(after - before), sorted(before - after), float("inf"))
    regret = max(0.0, float(kept.attrs["objective_cny"]) - float(new.attrs["objective_cny"]))
    if regret == 0.0:  # the old sites are as good, so the new ones are a matter of taste
        return _Answer("same sites", regret=0.0)
    outcome = "other sites" if regret > gap_cny(plan) else "other sites, within the gap"
    return _Answer(outcome, sorted(after - before), sorted(before - after), regret)


def keeping_sites(instance: xr.Dataset, plan: xr.Dataset) -> xr.Dataset:
    """The instance with the sites a plan opens, open when it opens them, and no others; all else stays free."""
    candidate = instance["site_kind"] == "candidate"
    is_open = (plan["is_open"] > 0) & candidate
    return instance.assign(
        site_allowed=instance["site_allowed"] & (is_open.any("period") | ~candidate),
        open_forced=instance["open_forced"] | is_open,
    )


def _dataset(table: pd.DataFrame, shifted: pd.DataFrame, found: dict[tuple[str, str], _Answer]) -> xr.Dataset:
    def texts(take: str) -> Array:
        rows = [[getattr(found[name, move], take) for move in MOVES] for name in table.index]
        joined = [[value if isinstance(value, str) else " ".join(value) for value in row] for row in rows]
        return np.array(joined, dtype=object).reshape(len(table), len(MOVES))

    both = ("adder", "move")
    regret = np.array([[found[name, move].regret for move in MOVES] for name in table.index], dtype=float)
    return xr.Dataset(
        {
            **{name: ("adder", table[name].to_numpy(dtype=object)) for name in ("unit", "meaning", "part")},
            "value": ("adder", table["value"].to_numpy(dtype=float)),
            "shift": (both, shifted.to_numpy(dtype=float).reshape(-1, 2), {"units": "CNY"}),
            "regret": (both, regret.reshape(-1, 2), {"units": "CNY"}),
            **{name: (both, texts(name)) for name in ("outcome", "opens", "drops")},
        },
        coords={"adder": table.index.to_numpy(dtype=object), "move": list(MOVES)},
    )


def sensitivity_text(study: xr.Dataset) -> str:
    """The study in sentences, the adders that decide first."""
    return "\n".join([*_deciding(study), *_others(study)])


def _deciding(study: xr.Dataset) -> Iterator[str]:
    swing = f"{float(study.attrs['swing']):.0%}"
    for adder in study["adder"].values:
        for move in MOVES:
            at = study.sel(adder=adder, move=move)
            if not str(at["outcome"].item()).startswith("other sites"):
                continue
            changes = [("opens", at["opens"].item()), ("leaves", at["drops"].item())]
            told = " and ".join(f"{verb} {sites.replace(' ', ', ')}" for verb, sites in changes if sites)
            weight = "" if at["outcome"].item() == "other sites" else ", less than the plan's gap"
            yield (
                f"{adder} {swing} {move}: the plan {told}; keeping the old sites would cost "
                f"{money(float(at['regret']))} more{weight}."
            )


def _others(study: xr.Dataset) -> Iterator[str]:
    outcome, gap = study["outcome"], float(study.attrs["gap_cny"])
    steady = [str(name) for name in study["adder"].values[(outcome == "same sites").all("move").values]]
    if steady:
        yield f"Solved for, and the same sites stay worth opening: {', '.join(steady)}."
    unsettled = [
        str(name) for name in study["adder"].values[outcome.isin(["not solved", "no plan"]).any("move").values]
    ]
    if unsettled:
        yield f"Not settled, they shift more than the gap but were not solved for: {', '.join(unsettled)}."
    below = int((outcome == "below the gap").all("move").sum())
    if below:
        yield (
            f"{below} of {study.sizes['adder']} estimates shift less between sites than the plan's own gap of "
            f"{money(gap)}, so moving them cannot be told from it."
        )
