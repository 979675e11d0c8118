"""Model PUE against PUE that operators publish per region.

Run `python -m tests.benchmarks.published_pue TABLE.csv`; the table has the columns operator, location,
latitude, longitude and pue. Printed are the rows, the errors, the rank correlation within each operator and
over all of them, and for Gui'an, Beijing and Shenzhen the order of hall types and the months.

Nothing is fitted but one offset per operator, and that out of sample. The rule is fixed beforehand: of the two
systems cloud fleets say they use (outside air with pads, chilled water with free cooling), the one with the
least yearly facility energy at 0.65 of IT load, at default set-points, with the weather of the nearest embedded
station within 350 km of the named place.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from data.climate import climate
from data.cooling import Operation, Outdoor, facility
from data.evidence import assumptions
from data.frame import make_setting
from data.scenario.reading import read_scenario
from data.weather import nearest_stations, station_bins

FLEET_SYSTEMS = ("air", "chilled_water")
STATED_LOAD = 0.65
FARTHEST_KM = 350.0
SHAPES_AT = ("gui-an", "beijing", "shenzhen")
# Coordinates in published tables are partly those of other places, so rows are placed by name where we can.
PLACES = {
    "Tokyo": (35.69, 139.69), "Osaka": (34.69, 135.50), "Seoul": (37.57, 126.98), "Korea": (37.57, 126.98),
    "Singapore": (1.32, 103.80), "Kuala Lumpur": (3.14, 101.69), "Malaysia": (3.14, 101.69),
    "Melbourne": (-37.81, 144.96), "Victoria": (-37.81, 144.96), "Sydney": (-33.87, 151.21),
    "New South Wales": (-33.87, 151.21), "Mumbai": (19.08, 72.88), "Pune": (18.52, 73.86),
    "Hong Kong": (22.32, 114.17), "Beijing": (39.90, 116.40), "Ningxia": (37.51, 105.19),
    "Shanghai": (31.23, 121.47), "Frankfurt": (50.11, 8.68), "Spain": (40.42, -3.70),
    "Madrid": (40.42, -3.70),
    "Ireland": (53.35, -6.26), "Dublin": (53.35, -6.26), "London": (51.51, -0.13), "Paris": (48.86, 2.35),
    "Milan": (45.46, 9.19), "Zurich": (47.38, 8.54), "Stockholm": (59.33, 18.07), "Sweden": (60.67, 17.14),
    "Finland": (60.32, 24.97), "Netherlands": (52.31, 4.77), "Eemshaven": (53.43, 6.84),
    "Amsterdam": (52.37, 4.90), "Denmark": (55.68, 12.57), "Norway": (59.91, 10.75), "Poland": (52.23, 21.01),
    "Warsaw": (52.23, 21.01), "N. Virginia": (39.04, -77.49), "Virginia": (39.04, -77.49),
    "Iowa": (41.26, -95.86), "Illinois": (41.88, -87.63), "Chicago": (41.88, -87.63),
    "Dallas": (32.78, -96.80), "Texas": (32.78, -96.80), "The Dalles": (45.60, -121.18),
    "Oregon": (45.60, -121.18), "Washington": (47.23, -119.85), "N. California": (37.35, -121.95),
    "California": (37.35, -121.95), "Toronto": (43.65, -79.38), "Montr": (45.50, -73.57),
    "São Paulo": (-23.55, -46.63), "Sao Paulo": (-23.55, -46.63), "Santiago": (-33.45, -70.67),
    "Chile": (-33.45, -70.67), "Mexico": (19.43, -99.13), "Johannesburg": (-26.20, 28.04),
}  # fmt: skip


def placed(table: pd.DataFrame) -> pd.DataFrame:
    """Rows with the station that serves them; `distance_km` above FARTHEST_KM means none does."""
    known = [next((spot for name, spot in PLACES.items() if name in str(text)), None) for text in table["location"]]
    stated = zip(table["latitude"], table["longitude"], strict=True)
    spots = np.array([spot or pair for spot, pair in zip(known, stated, strict=True)], float)
    serving = nearest_stations(spots[:, 0], spots[:, 1])
    return table.assign(station=serving["station"].to_numpy(), distance_km=serving["distance_km"].to_numpy())


def yearly_pue(station: str, system: str) -> float:
    """Yearly PUE of a system at the stated load and default set-points, from the station's bins."""
    bins, p = station_bins().sel(station=station), assumptions({})
    dry, wet, hours = (bins[name].to_numpy().astype(float) for name in ("dry_bulb", "wet_bulb", "hours"))
    ground = float((dry * hours).sum() / hours.sum()) + p["ground_above_air"]
    air = Outdoor(dry, wet, np.full_like(dry, float(bins["pressure"])), np.full_like(dry, ground))
    power = facility(system, air, STATED_LOAD, p, Operation()).power
    return float((power * hours).sum() / hours.sum() / STATED_LOAD)


