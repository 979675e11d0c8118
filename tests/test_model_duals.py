"""Prices of limits: what a unit more changes, held against the cost of the changed instance."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from data.fields import MONEY_UNIT
from model.core import build_core
from model.duals import DEMAND, ROWS, WHOLE, duals
from model.errors import RejectedPlan
from model.events import SolveOptions
from model.problem import Problem
from model.solver import solve
from tests.synthetic import synthetic_instance

EXACT = SolveOptions(gap=1e-4, time_limit_s=60, threads=1)
MW = 0.25


@pytest.fixture(scope="module")
def narrow() -> xr.Dataset:
    """Two sites that must both be open; the one with cheap energy has a connection of 12 MW and can have no more."""
    made = synthetic_instance(
        sites=2, origins=2, workloads=1, periods=1, hydro_years=1, hall_types=1, existing=0, replicas=False, law=False,
        demand_mw=20.0,
    )  # fmt: skip
    cheap = made["site"] == "site-0"
    return made.assign(
        plot_limit=made["plot_limit"] * 0 + 60.0,
        latency_limit=made["latency_limit"] * 0 + 1e3,
        grid_price=made["grid_price"] * 0 + xr.where(cheap, 200.0, 800.0),
        contract_limit=made["contract_limit"] * 0,
        grid_existing=made["grid_existing"] * 0 + xr.where(cheap, 12.0, 100.0),
        grid_steps_allowed=made["grid_steps_allowed"] * 0,
        open_forced=made["open_allowed"],
    )


@pytest.fixture(scope="module")
def plan(narrow: xr.Dataset) -> xr.Dataset:
    return solve(narrow, EXACT)


def cost_with(instance: xr.Dataset, plan: xr.Dataset, grid_mw: float) -> float:
    """Present cost, the plan's halls standing, with that much more connection at the cheap site, CNY."""
    more = instance["grid_existing"] + xr.where(instance["site"] == "site-0", grid_mw, 0.0)
    return float(duals(instance.assign(grid_existing=more), plan, EXACT).attrs["objective_cny"])


def test_a_megawatt_of_grid_is_worth_what_the_plan_with_it_costs_less(narrow: xr.Dataset, plan: xr.Dataset) -> None:
    """A little more connection moves load to the cheap site: the slope is the same at once and twice as far."""
    found = duals(narrow, plan, EXACT)
    price = float(found["peak_within_connection"].sel(site="site-0").sum())  # months with a row of their own add up
    once, twice = (cost_with(narrow, plan, step * MW) - found.attrs["objective_cny"] for step in (1, 2))
    assert once < 0
    assert twice == pytest.approx(2 * once, rel=1e-6)  # so that the price is the only one there is
    assert price * MW == pytest.approx(once, rel=1e-6)
    assert np.nansum(np.abs(found["peak_within_connection"].sel(site="site-1"))) == 0.0  # 100 MW are more than enough


def test_a_megawatt_moved_costs_the_difference_of_the_two_sites(narrow: xr.Dataset, plan: xr.Dataset) -> None:
    """load_hosted: what a site pays for a MW more; at the cheap one it pays the scarce connection too.

    Both sites run, so the price of the connection per MW of IT load (the marginal peak) closes the gap between them,
    up to what carrying the traffic there costs more.
    """
    found = duals(narrow, plan, EXACT)
    x = Problem(narrow)
    share = plan["assignment_share"].to_numpy()
    both = [d for d in range(x.size("stream")) if (plan["assignment_stream"].to_numpy() == d).sum() == 2]
    assert both, "a stream is served from both sites"
    assert share.min() > 0
    hosted = found["load_hosted"].isel(workload=0, period=0).to_numpy()
    origin = x.stream_origin_at[both[0]]
    carried = (x.network_cost[origin] * x.traffic[0] + x.round_trip[origin] * x.latency_value[0]) * x.year_weight[0]
    assert hosted[0] + carried[0] == pytest.approx(hosted[1] + carried[1], rel=1e-6)


def test_every_price_has_a_unit_and_every_row_with_a_price_its_name(narrow: xr.Dataset, plan: xr.Dataset) -> None:
    found = duals(narrow, plan, EXACT)
    assert MONEY_UNIT == "CNY"
    assert all(found[name].attrs["units"].startswith("CNY per ") for name in found)
    assert found["built_halls"].attrs["units"] == "CNY per hall"
    assert set(found.data_vars) <= {*ROWS, *WHOLE, "workload_served"}
    assert DEMAND.unit == "stream"
    assert found.attrs["basis"] == "linear programme with whole decisions fixed at the plan"


def test_rows_without_a_price_are_of_whole_decisions_alone() -> None:
    """A family that is not told has no column that is not whole."""
    made = synthetic_instance(sites=6, origins=3, workloads=2)
    core = build_core(Problem(made))
    whole = np.zeros(core.width, dtype=bool)
    for block in core.variable.values():
        whole[block.first : block.first + len(block.keys)] = block.whole
    untold = [rows for name, rows in core.row.items() if name not in ROWS]
    assert untold
    assert all(whole[columns].all() for rows in untold for columns in rows.columns)


def test_the_plan_of_another_instance_is_refused(narrow: xr.Dataset, plan: xr.Dataset) -> None:
    dearer = narrow.assign(grid_price=narrow["grid_price"] * 2)
    with pytest.raises(RejectedPlan, match="not a plan of that instance"):
        duals(dearer, plan, EXACT)
