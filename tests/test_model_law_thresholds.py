"""Thresholds on persons in the solved plan, from both sides: what leaves, by what right, at what price."""

from __future__ import annotations

from dataclasses import replace

import pytest
import xarray as xr

from data.frame import make_setting
from data.instance import instance_of
from data.scenario.reading import read_scenario
from model.audit import audit, exported_persons
from model.events import SolveOptions
from model.law_told import law_told
from model.solver import solve

OPTIONS = SolveOptions(gap=0.001, time_limit_s=60)
DEAR = 50.0  # energy at home against abroad, so that every person leaves whom the law lets go cheaply
CONTRACT_CNY_A = 400_000 / 3 + 150_000
ASSESSMENT_CNY_A = 2_000_000 / 3 + 800_000
COPY_CNY_MW_A = 0.1 * 9_000_000


def world(
    data_class: str = "personal",
    people: float = 0.0,
    workloads: tuple[str, ...] = ("storage",),
    replicas: int = 1,
    off: tuple[str, ...] = (),
    as_of: str = "2026-11-21",
    **assumptions: float,
) -> xr.Dataset:
    """Guangdong's archive, in Shenzhen where energy is dear, Hong Kong or Singapore, in 2026."""
    setting = make_setting(
        read_scenario(
            "guizhou",
            {
                "time.periods": [2026], "time.last_year": 2027, "time.resolution": "season",
                "time.hydro_years": [2022], "sites.include": ["shenzhen", "hong-kong", "singapore"],
                "sites.existing_fleet": False, "ground.lead_years": {"*": 0}, "demand.workloads": list(workloads),
                "demand.provinces": ["guangdong"], "demand.market_share": 0.01,
                "demand.latency_limit_ms": dict.fromkeys(workloads, 400),
                "law.plan_date": "2010-01-01", "law.as_of": as_of, "law.rules.off": list(off),
                "assumptions": assumptions,
            },
        )
    )  # fmt: skip
    like = setting.workloads.assign(data_class=data_class, replicas=replicas, standby_fraction=0.5 * (replicas - 1))
    instance = instance_of(replace(setting, workloads=like))
    abroad = instance["site_jurisdiction"] != "CN"
    return instance.assign(
        people=xr.full_like(instance["people"], people),
        grid_price=instance["grid_price"].where(abroad, instance["grid_price"] * DEAR),
        contract_limit=instance["contract_limit"] * 0,
    )


def abroad_mw(instance: xr.Dataset, plan: xr.Dataset) -> float:
    there = instance["site_jurisdiction"] != "CN"
    return float(plan["it_load"].where(there).sum())


def yearly(instance: xr.Dataset, plan: xr.Dataset) -> float:
    """The compliance account per discounted year, CNY/a."""
    return float(plan["account_cost"].sel(account="compliance").sum() / instance["year_weight"].sum())


@pytest.mark.parametrize(
    ("people", "mechanism", "fixed", "copied"),
    [
        (99_999, "free", 0.0, 0.0),
        (100_000, "contract", CONTRACT_CNY_A, 0.0),
        (999_999, "contract", CONTRACT_CNY_A, 0.0),
        (1_000_000, "assessment", ASSESSMENT_CNY_A, COPY_CNY_MW_A),
    ],
)
def test_personal_data_cost_what_their_number_asks_for_and_not_a_person_earlier(
    people: int, mechanism: str, fixed: float, copied: float
) -> None:
    """All of it leaves for cheap energy; consent is priced by load, and from a million on the copy at home too."""
    instance = world(people=people)
    plan = solve(instance, OPTIONS)
    load = float(instance["load"].sum())
    consent = float(instance["transfer_cost"].sel(
        legal_case="CN/personal/operator", jurisdiction="HK", operator_mode="own"
    ).item())  # fmt: skip
    assert abroad_mw(instance, plan) == pytest.approx(load, rel=1e-6)
    assert {row["mechanism"] for row in law_told(instance, plan)["held"]} == {mechanism}
    assert yearly(instance, plan) == pytest.approx(fixed + (consent + copied) * load, rel=1e-6)
    assert audit(instance, plan) == []


def test_one_person_too_many_stays_at_home_where_the_contract_costs_more() -> None:
    """A contract at a hundred billion: 99,999 of 200,000 persons leave, the others stay; splitting is a decision."""
    instance = world(people=200_000, law_contract_fixed_cny=1e11, law_assessment_fixed_cny=1e11)
    plan = solve(instance, OPTIONS)
    (count,) = exported_persons(instance, plan).values()
    assert 99_990 <= count <= 99_999
    assert plan["tier"].sel(export_tier=0).all()
    assert abroad_mw(instance, plan) == pytest.approx(count / 200_000 * float(instance["load"].sum()), rel=1e-3)
    cheap = solve(world(people=200_000), OPTIONS)
    assert list(exported_persons(world(people=200_000), cheap).values()) == [200_000]


