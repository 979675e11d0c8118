"""Every way a command can fail has its exit code and speaks the user's words."""

from __future__ import annotations

import pytest

from data.errors import BadInput, Fault
from hallsite.endings import Explained, LeftEarly, ending
from hallsite.rooms import ShadowedRoom
from model.errors import Infeasible, NoPlan

LATITUDE = Fault("sites.csv", "row 7", "latitude 266.4 is outside -90…90", "did you mean 26.64?")


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (BadInput([LATITUDE]), 2, "- row 7: latitude 266.4 is outside -90…90; did you mean 26.64?"),
        (ShadowedRoom("rename data.py"), 2, "rename data.py"),
        (FileNotFoundError(2, "No such file or directory", "raw/a.csv"), 2, "raw/a.csv: No such file"),
        (Infeasible(["Payments of Beijing within 2 ms.", "No site there."]), 3, "- No site there."),
        (Explained("No plan can exist.\nWays out: allow Beijing."), 3, "Ways out: allow Beijing."),
        (NoPlan("the time limit of 1 s passed", 41.2e9), 4, "bound 41.20 bn CNY"),
        (NoPlan("the time limit of 1 s passed", float("-inf")), 4, "the time limit of 1 s passed. Give more time"),
        (LeftEarly("Stopped before there was a plan."), 4, "Stopped before there was a plan."),
    ],
)
def test_an_ending_has_its_code_and_words(error: Exception, code: int, words: str) -> None:
    found, message = ending(error)
    assert found == code
    assert words in message
    assert "Traceback" not in message


def test_our_fault_comes_with_what_we_need_to_find_it() -> None:
    try:
        _ = 1 / 0
    except ZeroDivisionError as error:
        code, message = ending(error)
    assert code == 1
    assert "Traceback" in message
    assert "ZeroDivisionError" in message
