"""What is wrong with a user's input, told all at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong: `where` is a row, key or site; `remedy` says what to do about it."""

    file: str
    where: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.where}: {self.problem}{remedy}"


class BadInput(Exception):
    """Every fault of a stage in one message, grouped by file. The command line exits with 2."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = list(faults)
        files = list(dict.fromkeys(fault.file for fault in self.faults))
        super().__init__("\n".join(self._section(file) for file in files))

    def _section(self, file: str) -> str:
        lines = [f"- {fault}" for fault in self.faults if fault.file == file]
        return "\n".join([f"{file} cannot be used:", *lines])

    def __reduce__(self) -> tuple[type[BadInput], tuple[list[Fault]]]:
        return (BadInput, (self.faults,))


def raise_faults(faults: Iterable[Fault]) -> None:
    """Raise BadInput when there is at least one fault."""
    if found := list(faults):
        raise BadInput(found)
