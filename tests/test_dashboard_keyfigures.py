"""The figures on the cards of the brief, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import xarray as xr

from dashboard.keyfigures import capital_by_period, key_figures
from model.runs import open_run, save_run
from tests.test_model_runs import EVENTS, STUDY


def test_key_figures_add_up_by_hand(tmp_path: Path, world: xr.Dataset, plan: xr.Dataset) -> None:
    run = open_run(save_run(tmp_path / "one", STUDY, world, plan, EVENTS))
    figures = key_figures(run)
    weight = world["year_weight"].values
    kw_months = ((15 + 0 + 20) * weight[0] + (30 + 12 + 16) * weight[1]) * 12_000
    assert figures.kw_month == pytest.approx(2_465e6 / kw_months)
    assert figures.saving_possible == pytest.approx(5e6)
    assert figures.carbon_g_per_kwh == pytest.approx(400)  # 0.4 t per MWh of IT
    assert figures.water_m3_per_mwh == pytest.approx(0.5)
    # New in 2028: 1 + 1 halls at site-0, 2 at site-1, which also opens.
    hall = world["hall_capital"]
    expected = (
        float(hall.sel(site="site-0", hall_type="type-0", period=2028))
        + float(hall.sel(site="site-0", hall_type="type-1", period=2028))
        + 2 * float(hall.sel(site="site-1", hall_type="type-0", period=2028))
        + float(world["land_capital"].sel(site="site-1") + world["fibre_capital"].sel(site="site-1"))
    )
    assert capital_by_period(world, plan)[2028] == pytest.approx(expected)
