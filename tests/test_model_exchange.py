"""Plans for other programs: points, workbooks whose numbers are numbers, and models with readable names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from data.errors import BadInput
from data.scenario import Scenario
from model.events import SolveOptions
from model.exchange import export_run
from model.runs import Run, open_run, save_run
from model.solver import solve
from tests.synthetic import synthetic_instance


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A small synthetic study, solved, saved and opened again."""
    instance = synthetic_instance(sites=4, origins=3, workloads=2, periods=2, law=False)
    instance["site_name"].values[:] = "=1+1"
    solution = solve(instance, SolveOptions(gap=0.05, threads=1))
    place = tmp_path_factory.mktemp("runs") / "small"
    evidence = pd.DataFrame({"site": ["site-0"], "field": ["water_price"], "value": [5.0], "evidence": ["user"]})
    return open_run(save_run(place, Scenario(name="small"), instance, solution, evidence=evidence))


def test_geojson_has_a_point_per_site_that_serves(run: Run, tmp_path: Path) -> None:
    points = gpd.read_file(export_run(run, tmp_path / "plan.geojson"))
    halls = run.solution["halls"].sum("hall_type")
    serving = {str(site) for site in halls["site"].values[(halls > 0).any("period").values]}
    assert set(points["site"]) == serving
    one = points.iloc[0]
    assert one.geometry.x == pytest.approx(float(run.instance["site_longitude"].sel(site=one["site"])), abs=1e-6)
    assert one.geometry.y == pytest.approx(float(run.instance["site_latitude"].sel(site=one["site"])), abs=1e-6)
    last = int(run.solution["period"].values[-1])
    assert points[f"halls_{last}"].sum() == int(halls.sel(period=last).sum())
    assert points.crs.to_epsg() == 4326


def test_a_geopackage_has_halls_by_type_and_period_beside_the_sites(run: Run, tmp_path: Path) -> None:
    path = export_run(run, tmp_path / "plan.gpkg")
    assert set(gpd.list_layers(path)["name"]) == {"sites", "halls"}
    halls = gpd.read_file(path, layer="halls")
    assert halls["halls"].sum() == int(run.solution["halls"].sum())


def test_a_workbook_has_numbers_that_add_up_and_texts_that_stay_texts(run: Run, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(export_run(run, tmp_path / "plan.xlsx"))
    assert {"plan", "sites", "halls", "years", "bill", "served", "evidence", "units"} <= set(book.sheetnames)
    bill = pd.DataFrame(book["bill"].values)
    bill.columns = bill.iloc[0]
    totals = bill.iloc[1:]["total"]
    assert all(isinstance(total, int | float) for total in totals)
    assert sum(totals) == pytest.approx(run.solution.attrs["objective_cny"])
    facts = {row[0]: row[1] for row in book["plan"].values}
    assert facts["objective_cny"] == pytest.approx(run.solution.attrs["objective_cny"])
    names = [cell for row in book["sites"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert {cell.data_type for cell in names} == {"s"}, "no text becomes a formula"


def test_a_model_file_names_its_rows_and_columns_in_the_words_of_the_field(run: Run, tmp_path: Path) -> None:
    text = export_run(run, tmp_path / "plan.lp").read_text()
    assert "is_open(site_0_2026)" in text
    assert "workload_served(o_0_work_0_1_2026)" in text
    assert "np_str" not in text
    assert "built_halls(site_0_type_0_2028)" in export_run(run, tmp_path / "plan.mps").read_text()


def test_the_model_file_reaches_the_plan_s_cost(run: Run, tmp_path: Path) -> None:
    import highspy

    path = export_run(run, tmp_path / "plan.lp")
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", 30.0)
    solver.setOptionValue("mip_rel_gap", 0.01)
    solver.readModel(str(path))
    solver.run()
    found = solver.getInfo()
    bound, cost = found.mip_dual_bound * 1e6, found.objective_function_value * 1e6
    assert bound <= run.solution.attrs["objective_cny"] * (1 + 1e-6)
    assert cost >= run.solution.attrs["bound_cny"] * (1 - 1e-6)


def test_an_unknown_ending_is_refused_with_what_there_is(run: Run, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"did you mean \.xlsx"):
        export_run(run, tmp_path / "plan.xls")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_export_leaves_what_was_there(run: Run, tmp_path: Path) -> None:
    path = export_run(run, tmp_path / "plan.geojson")
    before = path.read_bytes()
    broken = replace(run, solution=run.solution.drop_vars("halls"))
    with pytest.raises(KeyError):
        export_run(broken, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
