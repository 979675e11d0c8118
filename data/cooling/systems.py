"""Cooling systems assembled from parts; each takes weather, load, named assumptions and way of running."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from data import psychrometrics as moist
from data.cooling.parts import (
    AIR_HEAT, M3_PER_H_PER_MW, Draw, Operation, Outdoor, Parameters, compressor_power, electrical_losses,
    fan_power, full_heat, pump_power, water_for, wetted,
)
from data.psychrometrics import EVAPORATION_HEAT, Array

System = Callable[[Outdoor, Array, Parameters, Operation], Draw]


def facility(system: str, air: Outdoor, load: ArrayLike, p: Parameters, run: Operation) -> Draw:
    """Draw of a hall with the named system at IT load 0–1 of its capacity, per unit of that capacity.

    `air` and `load` broadcast. KeyError when the system is not in SYSTEMS.
    """
    return SYSTEMS[system](air, np.asarray(load, float), p, run)


def outside_air(air: Outdoor, load: Array, p: Parameters, run: Operation) -> Draw:
    """Filtered outside air, adiabatic pads, and compressors for what the envelope does not allow.

    Outside air is mixed with return air when cold. When it is too warm or humid, the cheaper of cooling and
    drying it, or of closing the dampers and recirculating, is taken.
    """
    inside, outside = electrical_losses(load, p)
    rise, supply, highest = p["air_rise"], run.supply_air(p), run.highest_dew_point(p)
    fans = fan_power(load + inside, full_heat(p), rise, p["pressure_outside_air"], p["fan_efficiency"], air.density, p)
    heat = load + inside + fans
    mass = heat / (AIR_HEAT * rise)
    most = moist.saturation_humidity_ratio(highest, air.pressure)
    least = moist.saturation_humidity_ratio(p["dew_point_lowest"], air.pressure)

    fresh = np.clip(rise / np.maximum(supply + rise - air.dry_bulb, rise), 0.05, 1.0)
    wanted = np.maximum(air.dry_bulb - supply, 0.0)
    room = np.maximum(most - air.humidity, 0.0) * EVAPORATION_HEAT / AIR_HEAT
    reach = p["pad_efficiency"] * (air.dry_bulb - air.wet_bulb)
    padded = np.zeros_like(wanted) if run.dry else np.minimum(np.minimum(wanted, room), reach)
    damp = np.maximum(air.humidity - most, 0.0) * fresh
    cooled = np.minimum((wanted - padded) * AIR_HEAT + damp * EVAPORATION_HEAT, rise * AIR_HEAT)
    closed = cooled >= rise * AIR_HEAT
    dried = (damp > 0) & ~closed

    mechanical = mass * cooled
    evaporating = np.where(dried, highest, supply) - p["coil_approach"]
    evaporating = np.where(dried, highest - p["coil_approach_wet"], supply - p["coil_approach"])
    work = compressor_power(mechanical, evaporating, air.dry_bulb + p["condenser_approach"],
                            p["carnot_share_air"], p["lowest_lift"])
    rejected = p["condenser_fans"] * (mechanical + work)
    moistened = 0.0 if run.dry else np.maximum(least - air.humidity, 0.0) * fresh
    water = mass * (np.where(closed, 0.0, padded * AIR_HEAT / EVAPORATION_HEAT) * _blowdown(p) + moistened)
    power = load + inside + outside + fans + work + rejected
    return Draw(np.asarray(power), np.asarray(water * M3_PER_H_PER_MW), np.asarray(mechanical))


def indirect_evaporative(air: Outdoor, load: Array, p: Parameters, run: Operation) -> Draw:
    """Hall air recirculates through an air-to-air exchanger; scavenger air cools it dry, then wet, then by trim.

    Scavenger fans slow down while the exchanger has more reach than the load needs.
    """
    inside, outside = electrical_losses(load, p)
    fans = fan_power(load + inside, full_heat(p), p["air_rise"], p["pressure_recirculation"], p["fan_efficiency"],
                     air.density, p)
    return _exchanger(air, load, load + inside + fans, load + inside + outside + fans, p, run, 0.0)


def _exchanger(
    air: Outdoor, load: Array, heat: Array, power: Array, p: Parameters, run: Operation, extra_pressure: float
) -> Draw:
    """The scavenger side of an indirect evaporative cooler, and its trim, on top of `power` so far."""
    rise, supply = p["air_rise"], run.supply_air(p)
    back = supply + rise
    ratio = np.clip(heat / full_heat(p), 0.3, 1.0) ** p["exchanger_exponent"]
    dry_reach = np.minimum(p["exchanger_dry"] / ratio, 0.9) * (back - air.dry_bulb) / rise
    wet_reach = np.minimum(p["exchanger_wet"] / ratio, 0.95) * (back - air.wet_bulb) / rise
    dry_reach = np.maximum(dry_reach, 0.0)
    wet_reach = dry_reach if run.dry else np.maximum(wet_reach, dry_reach)

    wet = np.clip((1 - dry_reach) / np.maximum(wet_reach - dry_reach, 1e-6), 0, 1) * (wet_reach > dry_reach)
    speed = np.clip(dry_reach, 1.0, None) ** (-1 / p["exchanger_exponent_air"])
    scavenger = fan_power(heat * np.minimum(speed, 1.0), full_heat(p), rise, p["pressure_scavenger"] + extra_pressure,
                          p["fan_efficiency"], air.density, p, p["scavenger_lowest_speed"])
    spray = wet * p["spray_pumps"]
    mechanical = heat * np.maximum(1 - wet_reach, 0.0)
    leaving = np.where(wet > 0, air.wet_bulb, air.dry_bulb) + p["scavenger_rise"]
    work = compressor_power(mechanical, supply - p["coil_approach"], leaving + p["condenser_approach_scavenger"],
                            p["carnot_share_air"], p["lowest_lift"])
    evaporating_heat = wet * np.minimum(heat, heat * wet_reach)
    water = water_for(evaporating_heat, air.wet_bulb + p["scavenger_rise"], air, p)
    total = power + scavenger + spray + work + p["condenser_fans"] * (mechanical + work)
    return Draw(np.asarray(total), np.asarray(water), np.asarray(mechanical))


def cave(air: Outdoor, load: Array, p: Parameters, run: Operation) -> Draw:
    """A tunnel hall: intake air is tempered by rock on its way in, the walls take a little heat for good.

    Rock near the tunnel warms up, so it stands above the yearly mean of the ground and its share is small;
    tunnels add pressure drop. The heat that remains leaves through indirect evaporative coolers at the portal.
    """
    inside, outside = electrical_losses(load, p)
    fans = fan_power(load + inside, full_heat(p), p["air_rise"], p["pressure_recirculation"], p["fan_efficiency"],
                     air.density, p)
    rock = air.ground + p["cave_rock_warming"]
    absorbed = p["cave_wall_conductance"] * np.maximum(run.supply_air(p) + p["air_rise"] / 2 - rock, 0.0)
    heat = np.maximum(load + inside + fans - absorbed, 0.3 * (load + inside))
    tempered = air.dry_bulb + p["cave_tempering"] * (rock - air.dry_bulb)
    humidity = np.minimum(air.humidity, moist.saturation_humidity_ratio(tempered, air.pressure))
    wet = moist.wet_bulb_from_humidity_ratio(tempered, humidity, air.pressure, steps=4)
    intake = replace(air, dry_bulb=tempered, wet_bulb=wet)
    return _exchanger(intake, load, heat, load + inside + outside + fans, p, run, p["pressure_tunnel"])


def chilled_water(air: Outdoor, load: Array, p: Parameters, run: Operation) -> Draw:
    """Chilled water with a plate exchanger in series before the chillers, and a cooling tower (dry: a dry cooler)."""
    inside, outside = electrical_losses(load, p)
    most = full_heat(p)
    fans = fan_power(load + inside, most, p["air_rise"], p["pressure_room_coil"], p["fan_efficiency"], air.density, p)
    heat = load + inside + fans
    circulation = pump_power(heat, most, p["chilled_water_rise"], p["pump_pressure_chilled"], p)
    heat = heat + circulation
    supply = run.supply_air(p) - p["room_coil_approach"]
    plant = _water_plant(air, heat, most, supply, p["chilled_water_rise"], p, run)
    return replace(plant, power=load + inside + outside + fans + circulation + plant.power)


def _water_plant(
    air: Outdoor, heat: Array, most: float, supply: float, rise: float, p: Parameters, run: Operation
) -> Draw:
    """Tower or dry cooler, condenser pumps and chillers that bring `heat` from water at `supply` °C outdoors."""
    share = np.clip(heat / most, 0.3, 1.0)
    if run.dry:
        sink, approach = air.dry_bulb, np.full_like(air.dry_bulb, p["dry_cooler_approach"])
    else:
        sink = air.wet_bulb
        approach = p["tower_approach"] * (1 + p["tower_approach_slope"] * np.maximum(p["tower_design_wet_bulb"] - sink, 0))
    approach = approach * share ** p["tower_exponent"]
    cold = sink + approach
    full_free = supply - p["plate_approach"]
    free = np.clip((full_free + rise - cold) / rise, 0.0, 1.0)
    mechanical = heat * (1 - free)
    condensing = cold + p["condenser_water_rise"] + p["condenser_approach_water"]
    work = compressor_power(mechanical, supply - p["evaporator_approach"], condensing,
                            p["carnot_share_water"], p["lowest_lift_water"])
    rejected = heat + work
    slack = np.maximum(full_free - sink, approach) / approach
    speed = np.maximum(slack ** (-1 / p["tower_exponent"]) * share, p["tower_lowest_speed"])
    tower_fans = p["dry_cooler_fans" if run.dry else "tower_fans"] * most * speed**3
    pumps = pump_power(rejected, most * 1.1, p["condenser_water_rise"], p["pump_pressure_condenser"], p)
    leaving = np.maximum(cold, full_free) + p["condenser_water_rise"] / 2
    water = np.zeros_like(rejected) if run.dry else water_for(rejected, leaving, air, p)
    return Draw(np.asarray(work + tower_fans + pumps), np.asarray(water), np.asarray(mechanical))


def liquid(air: Outdoor, load: Array, p: Parameters, run: Operation) -> Draw:
    """Warm water to the chips and a dry cooler (pads on hot days); the rest of the heat goes by chilled air."""
    inside, outside = electrical_losses(load, p)
    share, most = p["liquid_share"], full_heat(p)
    warm = load * share
    supply, rise = p["liquid_supply"] + run.supply_drift_k, p["liquid_rise"]
    loops = pump_power(warm, share, rise, p["pump_pressure_liquid"], p)
    warm = warm + loops
    approach = p["dry_cooler_approach"] * np.clip(warm / share, 0.3, 1.0) ** p["tower_exponent"]
    sink = air.dry_bulb if run.dry else np.where(air.dry_bulb + approach > supply, wetted(air, p["pad_efficiency"]), air.dry_bulb)
    free = np.clip((supply + rise - sink - approach) / rise, 0.0, 1.0)
    lifted = warm * (1 - free)
    work = compressor_power(lifted, supply - p["evaporator_approach"], sink + approach + p["condenser_approach_water"],
                            p["carnot_share_water"], p["lowest_lift_water"])
    slack = np.maximum(supply - sink, approach) / approach
    speed = np.maximum(slack ** (-1 / p["tower_exponent"]) * warm / share, p["tower_lowest_speed"])
    coolers = p["dry_cooler_fans"] * share * speed**3
    moved = (warm + work) / (AIR_HEAT * p["dry_cooler_air_rise"])
    water = moved * (air.dry_bulb - sink) * AIR_HEAT / EVAPORATION_HEAT * _blowdown(p) * M3_PER_H_PER_MW

    rest, rest_most = load * (1 - share) + inside, most - share
    fans = fan_power(rest, rest_most, p["air_rise"], p["pressure_room_coil"], p["fan_efficiency"], air.density, p)
    circulation = pump_power(rest + fans, rest_most, p["chilled_water_rise"], p["pump_pressure_chilled"], p)
    cool = _water_plant(air, rest + fans + circulation, rest_most, run.supply_air(p) - p["room_coil_approach"],
                        p["chilled_water_rise"], p, replace(run, dry=True))
    power = load + inside + outside + loops + work + coolers + fans + circulation + cool.power
    return Draw(np.asarray(power), np.asarray(water), np.asarray(lifted + cool.mechanical))


def legacy(air: Outdoor, load: Array, p: Parameters, run: Operation) -> Draw:
    """Room units with direct expansion and air-cooled condensers, no economiser, electrical chain of its age."""
    inside, outside = electrical_losses(load, p, "legacy_")
    most = full_heat(p, "legacy_")
    fans = fan_power(load + inside, most, p["legacy_air_rise"], p["legacy_pressure"], p["legacy_fan_efficiency"],
                     air.density, p, p["legacy_lowest_speed"])
    heat = load + inside + fans
    condensing = np.maximum(air.dry_bulb + p["legacy_condenser_approach"], p["legacy_lowest_condensing"])
    evaporating = p["legacy_supply_air"] + run.supply_drift_k - p["coil_approach"]
    work = compressor_power(heat, evaporating, condensing, p["legacy_carnot_share"], p["lowest_lift"])
    power = load + inside + outside + fans + work + p["condenser_fans"] * (heat + work)
    return Draw(np.asarray(power), np.zeros_like(power), np.asarray(heat + 0 * power))


def _blowdown(p: Parameters) -> float:
    return p["cycles_of_concentration"] / (p["cycles_of_concentration"] - 1)


SYSTEMS: dict[str, System] = {
    "air": outside_air,
    "evaporative": indirect_evaporative,
    "chilled_water": chilled_water,
    "liquid": liquid,
    "cave": cave,
    "legacy": legacy,
}
