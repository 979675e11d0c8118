"""The run store: run folders, and an index of them, shared by processes, that can always be rebuilt."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from model.runs import Run

Value = TypeVar("Value")
DESK = ".desk"  # beside the runs: index, jobs and logs of the dashboard
LABEL = "label.json"  # in a run folder: what the dashboard adds to it
DELETED = ".deleted-"
KEPT_DELETED_S = 7 * 24 * 3600.0
MOST_OPEN = 4
MOST_KEPT = 200
COLUMNS = ("id", "folder", "title", "name", "saved", "status", "objective_cny", "gap", "wall_s", "deleted")
TABLE = f"""
CREATE TABLE IF NOT EXISTS run ({", ".join(COLUMNS)}, stamp, PRIMARY KEY (id, deleted))
"""


@dataclass(frozen=True)
class Entry:
    """A run as the index knows it; money in CNY, `saved` in ISO 8601."""

    id: str
    folder: Path
    title: str
    name: str
    saved: str
    status: str
    objective_cny: float | None
    gap: float | None
    wall_s: float | None
    deleted: bool


class RunStore:
    """Runs under one folder, and further run folders opened by name; safe with several processes at once."""

    def __init__(self, root: Path, further: Sequence[Path] = ()) -> None:
        self.root = root
        self.further = [folder.resolve() for folder in further]
        self.desk = root / DESK
        self.desk.mkdir(parents=True, exist_ok=True)
        self._open: OrderedDict[str, Run] = OrderedDict()
        self._kept: dict[tuple[Hashable, ...], Any] = {}
        self._lock = Lock()
        self._empty_bin()
        self.refresh()

    def __contains__(self, identifier: object) -> bool:
        return any(entry.id == identifier for entry in self.entries())

    def entries(self, deleted: bool = False) -> list[Entry]:
        """Every run, newest first; with `deleted` those that can still be brought back."""
        self.refresh()
        with self._index() as index:
            rows = index.execute(
                f"SELECT {', '.join(COLUMNS)} FROM run WHERE deleted = ? ORDER BY saved DESC, id DESC",
                (int(deleted),),
            ).fetchall()
        told = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
        return [Entry(**{**row, "folder": Path(row["folder"]), "deleted": bool(row["deleted"])}) for row in told]

    def entry(self, identifier: str, deleted: bool = False) -> Entry | None:
        """The run of an id, or None."""
        return next((entry for entry in self.entries(deleted) if entry.id == identifier), None)

    def open(self, identifier: str) -> Run:
        """The run of an id with its Datasets, kept in memory; its scenario knows its file where that is known.

        Raises KeyError for an id nobody knows.
        """
        from model.runs import open_run

        entry = self.entry(identifier)
        if entry is None:
            raise KeyError(identifier)
        with self._lock:
            if identifier not in self._open:
                run = open_run(entry.folder)
                placed = run.scenario.placed(_file_of(run.scenario.name, _label(entry.folder)))
                self._open[identifier] = replace(run, scenario=placed)
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

    def label(self, identifier: str) -> dict[str, Any]:
        """What the dashboard wrote beside a run: title, source (scenario file), job."""
        entry = self.entry(identifier)
        return _label(entry.folder) if entry else {}

    def rename(self, identifier: str, title: str) -> None:
        """Give a run another title; its folder and id stay. An empty title brings the first one back."""
        entry = self.entry(identifier)
        if entry is None:
            raise KeyError(identifier)
        write_label(entry.folder, {**_label(entry.folder), "title": title.strip()[:200]})

    def delete(self, identifier: str) -> None:
        """Put a run aside for a week; `restore` brings it back."""
        entry = self.entry(identifier)
        if entry is None:
            raise KeyError(identifier)
        entry.folder.rename(_free(entry.folder.with_name(DELETED + entry.folder.name)))
        with self._lock:
            self._forget(identifier)

    def restore(self, identifier: str) -> None:
        """Bring a deleted run back to where it was."""
        entry = self.entry(identifier, deleted=True)
        if entry is None:
            raise KeyError(identifier)
        entry.folder.rename(_free(entry.folder.with_name(identifier)))

    def refresh(self) -> None:
        """Bring the index up to date with the folders."""
        with self._index() as index:
            known = dict(index.execute("SELECT folder, stamp FROM run").fetchall())
            found = {str(folder): folder for folder in self._folders()}
            for gone in known.keys() - found.keys():
                # A folder another process opened by name may still be there.
                if not (Path(gone) / "run.json").is_file():
                    index.execute("DELETE FROM run WHERE folder = ?", (gone,))
            for place, folder in found.items():
                stamp = _stamp(folder)
                if known.get(place) != stamp and (row := _row(folder)) is not None:
                    marks = ", ".join("?" * (len(COLUMNS) + 1))
                    index.execute(f"INSERT OR REPLACE INTO run VALUES ({marks})", (*row, stamp))

    def rebuild(self) -> None:
        """Forget the index and read every folder again."""
        with self._index() as index:
            index.execute("DELETE FROM run")
        self.refresh()

    def _forget(self, identifier: str) -> None:
        self._open.pop(identifier, None)
        for key in [key for key in self._kept if key[0] == identifier]:
            self._kept.pop(key, None)

    def _folders(self) -> Iterator[Path]:
        root = self.root.resolve()
        yield from (mark.parent for mark in root.glob("*/run.json") if _is_run_name(mark.parent.name))
        yield from (folder for folder in self.further if (folder / "run.json").is_file())

    def _empty_bin(self) -> None:
        for folder in self.root.glob(f"{DELETED}*"):
            if time.time() - folder.stat().st_ctime > KEPT_DELETED_S:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _index(self) -> Iterator[sqlite3.Connection]:
        place = self.desk / "index.sqlite"
        try:
            connection = _connect(place)
        except sqlite3.DatabaseError:
            place.unlink(missing_ok=True)  # it holds nothing that the folders do not
            connection = _connect(place)
        try:
            with connection:
                yield connection
        finally:
            connection.close()


def write_label(folder: Path, label: dict[str, Any]) -> None:
    """Write what the dashboard adds to a run folder, whole or not at all."""
    draft = folder / f".{LABEL}-{time.time_ns()}"
    draft.write_text(json.dumps(label, ensure_ascii=False), encoding="utf-8")
    draft.replace(folder / LABEL)


def shipped_file(name: str) -> Path:
    """A shipped study's own file: what lies in the working folder under the same name is not meant."""
    home, folder = Path(str(files("scenarios"))), name.replace("-", "_")
    places = (home / f"{name}.yaml", home / folder / f"{folder}.yaml")
    return next(place for place in places if place.is_file())


