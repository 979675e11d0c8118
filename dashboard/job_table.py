"""The table of jobs in SQLite: what each is, where it stands, what it told; shared by processes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from model.events import Event

ACTIVE = ("waiting", "running")
ENDED = ("done", "infeasible", "no_plan", "bad_input", "failed", "cancelled")
TABLES = """
CREATE TABLE IF NOT EXISTS job (
    id TEXT PRIMARY KEY, title TEXT, state TEXT, created REAL, started REAL, ended REAL, beat REAL,
    pid INTEGER, stop INTEGER, run TEXT, told TEXT, file TEXT, limit_s REAL, gap REAL, scenario TEXT
);
CREATE TABLE IF NOT EXISTS event (
    job TEXT, number INTEGER, phase TEXT, seconds REAL, incumbent REAL, bound REAL, gap REAL,
    columns INTEGER, rows INTEGER, message TEXT, PRIMARY KEY (job, number)
);
"""
LATER = ("study", "about", "folder")  # columns that tables of earlier versions lack


@dataclass(frozen=True)
class Job:
    """A solve, or a study of a run: `state` is one of ACTIVE or ENDED; times are seconds since 1970.

    told: why it ended. run: id of the run it made. file: scenario file from which relative paths start, or empty.
    study: what is asked, or empty for a solve; about: id of the run it is asked of or a solve begins from, or empty; it
    lies in `folder`.
    """

    id: str
    title: str
    state: str
    created: float
    started: float | None
    ended: float | None
    beat: float | None
    pid: int | None
    stop: bool
    run: str | None
    told: tuple[str, ...]
    file: str
    limit_s: float
    gap: float
    study: str
    about: str
    folder: str

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ACTIVE


class JobTable:
    """Jobs and their events in one file; every call is one transaction."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._is_ready = False

    def jobs(self, where: str, values: tuple[object, ...] = ()) -> list[Job]:
        """Jobs by the rest of a query."""
        names = [field.name for field in fields(Job)]
        with self.opened() as table:
            rows = table.execute(f"SELECT {', '.join(names)} FROM job {where}", values).fetchall()
        found = [dict(zip(names, row, strict=True)) for row in rows]
        return [
            Job(**{**row, "stop": bool(row["stop"]), "told": tuple(json.loads(row["told"] or "[]"))}) for row in found
        ]

    def events(self, job: str) -> list[Event]:
        """What a job has told so far."""
        names = [field.name for field in fields(Event)]
        with self.opened() as table:
            rows = table.execute(
                f"SELECT {', '.join(names)} FROM event WHERE job = ? ORDER BY number", (job,)
            ).fetchall()
        return [Event(**dict(zip(names, row, strict=True))) for row in rows]

    def phase(self, job: str) -> str:
        """The phase a job has told last; empty before the first."""
        with self.opened() as table:
            last = "SELECT phase FROM event WHERE job = ? ORDER BY number DESC LIMIT 1"
            row = table.execute(last, (job,)).fetchone()
        return str(row[0]) if row else ""

    def tell(self, job: str, event: Event) -> None:
        """Append an event of a job."""
        values = event.as_dict()
        with self.opened() as table:
            table.execute(
                f"INSERT INTO event (job, number, {', '.join(values)}) SELECT ?, count(*), "
                f"{', '.join('?' * len(values))} FROM event WHERE job = ?",
                (job, *values.values(), job),
            )

    @contextmanager
    def opened(self, immediate: bool = False) -> Iterator[sqlite3.Connection]:
        """One transaction, taken back when it fails; `immediate` keeps other writers out from its start."""
        connection = sqlite3.connect(self.file, timeout=20, isolation_level=None)
        try:
            if not self._is_ready:
                _prepare(connection)
                self._is_ready = True
            connection.execute("BEGIN IMMEDIATE" if immediate else "BEGIN")
            yield connection
            connection.execute("COMMIT")
        finally:
            connection.close()  # an open transaction is rolled back


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.executescript(TABLES)
    connection.execute("BEGIN IMMEDIATE")
    known = {str(row[1]) for row in connection.execute("PRAGMA table_info(job)").fetchall()}
    for name in LATER:
        if name not in known:
            connection.execute(f"ALTER TABLE job ADD COLUMN {name} TEXT NOT NULL DEFAULT ''")
    connection.execute("COMMIT")
