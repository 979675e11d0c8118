"""Hydro by province, month and year: the statistics, the trend, the droughts, and the years to plan with."""

from __future__ import annotations

import numpy as np
import pytest

from data.evidence import read_table
from data.hydrology import (
    YEARS,
    choose_hydro_years,
    decomposition,
    delivered_factors,
    dependence,
    drought_ratio,
    factors,
    filled_months,
    hydro_year_probabilities,
)

HYDRO_PROVINCES = ["guizhou", "sichuan", "yunnan", "qinghai", "guangxi", "hubei", "gansu", "hunan"]
MEAN_2016_2024 = {  # Jan … Dec, computed independently from generation and capacity
    "guizhou": [.25, .25, .25, .26, .33, .46, .51, .40, .33, .29, .21, .21],
    "sichuan": [.32, .32, .32, .30, .37, .52, .61, .64, .60, .55, .43, .35],
    "yunnan": [.28, .28, .28, .29, .36, .49, .59, .63, .62, .55, .41, .32],
}  # fmt: skip


@pytest.mark.parametrize("province", MEAN_2016_2024)
def test_monthly_means_are_those_of_the_statistics(province: str) -> None:
    ours = factors().sel(province=province, year=slice(2016, 2024)).mean("year").values
    assert ours == pytest.approx(MEAN_2016_2024[province], abs=0.012)


@pytest.mark.parametrize("province", HYDRO_PROVINCES)
def test_a_year_of_factors_times_capacity_is_the_generation_of_the_statistics(province: str) -> None:
    table = read_table("power_province_years.csv").set_index(["province", "year"])
    spoilt = set(filled_months().loc[lambda rows: rows["province"] == province, "year"])
    for year in set(YEARS[1:]) - spoilt:
        ends = table.loc[[(province, year - 1), (province, year)], "hydro_gw"]
        capacity_gw = float(ends.mean())
        factor = float(factors().sel(province=province, year=year).mean("month"))
        generated_gwh = capacity_gw * 8760 * factor
        assert generated_gwh == pytest.approx(table.loc[(province, year), "hydro_gwh"], rel=0.05)


def test_the_worst_month_of_guizhou_is_april_2023() -> None:
    guizhou = factors().sel(province="guizhou")
    assert float(guizhou.min()) == float(guizhou.sel(year=2023, month=4)) == pytest.approx(0.077, abs=0.001)


def test_spoilt_months_take_the_mean_of_the_other_years_and_are_listed() -> None:
    filled = filled_months().set_index(["province", "year", "month"])["capacity_factor"]
    assert {("sichuan", 2021, 10), ("sichuan", 2021, 11), ("yunnan", 2021, 10), ("yunnan", 2021, 11)} <= set(
        filled.index
    )
    others = [year for year in YEARS if year != 2021]
    mean = float(factors().sel(province="sichuan", month=10, year=others).mean())
    assert filled["sichuan", 2021, 10] == pytest.approx(mean, abs=1e-3)
    assert len(filled) < 0.01 * factors().size


def test_wet_and_dry_months_differ_where_hydro_is_contracted() -> None:
    mean = factors().mean("year")
    for province in ("guizhou", "sichuan", "yunnan", "qinghai"):
        dry, wet = (float(mean.sel(province=province, month=months).mean()) for months in ([1, 2, 3], [7, 8, 9]))
        assert wet > 1.3 * dry, province


def test_guizhou_has_a_falling_trend_and_2023_is_a_drought_below_it() -> None:
    guizhou = decomposition().sel(province="guizhou")
    assert float(guizhou["slope"]) < -0.01
    assert float(guizhou["drought"].sel(year=2023)) < -0.07
    assert float(guizhou["factor"].sel(year=2023)) == pytest.approx(0.18, abs=0.01)
    assert abs(float(decomposition().sel(province="sichuan")["slope"])) < 0.003


def test_trend_and_drought_add_up_to_the_year() -> None:
    split = decomposition()
    assert np.allclose(split["trend"] + split["drought"], split["factor"])
    assert np.allclose(split["drought"].mean("year"), 0, atol=1e-12)


def test_the_sichuan_of_2022_is_no_dry_year_by_annual_total() -> None:
    sichuan = decomposition().sel(province="sichuan")["drought"]
    assert float(sichuan.sel(year=2022)) > float(sichuan.sel(year=2023))


def test_the_drought_ratio_is_one_on_average_and_knows_no_trend() -> None:
    ratio = drought_ratio()
    assert np.allclose(ratio.mean("year"), 1)
    years = np.arange(len(YEARS)) - 5.0
    yearly = ratio.sel(province="guizhou").mean("month").values
    assert abs(float(yearly @ years / (years @ years))) < 0.01


def test_the_latest_trend_lowers_guizhou_and_leaves_its_droughts_in_order() -> None:
    observed, latest = (
        delivered_factors(level).sel(province="guizhou").mean("month") for level in ("as_observed", "latest_trend")
    )
    assert float(latest.mean()) < 0.8 * float(observed.mean())
    assert int(np.argmin(latest.values)) == YEARS.index(2023)


def test_yunnan_and_sichuan_make_more_hydro_than_they_use_and_guizhou_a_third() -> None:
    share = dependence()
    assert share["yunnan"] > 1
    assert share["sichuan"] > 1
    assert share["guizhou"] == pytest.approx(0.33, abs=0.03)


@pytest.mark.parametrize("count", [5, 6, 8])
def test_a_few_years_keep_every_mean_and_the_worst_quarter(count: int) -> None:
    choice = choose_hydro_years(count)
    assert len(choice.probabilities) == count
    assert choice.probabilities.sum() == pytest.approx(1)
    assert {2022, 2023} <= set(choice.probabilities.index)
    assert choice.mean_error < 0.04
    assert choice.worst_quarter_error < 0.05
    chosen = factors().sel(province="guizhou", year=list(choice.probabilities.index)).mean("month").values
    whole = float(factors().sel(province="guizhou").mean())
    assert float(chosen @ choice.probabilities.to_numpy()) == pytest.approx(whole, rel=0.04)


def test_no_choice_of_years_is_wider_than_the_record() -> None:
    with pytest.raises(ValueError, match="11 hydrological years"):
        choose_hydro_years(12)


def test_stress_years_weighted_three_times_take_three_fifths() -> None:
    # weights 3, 1, 1 → 3/5, 1/5, 1/5
    chances = hydro_year_probabilities([2022, 2020, 2021], [1 / 3] * 3, [2022], 3)
    assert chances.tolist() == pytest.approx([0.6, 0.2, 0.2])
