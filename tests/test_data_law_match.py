"""The law's answer to one transfer: thresholds from both sides, dates, conditions, contradictions."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from data.errors import BadInput
from data.law import changes, explain, rule_base, rule_table
from data.law.classes import DATA_CLASSES, MECHANISMS
from data.law.match import Transfer, answer
from data.law.rules import jurisdictions, turned_off_is_free
from data.scenario.law import LawChanges

DAYS = (date(2016, 6, 1), date(2018, 6, 1), date(2021, 12, 1), date(2024, 6, 1), date(2026, 11, 21))


def mechanism(data_class: str, people: float, day: date = date(2026, 11, 21), **more: Any) -> str:
    """Mechanism of Chinese data hosted in Singapore."""
    return explain("CN", "SG", data_class, people, day, **more).mechanism


@pytest.mark.parametrize(
    ("people", "expected"),
    [(1, "free"), (99_999, "free"), (100_000, "contract"), (999_999, "contract"), (1_000_000, "assessment")],
)
def test_personal_data_meet_each_threshold_exactly(people: int, expected: str) -> None:
    assert mechanism("personal", people) == expected


@pytest.mark.parametrize(
    ("people", "expected"),
    [(1, "contract"), (9_999, "contract"), (10_000, "assessment"), (2_000_000, "assessment")],
)
def test_any_sensitive_data_need_a_contract_and_ten_thousand_an_assessment(people: int, expected: str) -> None:
    assert mechanism("sensitive_personal", people) == expected


def test_important_data_need_an_assessment_at_any_count() -> None:
    assert [mechanism("important", people) for people in (1, 100, 10_000_000)] == ["assessment"] * 3


def test_every_jurisdiction_and_data_class_has_an_answer_at_every_date() -> None:
    places = list(jurisdictions())
    for origin, data_class, day in product(places, DATA_CLASSES, DAYS):
        for host in ("CN", "US", "EU", "SG", origin):
            reply = answer(rule_base(), Transfer(origin, host, data_class, day, 50_000))
            assert reply.mechanism in MECHANISMS
            assert bool(reply.chain) == (reply.mechanism not in ("unknown", "domestic"))


def test_where_no_rule_is_on_file_the_answer_is_unknown_never_free() -> None:
    found = explain("TW", "SG", "personal", 5)
    assert found.mechanism == "unknown"
    assert any("No rule is on file" in line for line in found.lines())


def test_data_that_stay_at_home_are_domestic() -> None:
    assert explain("CN", "CN", "state", 10**8).mechanism == "domestic"


def test_the_dates_of_chinas_law_differ_as_the_law_did() -> None:
    days = [date(2016, 6, 1), date(2018, 6, 1), date(2021, 12, 1), date(2026, 11, 21)]
    assert [mechanism("personal", 50_000, day) for day in days] == ["free", "consent", "contract", "free"]
    assert [mechanism("cii", 50_000, day) for day in days] == [
        "unknown",
        "forbidden",
        "forbidden",
        "assessment",
    ]


def test_the_cybersecurity_law_binds_from_its_first_day() -> None:
    assert mechanism("personal", 5, date(2017, 5, 31), operator_type="cii") == "free"
    assert mechanism("personal", 5, date(2017, 6, 1), operator_type="cii") == "forbidden"


def test_the_amended_cybersecurity_law_is_cited_by_its_new_article() -> None:
    articles = {
        day: explain("CN", "SG", "cii", 5, day).chain[0].article for day in (date(2025, 12, 31), date(2026, 1, 1))
    }
    assert articles == {date(2025, 12, 31): "Art. 37", date(2026, 1, 1): "Art. 39 (was Art. 37)"}


def test_russia_asks_for_a_copy_from_2015_and_keeps_the_data_from_july_2025() -> None:
    days = (date(2015, 8, 31), date(2015, 9, 1), date(2025, 6, 30), date(2025, 7, 1))
    found = [explain("RU", "EU", "personal", 5, day).mechanism for day in days]
    assert found == ["unknown", "local_copy", "local_copy", "forbidden"]


def test_european_adequacy_of_the_united_states_needs_a_certified_recipient_and_a_decision_in_force() -> None:
    def found(day: date, *holds: str) -> str:
        return explain("EU", "US", "personal", 5, day, holds=holds).mechanism

    assert found(date(2026, 1, 1)) == "contract"
    assert found(date(2026, 1, 1), "us-dpf-certified") == "adequacy"
    assert found(date(2021, 1, 1), "us-dpf-certified") == "contract"  # between 2020-07-16 and 2023-07-10
    assert found(date(2019, 1, 1), "us-dpf-certified") == "adequacy"


def test_the_bay_area_contract_lifts_the_limit_on_volume_towards_hong_kong_only() -> None:
    asked = {"people": 5_000_000, "holds": ("gba-both-ends",)}
    assert explain("CN", "HK", "personal", **asked).mechanism == "contract"
    assert explain("CN", "SG", "personal", **asked).mechanism == "assessment"
    assert explain("CN", "HK", "personal", 5_000_000).mechanism == "assessment"


def test_american_bulk_data_follow_both_the_host_and_the_operator() -> None:
    def found(host: str, operator: str, people: int) -> str:
        return explain("US", host, "health", people, operator=operator).mechanism

    assert found("HK", "US", 10_000) == "contract"
    assert found("HK", "US", 10_001) == "forbidden"
    assert found("SG", "CN", 10_001) == "forbidden"
    assert found("SG", "US", 10_001) == "contract"


def test_a_foreign_operator_needs_a_local_one_in_china() -> None:
    assert explain("CN", "CN", "personal", 5, operator="US").mechanism == "forbidden"
    assert explain("CN", "CN", "personal", 5, operator="US", mode="ring_fenced").mechanism == "domestic"
    assert explain("CN", "CN", "personal", 5, operator="CN").mechanism == "domestic"


def test_the_cloud_act_meets_chinas_blocking_rules_and_a_ring_fence_avoids_it() -> None:
    own = explain("CN", "CN", "personal", 5, operator="US")
    assert {clash.blocking.id for clash in own.conflicts} == {"CN-PIPL-41", "CN-DSL-36"}
    assert {clash.compelling.id for clash in own.conflicts} == {"US-CLOUD-OPERATOR"}
    assert not explain("CN", "CN", "personal", 5, operator="US", mode="ring_fenced").conflicts
    assert not explain("CN", "CN", "personal", 5, date(2018, 1, 1), operator="US").conflicts


def test_an_explanation_cites_its_chain_and_says_what_would_have_to_change() -> None:
    found = explain("CN", "SG", "personal", 250_000, date(2024, 6, 1))
    text = "\n".join(found.lines())
    assert found.mechanism == "contract"
    assert [rule.id for rule in found.chain] == ["CN-PIPL-39", "CN-CBDF-8-PERSONAL"]
    for piece in (
        "With 99,999 persons or fewer: free",
        "From 1,000,000 persons: assessment",
        "Art. 8",
        "http",
        "Before 2024-03-22: assessment",
        "Hosted in Mainland China: domestic",
        "no legal advice",
    ):
        assert piece in text


def test_the_changes_of_march_2024_are_listed_by_threshold() -> None:
    found = changes(date(2024, 3, 21), date(2024, 3, 22), ["CN"], ["SG"]).set_index("data_class")
    assert found.loc["personal", "before"] == "contract to 99,999; assessment beyond"
    assert found.loc["personal", "after"] == "free to 99,999; contract to 999,999; assessment beyond"
    assert "CN-CBDF-5" in found.loc["personal", "rules_begun"]
    assert changes(date(2024, 3, 22), date(2024, 3, 22)).empty


def test_a_rule_that_opens_what_another_closes_is_refused_and_both_are_named() -> None:
    free = own_rule(id="OUR-BANK", data=("financial",), effect="free")
    with pytest.raises(BadInput) as caught:
        rule_base(LawChanges.model_validate({"add": [free]}))
    assert "OUR-BANK" in str(caught.value)
    assert "CN-PBOC-2011" in str(caught.value)
    assert "contradict" in str(caught.value)


def test_two_versions_of_one_instrument_in_force_at_once_are_refused_and_both_are_named() -> None:
    original = rule_base()["CN-CBDF-8-PERSONAL"].text
    version = original.model_copy(
        update={
            "id": "CN-CBDF-8-DRAFT",
            "people_from": 50_000,
            "effect": "contract",
            "effective_from": date(2027, 1, 1),
        }
    )
    with pytest.raises(BadInput) as caught:
        rule_base(LawChanges(add=(version,)))
    assert "CN-CBDF-8-DRAFT" in str(caught.value)
    assert "CN-CBDF-8-PERSONAL and CN-CBDF-8-DRAFT: overlap" in str(caught.value)


def test_all_faults_of_a_scenarios_rules_come_in_one_message() -> None:
    with pytest.raises(BadInput) as caught:
        rule_base(LawChanges.model_validate({"off": ["NO-SUCH"], "redate": {"NOR-THIS": {}}}))
    assert len(caught.value.faults) == 2
    broken = own_rule(data=("gossip",), hosts=("ATLANTIS",), people_from=10, people_to=5)
    with pytest.raises(BadInput) as caught:
        rule_base(LawChanges.model_validate({"add": [broken]}))
    assert len(caught.value.faults) == 3


def test_a_scenario_can_lower_a_threshold_redate_a_rule_and_switch_one_off() -> None:
    lower = own_rule(id="OUR-7", data=("personal",), effect="assessment", people_from=500_000)
    added = LawChanges.model_validate({"add": [lower]})
    assert mechanism("personal", 499_999, changes=added) == "contract"
    assert mechanism("personal", 500_000, changes=added) == "assessment"
    later = LawChanges.model_validate({"redate": {"RU-23-FZ": {"effective_from": "2030-01-01"}}})
    assert explain("RU", "EU", "personal", 5, date(2026, 1, 1), changes=later).mechanism == "unknown"
    off = LawChanges(off=("CN-PBOC-2018-7",))
    assert mechanism("payment", 5, changes=off) == "local_copy"


def test_a_restriction_switched_off_reads_as_free_and_its_predecessor_stays_dead() -> None:
    off = LawChanges(off=("RU-23-FZ",))
    assert explain("RU", "EU", "personal", 5, date(2026, 1, 1), changes=off).mechanism == "free"
    assert turned_off_is_free(rule_base()["RU-23-FZ"].text)


def test_an_adequacy_decision_switched_off_lets_the_contract_bind_again() -> None:
    assert explain("EU", "JP", "personal", 5).mechanism == "adequacy"
    assert explain("EU", "JP", "personal", 5, changes=LawChanges(off=("EU-ADEQUATE-JP-2019",))).mechanism == "contract"


def test_the_rule_base_is_broad_and_says_what_was_read() -> None:
    texts = [rule.text for rule in rule_base().rules]
    assert len(texts) >= 30
    assert len({text.origin for text in texts} - {"*"}) >= 14
    assert all(text.url.startswith("http") for text in texts if text.verified == "excerpt read")
    assert all(not text.url for text in texts if text.verified == "unverified")


def test_counsel_can_read_every_rule_as_a_row() -> None:
    table = rule_table(LawChanges(off=("CN-PBOC-2011",)))
    assert table.loc["CN-PBOC-2011", "waived"]
    assert table.loc["CN-CBDF-7-SENSITIVE", "people_from"] == 10_000
    assert table.loc["CN-GBA-2023", "hosts"] == "HK"


def own_rule(**fields: object) -> dict[str, object]:
    """A rule of a scenario's own about data from China."""
    return {
        "id": "OUR-RULE",
        "origin": "CN",
        "data": ("personal",),
        "effect": "contract",
        "instrument": "Ours",
        "effective_from": "2020-01-01",
    } | fields


def test_what_would_change_a_foreign_operators_mind_is_a_local_one_at_home() -> None:
    told = explain("CN", "US", "cii", as_of=date(2019, 1, 1), operator="US")
    assert "Hosted in Mainland China and run by a ring-fenced local operator: domestic." in told.would_change
