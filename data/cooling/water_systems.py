"""Halls cooled by water: chilled water with a free-cooling exchanger, and warm water to the chips."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.cooling.parts import (
    AIR_HEAT,
    M3_PER_H_PER_MW,
    Draw,
    Operation,
    Outdoor,
    Parameters,
    blowdown,
    compressor_power,
    electrical_losses,
    fan_power,
    full_heat,
    pump_power,
    rooms_with_fans,
    water_for,
    wetted,
)
from data.psychrometrics import EVAPORATION_HEAT, Array


def chilled_water(air: Outdoor, load: Array, p: Parameters, run: Operation) -> Draw:
    """Chilled water, a plate exchanger in series before the chillers, a cooling tower (dry: a dry cooler)."""
    most, rise = full_heat(p), p["chilled_water_rise"]
    rooms = rooms_with_fans(air, load, p, p["pressure_room_coil"])
    circulation = pump_power(rooms.heat, most, rise, p["pump_pressure_chilled"], p)
    supply = run.supply_air(p) - p["room_coil_approach"]
    plant = _water_plant(air, rooms.heat + circulation, most, supply, p, run)
    return replace(plant, power=np.asarray(rooms.power + circulation + plant.power))


def liquid(air: Outdoor, load: Array, p: Parameters, run: Operation) -> Draw:
    """Warm water to the chips and a dry cooler (pads on hot days); the other heat goes by chilled air."""
    inside, outside = electrical_losses(load, p)
    share = p["liquid_share"]
    warm = _warm_loop(air, load * share, share, p, run)

    rest, most, rise = load * (1 - share) + inside, full_heat(p) - share, p["chilled_water_rise"]
    fans = fan_power(
        rest, most, p["air_rise"], p["pressure_room_coil"], p["fan_efficiency"], air.density, p
    )  # fmt: skip
    circulation = pump_power(rest + fans, most, rise, p["pump_pressure_chilled"], p)
    supply = run.supply_air(p) - p["room_coil_approach"]
    cool = _water_plant(air, rest + fans + circulation, most, supply, p, replace(run, dry=True))
    power = load + inside + outside + warm.power + fans + circulation + cool.power
    return Draw(np.asarray(power), warm.water, np.asarray(warm.mechanical + cool.mechanical))


def _warm_loop(air: Outdoor, heat: Array, most: float, p: Parameters, run: Operation) -> Draw:
    """Pumps, dry cooler and trim chiller of the warm-water loop."""
    supply, rise = p["liquid_supply"] + run.supply_drift_k, p["liquid_rise"]
    loops = pump_power(heat, most, rise, p["pump_pressure_liquid"], p)
    warm = heat + loops
    approach = p["dry_cooler_approach"] * _ease(warm / most, p)
    coolest = air.dry_bulb if run.dry else wetted(air, p["pad_efficiency"])
    sink = np.clip(supply - approach, coolest, air.dry_bulb)
    free = np.clip((supply + rise - sink - approach) / rise, 0.0, 1.0)
    lifted = warm * (1 - free)
    condensing = sink + approach + p["condenser_approach_water"]
    work = _chillers(lifted, supply, condensing, p)
    fans = p["dry_cooler_fans"] * most * _fan_speed(supply - sink, approach, warm / most, p) ** 3
    air_mass = (warm + work) / (AIR_HEAT * p["dry_cooler_air_rise"])
    evaporated = air_mass * (air.dry_bulb - sink) * AIR_HEAT / EVAPORATION_HEAT
    water = evaporated * blowdown(p) * M3_PER_H_PER_MW
    return Draw(np.asarray(loops + work + fans), np.asarray(water), np.asarray(lifted))


def _water_plant(air: Outdoor, heat: Array, most: float, supply: float, p: Parameters, run: Operation) -> Draw:
    """Tower or dry cooler, condenser pumps and chillers: carry `heat` outdoors from water at `supply` °C."""
    rise = p["chilled_water_rise"]
    sink = air.dry_bulb if run.dry else air.wet_bulb
    approach = (p["dry_cooler_approach"] if run.dry else _tower_approach(air, p)) * _ease(heat / most, p)
    cold = sink + approach
    free_supply = supply - p["plate_approach"]
    free = np.clip((free_supply + rise - cold) / rise, 0.0, 1.0)
    lifted = heat * (1 - free)
    condensing = cold + p["condenser_water_rise"] + p["condenser_approach_water"]
    work = _chillers(lifted, supply, condensing, p)
    rejected = heat + work
    fan_share = p["dry_cooler_fans"] if run.dry else p["tower_fans"]
    fans = fan_share * most * _fan_speed(free_supply - sink, approach, heat / most, p) ** 3
    pumps = pump_power(rejected, most * 1.1, p["condenser_water_rise"], p["pump_pressure_condenser"], p)
    leaving = np.maximum(cold, free_supply) + p["condenser_water_rise"] / 2
    water = np.zeros_like(rejected) if run.dry else water_for(rejected, leaving, air, p)
    return Draw(np.asarray(work + fans + pumps), np.asarray(water), np.asarray(lifted))


def _tower_approach(air: Outdoor, p: Parameters) -> Array:
    """Approach at rated load: it widens as the wet bulb falls, since cold air takes up less moisture."""
    below = np.maximum(p["tower_design_wet_bulb"] - air.wet_bulb, 0.0)
    return np.asarray(p["tower_approach"] * (1 + p["tower_approach_slope"] * below))


def _ease(share: Array, p: Parameters) -> Array:
    """How an approach shrinks when less heat than rated leaves by the same surface."""
    return np.asarray(np.clip(share, 0.3, 1.0) ** p["tower_exponent"])


def _fan_speed(available: Array, approach: Array, share: Array, p: Parameters) -> Array:
    """Speed of tower or cooler fans: they slow down where a wider approach than the possible one will do."""
    slack = np.maximum(available, approach) / approach
    return np.asarray(np.maximum(slack ** (-1 / p["tower_exponent"]) * share, p["tower_lowest_speed"]))


def _chillers(heat: Array, supply: float, condensing: Array, p: Parameters) -> Array:
    evaporating = supply - p["evaporator_approach"]
    return compressor_power(heat, evaporating, condensing, p["carnot_share_water"], p["lowest_lift_water"])
