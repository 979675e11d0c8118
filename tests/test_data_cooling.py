"""Cooling systems: parts by hand calculation, systems by the direction physics demands."""

import numpy as np
import pytest

from data.cooling import SYSTEMS, Operation, Outdoor, facility
from data.cooling.parts import compressor_power, electrical_losses, fan_power, pump_power, water_for
from data.evidence import assumption_table
from data.psychrometrics import standard_pressure, wet_bulb

P = {str(name): float(value) for name, value in assumption_table()["value"].items()}
BUILT_TODAY = [name for name in SYSTEMS if name != "legacy"]
SEA_LEVEL = 101_325.0


def weather(dry_bulb, humidity=0.6, pressure=SEA_LEVEL, ground=16.0):
    dry = np.atleast_1d(np.asarray(dry_bulb, float))
    wet = wet_bulb(dry, humidity, pressure)
    return Outdoor(dry, wet, np.full_like(dry, pressure), np.full_like(dry, ground))


def pue(system, air, load=0.65, p=P, run=None):
    return facility(system, air, load, p, run or Operation()).power / load


def test_a_compressor_needs_carnots_work_over_its_share_of_it():
    """1 MW lifted by 20 K from 10 °C at half of Carnot: 20 / (0.5 · 283.15) MW."""
    assert compressor_power(1.0, 10.0, 30.0, 0.5, 5.0) == pytest.approx(20 / (0.5 * 283.15))


def test_a_compressor_never_runs_below_its_lowest_lift():
    assert compressor_power(1.0, 10.0, 12.0, 0.5, 15.0) == compressor_power(1.0, 10.0, 25.0, 0.5, 15.0)


def test_a_fan_needs_volume_times_pressure_over_efficiency():
    """1 W of heat at 12 K rise is 1 / (1020 · 12) kg/s; 450 Pa, 65 %, 1.2 kg/m3."""
    power = fan_power(np.array(1.0), 1.0, 12.0, 450.0, 0.65, np.array(1.2), P)
    assert power == pytest.approx(1 / (1020 * 12) / 1.2 * 450 / 0.65)


def test_a_fan_at_part_load_follows_the_cube_but_for_its_static_share():
    full, part = (fan_power(np.array(h), 1.0, 12.0, 450.0, 0.65, np.array(1.2), P) for h in (1.0, 0.8))
    static = P["fan_static_share"]
    assert part / full == pytest.approx(0.8 * (static + (1 - static) * 0.8**2))


def test_thin_air_costs_fans_by_volume_and_by_pressure():
    dense, thin = (fan_power(np.array(1.0), 1.0, 12.0, 450.0, 0.65, np.array(d), P) for d in (1.2, 0.8))
    assert thin / dense == pytest.approx((1.2 / 0.8) ** 2)


def test_a_pump_needs_flow_times_head_over_efficiency():
    """1 W at 5 K is 1 / (4186 · 5) kg/s; 180 kPa is 180 J/kg."""
    power = pump_power(np.array(1.0), 1.0, 5.0, 180.0, P)
    assert power == pytest.approx(1 / (4186 * 5) * 180 / P["pump_efficiency"])


def test_a_tower_in_summer_loses_most_heat_by_evaporation():
    """All latent would be 3600 MJ / 2.45 MJ/kg = 1.47 m3 per MWh, times 5/4 of blow-down."""
    water = water_for(np.array(1.0), np.array(30.0), weather(30.0), P)
    cycles = P["cycles_of_concentration"] / (P["cycles_of_concentration"] - 1)
    assert 0.75 * 1.47 * cycles < water[0] < 1.47 * cycles


def test_electrical_losses_stay_in_the_published_range_at_the_stated_load():
    inside, outside = electrical_losses(0.65, P)
    assert 0.01 < (inside + outside) / 0.65 < 0.10


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system_gives_finite_power_above_the_it_load_everywhere(system):
    dry, humidity, load = np.meshgrid(np.arange(-30, 46, 5.0), [0.1, 0.5, 1.0], [0.2, 0.65, 1.0])
    wet = wet_bulb(dry, humidity, 75_000.0)
    air = Outdoor(dry, wet, np.full_like(dry, 75_000.0), np.full_like(dry, 10.0))
    draw = facility(system, air, load, P, Operation())
    assert np.isfinite(draw.power).all()
    assert (draw.power > load).all()
    assert (draw.water >= 0).all()
    assert ((draw.mechanical >= 0) & (draw.mechanical < 2)).all()