def left_out_offsets(rows: pd.DataFrame) -> pd.Series:
    """Model PUE plus the median residual of the operator's other regions; missing where there are none."""
    residual = rows["pue"] - rows["model"]
    shifted = {
        label: row["model"] + residual[(rows["operator"] == row["operator"]) & (rows.index != label)].median()
        for label, row in rows.iterrows()
    }
    return pd.Series(shifted)


def pooled_rank(rows: pd.DataFrame) -> float:
    """Rank correlation within operators, pooled: ranks of both columns about each operator's mean rank."""
    parts = [part for _, part in rows.groupby("operator") if len(part) > 2]
    centred = pd.concat([part[["model", "pue"]].rank() - (len(part) + 1) / 2 for part in parts])
    return float(centred["model"].corr(centred["pue"]))


def shapes() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Yearly PUE by hall type, cheapest first, and monthly PUE of the best new type, at a few sites."""
    changes = {"sites.include": list(SHAPES_AT), "sites.existing_fleet": False, "baseline.stay_as_we_are": False}
    setting = make_setting(read_scenario("guizhou", changes))
    fields, types = climate(setting), setting.hall_types
    load = types["part_load"].to_xarray()
    size = types["size_mw"].to_xarray()
    pue = (fields["overhead_power"] / (size * load) + fields["marginal_power"]).sel(site=list(SHAPES_AT))
    hours = setting.slices["hours"].to_xarray()
    yearly = pue.weighted(hours).mean("slice").to_pandas().T
    best = yearly.loc[types["buildable"].astype(bool)].idxmin()
    month = pd.Series(setting.slices["month"].to_numpy(), index=setting.slices.index)
    monthly = {
        f"{site} ({kind})": pue.sel(site=site, hall_type=kind).to_series().groupby(month).mean().rename_axis("month")
        for site, kind in best.items()
    }
    return yearly.loc[yearly.mean(axis=1).sort_values().index], pd.DataFrame(monthly)


def compare(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, float]]:
    """Each row with station, system, model PUE and prediction; and the summary figures."""
    rows = placed(table)
    rows = rows.loc[rows["distance_km"] <= FARTHEST_KM].reset_index(drop=True)
    options = pd.DataFrame({
        system: [yearly_pue(station, system) for station in rows["station"]] for system in FLEET_SYSTEMS
    })  # fmt: skip
    rows["system"], rows["model"] = options.idxmin(axis=1), options.min(axis=1)
    rows["predicted"] = left_out_offsets(rows)
    error = rows["predicted"] - rows["pue"]
    flat = left_out_offsets(rows.assign(model=1.0)) - rows["pue"]
    ranks = {
        f"rank correlation, {operator}": float(part["model"].corr(part["pue"], method="spearman"))
        for operator, part in rows.groupby("operator") if len(part) > 2
    }  # fmt: skip
    return rows, {
        "regions": float(len(rows)), "regions without a station": float(len(table) - len(rows)),
        "mean absolute error": float(error.abs().mean()),
        "mean absolute error of the best constant": float((rows["pue"] - rows["pue"].median()).abs().mean()),
        "mean absolute error of operator offsets alone": float(flat.abs().mean()),
        "bias before offsets": float((rows["model"] - rows["pue"]).mean()), **ranks,
        "rank correlation within operators, pooled": pooled_rank(rows),
    }  # fmt: skip


def main(path: Path) -> None:
    """Print the comparison."""
    rows, summary = compare(pd.read_csv(path))
    shown = ["operator", "location", "station", "distance_km", "system", "pue", "model", "predicted"]
    print(rows[shown].round(3).to_string(index=False))
    for name, value in summary.items():
        print(f"{name}: {value:.4g}")
    yearly, monthly = shapes()
    print(f"\nYearly PUE by hall type\n{yearly.round(3).to_string()}")
    print(f"\nMonthly PUE of the best new hall type\n{monthly.round(3).to_string()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
