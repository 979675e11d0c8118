"""What is told about a study's law: contradictions, copies, what each rule closes, questions for counsel."""

from __future__ import annotations

import pandas as pd
import pytest
import xarray as xr

from data.law import (
    conflicts,
    counsel_questions,
    evidence_law,
    law,
    legal_cases_of,
    restrictive_rules,
    rule_base,
)
from data.law.cells import Cells, compiled_cells
from data.law.classes import TIERS
from data.law.match import OPERATOR_MODES
from data.law.rules import turned_off_is_free
from tests.law_study import setting, study


def test_exposure_to_contradicting_laws_is_reported_priced_or_forbidden() -> None:
    def european(exposure: str) -> xr.Dataset:
        chosen = setting(markets={"de": 5}, operator_nationality="US", exposure=exposure)
        return law(chosen).sel(legal_case="EU/personal/operator", jurisdiction="EU", period=2028)

    reported, priced, forbidden = european("report"), european("price"), european("forbid")
    assert reported["transfer_allowed"].values.tolist() == [True, False, False]  # own, ring-fenced, with a copy
    assert reported["transfer_cost"].sel(operator_mode="own").item() == 0
    assert priced["transfer_allowed"].values.tolist() == [True, True, False]
    assert priced["transfer_cost"].values.tolist()[:2] == [600_000, 900_000]
    assert forbidden["transfer_allowed"].values.tolist() == [False, True, False]


def test_conflicts_name_both_laws_and_what_answers_them() -> None:
    found = conflicts(setting(markets={"de": 5}, operator_nationality="US"))
    at_home = found.loc[(found["legal_case"] == "EU/personal/operator") & (found["jurisdiction"] == "EU")]
    assert set(at_home["compelling"]) == {"US-CLOUD-OPERATOR"}
    assert set(at_home["blocking"]) == {"EU-GDPR-48"}
    assert set(at_home["answer"]) == {"a ring-fenced local operator"}
    abroad = found.loc[(found["legal_case"] == "EU/personal/operator") & (found["jurisdiction"] == "US")]
    assert set(abroad["answer"]) == {"none known"}


@pytest.mark.parametrize("exposure", ["report", "price", "forbid"])
def test_removing_a_restrictive_rule_never_makes_a_transfer_stricter(exposure: str) -> None:
    full = compiled_cells(study(exposure))
    for rule in rule_base().rules:
        if turned_off_is_free(rule.text):
            assert_no_stricter(compiled_cells(study(exposure, rule.id, rule.text.origin)), full, rule.id)


def assert_no_stricter(less: Cells, full: Cells, rule_id: str) -> None:
    """Every host admits at least as many persons in every tier: in its own mode, and in the better mode."""
    for case, host, _mode, period in less:
        for tier in range(TIERS):
            after = max(less[case, host, mode, period].limits[tier] for mode in OPERATOR_MODES)
            before = max(full[case, host, mode, period].limits[tier] for mode in OPERATOR_MODES)
            assert after >= before, (rule_id, case, host, tier)
            own_after, own_before = less[case, host, "own", period], full[case, host, "own", period]
            assert own_after.limits[tier] >= own_before.limits[tier], (rule_id, case, host, tier)


def test_restrictive_rules_are_counted_so_that_each_can_be_priced() -> None:
    found = restrictive_rules(setting()).set_index("rule")
    assert found.loc["CN-PBOC-2011", "closes"] > 0
    assert found.loc["CN-CBDF-7-IMPORTANT", "burdens"] > 0
    assert "CN-CBDF-3" not in found.index


def test_counsel_is_asked_what_the_used_rules_leave_open() -> None:
    used = pd.DataFrame(
        [("CN/important/operator", "SG", "own", 2028)],
        columns=["legal_case", "jurisdiction", "operator_mode", "period"],
    )
    questions = counsel_questions(setting(), used)
    assert any("surveillance video" in question for question in questions)
    at_home = used.assign(jurisdiction="CN")
    assert counsel_questions(setting(), at_home) == []


def test_every_value_says_where_it_comes_from() -> None:
    found = evidence_law(setting())
    assert list(found.columns) == ["site", "field", "value", "unit", "source", "evidence", "note"]
    assert {"export_tier_cost", "export_tier_people", "ring_fence_cost", "transfer_cost"} == set(found["field"])
    assert found.loc[found["note"].str.startswith("CN-CBDF-8-PERSONAL"), "value"].item() == 100_000


def test_the_legal_case_of_a_stream_names_origin_class_and_exporter() -> None:
    pair = ("guizhou", "enterprise")
    assert legal_cases_of(setting(), [pair]) == {pair: "CN/financial/institutions"}
