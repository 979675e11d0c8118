"""Units and dimensions of the contract between the rooms."""

from __future__ import annotations

import re

import pint
import pytest

from data.evidence import assumption_table
from data.fields import INSTANCE, SETS


@pytest.fixture(scope="module")
def units() -> pint.UnitRegistry:
    registry = pint.UnitRegistry()
    registry.preprocessors.append(lambda text: re.sub(r"\b([a-z]+)([23])\b", r"\1**\2", text))  # m3
    registry.define("CNY = [money]")
    registry.define("person = [people]")
    for currency in ("USD", "EUR", "GBP", "CHF", "JPY", "SGD", "AUD", "HKD", "KRW", "MYR"):
        registry.define(f"{currency} = [{currency}]")
    return registry


@pytest.mark.parametrize("name", sorted(INSTANCE))
def test_every_unit_of_a_field_is_one_pint_knows(name: str, units: pint.UnitRegistry) -> None:
    field = INSTANCE[name]
    if field.kind == "text":
        assert field.unit == ""
    else:
        units.parse_units("" if field.unit == "1" else field.unit)


def test_prices_of_energy_and_power_have_the_dimensions_they_are_multiplied_with(
    units: pint.UnitRegistry,
) -> None:
    energy_bill = units.parse_units(INSTANCE["grid_price"].unit) * units.parse_units("MWh/a")
    demand_bill = units.parse_units(INSTANCE["demand_charge"].unit) * units.parse_units("MW")
    network_bill = (
        units.parse_units(INSTANCE["network_cost"].unit)
        * units.parse_units(INSTANCE["traffic"].unit)
        * units.parse_units("MW")
    )
    water_bill = (
        units.parse_units(INSTANCE["water_price"].unit)
        * units.parse_units(INSTANCE["water_use"].unit)
        * units.parse_units("MWh/a")
    )
    a_year_of_money = units.parse_units("CNY/a").dimensionality
    assert energy_bill.dimensionality == a_year_of_money
    assert demand_bill.dimensionality == a_year_of_money
    assert water_bill.dimensionality == a_year_of_money
    assert network_bill.dimensionality == a_year_of_money


def test_a_month_of_demand_charge_is_a_twelfth_of_a_year(units: pint.UnitRegistry) -> None:
    price = units.Quantity(1.0, INSTANCE["demand_charge"].unit)
    assert price.to("CNY/MW/a").magnitude == pytest.approx(12.0)


@pytest.mark.parametrize("name", sorted(assumption_table().index))
def test_every_unit_of_an_assumption_is_one_pint_knows(name: str, units: pint.UnitRegistry) -> None:
    unit = str(assumption_table()["unit"][name])
    units.parse_units("" if unit in ("1", "nan") else unit)


def test_every_dimension_of_a_field_is_declared_with_a_meaning() -> None:
    used = {dim for field in INSTANCE.values() for dim in field.dims}
    assert used == set(SETS)
    assert all(field.meaning for field in INSTANCE.values())


def test_bounds_of_a_field_are_in_order() -> None:
    for name, field in INSTANCE.items():
        if field.lower is not None and field.upper is not None:
            assert field.lower < field.upper, name
