"""At what price a kind of hall stops paying: in closed form at every site, and in whole plans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import xarray as xr

from data.evidence import assumption_table, assumptions
from data.instance import build_instance
from data.scenario import Scenario
from data.scenario.reading import with_overrides
from model.amounts import MILLION, money
from model.studies.hall_costs import hall_costs
from model.studies.solving import Solving, gap_cny

Array = np.ndarray[Any, Any]
TUNNELLING = "costs_cave_tunnelling_cny_per_mw"


def breakeven(
    scenario: Scenario,
    hall_type: str = "cave",
    lever: str = TUNNELLING,
    trials: Sequence[float] | None = None,
    solving: Solving | None = None,
) -> xr.Dataset:
    """The value of a named assumption at which a hall type costs as much as the cheapest other, by site.

    Closed form, by site and period of building, on the workloads the type can host: breakeven (in the lever's
    unit; below zero it never pays; nan where the site does not permit the type), rival (hall type), extra (CNY
    per MW of usable load at the value assumed), and extra by part. With `trials` whole plans are solved at those
    values (None: around the best break-even; empty: none): halls, objective_cny and gap_cny by trial.
    """
    assumed, low, high = _assumed(scenario, lever)
    step = assumed or 1.0
    here, there = build_instance(scenario), build_instance(_at(scenario, lever, assumed + step))
    found = _closed_form(here, there, hall_type, step, assumed)
    found = found.assign_attrs(
        study="breakeven", name=scenario.name, hall_type=hall_type, lever=lever, assumed=assumed,
        low=low, high=high, unit=str(assumption_table()["unit"].to_dict()[lever]),
    )  # fmt: skip
    values = _around(found) if trials is None else [float(value) for value in trials]
    return found.merge(_solved(scenario, hall_type, lever, values, solving or Solving()), combine_attrs="override")


def _assumed(scenario: Scenario, lever: str) -> tuple[float, float, float]:
    """Value of an assumption in the study, and the range of the embedded estimate."""
    low, high = (assumption_table()[column].astype(float).to_dict()[lever] for column in ("low", "high"))
    return assumptions(scenario.assumptions)[lever], low, high


def _at(scenario: Scenario, lever: str, value: float) -> Scenario:
    return with_overrides(scenario, {f"assumptions.{lever}": value})


def _closed_form(here: xr.Dataset, there: xr.Dataset, hall_type: str, step: float, assumed: float) -> xr.Dataset:
    """Costs are linear in the lever, so two values of it tell the break-even."""
    workloads = here["can_host"].sel(hall_type=hall_type).values.astype(bool)
    costs, moved = hall_costs(here, workloads), hall_costs(there, workloads)
    others = here["hall_buildable"] & (here["hall_type"] != hall_type)
    others = others & here["can_host"].isel(workload=np.flatnonzero(workloads)).all("workload")
    total = costs.sum("part")
    rivals = total.where(here["hall_type_allowed"] & here["site_allowed"] & others, np.inf)
    rival = rivals.idxmin("hall_type").where(np.isfinite(rivals.min("hall_type")), "")
    cheapest = costs.isel(hall_type=rivals.argmin("hall_type")).drop_vars("hall_type")
    extra = costs.sel(hall_type=hall_type, drop=True) - cheapest
    rise = (moved - costs).sum("part").isel(hall_type=rivals.argmin("hall_type")).drop_vars("hall_type")
    slope = ((moved - costs).sum("part").sel(hall_type=hall_type, drop=True) - rise) / step
    permitted = (here["hall_type_allowed"].sel(hall_type=hall_type, drop=True) & here["site_allowed"]).reset_coords(
        drop=True
    )
    possible = permitted & here["open_allowed"]
    value = (assumed - extra.sum("part") / slope).where(possible)
    return xr.Dataset(
        {
            "permitted": permitted,
            "breakeven": value,
            "rival": rival.astype(object),
            "extra": extra.sum("part").where(possible).assign_attrs(units="CNY/MW"),
            "extra_by_part": extra.where(possible).assign_attrs(units="CNY/MW"),
        }
    )


def _around(found: xr.Dataset) -> list[float]:
    """A value below and one above the best break-even of all sites, when there is one."""
    best = float(found["breakeven"].max())
    return [best * 0.75, best * 1.25] if np.isfinite(best) and best > 0 else []


def _solved(scenario: Scenario, hall_type: str, lever: str, values: Sequence[float], run: Solving) -> xr.Dataset:
    """Whole plans at some values of the lever."""
    plans = [run.solve(build_instance(_at(scenario, lever, value)), f"{lever} = {value:g}") for value in values]
    halls = [plan["built_halls"].sel(hall_type=hall_type).isel(period=-1).sum().item() for plan in plans]
    return xr.Dataset(
        {
            "halls": ("trial", np.array(halls, dtype=np.int64)),
            "objective_cny": ("trial", np.array([plan.attrs["objective_cny"] for plan in plans], dtype=float)),
            "gap_cny": ("trial", np.array([gap_cny(plan) for plan in plans], dtype=float)),
        },
        coords={"trial": np.array(values, dtype=float)},
    )


def breakeven_text(study: xr.Dataset) -> str:
    """The study in sentences."""
    return "\n".join([*_best(study), *_trials(study)])


def _best(study: xr.Dataset) -> Iterator[str]:
    """Where the hall type comes nearest to paying, and at what value of the lever it would."""
    kind, unit = study.attrs["hall_type"], study.attrs["unit"]
    low, high, assumed = (float(study.attrs[name]) for name in ("low", "high", "assumed"))
    best = study["breakeven"].max("period").to_series().dropna().sort_values(ascending=False)
    if best.empty:
        yield f"No site of this study permits {kind} halls."
        return
    site, value = str(best.index[0]), float(best.iloc[0])
    period = int(study["breakeven"].sel(site=site).fillna(-np.inf).argmax("period"))
    at = study.sel(site=site).isel(period=period)
    extra = float(at["extra"])
    yield f"{len(best)} sites permit {kind} halls: {', '.join(map(str, best.index))}."
    yield (
        f"At the {assumed:,.0f} {unit} assumed, one built at {site} in {int(at['period'])} costs "
        f"{money(abs(extra), MILLION)} {'more' if extra > 0 else 'less'} per MW over the horizon than the cheapest "
        f"other hall ({at['rival'].item()}): {_parts(at['extra_by_part'])}."
    )
    yield f"It breaks even at {value:,.0f} {unit}, the best of all sites: {_range(value, low, high)}."
    if others := [f"{name} {price:,.0f}" for name, price in best.iloc[1:6].items()]:
        yield f"Elsewhere: {', '.join(others)}."


def _parts(extra: xr.DataArray) -> str:
    told = [(str(name), float(value)) for name, value in zip(extra["part"].values, extra.values, strict=True)]
    return ", ".join(f"{name.replace('_', ' ')} {value / 1e6:+.2f} m" for name, value in told if abs(value) >= 5e3)


def _range(value: float, low: float, high: float) -> str:
    if value <= 0:
        return "it pays at no price"
    if value < low:
        return f"below the range of the estimate ({low:,.0f} to {high:,.0f}), so it pays nowhere in it"
    if value > high:
        return f"above the range of the estimate ({low:,.0f} to {high:,.0f}), so it pays throughout"
    return f"within the range of the estimate ({low:,.0f} to {high:,.0f}), so the estimate decides"


def _trials(study: xr.Dataset) -> Iterator[str]:
    """What whole plans do; a small hall may also be there because it fits a remainder."""
    for trial in study["trial"].values:
        plan = study.sel(trial=trial)
        yield (
            f"A plan solved at {trial:,.0f} has {int(plan['halls'])} of them in the last period; it is proved to "
            f"within {money(float(plan['gap_cny']))}."
        )
