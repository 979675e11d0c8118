"""Figures of a job's study, those of the newest run at hand: what a planner asks next is mostly like it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pandas as pd
import xarray as xr

from data.errors import BadInput
from data.frame import make_setting
from data.scenario import Scenario
from data.scenario.identity import own_files
from data.scenario.reading import read_scenario
from model.batch.shared import Builder, build_told
from model.runs import runs_in


def prepared(root: Path) -> Builder:
    """A builder that knows the figures of the newest run under `root`; of none where that cannot be read."""
    builder = Builder()
    with suppress(BadInput, OSError):  # preparation only: a job tells its own faults
        for newest in runs_in(root)[-1:]:
            figures(builder, read_scenario(newest / "scenario.yaml"))
    return builder


def figures(builder: Builder, study: Scenario) -> tuple[xr.Dataset, pd.DataFrame]:
    """The instance of a study and its evidence, parts that read nothing new taken from the builder. Raises BadInput.

    A study with files of its own is built anew: each job has copies of them in a folder of its own.
    """
    if own_files(study):
        return build_told(make_setting(study))
    return builder.build_told(study.placed(None))  # wherever it was read from, it says the same
