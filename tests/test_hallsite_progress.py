"""What is told while a solve runs, and how it is stopped."""

from __future__ import annotations

import signal
from io import StringIO

import pytest
from rich.console import Console

from hallsite.endings import LeftEarly, ending
from hallsite.progress import event_line, progress
from hallsite.stopping import stop_request
from model.events import Event

START = Event("relaxation", 0.2, bound=2.40e9)
FOUND = Event("plans", 0.9, 2.48e9, 2.46e9, 0.00806)


def told_to(console: Console, events: list[Event], quiet: bool = False) -> tuple[str, list[Event]]:
    log: list[Event] = []
    with progress(console, quiet, log) as listen:
        for event in events:
            listen(event)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue(), log


def test_a_line_tells_phase_plan_bound_and_gap_in_money() -> None:
    line = event_line(FOUND)
    for words in ("0.9 s", "plans", "plan 2.480 bn CNY", "bound 2.460 bn CNY", "gap 0.81 % (20.00 m CNY)"):
        assert words in line
    assert "gap" not in event_line(START)


def test_plain_output_tells_changes_and_keeps_every_event() -> None:
    again = Event("plans", 1.0, 2.48e9, 2.46e9, 0.00806)
    later = Event("plans", 7.0, 2.48e9, 2.47e9, 0.004)
    text, log = told_to(Console(file=StringIO(), width=120), [START, FOUND, again, later])
    assert len(text.splitlines()) == 3, "an event that says nothing new within five seconds is not told"
    assert log == [START, FOUND, again, later]


def test_a_terminal_gets_one_live_line() -> None:
    text, log = told_to(Console(file=StringIO(), width=120, force_terminal=True), [START, FOUND])
    assert "plan 2.480 bn CNY" in text
    assert log == [START, FOUND]


def test_quiet_tells_nothing_and_keeps_the_log() -> None:
    text, log = told_to(Console(file=StringIO()), [START, FOUND], quiet=True)
    assert (text, log) == ("", [START, FOUND])


def test_the_first_ctrl_c_asks_the_solve_to_stop_and_the_second_leaves(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with stop_request() as stop:
        stop.solving = True
        assert not stop()
        signal.raise_signal(signal.SIGINT)
        assert stop()
        with pytest.raises(LeftEarly):
            signal.raise_signal(signal.SIGINT)
    assert "best plan so far is kept" in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_before_the_solve_leaves_at_once_with_its_exit_code() -> None:
    with stop_request(), pytest.raises(LeftEarly) as left:
        signal.raise_signal(signal.SIGTERM)
    assert ending(left.value)[0] == 4
