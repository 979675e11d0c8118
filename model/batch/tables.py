"""The outcomes of a sweep as tidy tables for pandas, polars or a spreadsheet."""

from __future__ import annotations

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

Array = np.ndarray[Any, Any]
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
        members, decisions_schema = list[dict[str, Any]](), _decision_schema(axes)
        waiting = _Waiting(decisions_file)
        for member, found in outcomes(folder, sweep):
            layout.note(found)
            at = {path: _told(member.changes.get(path), kind) for path, kind in axes.items()}
            members.append(_member_row(member, found) | at)
            waiting.add(_decision_table(found, {"member": member.number, **at}, decisions_schema))
        members_file.write_table(pa.Table.from_pylist(members, schema=_member_schema(axes)))
        waiting.flush()
    return layout


class _Waiting:
    """Tables on their way to a file, so many rows at once that memory stays flat and the file small."""

    def __init__(self, file: pq.ParquetWriter) -> None:
        self.file, self.tables = file, list[pa.Table]()

    def add(self, table: pa.Table) -> None:
        """Take one more table."""
        self.tables.append(table)
        if sum(len(one) for one in self.tables) >= ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        if self.tables:
            self.file.write_table(pa.concat_tables(self.tables).combine_chunks())
            self.tables = []


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


def _decision_table(found: xr.Dataset, same: dict[str, Any], schema: pa.Schema) -> pa.Table:
    """Every figure of a member that is neither zero nor missing, with its labels and unit; `same` is so in all rows."""
    labels = {str(dim): found[dim].values.astype(object) for dim in found.dims}
    columns: dict[str, list[Array]] = {name: [] for name in schema.names}
    for name, variable in found.data_vars.items():
        values = variable.values.astype(float) if variable.dims else np.zeros(0)
        places = np.nonzero((values != 0) & np.isfinite(values))
        where = dict(zip(map(str, variable.dims), places, strict=False))
        one = same | {"quantity": str(name), "unit": str(variable.attrs.get("units", ""))}
        for column, parts in columns.items():
            if column == "value":
                parts.append(values[places])
            else:
                known = labels[column][where[column]] if column in where else None
                parts.append(np.full(len(places[0]), one.get(column), dtype=object) if known is None else known)
    return pa.table(
        [pa.array(np.concatenate(parts), schema.field(name).type) for name, parts in columns.items()], schema
    )


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
