"""What the printed plan and its JSON tell of data law: who holds what, what changed, what it costs, what to ask."""

from __future__ import annotations

import json

import pytest
import xarray as xr

from data.instance import build_instance
from data.law import DISCLAIMER
from data.scenario.reading import read_scenario
from model.events import SolveOptions
from model.law_told import law_told
from model.printed import report_text
from model.report import summary
from model.solver import solve

OPTIONS = SolveOptions(gap=0.005, time_limit_s=60)


@pytest.fixture(scope="module")
def cloud() -> xr.Dataset:
    """The foreign cloud before and after the Cybersecurity Law: photos of two provinces."""
    return build_instance(
        read_scenario(
            "foreign-cloud-2017",
            {
                "time.periods": [2016, 2018], "time.last_year": 2020, "time.resolution": "season",
                "time.hydro_years": [2018], "demand.provinces": ["beijing", "guangdong"],
            },
        )
    )  # fmt: skip


@pytest.fixture(scope="module")
def moved(cloud: xr.Dataset) -> xr.Dataset:
    return solve(cloud, OPTIONS)


@pytest.fixture(scope="module")
def page(cloud: xr.Dataset, moved: xr.Dataset) -> str:
    return " ".join(report_text(cloud, moved).split())


def test_the_foreign_cloud_s_data_come_home_under_a_local_operator(cloud: xr.Dataset, moved: xr.Dataset) -> None:
    held = law_told(cloud, moved)["held"]
    before = {row["jurisdiction"] for row in held if row["period"] == 2016}
    after = {(row["jurisdiction"], row["mode"], row["mechanism"]) for row in held if row["period"] == 2018}
    assert "CN" not in before
    assert after == {("CN", "ring_fenced", "domestic")}
    for period in (2016, 2018):
        served = sum(row["mw"] for row in held if row["period"] == period)
        assert served == pytest.approx(float(cloud["load"].sel(period=period).sum()))


def test_the_change_of_the_law_names_the_rules_that_begin_and_end(cloud: xr.Dataset, moved: xr.Dataset) -> None:
    (change,) = law_told(cloud, moved)["changed"]
    assert (change["period"], change["day"]) == (2018, "2018-12-31")
    assert (change["before"], change["after"]) == ("free", "forbidden")
    assert "CN" not in change["jurisdictions"]
    assert {"US", "HK", "SG", "JP"} <= set(change["jurisdictions"])
    assert (change["ended"], "CN-CSL-37-NO-PROCEDURE" in change["begun"].split()) == ("CN-PRE-CSL", True)


def test_what_compliance_pays_for_adds_up_to_its_account(cloud: xr.Dataset, moved: xr.Dataset) -> None:
    """The local operator of 2018 costs its fixed price each discounted year, and a fee per MW it runs."""
    paid = law_told(cloud, moved)["paid"]
    weight = float(cloud["year_weight"].sel(period=2018))
    fixed = float(cloud["ring_fence_cost"].sel(jurisdiction="CN", period=2018)) * weight
    load = float(cloud["load"].sel(period=2018).sum())
    by_load = float(cloud["transfer_cost"].sel(
        legal_case="CN/personal/operator", jurisdiction="CN", operator_mode="ring_fenced", period=2018
    )) * load * weight  # fmt: skip
    assert paid["local_operator_fixed"] == pytest.approx(fixed)
    assert paid["local_operator_by_load"] == pytest.approx(by_load)
    assert sum(paid.values()) == pytest.approx(float(moved["account_cost"].sel(account="compliance").sum()))


def test_the_rules_that_bind_are_named_with_what_they_close(cloud: xr.Dataset, moved: xr.Dataset) -> None:
    closes = {row["rule"]: row["closes"] for row in law_told(cloud, moved)["binding"]}
    assert closes["CN-TELECOM-B11"] == ["CN"]
    assert "US" in closes["CN-CSL-37-NO-PROCEDURE"]
    assert "CN-PRE-CSL" not in closes


def test_the_printed_plan_tells_the_story_and_is_no_advice(page: str) -> None:
    for words in (
        "a ring-fenced local operator runs the halls in Mainland China from 2018",
        "2018 (law of 2018-12-31): CN personal to",
        "Cybersecurity Law of the PRC, Art. 37",
        "hallsite law cost RUN",
        "Are the data rightly classed: storage as personal?",
        DISCLAIMER,
    ):
        assert words in page


def test_the_summary_carries_the_same_as_plain_json(cloud: xr.Dataset, moved: xr.Dataset) -> None:
    told = summary(cloud, moved)["law"]
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["disclaimer"] == DISCLAIMER


def test_a_plan_of_an_instance_without_citations_still_is_no_advice(world: xr.Dataset, plan: xr.Dataset) -> None:
    told = law_told(world, plan)
    assert (told["changed"], told["binding"]) == ([], [])
    assert DISCLAIMER in " ".join(report_text(world, plan).split())


@pytest.fixture(scope="module")
def bank() -> xr.Dataset:
    """European client data with an American operator, in Frankfurt or Virginia, exposure reported."""
    return build_instance(
        read_scenario(
            "multinational-finance",
            {
                "time.periods": [2026], "time.last_year": 2027, "time.resolution": "season",
                "time.hydro_years": [2022], "demand.provinces": [], "demand.markets": {"de": 30},
                "sites.include": ["frankfurt", "amsterdam", "virginia"], "law.exposure": "report",
            },
        )
    )  # fmt: skip


def test_exposure_to_contradicting_laws_is_told_with_its_answer(bank: xr.Dataset) -> None:
    """All load of an American operator is exposed, wherever it is; at home a local operator would end it."""
    plan = solve(bank, OPTIONS)
    told = law_told(bank, plan)
    load = float(bank["load"].isel(period=-1).sum())
    assert sum(row["mw"] for row in told["exposed"]) == pytest.approx(load)
    for row in told["exposed"]:
        assert row["conflict"].split() == ["US-CLOUD-OPERATOR>EU-GDPR-48"]
        assert row["answered"] == (row["jurisdiction"] == "EU")
    assert any(line.startswith("What does the operator do when CLOUD Act") for line in told["questions"])
    assert "exposed to contradicting laws in 2026" in " ".join(report_text(bank, plan).split())
