"""Solve jobs: a table that outlives the server, one process per job, a stop that keeps the best plan."""

from __future__ import annotations

import json
import logging
import os
import secrets
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import TYPE_CHECKING

from dashboard.store import DESK
from dashboard.workers import Workers
from model.events import Event

if TYPE_CHECKING:
    from data.scenario import Scenario

LOG = logging.getLogger("hallsite.dashboard")
ACTIVE = ("waiting", "running")
ENDED = ("done", "infeasible", "no_plan", "bad_input", "failed", "cancelled")
BEAT_S = 1.0
GRACE_S = 600.0  # for building the instance and making the plan exact, on top of the solver's own limit
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


@dataclass(frozen=True)
class Limits:
    """What one desk lets its jobs use."""

    running: int = 1
    waiting: int = 20
    seconds: float = 3600.0
    memory_bytes: int = 8 * 2**30
    silence_s: float = 60.0  # after which a job is taken for dead


@dataclass(frozen=True)
class Job:
    """A solve: `state` is one of ACTIVE or ENDED; times are seconds since 1970; `told` says why it ended.

    run: id of the run it made. file: scenario file from which relative paths start, or empty.
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

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ACTIVE


class Refused(Exception):
    """A job that is not taken: the queue is full."""


class Jobs:
    """The job table of a run store, and the processes this server started."""

    def __init__(self, root: Path, limits: Limits | None = None) -> None:
        self.root = root
        self.limits = limits or Limits()
        self.folder = root / DESK
        (self.folder / "logs").mkdir(parents=True, exist_ok=True)
        self._workers = Workers(root, self.folder / "logs" / "workers.log", self.limits.memory_bytes)
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._closing = Flag()

    def submit(self, scenario: Scenario, title: str = "") -> str:
        """Put a solve into the queue and return its id. Raises Refused when the queue is full.

        The files a study names are copied into a folder of the job's own: what happens to them later is no matter.
        """
        from data.scenario.reading import dump_scenario
        from model.carried import carry_files

        with self._table() as table:
            waiting = table.execute("SELECT count(*) FROM job WHERE state = 'waiting'").fetchone()[0]
        if waiting >= self.limits.waiting:
            raise Refused(f"{waiting} jobs are waiting already")
        identifier = secrets.token_hex(6)
        scenario = carry_files(scenario, self.own_folder(identifier))
        limit = min(scenario.solver.time_limit_s, self.limits.seconds)
        file = str(scenario.file.resolve()) if scenario.file else ""
        with self._table() as table:
            table.execute(
                "INSERT INTO job (id, title, state, created, stop, told, file, limit_s, gap, scenario)"
                " VALUES (?, ?, 'waiting', ?, 0, '[]', ?, ?, ?, ?)",
                (
                    identifier, title or scenario.title or scenario.name, time.time(), file, limit,
                    scenario.solver.gap, dump_scenario(scenario),
                ),
            )  # fmt: skip
        return identifier

    def job(self, identifier: str | None) -> Job | None:
        """The job of an id, or None."""
        found = self._jobs("WHERE id = ?", (identifier,))
        return found[0] if found else None

    def newest(self, most: int = 50) -> list[Job]:
        """Jobs, newest first."""
        return self._jobs("ORDER BY created DESC LIMIT ?", (most,))

    def active(self) -> list[Job]:
        """Jobs that wait or run, in the order they will end."""
        return self._jobs("WHERE state IN ('waiting', 'running') ORDER BY state = 'waiting', created", ())

    def place(self, identifier: str) -> int:
        """How many jobs are before this one: 0 means it runs, or is next."""
        ahead = [job.id for job in self.active()]
        return ahead.index(identifier) if identifier in ahead else 0

    def scenario(self, identifier: str) -> Scenario:
        """The study of a job, with relative paths from where its file lies. Raises KeyError."""
        from ruamel.yaml import YAML

        from data.scenario import Scenario

        with self._table() as table:
            row = table.execute("SELECT scenario, file FROM job WHERE id = ?", (identifier,)).fetchone()
        if row is None:
            raise KeyError(identifier)
        study = Scenario.model_validate(YAML(typ="safe", pure=True).load(row[0]))
        return study.placed(Path(row[1]) if row[1] else None)

    def events(self, identifier: str) -> list[Event]:
        """What a job has told so far."""
        names = [field.name for field in fields(Event)]
        with self._table() as table:
            rows = table.execute(
                f"SELECT {', '.join(names)} FROM event WHERE job = ? ORDER BY number", (identifier,)
            ).fetchall()
        return [Event(**dict(zip(names, row, strict=True))) for row in rows]

    def tell(self, identifier: str, event: Event) -> None:
        """Append an event of a job."""
        values = event.as_dict()
        with self._table() as table:
            table.execute(
                f"INSERT INTO event (job, number, {', '.join(values)}) SELECT ?, count(*), "
                f"{', '.join('?' * len(values))} FROM event WHERE job = ?",
                (identifier, *values.values(), identifier),
            )

    def stop(self, identifier: str) -> None:
        """Ask a job to stop: one that waits is cancelled, one that runs ends with its best plan."""
        with self._table() as table:
            table.execute("UPDATE job SET stop = 1 WHERE id = ?", (identifier,))
            table.execute(
                "UPDATE job SET state = 'cancelled', ended = ? WHERE id = ? AND state = 'waiting'",
                (time.time(), identifier),
            )

    def beat(self, identifier: str) -> bool:
        """Say that a job's process lives; returns whether it was asked to stop."""
        with self._table() as table:
            table.execute("UPDATE job SET beat = ?, pid = ? WHERE id = ?", (time.time(), os.getpid(), identifier))
            row = table.execute("SELECT stop FROM job WHERE id = ?", (identifier,)).fetchone()
        return row is None or bool(row[0])

    def end(self, identifier: str, state: str, told: Sequence[str] = (), run: str | None = None) -> None:
        """Write down how a job ended; the first ending stays."""
        with self._table() as table:
            table.execute(
                "UPDATE job SET state = ?, told = ?, run = ?, ended = ? WHERE id = ? AND state = 'running'",
                (state, json.dumps(list(told), ensure_ascii=False), run, time.time(), identifier),
            )

    def own_folder(self, identifier: str) -> Path:
        """Where a job keeps the files of its study, and the repairs of one without a plan."""
        return self.folder / "jobs" / identifier

    def log(self, identifier: str) -> Path:
        """Where a job's process writes what it prints."""
        return self.folder / "logs" / f"{identifier}.log"

    def warm(self) -> None:
        """Say that a solve may be asked for soon: a process is kept ready for it for a while."""
        self._workers.warm()

    def tend(self) -> None:
        """Start what waits as far as the limits allow, and write off what died."""
        for identifier, child in list(self._children.items()):
            if child.poll() is not None:
                del self._children[identifier]
                self.end(identifier, "failed", [f"exit {child.returncode}"])
        now = time.time()
        for job in self._jobs("WHERE state = 'running'", ()):
            if now - (job.beat or job.started or now) > self.limits.silence_s:
                self.end(job.id, "failed", ["lost"])
            elif now - (job.started or now) > job.limit_s + GRACE_S:
                self._kill(job)
                self.end(job.id, "failed", ["time"])
        while (claimed := self._claim()) is not None:
            self._children[claimed] = self._workers.start(claimed)
        self._workers.tend()

    def keep_tending(self) -> Thread:
        """Tend the jobs in the background until `close`."""

        def work() -> None:
            while not self._closing.wait(0.3):
                try:
                    self.tend()
                except (OSError, sqlite3.Error):
                    LOG.exception("The queue could not be tended; it is tried again")

        thread = Thread(target=work, name="jobs", daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        """Stop tending; running jobs go on without this server."""
        self._closing.set()
        self._workers.close()

    def _claim(self) -> str | None:
        """The next waiting job, now ours to start; None where there is none or enough run."""
        with self._table(immediate=True) as table:
            running = table.execute("SELECT count(*) FROM job WHERE state = 'running'").fetchone()[0]
            if running >= self.limits.running:
                return None
            row = table.execute("SELECT id FROM job WHERE state = 'waiting' ORDER BY created LIMIT 1").fetchone()
            if row is None:
                return None
            now = time.time()
            table.execute("UPDATE job SET state = 'running', started = ?, beat = ? WHERE id = ?", (now, now, row[0]))
        return str(row[0])

    def _kill(self, job: Job) -> None:
        child = self._children.get(job.id)
        if child is not None:
            child.kill()
        elif job.pid:
            try:
                os.kill(job.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                return

    def _jobs(self, where: str, values: tuple[object, ...]) -> list[Job]:
        names = [field.name for field in fields(Job)]
        with self._table() as table:
            rows = table.execute(f"SELECT {', '.join(names)} FROM job {where}", values).fetchall()
        found = [dict(zip(names, row, strict=True)) for row in rows]
        return [
            Job(**{**row, "stop": bool(row["stop"]), "told": tuple(json.loads(row["told"] or "[]"))}) for row in found
        ]

    @contextmanager
    def _table(self, immediate: bool = False) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.folder / "jobs.sqlite", timeout=20, isolation_level=None)
        try:
            if not getattr(self, "_ready", False):
                connection.execute("PRAGMA journal_mode=WAL")
                connection.executescript(TABLES)
                self._ready = True
            connection.execute("BEGIN IMMEDIATE" if immediate else "BEGIN")
            yield connection
            connection.execute("COMMIT")
        finally:
            connection.close()  # an open transaction is rolled back
