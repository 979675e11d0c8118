"""Droughts: a plan made for the mean year beside one made for all years, both lived through every year."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import numpy as np
import xarray as xr

from model.amounts import BILLION, megawatts, money
from model.audit import audit
from model.studies.pricing import present_cost_by_year, replayed, yearly_costs
from model.studies.solving import Solving, gap_cny, opened

STRESS_YEARS = (2022, 2023)  # Sichuan's August, Guizhou's and Yunnan's spring
MEAN_YEAR = 0  # the label of the one year that stands for all
PLANS = {"mean_year": "made for the mean year", "distribution": "made for all years"}
GWH = 1e3


def stress(
    instance: xr.Dataset,
    solution: xr.Dataset | None = None,
    stress_years: Iterable[int] = STRESS_YEARS,
    solving: Solving | None = None,
) -> xr.Dataset:
    """The plan for the mean hydrological year against the plan for the distribution, year by year.

    `solution` is the plan for the distribution where one is at hand. Both are evaluated on every hydrological
    year in closed form. By plan: promised_cost, expected_cost, gap (CNY), built_halls, contract; by plan and
    hydro_year: present_cost (as if each year were that one, CNY), backup_energy (MWh over the horizon); by
    hydro_year: probability, stress_year. Attribute `broken`: per plan, what it breaks, as JSON.
    """
    run = solving or Solving()
    averaged = mean_year(instance)
    plans = {
        "mean_year": run.solve(averaged, "plan for the mean year"),
        "distribution": solution if solution is not None else run.solve(instance, "plan for all years"),
    }
    lived = [_lived(instance, plan) for plan in plans.values()]
    found = xr.concat(lived, xr.DataArray(list(plans), dims="plan", name="plan"), join="exact")
    years = instance["hydro_year"].values
    found["probability"] = instance["hydro_year_probability"]
    found["stress_year"] = ("hydro_year", np.isin(years, list(stress_years)))
    broken = {name: audit(instance, replayed(instance, plan)) for name, plan in plans.items()}
    return found.assign_attrs(study="stress", name=instance.attrs.get("name", ""), broken=json.dumps(broken))


def mean_year(instance: xr.Dataset) -> xr.Dataset:
    """The instance with one hydrological year: the mean of all, weighted by their probabilities."""
    chance = instance["hydro_year_probability"]
    moving = [name for name, value in instance.data_vars.items() if "hydro_year" in value.dims]
    averaged = {
        name: (instance[name] * chance).sum("hydro_year").expand_dims(hydro_year=[MEAN_YEAR])
        .transpose(*instance[name].dims).assign_attrs(instance[name].attrs)
        for name in moving
        if name != "hydro_year_probability"
    }  # fmt: skip
    averaged["hydro_year_probability"] = xr.ones_like(chance[:1]).assign_coords(hydro_year=[MEAN_YEAR])
    return instance.drop_dims("hydro_year").assign(averaged)


def _lived(instance: xr.Dataset, plan: xr.Dataset) -> xr.Dataset:
    """One plan through every hydrological year."""
    present = present_cost_by_year(instance, plan)
    backup = yearly_costs(instance, plan)["backup_energy"].sum("site") * instance["period_years"]
    cny = {"units": "CNY"}
    return xr.Dataset(
        {
            "promised_cost": ((), float(plan.attrs["objective_cny"]), cny),
            "gap": ((), gap_cny(plan), cny),
            "expected_cost": ((), float((present * instance["hydro_year_probability"]).sum()), cny),
            "present_cost": present.assign_attrs(cny),
            "backup_energy": backup.sum("period").assign_attrs(units="MWh"),
            "built_halls": plan["built_halls"],
            "contract": plan["contract"],
        }
    )


def stress_text(study: xr.Dataset) -> str:
    """The study in sentences for planners."""
    return "\n".join([*_promises(study), *_difference(study), *_named_years(study), *_what_differs(study)])


def _promises(study: xr.Dataset) -> Iterator[str]:
    for name, words in PLANS.items():
        plan = study.sel(plan=name)
        worst = int(plan["hydro_year"][int(plan["present_cost"].argmax("hydro_year"))])
        yield (
            f"The plan {words} promises {_bn(plan['promised_cost'])}; over all years it costs "
            f"{_bn(plan['expected_cost'])}, and {_bn(plan['present_cost'].max())} if every year were {worst}."
        )
        for fault in json.loads(study.attrs["broken"])[name]:
            yield f"  It breaks a requirement once the years differ: {fault}."


def _difference(study: xr.Dataset) -> Iterator[str]:
    saved, gap = _saving(study["expected_cost"]), float(study["gap"].max())
    if abs(saved) <= gap:
        yield (
            f"Over all years the two differ by {money(abs(saved))}, less than the {money(gap)} to which they "
            "are proved: planning for the mean year does no provable harm here."
        )
    else:
        verb = "saves" if saved > 0 else "costs"
        yield f"Planning for all years {verb} {money(abs(saved))} in expectation (gap {money(gap)})."


def _named_years(study: xr.Dataset) -> Iterator[str]:
    usual = float(study["expected_cost"].sel(plan="distribution"))
    for year in study["hydro_year"].values[study["stress_year"].values]:
        lived = study.sel(hydro_year=year)
        dearer = float(lived["present_cost"].sel(plan="distribution")) - usual
        saved = _saving(lived["present_cost"])
        mean, spread = (float(lived["backup_energy"].sel(plan=name)) / GWH for name in PLANS)
        yield (
            f"If every year were {year}, the plan made for all years would cost {money(abs(dearer))} "
            f"{'more' if dearer >= 0 else 'less'} than in expectation, and the one made for the mean year "
            f"{money(abs(saved))} {'more' if saved >= 0 else 'less'} than that. "
            f"Own backup: {spread:,.0f} GWh against {mean:,.0f} GWh."
        )


def _what_differs(study: xr.Dataset) -> Iterator[str]:
    sites = {name: opened(study.sel(plan=name)) for name in PLANS}
    for name, other in (("mean_year", "distribution"), ("distribution", "mean_year")):
        if only := sorted(sites[name] - sites[other]):
            yield f"Only the plan {PLANS[name]} builds at {', '.join(only)}."
    contracts = study["contract"].isel(period=-1).sum("site")
    for source in contracts["energy_source"].values:
        mean, spread = (float(contracts.sel(plan=name, energy_source=source)) for name in PLANS)
        if abs(mean - spread) >= 1:
            told = f"{megawatts(spread)} MW instead of {megawatts(mean)} MW"
            yield f"Contracted {source} in the last period: {told}."


def _saving(cost: xr.DataArray) -> float:
    """What the plan made for all years saves against the one made for the mean year."""
    return float(cost.sel(plan="mean_year") - cost.sel(plan="distribution"))


def _bn(amount: xr.DataArray) -> str:
    return money(float(amount), BILLION)
