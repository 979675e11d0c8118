"""The run store: run folders, and an index of them, shared by processes, that can always be rebuilt."""

from __future__ import annotations

import logging
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import g, has_request_context

from dashboard.index import DELETED, Entry, Index
from dashboard.places import Place, is_address

if TYPE_CHECKING:
    from model.runs import Run

LOG = logging.getLogger("hallsite.dashboard")
Value = TypeVar("Value")
DESK = ".desk"  # beside the runs: index, jobs and logs of the dashboard
KEPT_DELETED_S = 7 * 24 * 3600.0
FETCHED = "fetched"  # in the desk: copies of runs that lie elsewhere
LABELLED_S = 60.0
LOOK_AGAIN_S = 3.0  # after which another machine is asked again what it holds
MOST_OPEN = 4
MOST_KEPT = 200


class RunStore:
    """Runs at one place, and further run folders opened by name; safe with several processes at once.

    `where` is a folder of this machine or an address fsspec reaches. In the second case `root`, a folder of
    this machine, holds the index, copies of the runs looked at, and what was solved here until it is sent there.
    """

    def __init__(self, where: Path | str, further: Sequence[Path | str] = (), root: Path | None = None) -> None:
        main = Place(where)
        self.root = Path(main.path) if main.is_here else root or home_of(main.address)
        self.desk = self.root / DESK
        self.desk.mkdir(parents=True, exist_ok=True)
        self._places = [main] if main.is_here else [Place(self.root), main]
        self._further = [(Place(parent), name) for parent, name in map(_parted, further)]
        self._index = Index(self.desk / "index.sqlite")
        self._looked: dict[str, float] = {}
        self._open: OrderedDict[str, Run] = OrderedDict()
        self._kept: dict[tuple[Hashable, ...], Any] = {}
        self._lock, self._sending = Lock(), Lock()
        self._empty_bin()
        self.refresh(now=True)

    def __contains__(self, identifier: object) -> bool:
        return any(entry.id == identifier for entry in self.entries())

    def entries(self, deleted: bool = False) -> list[Entry]:
        """Every run, newest first; with `deleted` those that can still be brought back.

        Folders are looked at once in a request: a page asks for names dozens of times, and should be of one mind.
        """
        if not has_request_context():
            self.refresh()
            return self._index.entries(deleted)
        if (id(self), deleted) not in _of_request():
            self.refresh()
            _of_request()[id(self), deleted] = self._index.entries(deleted)
        return list(_of_request()[id(self), deleted])

    def entry(self, identifier: str, deleted: bool = False) -> Entry | None:
        """The run of an id, or None."""
        return next((entry for entry in self.entries(deleted) if entry.id == identifier), None)

    def folder(self, identifier: str) -> Path:
        """A folder of this machine that holds the run of an id, fetched where it lies elsewhere.

        Raises KeyError for an id nobody knows, OSError where it cannot be fetched.
        """
        place, name = self._place(identifier)
        return place.fetch(name, self.desk / FETCHED)

    def open(self, identifier: str) -> Run:
        """The run of an id with its Datasets, kept in memory; own files are those the run carries.

        Raises KeyError for an id nobody knows.
        """
        from model.runs import open_run

        place, name = self._place(identifier)
        with self._lock:
            if identifier not in self._open:
                self._open[identifier] = open_run(place.fetch(name, self.desk / FETCHED))
                while len(self._open) > MOST_OPEN:
                    self._forget(next(iter(self._open)))
            self._open.move_to_end(identifier)
            return self._open[identifier]

    def kept(self, run: Run, function: Callable[..., Value], *more: Hashable) -> Value:
        """`function(run, *more)`, worked out once as long as the run is open: a run never changes.

        What is kept is shared by all readers: nobody may change it.
        """
        key = (run.path.name, f"{function.__module__}.{function.__qualname__}", *more)
        found = self._kept.get(key, self)  # in one step: another thread may forget it any time
        if found is not self:
            return cast(Value, found)
        value = function(run, *more)
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
        return value

    def chosen(self, identifier: str | None) -> Run | None:
        """The run of an id where it is known, else the newest, else None."""
        known = self.entries()
        if not known:
            return None
        return self.open(next((entry.id for entry in known if entry.id == identifier), known[0].id))

    def title(self, identifier: str) -> str:
        """What people call a run."""
        entry = self.entry(identifier)
        return entry.title if entry else identifier

    def facts(self, identifier: str) -> dict[str, Any]:
        """What run.json of a run says. Raises KeyError for an id nobody knows, OSError where it cannot be read."""
        place, name = self._place(identifier)
        return place.facts(name)

    def label(self, identifier: str) -> dict[str, Any]:
        """What the dashboard wrote beside a run: title, source (scenario file), job."""
        try:
            place, name = self._place(identifier)
        except KeyError:
            return {}
        return place.label(name)

    def rename(self, identifier: str, title: str) -> None:
        """Give a run another title; its folder and id stay. An empty title brings the first one back."""
        place, name = self._place(identifier)
        place.write_label(name, {**place.label(name), "title": title.strip()[:200]})
        self.refresh(now=True)

    def delete(self, identifier: str) -> None:
        """Put a run aside for a week; `restore` brings it back."""
        place, name = self._place(identifier)
        place.move(name, DELETED + name)
        with self._lock:
            self._forget(identifier)
        self.refresh(now=True)

    def restore(self, identifier: str) -> None:
        """Bring a deleted run back to where it was."""
        place, name = self._place(identifier, deleted=True)
        place.move(name, identifier)
        self.refresh(now=True)

    def refresh(self, now: bool = False) -> None:
        """Bring the index up to date with the folders; another machine is asked again after a while, or `now`."""
        if now and has_request_context():
            _of_request().clear()
        for place, only in [*((place, "") for place in self._places), *self._further]:
            last = self._looked.get(place.address)
            if place.is_here or now or last is None or time.monotonic() - last >= LOOK_AGAIN_S:
                self._looked[place.address] = time.monotonic()
                self._index.look(place, only)
        self._index.drop_strangers({place.address for place in self._known()})
        if len(self._places) > 1 and self._sending.acquire(blocking=False):
            try:
                self._send()
            finally:
                self._sending.release()

    def rebuild(self) -> None:
        """Forget the index and read every folder again."""
        self._index.clear()
        self.refresh(now=True)

    def _send(self) -> None:
        """Send what was solved here to where the runs belong; what cannot be sent stays here and in sight."""
        here, there = self._places
        for name in here.found():
            # A job labels its run right after it is saved; without a label we wait a moment for it.
            labelled = here.label(name) or here.age_s(name) > LABELLED_S
            if name.startswith(".") or not labelled:
                continue
            try:
                there.send(self.root / name)
                (self.desk / FETCHED).mkdir(exist_ok=True)
                here.move(name, f"{DESK}/{FETCHED}/{name}")
            except OSError as error:
                LOG.warning("%s cannot be sent to %s: %s", name, there.address, error)
                return
            for place in self._places:
                self._index.look(place)

    def _place(self, identifier: str, deleted: bool = False) -> tuple[Place, str]:
        """Where a run lies, and the name of its folder there. Raises KeyError for an id nobody knows."""
        entry = self.entry(identifier, deleted)
        if entry is None:
            raise KeyError(identifier)
        address, _, name = entry.folder.rpartition("/")
        return next((place for place in self._known() if place.address == address), None) or Place(address), name

    def _known(self) -> list[Place]:
        return [*self._places, *(place for place, _ in self._further)]

    def _forget(self, identifier: str) -> None:
        self._open.pop(identifier, None)
        for key in [key for key in self._kept if key[0] == identifier]:
            self._kept.pop(key, None)

    def _empty_bin(self) -> None:
        for place in self._places:
            try:
                for name in [name for name in place.found() if name.startswith(DELETED)]:
                    if place.age_s(name) > KEPT_DELETED_S:
                        place.remove(name)
            except (OSError, NotImplementedError) as error:
                LOG.warning("The bin of %s was not emptied: %s", place.address, error)


def _of_request() -> dict[tuple[int, bool], list[Entry]]:
    """Runs as the request under way has seen them, by store and whether they are deleted."""
    if "runs" not in g:
        g.runs = {}
    return cast(dict[tuple[int, bool], list[Entry]], g.runs)


def home_of(address: str) -> Path:
    """The folder of this machine that serves runs kept elsewhere."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "hallsite" / sha256(address.encode()).hexdigest()[:16]


def write_label(folder: Path, label: dict[str, Any]) -> None:
    """Write what the dashboard adds to a run folder of this machine, whole or not at all."""
    Place(folder.parent).write_label(folder.name, label)


def shipped_file(name: str) -> Path:
    """A shipped study's own file: what lies in the working folder under the same name is not meant."""
    home, folder = Path(str(files("scenarios"))), name.replace("-", "_")
    places = (home / f"{name}.yaml", home / folder / f"{folder}.yaml")
    return next(place for place in places if place.is_file())


def _parted(run: Path | str) -> tuple[str, str]:
    """The place and the name of a run folder."""
    address = str(run).rstrip("/") if is_address(str(run)) else str(Path(run).resolve())
    parent, _, name = address.rpartition("/")
    return parent, name
