"""A process that waits for a job knows the figures of the newest run's study."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

from dashboard.figures_known import figures, prepared
from data.catalogue import evidence_table
from data.frame import make_setting
from data.instance import build_instance
from data.scenario import Scenario
from data.scenario.identity import own_files
from data.scenario.reading import dump_scenario, read_scenario, with_overrides
from tests.dashboard_desk import small_study

CARBON = "policy.carbon_price_cny_per_t"
BRIEF = {"time.resolution": "season", "time.periods": [2026], "time.last_year": 2027}


def saved(study: Scenario, folder: Path, seconds: int) -> Scenario:
    """The study as the file of a run that ended so many seconds after the first."""
    folder.mkdir()
    file = folder / "scenario.yaml"
    file.write_text(dump_scenario(study), encoding="utf-8")
    ended(folder, seconds)
    return study.placed(file)


def ended(folder: Path, seconds: int) -> None:
    """Make the folder look like that of a run that is done."""
    (folder / "run.json").write_text("{}", encoding="utf-8")
    os.utime(folder / "run.json", (seconds, seconds))


def test_a_study_like_the_newest_run_shares_its_figures(tmp_path: Path) -> None:
    study = read_scenario("guizhou", BRIEF)
    assert not own_files(study)
    saved(with_overrides(study, {"climate.warming_delta_k": 2}), tmp_path / "older", 1)
    saved(study, tmp_path / "newer", 2)
    builder = prepared(tmp_path)
    job = saved(with_overrides(study, {CARBON: 200}), tmp_path / "job", 3)
    instance, evidence = figures(builder, job)
    xr.testing.assert_identical(instance, build_instance(job))
    pd.testing.assert_frame_equal(evidence, evidence_table(make_setting(job)), check_exact=True)
    made = {part: len(results) for (_, part), results in builder._known.items()}
    assert made == {**dict.fromkeys(made, 1), "limits, told": 2}, "of all parts only one reads the carbon price"


def test_a_study_with_own_files_is_built_from_them(tmp_path: Path) -> None:
    study = small_study()
    assert own_files(study)
    builder = prepared(tmp_path)
    instance, evidence = figures(builder, study)
    xr.testing.assert_identical(instance, build_instance(study))
    pd.testing.assert_frame_equal(evidence, evidence_table(make_setting(study)), check_exact=True)
    assert not builder._known


@pytest.mark.parametrize("text", ["name: [", "no: study"])
def test_a_run_that_cannot_be_read_is_left_for_its_readers(tmp_path: Path, text: str) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "scenario.yaml").write_text(text, encoding="utf-8")
    ended(tmp_path / "broken", 1)
    assert not prepared(tmp_path)._known
