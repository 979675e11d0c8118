"""`hallsite duals`: the prices of a run's limits as a page, as JSON and as a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xarray as xr

from data.scenario import Scenario
from model.duals import duals
from model.events import SolveOptions
from model.runs import save_run
from model.solver import solve
from tests.commands import hallsite_here as hallsite
from tests.synthetic import synthetic_instance


def test_the_page_the_object_and_the_file_tell_the_same_prices(tmp_path: Path) -> None:
    made = synthetic_instance(sites=3, origins=2, workloads=1, periods=1, hydro_years=1, law=False, replicas=False)
    plan = solve(made, SolveOptions(gap=0.01, threads=1))
    run = save_run(tmp_path / "runs" / "small", Scenario(name="small"), made, plan)
    found = duals(made, plan)

    told = json.loads(hallsite("duals", str(run), "--json", "--out", "prices.nc", cwd=tmp_path).stdout)
    assert told["basis"] == found.attrs["basis"]
    hosted = {row["site"]: row["price"] for row in told["prices"] if row["row"] == "load_hosted"}
    for site, price in hosted.items():
        assert price == pytest.approx(float(found["load_hosted"].sel(site=site).item()), rel=1e-6)
    assert {row["unit"] for row in told["prices"] if row["row"] == "built_halls"} <= {"CNY per hall"}
    kept = xr.load_dataset(tmp_path / "prices.nc", engine="h5netcdf")
    assert set(kept.data_vars) == set(found.data_vars)

    page = hallsite("duals", str(run), "--most", "1", cwd=tmp_path).stdout
    assert "whole decisions fixed at the plan" in page
    assert page.count("CNY per MW") >= 1
