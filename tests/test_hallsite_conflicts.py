"""`hallsite conflicts`, and a solve without a plan, as a user runs them."""

from __future__ import annotations

from pathlib import Path

import xarray as xr

from tests.commands import hallsite_here as hallsite

SMALL = [
    "--set", "time.resolution=season", "--set", "time.hydro_years=[2020]", "--set", "time.periods=[2026]",
    "--set", "time.last_year=2028", "--set", "sites.existing_fleet=false", "--set", "solver.gap=0.05",
]  # fmt: skip
POOR = ["--set", "policy.capital_limit_cny=1000000"]


def test_a_study_without_a_plan_ends_with_three_and_says_what_to_set(tmp_path: Path) -> None:
    told = hallsite("conflicts", "own-data", *SMALL, *POOR, "--out", "why.nc", cwd=tmp_path)
    assert told.returncode == 3, told.stderr
    assert "- Capital of 2026: at most 1.000 m CNY in cash" in told.stdout
    assert "policy: {capital_limit_cny: " in told.stdout
    assert "reading the requirements" in told.stderr
    assert xr.open_dataset(tmp_path / "why.nc", engine="h5netcdf").attrs["status"] == "infeasible"


def test_an_infeasible_solve_ends_with_the_same_report(tmp_path: Path) -> None:
    told = hallsite("solve", "own-data", *SMALL, *POOR, "--no-questions", cwd=tmp_path)
    assert told.returncode == 3, told.stderr
    assert "90 s at most" in told.stderr
    assert "- Capital of 2026: at most 1.000 m CNY in cash" in told.stderr
    assert "Ways out, the cheapest first:" in told.stderr
    assert not (tmp_path / "runs").exists()


def test_a_study_with_a_plan_ends_with_nought(tmp_path: Path) -> None:
    told = hallsite("conflicts", "own-data", *SMALL, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert told.stdout == "A plan exists: all requirements can hold together.\n"
