"""Designs as people write them: `path=low:high:step` and `path=a,b` on a command line, or a study file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from data.errors import BadInput, Fault, raise_faults
from data.scenario.base import Section
from data.scenario.paths import make_override, parse_override
from data.wording import did_you_mean
from model.batch.design import MOST_MEMBERS, Axis, Changes, Design, Kind

STUDY_KEYS = ("sweep:", "axes:", "members:")  # at the beginning of a line; no scenario has them


class SweepStudy(Section):
    """A study file: one scenario and the values its keys take."""

    sweep: str = Field(min_length=1, description="Short name; also the name of the result folder.")
    title: str = Field(default="", description="One line for people.")
    scenario: str = Field(description="Scenario file, relative to this one, or a name `hallsite solve` knows.")
    design: Kind = Field(default="grid", description="grid, paired, random (Latin hypercube) or list.")
    set: dict[str, Any] = Field(default={}, description="Values that hold for every member.")
    axes: dict[str, Any] = Field(
        default={}, description="By scenario key: a list, low:high:step, or low:high for a random design."
    )
    samples: int = Field(default=0, ge=0, description="Members of a random design.")
    seed: int = Field(default=0, ge=0, description="Seed of a random design.")
    members: tuple[dict[str, Any], ...] = Field(default=(), description="Members of a list, each key: value.")


@dataclass(frozen=True)
class Asked:
    """A sweep as asked for: its name, the scenario it starts from, and its design."""

    name: str
    scenario: str | Path
    design: Design


def read_study(path: Path) -> Asked:
    """The sweep a study file describes. Raises BadInput with every fault of the file."""
    try:
        raw = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise BadInput([Fault(str(path), "file", f"is not YAML ({error})", "check indentation")]) from error
    if not isinstance(raw, Mapping):
        raise BadInput([Fault(str(path), "file", "holds no keys", "start with `sweep: my-sweep`")])
    try:
        study = SweepStudy.model_validate(raw)
    except ValidationError as error:
        raise BadInput(list(_form_faults(error, path))) from error
    beside = path.parent / study.scenario
    axes, faults = [], list[Fault]()
    for key, value in study.axes.items():
        try:
            axes.append(axis_of(key, value))
        except BadInput as error:
            faults += error.faults
    for key, value in [*study.set.items(), *(pair for member in study.members for pair in member.items())]:
        try:
            make_override(key, value)
        except BadInput as error:
            faults += error.faults
    raise_faults(Fault(str(path), fault.where, fault.problem, fault.remedy) for fault in dict.fromkeys(faults))
    listed = tuple(dict(member) for member in study.members)
    design = Design(study.design, tuple(axes), dict(study.set), study.samples, study.seed, listed)
    return Asked(study.sweep, beside if beside.is_file() else study.scenario, design)


def is_study(path: Path) -> bool:
    """Whether a file is a sweep's study rather than a scenario: it has a key that only such files have."""
    if path.suffix not in (".yaml", ".yml") or not path.is_file():
        return False
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return any(line.startswith(STUDY_KEYS) for line in lines)


def read_words(words: Sequence[str], kind: Kind = "grid", samples: int = 0, seed: int = 0) -> Design:
    """A design from `path=…` texts: one value fixes a key, several or a range make it an axis.

    Raises BadInput with every fault of the texts.

    >>> read_words(["policy.carbon_price_cny_per_t=0:160:80", "sites.existing_fleet=false"]).paths
    ('policy.carbon_price_cny_per_t',)
    """
    design, faults = words_and_faults(words, kind, samples, seed)
    raise_faults(faults)
    return design


def words_and_faults(
    words: Sequence[str], kind: Kind = "grid", samples: int = 0, seed: int = 0
) -> tuple[Design, list[Fault]]:
    """The design of those texts that can be read, and what is wrong with the others."""
    axes: list[Axis] = []
    fixed: Changes = {}
    faults: list[Fault] = []
    for word in words:
        try:
            axis = _axis_of_text(*_split(word))
        except BadInput as error:
            faults += error.faults
            continue
        if axis.is_range or len(axis.values) > 1:
            axes.append(axis)
        else:
            fixed[axis.path] = axis.values[0]
    return Design(kind, tuple(axes), fixed, samples, seed), list(dict.fromkeys(faults))


def joined(design: Design, words: Design, fixed: Changes) -> Design:
    """A design with the axes and values of the command line put in place of its own of the same key."""
    theirs = {*(axis.path for axis in words.axes), *words.fixed, *fixed}
    own = tuple(axis for axis in design.axes if axis.path not in theirs)
    kept = {path: value for path, value in design.fixed.items() if path not in theirs}
    return replace(design, axes=(*own, *words.axes), fixed={**kept, **words.fixed, **fixed})


