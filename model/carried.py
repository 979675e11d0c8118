"""The files a study names, copied into its run folder, so that a run can be asked wherever it is moved."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path, PurePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from data.scenario import Scenario
from data.scenario.identity import FILE_SUFFIXES, texts_in

ELSEWHERE = "files"  # where a file goes whose own path cannot stand in the run folder
LONGEST = 500  # no file name is as long; the system would refuse to look for it
STUDIES = (".yaml", ".yml")


def carry_files(scenario: Scenario, folder: Path, taken: Collection[str] = ()) -> Scenario:
    """Copy every file the study names under `folder`; returns the study whose paths start from there.

    A relative path is kept as it is, so the study stays the same. A path that leads out of the study's folder,
    or whose first part is one of `taken`, goes to `files/` and is written anew. Files that are not there are
    left to whoever needs them. Raises OSError when the disk refuses.
    """
    values = scenario.model_dump(mode="json")
    moved: dict[str, str] = {}
    for text in sorted(_named(values, scenario.folder), key=lambda text: (not _stays(text, taken), text)):
        place = text if _stays(text, taken) else _free(folder, PurePath(text).name)
        _copy(scenario.folder / text, folder / place)
        if place != text:
            moved[text] = place
    placed = scenario if not moved else Scenario.model_validate(_renamed(values, moved))
    return placed.placed(folder / "scenario.yaml")


def _named(values: Any, folder: Path) -> set[str]:
    """Texts among the values that name a file; a study among them brings the files it names itself."""
    found = {text for text in texts_in(values) if _is_file(folder, text)}
    inner = {text for text in found if text.endswith(STUDIES)}
    for study in inner:
        beside = PurePath(study).parent
        found |= {str(beside / text) for text in texts_in(_read(folder / study)) if _is_file(folder / beside, text)}
    return found


def _is_file(folder: Path, text: str) -> bool:
    if not text.lower().endswith(FILE_SUFFIXES) or len(text) >= LONGEST or "\n" in text:
        return False
    return (folder / text).is_file()


def _read(study: Path) -> Any:
    try:
        return YAML(typ="safe").load(study.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError):
        return None


def _stays(text: str, taken: Collection[str]) -> bool:
    path = PurePath(text)
    return not path.is_absolute() and ".." not in path.parts and path.parts[0] not in taken


def _free(folder: Path, name: str) -> str:
    """The first numbered place in `files/` that holds nothing yet."""
    number = 1
    while (folder / ELSEWHERE / str(number)).exists():
        number += 1
    return f"{ELSEWHERE}/{number}/{name}"


def _copy(source: Path, target: Path) -> None:
    """One file; a shapefile comes with the files of its name that belong to it."""
    together = source.parent.glob(f"{source.stem}.*") if source.suffix.lower() == ".shp" else [source]
    target.parent.mkdir(parents=True, exist_ok=True)
    for file in together:
        shutil.copyfile(file, target.with_name(file.name))


def _renamed(value: Any, moved: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return moved.get(value, value)
    if isinstance(value, Mapping):
        return {key: _renamed(inner, moved) for key, inner in value.items()}
    return [_renamed(inner, moved) for inner in value] if isinstance(value, list) else value
