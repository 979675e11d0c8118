"""A plan beside another one, in sentences; the plan is the one of tests/by_hand.py."""

from __future__ import annotations

import pytest
import xarray as xr

from model.studies.comparison import comparison, hub_rules


@pytest.fixture
def proved(plan: xr.Dataset) -> xr.Dataset:
    return plan.assign_attrs(objective_cny=100e6, bound_cny=98e6)


def test_a_difference_beyond_the_gaps_is_told_with_its_bounds(world: xr.Dataset, proved: xr.Dataset) -> None:
    """100 proved to 98 and 90 proved to 89: the best plans differ by 98 − 90 = 8 to 100 − 89 = 11."""
    other = proved.assign_attrs(objective_cny=90e6, bound_cny=89e6)
    told = comparison(world, proved, world, other, "no rule")
    assert told[0] == "With no rule the plan would cost 90.00 m CNY: 10.00 m CNY (10 %) less than this one."
    assert told[1] == "Proved: between the best plans of the two lie 8.000 m CNY to 11.00 m CNY."
    assert "It would build at the same sites." in told


def test_a_difference_within_the_gaps_stays_open(world: xr.Dataset, proved: xr.Dataset) -> None:
    other = proved.assign_attrs(objective_cny=101e6, bound_cny=97e6)
    told = comparison(world, proved, world, other, "no rule")
    assert "1.000 m CNY (1.0 %) more than this one" in told[0]
    assert "stays open" in told[1]


def test_other_sites_and_halls_are_named(world: xr.Dataset, proved: xr.Dataset) -> None:
    empty = proved.assign(built_halls=proved["built_halls"] * 0)
    told = comparison(world, proved, world, empty, "nothing built")
    assert any(line.startswith("It would not build at ") for line in told)
    assert any(line.startswith("New halls in the last period would be: ") and " 0 for " in line for line in told)


def test_clusters_without_halls_are_named_and_others_tell_their_rules(world: xr.Dataset, proved: xr.Dataset) -> None:
    first = str(proved["built_halls"].isel(period=-1).sum("hall_type").idxmax("site").item())
    names = [("gui-an" if site == first else str(site)) for site in world["site"].values]
    ceiling = xr.DataArray([1.2] * len(names), dims="site")
    ruled = world.assign_coords(site=names).assign(pue_ceiling=ceiling)
    kept, *rest = hub_rules(ruled, proved.assign_coords(site=names))
    assert " within its 1.20" in kept
    assert not rest
    assert hub_rules(world, proved) == []
