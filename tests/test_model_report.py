"""The report says what the Datasets hold; the figures of tests/by_hand.py are added up here again."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from model import report
from model.bill_evidence import bill_by_evidence, bill_by_parts
from model.contents import contents
from model.printed import WIDTH, report_text
from tests import by_hand

HOURS_IN_USE = 8760 * 0.6


def test_accounts_are_the_bill_and_sum_to_the_objective(world: xr.Dataset, plan: xr.Dataset) -> None:
    bill = report.bill(plan)
    assert bill["halls"] == pytest.approx(900e6 + 300e6)
    assert bill["compliance"] == pytest.approx(5e6)
    assert bill.sum() == pytest.approx(by_hand.OBJECTIVE_CNY, rel=1e-12)
    assert list(bill.index[:2]) == ["halls", "energy_grid"], "the largest account comes first"


def test_a_year_adds_loads_over_sites_and_weighs_pue_by_energy(world: xr.Dataset, plan: xr.Dataset) -> None:
    year = report.by_period(world, plan).loc[2028]
    assert year["it_mw"] == 30 + 12 + 16
    assert year["pue"] == pytest.approx((30 * 1.2 + 12 * 1.3 + 16 * 1.6) / 58)
    assert year["water_m3"] == pytest.approx(58 * HOURS_IN_USE * 0.5)
    assert (year["open_sites"], year["halls"]) == (2, 3 + 1 + 2 + 4), "the existing fleet is no new site"


def test_the_energy_price_is_levelised_over_discounted_facility_energy(
    world: xr.Dataset, plan: xr.Dataset
) -> None:
    weights = world["year_weight"].values
    energy_kwh = 1000 * HOURS_IN_USE * 1.2 * (15 * weights[0] + 30 * weights[1])
    spent = 500e6 + 80e6 + 20e6  # grid, contracts, demand charge of site-0; halls and latency are not energy
    assert float(report.energy_price(world, plan).sel(site="site-0")) == pytest.approx(spent / energy_kwh)


def test_a_site_is_told_from_the_first_period_it_serves(world: xr.Dataset, plan: xr.Dataset) -> None:
    sites = report.sites(world, plan)
    assert sites["period"].to_dict() == {"site-0": 2026, "existing-0": 2026, "site-1": 2028}
    assert sites.loc["site-1", "cost_cny"] == pytest.approx(300e6 + 40e6 + 150e6)


def test_workloads_tell_their_hosts_and_round_trips(world: xr.Dataset, plan: xr.Dataset) -> None:
    row = report.service(world, plan).loc["work-0"]
    streams = world["stream_workload"].values == "work-0"
    trips = world["round_trip"].sel(site="site-0").sel(origin=world["stream_origin"].values[streams])
    assert row["hosts"] == {"site-0": pytest.approx(1.0)}
    assert row["worst_ms"] == pytest.approx(float(trips.max()))
    assert row["mw"] == pytest.approx(float(world["load"].values[streams, -1].sum()))


def test_everything_hosted_at_home_is_domestic(world: xr.Dataset, plan: xr.Dataset) -> None:
    told = report.transfers(world, plan)
    assert told.to_dict("records") == [
        {
            "mechanism": "domestic",
            "jurisdiction": "CN",
            "mw": pytest.approx(float(world["load"][:, -1].sum())),
        }
    ]


def test_the_summary_is_one_json_object_with_the_promised_keys(world: xr.Dataset, plan: xr.Dataset) -> None:
    told = json.loads(json.dumps(report.summary(world, plan), allow_nan=False))
    promised = {
        "status",
        "objective_cny",
        "bound_cny",
        "gap",
        "wall_s",
        "phases",
        "accounts",
        "sites",
        "halls",
        "it_mw",
        "pue",
    }
    assert promised <= set(told)
    assert told["gap_cny"] == pytest.approx(5e6)
    assert told["halls"]["type-0"] == {"2026": 2, "2028": 3 + 2}
    assert [(site["site"], site["period"]) for site in told["sites"]] == [("site-0", 2026), ("site-1", 2028)]
    assert sum(told["accounts"].values()) == pytest.approx(told["objective_cny"], rel=1e-6)


def test_the_printed_plan_fits_its_page_and_names_what_a_planner_asks(
    world: xr.Dataset, plan: xr.Dataset
) -> None:
    text = report_text(world, plan)
    assert max(len(line) for line in text.splitlines()) <= WIDTH
    for words in (
        "2.465 bn CNY",
        "0.20 %",
        "5.000 m CNY could be saved",
        "building the halls",
        "existing fleet (1)",
        "site-0: the plot of 45 MW is full from 2028.",
    ):
        assert words in text
    first_line_of_site = next(line for line in text.splitlines() if line.startswith("site-0"))
    assert first_line_of_site.split() == ["site-0", "type-0", "2", "3", "30", "1.200", "1.230", "1.57"]


def test_more_than_six_periods_show_the_first_and_the_last(world: xr.Dataset, plan: xr.Dataset) -> None:
    years = list(range(2026, 2036))
    longer = plan.isel(period=[0] * 5 + [1] * 5).assign_coords(period=years)
    wider = world.isel(period=[0] * 5 + [1] * 5).assign_coords(period=years)
    text = report_text(wider, longer)
    heading = next(line for line in text.splitlines() if line.startswith("site  "))
    assert [word for word in heading.split() if word.startswith("20")][0::5] == ["2026", "2035"]
    assert max(len(line) for line in text.splitlines()) <= WIDTH


def test_contents_name_the_excluded_site_and_its_reason(world: xr.Dataset) -> None:
    world["site_allowed"].loc["site-1"] = False
    world["site_exclusion"].loc["site-1"] = "peak ground acceleration 0.3 g is above 0.2 g"
    told = contents(world)
    assert "2 candidate sites, 1 of which may be built on" in told
    assert "site-1 is excluded: peak ground acceleration 0.3 g is above 0.2 g" in told


def test_the_bill_rests_on_the_weakest_figure_of_each_account(world: xr.Dataset, plan: xr.Dataset) -> None:
    rows = [
        ("site-0", "hall_capital", "estimated"), ("site-1", "hall_capital", "published"),
        ("site-1", "hall_capital", "derived"), ("*", "land_capital", "published"),
        ("*", "grid_price", "observed"), ("*", "marginal_power", "derived"),
        ("*", "contract_price", "estimated"), ("*", "demand_charge", "published"),
        ("*", "latency_value", "user"),
    ]  # fmt: skip
    told = bill_by_evidence(plan, pd.DataFrame(rows, columns=["site", "field", "evidence"]))
    assert told.to_dict() == {
        "unknown": pytest.approx(5e6),  # compliance: nothing said
        "estimated": pytest.approx(900e6 + 80e6),
        "derived": pytest.approx(300e6 + 1050e6),
        "published": pytest.approx(100e6 + 20e6),
        "user": pytest.approx(10e6),
    }
    assert told.sum() == pytest.approx(by_hand.OBJECTIVE_CNY)
    assert "derived 55 %" in report_text(
        world, plan, pd.DataFrame(rows, columns=["site", "field", "evidence"])
    )


def test_many_limits_of_a_kind_read_as_one_line(world: xr.Dataset, plan: xr.Dataset) -> None:
    plan["grid_steps"].values[:] = 99
    text = report_text(world, plan)
    assert (
        "grid connections at their limit, and since when: site-0 2026, site-1 2026, existing-0 2026" in text
    )
    assert "site-0: the plot of 45 MW is full from 2028." in text


def test_a_price_told_in_parts_splits_its_account(world: xr.Dataset, plan: xr.Dataset) -> None:
    """Halls: 80 derived and a judged −20 make 80 % and 20 %; an own price is the user's whatever its parts."""
    halls = float(plan["account_cost"].sel(account="halls").sum())
    by_site = plan["account_cost"].sel(account="halls").sum("period").to_series()
    sites = [str(site) for site in by_site.index[by_site != 0]]
    parts = [
        {"site": site, "field": "hall_capital_part", "value": value, "evidence": kind}
        for site in sites
        for value, kind in ((80.0, "derived"), (-20.0, "estimated"))
    ]
    split = bill_by_parts(plan, pd.DataFrame(parts))
    assert split["derived"] == pytest.approx(0.8 * halls)
    assert split["estimated"] == pytest.approx(0.2 * halls)
    assert split.sum() == pytest.approx(float(plan["account_cost"].sum("period").reduce(np.abs).sum()))
    own = {"site": sites[0], "field": "hall_capital", "value": 60.0, "evidence": "user"}
    mine = bill_by_parts(plan, pd.DataFrame([*parts, own]))
    assert mine["user"] == pytest.approx(float(by_site[sites[0]]))
    assert bill_by_parts(plan, pd.DataFrame([own])).empty
