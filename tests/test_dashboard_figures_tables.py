"""Tables beside the figures agree with the solution's own sums."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.figures.bill import bill_by_period_table, bill_by_site_table, bill_table
from dashboard.figures.build import capacity_table, halls_table
from dashboard.figures.climate import climate_table
from dashboard.figures.difference import bridge_table, inputs_table, moved_table, told
from dashboard.figures.footprint import footprint_table
from dashboard.figures.layers import ALL_YEAR, LAYERS, Choice, layer
from dashboard.figures.map import HALLS, flow_table, map_table
from dashboard.figures.price import grid_price_table, price_table
from dashboard.figures.supply import MEAN, dispatch_table, years_table
from dashboard.figures.together import side_table
from dashboard.look import Look
from data.scenario import Scenario
from tests.dashboard_plans import Plan, plan


@pytest.fixture(scope="module")
def one() -> Plan:
    return plan()


@pytest.fixture(scope="module")
def dear() -> Plan:
    return plan(600.0)


def test_the_bill_by_account_site_and_period_is_the_objective_each_time(one: Plan) -> None:
    objective = float(one[1].attrs["objective_cny"])
    for table in (bill_table(*one), bill_by_site_table(*one), bill_by_period_table(*one)):
        assert table["cost_cny"].sum() == pytest.approx(objective, rel=1e-6)
    assert bill_table(*one)["share"].sum() == pytest.approx(1.0)
    assert bill_table(*one)["cost_cny"].abs().is_monotonic_decreasing


def test_energy_by_slice_and_by_hydrological_year_is_the_energy_of_the_solution(one: Plan) -> None:
    solution = one[1]
    for period in solution["period"].values.tolist():
        at = solution.sel(period=period)
        mean = dispatch_table(*one, period, MEAN).groupby("source")["energy_mwh"].sum()
        assert mean.sum() == pytest.approx(float(at["facility_energy"].sum()), rel=1e-6)
        assert mean["grid"] == pytest.approx(float(at["grid_energy"].sum()), rel=1e-6)
        bought = mean.drop(["grid", "backup"], errors="ignore").sum()
        assert bought == pytest.approx(float(at["contract_energy"].sum()), rel=1e-6)
        years = years_table(*one, period)
        expected = (years["energy_mwh"] * years["probability"]).groupby(years["source"]).sum()
        assert expected["grid"] == pytest.approx(mean["grid"], rel=1e-9)


def test_a_site_alone_is_supplied_what_it_uses(one: Plan) -> None:
    used = one[1]["facility_energy"].isel(period=-1).to_series()
    site, energy = str(used.idxmax()), float(used.max())
    last = int(one[1]["period"].values[-1])
    assert dispatch_table(*one, last, MEAN, [site])["energy_mwh"].sum() == pytest.approx(energy, rel=1e-6)


def test_halls_and_capacity_count_what_stands(one: Plan) -> None:
    instance, solution = one
    table = halls_table(*one)
    assert (
        table.groupby("period")["halls"].sum().tolist() == solution["halls"].sum(["site", "hall_type"]).values.tolist()
    )
    usable = float((solution["halls"] * instance["hall_size"] * 0.9).sum(["site", "hall_type"]).isel(period=0))
    row = capacity_table(*one).iloc[0]
    assert row["capacity_mw"] == pytest.approx(usable)
    assert row["it_mw"] <= row["capacity_mw"] * (1 + 1e-9)
    assert row["peak_mw"] <= row["connected_mw"] * (1 + 1e-6)


def test_price_parts_add_up_to_energy_accounts_and_carbon_per_energy(one: Plan) -> None:
    instance, solution = one
    site = price_table(*one)["site"].iloc[0]
    total = price_table(*one).set_index("site").loc[[site], "price_cny_per_mwh"].sum()
    accounts = [
        "energy_grid",
        "energy_contracts",
        "backup",
        "demand_charge",
        "certificates",
        "policy_discount",
        "carbon",
    ]
    cost = float(solution["account_cost"].sel(account=accounts, account_site=site).sum())
    energy = float((solution["facility_energy"].sel(site=site) * instance["year_weight"]).sum())
    assert total == pytest.approx(cost / energy)


def test_a_month_of_grid_price_is_the_mean_of_its_hours_and_years(one: Plan) -> None:
    instance, _ = one
    site, period = str(instance["site"].values[0]), int(instance["period"].values[0])
    row = grid_price_table(instance, [site], period).iloc[2]
    here = (
        instance["grid_price"].sel(site=site, period=period).isel(slice=instance["slice_month"].values == row["month"])
    )
    assert row["price_cny_per_mwh"] == pytest.approx(float(here.mean()))
    assert row["low_cny_per_mwh"] <= row["price_cny_per_mwh"] <= row["high_cny_per_mwh"]


def test_pue_of_a_full_hall_is_facility_over_it(one: Plan) -> None:
    instance, _ = one
    site = str(instance["site"].values[0])
    row = climate_table(instance, site).iloc[0]
    kind, month = row["hall_type"], row["month"]
    at = instance.sel(site=site, hall_type=kind).isel(slice=int(month) - 1)
    load = float(at["hall_size"]) * 0.9 * float(at["it_profile"].mean())
    expected = (float(at["overhead_power"]) + float(at["marginal_power"]) * load) / load
    assert row["pue"] == pytest.approx(expected)
    assert row["wue_m3_per_mwh"] == pytest.approx(float(at["water_use"]))


def test_water_and_carbon_by_site_are_those_of_the_solution(one: Plan) -> None:
    table = footprint_table(*one)
    assert table["water_m3"].sum() == pytest.approx(float(one[1]["water"].sum()))
    assert table["carbon_t"].sum() == pytest.approx(float(one[1]["carbon"].sum()))


def test_flows_carry_the_load_of_the_period_and_of_a_workload(one: Plan) -> None:
    instance, _ = one
    last = int(instance["period"].values[-1])
    assert flow_table(*one, last)["mw"].sum() == pytest.approx(float(instance["load"].sel(period=last).sum()))
    mine = instance["stream_workload"].values == "work-0"
    expected = float(instance["load"].sel(period=last).values[mine].sum())
    assert flow_table(*one, last, "work-0")["mw"].sum() == pytest.approx(expected)


@pytest.mark.parametrize("name", sorted(LAYERS))
def test_a_layer_has_a_value_for_every_candidate(one: Plan, name: str) -> None:
    instance, solution = one
    choice = Choice(int(instance["period"].values[0]), origin="o-1")
    table = map_table(instance, solution, choice, name)
    assert len(table) == instance.sizes["site"]
    if name != "hazard":  # places that exist in no table have no hazard on file
        assert table["value"].notna().all()
    assert "value" not in map_table(instance, solution, choice, HALLS)


def test_latency_and_price_layers_answer_the_choice(one: Plan) -> None:
    instance, _ = one
    period = int(instance["period"].values[0])
    trips = layer("latency", instance, Choice(period, origin="o-2")).values
    assert trips.to_numpy() == pytest.approx(instance["round_trip"].sel(origin="o-2").values)
    months = [layer("price", instance, Choice(period, month)).values.iloc[0] for month in range(1, 13)]
    assert layer("price", instance, Choice(period, ALL_YEAR)).values.iloc[0] == pytest.approx(np.mean(months))


def test_the_bridge_leads_from_one_bill_to_the_other(one: Plan, dear: Plan) -> None:
    rise = float(dear[1].attrs["objective_cny"]) - float(one[1].attrs["objective_cny"])
    table = bridge_table(one[1], dear[1])
    assert table["difference_cny"].sum() == pytest.approx(rise, rel=1e-6)
    assert table["difference_cny"].abs().is_monotonic_decreasing
    assert bridge_table(one[1], one[1]).empty


def test_moved_load_adds_up_to_nothing_where_demand_is_the_same(one: Plan, dear: Plan) -> None:
    table = moved_table(one, dear)
    assert abs(table["change"].sum()) < 0.1 * len(table) + 1e-9
    assert moved_table(one, one).empty


def test_inputs_that_differ_are_named_by_their_key() -> None:
    first = Scenario.model_validate({"name": "a", "policy": {"carbon_price_cny_per_t": 60}})
    second = Scenario.model_validate(
        {"name": "b", "policy": {"carbon_price_cny_per_t": 600}, "sites": {"most_open": 2}}
    )
    table = inputs_table(first, second).set_index("scenario_key")
    assert set(table.index) == {"policy.carbon_price_cny_per_t", "sites.most_open"}
    assert table.loc["policy.carbon_price_cny_per_t"].tolist() == ["60", "600"]
    assert table.loc["sites.most_open", "value_before"] == "–"


def test_a_difference_is_told_in_both_languages(one: Plan, dear: Plan) -> None:
    english = told(one, dear, ("Cheap", "Dear"), Look("en"))
    assert english[0].startswith("“Dear” costs ")
    assert "more than “Cheap”" in english[0]
    assert told(one, dear, ("甲", "乙"), Look("zh"))[0].startswith("“乙”比“甲”贵")


def test_a_difference_smaller_than_the_gap_is_called_none(one: Plan) -> None:
    slack = one[1].assign_attrs(bound_cny=one[1].attrs["objective_cny"] * 0.9)
    shifted = slack.assign_attrs(objective_cny=slack.attrs["objective_cny"] * 1.01)
    assert "cannot be told apart" in told((one[0], slack), (one[0], shifted), ("a", "b"), Look())[0]


def test_runs_side_by_side_state_their_own_bill(one: Plan, dear: Plan) -> None:
    table = side_table([("a", *one), ("b", *dear)])
    assert table["cost_cny"].tolist() == [one[1].attrs["objective_cny"], dear[1].attrs["objective_cny"]]
    assert table["gap_percent"].tolist() == [100 * each[1].attrs["gap"] for each in (one, dear)]
