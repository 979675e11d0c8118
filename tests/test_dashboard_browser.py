"""The dashboard in a real browser: every page in both languages and themes, and the journeys of its readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from dashboard.pages import pages
from dashboard.progress import TICK_MS
from dashboard.store import RunStore
from dashboard.words import text
from tests.dashboard_desk import held, served, small_study, solved
from tests.dashboard_reader import SOLVED_MS, at_rest, barriers, fits, needs_chromium, opened, reader, until

pytestmark = needs_chromium
TABLET = 820
SHOWS_FOCUS = """() => {
    const part = document.activeElement;
    const settle = () => { getComputedStyle(part).color; part.getAnimations().forEach(one => one.finish()); };
    const look = () => {
        settle();
        const s = getComputedStyle(part);
        return [s.outline, s.borderColor, s.boxShadow].join();
    };
    const focused = look();
    part.blur();
    const resting = look();
    part.focus();
    return focused !== resting;
}"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one run, really solved."""
    folder = tmp_path_factory.mktemp("desk")
    assert solved(folder, small_study(), "A small study").state == "done"
    return folder


@pytest.fixture(scope="module")
def desk(root: Path) -> Iterator[str]:
    with served(root) as address:
        yield address


@pytest.mark.parametrize("name", sorted(pages()))
@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh", "dark")])
def test_a_page_loads_clean_and_can_be_used_by_all(
    browser: Browser, desk: str, name: str, language: str, theme: str
) -> None:
    with reader(browser, desk) as tab:
        opened(tab, f"{desk}{pages()[name].PATH}?lang={language}&theme={theme}")
        expect(tab.locator("[aria-current=page]")).to_have_text(text(language, f"{name}.nav"))
        expect(tab.locator("body")).not_to_contain_text(text(language, "shell.failed"))
        expect(tab.locator("h1")).to_have_count(1)
        assert barriers(tab) == []
        for width in (1280, TABLET):
            tab.set_viewport_size({"width": width, "height": 900})
            fits(tab)


def test_language_theme_and_page_stand_in_the_address(browser: Browser, desk: str) -> None:
    with reader(browser, desk) as tab:
        opened(tab, desk)
        tab.get_by_text("中文").click()
        expect(tab.locator("nav")).to_contain_text(text("zh", "whatif.nav"))
        tab.get_by_text(text("zh", "shell.theme.dark")).click()
        expect(tab.locator(".screen.dark")).to_be_visible()
        tab.locator("nav").get_by_text(text("zh", "runs.nav")).click()
        expect(tab.locator("h1")).to_have_text(text("zh", "runs.title"))
        assert urlsplit(tab.url).path == "/runs"
        assert parse_qs(urlsplit(tab.url).query) == {"lang": ["zh"], "theme": ["dark"]}
        tab.go_back()
        expect(tab.locator(".recommendation")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "price", "changed", "titled"),
    [
        ("en", "200", "80 CNY/t → 200 CNY/t", "Carbon price 200 CNY/t"),
        ("zh", "300", "80 元/吨 → 300 元/吨", "碳价 300 元/吨"),
    ],
)
def test_a_planner_clones_changes_solves_compares_and_exports(
    browser: Browser, root: Path, desk: str, language: str, price: str, changed: str, titled: str
) -> None:
    before = len(RunStore(root).entries())

    def said(key: str) -> str:
        return text(language, key)

    with reader(browser, desk) as tab:
        opened(tab, f"{desk}/whatif?lang={language}&base=run:{RunStore(root).entries()[-1].id}")
        field = tab.get_by_label(said("lever.carbon_price"))
        field.fill(price)
        field.press("Tab")
        expect(tab.locator("#whatif-changes")).to_contain_text(changed)
        expect(tab.locator("#whatif-changes")).to_contain_text(said("whatif.stale"), ignore_case=True)
        tab.get_by_role("button", name=said("whatif.solve"), exact=True).click()
        expect(tab).to_have_url(re.compile("job="))
        tab.reload()  # in mid-solve: the address knows the job and the levers
        expect(field).to_have_value(price)
        expect(tab.locator("#job-view")).to_contain_text(titled)
        expect(tab.get_by_text(said("job.see"))).to_be_visible(timeout=SOLVED_MS)
        expect(tab.locator("#job-view .told-list")).to_contain_text("A small study")  # what the plan changes
        tab.get_by_text(said("job.see")).click()
        expect(tab.locator("h1")).to_contain_text(titled)
        tab.get_by_label(said("brief.against")).click()
        tab.get_by_role("option", name="A small study", exact=True).click()
        expect(tab.locator(".card .change").first).to_contain_text("▲")
        with tab.expect_download() as taken:
            tab.get_by_text("scenario.yaml").click()
        study = Path(taken.value.path()).read_text(encoding="utf-8")
        assert f"carbon_price_cny_per_t: {price}" in study
    assert len(RunStore(root).entries()) == before + 1