@pytest.mark.parametrize(("people", "tier"), [(1, 1), (9_999, 1), (10_000, 2)])
def test_any_sensitive_person_needs_a_contract_and_ten_thousand_an_assessment(people: int, tier: int) -> None:
    instance = world("sensitive_personal", people)
    plan = solve(instance, OPTIONS)
    assert abroad_mw(instance, plan) == pytest.approx(float(instance["load"].sum()), rel=1e-6)
    assert int(plan["tier"].sel(exporter="CN/operator").squeeze().argmax("export_tier")) == tier


def test_persons_behind_two_workloads_abroad_are_counted_once() -> None:
    """60,000 persons in each of two workloads of one origin are 60,000: no contract, though the sum is 120,000."""
    instance = world(people=60_000, workloads=("storage", "video"))
    plan = solve(instance, OPTIONS)
    assert instance.sizes["stream"] == 2
    assert abroad_mw(instance, plan) == pytest.approx(float(instance["load"].sum()), rel=1e-6)
    assert list(exported_persons(instance, plan).values()) == [60_000]
    assert plan["tier"].sel(export_tier=0).all()


def test_replicas_abroad_are_the_same_persons() -> None:
    """A standby abroad beside the active one adds load and no persons: still below the threshold."""
    instance = world(people=99_999, replicas=2)
    plan = solve(instance, OPTIONS)
    assert list(instance["stream"].values) == ["guangdong/storage/1", "guangdong/storage/2"]
    assert abroad_mw(instance, plan) == pytest.approx(float(instance["load"].sum()), rel=1e-6)
    assert list(exported_persons(instance, plan).values()) == [99_999]
    assert plan["tier"].sel(export_tier=0).all()


RULES = {
    "personal": ("CN-PIPL-39", "CN-PIPL-40", "CN-CBDF-7-PERSONAL", "CN-CBDF-8-PERSONAL"),
    "sensitive_personal": ("CN-PIPL-39", "CN-CBDF-7-SENSITIVE", "CN-CBDF-8-SENSITIVE"),
    "important": ("CN-CBDF-7-IMPORTANT",),
    "health": ("CN-HEALTH-2014", "CN-HEALTH-2018"),
    "financial": ("CN-PBOC-2011", "CN-PBOC-2025"),
}


@pytest.mark.parametrize(("data_class", "people"), [
    ("personal", 150_000), ("personal", 3_000_000), ("sensitive_personal", 30_000), ("important", 1),
    ("health", 30_000), ("financial", 30_000),
])  # fmt: skip
def test_a_plan_without_one_restrictive_rule_never_costs_more(data_class: str, people: int) -> None:
    """Solved anew, nothing clipped: the proof without the rule lies below the plan with it."""
    plan = solve(world(data_class, people), OPTIONS)
    for rule in RULES[data_class]:
        freed = solve(world(data_class, people, off=(rule,)), OPTIONS)
        assert freed.attrs["objective_cny"] <= plan.attrs["objective_cny"] * (1 + OPTIONS.gap), rule
        assert freed.attrs["bound_cny"] <= plan.attrs["objective_cny"], rule


@pytest.mark.parametrize(
    ("as_of", "mechanism", "tier"),
    [("2016-01-01", "free", 0), ("2018-01-01", "consent", 0), ("2021-12-01", "contract", 1), ("2026-01-01", "free", 0)],
)
def test_the_plan_of_each_date_differs_where_the_law_did(as_of: str, mechanism: str, tier: int) -> None:
    """50,000 persons: free before the Cybersecurity Law, then consent, a contract, and free below 100,000."""
    instance = world(people=50_000, as_of=as_of)
    plan = solve(instance, OPTIONS)
    assert {row["mechanism"] for row in law_told(instance, plan)["held"]} == {mechanism}
    assert sum(int(plan["tier"].sel(export_tier=k).sum()) for k in (1, 2)) == (tier > 0)
    asks_consent = mechanism == "consent"
    assert (yearly(instance, plan) > 0) == (asks_consent or tier > 0)


def test_health_data_stay_at_home_whatever_energy_costs_there() -> None:
    instance = world("health", 1_000)
    assert abroad_mw(instance, solve(instance, OPTIONS)) == 0
