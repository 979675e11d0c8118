"""Export groups: persons of one exporter that are counted together against the same thresholds."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from data.law.classes import TIERS
from data.law.tiers import MANY_PEOPLE, Limits


@dataclass
class Group:
    """One group; a period in which no member is counted has no limits of its own yet."""

    id: str
    exporter: str
    kind: str
    limits: list[Limits | None]

    def accepts(self, exporter: str, kind: str, limits: Sequence[Limits | None]) -> bool:
        """Whether the thresholds agree in every period in which both have some."""
        return (exporter, kind) == (self.exporter, self.kind) and all(
            mine is None or theirs is None or mine == theirs for mine, theirs in zip(self.limits, limits, strict=True)
        )

    def take(self, limits: Sequence[Limits | None]) -> None:
        """Fill the periods that had no limits."""
        self.limits = [theirs if mine is None else mine for mine, theirs in zip(self.limits, limits, strict=True)]


@dataclass
class Groups:
    """All groups of a study, and which group each transfer counts to."""

    members: dict[Hashable, Group] = field(default_factory=dict)
    found: dict[str, Group] = field(default_factory=dict)

    def join(self, member: Hashable, exporter: str, kind: str, limits: Sequence[Limits | None]) -> None:
        """Let a transfer count to the group with its thresholds; a transfer without thresholds joins none."""
        if all(limit is None for limit in limits):
            return
        for group in self.found.values():
            if group.accepts(exporter, kind, limits):
                group.take(limits)
                self.members[member] = group
                return
        alike = sum((group.exporter, group.kind) == (exporter, kind) for group in self.found.values())
        name = f"{exporter}/{kind}" + (f"/{alike + 1}" if alike else "")
        self.found[name] = Group(name, exporter, kind, list(limits))
        self.members[member] = self.found[name]

    @property
    def ids(self) -> list[str]:
        return list(self.found)

    def of(self, *member: Hashable) -> str:
        """Id of the group a transfer counts to."""
        return self.members[member].id

    def exporter(self, group: str) -> str:
        return self.found[group].exporter

    def limits(self, group: str) -> list[Limits]:
        """Most persons by period and tier; a period in which nobody is counted admits any number."""
        return [(MANY_PEOPLE,) * TIERS if limit is None else limit for limit in self.found[group].limits]
