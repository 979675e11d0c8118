"""Where the solve of a what-if begins: the run it is of, or a run of the same shipped study."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.context import Context, Desk
from dashboard.jobs import Jobs
from dashboard.look import Look
from dashboard.pages.site_actions import changes
from dashboard.store import RunStore
from dashboard.turned import asked, start_folder
from data.scenario import Scenario
from data.scenario.reading import read_scenario, with_overrides
from model.runs import save_run
from tests.dashboard_plans import plan

PRICED = {"policy.carbon_price_cny_per_t": 200}


def saved(root: Path, name: str, study: Scenario) -> Path:
    return save_run(root / name, study, *plan())


@pytest.fixture
def page(tmp_path: Path) -> Context:
    return Context(Desk(RunStore(tmp_path), Jobs(tmp_path)), Look(), "/whatif")


def test_a_preset_begins_from_a_run_of_just_this_study_else_from_the_newest_like_it(
    page: Context, tmp_path: Path
) -> None:
    drought = read_scenario("drought")
    assert start_folder(page, "drought") is None
    alike = saved(tmp_path, "alike", with_overrides(drought, PRICED))
    assert start_folder(page, "drought") == alike
    same = saved(tmp_path, "same", drought)
    saved(tmp_path, "later", with_overrides(drought, PRICED))
    assert start_folder(page, "drought") == same
    assert start_folder(page, "cave-halls") is None, "a run of another study is no beginning"


def test_a_run_made_from_another_catalogue_is_no_beginning(page: Context, tmp_path: Path) -> None:
    facts = saved(tmp_path, "old", read_scenario("drought")) / "run.json"
    told = page.desk.runs.facts("old")["catalogue"]
    facts.write_text(facts.read_text().replace(told, "0" * len(told)))
    assert start_folder(page, "drought") is None


def test_a_what_if_of_a_run_begins_from_it_and_so_does_the_next_one(page: Context, tmp_path: Path) -> None:
    study = read_scenario("drought")
    run = saved(tmp_path, "run", study)
    job, why_not = asked(page, "run:run", study, {"carbon_price": 200.0})
    assert why_not is None
    told = page.desk.jobs.job(job)
    assert told is not None
    assert (told.folder, told.title) == (str(run), f"{study.title} · Carbon price 200 CNY/t")
    assert page.desk.jobs.scenario(told.id).policy.carbon_price_cny_per_t == 200
    assert start_folder(page, f"job:{told.id}") == run


def test_forcing_a_site_in_takes_back_that_it_was_forbidden() -> None:
    study = with_overrides(
        read_scenario("drought"), {"sites.forbid": ["zunyi", "bijie"], "sites.force_open": ["gui-an"]}
    )
    assert changes(study, "zunyi", "force_open") == {"force_open": ["gui-an", "zunyi"], "forbid": ["bijie"]}
    assert changes(study, "dali", "forbid") == {"forbid": ["zunyi", "bijie", "dali"]}
