"""Two hills of our own, one with a year of our own thermometer, beside one embedded site.

Writes sites.csv, hill.csv (hourly weather) and own.yaml into the folder it is run in, solves, and shows PUE.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

import hallsite

STUDY = """\
name: two-hills
title: Two hills of our own
sites:
  own_sites: sites.csv
  include: [gui-an]
  existing_fleet: false
climate:
  own_weather: {cool-hill: hill.csv}
demand:
  workloads: [storage]
  provinces: [guizhou, hunan]
  market_share: 0.02
time: {periods: [2026], last_year: 2029, resolution: season, hydro_years: [2021, 2022]}
solver: {gap: 0.02, threads: 1}
"""


def main() -> None:
    """Write the study, solve it, and compare the PUE of every site that was considered."""
    write_inputs(Path())
    scenario = hallsite.read_scenario("own.yaml")
    instance = hallsite.build_instance(scenario)
    print(instance["site_station"].to_series().to_string())

    solution = hallsite.solve(instance, hallsite.SolveOptions(**scenario.solver.model_dump()))
    run = hallsite.save_run(Path("runs") / "two-hills", scenario, instance, solution)
    hours, air = instance["slice_hours"], {"hall_type": "air"}
    summer = (instance["marginal_power"].sel(air) * hours).sum("slice") / hours.sum()
    print(summer.to_series().round(3).rename("facility MW per IT MW, air-cooled, mean of the year").to_string())
    print(hallsite.report_text(instance, solution))
    hallsite.export_run(hallsite.open_run(run), Path("two-hills.geojson"))


def write_inputs(folder: Path) -> None:
    """A table of sites and a year of hourly weather: local time with its offset, °C, per cent, Pa."""
    (folder / "sites.csv").write_text(
        "id,name,latitude,longitude,altitude_m,plot_limit\n"
        "cool-hill,Cool Hill,26.9,106.9,1650,80\n"
        "warm-valley,Warm Valley,25.4,107.6,400,80\n"
    )
    hours = pd.date_range("2025-01-01", periods=8760, freq="h", tz="+08:00")
    season = -np.cos((hours.day_of_year.to_numpy() - 20) / 365 * 2 * np.pi)
    day = -np.cos((hours.hour.to_numpy() - 3) / 24 * 2 * np.pi)
    dry_bulb = 11.0 + 8.0 * season + 3.0 * day
    weather = pd.DataFrame(
        {
            "time": hours.strftime("%Y-%m-%dT%H:%M+08:00"),
            "dry_bulb": dry_bulb.round(1),
            "relative_humidity": (82 - 10 * day).round(0),
            "pressure": 83_200,
        }
    )
    weather.to_csv(folder / "hill.csv", index=False)
    (folder / "own.yaml").write_text(STUDY)


if __name__ == "__main__":
    main()
