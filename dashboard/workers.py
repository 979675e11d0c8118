"""Worker processes: one per job, and one kept ready while a planner is likely to ask for a solve."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

WARM_S = 600.0
Process = subprocess.Popen[bytes]


class Workers:
    """Starts processes that read the id of their job; a process goes on when the server that began it ends."""

    def __init__(self, root: Path, log: Path, memory_bytes: int) -> None:
        self.root = root
        self.log = log
        self.memory_bytes = memory_bytes
        self._spare: Process | None = None
        self._warm_until = 0.0

    def warm(self) -> None:
        """Keep a process ready for a while: imports take longer than many a solve."""
        self._warm_until = time.time() + WARM_S

    def start(self, job: str) -> Process:
        """Give a job to the process that waits, or to a new one."""
        ready, self._spare = self._spare, None
        if ready is not None and ready.poll() is None and _told(ready, job):
            return ready
        process = self._new()
        if not _told(process, job):
            raise ChildProcessError(f"a worker ended before it was told its job; see {self.log}")
        return process

    def tend(self, may_begin: bool = True) -> None:
        """Begin the process that waits, unless it would take the machine from a solve, or let it go."""
        if time.time() > self._warm_until:
            self.close()
        elif may_begin and (self._spare is None or self._spare.poll() is not None):
            self._spare = self._new()

    def close(self) -> None:
        """Let the process that waits end."""
        spare, self._spare = self._spare, None
        if spare is not None and spare.stdin is not None:
            spare.stdin.close()
            try:
                spare.wait(10)
            except subprocess.TimeoutExpired:  # still getting ready, and nobody needs it
                spare.kill()
                spare.wait()

    def _new(self) -> Process:
        # -P keeps the working folder off the path: a user's file named data.py must not become our room.
        command = [sys.executable, "-P", "-m", "dashboard.worker", str(self.root.resolve())]
        home = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join([home, *filter(None, [os.environ.get("PYTHONPATH")])])
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*command, str(self.memory_bytes)], stdin=subprocess.PIPE, stdout=log, stderr=log,
                start_new_session=True, env={**os.environ, "PYTHONPATH": path},
            )  # fmt: skip


def _told(process: Process, job: str) -> bool:
    """Tell a process its job; False where it has ended meanwhile."""
    assert process.stdin is not None
    try:
        process.stdin.write(f"{job}\n".encode())
        process.stdin.close()
    except BrokenPipeError:
        return False
    return True
