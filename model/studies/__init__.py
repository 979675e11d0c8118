"""Studies: questions about plans, each a function to a Dataset with a text in plain sentences beside it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xarray as xr

STUDIES = ("stress", "law_cost", "sensitivity", "breakeven", "conflicts")


def study_text(study: xr.Dataset) -> str:
    """The sentences of a study, whichever it is; `study.attrs["study"]` says so. ValueError for another Dataset."""
    name = study.attrs.get("study")
    if name not in STUDIES:
        raise ValueError(f"{name!r} is no study we know; use one of {', '.join(STUDIES)}")
    told: str = getattr(import_module(f"model.studies.{name}"), f"{name}_text")(study)
    return told
