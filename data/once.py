"""Answers that several parts of a study ask for, worked out once for each setting."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from data.setting import Setting

Answer = TypeVar("Answer")


def once_per_setting(part: Callable[[Setting], Answer]) -> Callable[[Setting], Answer]:
    """Remember what `part` says about a setting for as long as the setting lives.

    The answer is shared: who wants to write into it takes a copy first.
    """
    known: WeakKeyDictionary[Setting, Answer] = WeakKeyDictionary()

    @wraps(part)
    def remembered(setting: Setting) -> Answer:
        if (answer := known.get(setting)) is None:
            answer = known[setting] = part(setting)
        return answer

    return remembered