@pytest.mark.parametrize("system", SYSTEMS)
def test_hotter_and_as_humid_air_never_costs_less(system):
    values = pue(system, weather(np.arange(-10, 43, 1.0)))
    assert (np.diff(values) > -1e-3).all()
    assert values[-1] > values[10]


@pytest.mark.parametrize("system", BUILT_TODAY)
def test_dry_cooling_trades_water_for_power(system):
    air = weather(np.arange(0, 42, 1.0), humidity=0.4)
    wet, dry = (facility(system, air, 0.65, P, Operation(dry=flag)) for flag in (False, True))
    assert dry.water.max() == 0 < wet.water.max()
    assert (dry.power >= wet.power - 1e-9).all()
    assert dry.power.mean() > wet.power.mean()


@pytest.mark.parametrize("system", BUILT_TODAY)
def test_the_allowable_envelope_never_costs_more(system):
    air = weather(np.arange(0, 42, 1.0))
    assert (pue(system, air, run=Operation(allowable=True)) <= pue(system, air) + 1e-9).all()


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_warmer_supply_set_point_saves_in_summer(system):
    air = weather(33.0, humidity=0.7)
    assert pue(system, air, run=Operation(supply_drift_k=2.0))[0] < pue(system, air)[0]


@pytest.mark.parametrize("system", ["air", "evaporative", "cave", "legacy"])
def test_the_same_weather_at_3600_m_costs_more_fan_power(system):
    high = weather(5.0, pressure=float(standard_pressure(3600)))
    assert pue(system, high)[0] > pue(system, weather(5.0))[0]


def test_humid_air_hurts_outside_air_more_than_an_exchanger():
    dry, humid = weather(28.0, humidity=0.3), weather(28.0, humidity=0.85)
    extra = {system: pue(system, humid)[0] - pue(system, dry)[0] for system in ("air", "evaporative")}
    assert extra["air"] > 2 * extra["evaporative"] > 0


def test_a_cave_without_rock_is_an_indirect_evaporative_hall():
    bare = P | {"cave_tempering": 0.0, "cave_wall_conductance": 0.0, "pressure_tunnel": 0.0}
    air = weather(np.arange(-10, 40, 2.0))
    np.testing.assert_allclose(pue("cave", air, p=bare), pue("evaporative", air, p=bare), atol=1e-4)


def test_rock_helps_a_cave_on_the_hottest_day_and_less_where_the_ground_is_warm():
    still = P | {"pressure_tunnel": 0.0}
    hot = weather(38.0, humidity=0.5, ground=14.0)
    warm_ground = weather(38.0, humidity=0.5, ground=24.0)
    assert pue("cave", hot, p=still)[0] < pue("cave", warm_ground, p=still)[0] < pue("evaporative", hot)[0]


def test_free_cooling_stops_the_chillers_when_it_is_cold():
    assert facility("chilled_water", weather(0.0), 0.65, P, Operation()).mechanical[0] == 0
    assert facility("chilled_water", weather(32.0, 0.8), 0.65, P, Operation()).mechanical[0] > 0.65


def test_an_old_hall_costs_much_more_than_any_new_one():
    air = weather(np.arange(-5, 35, 1.0))
    assert pue("legacy", air).mean() > max(pue(system, air).mean() for system in BUILT_TODAY) + 0.2


def test_an_unknown_system_is_an_error():
    with pytest.raises(KeyError, match="magic"):
        facility("magic", weather(20.0), 0.5, P, Operation())


def test_every_assumption_lies_in_its_range_and_is_sourced():
    table = assumption_table().query("part == 'climate'")
    assert ((table["low"] <= table["value"]) & (table["value"] <= table["high"])).all()
    assert table[["unit", "evidence", "source", "meaning"]].notna().all().all()
