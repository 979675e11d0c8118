"""What several test files start from."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import xarray as xr

from tests import by_hand

if TYPE_CHECKING:
    from playwright.sync_api import Browser


# What a shell starts in the background ignores Ctrl-C, and so would all that tests start; some send it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def world() -> xr.Dataset:
    """The instance of the plan that can be added up by hand."""
    return by_hand.instance()


@pytest.fixture
def plan(world: xr.Dataset) -> xr.Dataset:
    """The plan that can be added up by hand."""
    return by_hand.solution(world)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the readers of tests/dashboard_reader.py."""
    from tests.dashboard_reader import chromium

    with chromium() as opened:
        yield opened
