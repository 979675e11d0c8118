"""Halls cooled by air: outside air, air-to-air exchangers, tunnels, and the room units of older halls."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data import psychrometrics as moist
from data.cooling.parts import (
    AIR_HEAT,
    M3_PER_H_PER_MW,
    Draw,
    Operation,
    Outdoor,
    Parameters,
    Rooms,
    blowdown,
    compressor_power,
    fan_power,
    full_heat,
    rooms_with_fans,
    water_for,
)
from data.psychrometrics import EVAPORATION_HEAT, Array


def outside_air(air: Outdoor, load: Array, p: Parameters, run: Operation) -> Draw:
    """Filtered outside air, adiabatic pads, and compressors for what the envelope does not allow.

    Outside air is mixed with return air when cold. When it is too warm or humid, the cheaper of cooling
    and drying it, or of closing the dampers and recirculating, is taken.
    """
    rooms = rooms_with_fans(air, load, p, p["pressure_outside_air"])
    rise, supply, highest = p["air_rise"], run.supply_air(p), run.highest_dew_point(p)
    mass = rooms.heat / (AIR_HEAT * rise)
    most = moist.saturation_humidity_ratio(highest, air.pressure)
    least = moist.saturation_humidity_ratio(p["dew_point_lowest"], air.pressure)

    fresh = np.clip(rise / np.maximum(supply + rise - air.dry_bulb, rise), 0.05, 1.0)
    wanted = np.maximum(air.dry_bulb - supply, 0.0)
    padded = np.zeros_like(wanted) if run.dry else _padded(air, wanted, most, p)
    damp = np.maximum(air.humidity - most, 0.0) * fresh
    condensing = air.dry_bulb + p["condenser_approach"]

    coil = mass * ((wanted - padded) * AIR_HEAT + damp * EVAPORATION_HEAT)
    evaporating = np.where(damp > 0, highest - p["coil_approach_wet"], supply - p["coil_approach"])
    open_work = _direct_expansion(coil, evaporating, condensing, p)
    closed_work = _direct_expansion(rooms.heat, supply - p["coil_approach"], condensing, p)
    closed = closed_work < open_work
    work = np.where(closed, closed_work, open_work)
    mechanical = np.where(closed, rooms.heat, coil)
    moistened = 0.0 if run.dry else np.maximum(least - air.humidity, 0.0) * fresh
    evaporated = np.where(closed, 0.0, padded * AIR_HEAT / EVAPORATION_HEAT) * blowdown(p)
    water = mass * (evaporated + moistened) * M3_PER_H_PER_MW
    return Draw(np.asarray(rooms.power + work), np.asarray(water), np.asarray(mechanical))


def _padded(air: Outdoor, wanted: Array, most: Array, p: Parameters) -> Array:
    """Cooling by pads in K: as much as is wanted, as humidity leaves room for, and as pads reach."""
    room = np.maximum(most - air.humidity, 0.0) * EVAPORATION_HEAT / AIR_HEAT
    reach = p["pad_efficiency"] * (air.dry_bulb - air.wet_bulb)
    return np.asarray(np.minimum(np.minimum(wanted, room), reach))


def _direct_expansion(heat: Array, evaporating: Array | float, condensing: Array, p: Parameters) -> Array:
    """Compressors of room or roof units, and the fans of their condensers."""
    work = compressor_power(heat, evaporating, condensing, p["carnot_share_air"], p["lowest_lift"])
    return np.asarray(work + p["condenser_fans"] * (heat + work))


def indirect_evaporative(air: Outdoor, load: Array, p: Parameters, run: Operation) -> Draw:
    """Hall air recirculates through an exchanger cooled by outside air: dry, then wet, then trim."""
    rooms = rooms_with_fans(air, load, p, p["pressure_recirculation"])
    return _exchanger(air, rooms, p, run, extra_pressure=0.0)


def cave(air: Outdoor, load: Array, p: Parameters, run: Operation) -> Draw:
    """A tunnel hall: intake air is tempered by rock on its way in, the walls take a little heat for good.

    Rock near the tunnel warms up, so it stands above the yearly mean of the ground and its share is small;
    tunnels add pressure drop. The rest of the heat leaves by indirect evaporative coolers at the portal.
    """
    rooms = rooms_with_fans(air, load, p, p["pressure_recirculation"])
    rock = air.ground + p["cave_rock_warming"]
    hall = run.supply_air(p) + p["air_rise"] / 2
    absorbed = p["cave_wall_conductance"] * np.maximum(hall - rock, 0.0)
    heat = np.maximum(rooms.heat - absorbed, 0.3 * rooms.heat)
    tempered = air.dry_bulb + p["cave_tempering"] * (rock - air.dry_bulb)
    humidity = np.minimum(air.humidity, moist.saturation_humidity_ratio(tempered, air.pressure))
    wet = moist.wet_bulb_from_humidity_ratio(tempered, humidity, air.pressure, steps=4)
    intake = replace(air, dry_bulb=tempered, wet_bulb=wet)
    return _exchanger(intake, Rooms(heat, rooms.power), p, run, p["pressure_tunnel"])


def _exchanger(air: Outdoor, rooms: Rooms, p: Parameters, run: Operation, extra_pressure: float) -> Draw:
    """The scavenger side of an indirect evaporative cooler and its trim.

    Reach is the heat the exchanger can move over the heat it must. Dry first, with fans slowed while it
    reaches further than needed; then sprays for the part that is missing; then compressors.
    """
    heat, rise, supply, most = rooms.heat, p["air_rise"], run.supply_air(p), full_heat(p)
    dry_reach, wet_reach = _reaches(air, heat / most, supply + rise, p)
    wet_reach = dry_reach if run.dry else np.maximum(wet_reach, dry_reach)
    gap = np.maximum(wet_reach - dry_reach, 1e-6)
    wet = np.where(wet_reach > dry_reach, np.clip((1 - dry_reach) / gap, 0.0, 1.0), 0.0)

    speed = np.minimum(np.maximum(dry_reach, 1.0) ** (-1 / p["exchanger_exponent_air"]), 1.0)
    scavenger = fan_power(
        heat * speed, most, rise, p["pressure_scavenger"] + extra_pressure, p["fan_efficiency"],
        air.density, p, p["scavenger_lowest_speed"],
    )  # fmt: skip
    mechanical = heat * np.maximum(1 - wet_reach, 0.0)
    leaving = np.where(wet > 0, air.wet_bulb, air.dry_bulb) + p["scavenger_rise"]
    condensing = leaving + p["condenser_approach_scavenger"]
    work = _direct_expansion(mechanical, supply - p["coil_approach"], condensing, p)
    sprayed = wet * heat * np.minimum(wet_reach, 1.0)
    water = water_for(sprayed, air.wet_bulb + p["scavenger_rise"], air, p)
    power = rooms.power + scavenger + wet * p["spray_pumps"] + work
    return Draw(np.asarray(power), np.asarray(water), np.asarray(mechanical))


def _reaches(air: Outdoor, share: Array, back: float, p: Parameters) -> tuple[Array, Array]:
    """Dry and wet reach; an exchanger that carries less air than rated is more effective."""
    ease = np.clip(share, 0.3, 1.0) ** p["exchanger_exponent"]
    dry = np.minimum(p["exchanger_dry"] / ease, 0.9) * (back - air.dry_bulb) / p["air_rise"]
    wet = np.minimum(p["exchanger_wet"] / ease, 0.95) * (back - air.wet_bulb) / p["air_rise"]
    return np.asarray(np.maximum(dry, 0.0)), np.asarray(wet)


def legacy(air: Outdoor, load: Array, p: Parameters, run: Operation) -> Draw:
    """Room units with direct expansion and air-cooled condensers; no economiser, older electrical chain."""
    rooms = rooms_with_fans(air, load, p, p["legacy_pressure"], "legacy_")
    condensing = np.maximum(air.dry_bulb + p["legacy_condenser_approach"], p["legacy_lowest_condensing"])
    evaporating = p["legacy_supply_air"] + run.supply_drift_k - p["coil_approach"]
    work = compressor_power(rooms.heat, evaporating, condensing, p["legacy_carnot_share"], p["lowest_lift"])
    power = np.asarray(rooms.power + work + p["condenser_fans"] * (rooms.heat + work))
    return Draw(power, np.zeros_like(power), np.broadcast_to(rooms.heat, power.shape))
