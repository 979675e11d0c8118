"""What makes a study the same study: its values and the content of the files it names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from data.scenario.root import Scenario

FILE_SUFFIXES = (
    ".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".epw", ".gz", ".nc", ".geojson", ".json", ".gpkg", ".shp",
    ".parquet", ".yaml", ".yml",
)  # fmt: skip


def content_hash(scenario: Scenario) -> str:
    """A fingerprint (64 hex digits) of every value of a study and of the content of its own files.

    The order of keys, a default written out and the folder of the study do not matter.

    >>> content_hash(Scenario(name="a")) == content_hash(Scenario(name="a", title=""))
    True
    """
    values = json.dumps(scenario.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    digest = sha256(values.encode())
    for path in own_files(scenario):
        digest.update(path.name.encode() + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def own_files(scenario: Scenario) -> list[Path]:
    """The files a study names that exist, those of a named folder included, in a fixed order."""
    found: set[Path] = set()
    for text in texts_in(scenario.model_dump(mode="json")):
        path = scenario.folder / text
        if text.lower().endswith(FILE_SUFFIXES) and path.is_file():
            found.add(path)
        elif text.endswith("/") and path.is_dir():
            found.update(inner for inner in path.rglob("*") if inner.is_file())
    return sorted(found)


def texts_in(value: Any) -> Iterator[str]:
    """Every short text among the values: a file name is one line."""
    if isinstance(value, str):
        if value and len(value) < 500 and "\n" not in value:
            yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
