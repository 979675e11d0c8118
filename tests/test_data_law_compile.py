"""Data law compiled for the model: transfers, tiers on persons, delays, conflicts, rules switched off."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from data.errors import BadInput
from data.fields import INSTANCE
from data.frame import make_setting
from data.law import (
    conflicts,
    counsel_questions,
    evidence_law,
    law,
    legal_cases_of,
    local_copies,
    restrictive_rules,
    rule_base,
)
from data.law.cells import Cells, compiled_cells
from data.law.classes import DATA_CLASSES, TIERS
from data.law.match import OPERATOR_MODES
from data.law.rules import turned_off_is_free
from data.law.study import Case, Study
from data.law.tiers import MANY_PEOPLE
from data.scenario import Scenario
from data.scenario.law import Law
from data.setting import Setting

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


def setting(
    periods: tuple[int, ...] = (2026, 2028), markets: dict[str, float] | None = None, **choice: object
) -> Setting:
    """A setting with the scenario's law section as given."""
    return make_setting(
        Scenario.model_validate(
            {
                "name": "law",
                "time": {"periods": periods, "last_year": periods[-1] + 1},
                "demand": {"markets": markets or {}},
                "law": choice,
            }
        )
    )


def study(exposure: str, rule_off: str = "", origin: str = "*") -> Study:
    """Every class of the origin (all origins for *) with three hosts in 2026, made without a setting."""
    chosen = Law.model_validate(
        {
            "rules": {"off": [rule_off] if rule_off else []},
            "exposure": exposure,
            "as_of": "2026-11-21",
            "plan_date": "2020-01-01",
        }
    )
    origins = sorted({rule.text.origin for rule in rule_base().rules} - {"*"}) if origin == "*" else [origin]
    cases = tuple(Case(origin, data_class, "operator") for origin in origins for data_class in DATA_CLASSES)
    return Study(chosen, rule_base(chosen.rules), cases, ("CN", "SG", "US"), (2027,), {})


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


def limits_of(found: xr.Dataset, case: str, mode: str, period: int, host: str = "SG") -> list[float]:
    """Most persons in each tier of the group a transfer counts to."""
    at = {"legal_case": case, "jurisdiction": host, "operator_mode": mode, "period": period}
    group = found["transfer_group"].sel(at).item()
    assert group, f"nobody counts {at}"
    return [float(people) for people in found["export_tier_people"].sel(export_group=group, period=period)]


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


def test_an_unknown_nationality_and_a_date_for_no_period_are_told_together() -> None:
    with pytest.raises(BadInput) as caught:
        law(setting(operator_nationality="ZZ", as_of={2031: "2020-01-01"}))
    assert len(caught.value.faults) == 2


def test_the_legal_case_of_a_stream_names_origin_class_and_exporter() -> None:
    pair = ("guizhou", "enterprise")
    assert legal_cases_of(setting(), [pair]) == {pair: "CN/financial/institutions"}


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


def with_class(chosen: Setting, workload: str, data_class: str) -> Setting:
    """The setting with another data class of one workload."""
    workloads = chosen.workloads.copy()
    workloads.loc[workload, "data_class"] = data_class
    return Setting(**{**chosen.__dict__, "workloads": workloads})


def test_a_condition_no_rule_asks_for_is_refused_in_a_scenario() -> None:
    """A slip in `holds` would make the law stricter in silence."""
    with pytest.raises(BadInput) as caught:
        law(setting(holds=["us-dpf-certifed"], free_trade_zone="mars"))
    told = str(caught.value)
    assert "law.holds us-dpf-certifed" in told
    assert "did you mean us-dpf-certified?" in told
    assert "law.free_trade_zone mars" in told
