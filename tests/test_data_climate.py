"""Climate fields of an instance: shapes, signs, fit, options, own weather and evidence."""

import numpy as np
import pandas as pd
import pytest

from data.climate import climate, evidence_climate, fit_error, plant_cost_factor
from data.errors import BadInput
from data.evidence import sources
from data.fields import INSTANCE
from data.frame import make_setting
from data.scenario import Scenario

HERE = ("gui-an", "beijing", "shenzhen", "lhasa", "harbin", "singapore", "frankfurt", "virginia")
NEW_TYPES = ["air", "evaporative", "chilled_water", "liquid", "cave"]


def setting_of(climate_options=None, include=HERE, base=None, **others):
    options = {"name": "x", "sites": {"include": include}, "climate": climate_options or {}, **others}
    return make_setting(Scenario.model_validate(options), base)


@pytest.fixture(scope="module")
def setting():
    return setting_of()


@pytest.fixture(scope="module")
def fields(setting):
    return climate(setting)


def pue(fields, setting):
    """PUE by site, hall type and slice at each hall type's stated part load."""
    types = setting.hall_types
    load = (types["size_mw"] * types["part_load"]).to_xarray()
    return fields["overhead_power"] / load + fields["marginal_power"]


def yearly(values, setting):
    return values.weighted(setting.slices["hours"].to_xarray()).mean("slice")


def test_every_field_has_the_declared_shape_and_bounds(fields):
    owned = [
        "overhead_power", "marginal_power", "peak_overhead", "peak_marginal", "water_use", "site_station",
        "site_station_distance", "hall_size", "hall_utilisation_limit", "hall_buildable", "can_host",
    ]  # fmt: skip
    assert sorted(fields.data_vars) == sorted(owned)
    for name in owned:
        assert fields[name].dims == INSTANCE[name].dims
        if INSTANCE[name].kind == "number":
            assert np.isfinite(fields[name]).all()
            assert float(fields[name].min()) >= 0


def test_yearly_pue_of_new_halls_lies_where_new_halls_publish_it(fields, setting):
    """Gui'an: press reports 1.10 for a tunnel site and 1.20 as an upper bound for the cluster."""
    at_gui_an = yearly(pue(fields, setting), setting).sel(site="gui-an", hall_type=NEW_TYPES)
    assert float(at_gui_an.min()) > 1.05
    assert float(at_gui_an.max()) < 1.20


def test_hall_types_rank_as_their_physics_says(fields, setting):
    year = yearly(pue(fields, setting), setting)
    for site in ("gui-an", "beijing", "shenzhen"):
        here = year.sel(site=site).to_series()
        assert here["legacy"] > here["air"] > here["evaporative"]
        assert here["chilled_water"] > here["liquid"]
    air = year.sel(hall_type="air")
    assert float(air.sel(site="shenzhen")) > float(air.sel(site="gui-an")) > float(air.sel(site="frankfurt"))


def test_summer_is_the_costly_season_in_china(fields, setting):
    by_month = pue(fields, setting).groupby(setting.slices["month"].to_xarray()).mean()
    for site in ("gui-an", "beijing", "shenzhen"):
        for hall in NEW_TYPES:
            shape = by_month.sel(site=site, hall_type=hall)
            assert int(shape.idxmax("month")) in (6, 7, 8)
            assert int(shape.idxmin("month")) in (12, 1, 2)


def test_the_design_hour_is_never_cheaper_than_the_months_mean(fields, setting):
    limit = (setting.hall_types["size_mw"] * setting.hall_types["utilisation_limit"]).to_xarray()
    peak = fields["peak_overhead"] / limit + fields["peak_marginal"]
    mean = fields["overhead_power"] / limit + fields["marginal_power"]
    monthly = mean.groupby(setting.slices["month"].to_xarray()).mean()
    assert float((peak - monthly).min()) > -0.005


def test_the_affine_fit_is_exact_at_the_stated_load_and_close_around_it(setting):
    assert float(fit_error(setting, reach=0.0).max()) == pytest.approx(0, abs=1e-12)
    error = fit_error(setting, reach=0.1)
    assert float(error.mean()) < 0.005
    assert float(error.max()) < 0.010


def test_seasons_and_other_blocks_keep_the_year(setting, fields):
    coarse = setting_of(time={"resolution": "season", "block_starts": [0, 7, 19]})
    fine_year = yearly(pue(fields, setting), setting)
    np.testing.assert_allclose(fine_year, yearly(pue(climate(coarse), coarse), coarse), atol=0.001)


def test_afternoons_abroad_fall_at_night_of_the_study_clock(fields, setting):
    """Virginia's warm afternoon is 20:00–04:00 UTC+8 and its cool dawn 16:00–24:00."""
    july = pue(fields, setting).sel(hall_type="legacy", site="virginia")
    assert float(july.sel(slice="07-00")) > float(july.sel(slice="07-16"))
    july = pue(fields, setting).sel(hall_type="legacy", site="beijing")
    assert float(july.sel(slice="07-08")) > float(july.sel(slice="07-00"))