def test_an_idle_site_says_what_it_would_cost_and_is_solved_into_the_plan(browser: Browser, desk: str) -> None:
    with reader(browser, desk) as tab:
        opened(tab, f"{desk}/map?site=shaoguan")
        card = tab.locator("#map-card")
        expect(card).to_contain_text(text("en", "card.idle.never"))
        expect(card).to_contain_text(text("en", "offer.against"))
        expect(card.locator(".offer-types tbody tr").first).to_contain_text(re.compile(r"1\.\d{3}"))
        expect(card.locator(".site-offer dl")).to_contain_text("CNY/kW/month")
        expect(card.locator(".site-offer dl .basis a").nth(4)).to_be_visible()  # figures name their sources
        card.get_by_role("button", name=text("en", "card.solve.force")).click()
        expect(tab.locator("#job-view")).to_contain_text("Shaoguan")
        expect(tab).to_have_url(re.compile("job="))
        tab.reload()  # the address knows the job and the site
        expect(tab.get_by_text(text("en", "job.see"))).to_be_visible(timeout=SOLVED_MS)
        expect(card).to_contain_text(text("en", "card.idle.never"))
        tab.get_by_text(text("en", "job.see")).click()
        expect(tab.locator("h1")).to_contain_text("Sites that must open Shaoguan")


def test_no_plan_is_told_in_sentences_with_repairs_to_click(browser: Browser, desk: str) -> None:
    sites = '["gui-an","shaoguan","longli-hill","nansha-port","chuxiong-plain"]'
    with reader(browser, desk) as tab:
        opened(tab, f'{desk}/whatif?set={{"force_open":[],"forbid":{sites}}}')
        tab.get_by_role("button", name="Solve", exact=True).click()
        expect(tab.locator("#job-view")).to_contain_text("these requirements cannot hold together", timeout=SOLVED_MS)
        expect(tab.locator("#job-view")).to_contain_text("No new halls at Gui'an")
        expect(tab.locator("#job-view")).to_contain_text(text("en", "repair.found"))
        tab.locator(".repairs a").first.click()
        expect(tab.locator("#whatif")).to_have_attribute("data-base", re.compile(r"^job:\w+\.0$"))
        at_rest(tab)
        tab.get_by_role("button", name="Solve", exact=True).click()
        expect(tab.get_by_text("See the plan")).to_be_visible(timeout=SOLVED_MS)


def test_an_executive_opens_and_prints_one_sheet(browser: Browser, desk: str, tmp_path: Path) -> None:
    with reader(browser, desk) as tab:
        opened(tab, desk)
        expect(tab.locator(".recommendation")).to_contain_text(re.compile(r"Build .+\. The plan costs .+\."))
        expect(tab.locator(".card")).to_have_count(8)
        legends = tab.locator(".brief .js-plotly-plot .legend")
        expect(legends).not_to_have_count(0)
        at_rest(tab)
        before = [legend.bounding_box() for legend in legends.all()]
        tab.pdf(path=tmp_path / "brief.pdf", prefer_css_page_size=True)
        assert re.findall(rb"/Count (\d+)", (tmp_path / "brief.pdf").read_bytes()) == [b"1"]
        until(lambda: [legend.bounding_box() for legend in legends.all()] == before)  # on screen all is as it was


def test_a_run_is_renamed_deleted_and_brought_back(browser: Browser, root: Path, desk: str) -> None:
    store = RunStore(root)
    run = store.entries()[-1].id
    with reader(browser, desk) as tab:
        opened(tab, f"{desk}/runs")
        row = tab.locator(f".ag-row[row-id='{run}']")
        row.locator("[col-id=title]").dblclick()
        row.locator("[col-id=title] input").fill("For the board")
        row.locator("[col-id=title] input").press("Enter")
        expect(tab.locator(f".ag-row[row-id='{run}'] [col-id=title]")).to_contain_text("For the board")
        until(lambda: store.title(run) == "For the board")
        row.locator("[col-id=gap]").click()
        tab.get_by_role("button", name="Delete").click()
        expect(row).to_have_count(0)
        assert run not in store
        tab.get_by_role("button", name="Bring back").click()
        expect(row).to_have_count(1)
        assert run in store
    store.rename(run, "")  # other tests know it by its first title


