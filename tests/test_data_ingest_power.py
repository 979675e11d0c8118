"""The derived power tables, made again from a small raw folder."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest

from data.ingest.power import rebuild
from data.ingest.power_provinces import PROVINCE_BY_CHINESE


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A raw folder with two provinces that have hydro, one market zone and a few prices."""
    folder = tmp_path / "raw" / "power"
    (folder / "carbon").mkdir(parents=True)
    (folder / "prices").mkdir()
    zhejiang = ["Zhejiang,2014,1,2,0.60", "Zhejiang,2015,1,2,0.10", "Zhejiang,2016,1,2,0.12"]
    guizhou = [f"Guizhou,{year},1,2,0.2" for year in (2014, 2015)]
    guizhou += [f"Guizhou,2014,{month},{month},0.10" for month in range(3, 13)]
    guizhou += [f"Guizhou,2015,{month},{month},0.12" for month in range(3, 13) if month != 9]
    columns = "province,year,from_month,to_month,cf"
    write(folder / "china_hydro_monthly_cf_2014_2024.csv", columns, [*guizhou, *zhejiang, "Tibet,2014,1,2,"])
    write(folder / "nbs_province_monthly_generation_2014_2024.csv",
          "province,source,year,from_month,to_month,span_months,gen_gwh,flag",
          ["Zhejiang,hydro,2014,3,3,1,-280.0,negative_after_YTD_difference",
           "Guizhou,hydro,2016,1,2,2,3000.0,", "Guizhou,thermal,2016,1,2,2,9000.0,",
           "Guizhou,consumption,2016,1,2,2,10000.0,",
           "Guizhou,wind,2016,5,5,1,744.0,"])  # fmt: skip
    write(folder / "china_province_capacity_yearend_gw_2013_2024.csv", "province,type,year,cap_gw",
          ["Guizhou,Wind Power,2015,4", "Guizhou,Wind Power,2016,6",
           "Guizhou,Hydropower,2016,20"])  # fmt: skip
    write(folder / "china_wholesale_price_2025_secondary.csv",
          "province_name,month,spot_avg_yuan_mwh,medium_long_avg_yuan_mwh",
          ["四川,3,,400", "四川,8,,100", "贵州,1,,400", "贵州,2,,410", "河南,0,280,"])  # fmt: skip
    write(folder / "china_coal_benchmark_price_by_province.csv", "province_zh,coal_benchmark_yuan_kwh",
          [f"{name},0.35" for name in PROVINCE_BY_CHINESE])  # fmt: skip
    write(folder / "sichuan_wet_dry_price_caps_2025_secondary.csv", "months,mlt_price_cap_yuan_mwh_2025",
          ['"12,1,2,3,4",400', '"5,11",250', '"6,7,8,9,10",200'])  # fmt: skip
    write(folder / "carbon" / "china_mee_province_emission_factors_2021_2022.csv",
          "province_zh,kgco2_per_kwh_2021,kgco2_per_kwh_2022", ["贵州,0.5182,0.4989"])  # fmt: skip
    write(folder / "carbon" / "google_region_carbon.csv",
          "Google Cloud Region,Location,Google CFE,Grid carbon intensity (gCO2eq / kWh)",
          ["europe-west3,Frankfurt,0.68,275.82"])  # fmt: skip
    (folder / "carbon" / "ember_average_intensities.json").write_text(
        '{"IRL": {"country_code": "IRL", "year": 2024, "emissions_intensity_gco2_per_kwh": 279.79}}'
    )
    with gzip.open(folder / "prices" / "wholesale_hourly_usd_2023_2024.csv.gz", "wt") as stream:
        stream.write("zone,utc,usd_mwh\nDE-LU,2023-06-01 17:00:00+00:00,40\nDE-LU,2024-06-01 17:00:00+00:00,60\n")
    return tmp_path / "raw"


def write(path: Path, header: str, lines: list[str]) -> None:
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


@pytest.fixture
def tables(raw: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "tables"
    folder.mkdir()
    rebuild(raw, folder)
    return folder


def test_the_tables_are_the_same_byte_for_byte_on_a_second_run(raw: Path, tables: Path) -> None:
    first = {path.name: path.read_bytes() for path in tables.iterdir()}
    rebuild(raw, tables)
    assert len(first) == 6
    assert {path.name: path.read_bytes() for path in tables.iterdir()} == first
    assert not any(b"\r" in content for content in first.values())


def test_january_and_february_share_one_figure_and_a_missing_month_takes_the_others(tables: Path) -> None:
    rows = pd.read_csv(tables / "power_hydro_factors.csv").set_index(["province", "year", "month"])
    guizhou = rows.loc["guizhou"]
    assert guizhou.loc[[(2014, 1), (2014, 2)], "basis"].tolist() == ["two-months"] * 2
    assert guizhou.loc[(2015, 9), "capacity_factor"] == pytest.approx(0.1)  # the one other September
    assert guizhou.loc[(2015, 9), "basis"] == "climatology"
    assert guizhou.loc[(2015, 8), "basis"] == "month"
    assert "tibet" not in rows.index.get_level_values("province")


def test_a_figure_revised_down_next_month_is_not_believed(tables: Path) -> None:
    rows = pd.read_csv(tables / "power_hydro_factors.csv").set_index(["province", "year", "month"])
    for month in (1, 2):  # 0.60 before a negative March: the mean of 0.10 and 0.12 stands in
        assert rows.loc[("zhejiang", 2014, month), "capacity_factor"] == pytest.approx(0.11)


def test_wind_is_generation_over_the_years_mean_capacity(tables: Path) -> None:
    rows = pd.read_csv(tables / "power_wind_factors.csv")
    assert rows.loc[0, "capacity_factor"] == pytest.approx(744 / (5 * 744))  # GWh over mean of 4 and 6 GW, 744 h


def test_prices_fill_by_season_in_sichuan_by_mean_elsewhere_and_say_so(tables: Path) -> None:
    rows = pd.read_csv(tables / "power_energy_prices.csv").set_index(["province", "month"])
    assert rows.loc[("sichuan", 1), "contract_price"] == 400
    assert rows.loc[("sichuan", 5), "contract_price"] == 100 + 300 * (250 - 200) / (400 - 200)
    assert rows.loc[("sichuan", 5), "contract_basis"] == "season"
    assert rows.loc[("guizhou", 7), "contract_price"] == 405
    assert rows.loc[("guizhou", 7), "contract_basis"] == "months"
    assert rows.loc[("henan", 7), "spot_basis"] == "year"
    assert rows.loc[("beijing", 7), "source"] == "power-coal-benchmark"
    assert len(rows) == 31 * 12


def test_prices_abroad_are_means_by_the_hour_of_the_beijing_day(tables: Path) -> None:
    rows = pd.read_csv(tables / "power_wholesale_abroad.csv")
    assert rows["month"].tolist() == [6]
    assert rows.loc[0, "h01"] == 50  # 17:00 UTC is 1:00 on the next day


def test_grams_per_kilowatt_hour_become_tonnes_per_megawatt_hour(tables: Path) -> None:
    rows = pd.read_csv(tables / "power_carbon.csv").set_index(["place", "year"])["t_per_mwh"]
    assert rows["Frankfurt", 2024] == pytest.approx(0.27582)
    assert rows["IRL", 2024] == pytest.approx(0.27979)
    assert rows["guizhou", 2022] == pytest.approx(0.4989)
