"""Moist air: saturation, humidity, wet bulb, dew point, enthalpy and density, for arrays of any common shape.

Temperatures in °C, pressures in Pa, humidity ratios in kg of water per kg of dry air, enthalpies in J per
kg of dry air, altitudes in m. Equations of the ASHRAE Handbook of Fundamentals (2017), chapter 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

STANDARD_PRESSURE = 101325.0
EVAPORATION_HEAT = 2.501e6
DRY_AIR_HEAT = 1006.0
VAPOUR_HEAT = 1860.0
MOLAR_MASS_RATIO = 0.621945
DRY_AIR_GAS_CONSTANT = 287.042
ICE = (-5.6745359e3, 6.3925247, -9.677843e-3, 6.2215701e-7, 2.0747825e-9, -9.484024e-13, 4.1635019)
WATER = (-5.8002206e3, 1.3914993, -4.8640239e-2, 4.1764768e-5, -1.4452093e-8, 0.0, 6.5459673)


def standard_pressure(altitude: ArrayLike) -> Array:
    """Pressure of the standard atmosphere in Pa from altitude in m (eq. 3)."""
    return np.asarray(STANDARD_PRESSURE * (1 - 2.25577e-5 * np.asarray(altitude, float)) ** 5.2559)


def saturation_pressure(temperature: ArrayLike) -> Array:
    """Vapour pressure over ice below 0 °C, over water above (eq. 5 and 6). ValueError outside −100…200 °C."""
    t = np.asarray(temperature, float)
    if t.size and not (np.nanmin(t) >= -100 and np.nanmax(t) <= 200):
        raise ValueError("saturation pressure is defined from −100 to 200 °C")
    kelvin = t + 273.15
    logarithm = np.atleast_1d(_log_pressure(kelvin, WATER))
    frozen = np.atleast_1d(t < 0.01)
    logarithm[frozen] = _log_pressure(np.atleast_1d(kelvin)[frozen], ICE)
    return np.asarray(np.exp(logarithm).reshape(t.shape))


def _log_pressure(kelvin: Array, coefficients: tuple[float, ...]) -> Array:
    a, b, c, d, e, f, g = coefficients
    powers = b + kelvin * (c + kelvin * (d + kelvin * (e + kelvin * f)))
    return np.asarray(a / kelvin + powers + g * np.log(kelvin))


def saturation_humidity_ratio(temperature: ArrayLike, pressure: ArrayLike) -> Array:
    """Humidity ratio of saturated air (eq. 21, enhancement factor left out)."""
    return humidity_ratio_from_vapour(saturation_pressure(temperature), pressure)


def humidity_ratio_from_vapour(vapour_pressure: ArrayLike, pressure: ArrayLike) -> Array:
    """Humidity ratio from the partial pressure of vapour (eq. 20)."""
    vapour = np.asarray(vapour_pressure, float)
    return np.asarray(MOLAR_MASS_RATIO * vapour / (np.asarray(pressure, float) - vapour))


def vapour_pressure(humidity_ratio: ArrayLike, pressure: ArrayLike) -> Array:
    """Partial pressure of vapour from the humidity ratio (eq. 20 turned round)."""
    ratio = np.asarray(humidity_ratio, float)
    return np.asarray(np.asarray(pressure, float) * ratio / (MOLAR_MASS_RATIO + ratio))


def humidity_ratio(dry_bulb: ArrayLike, wet_bulb: ArrayLike, pressure: ArrayLike) -> Array:
    """Humidity ratio from dry and wet bulb (eq. 33 over water, eq. 35 over ice); never below zero."""
    t, star, p = (np.asarray(value, float) for value in (dry_bulb, wet_bulb, pressure))
    return np.asarray(np.maximum(_unbounded_humidity_ratio(t, star, p), 0.0))


def wet_bulb(dry_bulb: ArrayLike, relative_humidity: ArrayLike, pressure: ArrayLike) -> Array:
    """Thermodynamic wet-bulb temperature in °C from °C, 0–1 and Pa.

    Raises ValueError outside −100…200 °C and when a relative humidity is outside 0…1.
    """
    share = np.asarray(relative_humidity, float)
    if share.size and not (np.nanmin(share) >= 0 and np.nanmax(share) <= 1):
        raise ValueError("relative humidity must be from 0 to 1; divide a percentage by 100")
    vapour = share * saturation_pressure(dry_bulb)
    return wet_bulb_from_humidity_ratio(dry_bulb, humidity_ratio_from_vapour(vapour, pressure), pressure)


def wet_bulb_from_humidity_ratio(
    dry_bulb: ArrayLike, humidity: ArrayLike, pressure: ArrayLike, steps: int = 8
) -> Array:
    """Wet bulb by Newton's method on eq. 33/35; eight steps reach 0.001 K from any start in range."""
    t, w, p = np.broadcast_arrays(*(np.asarray(value, float) for value in (dry_bulb, humidity, pressure)))
    star = t - 0.5 * np.clip(t - dew_point_estimate(vapour_pressure(w, p)), 0, None)
    for _ in range(steps):
        here = _unbounded_humidity_ratio(t, star, p)
        slope = (_unbounded_humidity_ratio(t, star + 0.01, p) - here) / 0.01
        star = np.clip(star - (here - w) / slope, -100, t)
    return np.asarray(star)