def test_two_readers_work_at_once(browser: Browser, desk: str) -> None:
    with reader(browser, desk) as one, reader(browser, desk) as other:
        opened(one, f"{desk}/whatif")
        opened(other, f"{desk}/?lang=zh")
        one.get_by_label("Carbon price, CNY/t").fill("450")
        one.get_by_label("Carbon price, CNY/t").press("Tab")
        expect(one.locator("#whatif-changes")).to_contain_text("450 CNY/t")
        expect(other.locator("nav")).to_contain_text(text("zh", "brief.nav"))
        other.locator("nav").get_by_text(text("zh", "whatif.nav")).click()
        expect(other.locator("#whatif-changes")).to_contain_text(text("zh", "whatif.unchanged"))


def test_an_empty_store_offers_a_study_and_shows_its_solve(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path) as desk, reader(browser, desk) as tab:
        opened(tab, desk)
        expect(tab.locator("h1")).to_have_text(text("en", "brief.welcome"))
        tab.get_by_role("button", name=text("en", "brief.solve")).last.click()
        expect(tab.locator("#job-view")).to_contain_text("Our own sites and loads")
        with held(tmp_path):
            expect(tab.locator("#job-view")).to_contain_text(re.compile(r"[A-Z][a-z ]+ · \d+ s so far"))
            tab.route(re.compile("/_dash-update-component"), late)  # no answer is lost for coming after the next beat
            tab.get_by_role("button", name=text("en", "job.stop")).click()
            expect(tab.locator("#job-view")).to_contain_text("Stopping")
            tab.unroute_all(behavior="wait")
        expect(tab.locator("#job-view")).to_contain_text(re.compile("Stopped|checked"), timeout=SOLVED_MS)


def late(route: Route) -> None:
    """Let an answer about a job take longer than the time between two beats."""
    if "job-view" in (route.request.post_data or ""):
        sleep(1.5 * TICK_MS / 1000)
    route.continue_()


def test_the_keyboard_reaches_the_content_first(browser: Browser, desk: str) -> None:
    with reader(browser, desk) as tab:
        opened(tab, desk)
        tab.keyboard.press("Tab")
        expect(tab.get_by_role("link", name=text("en", "shell.skip"))).to_be_focused()
        tab.keyboard.press("Enter")
        expect(tab.locator("#content")).to_be_focused()


def test_a_planner_needs_no_mouse(browser: Browser, desk: str) -> None:
    with reader(browser, desk) as tab:
        opened(tab, f"{desk}/map?site=gui-an")
        card = tab.locator("#map-card")
        tabbed(tab, "#map-site")
        chosen = chosen_by_keys(tab, "map-site")
        assert chosen != "Gui'an"
        expect(card.locator("h2")).to_have_text(chosen)
        at_rest(tab)
        tabbed(tab, "#map-card .tools a")
        tab.keyboard.press("Enter")
        expect(tab.locator("#whatif-changes")).to_contain_text(chosen)
        at_rest(tab)
        tabbed(tab, "#whatif-solve")
        tab.keyboard.press("Enter")
        expect(tab.get_by_text(text("en", "job.see"))).to_be_visible(timeout=SOLVED_MS)
        at_rest(tab)
        tabbed(tab, "#job-view a")
        tab.keyboard.press("Enter")
        expect(tab.locator("h1")).to_contain_text(chosen)


def tabbed(tab: Page, wanted: str, most: int = 120) -> None:
    """Press Tab until a part of the page has the focus, and see that one can see it."""
    for _ in range(most):
        tab.keyboard.press("Tab")
        if tab.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            assert tab.evaluate(SHOWS_FOCUS), f"{wanted} has the focus and does not show it"
            return
    raise AssertionError(f"{most} presses of Tab do not reach {wanted}")


def chosen_by_keys(tab: Page, control: str) -> str:
    """Open the list of a select that has the focus and take the option after the chosen one; returns its words."""
    tab.keyboard.press("ArrowDown")
    options = tab.get_by_role("listbox").get_by_role("option")
    lit = options.and_(tab.locator("[data-combobox-selected]"))
    expect(lit).to_have_attribute("data-checked", "true")
    # The list notes a moment after it opens which option is lit: a key before that would be forgotten.
    tab.evaluate("() => new Promise(done => setTimeout(done, 100))")
    tab.keyboard.press("ArrowDown")
    expect(lit).not_to_have_attribute("data-checked", "true")
    words = lit.inner_text()
    tab.keyboard.press("Enter")
    expect(tab.locator(f"#{control}")).to_have_value(words)
    return words