def axis_of(path: str, value: Any) -> Axis:
    """An axis from a script or a study file: values, a text as on the command line, or {low, high, whole}.

    >>> axis_of("demand.load_multiplier", "0.8:1.2:0.2").values
    (0.8, 1.0, 1.2)
    """
    make_override(path, None)  # refuses a path that no scenario has
    if isinstance(value, Mapping):
        if not {"low", "high"} <= set(value) <= {"low", "high", "whole"}:
            told = ", ".join(map(str, value))
            raise _refused(path, f"has the keys {told}", "write low, high and whole")
        ends = _numbers([value["low"], value["high"]])
        if ends is None or not np.isfinite(ends).all():
            raise _refused(path, f"runs from {value['low']} to {value['high']}", "both ends must be numbers")
        return Axis(path, (), ends[0], ends[1], bool(value.get("whole", False)))
    if isinstance(value, str):
        return _axis_of_text(path, value)
    if not isinstance(value, Iterable):
        return Axis(path, (value,))
    values = tuple(one.item() if isinstance(one, np.generic) else one for one in value)
    if not values:
        raise _refused(path, "has no values", "give at least one")
    return Axis(path, values)


def _split(word: str) -> tuple[str, str]:
    path, sign, value = word.partition("=")
    if not sign:
        raise BadInput([Fault("--set", word, "has no value", "write path=value, path=a,b or path=low:high:step")])
    return path.strip(), value.strip()


def _axis_of_text(path: str, text: str) -> Axis:
    make_override(path, None)  # refuses a path that no scenario has
    numbers = _numbers(text.split(":"))
    if numbers is not None and len(numbers) in (2, 3):
        if not np.isfinite(numbers).all():
            raise _refused(path, f"{text} does not end", "use finite numbers")
        low, high = numbers[:2]
        return Axis(path, _steps(path, text, low, high, numbers[2])) if len(numbers) == 3 else Axis(path, (), low, high)
    pieces = _pieces(text)
    if "" in pieces:
        where = "holds an empty value" if len(pieces) > 1 else "has no value"
        raise _refused(path, where, "write path=value, path=a,b or path=low:high:step; null means none")
    return Axis(path, tuple(parse_override(f"{path}={piece}").value for piece in pieces))


def _numbers(parts: Sequence[Any]) -> list[float] | None:
    try:
        return [float(part) for part in parts]
    except (TypeError, ValueError):
        return None


def _steps(path: str, text: str, low: float, high: float, step: float) -> tuple[float | int, ...]:
    """low, low + step, … up to high, which is included where a whole number of steps leads to it."""
    if step == 0:
        raise _refused(path, f"{text} has a step of 0", "write low:high:step, such as 0:200:50")
    if (high - low) / step < 0:
        raise _refused(path, f"{text} never arrives", "turn the ends round, or the sign of the step")
    if (high - low) / step >= MOST_MEMBERS:
        raise _refused(path, f"{text} has more than {MOST_MEMBERS:,} values", "take a larger step")
    count = int(np.floor((high - low) / step + 1e-9)) + 1
    values = [round(low + step * i, 12) for i in range(count)]
    whole = all(float(value).is_integer() for value in (low, step))
    return tuple(int(value) for value in values) if whole else tuple(values)


def _refused(where: str, problem: str, remedy: str) -> BadInput:
    return BadInput([Fault("the sweep", where, problem, remedy)])


def _pieces(text: str) -> list[str]:
    """Split at the commas that stand in no bracket and no quotes.

    >>> _pieces("[2021, 2022],[2023]")
    ['[2021, 2022]', '[2023]']
    """
    pieces, depth, quote = [""], 0, ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        depth += (letter in "[{") - (letter in "]}")
        if letter == "," and depth == 0 and not quote:
            pieces.append("")
        else:
            pieces[-1] += letter
    return [piece.strip() for piece in pieces]


def _form_faults(error: ValidationError, path: Path) -> Iterator[Fault]:
    for detail in error.errors():
        where = ".".join(str(part) for part in detail["loc"])
        if detail["type"] == "extra_forbidden":
            yield Fault(str(path), where, "is not a key we know", did_you_mean(where, list(SweepStudy.model_fields)))
        else:
            field = SweepStudy.model_fields.get(str(detail["loc"][0])) if detail["loc"] else None
            yield Fault(str(path), where, detail["msg"].lower(), (field and field.description) or "")
