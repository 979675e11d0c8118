"""Contracts that would be best for a usual load, against a search over a fine grid of them; and the cuts made there."""

from __future__ import annotations

import numpy as np

from model.assignment import Assignment
from model.likely_contracts import likely_contracts
from model.problem import Problem
from model.solver.compiling import compile_core
from model.solver.engine import framed
from model.solver.master import Master
from model.solver.recourse import begin_again, begin_cuts
from tests.synthetic import synthetic_instance


def net(contract: np.ndarray, load: np.ndarray, delivery: np.ndarray, worth: np.ndarray, price: np.ndarray) -> float:
    """What the covered part of a load is worth, less what contracts cost."""
    covered = np.minimum(load[:, None], np.einsum("esy,e->sy", delivery, contract))
    return float((worth * covered).sum() - price @ contract)


def test_contracts_come_within_a_hundredth_of_the_best_of_ten_thousand() -> None:
    r = np.random.default_rng(7)
    load, worth = r.uniform(0.6, 1.0, (5, 12)), r.uniform(0.5, 1.5, (5, 12, 4))
    delivery = r.uniform(0.0, 1.0, (5, 2, 12, 4))
    price = np.array([0.45, 0.55]) * (worth[:, None] * delivery).sum(axis=(2, 3))
    found = likely_contracts(load, delivery, worth, price)
    axis = np.linspace(0, 2, 101)
    for n in range(5):
        here = load[n], delivery[n], worth[n], price[n]
        best = max(net(np.array([a, b]), *here) for a in axis for b in axis)
        assert best > 0
        assert net(found[n], *here) >= 0.99 * best


def test_nothing_is_contracted_that_is_not_offered_or_dearer_than_all_it_could_save() -> None:
    load, worth, delivery = np.ones((1, 6)), np.ones((1, 6, 2)), np.full((1, 2, 6, 2), 0.5)
    found = likely_contracts(load, delivery, worth, np.array([[np.inf, 6.1]]))  # 6 × 2 × 0.5 × 1 = 6 is all it saves
    assert (found == 0).all()


def test_a_master_that_begins_again_is_bounded_by_load_and_by_contracts_whatever_it_was_given() -> None:
    x = Problem(synthetic_instance(sites=3, periods=2, hydro_years=3, seed=5))
    core = compile_core(framed(x, None))
    master = Master(x, core, Assignment(x), np.ones((x.size("stream"), x.size("period"))))
    there = core.at["contract_saving"] >= 0
    begin_cuts(master)
    some = [(name, cuts, np.logical_not(cuts.covered.all(axis=(1, 2))), rows) for name, cuts, rows in master.cuts]
    master.cuts = [(name, cuts.chosen(flags), rows) for name, cuts, flags, rows in some]  # as a basis may leave them
    begin_again(master)
    bounded = np.zeros_like(there)
    for _, cuts, _ in master.cuts:
        every = cuts.covered.all(axis=(1, 2))
        bounded[cuts.site[every], cuts.period[every]] = True
    assert there.any()
    assert (bounded == there).all()
