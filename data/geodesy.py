"""Distances on the globe."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike

EARTH_RADIUS_KM = 6371.0088  # mean radius of WGS 84


def great_circle_km(
    latitude_a: ArrayLike, longitude_a: ArrayLike, latitude_b: ArrayLike, longitude_b: ArrayLike
) -> npt.NDArray[np.float64]:
    """Haversine distance in km; degrees, any shapes that broadcast.

    >>> round(float(great_circle_km(26.4, 106.45, 39.93, 116.39)))
    1763
    """
    here, east_of_here, there, east_of_there = (
        np.radians(np.asarray(angle, dtype=np.float64)) for angle in (latitude_a, longitude_a, latitude_b, longitude_b)
    )
    half = np.sin((there - here) / 2) ** 2
    half = half + np.cos(here) * np.cos(there) * np.sin((east_of_there - east_of_here) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)))
