"""Runs kept wherever fsspec reaches: seen, fetched, renamed, put aside, and sent there when solved here."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest
import xarray as xr

from dashboard.places import Place
from dashboard.store import DESK, RunStore, home_of, write_label
from data.errors import BadInput
from model.runs import save_run
from tests.commands import REPOSITORY, environment
from tests.test_model_runs import EVENTS, STUDY

SCRIPT = """
import sys
from dashboard.store import RunStore
where, mine, yours = sys.argv[1:]
for number in range(6):
    store = RunStore(where)
    store.rename(mine, f"{mine} {number}")
    store.delete(mine)
    assert mine not in store
    store.restore(mine)
    assert {entry.id for entry in store.entries()} >= {mine}, number
    assert store.title(mine) == f"{mine} {number}"
"""


@pytest.fixture
def made(tmp_path: Path, world: xr.Dataset, plan: xr.Dataset, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two runs in a folder of this machine, and a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("one", "two"):
        save_run(tmp_path / "made" / name, STUDY, world, plan, EVENTS)
    return tmp_path / "made"


@pytest.fixture(params=["memory", "dir"])
def where(request: pytest.FixtureRequest, made: Path, tmp_path: Path) -> str:
    """An address that is no folder of this machine to us, holding both runs."""
    (tmp_path / "far").mkdir()
    address = f"memory://{uuid4().hex}/plans" if request.param == "memory" else f"dir::file://{tmp_path / 'far'}"
    for folder in made.iterdir():
        Place(address).send(folder)
    return address


def ids(store: RunStore) -> set[str]:
    return {entry.id for entry in store.entries()}


def test_runs_far_away_are_listed_and_opened_like_those_at_hand(where: str, made: Path) -> None:
    store = RunStore(where)
    assert ids(store) == {"one", "two"}
    run = store.open("one")
    assert run.solution.attrs["objective_cny"] == 2_465e6
    assert run.path.name == "one"
    assert (store.folder("two") / "solution.nc").read_bytes() == (made / "two" / "solution.nc").read_bytes()
    assert store.root == home_of(where), "the index lies on this machine"


def test_far_away_too_the_index_can_be_lost_and_deletion_undone(where: str) -> None:
    store = RunStore(where)
    store.rename("one", "For the board")
    store.delete("two")
    assert ids(store) == {"one"}
    for path in store.desk.glob("index.sqlite*"):
        path.unlink()
    again = RunStore(where)
    assert [(entry.id, entry.title) for entry in again.entries()] == [("one", "For the board")]
    assert [entry.id for entry in again.entries(deleted=True)] == ["two"]
    again.restore("two")
    assert ids(again) == {"one", "two"}


def test_half_a_run_far_away_is_none(where: str) -> None:
    place = Place(where)
    place.fs.rm_file(place._at("one", "solution.nc"))
    place.fs.rm_file(place._at("two", "run.json"))
    assert ids(RunStore(where)) == set()


def test_what_is_solved_here_is_sent_there(where: str, world: xr.Dataset, plan: xr.Dataset) -> None:
    store = RunStore(where)
    folder = save_run(store.root / "three", STUDY, world, plan, EVENTS)
    assert ids(store) == {"one", "two", "three"}, "seen at once"
    assert "three" not in Place(where).found(), "its job has not labelled it yet"
    write_label(folder, {"title": "Solved here"})
    assert store.title("three") == "Solved here"
    assert ids(store) == {"one", "two", "three"}
    assert "three" in Place(where).found()
    assert not folder.exists()
    assert store.open("three").path == store.desk / "fetched" / "three", "and need not be fetched again"


def test_a_run_at_an_address_is_shown_beside_those_at_hand(where: str, tmp_path: Path) -> None:
    assert ids(RunStore(tmp_path / "empty", [f"{where}/one"])) == {"one"}


def test_an_address_nobody_can_reach_says_what_to_do() -> None:
    with pytest.raises(BadInput, match="install the fsspec package"):
        Place("nosuchprotocol://plans")


@pytest.mark.parametrize("address", ["{made}", "dir::file://{made}"])
def test_two_processes_at_once_lose_nothing(made: Path, address: str) -> None:
    command = [sys.executable, "-c", SCRIPT, address.format(made=made)]
    both = [
        subprocess.Popen([*command, mine, yours], cwd=REPOSITORY, env=environment(), stderr=subprocess.PIPE, text=True)
        for mine, yours in (("one", "two"), ("two", "one"))
    ]
    for process in both:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    store = RunStore(address.format(made=made))
    assert {entry.id: entry.title for entry in store.entries()} == {"one": "one 5", "two": "two 5"}
    assert store.entries(deleted=True) == []


def test_a_folder_of_this_machine_keeps_its_desk_beside_its_runs(made: Path) -> None:
    assert RunStore(made).desk == made / DESK
    assert RunStore(str(made)).root == made
    assert time.time() - Place(made).age_s("one") >= 0
