"""Derives the power tables from the raw files: market prices, hydro and wind factors, carbon factors."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from data.ingest.power_hydro import hydro_factors, province_years, wind_factors
from data.ingest.power_prices import energy_prices, wholesale_by_hour
from data.ingest.power_provinces import PROVINCE_BY_CHINESE

GOOGLE_SOURCE, EMBER_SOURCE, MINISTRY_SOURCE = "power-google-carbon", "power-ember", "power-mee-2022"
EMBER_PLACES = ("IRL", "MYS")
GRAMS_PER_KWH_IN_TONNES_PER_MWH = 1e-3


def rebuild(raw: Path, tables: Path) -> None:
    """Write the derived power tables from `raw`/power into `tables`; the same bytes on every run."""
    folder = raw / "power"
    written = {
        "power_energy_prices.csv": energy_prices(folder),
        "power_wholesale_abroad.csv": wholesale_by_hour(folder),
        "power_hydro_factors.csv": hydro_factors(folder),
        "power_wind_factors.csv": wind_factors(folder),
        "power_province_years.csv": province_years(folder),
        "power_carbon.csv": carbon_factors(folder),
    }
    for name, table in written.items():
        (tables / name).write_bytes(table.to_csv(index=False, lineterminator="\n").encode())


def carbon_factors(folder: Path) -> pd.DataFrame:
    """place, year, t_per_mwh, source, evidence: mainland provinces 2021–2022 and places abroad 2024."""
    ministry = pd.read_csv(folder / "carbon" / "china_mee_province_emission_factors_2021_2022.csv")
    ministry = ministry.rename(columns=lambda name: name.replace("kgco2_per_kwh_", "")).assign(
        place=lambda table: table["province_zh"].map(PROVINCE_BY_CHINESE)
    )
    mainland = ministry.melt("place", ["2021", "2022"], "year", "t_per_mwh").assign(
        year=lambda table: table["year"].astype(int), source=MINISTRY_SOURCE, evidence="published"
    )
    google = pd.read_csv(folder / "carbon" / "google_region_carbon.csv")
    regions = pd.DataFrame(
        {
            "place": google["Location"],
            "year": 2024,
            "t_per_mwh": google["Grid carbon intensity (gCO2eq / kWh)"] * GRAMS_PER_KWH_IN_TONNES_PER_MWH,
            "source": GOOGLE_SOURCE,
            "evidence": "published",
        }
    ).drop_duplicates("place")
    ember = pd.read_json(folder / "carbon" / "ember_average_intensities.json", orient="index")
    countries = ember.loc[ember["country_code"].isin(EMBER_PLACES)]
    rest = pd.DataFrame(
        {
            "place": countries["country_code"],
            "year": countries["year"],
            "t_per_mwh": countries["emissions_intensity_gco2_per_kwh"] * GRAMS_PER_KWH_IN_TONNES_PER_MWH,
            "source": EMBER_SOURCE,
            "evidence": "published",
        }
    )
    table = pd.concat([mainland, regions, rest], ignore_index=True)
    return table.sort_values(["place", "year"], ignore_index=True).round({"t_per_mwh": 5})
