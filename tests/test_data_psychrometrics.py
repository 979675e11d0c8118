"""Moist air against published points of the ASHRAE Handbook of Fundamentals (2017), chapter 1."""

import numpy as np
import pytest

from data import psychrometrics as air


def test_saturation_pressure_matches_table_3_within_300_ppm():
    temperature = [-20, -5, 5, 25, 50, 100, 150]
    published = [103.24, 401.74, 872.6, 3169.7, 12351.3, 101418.0, 476101.4]
    np.testing.assert_allclose(air.saturation_pressure(temperature), published, rtol=3e-4)


def test_saturated_humidity_ratio_matches_table_2_within_one_percent():
    published = {-20: 0.0006373, -5: 0.0024863, 5: 0.005425, 25: 0.020173, 50: 0.086863}
    computed = air.saturation_humidity_ratio(list(published), 101325.0)
    np.testing.assert_allclose(computed, list(published.values()), rtol=0.01)


def test_pressure_of_altitude_matches_table_1():
    computed = air.standard_pressure([-500, 0, 500, 1000, 4000, 10000])
    np.testing.assert_allclose(computed, [107478, 101325, 95461, 89875, 61640, 26436], atol=1)


def test_example_1_of_the_handbook():
    """40 °C dry and 20 °C wet bulb at sea level: W 0.0065, dew point 7 °C, 14 %, 56.7 kJ/kg, 0.896 m3/kg."""
    w = air.humidity_ratio(40, 20, 101325)
    assert w == pytest.approx(0.0065, abs=1e-4)
    assert air.dew_point(w, 101325) == pytest.approx(7, abs=0.5)
    assert air.relative_humidity(40, w, 101325) == pytest.approx(0.14, abs=0.01)
    assert air.enthalpy(40, w) == pytest.approx(56_700, abs=100)
    assert (1 + w) / air.density(40, w, 101325) == pytest.approx(0.896, rel=0.01)


def test_humidity_ratio_above_and_below_freezing_at_500_m():
    assert air.humidity_ratio(30, 25, 95461) == pytest.approx(0.0192281274, rel=3e-4)
    assert air.humidity_ratio(-1, -5, 95461) == pytest.approx(0.0012039982, rel=3e-4)


def test_wet_bulb_of_a_published_point():
    assert air.wet_bulb(7, 0.61, 100000) == pytest.approx(3.9267, abs=0.004)


def test_wet_bulb_undoes_humidity_ratio_everywhere():
    levels = [61640, 85000, 101325]
    dry, share, pressure = np.meshgrid(np.arange(-30, 46, 2.5), np.arange(0, 1.01, 0.1), levels)
    w = share * air.saturation_humidity_ratio(dry, pressure)
    wet = air.wet_bulb_from_humidity_ratio(dry, w, pressure)
    np.testing.assert_allclose(air.humidity_ratio(dry, wet, pressure), w, rtol=1e-4, atol=2e-7)


def test_saturated_air_has_equal_bulbs_and_dry_air_a_lower_wet_bulb_at_altitude():
    assert air.wet_bulb(20, 1.0, 101325) == pytest.approx(20, abs=0.01)
    assert air.wet_bulb(20, 0.3, 85000) < air.wet_bulb(20, 0.3, 101325)


def test_dew_point_returns_the_temperature_of_saturation():
    temperature = np.arange(-40, 41, 5.0)
    ratio = air.saturation_humidity_ratio(temperature, 90000.0)
    np.testing.assert_allclose(air.dew_point(ratio, 90000.0), temperature, atol=0.001)


def test_warming_keeps_relative_humidity_and_raises_both_bulbs():
    dry, wet = air.warmed(25.0, 20.0, 90000.0, 2.0, 90000.0)
    before = air.relative_humidity(25.0, air.humidity_ratio(25.0, 20.0, 90000.0), 90000.0)
    after = air.relative_humidity(dry, air.humidity_ratio(dry, wet, 90000.0), 90000.0)
    assert dry == 27.0
    assert wet > 20.0
    assert after == pytest.approx(before, abs=1e-4)


@pytest.mark.parametrize("bad", [lambda: air.saturation_pressure(250), lambda: air.wet_bulb(20, 60, 101325)])
def test_values_outside_the_formula_are_refused(bad):
    with pytest.raises(ValueError, match=r"200|percentage"):
        bad()
