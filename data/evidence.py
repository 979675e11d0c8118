"""Embedded tables, named assumptions and where each value comes from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import pandas as pd

from data.errors import Fault, raise_faults

EVIDENCE_CLASSES = ("observed", "published", "derived", "estimated", "user")
ASSUMPTION_FILES = ("climate", "power", "ground", "network", "demand", "costs", "law", "policy")


@cache
def _table(name: str) -> pd.DataFrame:
    with files("data.tables").joinpath(name).open("rb") as stream:
        return pd.read_csv(stream, comment="#", keep_default_na=False, na_values=[""])


def read_table(name: str, index: str | None = None) -> pd.DataFrame:
    """A fresh copy of an embedded CSV table; empty cells are missing, never zero."""
    table = _table(name).copy()
    return table if index is None else _indexed(table, index)


def _indexed(table: pd.DataFrame, index: str) -> pd.DataFrame:
    indexed = table.set_index(index)
    twice = indexed.index[indexed.index.duplicated()]
    if len(twice):
        raise ValueError(f"{index} {twice[0]!r} has two rows in an embedded table")
    return indexed


def table_folder() -> Path:
    """The folder of the embedded tables."""
    return Path(str(files("data.tables")))


def sources() -> pd.DataFrame:
    """All cited sources, indexed by id: title, publisher, date, licence, url, note."""
    parts = [read_table(f"sources_{part}.csv") for part in ASSUMPTION_FILES]
    return _indexed(pd.concat(parts, ignore_index=True), "source")


def assumption_table() -> pd.DataFrame:
    """Assumed values by name: value, low, high, unit, evidence, source, meaning, part."""
    return _assumption_table().copy()


@cache
def _assumption_table() -> pd.DataFrame:
    parts = [read_table(f"assumptions_{part}.csv").assign(part=part) for part in ASSUMPTION_FILES]
    return _indexed(pd.concat(parts, ignore_index=True), "name")


@cache
def _assumed_values() -> dict[str, float]:
    table = _assumption_table()
    return {str(name): float(value) for name, value in zip(table.index, table["value"], strict=True)}


def assumptions(overrides: Mapping[str, float]) -> dict[str, float]:
    """Every named assumption with the scenario's overrides applied; unknown names are refused."""
    known = _assumed_values()
    raise_faults(
        Fault("scenario", f"assumptions.{name}", "is not an assumption we know",
              "`hallsite catalogue assumptions` lists the names")
        for name in overrides
        if name not in known
    )  # fmt: skip
    return known | {name: float(value) for name, value in overrides.items()}
