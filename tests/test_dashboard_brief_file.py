"""The brief as a file: one sheet, nothing fetched from anywhere, every text escaped; and what it is compared with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dash import html
from playwright.sync_api import Browser, expect
from werkzeug.test import Client

from dashboard.app import make_app
from dashboard.brief_file import brief_pdf, chromium
from dashboard.comparison import baseline_run, compared
from dashboard.context import Desk
from dashboard.jobs import Jobs
from dashboard.keyfigures import key_figures
from dashboard.markup import markup
from dashboard.pages.brief import as_file
from dashboard.store import RunStore
from data.baseline import baseline_of
from data.scenario import Scenario
from model.runs import save_run
from tests.dashboard_plans import plan, saved_plan
from tests.dashboard_reader import needs_chromium
from tests.test_dashboard_app import HOST, told

NAMED = {"name": "cheap", "title": "<b>Carbon & co</b>", "policy": {"carbon_price_cny_per_t": 60.0},
         "baseline": {"changes": {"policy.carbon_price_cny_per_t": 600.0}}}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A run whose study names a comparison."""
    save_run(tmp_path / "cheap", Scenario.model_validate(NAMED), *plan(60.0))
    return Desk(RunStore(tmp_path), Jobs(tmp_path))


def solve_baseline(desk: Desk) -> None:
    study = baseline_of(Scenario.model_validate(NAMED))
    assert isinstance(study, Scenario)
    save_run(desk.runs.root / "other", study, *plan(600.0))


def test_markup_escapes_what_people_wrote_and_keeps_the_rest() -> None:
    node = html.P(["1 < 2", None, html.Span('a"b', className="x", style={"width": "3%"})], **{"aria-label": "<"})
    assert markup(node) == '<p aria-label="&lt;">1 &lt; 2<span class="x" style="width:3%">a&quot;b</span></p>'


def test_the_file_names_no_other_place_to_fetch_from_and_says_what_the_page_says(desk: Desk) -> None:
    page = desk.context("/", "?run=cheap")
    text = as_file(page).decode()
    assert "&lt;b&gt;Carbon &amp; co&lt;/b&gt;" in text
    assert "<b>Carbon" not in text
    assert page.look.quantity(page.kept(key_figures).cost, "CNY") in text
    assert re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=", text.split("<body>")[1]) == []


def test_a_baseline_that_is_not_solved_is_offered_and_one_that_is_solved_is_compared_with(desk: Desk) -> None:
    page = desk.context("/", "?run=cheap")
    assert baseline_run(page) is None
    assert page.t("brief.baseline.missing") in told(desk, "/", "?run=cheap")
    solve_baseline(desk)
    page = desk.context("/", "?run=cheap")
    assert baseline_run(page) == "other"
    assert page.t("brief.baseline.missing") not in told(desk, "/", "?run=cheap")
    against = compared(page).against
    assert page.run is not None
    assert against is not None
    mine, theirs = key_figures(page.run).cost, key_figures(against).cost
    assert mine < theirs, "carbon at 600 costs more than carbon at 60"
    assert page.t("brief.saves", amount=page.look.quantity(theirs - mine, "CNY")) in told(desk, "/", "?run=cheap")


def test_another_study_of_the_same_name_is_no_baseline(desk: Desk, tmp_path: Path) -> None:
    saved_plan(tmp_path, "cheap-baseline", "Another", 99.0)
    assert baseline_run(desk.context("/", "?run=cheap")) is None


def test_a_run_nobody_knows_has_no_brief(desk: Desk) -> None:
    client = Client(make_app(desk).server)
    assert client.get("/download/brief-file/nobody.html", headers=HOST).status_code == 404
    assert client.get("/download/brief-file/cheap.exe", headers=HOST).status_code == 404
    answer = client.get("/download/brief-file/cheap.html", headers=HOST)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cheap-brief.html"'


@needs_chromium
def test_the_pdf_is_one_sheet(desk: Desk) -> None:
    if chromium() is None:
        pytest.skip("no chromium on the path")
    printed = brief_pdf(as_file(desk.context("/", "?run=cheap&lang=zh")))
    assert printed is not None
    assert re.findall(rb"/Count (\d+)", printed) == [b"1"]


@needs_chromium
def test_the_file_draws_its_charts_and_asks_for_nothing(browser: Browser, desk: Desk, tmp_path: Path) -> None:
    place = tmp_path / "brief.html"
    place.write_bytes(as_file(desk.context("/", "?run=cheap")))
    tab = browser.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda said: asked.append(said.text) if said.type == "error" else None)
    tab.goto(place.as_uri())
    expect(tab.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    tab.wait_for_timeout(1000)
    assert [one for one in asked if not one.startswith(("file:", "data:", "blob:"))] == []
    tab.close()
