"""The parts cooling systems are made of: electrical chain, fans, pumps, compressors, wet surfaces.

Every power is per unit of the hall's IT capacity (1 = one MW of facility per MW of IT capacity), and
`load` is the IT load on the same scale, 0 to 1. Water is m3/h per MW of IT capacity. `p` holds the named
assumptions of assumptions_climate.csv.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from data import psychrometrics as moist
from data.psychrometrics import Array

Parameters = Mapping[str, float]

AIR_HEAT = 1020.0
WATER_HEAT = 4186.0
SEA_LEVEL_DENSITY = 1.2
M3_PER_H_PER_MW = 3.6e6  # kg/J to m3/h per MW: 3600 s/h · 1e6 W/MW / 1000 kg/m3


@dataclass(frozen=True)
class Outdoor:
    """Weather around a hall: °C, °C, Pa, and the yearly mean ground temperature in °C; any common shape."""

    dry_bulb: Array
    wet_bulb: Array
    pressure: Array
    ground: Array
    humidity: Array = field(init=False)
    density: Array = field(init=False)

    def __post_init__(self) -> None:
        humidity = moist.humidity_ratio(self.dry_bulb, self.wet_bulb, self.pressure)
        object.__setattr__(self, "humidity", humidity)
        object.__setattr__(self, "density", moist.density(self.dry_bulb, humidity, self.pressure))


@dataclass(frozen=True)
class Operation:
    """How halls are run: ASHRAE envelope, drift of the supply set-point in K, and whether water is spared."""

    allowable: bool = False
    supply_drift_k: float = 0.0
    dry: bool = False

    def supply_air(self, p: Parameters) -> float:
        """Temperature of the air supplied to the racks in °C."""
        return p["supply_air_allowable" if self.allowable else "supply_air_recommended"] + self.supply_drift_k

    def highest_dew_point(self, p: Parameters) -> float:
        """Dew point above which supply air is dried, in °C."""
        return p["dew_point_allowable" if self.allowable else "dew_point_recommended"]


@dataclass(frozen=True)
class Draw:
    """Facility power, water, and the heat compressors lift: the part of the plant that design days size."""

    power: Array
    water: Array
    mechanical: Array


def electrical_losses(load: ArrayLike, p: Parameters, age: str = "") -> tuple[Array, Array]:
    """Losses inside the cooled rooms (UPS, distribution, lighting) and outside (transformers, services).

    A loss is fixed + proportional + quadratic in load: standby, semiconductors, copper.
    """
    u = np.asarray(load, float)
    ups = p[f"{age}ups_fixed"] + p[f"{age}ups_proportional"] * u + p[f"{age}ups_quadratic"] * u**2
    inside = ups + p[f"{age}distribution_quadratic"] * u**2 + p[f"{age}lighting"]
    outside = p["transformer_fixed"] + p["transformer_quadratic"] * u**2 + p["services"]
    return np.asarray(inside), np.asarray(outside)


def full_heat(p: Parameters, age: str = "") -> float:
    """Heat in the cooled rooms at full IT load; fans and pumps are sized for it."""
    return 1.0 + float(electrical_losses(1.0, p, age)[0])


@dataclass(frozen=True)
class Rooms:
    """Heat in the cooled rooms, and all power before the heat is carried outdoors."""

    heat: Array
    power: Array


def rooms_with_fans(air: Outdoor, load: Array, p: Parameters, pressure_rise: float, age: str = "") -> Rooms:
    """IT load, electrical losses and the fans that move air through the racks."""
    inside, outside = electrical_losses(load, p, age)
    lowest = p["legacy_lowest_speed"] if age else p["fan_lowest_speed"]
    fans = fan_power(
        load + inside, full_heat(p, age), p[f"{age}air_rise"], pressure_rise, p[f"{age}fan_efficiency"],
        air.density, p, lowest,
    )  # fmt: skip
    return Rooms(load + inside + fans, load + inside + outside + fans)


def fan_power(
    heat: Array,
    most_heat: float,
    temperature_rise: float,
    pressure_rise: float,
    efficiency: float,
    density: Array,
    p: Parameters,
    lowest_speed: float | None = None,
) -> Array:
    """Fans that carry `heat` with a given rise of air temperature: volume · pressure / efficiency.

    Pressure follows speed squared but for a static share, and, for the same mass flow through the same
    ducts, the inverse of density; so thin air costs twice, by volume and by pressure.
    """
    lowest = p["fan_lowest_speed"] if lowest_speed is None else lowest_speed
    speed = np.clip(np.asarray(heat) / most_heat, lowest, 1.0)
    mass = speed * most_heat / (AIR_HEAT * temperature_rise)
    static = p["fan_static_share"]
    pressure = pressure_rise * (SEA_LEVEL_DENSITY / density) * (static + (1 - static) * speed**2)
    return np.asarray(mass / density * pressure / efficiency)


def pump_power(heat: Array, most_heat: float, temperature_rise: float, pressure_kpa: float, p: Parameters) -> Array:
    """Pumps at variable speed, with a static share of the head and the lowest speed of the fans."""
    speed = np.clip(np.asarray(heat) / most_heat, p["fan_lowest_speed"], 1.0)
    mass = speed * most_heat / (WATER_HEAT * temperature_rise)
    static = p["pump_static_share"]
    return np.asarray(mass * pressure_kpa * (static + (1 - static) * speed**2) / p["pump_efficiency"])


def compressor_power(
    heat: ArrayLike, evaporating: ArrayLike, condensing: ArrayLike, carnot_share: float, lowest_lift: float
) -> Array:
    """Work to lift `heat`: Carnot's, divided by the share of it that real machines reach.

    Machines are staged, so each runs near its best load; the lift cannot fall below what oil return needs.
    """
    lift = np.maximum(np.asarray(condensing) - evaporating, lowest_lift)
    return np.asarray(np.asarray(heat) * lift / (carnot_share * (np.asarray(evaporating) + 273.15)))


def water_for(heat: ArrayLike, leaving: ArrayLike, air: Outdoor, p: Parameters) -> Array:
    """Water evaporated and blown down when `heat` leaves a wet surface in air saturated at `leaving` °C.

    The latent share follows from the moist air: Δhumidity · heat of evaporation / Δenthalpy.
    """
    hot = np.maximum(leaving, air.wet_bulb + 0.5)
    saturated = moist.saturation_humidity_ratio(hot, air.pressure)
    gained = moist.enthalpy(hot, saturated) - moist.enthalpy(air.dry_bulb, air.humidity)
    evaporated = np.maximum(saturated - air.humidity, 0.0) / np.maximum(gained, 100.0)
    return np.asarray(np.asarray(heat) * evaporated * blowdown(p) * M3_PER_H_PER_MW)


def blowdown(p: Parameters) -> float:
    """Water taken per water evaporated, so that salts do not build up."""
    return p["cycles_of_concentration"] / (p["cycles_of_concentration"] - 1)


def wetted(air: Outdoor, efficiency: float) -> Array:
    """Dry bulb behind an adiabatic pad, °C."""
    return np.asarray(air.dry_bulb - efficiency * (air.dry_bulb - air.wet_bulb))