def _file_of(name: str, label: dict[str, Any]) -> Path | None:
    """The scenario file relative paths of a run start from: as its job noted, else the shipped study's."""
    from data.scenario.reading import shipped_scenarios

    if label.get("source"):
        return Path(str(label["source"]))
    return shipped_file(name) if name in shipped_scenarios() else None


def _connect(place: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(place, timeout=10)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(TABLE)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _is_run_name(name: str) -> bool:
    return not name.startswith(".") or name.startswith(DELETED)


def _row(folder: Path) -> tuple[Any, ...] | None:
    """What the index keeps of a folder; None where it is no complete run of this version."""
    from data.errors import BadInput
    from model.runs import run_facts

    try:
        facts = run_facts(folder)
    except (BadInput, OSError):
        return None
    deleted = folder.name.startswith(DELETED)
    title = _label(folder).get("title") or facts["title"] or facts["name"]
    return (
        folder.name.removeprefix(DELETED), str(folder), title, facts["name"], facts["saved"], facts["status"],
        facts["objective_cny"], facts["gap"], facts["wall_s"], int(deleted),
    )  # fmt: skip


def _stamp(folder: Path) -> str:
    label = folder / LABEL
    times = [(folder / "run.json").stat().st_mtime_ns, label.stat().st_mtime_ns if label.is_file() else 0]
    return f"{times[0]}-{times[1]}"


def _label(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / LABEL).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _free(place: Path) -> Path:
    """The first name that nothing stands at."""
    names = (place if number == 1 else place.with_name(f"{place.name}-{number}") for number in range(1, 1000))
    return next(name for name in names if not name.exists())
