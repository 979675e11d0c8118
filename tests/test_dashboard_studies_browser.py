"""Studies in a real browser: asked, watched, reloaded, cancelled, answered, taken away; by two readers at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import plotly
import pytest
from playwright.sync_api import Browser, expect

from dashboard.figures.style import drawn
from dashboard.jobs import Jobs
from dashboard.look import Look
from dashboard.words import text
from tests.dashboard_desk import held, served, small_study, solved
from tests.dashboard_reader import SOLVED_MS, as_table, barriers, fits, needs_chromium, opened, reader

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one run, really solved."""
    folder = tmp_path_factory.mktemp("studies")
    assert solved(folder, small_study(), "A small study").state == "done"
    return folder


@pytest.fixture(scope="module")
def desk(root: Path) -> Iterator[str]:
    with served(root) as address:
        yield address


def test_a_plan_that_meets_its_bound_but_for_rounding_has_a_chart(browser: Browser) -> None:
    bound, plan = 255.52936472791487, 255.5293647279148  # as a solver told them: one step of the last digit apart
    lines = [
        {"type": "scatter", "x": [0.1, 0.2], "y": [None, plan]},
        {"type": "scatter", "x": [0.1, 0.2], "y": [bound] * 2},
    ]
    with reader(browser, "data:") as tab:
        tab.set_content('<div id="chart" style="width: 500px; height: 280px"></div>')
        tab.add_script_tag(path=Path(plotly.__file__).parent / "package_data" / "plotly.min.js")
        figure = drawn(lines, Look(), yaxis={"title": {"text": "present cost"}})
        tab.evaluate("figure => Plotly.react('chart', figure.data, figure.layout)", figure)
        expect(tab.locator(".ytitle")).to_be_in_viewport()
        expect(tab.locator(".ytick text")).to_have_text(["255", "255.5", "256", "256.5"])


def test_a_study_is_asked_and_its_answer_stays(browser: Browser, desk: str) -> None:
    with reader(browser, desk) as tab:
        opened(tab, f"{desk}/studies")
        tab.get_by_role("link", name=text("en", "study_stress.title")).click()
        expect(tab.locator("#study-answer")).to_contain_text("Nobody has asked this")
        tab.get_by_role("button", name=text("en", "study.ask"), exact=True).click()
        expect(tab.locator("#job-view")).to_contain_text("Droughts · A small study")
        expect(tab.locator("#study_stress-years-figure")).to_be_visible(timeout=SOLVED_MS)
        expect(tab.locator(".study-told li").first).to_contain_text("A plan made for the mean year promises")
        rows = as_table(tab, "study_stress-years").locator("tbody tr")
        expect(rows.locator("td:first-child")).to_have_text(["2021", "2022"])
        with tab.expect_download() as taken:
            tab.get_by_role("link", name="netCDF").click()
        assert taken.value.suggested_filename.endswith("-stress.nc")
        assert barriers(tab) == []
        tab.reload()
        expect(tab.locator("#study_stress-years-figure")).to_be_visible()
    with reader(browser, desk, 820) as tab:
        opened(tab, f"{desk}/studies/stress?lang=zh&theme=dark")
        expect(tab.locator("main")).to_contain_text(text("zh", "study_stress.years"))
        fits(tab)
        assert barriers(tab) == []


def test_two_readers_see_one_study_that_is_reloaded_and_cancelled(browser: Browser, root: Path, desk: str) -> None:
    with reader(browser, desk) as one, reader(browser, desk) as other:
        opened(one, f"{desk}/studies/sensitivity")
        one.get_by_role("button", name=text("en", "study.ask"), exact=True).click()
        with held(root):
            expect(one.locator("#job-view")).to_contain_text(text("en", "job.state.running"), timeout=SOLVED_MS)
            opened(other, f"{desk}/studies/sensitivity?lang=zh")
            expect(other.locator("#job-view")).to_contain_text(text("zh", "job.state.running"))
            expect(other.get_by_role("button", name=text("zh", "study.ask"), exact=True)).to_be_disabled()
            one.reload()  # in mid-study
            expect(one.locator("#job-view")).to_contain_text("Estimates · A small study")
            other.get_by_role("button", name=text("zh", "study.cancel")).click()
            expect(other.locator("#job-view")).to_contain_text(text("zh", "study.stopping").strip())
        for tab, language in ((one, "en"), (other, "zh")):
            cancelled = text(language, "answer.ended.cancelled")
            expect(tab.locator("#job-view")).to_contain_text(cancelled, timeout=SOLVED_MS)
            expect(tab.get_by_role("button", name=text(language, "study.ask"), exact=True)).to_be_enabled()
    assert len([job for job in Jobs(root).newest() if job.study == "sensitivity"]) == 1


def test_the_price_of_rules_is_asked_on_the_law_page(browser: Browser, desk: str) -> None:
    with reader(browser, desk) as tab:
        opened(tab, f"{desk}/law")
        box = tab.locator("#study-answer")
        expect(box).to_contain_text("Nobody has asked this")
        box.get_by_role("button", name=text("en", "study.ask"), exact=True).click()
        expect(tab.locator("#study-answer")).to_contain_text(text("en", "law.no_restriction"), timeout=SOLVED_MS)
        opened(tab, f"{desk}/runs")
        row = tab.locator("#runs-jobs tr", has_text="Price of rules")
        expect(row).to_contain_text(text("en", "answer.ended.done"))
        row.get_by_role("link", name=text("en", "study.see")).click()
        expect(tab).to_have_url(re.compile("/studies/law-cost"))
        expect(tab.locator("h1")).to_have_text(text("en", "study_law_cost.title"))
