"""What several test files start from."""

from __future__ import annotations

import pytest
import xarray as xr

from tests import by_hand


@pytest.fixture
def world() -> xr.Dataset:
    """The instance of the plan that can be added up by hand."""
    return by_hand.instance()


@pytest.fixture
def plan(world: xr.Dataset) -> xr.Dataset:
    """The plan that can be added up by hand."""
    return by_hand.solution(world)
