"""How fast the dashboard is over a folder of runs: start, memory, pages ready, callbacks, in a real browser.

    python -m tests.benchmarks.dashboard_speed RUNS [ROUNDS]

RUNS: a folder of run folders, best with a run of the default study as its newest. Wanted: start ≤ 4 s, idle
memory ≤ 400 MiB, pages ready ≤ 1.5 s, callbacks p95 ≤ 200 ms.

A page is ready when it stands and every chart of which a part is in the first screenful, 1280 × 900, is drawn; the
charts below follow while the browser has nothing else to do, and `all drawn` is when the last of them stands. A first
visit is that of a browser that has nothing of the dashboard yet, and loads 9 MB of scripts.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import which

import numpy as np
import psutil
from playwright.sync_api import Page, Request, sync_playwright

from dashboard.pages import pages
from tests.dashboard_desk import served

ALONE = ["--no-sandbox", "--disable-background-networking"]
DRAWN = """() => document.querySelector('#content > *') !== null
    && [...document.querySelectorAll('.panel-body.shows-chart .dash-graph')].every(
        graph => graph.querySelector('.main-svg') !== null)"""
READY = DRAWN.replace(
    ".every(",
    """.filter(
        graph => graph.getBoundingClientRect().top < window.innerHeight).every(""",
)
# Controls to move, page by page, and what to move them through.
MOVES: dict[str, list[tuple[str, list[object]]]] = {
    "law": [
        ("law-day", [60, 96, 120, 150]),
        ("law-class", ["important", "health", "personal"]),
        ("law-people", [5000, 2_000_000]),
        ("law-from", ["US", "EU", "CN"]),
        ("law-to", ["US", "SG", "HK"]),
        ("law-operator", ["US", "CN"]),
        ("law-mode", ["ring_fenced", "own"]),
        ("law-places", ["run", "all"]),
        ("law-since", ["2017-06-01", "2021-11-01"]),
    ],
    "energy": [
        ("energy-period", ["2026", "2030", "2034"]),
        ("energy-site", ["gui-an", "zhongwei", "all"]),
        ("energy-year", ["2022", "2023", "mean"]),
    ],
    "map": [
        ("map-layer", ["pue", "price", "latency", "law", "hazard", "water", "halls"]),
        ("map-period", ["2026", "2030"]),
        ("map-flows", ["all", "web", "none"]),
        ("map-site", ["gui-an", "beijing"]),
        ("map-extent", ["all", "plan"]),
    ],
    "data": [
        ("data-list", ["assumptions", "tables", "sources"]),
        ("data-search", ["hydro", "tariff", ""]),
        ("data-place", ["gui-an", "beijing"]),
    ],
}  # fmt: skip
MOVE = "([id, value]) => window.dash_clientside.set_props(id, {value})"


class Stopwatch:
    """Times of the callbacks a tab asks for, in ms, by what they change."""

    def __init__(self, tab: Page) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)
        self.open: set[Request] = set()
        tab.on("request", lambda asked: self.open.add(asked) if _is_callback(asked) else None)
        tab.on("requestfinished", self._note)

    def _note(self, asked: Request) -> None:
        if asked in self.open:
            self.open.discard(asked)
            told = asked.timing
            self.times[_name(asked)].append(told["responseEnd"] - told["requestStart"])


def _is_callback(asked: Request) -> bool:
    return "/_dash-update-component" in asked.url


def _name(asked: Request) -> str:
    outputs = str(asked.post_data_json["output"]).strip(".").split("...")
    return f"{outputs[0].split('@')[0]}" + (f" +{len(outputs) - 1}" if len(outputs) > 1 else "")


def main(runs: Path, rounds: int) -> Iterator[str]:
    """Lines of the report."""
    started = time.perf_counter()
    with served(runs) as desk, sync_playwright() as play:
        server = next(child for child in psutil.Process().children() if "dashboard" in " ".join(child.cmdline()))
        yield f"server answers after {time.perf_counter() - started:.2f} s"
        time.sleep(8)
        yield f"idle memory {server.memory_info().rss / 2**20:.0f} MiB"
        browser = play.chromium.launch(executable_path=which("chromium") or which("chromium-browser"), args=ALONE)
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        for name, page in pages().items():
            (first, _), *later = [_visited(tab, f"{desk}{page.PATH}") for _ in range(rounds + 1)]
            ready, drawn = zip(*later, strict=True)
            yield f"{name:8} ready {told(ready)}, all drawn {told(drawn)}"
            if page is next(iter(pages().values())):
                yield f"{name:8} first visit {first:.0f} ms"
        for name, moves in MOVES.items():
            tab.goto(f"{desk}{pages()[name].PATH}")
            tab.wait_for_function(DRAWN)
            tab.wait_for_timeout(1000)
            before = _cpu_ms(server)
            times = moved(tab, moves, rounds)
            spent = _cpu_ms(server) - before
            for output, each in sorted(times.items()):
                yield f"{name:8} {output:36} {told(each)}"
            everything = [each for some in times.values() for each in some]
            asked = rounds * sum(len(values) for _, values in moves)
            yield f"{name:8} {'all':36} {told(everything)}, the server's CPU {spent / asked:.0f} ms a move"
        yield f"memory after that {server.memory_info().rss / 2**20:.0f} MiB"
        browser.close()


def _visited(tab: Page, address: str) -> tuple[float, float]:
    """Milliseconds until a page is ready, and until all its charts are drawn."""
    begun = time.perf_counter()
    tab.goto(address, wait_until="commit")
    tab.wait_for_function(READY)
    ready = time.perf_counter()
    tab.wait_for_function(DRAWN)
    drawn = time.perf_counter()
    tab.wait_for_timeout(1000)  # what one visit leaves to do is not the next one's
    return 1000 * (ready - begun), 1000 * (drawn - begun)


def moved(tab: Page, moves: list[tuple[str, list[object]]], rounds: int) -> dict[str, list[float]]:
    """Times of every callback of an open page whose controls are moved one by one."""
    watch = Stopwatch(tab)
    for _ in range(rounds):
        for control, values in moves:
            for value in values:
                tab.evaluate(MOVE, [control, value])
                tab.wait_for_timeout(150)
                while watch.open:
                    tab.wait_for_timeout(30)
    return watch.times


def _cpu_ms(process: psutil.Process) -> float:
    """CPU a process has used: unlike time it says the same on a busy machine."""
    used = process.cpu_times()
    return 1000 * float(used.user + used.system)


def told(times: Sequence[float]) -> str:
    """Median, 95th percentile and most of times in ms."""
    middle, high = np.percentile(times, [50, 95])
    return f"p50 {middle:5.0f} ms  p95 {high:5.0f} ms  most {max(times):5.0f} ms  of {len(times)}"


if __name__ == "__main__":
    for line in main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 2):
        print(line, flush=True)