def test_dry_cooling_trades_water_for_power(fields, setting):
    dry_setting = setting_of({"dry_cooling": True})
    dry = climate(dry_setting)
    assert float(dry["water_use"].max()) == 0 < float(fields["water_use"].max())
    gained = yearly(pue(dry, dry_setting), dry_setting) - yearly(pue(fields, setting), setting)
    assert float(gained.min()) > -1e-9
    assert float(gained.sel(hall_type="chilled_water").min()) > 0.005


def test_two_degrees_of_warming_cost_power_at_every_site(fields, setting):
    warm = setting_of({"warming_delta_k": 2.0})
    gained = yearly(pue(climate(warm), warm), warm) - yearly(pue(fields, setting), setting)
    assert float(gained.min()) > 0
    assert float(gained.max()) < 0.06


def test_a_heat_wave_raises_summer_and_the_design_peak_but_not_winter(fields, setting):
    hot = climate(setting_of({"heat_wave": "china-2022"}))
    rise = pue(hot, setting) - pue(fields, setting)
    peak = hot["peak_marginal"] - fields["peak_marginal"]
    assert float(rise.sel(site="beijing", hall_type="air", slice="07-08")) > 0.005
    assert float(abs(rise.sel(site="beijing", slice="01-08")).max()) < 1e-9
    assert float(peak.sel(site="beijing", hall_type="legacy", month=7)) > 0.01


def test_the_existing_fleet_shares_the_climate_of_its_host(fields):
    fleet = fields.sel(site="existing-beijing")
    host = fields.sel(site="beijing")
    assert str(fleet["site_station"].item()) == str(host["site_station"].item())
    np.testing.assert_array_equal(fleet["marginal_power"], host["marginal_power"])


def test_dense_work_needs_dense_halls(fields):
    can = fields["can_host"].to_pandas()
    assert can.loc["ai_training", ["liquid", "chilled_water"]].all()
    assert not can.loc["ai_training", ["legacy", "air", "cave"]].any()
    assert can.loc["web"].all()


def test_plant_is_dearer_in_hot_humid_air_and_thin_air_needs_larger_fans(setting):
    factor = plant_cost_factor(setting).to_pandas()
    assert factor.loc["singapore", "evaporative"] > factor.loc["frankfurt", "evaporative"]
    assert factor.loc["lhasa", "legacy"] > factor.loc["beijing", "legacy"]
    assert ((factor > 0.5) & (factor < 1.5)).all().all()


def test_own_weather_replaces_the_station_of_a_site(tmp_path):
    hours = pd.date_range("2023-01-01", periods=8760, freq="h")
    stamps = [f"{stamp:%Y-%m-%dT%H:%M}+08:00" for stamp in hours]
    hot = pd.DataFrame({"time": stamps, "temperature": 32.0, "rh": 60.0})
    hot.to_csv(tmp_path / "hot.csv", index=False)
    chosen = {"own_weather": {"gui-an": "hot.csv", "beijing": "hot.csv"}}
    own = setting_of(chosen, base=tmp_path)
    fields = climate(own)
    assert str(fields["site_station"].sel(site="existing-beijing").item()) == "own-beijing"
    assert str(fields["site_station"].sel(site="gui-an").item()) == "own-gui-an"
    assert float(fields["site_station_distance"].sel(site="gui-an")) == 0
    value = pue(fields, own).sel(hall_type="legacy")
    assert float(value.sel(site="gui-an").min()) > float(value.sel(site="harbin").max())


def test_all_faults_of_own_weather_are_told_together(tmp_path):
    (tmp_path / "short.csv").write_text("time,temperature,rh\n2024-01-01T00:00+08:00,20,50\n")
    chosen = {"gui-an": "short.csv", "atlantis": "x.epw", "beijing": "missing.epw"}
    with pytest.raises(BadInput) as refused:
        climate(setting_of({"own_weather": chosen}, base=tmp_path))
    text = str(refused.value)
    assert all(part in text for part in ("8,760", "atlantis", "does not exist"))


def test_assumptions_can_be_moved(fields, setting):
    moved = setting_of(assumptions={"services": 0.05})
    gained = yearly(pue(climate(moved), moved), moved) - yearly(pue(fields, setting), setting)
    # 0.038 of capacity more, at a load of 0.65 (legacy 0.55)
    assert float(gained.sel(site="gui-an", hall_type="air")) == pytest.approx(0.038 / 0.65, rel=1e-6)


def test_evidence_names_station_distance_and_source_of_every_site(setting):
    rows = evidence_climate(setting)
    assert list(rows.columns) == ["site", "field", "value", "unit", "source", "evidence", "note"]
    assert set(rows["site"]) == set(setting.sites.index)
    assert set(rows["source"]) <= set(sources().index)
    gui_an = rows[(rows["site"] == "gui-an") & (rows["field"] == "site_station")].iloc[0]
    assert gui_an["value"] == "cswd-578160"
    assert "Guiyang" in gui_an["note"]
