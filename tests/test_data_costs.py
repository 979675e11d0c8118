"""Costs of sites and halls against the published prices they start from."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.climate import plant_cost_factor
from data.costs import costs, evidence_costs, grid_step_price, published_prices
from data.errors import BadInput
from data.evidence import assumptions, read_table, sources
from data.fields import INSTANCE
from data.frame import make_setting
from data.ground import civil_cost_factor
from data.ingest.costs import rebuild
from data.scenario import Scenario

FIELDS = (
    "land_capital", "fibre_capital", "site_opex", "site_life", "hall_capital", "hall_life", "hall_opex",
    "grid_step_capital", "grid_life", "discount_rate", "water_price", "period_years", "year_weight",
)  # fmt: skip


def study(**sections):
    return make_setting(Scenario.model_validate({"name": "costs", **sections}))


@pytest.fixture(scope="module")
def setting():
    return study()


@pytest.fixture(scope="module")
def instance(setting):
    return costs(setting)


def test_every_field_has_its_declared_dimensions_and_a_value_everywhere(instance):
    for name in FIELDS:
        assert instance[name].dims == INSTANCE[name].dims, name
        assert np.isfinite(instance[name]).all(), name
        assert (instance[name] >= 0).all(), name


def test_the_mainland_price_is_7_11_usd_per_w_in_yuan():
    values = assumptions({})
    assert published_prices("construction", values)["Chinese mainland"] == pytest.approx(7.11 * 7.14)


def test_a_hall_in_beijing_costs_the_published_price_but_for_hazard_and_climate(setting, instance):
    """12 MW at 7.11 USD/W: 30 % civil × hazards, 46.9 % electrical, 23.1 % cooling × design day."""
    civil = civil_cost_factor(setting).sel(site="beijing").item()
    plant = plant_cost_factor(setting).sel(site="beijing", hall_type="chilled_water").item()
    expected = 8e6 * 7.11 * 7.14 * (0.3 * civil + 0.7 * 0.67 + 0.7 * 0.33 * plant) * 0.995  # trend to 2026
    found = instance["hall_capital"].sel(site="beijing", hall_type="chilled_water", period=2026).item()
    assert found == pytest.approx(expected)


def test_an_ai_hall_costs_7_to_10_percent_more_than_the_reference_as_published(setting):
    rows = read_table("costs_hall_types.csv", "id")[["civil_factor", "electrical_factor", "cooling_factor"]]
    weights = np.array([0.3, 0.7 * 0.67, 0.7 * 0.33])
    assert rows.loc["chilled_water"] @ weights == pytest.approx(1.0)
    assert 1.07 <= rows.loc["liquid"] @ weights <= 1.10


def test_tunnelling_raises_a_cave_hall_by_its_premium_per_mw(instance):
    """5 MW · 1 MCNY/MW · price level 0.9 at Gui'an · rock factor, times the trend to 2026."""
    from data.ground import tunnel_cost_factor

    dearer = study(assumptions={"costs_cave_tunnelling_cny_per_mw": 5.4e6})
    rock = tunnel_cost_factor(dearer).sel(site="gui-an").item()
    at = {"site": "gui-an", "hall_type": "cave", "period": 2026}
    rise = costs(dearer)["hall_capital"].sel(at).item() - instance["hall_capital"].sel(at).item()
    assert rise == pytest.approx(5 * 1e6 * 0.9 * rock * 0.995)


def test_land_and_works_of_gui_an_add_up(instance):
    """60,000 m2 at 300 CNY, and 30 MCNY of works at 0.9 of the mainland's price."""
    assert instance["land_capital"].sel(site="gui-an").item() == pytest.approx(60_000 * 300 + 30e6 * 0.9)


def test_a_grid_step_follows_the_published_european_price():
    """188.6 EUR2020/kW · 1.25 · 7.92 CNY/EUR at 7.11/11.6 of the price level, for 40 MW."""
    expected = 188.6 * 1e3 * 1.25 * 7.92 * 7.11 / 11.6 * 40
    assert grid_step_price(assumptions({})) == pytest.approx(expected)


def test_the_order_of_markets_is_the_published_one(instance):
    price = instance["hall_capital"].sel(hall_type="chilled_water", period=2026)
    dear_to_cheap = ["tokyo", "singapore", "san-jose", "london", "kuala-lumpur", "gui-an"]
    found = [price.sel(site=site).item() for site in dear_to_cheap]
    assert found == sorted(found, reverse=True)


