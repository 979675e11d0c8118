"""Measurements kept in one JSON file, each with the day, the state of the code, the machine and the versions."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

KEPT = Path(__file__).with_name("measurements.json")
PACKAGES = ("highspy", "pyscipopt", "pyomo", "numpy", "scipy", "xarray")


@dataclass(frozen=True)
class Record:
    """What one entry found, and under which circumstances."""

    result: Any
    day: str
    code: str
    machine: str
    versions: str
    command: str


def circumstances(command: str, result: Any) -> Record:
    """The record of a result measured now."""
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    return Record(result, day, _code(), machine(), versions(), command)


def machine() -> str:
    """Processor, cores, memory and load when measured, in words."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if "model name" in line]
        processor = names[0] if names else processor
    memory = psutil.virtual_memory().total / 2**30
    return f"{processor}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}"


def versions() -> str:
    """Python and the packages that matter, in words."""
    found = [f"Python {platform.python_version()}"]
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} absent")
    return ", ".join(found)


def _code() -> str:
    """The commit, with a plus where files differ from it; `unknown` outside a checkout."""
    here = Path(__file__).parent
    try:
        commit = _git(here, "rev-parse", "--short", "HEAD")
        return commit + ("+" if _git(here, "status", "--porcelain", "--untracked-files=no", "--", ":/model") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def load(path: Path = KEPT) -> dict[str, Record]:
    """What is kept; nothing where there is no file."""
    if not path.is_file():
        return {}
    return {name: Record(**told) for name, told in json.loads(path.read_text(encoding="utf-8")).items()}


def save(records: dict[str, Record], path: Path = KEPT) -> None:
    """Keep all, sorted by name; a run that is cut short leaves the file as it was."""
    told = {name: vars(records[name]) for name in sorted(records)}
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(path)
