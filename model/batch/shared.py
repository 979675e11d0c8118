"""Instances of a sweep: what does not differ between two members is built once per process and shared."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, cast

import pandas as pd
import xarray as xr

from data.catalogue import evidence_of, evidence_table, told_together
from data.errors import BadInput
from data.evidence import names_read
from data.frame import make_setting
from data.instance import (
    Part,
    assembled,
    build_instance,
    check_instance,
    described,
    domains,
    instance_of,
    labels,
    origins_and_workloads,
    streams_of,
    with_own_figures,
)
from data.scenario import Scenario
from data.scenario.base import Section
from data.scenario.identity import own_files
from data.setting import Setting

Key = tuple[str, ...]
Reads = dict[Key, Any]
Figures = tuple[xr.Dataset, pd.DataFrame | None]  # of a part, and where they come from, when that is asked
MOST_KEPT = 32  # results of each part; memory stays flat in the number of members
ASSUMED: Key = ("assumptions",)
PLACE = frozenset({"file", "folder"})  # the same for all members of a sweep


class Watched:
    """Stands for a section of a scenario and notes which of its keys are read, with their values."""

    def __init__(self, section: Section, reads: Reads, path: Key = ()) -> None:
        self._section, self._reads, self._path = section, reads, path

    def __getattr__(self, name: str) -> Any:
        value, path = getattr(self._section, name), (*self._path, name)
        if not self._path and name in PLACE:
            return value
        if name not in type(self._section).model_fields:  # a method may read anything in its section
            self._reads[self._path] = self._section
            return value
        if isinstance(value, Section) and not self._path:
            return Watched(value, self._reads, path)
        self._reads[path] = value
        return value

    def __eq__(self, other: object) -> bool:
        self._reads[self._path] = self._section
        return bool(self._section == getattr(other, "_section", other))

    def __hash__(self) -> int:
        return id(self)


@dataclass(frozen=True)
class _Result:
    value: Any
    reads: Reads

    def holds_for(self, scenario: Scenario) -> bool:
        """Every key read when the value was made has the same value in this scenario."""
        return all(_value(scenario, path) == value for path, value in self.reads.items())


class Builder:
    """Builds instances of scenarios that share their folder, and reuses parts whose reads agree.

    A part of the data layer is a function of what it reads; so where all keys it read before are
    unchanged, it would read the same keys again and return the same figures.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], list[_Result]] = OrderedDict()

    def build(self, scenario: Scenario) -> xr.Dataset:
        """The instance, equal to data.instance.build_instance(scenario). Raises BadInput as that does."""
        try:
            return self._built(scenario, with_evidence=False)[0]
        except BadInput:
            return build_instance(scenario)  # tells the faults of all parts at once, with their lines

    def build_told(self, scenario: Scenario) -> tuple[xr.Dataset, pd.DataFrame]:
        """The same, and where its figures come from, equal to data.catalogue.evidence_table."""
        try:
            instance, evidence = self._built(scenario, with_evidence=True)
            assert evidence is not None
            return instance, evidence
        except BadInput:
            return build_told(make_setting(scenario))

    def _built(self, scenario: Scenario, with_evidence: bool) -> Figures:
        files = _files(scenario)

        def made(name: str, make: Callable[[Scenario], Any], after: _Result | None = None, about: str = "") -> _Result:
            earlier: Reads = {} if after is None else after.reads
            return self._remembered((files + about, name), scenario, make, earlier)

        frame = made("frame", make_setting)

        def setting(watched: Scenario) -> Setting:
            return replace(cast(Setting, frame.value), scenario=watched)

        def figures(name: str, part: Part, about: str = "") -> Figures:
            def make(watched: Scenario) -> Figures:
                mine = setting(watched)  # one for both: what they share is worked out once
                return part(mine), evidence_of(name)(mine) if with_evidence else None

            found: Figures = made(f"{name}, told" if with_evidence else name, make, frame, about).value
            return found

        found = {"demand": figures("demand", streams_of)}
        origins = origins_and_workloads(found["demand"][0])
        asked = {"law": "" if origins is None else sha256(origins.to_csv().encode()).hexdigest()}
        found |= {name: figures(name, part, asked.get(name, "")) for name, part in domains(origins).items()}
        whole = setting(scenario)
        parts = [labels(whole), *(fields for fields, _ in found.values())]
        instance = check_instance(described(with_own_figures(assembled(parts, whole), whole), scenario))
        told = {name: rows for name, (_, rows) in found.items() if rows is not None}
        return instance, told_together(told, whole) if with_evidence else None

    def _remembered(
        self, name: tuple[str, str], scenario: Scenario, make: Callable[[Scenario], Any], earlier: Reads
    ) -> _Result:
        kept = self._known.setdefault(name, [])
        self._known.move_to_end(name)
        for at, result in enumerate(kept):
            if result.holds_for(scenario):
                kept.append(kept.pop(at))
                return result
        reads: Reads = dict(earlier)
        with names_read() as names:
            value = make(cast(Scenario, Watched(scenario, reads)))
        reads.pop(ASSUMED, None)  # of all assumptions a part picks those it reads
        reads |= {(*ASSUMED, name): scenario.assumptions.get(name) for name in names}
        result = _Result(value, reads)
        kept.append(result)
        del kept[:-MOST_KEPT]
        while len(self._known) > 4 * MOST_KEPT:
            self._known.popitem(last=False)
        return result


def build_told(setting: Setting) -> tuple[xr.Dataset, pd.DataFrame]:
    """The instance of a setting, and where its figures come from. Raises BadInput as data.instance.instance_of."""
    return instance_of(setting), evidence_table(setting)


def _value(scenario: Scenario, path: Key) -> Any:
    value: Any = scenario
    for name in path:
        value = value.get(name) if isinstance(value, dict) else getattr(value, name)
    return value


def _files(scenario: Scenario) -> str:
    """Fingerprint of the folder and of the user's own files as they are now."""
    digest = sha256(str(scenario.folder.resolve()).encode())
    for path in own_files(scenario):
        digest.update(str(path).encode() + sha256(path.read_bytes()).digest())
    return digest.hexdigest()
