"""A plain `pip install .` brings everything: rooms, scenarios, tables, the dashboard's assets."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.commands import REPOSITORY, environment

ROOMS = ("hallsite", "data", "model", "dashboard", "scenarios")
SIZE_LIMIT_MB = 10.0


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy, so that no earlier build in the checkout helps or harms."""
    source = tmp_path_factory.mktemp("source")
    for name in (*ROOMS, "pyproject.toml", "README.md", "LICENSE"):
        place = REPOSITORY / name
        copy = shutil.copytree if place.is_dir() else shutil.copy2
        copy(place, source / name)
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", out, source],
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return next(out.glob("*.whl"))


def test_every_module_and_every_table_and_scenario_is_in_the_wheel(wheel: Path) -> None:
    packed = set(ZipFile(wheel).namelist())
    expected = {
        path.relative_to(REPOSITORY).as_posix()
        for room in ROOMS
        for path in (REPOSITORY / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert expected - packed == set()
    assert {"data/tables/sites.csv", "data/tables/weather_bins.nc", "scenarios/guizhou.yaml"} <= packed
    assert not [name for name in packed if name.startswith("tests/")]


def test_the_shipped_catalogue_stays_within_its_size(wheel: Path) -> None:
    tables = [entry for entry in ZipFile(wheel).infolist() if entry.filename.startswith("data/tables/")]
    assert 0.5 < sum(entry.file_size for entry in tables) / 1e6 <= SIZE_LIMIT_MB


def test_the_wheel_works_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    ZipFile(wheel).extractall(installed)
    work = tmp_path / "work"
    work.mkdir()
    told = subprocess.run(
        [sys.executable, "-P", "-m", "hallsite", "check", "guizhou"],
        cwd=work,
        env=environment() | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert f"{installed}/scenarios/guizhou.yaml" in told.stdout.replace("\n", "")
    assert list(work.iterdir()) == []
