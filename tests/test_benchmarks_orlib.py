"""Warehouse files through the engine: what is read, what is solved, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from data.errors import BadInput
from data.instance_check import check_instance
from model.events import SolveOptions
from tests.benchmarks.capfile import read_cap_file
from tests.benchmarks.orlib import main
from tests.benchmarks.random_cap import random_warehouses, write_cap_file
from tests.benchmarks.rivals import by_highs
from tests.benchmarks.warehouses import money_scale, warehouse_instance

# All 15 units of demand pass 10 of capacity, so both warehouses open for 100 + 50. The second alone would serve for
# 60 + 24 + 9 = 93; moving a unit to the first saves 8 for the first customer, 2 for the others. The first warehouse has
# room for the 6 units of the first customer and 4 more: 93 - 6 · 8 - 4 · 2 = 37.
SMALL = "2 3\n10 100.\n10 50.\n6\n12.0 60.0\n6 12 24\n3\n3 9\n"
SMALL_OPTIMUM = 100 + 50 + 37


def file_with(folder: Path, text: str, name: str = "small.txt") -> Path:
    """A file of that text."""
    path = folder / name
    path.write_text(text, encoding="ascii")
    return path


def rows_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, object]]]:
    """Exit code and the printed list."""
    code = main([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_split_customer_costs_what_arithmetic_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, (row,) = rows_of(capsys, str(file_with(tmp_path, SMALL)))
    assert code == 0
    assert set(row) == {"file", "objective", "bound", "gap", "wall_s", "status"}
    assert row["objective"] == pytest.approx(SMALL_OPTIMUM, abs=0.005)
    assert row["bound"] == pytest.approx(SMALL_OPTIMUM, abs=0.005)
    assert row["status"] == "optimal_within_gap"


def test_line_breaks_may_be_anywhere(tmp_path: Path) -> None:
    whole = read_cap_file(file_with(tmp_path, SMALL))
    one_line = read_cap_file(file_with(tmp_path, " ".join(SMALL.split())))
    one_word_a_line = read_cap_file(file_with(tmp_path, "\r\n\r\n".join(SMALL.split())))
    for other in (one_line, one_word_a_line):
        assert np.array_equal(whole.serving_cost, other.serving_cost)
        assert np.array_equal(whole.capacity, other.capacity)
    assert whole.demand.tolist() == [6, 6, 3]
    assert whole.serving_cost[1].tolist() == [12, 24]


def test_the_word_capacity_takes_the_number_given(tmp_path: Path) -> None:
    path = file_with(tmp_path, SMALL.replace("10 ", "capacity "))
    assert read_cap_file(path, capacity=8000).capacity.tolist() == [8000, 8000]
    with pytest.raises(BadInput, match="--capacity"):
        read_cap_file(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        (SMALL.replace("60.0", "sixty"), "cost of customer 1 at 2: is 'sixty', not a number"),
        (SMALL.replace("\n6 12", "\n-6 12"), "demand of customer 2: is -6, below zero"),
        (SMALL[:-2], "too short"),
        (SMALL + "7", "too long"),
        (SMALL.replace("2 3", "0 3"), "not two counts above zero"),
    ],
)
def test_a_bad_file_is_told_by_place_and_the_others_are_solved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    bad, good = file_with(tmp_path, text, "bad.txt"), file_with(tmp_path, SMALL)
    code = main([str(bad), str(good), "--json"])
    printed = capsys.readouterr()
    assert code == 2
    assert [row["status"] for row in json.loads(printed.out)] == ["bad_file", "optimal_within_gap"]
    assert "bad.txt" in printed.err
    assert told in " ".join(printed.err.split())


def test_an_instance_of_warehouses_keeps_the_contract() -> None:
    problem = random_warehouses(5, 8, seed=3)
    assert check_instance(warehouse_instance(problem, money_scale(problem)))["site"].size == 5


def test_the_time_limit_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """9,000 shares at gap 0 take far longer than two seconds."""
    write_cap_file(random_warehouses(30, 300, 1, 0.15), tmp_path / "long.txt")
    _, (row,) = rows_of(capsys, str(tmp_path / "long.txt"), "--gap=0", "--time-limit=2")
    assert isinstance(row["wall_s"], float)
    assert row["wall_s"] <= 3.5  # the limit and a second, and half of one to build and audit
    assert row["status"] in ("time_limit", "no_plan", "optimal_within_gap")


def test_a_file_without_a_plan_is_a_status_and_the_others_are_solved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crowded = file_with(tmp_path, SMALL.replace("\n6 12", "\n60 12"), "crowded.txt")
    code, rows = rows_of(capsys, str(crowded), str(file_with(tmp_path, SMALL)))
    assert code == 3
    assert [row["status"] for row in rows] == ["infeasible", "optimal_within_gap"]
    assert rows[0]["objective"] is None


@pytest.mark.parametrize(("seed", "dearness"), [(1, 0.25), (2, 0.25), (4, 0.25), (1, 1.0)])
def test_random_files_cost_what_highs_finds_on_the_strong_formulation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int, dearness: float
) -> None:
    problem = random_warehouses(12, 30, seed, 0.15, dearness)
    write_cap_file(problem, tmp_path / "random.txt")
    theirs = by_highs(problem, SolveOptions(gap=1e-9))[0]
    code, (row,) = rows_of(capsys, str(tmp_path / "random.txt"))
    assert code == 0
    assert theirs is not None
    assert row["objective"] == pytest.approx(theirs, rel=1e-9)
    assert isinstance(row["bound"], float)
    assert row["bound"] <= theirs * (1 + 1e-9)


def test_the_table_sets_the_rivals_beside_us(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(file_with(tmp_path, SMALL)), "--against"]) == 0
    printed = capsys.readouterr().out
    assert "hallsite" in printed
    assert "HiGHS" in printed
    assert printed.count(f"{SMALL_OPTIMUM:.3f}") >= 4  # objective and bound of both
