"""A user's own data.py or model/ beside the work is noticed and named, never imported in silence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hallsite.rooms import check_rooms
from tests.commands import environment


def in_folder(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Python started in a folder, which it then imports from first."""
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )


def test_the_rooms_of_this_checkout_are_our_own() -> None:
    check_rooms()


@pytest.mark.parametrize("name", ["data.py", "model.py", "dashboard/__init__.py", "scenarios/__init__.py"])
def test_a_shadowing_file_is_named_with_what_to_rename(tmp_path: Path, name: str) -> None:
    stranger = tmp_path / name
    stranger.parent.mkdir(exist_ok=True)
    stranger.write_text("raise SystemExit('imported by mistake')\n")
    told = in_folder(tmp_path, "-m", "hallsite", "schema")
    room = name.split("/")[0].removesuffix(".py")
    assert told.returncode == 2
    assert f"is imported as `{room}`; rename it, for instance to my_{name.split('/')[0]}" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_script_beside_a_shadowing_file_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "data.py").write_text("rows = []\n")
    (tmp_path / "study.py").write_text("import hallsite\nhallsite.read_scenario('guizhou')\n")
    told = in_folder(tmp_path, "study.py")
    assert told.returncode == 1
    assert "rename it, for instance to my_data.py" in told.stderr


def test_a_plain_folder_called_data_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sites.csv").write_text("name\n")
    assert in_folder(tmp_path, "-m", "hallsite", "schema").returncode == 0
