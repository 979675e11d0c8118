"""Plans that travel between members: small, quick, and the same when they arrive."""

from __future__ import annotations

from time import process_time

import numpy as np
import pytest
import xarray as xr

from model.batch.packing import packed, unpacked
from model.events import SolveOptions
from model.solver import solve
from tests.synthetic import synthetic_instance


@pytest.fixture(scope="module")
def solution() -> xr.Dataset:
    return solve(synthetic_instance(), SolveOptions(gap=0.05, threads=1))


def test_a_plan_arrives_as_it_was_sent(solution: xr.Dataset) -> None:
    found = unpacked(packed(solution))
    assert found is not None
    for name in solution.variables:
        assert found[name].dims == solution[name].dims
        np.testing.assert_array_equal(found[name].values, solution[name].values)
    assert set(found.coords) == set(solution.coords)
    assert found.attrs == solution.attrs


def test_a_plan_is_packed_and_unpacked_in_a_tenth_of_a_second(solution: xr.Dataset) -> None:
    begun = process_time()
    unpacked(packed(solution))
    assert process_time() - begun < 0.1


@pytest.mark.parametrize("part", [0, 10, 500])
def test_a_torn_plan_is_none(solution: xr.Dataset, part: int) -> None:
    assert unpacked(packed(solution)[:part]) is None
    assert unpacked(None) is None
