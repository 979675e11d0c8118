"""The outcomes of a sweep as tidy tables for pandas, polars or a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xarray as xr

from data.errors import BadInput, Fault
from model.batch.cube import Layout, outcomes
from model.batch.design import plain
from model.batch.outcome import NUMBERS, YEARLY
from model.batch.record import Member, Record
from model.batch.store import DECISIONS, TABLE
from model.writing import replacing

INNER = ("site", "hall_type", "energy_source", "jurisdiction", "account", "period")
LONG = ("account_cost", "site_cost", *YEARLY)
ROWS_AT_ONCE = 20_000
TEXT, NUMBER, WHOLE = pa.string(), pa.float64(), pa.int64()


def write_tables(folder: Path, sweep: Record) -> Layout:
    """Write members.parquet (a row per member) and decisions.parquet (a row per figure that is not zero).

    Returns what the outcomes have in common, which this one pass over them finds out.
    """
    layout = Layout({}, {}, {}, set())
    axes = {path: _kind([member.changes.get(path) for member in sweep.members]) for path in sweep.design.paths}
    with (
        replacing(folder / TABLE) as table,
        replacing(folder / DECISIONS) as decisions,
        pq.ParquetWriter(table, _member_schema(axes)) as members_file,
        pq.ParquetWriter(decisions, _decision_schema(axes)) as decisions_file,
    ):
        members = _Rows(members_file, _member_schema(axes))
        decisions_rows = _Rows(decisions_file, _decision_schema(axes))
        for member, found in outcomes(folder, sweep):
            layout.note(found)
            at = {path: _told(member.changes.get(path), kind) for path, kind in axes.items()}
            members.add(_member_row(member, found) | at)
            for row in _decision_rows(found):
                decisions_rows.add({"member": member.number, **at, **row})
        members.flush()
        decisions_rows.flush()
    return layout


class _Rows:
    """Rows on their way to a file, so many at once that memory stays flat and the file small."""

    def __init__(self, file: pq.ParquetWriter, schema: pa.Schema) -> None:
        self.file, self.schema = file, schema
        self.rows: list[dict[str, Any]] = []

    def add(self, row: dict[str, Any]) -> None:
        """Take one more row."""
        self.rows.append(row)
        if len(self.rows) >= ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        if self.rows:
            self.file.write_table(pa.Table.from_pylist(self.rows, schema=self.schema))
            self.rows = []


def member_table(folder: Path) -> pd.DataFrame:
    """A row per member: its values along the axes, status, reason, money, seconds, figures, accounts.

    Raises BadInput when the sweep was ended, by force, before it could write any.
    """
    if not (folder / TABLE).is_file():
        remedy = "give the command of this sweep again: it goes on with what is solved"
        raise BadInput([Fault(str(folder), TABLE, "is not written yet", remedy)])
    return pd.read_parquet(folder / TABLE).set_index("member")


def _member_row(member: Member, found: xr.Dataset) -> dict[str, Any]:
    """Numbers of one member; of what is by period the last period's, of accounts the sum over periods."""
    row: dict[str, Any] = {
        "member": member.number, "key": member.key,
        "status": str(found["status"].item()), "reason": str(found["reason"].item()),
        **{name: float(found[name]) for name in NUMBERS},
    }  # fmt: skip
    if "period" in found:
        last = found.isel(period=-1)
        row |= {f"{name}_last": float(last[name]) for name in YEARLY}
        accounts = found["account_cost"].sum("period").to_series()
        row["accounts"] = [(str(name), float(value)) for name, value in accounts.items()]
        halls = last["halls"].sum("hall_type").to_series()
        row["sites"] = ", ".join(f"{site} {int(count)}" for site, count in halls[halls > 0].items())
    return row


def _decision_rows(found: xr.Dataset) -> Iterator[dict[str, Any]]:
    """Every figure of a member that is neither zero nor missing, with its labels and unit."""
    for name, variable in found.data_vars.items():
        if not variable.dims:
            continue
        values = variable.values.astype(float)
        for place in np.argwhere((values != 0) & np.isfinite(values)):
            labels = {
                str(dim): found[dim].values[at].item() if dim == "period" else str(found[dim].values[at])
                for dim, at in zip(variable.dims, place, strict=True)
            }
            unit = str(variable.attrs.get("units", ""))
            yield {"quantity": str(name), "unit": unit, "value": float(values[tuple(place)]), **labels}


def _member_schema(axes: dict[str, pa.DataType]) -> pa.Schema:
    numbers = [*NUMBERS, *(f"{name}_last" for name in YEARLY)]
    return pa.schema(
        [("member", WHOLE), *axes.items(), ("status", TEXT), *((name, NUMBER) for name in numbers),
         ("sites", TEXT), ("accounts", pa.map_(TEXT, NUMBER)), ("reason", TEXT), ("key", TEXT)]
    )  # fmt: skip


def _decision_schema(axes: dict[str, pa.DataType]) -> pa.Schema:
    inner = [(name, WHOLE if name == "period" else TEXT) for name in INNER]
    return pa.schema([("member", WHOLE), *axes.items(), ("quantity", TEXT), *inner, ("value", NUMBER), ("unit", TEXT)])


def _kind(values: list[Any]) -> pa.DataType:
    """Numbers where every member has one, else texts."""
    if all(isinstance(value, bool) for value in values):
        return pa.bool_()
    numeric = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    return NUMBER if numeric else TEXT


def _told(value: Any, kind: pa.DataType) -> Any:
    if kind != TEXT:
        return value
    return None if value is None else str(plain(value))
