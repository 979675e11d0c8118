"""What is written appears whole or not at all, and an error speaks of what was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.writing import NewFolder, replacing


def test_a_file_keeps_its_old_content_when_writing_the_new_fails(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text("old")
    with pytest.raises(UnicodeEncodeError), replacing(tmp_path / "plan.txt") as draft:
        draft.write_text("new, then what ASCII cannot hold: 中", encoding="ascii")
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("plan.txt", "old")]


def test_a_folder_that_is_not_finished_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError), NewFolder(tmp_path / "run") as draft:
        (draft / "one.txt").write_text("中", encoding="ascii")
    assert list(tmp_path.iterdir()) == []


def test_a_taken_name_gets_a_number(tmp_path: Path) -> None:
    places = []
    for content in "abc":
        folder = NewFolder(tmp_path / "runs" / "mine")
        with folder as draft:
            (draft / "file.txt").write_text(content)
        places.append(folder.place)
    assert [place.name for place in places] == ["mine", "mine-2", "mine-3"]
    assert [(place / "file.txt").read_text() for place in places] == ["a", "b", "c"]


@pytest.mark.parametrize("name", ["missing/plan.txt", "taken"])
def test_an_error_names_the_file_that_was_asked_for(tmp_path: Path, name: str) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="directory") as caught, replacing(tmp_path / name) as draft:
        draft.write_text("x")
    assert caught.value.filename == str(tmp_path / name)
    assert [file.name for file in tmp_path.iterdir()] == ["taken"]
