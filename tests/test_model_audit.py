"""The audit passes a true plan and names what is wrong with spoiled copies of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr

from model.accounts import ACCOUNTS
from model.audit import audit, exported_persons
from model.events import SolveOptions
from model.solver import solve
from tests.synthetic import synthetic_instance


@pytest.fixture(scope="module")
def case() -> tuple[xr.Dataset, xr.Dataset]:
    places = np.array(["HK", "CN", "HK", "CN", "HK", "CN", "CN"], dtype=object)
    instance = synthetic_instance(sites=6, origins=3, workloads=2, seed=2, site_jurisdiction=places)
    at_home = instance["site_jurisdiction"] == "CN"
    instance["grid_price"] = instance["grid_price"].where(
        ~at_home, instance["grid_price"] * 3
    )  # so that someone is exported
    return instance, solve(instance, SolveOptions(gap=0.02, time_limit_s=60, threads=1))


def spoiled(solution: xr.Dataset, name: str, change: Callable[[np.ndarray], None]) -> xr.Dataset:
    copy = solution.copy(deep=True)
    change(copy[name].to_numpy())
    return copy


def a_hall_less(halls: np.ndarray) -> None:
    halls[tuple(np.argwhere(halls[..., -1] > 0)[0])] = 0


def first_share_halved(share: np.ndarray) -> None:
    share[0] *= 0.5


def test_a_true_plan_passes(case: tuple[xr.Dataset, xr.Dataset]) -> None:
    assert audit(*case) == []


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("halls", a_hall_less, "load exceeds the halls"),
        ("built_halls", lambda built: np.add(built[..., 0], 9, out=built[..., 0]), "halls"),
        ("assignment_share", first_share_halved, "not served in full"),
        ("grid_steps", lambda steps: steps.fill(0), "exceeds the grid connection"),
        ("is_open", lambda is_open: is_open.fill(0), "not open"),
        ("hosted", lambda hosted: np.multiply(hosted, 0.5, out=hosted), "hosted load is not the load served"),
        ("account_cost", lambda cost: np.multiply(cost, 0.9, out=cost), "accounts add up"),
        ("contract", lambda contract: np.add(contract, 1e6, out=contract), "exceeds what is offered"),
        ("kept_halls", lambda kept: np.add(kept, 50, out=kept), "more existing halls are kept"),
    ],
)
def test_a_spoiled_plan_is_named(
    case: tuple[xr.Dataset, xr.Dataset], name: str, change: Callable[[np.ndarray], None], said: str
) -> None:
    instance, solution = case
    faults = audit(instance, spoiled(solution, name, change))
    assert any(said in fault for fault in faults), faults


def test_replicas_moved_into_one_zone_are_named(case: tuple[xr.Dataset, xr.Dataset]) -> None:
    instance, solution = case
    together = instance.copy()
    together["site_zone"] = ("site", np.full(instance.sizes["site"], "one zone", dtype=object))
    assert any("share a zone" in fault for fault in audit(together, solution))


def test_a_tier_below_the_persons_exported_is_named(case: tuple[xr.Dataset, xr.Dataset]) -> None:
    instance, solution = case
    exported = exported_persons(instance, solution)
    if not any(exported.values()):  # force the question: nobody may be exported under the tier of nobody
        pytest.fail("the case must export someone, or this test says nothing")
    nobody = instance.copy()
    nobody["export_tier_people"] = instance["export_tier_people"] * 0
    assert any("its tier permits" in fault for fault in audit(nobody, solution))


def test_a_bound_above_the_objective_is_named(case: tuple[xr.Dataset, xr.Dataset]) -> None:
    instance, solution = case
    wrong = solution.assign_attrs(bound_cny=solution.attrs["objective_cny"] * 1.01)
    assert "the bound is above the objective" in audit(instance, wrong)


def test_a_plan_of_other_sites_is_told_as_such(case: tuple[xr.Dataset, xr.Dataset]) -> None:
    instance, solution = case
    other = solution.isel(site=slice(None, None, -1))
    assert audit(instance, other) == ["the plan's labels of site are not those of the instance"]


@pytest.mark.parametrize("name", ["hosted", "contract", "assignment_share", "account_cost", "certificates"])
def test_what_is_no_number_is_named(case: tuple[xr.Dataset, xr.Dataset], name: str) -> None:
    """No comparison with it is true, so that every limit would seem kept."""

    def lose(values: np.ndarray) -> None:
        values.flat[0] = np.nan

    instance, solution = case
    assert f"{name} holds what is no finite number" in audit(instance, spoiled(solution, name, lose))


def test_a_bill_that_is_no_number_is_named(case: tuple[xr.Dataset, xr.Dataset]) -> None:
    instance, solution = case
    assert audit(instance, solution.assign_attrs(objective_cny=np.nan)) == ["the objective is no finite number"]


@pytest.mark.parametrize("account", ACCOUNTS)
def test_an_account_that_does_not_follow_from_the_plan_is_named(
    case: tuple[xr.Dataset, xr.Dataset], account: str
) -> None:
    """A million moved from one account to another: the sum is as before."""
    instance, solution = case
    costs = solution["account_cost"].copy(deep=True)
    other = "halls" if account != "halls" else "land"
    costs.loc[{"account": account}][0, 0] += 1e6
    costs.loc[{"account": other}][0, 0] -= 1e6
    found = audit(instance, solution.assign(account_cost=costs))
    assert len(found) == 2
    assert all(any(f"the account {name} is" in fault for fault in found) for name in (account, other))


@pytest.mark.parametrize(
    ("limit", "dim", "value", "told"),
    [
        ("pue_ceiling", "site", 1.0, "new halls exceed a PUE ceiling"),
        ("water_permit", "site", 0.0, "water exceeds a permit"),
        ("carbon_limit", "period", 0.0, "emissions exceed the carbon budget"),
        ("capital_limit", "period", 0.0, "cash capital exceeds the budget"),
        ("site_limit", "period", 0.0, "too many sites are open"),
        ("green_share", "site", 1.0, "a site's green share is not reached"),
    ],
)
def test_a_limit_that_is_not_kept_is_named(
    case: tuple[xr.Dataset, xr.Dataset], limit: str, dim: str, value: float, told: str
) -> None:
    instance, solution = case
    assert told in audit(instance.assign({limit: (dim, np.full(instance.sizes[dim], value))}), solution)


@pytest.mark.parametrize("name", ["water", "carbon", "facility_energy", "it_energy", "grid_energy"])
def test_a_yearly_amount_told_wrong_is_named(case: tuple[xr.Dataset, xr.Dataset], name: str) -> None:
    instance, solution = case
    assert audit(instance, solution.assign({name: solution[name] * 0.5})) == [f"{name} is not what the plan comes to"]


def test_energy_under_a_policy_tariff_that_nobody_took_up_is_named(case: tuple[xr.Dataset, xr.Dataset]) -> None:
    instance, solution = case
    offered = xr.full_like(solution["policy_energy"], 40.0)
    asked = instance.assign(
        policy_discount=offered, policy_energy_limit=offered * 1e4, policy_minimum_load=("site", np.full(7, 1e3))
    )
    assert audit(asked, solution) == []
    found = audit(asked, solution.assign(policy_energy=offered))
    assert "more is bought under a policy tariff than it covers" in found
    taken = audit(asked, solution.assign(policy_energy=offered, policy_uptake=solution["policy_uptake"] + 1))
    assert "a policy tariff is taken up below its least load" in taken
