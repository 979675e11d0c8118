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
    from dashboard.pages import study_modules

    files = sorted(f"{__name__}.{module.name}" for module in iter_modules(__path__))
    found: dict[str, Pair] = {}
    for name in [*files, *study_modules()]:
        own = _words_of(name)
        if twice := found.keys() & own.keys():
            raise ValueError(f"{name} repeats {sorted(twice)}")
        found |= own
    return found


def _words_of(name: str) -> dict[str, Pair]:
    """The words of a file; the headings that the page of a study brings are among its words."""
    from dashboard.words.columns import headings

    module = import_module(name)
    own: dict[str, Pair] = module.WORDS
    return own if name.startswith(__name__) else own | headings(getattr(module, "COLUMNS", {}))


def text(language: str, key: str, **values: object) -> str:
    """The string of a key with its values filled in. Raises KeyError for a key nobody wrote."""
    sentence = words()[key][LANGUAGES.index(language)]
    return sentence.format(**values) if values else sentence