def test_earthquakes_are_not_charged_twice_where_the_price_is_the_city_s_own(setting, instance):
    """San José: 13.3 USD/W with Californian design in it; only the design day moves the price."""
    plant = plant_cost_factor(setting).sel(site="san-jose", hall_type="chilled_water").item()
    expected = 8e6 * 13.3 * 7.14 * (0.3 + 0.7 * 0.67 + 0.7 * 0.33 * plant) * 0.995
    found = instance["hall_capital"].sel(site="san-jose", hall_type="chilled_water", period=2026).item()
    assert civil_cost_factor(setting).sel(site="san-jose") > 1.0
    assert found == pytest.approx(expected)


def test_an_existing_fleet_pays_no_land_and_its_old_halls_cost_more_upkeep(instance):
    fleet = instance.sel(site="existing-guizhou")
    assert fleet["land_capital"] == fleet["fibre_capital"] == 0
    per_mw = instance["hall_opex"].sel(site="guiyang") / [10, 10, 12, 16, 8, 5]
    assert per_mw.sel(hall_type="legacy") == per_mw.max()


def test_liquid_halls_become_cheaper_faster_than_others(instance):
    last = instance["hall_capital"].sel(site="gui-an", period=2034) / instance["hall_capital"].sel(
        site="gui-an", period=2026
    )
    assert last.sel(hall_type="liquid").item() == pytest.approx(0.985**8)
    assert last.sel(hall_type="air").item() == pytest.approx(0.995**8)


def test_a_scenario_moves_prices_by_name(instance):
    chosen = {
        "hall_price_multiplier": {"cave": 1.5}, "site_capital_multiplier": {"*": 2.0},
        "land_cny_per_m2": {"gui-an": 0.0}, "water_cny_per_m3": {"gui-an": 7.0},
    }  # fmt: skip
    moved = costs(study(costs=chosen))
    ratio = (moved["hall_capital"] / instance["hall_capital"]).sel(site="zunyi", period=2026)
    assert ratio.sel(hall_type="cave").item() == pytest.approx(1.5)
    assert ratio.sel(hall_type="air").item() == pytest.approx(1.0)
    assert moved["land_capital"].sel(site="gui-an").item() == pytest.approx(2 * 30e6 * 0.9)
    assert moved["water_price"].sel(site="gui-an").item() == 7.0


def test_unknown_names_are_all_refused_at_once():
    chosen = {"hall_price_multiplier": {"caves": 1.5}, "land_cny_per_m2": {"guian": 1.0}}
    with pytest.raises(BadInput) as refused:
        costs(study(costs=chosen))
    assert len(refused.value.faults) == 2
    assert "cave" in str(refused.value)
    assert "gui-an" in str(refused.value)


def test_evidence_covers_every_site_and_cites_known_sources(setting):
    table = evidence_costs(setting)
    assert set(table["site"]) == {*setting.sites.index, "*"}
    assert set(table["source"]) <= {*sources().index, "scenario"}
    halls = table[table["field"] == "hall_capital"].set_index(["site", "note"])["evidence"]
    assert set(halls.loc["frankfurt"]) == {"derived"}
    assert set(halls.loc["gui-an"]) == {"estimated"}


def test_every_embedded_site_and_hall_type_has_a_cost_row():
    assert set(read_table("costs_sites.csv")["id"]) == set(read_table("sites.csv")["id"])
    assert set(read_table("costs_hall_types.csv")["id"]) == set(read_table("hall_types.csv")["id"])


def test_published_prices_are_rebuilt_byte_for_byte(tmp_path: Path):
    """From a synthetic folder in the shape of the raw files."""
    from data.ingest.costs import CONSTRUCTION, LAND, TECHNOLOGY

    rows = [(place, "construction", 9.5, "USD/W", year) for place, (year, _) in CONSTRUCTION.items()]
    rows += [(place, "land", 800, "USD/m2", year) for place, (year, _) in LAND.items()]
    (tmp_path / "costs").mkdir()
    prices = pd.DataFrame(rows, columns=["market", "metric", "mid", "unit", "year"])
    prices.to_csv(tmp_path / "costs" / "published_dc_costs.csv", index=False)
    technology = [(*key, 188.6002) for key in TECHNOLOGY]
    pd.DataFrame(technology, columns=["technology", "parameter", "value"]).to_csv(
        tmp_path / "costs" / "pypsa_technology_data_costs_2025.csv", index=False
    )
    written = []
    for _ in range(2):
        rebuild(tmp_path, tmp_path)
        written.append((tmp_path / "costs_published.csv").read_bytes())
    assert written[0] == written[1]
    lines = written[0].decode().splitlines()
    assert lines[1] == "construction,Chinese mainland,9.5,USD/W,2025,costs-cw-2025,published"
    assert len(lines) == 1 + len(CONSTRUCTION) + len(LAND) + len(TECHNOLOGY)
