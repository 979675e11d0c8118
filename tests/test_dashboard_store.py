"""The run store: an index that can be lost, titles, deletion with undo, several processes at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xarray as xr

from dashboard.store import DESK, RunStore
from model.runs import save_run
from tests.test_model_runs import EVENTS, STUDY


@pytest.fixture
def root(tmp_path: Path, world: xr.Dataset, plan: xr.Dataset) -> Path:
    for name in ("one", "two"):
        save_run(tmp_path / name, STUDY, world, plan, EVENTS)
    return tmp_path


def ids(store: RunStore) -> set[str]:
    return {entry.id for entry in store.entries()}


def test_runs_are_found_with_what_their_folders_say(root: Path) -> None:
    entries = RunStore(root).entries()
    assert {entry.id for entry in entries} == {"one", "two"}
    assert {(entry.title, entry.objective_cny) for entry in entries} == {("A plan by hand", 2_465e6)}


def test_the_index_can_be_thrown_away_or_spoiled(root: Path) -> None:
    RunStore(root).rename("one", "The first")
    index = root / DESK / "index.sqlite"
    for path in (root / DESK).glob("index.sqlite-*"):
        path.unlink()
    index.write_bytes(b"this is no database, however long one looks at it" * 100)
    store = RunStore(root)
    assert {entry.id: entry.title for entry in store.entries()} == {"one": "The first", "two": "A plan by hand"}
    store.rebuild()
    assert ids(store) == {"one", "two"}


def test_a_title_is_kept_in_the_folder_and_an_empty_one_gives_the_first_back(root: Path) -> None:
    store = RunStore(root)
    store.rename("one", "  For the board  ")
    assert json.loads((root / "one" / "label.json").read_text())["title"] == "For the board"
    assert store.title("one") == "For the board"
    store.rename("one", "")
    assert store.title("one") == "A plan by hand"


def test_a_deleted_run_comes_back_as_it_was(root: Path) -> None:
    store = RunStore(root)
    store.rename("one", "For the board")
    before = {path.name: path.read_bytes() for path in (root / "one").iterdir()}
    store.delete("one")
    assert ids(store) == {"two"}
    assert [entry.id for entry in store.entries(deleted=True)] == ["one"]
    store.restore("one")
    assert ids(store) == {"one", "two"}
    assert {path.name: path.read_bytes() for path in (root / "one").iterdir()} == before


def test_two_desks_see_what_the_other_does(root: Path, world: xr.Dataset, plan: xr.Dataset) -> None:
    mine, yours = RunStore(root), RunStore(root)
    save_run(root / "three", STUDY, world, plan)
    assert ids(mine) == ids(yours) == {"one", "two", "three"}
    yours.delete("three")
    assert ids(mine) == {"one", "two"}
    mine.rename("two", "Renamed")
    assert yours.title("two") == "Renamed"


def test_half_a_run_and_a_path_are_no_run(root: Path) -> None:
    (root / "broken").mkdir()
    (root / "broken" / "run.json").write_text("{}")
    store = RunStore(root)
    assert ids(store) == {"one", "two"}
    for name in ("../one", str(root / "one"), "broken", ""):
        assert name not in store
        with pytest.raises(KeyError):
            store.open(name)


def test_a_run_elsewhere_is_shown_beside_the_others(root: Path, tmp_path_factory: pytest.TempPathFactory,
                                                    world: xr.Dataset, plan: xr.Dataset) -> None:  # fmt: skip
    elsewhere = save_run(tmp_path_factory.mktemp("elsewhere") / "far", STUDY, world, plan)
    assert ids(RunStore(root, [elsewhere])) == {"one", "two", "far"}


def test_an_open_run_is_kept_and_its_figures_are_worked_out_once(root: Path) -> None:
    store, calls = RunStore(root), []

    def figure(run: object) -> int:
        calls.append(run)
        return len(calls)

    run = store.open("one")
    assert store.open("one") is run
    assert [store.kept(run, figure), store.kept(run, figure)] == [1, 1]
    store.delete("one")
    store.restore("one")
    assert store.kept(store.open("one"), figure) == 2, "a run opened anew is worked out anew"
