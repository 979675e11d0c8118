"""Every string people read, in English and Chinese: one file per page, `key: (English, Chinese)`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

LANGUAGES = ("en", "zh")
Pair = tuple[str, str]


@cache
def words() -> dict[str, Pair]:
    """All strings by key. Raises ValueError when two files claim the same key."""
    found: dict[str, Pair] = {}
    for module in sorted(iter_modules(__path__), key=lambda module: module.name):
        own: dict[str, Pair] = import_module(f"{__name__}.{module.name}").WORDS
        if twice := found.keys() & own.keys():
            raise ValueError(f"words/{module.name}.py repeats {sorted(twice)}")
        found |= own
    return found


def text(language: str, key: str, **values: object) -> str:
    """The string of a key with its values filled in. Raises KeyError for a key nobody wrote."""
    sentence = words()[key][LANGUAGES.index(language)]
    return sentence.format(**values) if values else sentence
