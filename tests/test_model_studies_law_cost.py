"""What each rule of law costs a plan."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from data.instance import build_instance
from data.scenario import Scenario
from data.scenario.reading import read_scenario
from model.events import Event, SolveOptions
from model.studies.law_cost import differs, law_cost, law_cost_text, legal_reach, without_rule
from model.studies.solving import Solving

LOCAL_OPERATOR = "CN-TELECOM-B11"  # a foreign firm may not run halls on the mainland alone
CONSENT = "CN-CSL-42"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """The foreign cloud in 2018: photos of two provinces, one season's resolution."""
    return read_scenario(
        "foreign-cloud-2017",
        {
            "time.periods": [2018], "time.last_year": 2020,
            "time.resolution": "season", "time.hydro_years": [2018],
            "demand.workloads": ["storage"], "demand.provinces": ["beijing", "guangdong"],
        },
    )  # fmt: skip


@pytest.fixture(scope="module")
def told() -> list[Event]:
    return []


@pytest.fixture(scope="module")
def study(scenario: Scenario, told: list[Event]) -> xr.Dataset:
    return law_cost(scenario, solving=Solving(SolveOptions(gap=0.002, time_limit_s=60), told.append))


def test_no_rule_s_removal_makes_the_plan_dearer(study: xr.Dataset) -> None:
    assert (study["cost"] >= 0).all()
    assert (study["cost_low"] <= study["cost"] + 1).all()
    assert (study["cost"] <= study["cost_high"] + 1).all()


def test_the_ring_fenced_operator_is_what_the_catalogue_rule_costs(study: xr.Dataset, scenario: Scenario) -> None:
    """Without the rule the cloud runs its own halls: the fixed cost of a local operator falls away."""
    instance = build_instance(scenario)
    fixed = float((instance["ring_fence_cost"].sel(jurisdiction="CN") * instance["year_weight"]).sum())
    cost = study.sel(rule=LOCAL_OPERATOR)
    assert fixed > 0
    assert float(cost["cost_high"]) >= fixed * 0.99
    assert float(cost["cost"]) <= study.attrs["objective_cny"]


def test_a_rule_whose_removal_changes_no_transfer_is_not_solved_for(
    scenario: Scenario, study: xr.Dataset, told: list[Event]
) -> None:
    solved = {event.message.split(":")[0] for event in told} - {"plan under the law"}
    reaching = study["rule"].values[study["reaches"].values]
    assert solved == {f"without {rule}" for rule in reaching}
    instance = build_instance(scenario)
    assert not differs(legal_reach(instance), legal_reach(build_instance(scenario)))
    assert differs(legal_reach(instance), legal_reach(build_instance(without_rule(scenario, LOCAL_OPERATOR))))


def test_a_rule_already_off_stays_off(scenario: Scenario) -> None:
    twice = without_rule(without_rule(scenario, CONSENT), LOCAL_OPERATOR)
    assert twice.law.rules.off == (CONSENT, LOCAL_OPERATOR)


def test_loads_by_jurisdiction_add_up_to_the_same_total(study: xr.Dataset) -> None:
    np.testing.assert_allclose(study["mw_with"].sum("jurisdiction"), study["mw_without"].sum("jurisdiction"), rtol=1e-6)


def test_the_text_cites_the_instrument_and_is_no_advice(study: xr.Dataset) -> None:
    text = law_cost_text(study)
    assert "Classified Catalogue of Telecommunications Services" in text
    assert "the plan without it is" in text
    assert "no legal advice" in text
