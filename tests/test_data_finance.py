"""Discounting and annuities, re-derived by hand."""

import doctest
from importlib import import_module

import pytest

from data.finance import annuity, finance, year_weight
from data.frame import make_setting
from data.scenario import Scenario


def study(**finance_terms):
    return make_setting(Scenario.model_validate({"name": "money", "finance": finance_terms}))


def test_an_annuity_repays_its_capital_over_the_life():
    payments = [annuity(0.08, 20) / 1.08**year for year in range(1, 21)]
    assert sum(payments) == pytest.approx(1.0, rel=1e-12)


def test_without_interest_an_annuity_is_an_equal_part_of_the_capital():
    assert annuity(0.0, 25) == 1 / 25


def test_without_interest_a_period_weighs_its_years():
    terms = finance(study(discount_rate=0.0))
    assert terms["year_weight"].values.tolist() == terms["period_years"].values.tolist() == [2.0] * 5


def test_a_period_sums_its_discounted_years_the_last_included():
    """2034 and 2035 seen from 2026 at 8 %: 1.08^-8 + 1.08^-9."""
    weight = finance(study()).sel(period=2034)["year_weight"].item()
    assert weight == pytest.approx(1.08**-8 + 1.08**-9)


def test_periods_together_are_the_discounted_years_of_the_horizon():
    assert finance(study())["year_weight"].sum().item() == pytest.approx(year_weight(2026, 2036, 0.08, 2026))


def test_weights_agree_with_those_of_the_setting():
    setting = study(discount_rate=0.05, base_year=2024)
    expected = setting.periods["discounted_years"].to_numpy()
    assert finance(setting)["year_weight"].values == pytest.approx(expected)


@pytest.mark.parametrize("module", ["finance", "hall_prices", "load_shape", "demand", "ingest.demand"])
def test_examples_in_docstrings_hold(module):
    result = doctest.testmod(import_module(f"data.{module}"))
    assert result.attempted > 0
    assert result.failed == 0
