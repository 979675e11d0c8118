"""Own data by upload in a real browser: a template, a file with faults, a file that is used, and taking it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from dashboard.store import RunStore
from dashboard.words import text
from tests.dashboard_desk import served, small_study, solved
from tests.dashboard_reader import SOLVED_MS, barriers, needs_chromium, opened, query, reader

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    assert solved(folder, small_study(**{"power.own_tariffs": None}), "A small study").state == "done"
    return folder


@pytest.fixture(scope="module")
def desk(root: Path) -> Iterator[str]:
    with served(root) as address:
        yield address


def bring(tab: Page, kind: str, name: str, content: str, language: str = "en") -> None:
    """Drop a file on the place of its kind."""
    place = tab.get_by_role("group", name=text(language, f"own.{kind}"), exact=True)
    payload: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    place.locator("input[type=file]").set_input_files(payload)


def test_faults_are_listed_and_good_sites_are_solved_with(browser: Browser, desk: str, root: Path) -> None:
    with reader(browser, desk) as tab:
        opened(tab, f"{desk}/whatif")
        tab.get_by_role("button", name=text("en", "whatif.group.own")).click()
        with tab.expect_download() as saved:
            tab.get_by_role("link", name="Template: Own sites").click()
        assert "id,name,latitude,longitude" in Path(saved.value.path()).read_text(encoding="utf-8-sig")

        bring(tab, "sites", "ours.csv", "id,latitude,longitude\none,266.4,106.9\ntwo,26.5,x\n")
        faults = tab.locator("#own-told table tbody tr")
        expect(faults).to_have_count(2)
        expect(faults.first).to_contain_text("did you mean 26.64?")
        assert "own" not in query(tab)
        assert barriers(tab) == []

        bring(tab, "sites", "ours.csv", "id,name,latitude,longitude\nour-hill,Our Hill,26.5,106.9\n")
        expect(tab.locator("#whatif-changes")).to_contain_text("ours.csv")
        expect(tab.locator("#whatif-changes")).to_contain_text(text("en", "whatif.stale"), ignore_case=True)
        tab.get_by_role("button", name=text("en", "whatif.group.sites"), exact=True).click()
        tab.get_by_role("textbox", name="Sites that must open").click()
        tab.get_by_role("option", name="Our Hill").first.click()
        tab.keyboard.press("Escape")
        expect(tab.locator("#whatif-changes")).to_contain_text("our-hill")
        tab.get_by_role("button", name=text("en", "whatif.solve"), exact=True).click()
        tab.get_by_text(text("en", "job.see")).click(timeout=SOLVED_MS)
        expect(tab.locator("h1")).to_contain_text("own data")
    run = RunStore(root).open(RunStore(root).entries()[0].id)
    assert "our-hill" in run.instance["site"].values
    assert (run.path / "ours.csv").is_file(), "the run carries the file"


def test_a_file_is_taken_back_and_levers_stay(browser: Browser, desk: str) -> None:
    with reader(browser, desk) as tab:
        opened(tab, f"{desk}/whatif?lang=zh")
        price = tab.get_by_label("碳价（元/吨）")
        price.fill("120")
        price.press("Tab")
        expect(tab.locator("#whatif-changes")).to_contain_text("120")
        tab.get_by_role("button", name=text("zh", "whatif.group.own")).click()
        bring(tab, "sites", "园区.csv", "id,latitude,longitude\nour-hill,26.5,106.9\n", "zh")
        expect(tab.locator("#whatif-changes")).to_contain_text("园区.csv")
        expect(price).to_have_value("120")
        tab.get_by_role("button", name="撤下 园区.csv").click()
        expect(tab.locator("#whatif-changes")).not_to_contain_text("园区.csv")
        expect(price).to_have_value("120")
        assert "own" not in query(tab)


def test_files_that_must_change_together_are_brought_one_after_the_other(browser: Browser, desk: str) -> None:
    tariffs = "place,months,first_hour,last_hour,price_cny_per_mwh\nour-hill,*,0,24,420\n"
    with reader(browser, desk) as tab:
        opened(tab, f"{desk}/whatif?base=own-data")
        tab.get_by_role("button", name=text("en", "whatif.group.own")).click()
        bring(tab, "tariffs", "prices.csv", tariffs)
        expect(tab.locator("#own-told")).to_contain_text('place "our-hill" is neither a site of the study')
        bring(tab, "sites", "ours.csv", "id,latitude,longitude\nour-hill,26.5,106.9\n")
        expect(tab.locator("#whatif-changes")).to_contain_text("ours.csv")
        expect(tab.locator("#own-told")).to_contain_text('place "longli-hill" is neither a site of the study')
        bring(tab, "tariffs", "prices.csv", tariffs)
        expect(tab.locator("#whatif-changes")).to_contain_text("prices.csv")
        expect(tab.locator("#own-told")).to_be_empty()
