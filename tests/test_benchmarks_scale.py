"""Large instances have the properties they are measured for, and measuring tells the truth."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import xarray as xr

from data.admissible import admissible, unservable_streams
from data.instance_check import check_instance
from model.events import Event, SolveOptions
from tests.benchmarks.processes import run_python
from tests.benchmarks.scale import decade, exponent, instance_figures, properties
from tests.benchmarks.scale_instance import GROWTH, ROOM_PER_LOAD, Size, scale_instance
from tests.benchmarks.timing import timed
from tests.synthetic import synthetic_instance

SMALL = Size(sites=60, streams=163, periods=3, blocks=1, hydro_years=2)


def test_the_instance_keeps_the_contract_and_everyone_can_be_served() -> None:
    instance = check_instance(scale_instance(SMALL))
    assert instance.sizes["site"] == 60
    assert instance.sizes["stream"] == 160  # 20 origins of 8 streams
    assert unservable_streams(instance) == []
    assert set(instance["site_jurisdiction"].to_numpy()) == {"CN", "HK"}


def test_the_same_seed_draws_the_same_instance_and_another_does_not() -> None:
    first, again = scale_instance(SMALL), scale_instance(SMALL)
    assert first.identical(again)
    other = scale_instance(Size(60, 160, 3, 1, 2, seed=2))
    assert not first["plot_limit"].equals(other["plot_limit"])


def test_plots_hold_at_most_five_times_the_demand_of_any_period_and_two_halls_each() -> None:
    instance = scale_instance(SMALL)
    load = instance["load"].sum("stream").to_numpy()
    room = float(instance["plot_limit"].sum())
    assert room / load[0] == pytest.approx(ROOM_PER_LOAD)
    assert load[2] / load[0] == pytest.approx(GROWTH**4)  # two years each of two steps
    assert float(instance["plot_limit"].min()) >= 2 * float(instance["hall_size"].max())


def test_the_largest_size_has_three_million_admissible_shares() -> None:
    figures = instance_figures(scale_instance(Size(blocks=1, hydro_years=1)))
    assert (figures["sites"], figures["streams"], figures["periods"]) == (1000, 2000, 5)
    assert figures["admissible_shares"] >= 3_000_000


def test_a_broken_property_is_told_as_broken() -> None:
    figures = {"sites": 10, "streams": 10, "periods": 1, "fixed_share": 0.19, "capacity_over_demand": 4.9}
    kept = {name: keeps for name, _, _, keeps in properties(figures)}
    assert kept == {"capacity_over_demand": True, "fixed_share": False}


def test_a_decade_of_sizes_spans_ten_times_the_shares() -> None:
    sizes = decade(Size(400, 800, 2, 1, 2), 3)
    shares = [size.sites * size.streams for size in sizes]
    assert shares[-1] / shares[0] == pytest.approx(10, rel=0.02)
    smallest, largest = (
        int(admissible(scale_instance(size)).any("operator_mode").sum()) for size in (sizes[0], sizes[-1])
    )
    assert 5 < largest / smallest < 20


def test_the_exponent_is_that_of_a_power_law() -> None:
    shares = [1e5, 3e5, 1e6]
    assert exponent(shares, [2e-6 * n**1.25 for n in shares]) == pytest.approx(1.25)


def test_times_to_gaps_are_the_first_events_that_certify_them() -> None:
    def told(_: xr.Dataset, __: SolveOptions, on_event: Callable[[Event], None]) -> xr.Dataset:
        for seconds, gap in ((1.0, None), (2.0, 0.015), (3.0, 0.004), (4.0, 0.004)):
            on_event(Event("plans", seconds, None if gap is None else 1e9, 9e8, gap, columns=int(seconds)))
        facts = {"gap": 0.004, "objective_cny": 1e9, "bound_cny": 9e8, "status": "best_found"}
        return xr.Dataset(attrs=facts)

    record, _ = timed(xr.Dataset(), SolveOptions(), told)
    assert record.to_gap == {"0.02": 2.0, "0.01": 3.0, "0.005": 3.0, "0.001": None}
    assert record.to_first_plan == 2.0
    assert record.columns == 4


def test_a_real_solve_reaches_the_gap_it_certifies() -> None:
    record, solution = timed(synthetic_instance(sites=4, origins=3, periods=1), SolveOptions(gap=0.01))
    assert record.gap == solution.attrs["gap"] <= 0.01
    assert record.to_gap["0.01"] is not None
    assert record.to_gap["0.01"] <= record.wall_s


def test_memory_is_watched_from_outside_and_failures_are_told() -> None:
    held = "import time; x = bytearray(200_000_000); time.sleep(0.5); print('measured [1, 2]')"
    finished = run_python(["-c", held])
    assert finished.result == [1, 2]
    assert 0.18 < finished.peak_gib < 0.4
    failed = run_python(["-c", "raise SystemExit('no such thing')"])
    assert failed.result is None
    assert "no such thing" in failed.problem
    late = run_python(["-c", "import time; time.sleep(60)"], limit_s=0.5)
    assert "ended after 0.5 s" in late.problem
