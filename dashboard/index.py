"""The index of a run store: a table in SQLite that holds nothing the run folders do not say themselves."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.places import MARK, Place, is_address

LOG = logging.getLogger("hallsite.dashboard")
DELETED = ".deleted-"  # begins the name of a run that was put aside
COLUMNS = ("id", "folder", "title", "name", "saved", "status", "objective_cny", "gap", "wall_s", "deleted")
TABLE = f"""
CREATE TABLE IF NOT EXISTS run ({", ".join(COLUMNS)}, stamp, PRIMARY KEY (id, deleted))
"""


@dataclass(frozen=True)
class Entry:
    """A run as the index knows it; money in CNY, `saved` in ISO 8601. folder: its address, a path or an URL."""

    id: str
    folder: str
    title: str
    name: str
    saved: str
    status: str
    objective_cny: float | None
    gap: float | None
    wall_s: float | None
    deleted: bool


class Index:
    """What is known of the runs of some places; several processes may share its file, and any may lose it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._unfit: dict[str, str] = {}

    def entries(self, deleted: bool) -> list[Entry]:
        """Runs, newest first: those in sight, or those put aside."""
        with self._open() as index:
            rows = index.execute(
                f"SELECT {', '.join(COLUMNS)} FROM run WHERE deleted = ? ORDER BY saved DESC, id DESC",
                (int(deleted),),
            ).fetchall()
        told = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
        return [Entry(**{**row, "deleted": bool(row["deleted"])}) for row in told]

    def clear(self) -> None:
        """Forget everything."""
        with self._open(to_write=True) as index:
            index.execute("DELETE FROM run")

    def look(self, place: Place, only: str = "") -> None:
        """Bring the index up to date with one place, or with `only` one run of it."""
        try:
            stamps = _stamps(place)
            with self._open() as index:
                gone, new = self._differences(index, place, stamps, only)
            if not gone and not new:
                return
            # Listed again under the lock: what another process wrote meanwhile is newer than our first look.
            with self._open(to_write=True) as index:
                stamps = _stamps(place)
                gone, new = self._differences(index, place, stamps, only)
                index.executemany("DELETE FROM run WHERE folder = ?", [(folder,) for folder in gone])
                for name in new:
                    self._write(index, place, name, stamps[name])
        except OSError as error:
            LOG.warning("%s cannot be read: %s", place.address, error)

    def _differences(
        self, index: sqlite3.Connection, place: Place, stamps: dict[str, str], only: str
    ) -> tuple[set[str], list[str]]:
        """Rows whose folder is gone, and names of folders that are new or were rewritten."""
        told = index.execute("SELECT folder, stamp FROM run").fetchall()
        known = {folder: stamp for folder, stamp in told if folder.rpartition("/")[0] == place.address}
        gone = {folder for folder in known if folder.rpartition("/")[2] not in stamps}
        wanted = {name: stamp for name, stamp in stamps.items() if only in ("", name)}
        new = [name for name, stamp in wanted.items() if known.get(f"{place.address}/{name}") != stamp]
        return gone, [name for name in new if self._unfit.get(f"{place.address}/{name}") != wanted[name]]

    def _write(self, index: sqlite3.Connection, place: Place, name: str, stamp: str) -> None:
        row = _row(place, name)
        if row is None:  # half a run, or none of this version: not read again until it is rewritten
            self._unfit[f"{place.address}/{name}"] = stamp
            return
        marks = ", ".join("?" * (len(COLUMNS) + 1))
        index.execute(f"INSERT OR REPLACE INTO run VALUES ({marks})", (*row, stamp))

    def drop_strangers(self, ours: set[str]) -> None:
        """Forget folders of this machine outside `ours` that another process opened by name and that are gone."""
        with self._open() as index:
            folders = [str(row[0]) for row in index.execute("SELECT folder FROM run").fetchall()]
        strangers = [folder for folder in folders if folder.rpartition("/")[0] not in ours and not is_address(folder)]
        gone = [(folder,) for folder in strangers if not (Path(folder) / MARK).is_file()]
        if gone:
            with self._open(to_write=True) as index:
                index.executemany("DELETE FROM run WHERE folder = ?", gone)

    @contextmanager
    def _open(self, to_write: bool = False) -> Iterator[sqlite3.Connection]:
        try:
            connection = _connect(self.file)
        except sqlite3.OperationalError:  # busy or not to be reached, not spoiled
            raise
        except sqlite3.DatabaseError:  # it holds nothing that the folders do not
            for end in ("", "-wal", "-shm"):
                self.file.with_name(self.file.name + end).unlink(missing_ok=True)
            connection = _connect(self.file)
        try:
            connection.execute("BEGIN IMMEDIATE" if to_write else "BEGIN")
            yield connection
            connection.execute("COMMIT")
        finally:
            connection.close()  # an open transaction is rolled back


def _connect(place: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(place, timeout=20, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(TABLE)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _stamps(place: Place) -> dict[str, str]:
    return {name: stamp for name, stamp in place.found().items() if is_run_name(name)}


def is_run_name(name: str) -> bool:
    """Whether a folder of this name is a run in sight or one put aside."""
    return not name.startswith(".") or name.startswith(DELETED)


def _row(place: Place, name: str) -> tuple[Any, ...] | None:
    """What the index keeps of a folder; None where it is no complete run of this version."""
    from data.errors import BadInput

    try:
        facts = place.facts(name)
        title = place.label(name).get("title") or facts["title"] or facts["name"]
    except (BadInput, OSError):
        return None
    return (
        name.removeprefix(DELETED), f"{place.address}/{name}", title, facts["name"], facts["saved"], facts["status"],
        facts["objective_cny"], facts["gap"], facts["wall_s"], int(name.startswith(DELETED)),
    )  # fmt: skip
