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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import TYPE_CHECKING

from dashboard.job_table import Job, JobTable
from dashboard.store import DESK
from dashboard.workers import Workers
from model.events import Event

if TYPE_CHECKING:
    from data.scenario import Scenario
    from model.runs import Run

LOG = logging.getLogger("hallsite.dashboard")
BEAT_S = 1.0
LOOK_S = 0.3  # after which the queue is looked at without being told
WARM_SOLVE_S = 15.0  # a solve that began within it may end any moment, and has the machine to itself
GRACE_S = 600.0  # for building the instance and making the plan exact, on top of the solver's own limit


@dataclass(frozen=True)
class Limits:
    """What one desk lets its jobs use. Studies have a place of their own: nobody's solve waits for them."""

    running: int = 1
    studies: int = 1
    waiting: int = 20
    seconds: float = 3600.0
    memory_bytes: int = 8 * 2**30
    silence_s: float = 60.0  # after which a job is taken for dead


class Refused(Exception):
    """A job that is not taken: the queue is full."""


class Jobs:
    """The job table of a run store, and the processes this server started."""

    def __init__(self, root: Path, limits: Limits | None = None) -> None:
        self.root = root
        self.limits = limits or Limits()
        self.folder = root / DESK
        (self.folder / "logs").mkdir(parents=True, exist_ok=True)
        self._table = JobTable(self.folder / "jobs.sqlite")
        self._workers = Workers(root, self.folder / "logs" / "workers.log", self.limits.memory_bytes)
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._closing, self._called = Flag(), Flag()

    def submit(self, scenario: Scenario, title: str = "", start: Path | None = None) -> str:
        """Put a solve into the queue and return its id. Raises Refused when the queue is full.

        The files a study names are copied into a folder of the job's own: what happens to them later is no matter.
        `start` is the folder of a run like it, where the solve begins.
        """
        from model.carried import carry_files

        self._refuse_when_full()
        identifier = secrets.token_hex(6)
        scenario = carry_files(scenario, self.own_folder(identifier))
        limit = min(scenario.solver.time_limit_s, self.limits.seconds)
        with self._table.opened() as table:
            _insert(table, identifier, scenario, title or scenario.title or scenario.name, limit)
            if start is not None:
                told = (start.name, str(start.resolve()), identifier)
                table.execute("UPDATE job SET about = ?, folder = ? WHERE id = ?", told)
        self._called.set()
        return identifier

    def ask(self, study: str, run: Run, title: str) -> str:
        """Put a study of a run into the queue and return its id; the one that waits or runs if there is one.

        Raises Refused when the queue is full.
        """
        identifier, about = secrets.token_hex(6), run.path.name
        with self._table.opened(immediate=True) as table:
            asked = "SELECT id FROM job WHERE study = ? AND about = ? AND state IN ('waiting', 'running')"
            known = table.execute(asked, (study, about)).fetchone()
            if known is None:
                self._refuse_when_full()
                _insert(table, identifier, run.scenario, title, self.limits.seconds)
                told = (study, about, str(run.path.resolve()), identifier)
                table.execute("UPDATE job SET study = ?, about = ?, folder = ? WHERE id = ?", told)
        self._called.set()
        return str(known[0]) if known else identifier

    def asked(self, study: str, about: str) -> Job | None:
        """The newest job of a study of a run, or None."""
        found = self._table.jobs("WHERE study = ? AND about = ? ORDER BY created DESC LIMIT 1", (study, about))
        return found[0] if found else None

    def job(self, identifier: str | None) -> Job | None:
        """The job of an id, or None."""
        found = self._table.jobs("WHERE id = ?", (identifier,))
        return found[0] if found else None

    def newest(self, most: int = 50) -> list[Job]:
        """Jobs, newest first."""
        return self._table.jobs("ORDER BY created DESC LIMIT ?", (most,))

    def active(self) -> list[Job]:
        """Jobs that wait or run, in the order they will end."""
        return self._table.jobs("WHERE state IN ('waiting', 'running') ORDER BY state = 'waiting', created", ())

    def place(self, identifier: str) -> int:
        """How many jobs are before this one: 0 means it runs, or is next."""
        active = self.active()
        is_study = {bool(job.study) for job in active if job.id == identifier}
        ahead = [job.id for job in active if bool(job.study) in is_study]
        return ahead.index(identifier) if identifier in ahead else 0

    def scenario(self, identifier: str) -> Scenario:
        """The study of a job, with relative paths from where its file lies. Raises KeyError."""
        from data.scenario import Scenario

        with self._table.opened() as table:
            row = table.execute("SELECT scenario, file FROM job WHERE id = ?", (identifier,)).fetchone()
        if row is None:
            raise KeyError(identifier)
        return Scenario.model_validate_json(row[0]).placed(Path(row[1]) if row[1] else None)

    def events(self, identifier: str) -> list[Event]:
        """What a job has told so far."""
        return self._table.events(identifier)

    def phase(self, identifier: str) -> str:
        """The phase a job has told last; empty before the first."""
        return self._table.phase(identifier)

    def tell(self, identifier: str, event: Event) -> None:
        """Append an event of a job."""
        self._table.tell(identifier, event)

    def stop(self, identifier: str) -> None:
        """Ask a job to stop: one that waits is cancelled, one that runs ends with its best plan."""
        with self._table.opened() as table:
            table.execute("UPDATE job SET stop = 1 WHERE id = ?", (identifier,))
            table.execute(
                "UPDATE job SET state = 'cancelled', ended = ? WHERE id = ? AND state = 'waiting'",
                (time.time(), identifier),
            )

    def beat(self, identifier: str) -> bool:
        """Say that a job's process lives; returns whether it was asked to stop."""
        with self._table.opened() as table:
            table.execute("UPDATE job SET beat = ?, pid = ? WHERE id = ?", (time.time(), os.getpid(), identifier))
            row = table.execute("SELECT stop FROM job WHERE id = ?", (identifier,)).fetchone()
        return row is None or bool(row[0])

    def end(self, identifier: str, state: str, told: Sequence[str] = (), run: str | None = None) -> None:
        """Write down how a job ended; the first ending stays."""
        with self._table.opened() as table:
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
        for job in self._table.jobs("WHERE state = 'running'", ()):
            if now - (job.beat or job.started or now) > self.limits.silence_s:
                self.end(job.id, "failed", ["lost"])
            elif now - (job.started or now) > job.limit_s + GRACE_S:
                self._kill(job)
                self.end(job.id, "failed", ["time"])
        while (claimed := self._claim()) is not None:
            self._children[claimed] = self._workers.start(claimed)
        begun = self._table.jobs("WHERE state = 'running' AND study = '' AND started > ?", (now - WARM_SOLVE_S,))
        self._workers.tend(may_begin=not begun)

    def keep_tending(self) -> Thread:
        """Tend the jobs in the background until `close`."""

        def work() -> None:
            while not self._closing.is_set():
                self._called.wait(LOOK_S)
                self._called.clear()
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
        self._called.set()
        self._workers.close()

    def _claim(self) -> str | None:
        """The next waiting job, now ours to start; None where there is none or enough run."""
        now = time.time()
        with self._table.opened(immediate=True) as table:
            for is_study, most in ((0, self.limits.running), (1, self.limits.studies)):
                of_kind = "FROM job WHERE (study != '') = ? AND state = ?"
                running = table.execute(f"SELECT count(*) {of_kind}", (is_study, "running")).fetchone()[0]
                row = table.execute(f"SELECT id {of_kind} ORDER BY created LIMIT 1", (is_study, "waiting")).fetchone()
                if row is not None and running < most:
                    begun = "UPDATE job SET state = 'running', started = ?, beat = ? WHERE id = ?"
                    table.execute(begun, (now, now, row[0]))
                    return str(row[0])
        return None

    def _refuse_when_full(self) -> None:
        waiting = len(self._table.jobs("WHERE state = 'waiting'"))
        if waiting >= self.limits.waiting:
            raise Refused(f"{waiting} jobs are waiting already")

    def _kill(self, job: Job) -> None:
        child = self._children.get(job.id)
        if child is not None:
            child.kill()
        elif job.pid:
            try:
                os.kill(job.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                return


def _insert(table: sqlite3.Connection, identifier: str, scenario: Scenario, title: str, limit_s: float) -> None:
    file = str(scenario.file.resolve()) if scenario.file else ""
    table.execute(
        "INSERT INTO job (id, title, state, created, stop, told, file, limit_s, gap, scenario)"
        " VALUES (?, ?, 'waiting', ?, 0, '[]', ?, ?, ?, ?)",
        (identifier, title, time.time(), file, limit_s, scenario.solver.gap, scenario.model_dump_json()),
    )
