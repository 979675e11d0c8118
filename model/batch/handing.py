"""Members handed to dask workers, a few at a time, and what comes back from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from model.batch.member import Solved, solve_member
from model.batch.order import Agenda, Step
from model.batch.outcome import no_outcome
from model.batch.record import Member

if TYPE_CHECKING:
    from distributed import Client, Future

Came = tuple[Member | None, Solved | None]  # a member and what became of it; nothing yet
AHEAD = 2  # members handed out per worker: the next one waits where it will be solved
PATIENCE_S = 0.5


class SchedulerGone(ConnectionError):
    """The scheduler of a cluster ended while a sweep was under way; no member is to blame."""

    def __init__(self, address: str) -> None:
        super().__init__(f"the scheduler at {address} is gone")


class Counting(Protocol):
    """Who wants to know on how many workers members are solved."""

    workers: int | None


def hand_over(
    client: Client, agenda: Agenda, given: Callable[[Step], tuple[Any, ...]], count: int, told: Counting
) -> Iterator[Came]:
    """The `count` members of an agenda as they are solved; None when nothing came for a moment.

    given: the arguments of solve_member for a step. Raises SchedulerGone.
    """
    ready: SimpleQueue[Future] = SimpleQueue()
    running: dict[str, tuple[Member, Future]] = {}

    def hand_out() -> None:
        told.workers = workers_of(client)
        while len(running) < AHEAD * max(1, told.workers) and (step := agenda.next()) is not None:
            future = client.submit(solve_member, *given(step), pure=False)
            running[future.key] = step.member, future
            future.add_done_callback(ready.put)

    hand_out()
    while count:
        try:
            key = ready.get(timeout=PATIENCE_S).key
        except Empty:
            yield None, None
            hand_out()
            continue
        member, future = running.pop(key)
        solved = _result(future)
        future.release()
        count -= 1
        yield member, solved  # kept before others start from it
        agenda.finish(member.key, solved.plan is not None)
        hand_out()


def workers_of(client: Client) -> int:
    """How many members are solved at once: one per worker process. Raises SchedulerGone."""
    info = client.scheduler_info(n_workers=-1)
    if "workers" not in info:  # what dask tells while it has no connection
        raise SchedulerGone(_address(client))
    return len(info["workers"])


def _result(future: Future) -> Solved:
    """What a worker sent, or why there is nothing. Raises SchedulerGone."""
    from distributed import KilledWorker

    try:
        solved: Solved = future.result()
        return solved
    except KilledWorker:
        reason = "its worker died again and again, perhaps for want of memory; it is tried when asked again"
        return Solved(no_outcome("lost", reason))
    except CancelledError as error:  # nobody here cancels: dask does when it loses the scheduler
        raise SchedulerGone(_address(future.client)) from error
    except Exception as error:  # what a worker cannot even send back
        return Solved(no_outcome("failed", f"{type(error).__name__}: {error}"))


def _address(client: Client) -> str:
    return "its address" if client.scheduler is None else str(client.scheduler.address)
