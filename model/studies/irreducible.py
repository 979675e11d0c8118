"""A set of requirements that cannot hold together and of which none can be spared."""

from __future__ import annotations

from collections.abc import Callable

Conflict = Callable[[list[str]], "list[str] | None"]


def irreducible(keys: list[str], conflict: Conflict) -> list[str]:
    """Keys that conflict and of which every one is needed, from keys that conflict.

    `conflict(keys)` is None where the keys can hold together, else a conflicting part of them. Keys are left out
    in halves, quarters, ... and at last one by one (deletion filter).

    >>> irreducible(list("abcdef"), lambda keys: keys if {"b", "e"} <= set(keys) else None)
    ['b', 'e']
    """
    step = max(1, len(keys) // 2)
    while True:
        at = 0
        while at < len(keys):
            rest = keys[:at] + keys[at + step :]
            found = conflict(rest)
            if found is None:
                at += step
            else:
                at = sum(key in found for key in keys[:at])  # what is before stays before
                keys = found
        if step == 1:
            return keys
        step = max(1, min(step // 2, len(keys) // 2))
