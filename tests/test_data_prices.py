"""What energy costs: market prices, calendars, droughts, growth, and the parts of a price."""

from __future__ import annotations

import numpy as np
import pytest

from data.evidence import EVIDENCE_CLASSES, read_table
from data.power import block_price_order, power, province_prices
from data.power_evidence import price_components
from data.prices import market_prices
from data.tou import tou_ratios
from tests.power_study import default_study, mean_price, study


def test_the_price_of_guizhou_adds_up_by_hand() -> None:
    market = (401.0 + 398.6 + 396.6 + 397.7 + 8 * 398.475) / 12  # eight months take the mean of four
    by_hand = market / (1 - 0.045) + 46.8 + 12 + 40 + 25.33  # losses; transmission, voltage, system fee, levies
    assert mean_price(*default_study(), "guiyang") == pytest.approx(by_hand, rel=0.002)


def test_all_in_prices_of_the_provinces_are_plausible_and_ordered() -> None:
    table = province_prices(default_study()[0])
    assert len(table) == 31
    usual = table.drop("tibet")["all_in"]
    assert usual.between(0.33, 0.75).all()
    coast = usual[["beijing", "shanghai", "guangdong", "zhejiang"]]
    west = usual[["inner-mongolia", "qinghai", "gansu", "ningxia", "xinjiang", "yunnan"]]
    assert coast.min() > west.max()
    assert usual["gansu"] == pytest.approx(0.398, abs=0.03)  # Qingyang's quoted price
    assert usual["ningxia"] == pytest.approx(0.36, abs=0.04)  # Zhongwei's quoted price of 2020


def test_every_province_says_which_basis_its_energy_price_has() -> None:
    basis = market_prices(0.3)["basis"].groupby(level="province").agg(lambda kinds: " ".join(sorted(set(kinds))))
    assert basis["shanxi"] == "market month"
    assert basis["guangdong"] == "market year"
    assert basis["sichuan"] == "market month market season"
    assert basis["shandong"] == "spot month"
    assert basis["beijing"] == "coal benchmark"
    assert basis["yunnan"] == "recalled"


def test_a_spot_only_province_mixes_spot_with_the_coal_benchmark() -> None:
    # Henan: coal benchmark 377.9, spot mean 277.56, 30 % at spot
    assert market_prices(0.3).loc[("henan", 5), "cny_per_mwh"] == pytest.approx(0.7 * 377.9 + 0.3 * 277.56)


def test_sichuan_is_dear_in_the_dry_and_cheap_in_the_wet_months() -> None:
    price = market_prices(0.3).loc["sichuan", "cny_per_mwh"]
    assert price[[1, 2, 3, 4, 12]].min() >= 350
    assert price[[6, 7, 8, 9, 10]].max() == pytest.approx(122.1)
    low, high = (121.48 + 122.10) / 2, (398.62 + 401.02 + 350.0) / 3
    assert price[5] == pytest.approx(low + (high - low) * (333.84 - 211.43) / (415.63 - 211.43), abs=0.01)


def test_a_flat_load_pays_the_months_market_mean_whatever_the_calendar() -> None:
    for tou in read_table("power_tou.csv")["tou"].unique():
        for spread in (0.7, 1.0):
            assert np.allclose(tou_ratios(tou, spread).mean(axis=1), 1)


def test_calendars_cover_every_month_once_and_follow_the_notice() -> None:
    table = read_table("power_tou.csv")
    for tou, rows in table.groupby("tou"):
        months = sorted(int(month) for text in rows["months"].astype(str) for month in text.split())
        assert months == list(range(1, 13)), tou
    guizhou = tou_ratios("guizhou", 1.0)[0]  # valley 0–8 at 0.4, peak 10–13 and 17–22 at 1.6, else 1: mean 1
    assert guizhou[[3, 9, 11, 18]].tolist() == pytest.approx([0.4, 1.0, 1.6, 1.6])
    shandong = tou_ratios("shandong", 1.0)[3]  # deep valley at noon in April
    assert shandong.argmin() in (11, 12, 13)


def test_a_dry_year_is_dear_where_hydro_matters_and_the_mean_over_years_stays() -> None:
    setting, data = default_study()
    for site in ("guiyang", "kunming", "tianfu"):
        spring = data["grid_price"].sel(site=site, period=2026, slice=["04-00", "04-08", "04-16"]).mean("slice")
        dry = {"guiyang": 2023, "kunming": 2023, "tianfu": 2021}[site]
        assert float(spring.sel(hydro_year=dry)) > float(spring.mean())
    beijing = data["grid_price"].sel(site="tianjin", period=2026)
    assert float(beijing.std("hydro_year").max()) == pytest.approx(0, abs=1e-9)
    still = power(study(assumptions={"power_hydro_price_elasticity": 0.0}))
    for site in ("guiyang", "kunming", "tianfu"):
        assert mean_price(setting, data, site) == pytest.approx(mean_price(setting, still, site), rel=0.005)


def test_price_growth_compounds_on_energy_alone() -> None:
    setting = study(power={"energy_price_growth": 0.02}, time={"periods": [2026, 2034], "last_year": 2035})
    data, parts = power(setting), price_components(setting)
    part = parts.loc[parts["site"] == "guiyang"].set_index("component")["cny_per_mwh"]
    network = part.drop("energy").sum()
    for period, middle in ((2026, 2029.5), (2034, 2034.5)):
        by_hand = part["energy"] * 1.02 ** (middle - 2025) + network
        assert mean_price(setting, data, "guiyang", period) == pytest.approx(by_hand, rel=0.002)


def test_block_order_says_valley_night_in_guizhou_and_valley_noon_in_qinghai() -> None:
    setting = default_study()[0]
    order = block_price_order(setting)
    hours = setting.slices["hours"].to_numpy(float)
    assert np.allclose(order.values @ hours / hours.sum(), 1)
    guiyang, xining = (order.sel(site=site, slice=["04-00", "04-08", "04-16"]).values for site in ("guiyang", "xining"))
    assert guiyang.argmin() == 0
    assert xining.argmin() == 1


def test_other_blocks_and_seasons_keep_the_yearly_mean() -> None:
    seasons = study(time={"resolution": "season", "block_starts": [0, 7, 11, 17, 22]})
    coarse = power(seasons)
    assert coarse.sizes["slice"] == 20
    for site in ("guiyang", "tianfu", "xining", "frankfurt"):
        assert mean_price(seasons, coarse, site) == pytest.approx(mean_price(*default_study(), site), rel=1e-9)


def test_an_existing_fleet_pays_its_provinces_tariff() -> None:
    data = default_study()[1]
    assert np.allclose(data["grid_price"].sel(site="existing-guizhou"), data["grid_price"].sel(site="guiyang"))


def test_frankfurt_pays_the_german_market_and_its_adder() -> None:
    # 93.5 USD/MWh is the mean of 102.6 (2023) and 84.6 (2024), adder 55, 7.14 CNY/USD
    assert mean_price(*default_study(), "frankfurt") == pytest.approx((93.55 + 55) * 7.14, rel=0.01)


def test_parts_of_a_price_add_up_and_say_their_class() -> None:
    setting = study(assumptions={"power_hydro_price_elasticity": 0.0})
    data, parts = power(setting), price_components(setting)
    total = parts.groupby("site")["cny_per_mwh"].sum()
    for site in ("gui-an", "jinan", "kunming", "virginia"):
        assert total[site] == pytest.approx(mean_price(setting, data, site))
    assert set(parts["evidence"]) <= set(EVIDENCE_CLASSES)
