"""Reads measured round trips of WonderNetwork (2018) between cities, for fitting only; none is shipped."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from data.backbone import Points
from data.geodesy import great_circle_km

MAINLAND_CITIES = ("Hangzhou", "Shanghai", "Shenzhen", "Zhangjiakou")
HELD_OUT_ONE_IN = 4


@dataclass(frozen=True)
class MeasuredPairs:
    """Ordered pairs of cities: index of both ends into `cities`, mean round trip in ms, great-circle km."""

    cities: pd.DataFrame
    first: np.ndarray
    second: np.ndarray
    round_trip_ms: np.ndarray
    km: np.ndarray

    @property
    def points(self) -> Points:
        """The cities as points of the backbone."""
        return Points.of(self.cities)

    def ends_in(self, flag: pd.Series) -> tuple[np.ndarray, np.ndarray]:
        """Whether the first and whether the second end has the flag of its city."""
        values = flag.to_numpy(dtype=bool)
        return values[self.first], values[self.second]


def read_pairs(folder: Path) -> MeasuredPairs:
    """Pairs whose stated distance agrees with the coordinates (wrongly placed cities drop out)."""
    places = pd.read_csv(folder / "wondernetwork_2018_cities.csv").drop_duplicates("city")
    places = places.rename(columns={"Lat": "latitude", "Long": "longitude"}).sort_values("city")
    pairs = pd.read_csv(folder / "wondernetwork_2018_pairs.csv.gz")
    labels = _city_of_label(pairs["dst_label"].unique(), places["city"].tolist())
    pairs["dst"] = pairs["dst_label"].map(labels)
    pairs = pairs[pairs["src"].isin(places["city"]) & pairs["dst"].notna()].sort_values(["src", "dst"])
    cities = places.set_index("city")
    cities["country"] = np.where(cities.index.isin(MAINLAND_CITIES), "CN", "abroad")
    cities["held_out"] = [zlib.crc32(str(name).encode()) % HELD_OUT_ONE_IN == 0 for name in cities.index]
    first, second = (cities.index.get_indexer(pd.Index(pairs[end])) for end in ("src", "dst"))
    latitude, longitude = cities["latitude"].to_numpy(), cities["longitude"].to_numpy()
    km = great_circle_km(latitude[first], longitude[first], latitude[second], longitude[second])
    agrees = np.abs(km - pairs["distance_km"].to_numpy()) <= 150 + 0.05 * pairs["distance_km"].to_numpy()
    return MeasuredPairs(cities, first[agrees], second[agrees], pairs["avg_ms"].to_numpy()[agrees], km[agrees])


def _city_of_label(labels: np.ndarray, cities: list[str]) -> dict[str, str]:
    longest_first = sorted(cities, key=len, reverse=True)
    return {
        label: city
        for label in labels
        if (city := next((city for city in longest_first if label.startswith(f"{city} ")), None))
    }
