"""Contracts, policy tariffs, rationing, carbon factors and grid connection."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.evidence import assumption_table, read_table
from data.power import power
from tests.power_study import default_study, mean_price, study

POLICY_FIELDS = {"policy_discount", "policy_minimum_load", "policy_energy_limit"}


def test_contracted_hydro_delivers_the_factor_of_the_month() -> None:
    delivery = default_study()[1]["contract_delivery"].sel(energy_source="hydro")
    table = read_table("power_hydro_factors.csv").set_index(["province", "year", "month"])["capacity_factor"]
    for block in ("04-00", "04-08", "04-16"):
        assert float(delivery.sel(site="gui-an", slice=block, hydro_year=2023)) == table["guizhou", 2023, 4]
    assert float(delivery.sel(site=["qingpu", "frankfurt", "lhasa"]).max()) == 0


def test_solar_delivers_by_day_and_its_full_load_hours() -> None:
    setting, data = default_study()
    solar = data["contract_delivery"].sel(energy_source="solar", hydro_year=2020)
    hours = setting.slices["hours"].to_numpy(float)
    assert float(solar.sel(site="golmud").values @ hours) == pytest.approx(1500)
    assert float(solar.sel(site="gui-an").values @ hours) == pytest.approx(950)
    night, day = solar.sel(site="gui-an", slice="01-00"), solar.sel(site="gui-an", slice="01-08")
    assert float(night) < 0.1 * float(day)
    frankfurt = solar.sel(site="frankfurt", slice=["06-00", "06-08", "06-16"]).values
    assert frankfurt.argmax() == 2  # noon there is 19:00 in Beijing


def test_contracts_can_be_left_out_and_scaled() -> None:
    setting = study(power={"contracts": ["wind"], "contract_limit_multiplier": 2.0, "hydro_price_multiplier": 1.5})
    limit, usual = power(setting)["contract_limit"], power(study())["contract_limit"]
    assert float(limit.sel(energy_source=["hydro", "solar"]).max()) == 0
    assert np.allclose(limit.sel(energy_source="wind"), 2 * usual.sel(energy_source="wind"))


def test_policy_tariffs_count_only_when_asked_and_only_until_their_end() -> None:
    assert not POLICY_FIELDS & set(default_study()[1].data_vars)
    setting = study(power={"policy_tariffs": True})
    data = power(setting)
    discount = data["policy_discount"]
    for period in (2026, 2028, 2030):
        gap = mean_price(setting, data, "gui-an", period) - 350
        assert float(discount.sel(site="gui-an", period=period)) == pytest.approx(gap)
    assert float(discount.sel(site="gui-an", period=2032)) == 0
    assert float(data["policy_energy_limit"].sel(site="gui-an", period=2032)) == 0
    assert float(discount.sel(site="guiyang").max()) == 0
    early = power(study(power={"policy_tariffs": True, "policy_tariff_end_year": 2027}))["policy_discount"]
    assert early.sel(site="gui-an").values.astype(bool).tolist() == [True, False, False, False, False]


def test_a_policy_price_above_the_market_gives_no_discount() -> None:
    cheap = study(power={"policy_tariffs": True, "energy_price_multiplier": {"ningxia": 0.1}})
    assert float(power(cheap)["policy_discount"].sel(site="zhongwei").max()) == 0


def test_rationing_strikes_only_the_months_of_its_events() -> None:
    share = default_study()[1]["rationed_share"].sel(site="tianfu")
    august = share.sel(hydro_year=2022, slice=["08-00", "08-08", "08-16"])
    assert august.values.tolist() == pytest.approx([0.4 * 0.25] * 3)
    assert float(share.sel(hydro_year=2022).sum()) == pytest.approx(3 * (0.4 + 0.03) * 0.25)
    assert float(share.sel(hydro_year=[year for year in range(2014, 2025) if year != 2022]).max()) == 0
    assert float(power(study(power={"rationing": False}))["rationed_share"].max()) == 0


def test_grid_factors_start_from_the_ministry_and_follow_the_drought() -> None:
    carbon = default_study()[1]["grid_carbon"].isel(period=0)
    middle = float(default_study()[0].periods["mid_year"].iloc[0])
    assert float(carbon.sel(site="guiyang", hydro_year=2023)) == pytest.approx(0.5683 * 0.975 ** (middle - 2023))
    assert int(np.argmax(carbon.sel(site="guiyang").values)) == list(range(2014, 2025)).index(2023)
    assert float(carbon.sel(site="kunming").mean()) < 0.2 < float(carbon.sel(site="horinger").mean())
    fixed = power(study(power={"grid_carbon_t_per_mwh": {"guizhou": 0.3}}))["grid_carbon"]
    assert float(fixed.sel(site="gui-an").min()) == float(fixed.sel(site="gui-an").max()) == 0.3


def test_the_movement_of_grid_factors_is_the_slope_of_the_published_changes() -> None:
    named = assumption_table()["value"]
    newer = read_table("power_carbon_2023.csv").assign(year=2023)
    factors = pd.concat([read_table("power_carbon.csv"), newer]).pivot_table(
        index="place", columns="year", values="t_per_mwh"
    )
    years = read_table("power_province_years.csv")
    years["share"] = years["hydro_gwh"] / years["consumption_gwh"]
    share = years.pivot_table(index="province", columns="year", values="share")
    changes = pd.concat(
        [
            pd.DataFrame({"hydro": share[b] - share[a], "factor": factors[b] - factors[a], "share": share[a]})
            for a, b in ((2021, 2022), (2022, 2023))
        ]
    ).dropna()
    users = changes.loc[changes["share"].between(0.1, 0.7)]
    slope, common = np.polyfit(users["hydro"], users["factor"], 1)
    assert len(users) == 9
    assert -slope == pytest.approx(named["power_hydro_carbon_factor"], abs=0.02)
    assert common == pytest.approx(-0.044, abs=0.01)
    assert users["hydro"].corr(users["factor"]) < -0.85


def test_grid_steps_rise_with_time_to_a_limit_and_leave_the_existing_fleet_alone() -> None:
    setting, data = default_study()
    allowed = data["grid_steps_allowed"]
    # high headroom: 4 at once, then 4 a year after 12 months: 2028 → 4 + 4 × (24 − 12)/12 = 8, limit 25
    assert allowed.sel(site="gui-an").values.tolist() == [4, 8, 16, 24, 25]
    assert allowed.sel(site="beijing").values.tolist() == [2, 2, 6, 6, 6]
    existing = setting.sites.index[setting.sites["kind"] == "existing"].tolist()
    assert int(allowed.sel(site=existing).max()) == 0
    assert float(data["grid_existing"].sel(site=existing).min()) > 0
    assert float(data["grid_existing"].drop_sel(site=existing).max()) == 0
    tight = power(study(power={"grid_site_limit_mw": {"gui-an": 90}}))["grid_steps_allowed"]
    assert tight.sel(site="gui-an").values.tolist() == [2, 2, 2, 2, 2]
