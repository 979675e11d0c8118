"""Readers of the dashboard in a real browser, and what they do on every page: open, choose, look at a table."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from shutil import which
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from dashboard.words import text

CHROMIUM = which("chromium") or which("chromium-browser")
ALONE = [
    "--no-sandbox",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
SOLVED_MS = 300_000
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium")
PATIENCE_MS = 180_000  # for a machine that does other things besides; costs nothing where all is well
# Drawn, named, nothing asked of the server but the beat of a job, nothing fading: three looks in a row.
AT_REST = """() => {
    const some = words => [...document.querySelectorAll(words)];
    const { stored, completed, ...asked } = window.store ? window.store.getState().callbacks : { none: [{}] };
    const causes = Object.values(asked).flat().map(one => Object.keys(one.changedPropIds || {}));
    const isBeat = names => names.length > 0 && names.every(name => /^(job|runs)-(tick|beat)[.]/.test(name));
    const isMoving = one => one.playState === "running" && one.effect.getComputedTiming().endTime !== Infinity;
    const rests = some("#content > *").length > 0
        && causes.every(isBeat)
        && some(".dash-graph").every(chart => chart.querySelector(".main-svg"))
        && some("[data-ag-theme-mode]").every(grid => grid.querySelector(".ag-root"))
        && some(".own-data").every(files => files.querySelector("input[type=file][aria-label]"))
        && !document.getAnimations().some(isMoving);
    window.looksAtRest = rests ? (window.looksAtRest || 0) + 1 : 0;
    return window.looksAtRest >= 3;
}"""
expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser, which reaches no other machine."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ALONE)
        yield browser
        browser.close()


@contextmanager
def reader(browser: Browser, desk: str, width: int = 1280) -> Iterator[Page]:
    """A tab that must end without an error on its console and without a request to any other host."""
    tab = browser.new_page(viewport={"width": width, "height": 900})
    tab.set_default_timeout(PATIENCE_MS)
    wrong: list[str] = []
    tab.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("request", lambda asked: wrong.append(asked.url) if not _ours(asked.url, desk) else None)
    tab.on("response", lambda told: wrong.append(f"{told.status} {told.url}") if told.status >= 400 else None)
    try:
        yield tab
    except BaseException as error:
        error.add_note(f"The tab at {tab.url} said: {wrong}")
        raise
    finally:
        tab.close()
    assert not wrong, wrong


def _ours(url: str, desk: str) -> bool:
    return url.startswith((desk, "data:", "blob:"))


def opened(tab: Page, address: str) -> None:
    """Go to an address and wait until its page stands."""
    tab.goto(address)
    at_rest(tab)


def at_rest(tab: Page) -> None:
    """Wait until a page is drawn and does nothing more of its own: charts and answers come after the page."""
    tab.evaluate("() => { window.looksAtRest = 0; }")
    tab.wait_for_function(AT_REST, polling=50)


def fits(tab: Page) -> None:
    """See that nothing stands out on the right, once charts have drawn themselves anew."""
    at_rest(tab)
    tab.wait_for_function("() => document.documentElement.scrollWidth <= window.innerWidth")


def barriers(tab: Page) -> list[tuple[str, str]]:
    """What axe finds against WCAG 2.1 A and AA: rule and the first place."""
    at_rest(tab)
    found = Axe().run(tab, options={"runOnly": STANDARDS}).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]


def query(tab: Page) -> dict[str, list[str]]:
    """The state the address holds."""
    return parse_qs(urlsplit(tab.url).query)


def choose(tab: Page, control: str, option: str) -> None:
    """Pick an option of a select, by its id and the words of the option."""
    tab.locator(f"#{control}").click()
    tab.get_by_role("option", name=option, exact=True).click()


def as_table(tab: Page, panel: str) -> Locator:
    """Switch a panel to its table and return it."""
    shown = tab.locator(".panel", has=tab.locator(f"#{panel}-table"))
    shown.get_by_text(text("en", "panel.table"), exact=True).click()
    expect(shown.locator("table")).to_be_visible()
    return shown.locator("table")


def until(told: Callable[[], bool], wait_s: float = PATIENCE_MS / 1000) -> None:
    """Wait until something is so outside the browser."""
    end = time.monotonic() + wait_s
    while not told():
        assert time.monotonic() < end, f"not so within {wait_s:g} s"
        time.sleep(0.1)
