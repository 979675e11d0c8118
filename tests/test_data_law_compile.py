"""Data law compiled for the model: transfers, tiers on persons, delays, the scenario's choices."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.errors import BadInput
from data.fields import INSTANCE
from data.law import (
    law,
    local_copies,
)
from data.law.tiers import MANY_PEOPLE
from tests.law_study import limits_of, setting, with_class

LAW_FIELDS = [
    name
    for name in INSTANCE
    if name
    in (
        "legal_case_exporter",
        "transfer_allowed",
        "transfer_mechanism",
        "transfer_cost",
        "transfer_group",
        "export_group_exporter",
        "export_tier_people",
        "export_tier_cost",
        "ring_fence_cost",
        "law_day",
        "transfer_rules",
        "transfer_conflict",
        *(name for name in INSTANCE if name.startswith("rule_")),
    )
]


def test_the_fields_have_the_dimensions_and_kinds_declared() -> None:
    found = law(setting())
    assert sorted(found.data_vars) == sorted(LAW_FIELDS)
    for name in LAW_FIELDS:
        assert found[name].dims == INSTANCE[name].dims, name
    assert found["transfer_allowed"].dtype == bool
    assert list(found["operator_mode"].values) == ["own", "ring_fenced", "own_copy"]
    assert set(found["export_group_exporter"].values) <= set(found["exporter"].values)
    assert set(np.unique(found["transfer_group"].values)) - {""} <= set(found["export_group"].values)
    assert np.isfinite(found["export_tier_people"]).all()


def test_tiers_of_chinese_personal_data_hold_99999_then_999999_then_any_number_with_a_copy() -> None:
    """The copy of PIPL Art. 40 is owed from the million on that also asks for the assessment."""
    found = law(setting())
    assert limits_of(found, "CN/personal/operator", "own", 2028) == [99_999, 999_999, 0]
    assert limits_of(found, "CN/personal/operator", "own_copy", 2028) == [0, 0, MANY_PEOPLE]
    without = law(setting(rules={"off": ["CN-PIPL-40"]}))
    assert limits_of(without, "CN/personal/operator", "own", 2028) == [99_999, 999_999, MANY_PEOPLE]
    assert not without["transfer_allowed"].sel(operator_mode="own_copy").any()


def test_a_copy_owed_from_many_persons_on_is_priced_by_load() -> None:
    """A tenth of the load, hosted at home for 9 m CNY per MW and year; consent is owed either way."""
    found = law(setting()).sel(legal_case="CN/personal/operator", jurisdiction="SG", period=2028)
    own, copied = (found["transfer_cost"].sel(operator_mode=mode).item() for mode in ("own", "own_copy"))
    assert copied - own == pytest.approx(0.1 * 9_000_000)
    assert found["transfer_rules"].sel(operator_mode="own_copy").item().split().count("CN-PIPL-40") == 1


def test_a_copy_owed_within_a_tier_is_owed_by_what_lies_beyond_it() -> None:
    rule = {
        "id": "COPY-FROM-HALF", "origin": "CN", "data": ["personal"], "effect": "local_copy",
        "people_from": 500_000, "effective_from": "2024-01-01", "instrument": "Test",
    }  # fmt: skip
    found = law(setting(rules={"add": [rule]}))
    assert limits_of(found, "CN/personal/operator", "own", 2028) == [99_999, 499_999, 499_999]
    assert limits_of(found, "CN/personal/operator", "own_copy", 2028) == [0, 500_000, MANY_PEOPLE - 499_999]


def test_sensitive_persons_are_a_group_of_their_own_of_the_same_exporter() -> None:
    found = law(with_class(setting(), "web", "sensitive_personal"))
    people = found["export_tier_people"].sel(export_group="CN/operator/sensitive", period=2028)
    assert list(people.values) == [0, 9_999, MANY_PEOPLE]
    assert found["export_group_exporter"].sel(export_group="CN/operator/sensitive").item() == "CN/operator"


def test_important_data_admit_nobody_below_the_assessment() -> None:
    people = law(setting())["export_tier_people"].sel(export_group="CN/operator/important", period=2028)
    assert list(people.values) == [0, 0, MANY_PEOPLE]


def test_non_personal_data_count_nowhere_and_go_anywhere() -> None:
    found = law(setting()).sel(legal_case="CN/non_personal/operator", operator_mode="own")
    assert found["transfer_allowed"].all()
    assert (found["transfer_group"] == "").all()


def test_tiers_cost_more_the_higher_they_are_and_follow_the_named_assumptions() -> None:
    cost = law(setting())["export_tier_cost"].sel(exporter="CN/operator", period=2028)
    # One-off cost over three years plus upkeep: 400,000 / 3 + 150,000 and 2,000,000 / 3 + 800,000.
    assert cost.values == pytest.approx([0, 283_333.33, 1_466_666.67])


def test_a_procedure_that_takes_months_opens_in_the_first_period_that_starts_after_it() -> None:
    late = law(setting()).sel(legal_case="CN/important/operator", jurisdiction="SG", operator_mode="own")
    assert list(late["transfer_allowed"].values) == [False, True]  # six months from 2026-01-01
    early = law(setting(plan_date="2025-06-30")).sel(
        legal_case="CN/important/operator", jurisdiction="SG", operator_mode="own"
    )
    assert list(early["transfer_allowed"].values) == [True, True]  # 2025-12-30


def test_while_a_contract_is_pending_only_the_persons_below_the_threshold_may_leave() -> None:
    found = law(setting())
    assert limits_of(found, "CN/personal/operator", "own", 2026) == [99_999, 99_999, 99_999]
    assert limits_of(found, "CN/personal/operator", "own", 2028) == [99_999, 999_999, 0]
    assert not found["transfer_allowed"].sel(operator_mode="own_copy", period=2026).any()


def test_forbidden_transfers_have_no_columns_and_home_is_open() -> None:
    found = law(setting()).sel(legal_case="CN/financial/institutions", operator_mode="own")
    allowed = found["transfer_allowed"].any("period").to_series()
    assert list(allowed[allowed].index) == ["CN"]
    assert (found["transfer_mechanism"].sel(jurisdiction="CN") == "domestic").all()


def test_a_plan_for_each_date_sees_the_law_of_that_date() -> None:
    dates = {2026: "2016-06-01", 2028: "2018-06-01", 2030: "2021-12-01", 2032: "2026-11-21"}
    found = law(setting(tuple(dates), as_of=dates))["transfer_mechanism"].sel(
        legal_case="CN/personal/operator", jurisdiction="SG", operator_mode="own"
    )
    assert list(found.values) == ["free", "consent", "contract", "free|contract|assessment"]


def test_without_an_as_of_the_last_day_of_a_periods_first_year_counts() -> None:
    chosen = setting((2017,), operator_type="cii", operator_nationality="CN")
    found = law(chosen)["transfer_allowed"].sel(legal_case="CN/personal/operator", operator_mode="own", period=2017)
    assert found.sel(jurisdiction="CN").item()
    assert not found.sel(jurisdiction="US").item()


def test_a_foreign_cloud_had_to_bring_chinese_data_home_under_a_local_operator_in_2017() -> None:
    dates = {2016: "2016-12-31", 2017: "2017-06-01"}
    found = law(setting((2016, 2017), as_of=dates, operator_nationality="US", operator_type="cii"))
    allowed = found["transfer_allowed"].sel(legal_case="CN/personal/operator")
    assert allowed.sel(jurisdiction="US", operator_mode="own").values.tolist() == [True, False]
    assert allowed.sel(jurisdiction="CN", operator_mode="own").values.tolist() == [False, False]
    assert allowed.sel(jurisdiction="CN", operator_mode="ring_fenced").values.tolist() == [True, True]


@pytest.mark.parametrize(("choice", "allowed"), [("forbid", False), ("allow_and_report", True)])
def test_unknown_law_is_handled_as_the_scenario_says_and_always_reported(choice: str, allowed: bool) -> None:
    found = law(with_class(setting(markets={"hk": 5}, unknown_transfers=choice), "web", "state"))
    cell = found.sel(legal_case="HK/state/operator", jurisdiction="SG", operator_mode="own", period=2028)
    assert cell["transfer_mechanism"].item() == "unknown"
    assert cell["transfer_allowed"].item() is allowed
    assert cell["transfer_group"].item() == ""


def test_data_that_must_leave_a_copy_at_home_get_a_case_that_stays_there() -> None:
    chosen = with_class(setting(), "web", "cii")
    copies = local_copies(chosen).set_index("legal_case")
    assert copies.loc["CN/cii/operator", "needs_home_replica"]
    assert copies.loc["CN/cii/operator", "from_period"] == 2028
    assert not copies.loc["CN/important/operator", "needs_home_replica"]
    home = law(chosen).sel(legal_case=copies.loc["CN/cii/operator", "home_case"])
    open_hosts = home["transfer_allowed"].any(["operator_mode", "period"]).to_series()
    assert list(open_hosts[open_hosts].index) == ["CN"]


def test_transfers_with_the_same_thresholds_share_a_group_whatever_the_host() -> None:
    group = law(setting())["transfer_group"].sel(legal_case="CN/personal/operator", operator_mode="own", period=2028)
    assert set(group.values) == {"", "CN/operator/personal"}
    assert group.sel(jurisdiction="CN").item() == ""


def test_an_unknown_nationality_and_a_date_for_no_period_are_told_together() -> None:
    with pytest.raises(BadInput) as caught:
        law(setting(operator_nationality="ZZ", as_of={2031: "2020-01-01"}))
    assert len(caught.value.faults) == 2


def test_streams_narrow_the_legal_cases() -> None:
    streams = pd.DataFrame({"origin": ["guizhou"], "workload": ["ai_training"]})
    assert list(law(setting(), streams)["legal_case"].values) == ["CN/non_personal/operator"]


def test_handlers_of_a_million_persons_needed_an_assessment_in_2022_whatever_they_exported() -> None:
    def allowed(mode: str = "own", **choice: object) -> list[float]:
        found = law(setting((2026,), as_of="2023-01-01", plan_date="2020-01-01", **choice))
        return limits_of(found, "CN/personal/operator", mode, 2026)

    assert allowed() == [0, 0, 999_999]  # and a copy at home for those beyond
    assert allowed("own_copy") == [0, 0, MANY_PEOPLE - 999_999]
    assert allowed(people_handled=500_000) == [0, 99_999, 999_999]


def test_a_condition_no_rule_asks_for_is_refused_in_a_scenario() -> None:
    """A slip in `holds` would make the law stricter in silence."""
    with pytest.raises(BadInput) as caught:
        law(setting(holds=["us-dpf-certifed"], free_trade_zone="mars"))
    told = str(caught.value)
    assert "law.holds us-dpf-certifed" in told
    assert "did you mean us-dpf-certified?" in told
    assert "law.free_trade_zone mars" in told
