"""Workers: processes on this machine, or those of an existing dask scheduler."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from data.errors import BadInput, Fault

if TYPE_CHECKING:
    from distributed import Client

BYTES_PER_WORKER = 1.5e9  # a default study with its solver; more workers than memory holds would be killed
START_SECONDS = 60
END_SECONDS = 5
ANSWER_SECONDS = 15  # an existing scheduler answers at once or not at all
HOME = Path(__file__).resolve().parents[2]
QUIET = "critical"  # a restarted worker is told by the sweep, not by dask's log


def most_workers(members: int) -> int:
    """As many workers as cores, members and free memory give work to, at least one."""
    by_memory = int(psutil.virtual_memory().available / BYTES_PER_WORKER)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, by_memory, members))


def connected(scheduler: str) -> Client:
    """A client of the scheduler at an address, to be closed. Raises BadInput when nobody answers there."""
    from distributed import Client

    try:
        return Client(scheduler, timeout=ANSWER_SECONDS, set_as_default=False)  # a lost default is never unset
    except (OSError, ValueError) as error:  # ValueError: a protocol dask does not speak
        remedy = "start `dask scheduler` there, or name the address it prints"
        raise BadInput([Fault("the sweep", scheduler, f"does not answer ({error})", remedy)]) from error


@contextmanager
def workers(count: int, scheduler: str | None = None) -> Iterator[Client]:
    """A client of `count` local workers, or of the scheduler at an address such as tcp://10.0.0.1:8786.

    Local workers are fresh processes (a fork of one that ran HiGHS hangs) that do not import the user's
    script, have one thread each, are started again when they die, and never outlive the block. A worker that
    solves for long says nothing meanwhile and is not taken for dead. Raises BadInput when nobody answers at the
    address.
    """
    import dask
    from distributed import Client, LocalCluster

    if scheduler is not None:
        with connected(scheduler) as client:
            yield client
        return
    with (
        dask.config.set({"distributed.scheduler.worker-saturation": 1.0, "distributed.scheduler.worker-ttl": None}),
        LocalCluster(
            n_workers=0, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50
        ) as cluster,
        tempfile.TemporaryDirectory(prefix="hallsite-sweep-") as scratch,
        _processes(str(cluster.scheduler_address), count, scratch),
        Client(cluster, set_as_default=False) as client,
    ):
        client.wait_for_workers(1, timeout=START_SECONDS)
        yield client


@contextmanager
def _processes(address: str, count: int, scratch: str) -> Iterator[None]:
    """Worker processes under dask's nannies, in a session of their own so that Ctrl-C does not reach them."""
    command = [
        sys.executable, "-P", "-m", "distributed.cli.dask_worker", address, "--nworkers", str(count),
        "--nthreads", "1", "--no-dashboard", "--local-directory", scratch,
        "--death-timeout", str(START_SECONDS),
    ]  # fmt: skip
    process = subprocess.Popen(
        command, env=_environment(), start_new_session=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        _end(process)


def _environment() -> dict[str, str]:
    """The workers find hallsite where it is found here, spawn their processes, and say little."""
    paths = [str(HOME), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "DASK_DISTRIBUTED__WORKER__MULTIPROCESSING_METHOD": "spawn",
        "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": QUIET,
        "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",  # it keeps a tree of calls of every second
        "DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "100",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop the nannies and every process they started, at once: all that was solved is stored already."""
    try:
        parent = psutil.Process(process.pid)
        family = [parent, *parent.children(recursive=True)]  # nannies first, so that none starts a worker again
    except psutil.NoSuchProcess:
        family = []
    for member in family:
        with suppress(psutil.NoSuchProcess):
            member.kill()
    process.wait()
    psutil.wait_procs(family, timeout=END_SECONDS)
