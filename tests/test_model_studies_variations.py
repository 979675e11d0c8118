"""Plans that differ in where some halls stand, priced without a solve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from model.accounts import ACCOUNTS
from model.audit import audit
from model.events import SolveOptions
from model.solution import account_costs, as_dataset
from model.solver import solve
from model.studies.moved_estimates import with_contracts
from model.studies.pricing import plan_of
from model.studies.site_books import Holding, connected, contracted_best, cost_of, fits
from model.studies.variations import Variations, change, variations_of
from tests.synthetic import synthetic_instance

SERVING = ("network", "latency", "compliance")


@pytest.fixture(scope="module")
def instance() -> xr.Dataset:
    return synthetic_instance(sites=8, origins=4, workloads=3, periods=2, blocks=2, hydro_years=3, law=False, seed=3)


@pytest.fixture(scope="module")
def found(instance: xr.Dataset) -> Variations:
    plan, a = plan_of(instance, solve(instance, SolveOptions(gap=0.02, time_limit_s=60)))
    return variations_of(a, plan)


def test_the_books_of_a_site_are_its_accounts(found: Variations) -> None:
    rows = [n for n, name in enumerate(ACCOUNTS) if name not in SERVING]
    accounts = account_costs(found.plan, found.a)[rows, :-1].sum(axis=(0, 2))
    assert cost_of(found.x, found.whole) == pytest.approx(accounts, rel=1e-9)


def test_a_plan_keeps_its_own_limits_and_needs_the_steps_it_has(found: Variations) -> None:
    assert fits(found.x, found.whole).all()
    new = found.x.is_candidate
    assert (connected(found.x, found.whole).steps[new] <= found.plan.steps[new]).all()


def test_contracts_chosen_anew_never_cost_more(found: Variations) -> None:
    again = contracted_best(found.x, found.whole)
    assert (cost_of(found.x, again) <= cost_of(found.x, found.whole) + 1.0).all()
    none = replace(found.whole, contract=np.zeros_like(found.whole.contract))
    assert (cost_of(found.x, contracted_best(found.x, none)) <= cost_of(found.x, none) + 1.0).all()


def test_a_little_more_or_less_of_any_contract_costs_more(found: Variations) -> None:
    x, site = found.x, int(np.flatnonzero(found.plan.contract.sum(axis=(1, 2)))[0])
    held = found.whole.at(np.array([site]))
    best = contracted_best(x, held).contract
    for extra in (-0.01, 0.01):
        for e in range(x.size("energy_source")):
            other = best.copy()
            other[:, e] = np.clip(other[:, e] * (1 + extra), 0.0, x.contract_limit[[site], e])
            assert cost_of(x, replace(held, contract=other)) >= cost_of(x, replace(held, contract=best)) - 1.0


def test_every_variation_is_a_plan_that_keeps_everything_and_costs_what_was_said(
    instance: xr.Dataset, found: Variations
) -> None:
    assert len(found.moves) > 10
    held: Holding = contracted_best(found.x, found.after)
    said = change(found, found.x, held) + found.dearer_to_serve(found.x)
    before = float(account_costs(found.plan, found.a).sum())
    for at in range(0, len(found.moves), max(1, len(found.moves) // 25)):
        plan = with_contracts(found, at, held)
        cost = float(account_costs(plan, found.a).sum())
        assert cost - before == pytest.approx(said[at], abs=1e-7 * before)
        facts = {"objective_cny": cost, "bound_cny": 0.0}
        assert audit(instance, as_dataset(plan, found.a, facts)) == []


def test_sites_change_where_all_halls_leave_or_the_first_arrive(found: Variations) -> None:
    built = found.plan.built[:, :, -1].sum(axis=1)
    for move, changes in zip(found.moves, found.changes_sites(), strict=True):
        closes = move.leaves[:, -1].sum() == built[move.origin] and not found.x.open_forced[move.origin].any()
        opens = built[move.target] == 0 and not found.plan.is_open[move.target, -1]
        assert changes == (closes or opens)
