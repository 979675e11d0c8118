"""Answers that several parts of a study ask for, worked out once for each setting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from data.evidence import names_read, note_read
from data.setting import Setting

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class _Known(Generic[Answer]):
    """An answer and the assumptions it was made from."""

    answer: Answer
    names: frozenset[str]


def once_per_setting(part: Callable[[Setting], Answer]) -> Callable[[Setting], Answer]:
    """Remember what `part` says about a setting for as long as the setting lives.

    Where a setting is another one with moved assumptions (`Setting.before`) and the part reads none of those,
    the other one's answer is taken. Answers are shared: who wants to write into one takes a copy first.
    """
    known: WeakKeyDictionary[Setting, _Known[Answer]] = WeakKeyDictionary()

    def asked(setting: Setting) -> _Known[Answer]:
        if (found := known.get(setting)) is None:
            before = None if setting.before is None else asked(setting.before)
            found = before if before is not None and not before.names & setting.moved else worked_out(setting)
            known[setting] = found
        return found

    def worked_out(setting: Setting) -> _Known[Answer]:
        with names_read() as names:
            answer = part(setting)
        return _Known(answer, frozenset(names))

    @wraps(part)
    def remembered(setting: Setting) -> Answer:
        found = asked(setting)
        note_read(found.names)
        return found.answer

    return remembered
