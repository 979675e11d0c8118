"""Repairs of a study without a plan: kept with the job, and each a study to start from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import xarray as xr

from dashboard.context import Desk
from dashboard.jobs import Jobs
from dashboard.repairs import Repair, found_repairs, read_repairs, write_repairs
from dashboard.store import RunStore
from dashboard.studies import base_name, base_study, base_title
from tests.dashboard_desk import small_study


def test_only_repairs_a_study_can_be_given_are_offered() -> None:
    report = xr.Dataset(
        {
            "repair_text": ("repair", np.array(["Allow Gui'an", "Move a mountain"], dtype=object)),
            "changes": ("repair", np.array([json.dumps({"sites.forbid": []}), "{}"], dtype=object)),
            "price_cny": ("repair", [np.nan, 5.0]),
        }
    )
    assert found_repairs(report) == [Repair("Allow Gui'an", {"sites.forbid": []}, None)]


def test_a_repair_is_a_study_to_start_from_and_nonsense_is_none(tmp_path: Path) -> None:
    desk = Desk(RunStore(tmp_path), Jobs(tmp_path))
    job = desk.jobs.submit(small_study(**{"sites.forbid": ["gui-an"]}), "Without Gui'an")
    write_repairs(desk.jobs.own_folder(job), [Repair("Allow Gui'an", {"sites.forbid": []}, 3.0)])
    page = desk.context("/whatif", f"?base=job:{job}.0")
    assert base_name(page) == f"job:{job}.0"
    assert base_study(page, f"job:{job}.0").sites.forbid == ()
    assert base_study(page, f"job:{job}").sites.forbid == ("gui-an",)
    assert base_title(page, f"job:{job}.0") == "Without Gui'an · Allow Gui'an"
    assert base_name(desk.context("/whatif", f"?base=job:{job}.1")) == "guizhou"
    assert read_repairs(tmp_path) == []