def _unbounded_humidity_ratio(t: Array, star: Array, p: Array) -> Array:
    saturated = saturation_humidity_ratio(star, p)
    over_water = ((2501 - 2.326 * star) * saturated - 1.006 * (t - star)) / (2501 + 1.86 * t - 4.186 * star)
    over_ice = ((2830 - 0.24 * star) * saturated - 1.006 * (t - star)) / (2830 + 1.86 * t - 2.1 * star)
    return np.asarray(np.where(star >= 0, over_water, over_ice))


def dew_point_estimate(vapour: ArrayLike) -> Array:
    """Dew point in °C by Magnus' formula (within 0.4 K from −40 to 50 °C); a start, or a quick reading."""
    log_ratio = np.log(np.maximum(np.asarray(vapour, float), 1e-3) / 611.2)
    return np.asarray(243.12 * log_ratio / (17.62 - log_ratio))


def dew_point(humidity: ArrayLike, pressure: ArrayLike) -> Array:
    """Dew point (frost point below 0 °C) by Newton's method on the saturation curve, within 0.001 K."""
    vapour = np.maximum(vapour_pressure(humidity, pressure), 1e-3)
    t = np.clip(dew_point_estimate(vapour), -99, 199)
    for _ in range(6):
        here = np.log(saturation_pressure(t))
        slope = (np.log(saturation_pressure(t + 0.01)) - here) / 0.01
        t = np.clip(t - (here - np.log(vapour)) / slope, -99, 199)
    return np.asarray(t)


def relative_humidity(dry_bulb: ArrayLike, humidity: ArrayLike, pressure: ArrayLike) -> Array:
    """Relative humidity, 0 to 1 (eq. 22 without enhancement)."""
    return np.asarray(np.minimum(vapour_pressure(humidity, pressure) / saturation_pressure(dry_bulb), 1.0))


def enthalpy(dry_bulb: ArrayLike, humidity: ArrayLike) -> Array:
    """Enthalpy of moist air in J per kg of dry air (eq. 30)."""
    t = np.asarray(dry_bulb, float)
    return np.asarray(DRY_AIR_HEAT * t + np.asarray(humidity, float) * (EVAPORATION_HEAT + VAPOUR_HEAT * t))


def density(dry_bulb: ArrayLike, humidity: ArrayLike, pressure: ArrayLike) -> Array:
    """Density of moist air in kg/m3 (eq. 26 and 9b)."""
    kelvin, w = np.asarray(dry_bulb, float) + 273.15, np.asarray(humidity, float)
    volume = DRY_AIR_GAS_CONSTANT * kelvin * (1 + 1.607858 * w) / np.asarray(pressure, float)
    return np.asarray((1 + w) / volume)


def warmed(
    dry_bulb: ArrayLike, wet: ArrayLike, pressure: ArrayLike, delta: ArrayLike, new_pressure: ArrayLike
) -> tuple[Array, Array]:
    """Dry and wet bulb after `delta` K of warming at the same relative humidity, at `new_pressure`."""
    t = np.asarray(dry_bulb, float)
    share = relative_humidity(t, humidity_ratio(t, wet, pressure), pressure)
    warmer = t + np.asarray(delta, float)
    return warmer, wet_bulb(warmer, share, new_pressure)
