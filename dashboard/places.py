"""Places that hold run folders: a folder of this machine, or any address fsspec reaches."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from fsspec.core import url_to_fs
from fsspec.implementations.dirfs import DirFileSystem
from fsspec.implementations.local import LocalFileSystem

from data.errors import BadInput, Fault

MARK = "run.json"  # without it a folder is no run; elsewhere it is written last and removed first
TRIES = 20
LABEL = "label.json"  # in a run folder: what the dashboard adds to it


def is_address(words: str) -> bool:
    """Whether words name a place by an fsspec address such as s3://plans/runs."""
    return "://" in words or "::" in words


class Place:
    """Run folders side by side; what the dashboard asks of them is the same wherever they lie."""

    def __init__(self, address: str | Path) -> None:
        """Raises BadInput for an address whose file system is not installed."""
        try:
            fs, path = url_to_fs(str(address) if is_address(str(address)) else str(Path(address).resolve()))
        except (ImportError, ValueError) as error:
            remedy = "install the fsspec package of that protocol, or give a folder of this machine"
            fault = Fault("the folder of runs", str(address), f"cannot be reached: {error}", remedy)
            raise BadInput([fault]) from error
        self.fs: Any = fs
        # A file system cut out of another begins at the folder already, yet is told to go there again.
        self.path: str = "" if isinstance(fs, DirFileSystem) else path.rstrip("/")
        self.address = path if isinstance(fs, LocalFileSystem) else str(address).rstrip("/")
        self.is_here = isinstance(fs, LocalFileSystem)

    def found(self) -> dict[str, str]:
        """Run folders by name, each with a stamp that is another when its mark or its label was rewritten."""
        return self._found_here() if self.is_here else self._found_elsewhere()

    def holds(self, name: str) -> bool:
        """Whether a run folder of this name is here."""
        return bool(name) and "/" not in name and self.fs.exists(self._at(name, MARK))

    def facts(self, name: str) -> dict[str, Any]:
        """What run.json of a complete run says. Raises BadInput or OSError where there is none."""
        from model.runs import FILES, FORMAT, run_facts

        if self.is_here:
            return run_facts(Path(self._at(name)))
        facts = self._json(name, MARK)
        there = {str(path).rpartition("/")[2] for path in self.fs.ls(self._at(name), detail=False)}
        if facts.get("format") != FORMAT or not there >= set(FILES):
            raise FileNotFoundError(f"{self.address}/{name} is no complete run")
        return facts

    def label(self, name: str) -> dict[str, Any]:
        """What the dashboard wrote beside a run; empty where it wrote nothing."""
        return self._json(name, LABEL)

    def write_label(self, name: str, label: dict[str, Any]) -> None:
        """Write what the dashboard adds to a run, whole or not at all."""
        draft = self._at(name, f".{LABEL}-{time.time_ns()}")
        self.fs.pipe_file(draft, json.dumps(label, ensure_ascii=False).encode())
        if self.is_here:
            os.replace(draft, self._at(name, LABEL))
        else:
            self.fs.mv(draft, self._at(name, LABEL))

    def move(self, name: str, wanted: str) -> str:
        """Give a folder another name, or the next free one after it; returns the name it got."""
        names = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, 1000))
        free = next(each for each in names if not self.fs.exists(self._at(each)))
        if self.is_here:
            os.rename(self._at(name), self._at(free))
            return free
        self._in_order(name, lambda path, file: self._copy(path, self._at(free, file)))
        self.remove(name)
        return free

    def remove(self, name: str) -> None:
        """Remove a run folder; half removed it is no run any more."""
        if self.fs.exists(self._at(name, MARK)):
            self.fs.rm_file(self._at(name, MARK))
        self.fs.rm(self._at(name), recursive=True)

    def age_s(self, name: str) -> float:
        """Seconds since a folder was last moved or written."""
        if self.is_here:
            return time.time() - os.stat(self._at(name)).st_ctime
        return time.time() - float(self.fs.modified(self._at(name, MARK)).timestamp())

    def fetch(self, name: str, into: Path) -> Path:
        """A folder of this machine with the run: its own, or a copy under `into`, made once: a run never changes."""
        if self.is_here:
            return Path(self._at(name))
        copy = into / name
        if not (copy / MARK).is_file():
            into.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(prefix=".fetching-", dir=into))
            self._in_order(name, lambda path, file: self._get(path, draft / file))
            try:
                draft.rename(copy)
            except OSError:  # another process was faster
                shutil.rmtree(draft, ignore_errors=True)
        return copy

    def send(self, folder: Path) -> None:
        """Put a copy of a run folder of this machine here, the mark last."""
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        for path in sorted(files, key=lambda path: path.name == MARK):
            there = self._at(folder.name, path.relative_to(folder).as_posix())
            self._make_parent(there)
            self.fs.put_file(str(path), there)

    def _get(self, path: str, to: Path) -> None:
        to.parent.mkdir(parents=True, exist_ok=True)
        self.fs.get_file(path, str(to))

    def _copy(self, path: str, to: str) -> None:
        self._make_parent(to)
        self.fs.copy(path, to)

    def _make_parent(self, path: str) -> None:
        self.fs.makedirs(path.rpartition("/")[0], exist_ok=True)

    def _in_order(self, name: str, each: Callable[[str, str], Any]) -> None:
        """Call `each` with path and place within the folder of every file, the mark last."""
        root = self._at(name)
        for path in sorted((str(path) for path in self.fs.find(root)), key=lambda path: path.endswith(f"/{MARK}")):
            each(path, path.rpartition(f"{name}/")[2])

    def _found_here(self) -> dict[str, str]:
        stamps = {}
        for mark in Path(self.path).glob(f"*/{MARK}"):
            times = [_time(mark), _time(mark.with_name(LABEL))]
            stamps[mark.parent.name] = "-".join(map(str, times))
        return stamps

    def _found_elsewhere(self) -> dict[str, str]:
        """One listing of the whole, as object stores have it; what they kept of an earlier one is not trusted."""
        listed = self._listed()
        told: dict[str, dict[str, str]] = {}
        for path, info in listed.items():
            folder, file = str(path).rsplit("/", 2)[-2:]
            if file in (MARK, LABEL):
                told.setdefault(folder, {})[file] = _print(info)
        return {name: "-".join(files.get(file, "") for file in (MARK, LABEL)) for name, files in told.items()
                if MARK in files}  # fmt: skip

    def _listed(self) -> dict[str, dict[str, Any]]:
        """Every file of every run folder with what is said of it; asked again where a folder moved meanwhile."""
        for left in reversed(range(TRIES)):
            self.fs.invalidate_cache()
            try:
                # Left to itself it passes over what vanishes meanwhile, be it the whole list.
                found: dict[str, dict[str, Any]] = self.fs.find(self.path, maxdepth=2, detail=True, on_error="raise")
                return found
            except FileNotFoundError:
                if not self.fs.exists(self.path):
                    break
                if not left:
                    raise
                time.sleep(0.02)
        return {}

    def _json(self, name: str, file: str) -> dict[str, Any]:
        try:
            found = json.loads(self.fs.cat_file(self._at(name, file)))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _at(self, *names: str) -> str:
        return "/".join(filter(None, (self.path, *names)))


def _time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _print(info: dict[str, Any]) -> str:
    """A short print of what a file system says of a file: size, times, version."""
    told = {key: str(info.get(key)) for key in ("size", "mtime", "created", "LastModified", "ETag", "etag", "updated")}
    return sha256(json.dumps(told).encode()).hexdigest()[:16]
