"""Map, comparison, law, energy and data in a real browser: controls move figures, tables and the address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from dashboard.figures.supply import MEAN, dispatch_table
from dashboard.look import Look
from dashboard.words import text
from tests.dashboard_desk import served
from tests.dashboard_plans import plan, saved_plan
from tests.dashboard_reader import as_table, at_rest, choose, needs_chromium, opened, query, reader

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("plans")
    saved_plan(root, "cheap", "Carbon at 60")
    saved_plan(root, "dear", "Carbon at 600", 600.0)
    with served(Path(root)) as address:
        yield address


def test_a_layer_and_a_site_stand_in_the_address_and_come_back_after_a_reload(browser: Browser, desk: str) -> None:
    with reader(browser, desk) as tab:
        opened(tab, f"{desk}/map?run=cheap")
        expect(tab.locator("#map-month-box")).to_be_hidden()
        choose(tab, "map-layer", text("en", "layer.price"))
        expect(tab.locator("#map-month-box")).to_be_visible()
        choose(tab, "map-site", "site-2")
        expect(tab.locator("#map-card h2")).to_have_text("site-2")
        expect(tab.locator("#map-plan-figure")).to_contain_text("CNY/kWh")
        expect(tab).to_have_url(re.compile("site=site-2"))
        assert query(tab)["layer"] == ["price"]
        tab.reload()
        expect(tab.locator("#map-card h2")).to_have_text("site-2")
        expect(tab.locator("#map-plan-figure")).to_contain_text(text("en", "layer.price"))


def test_a_site_is_one_click_from_a_study_without_it(browser: Browser, desk: str) -> None:
    with reader(browser, desk) as tab:
        opened(tab, f"{desk}/map?run=cheap&site=site-1")
        tab.get_by_role("link", name=text("en", "card.forbid")).click()
        expect(tab).to_have_url(re.compile("/whatif"))
        assert query(tab)["base"] == ["run:cheap"]
        assert '"forbid":["site-1"]' in query(tab)["set"][0]


def test_a_click_on_the_map_opens_the_card_of_the_site(browser: Browser, desk: str) -> None:
    with reader(browser, desk) as tab:
        opened(tab, f"{desk}/map?run=cheap&layer=pue&site=existing-0")
        expect(tab.locator("#map-card h2")).to_have_text("existing-0")
        at_rest(tab)
        box = tab.locator("#map-plan-figure .scattergeo .point").first.bounding_box()
        assert box is not None
        # Plotly answers a click only where it has answered hovering before.
        tab.mouse.move(box["x"] + box["width"] / 2 + 1, box["y"] + box["height"] / 2)
        tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(tab.locator("#map-plan-figure .hovertext").first).to_be_visible()
        tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(tab.locator("#map-card h2")).not_to_have_text("existing-0")


def test_energy_follows_its_controls_in_chart_table_and_download(browser: Browser, desk: str) -> None:
    mean, dry = (first_supply(year) for year in (MEAN, "2015"))
    assert mean != dry
    with reader(browser, desk) as tab:
        opened(tab, f"{desk}/energy?run=cheap")
        table = as_table(tab, "energy-dispatch")
        supplied = table.locator("tbody tr").first.locator("td").nth(3)
        expect(supplied).to_have_text(mean)
        choose(tab, "energy-year", "2015")
        expect(supplied).to_have_text(dry)
        expect(tab).to_have_url(re.compile("year=2015"))
        assert downloaded_supply(tab) == dry


def test_a_download_asked_for_while_figures_are_redrawn_waits_for_them(browser: Browser, desk: str) -> None:
    with reader(browser, desk) as tab:
        opened(tab, f"{desk}/energy?run=cheap")
        table = as_table(tab, "energy-dispatch")
        shown = table.locator("tbody tr").first.locator("td").nth(3)
        held: list[Route] = []

        def hold(route: Route) -> None:
            if "energy-dispatch-figure" in (route.request.post_data or ""):
                held.append(route)
            else:
                route.continue_()

        def let_go() -> None:
            expect(shown).to_have_text(first_supply(MEAN))
            for route in held:
                route.continue_()

        tab.route(re.compile("/_dash-update-component"), hold)
        choose(tab, "energy-year", "2015")
        expect(tab.locator("#energy-dispatch-figure[data-dash-is-loading]")).to_be_attached()
        assert downloaded_supply(tab, let_go) == first_supply("2015")
        expect(shown).to_have_text(first_supply("2015"))


def test_charts_out_of_sight_are_drawn_when_there_is_time_and_before_printing(browser: Browser, desk: str) -> None:
    with reader(browser, desk) as tab:
        tab.add_init_script("window.requestIdleCallback = () => {};")  # there never is time
        tab.goto(f"{desk}/energy?run=cheap")
        first, last = tab.locator("#energy-dispatch-figure .main-svg"), tab.locator("#energy-capacity-figure .main-svg")
        expect(first.first).to_be_attached()
        expect(tab.locator("#energy-capacity-figure .dash-graph--pending")).to_be_attached()
        expect(last).to_have_count(0)
        tab.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
        expect(last.first).to_be_attached()
        at_rest(tab)


def first_supply(year: str) -> str:
    """Power of the first slice and source in the last period, MW as the page writes it."""
    instance, solution = plan()
    table = dispatch_table(instance, solution, int(solution["period"].values[-1]), year, None)
    return Look("en", "light").number(float(table["mw_supplied"].iloc[0]))


def downloaded_supply(tab: Page, clicked: Callable[[], None] = lambda: None) -> str:
    """The same figure of the CSV of the panel; `clicked` is called once it is asked for."""
    with tab.expect_download() as saved:
        tab.get_by_role("link", name=text("en", "energy.dispatch")).first.click()
        clicked()
    content = Path(saved.value.path()).read_text(encoding="utf-8-sig")
    assert "# run: cheap" in content
    assert text("en", "column.energy_mwh") in content
    row = next(line for line in content.splitlines() if not line.startswith("#") and "01-" in line)
    return Look("en", "light").number(float(row.split(",")[3]))


def test_two_runs_are_set_against_each_other_in_words_and_figures(browser: Browser, desk: str) -> None:
    with reader(browser, desk) as tab:
        opened(tab, f"{desk}/compare?runs=cheap,dear")
        expect(tab.locator(".told-list li").first).to_contain_text("“Carbon at 600” costs")
        expect(tab.locator("#compare-inputs-table")).to_contain_text("policy.carbon_price_cny_per_t")
        tab.get_by_text(text("en", "course.carbon_t")).first.click()
        expect(tab.locator("#compare-course-figure")).to_contain_text("CO₂")
        expect(tab).to_have_url(re.compile("quantity=carbon_t"))
        opened(tab, f"{desk}/compare?runs=cheap")
        expect(tab.locator("#compare-body")).to_contain_text(text("en", "compare.too_few"))


def test_the_law_explains_another_pair_and_another_day(browser: Browser, desk: str) -> None:
    with reader(browser, desk) as tab:
        opened(tab, f"{desk}/law?run=cheap")
        expect(tab.locator("#law-why")).to_contain_text("standard contract")
        choose(tab, "law-to", "Hong Kong")
        expect(tab.locator("#law-why")).to_contain_text("hosted in Hong Kong")
        tab.get_by_role("slider").first.focus()
        for _ in range(12):
            tab.keyboard.press("ArrowLeft")
        expect(tab.locator("#law-why")).to_contain_text("2025")
        expect(tab).to_have_url(re.compile("to=HK"))


def test_the_catalogue_is_searched_and_nonsense_finds_nothing(browser: Browser, desk: str) -> None:
    with reader(browser, desk) as tab:
        opened(tab, f"{desk}/data?run=cheap")
        tab.get_by_text(text("en", "data.list.assumptions"), exact=True).click()
        tab.get_by_label(text("en", "data.search")).fill("cny_per_usd")
        expect(tab.locator("#data-catalogue-table tbody tr")).to_have_count(1)
        tab.get_by_label(text("en", "data.search")).fill("no such thing at all")
        expect(tab.locator("#data-catalogue-table")).to_contain_text(text("en", "panel.empty"))


def test_pages_without_a_plan_say_what_to_do(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path) as empty, reader(browser, empty) as tab:
        for path in ("/map", "/energy", "/compare"):
            opened(tab, f"{empty}{path}")
            expect(tab.locator("main")).to_contain_text(text("en", "control.no_run.remedy"))


def test_nonsense_in_the_address_is_passed_over(browser: Browser, desk: str) -> None:
    with reader(browser, desk) as tab:
        for path in (
            "map?layer=x&period=1900&site=mars&month=77",
            "energy?year=3000&site=mars",
            "law?people=many&day=-4&from=XX",
        ):
            opened(tab, f"{desk}/{path}&run=cheap")
            expect(tab.locator("h1")).to_be_visible()
            expect(tab.locator("main")).not_to_contain_text(text("en", "shell.failed"))
