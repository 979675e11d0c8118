"""Embedded tables, named assumptions and where each value comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from data.errors import Fault, raise_faults

if TYPE_CHECKING:
    from _collections_abc import dict_items, dict_keys, dict_values

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
    return Assumed(known | {name: float(value) for name, value in overrides.items()})


class Assumed(dict[str, float]):
    """Assumptions by name that tell who is listening which of them are read."""

    def __getitem__(self, name: str) -> float:
        note_read({name})
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name, else the default."""
        note_read({name})
        return super().get(name, default)

    def __iter__(self) -> Iterator[str]:
        """Who goes through all of them reads all of them."""
        return iter(self.copy())

    def copy(self) -> dict[str, float]:
        """All of them as a plain dict; every other way through them goes this way."""
        found = dict(super().items())
        note_read(frozenset(found))
        return found

    def keys(self) -> dict_keys[str, float]:
        """As of a dict."""
        return self.copy().keys()

    def values(self) -> dict_values[str, float]:
        """As of a dict."""
        return self.copy().values()

    def items(self) -> dict_items[str, float]:
        """As of a dict."""
        return self.copy().items()

    def __or__(self, other: Any) -> Any:
        return self.copy() | other

    def __ror__(self, other: Any) -> Any:
        return other | self.copy()


_listening: ContextVar[tuple[set[str], ...]] = ContextVar("_listening", default=())


@contextmanager
def names_read() -> Iterator[set[str]]:
    """The names of all assumptions that are read inside the block, also by what it calls."""
    names: set[str] = set()
    token = _listening.set((*_listening.get(), names))
    try:
        yield names
    finally:
        _listening.reset(token)


def note_read(names: set[str] | frozenset[str]) -> None:
    """Tell who is listening that an answer at hand rests on these assumptions."""
    for listener in _listening.get():
        listener.update(names)
