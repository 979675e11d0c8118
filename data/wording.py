"""Words for people who made a slip: the nearest known name."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, choices: Iterable[str], likeness: float = 0.55) -> str | None:
    """The known name most like `word`, or None when none is alike enough (0 to 1).

    >>> nearest("guian", ["gui-an", "guiyang", "bijie"])
    'gui-an'
    """
    known = {choice.lower(): choice for choice in choices}
    found = get_close_matches(word.lower(), known, n=1, cutoff=likeness)
    return known[found[0]] if found else None


def did_you_mean(word: str, choices: Iterable[str], otherwise: str = "") -> str:
    """A remedy that names the nearest choice, lists a short list of choices, or says `otherwise`."""
    known = list(choices)
    if guess := nearest(word, known):
        return f"did you mean {guess}?"
    if otherwise or len(known) > 12:
        return otherwise
    return f"use one of {', '.join(known)}"
