"""The keys of a scenario as dotted paths: which exist, what they mean, and how one is set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from data.errors import BadInput, Fault
from data.scenario.base import Section
from data.scenario.root import Scenario
from data.wording import did_you_mean, nearest

OVERRIDES = "--set"


@dataclass(frozen=True)
class Override:
    """One value set from outside the file: a dotted path and a plain YAML value."""

    path: tuple[str, ...]
    value: Any


def scenario_paths() -> dict[str, str]:
    """Every key of a scenario as a dotted path with its meaning; an open mapping ends in `.*`."""
    return dict(_paths_of(Scenario, ()))


def parse_override(text: str) -> Override:
    """Read `path=value`; the value is YAML, so 80, true, null, [2026, 2030] and text all work.

    Raises BadInput for an unknown path, naming the nearest one. The type is checked when it is applied.

    >>> parse_override("policy.carbon_price_cny_per_t=80")
    Override(path=('policy', 'carbon_price_cny_per_t'), value=80)
    """
    path, sign, value = text.partition("=")
    if not sign:
        raise BadInput([Fault(OVERRIDES, text, "has no value", "write path=value")])
    override = make_override(path.strip(), _plain_yaml(path.strip(), value))
    # A text may look like YAML (`title=2030: the year`); where the key holds text it is taken as it stands.
    if isinstance(override.value, str | None) or str not in _alternatives(_type_at(override.path)):
        return override
    return Override(override.path, value.strip())


def make_override(path: str, value: Any) -> Override:
    """An override of a known path. Raises BadInput for an unknown path, naming the nearest one."""
    keys = tuple(path.split("."))
    if _type_at(keys) is None:
        raise BadInput([Fault(OVERRIDES, path, "is not a key of a scenario", nearest_path(keys))])
    return Override(keys, value)


def overrides_from(given: Sequence[str] | Mapping[str, Any]) -> tuple[list[Override], list[Fault]]:
    """Overrides of a command line (`path=value`) or a script (path → value), and the faults of others."""
    overrides: list[Override] = []
    faults: list[Fault] = []
    items = given.items() if isinstance(given, Mapping) else ((text, None) for text in given)
    for key, value in items:
        try:
            override = make_override(key, value) if isinstance(given, Mapping) else parse_override(key)
            overrides.append(override)
        except BadInput as error:
            faults.extend(error.faults)
    return overrides, faults


def nearest_path(path: Sequence[str]) -> str:
    """What an unknown key was meant to be: a neighbour in its section, else the same word elsewhere."""
    section = section_at(path[:-1])
    if section is not None and (guess := nearest(path[-1], section.model_fields)):
        return f"did you mean {'.'.join([*path[:-1], guess])}?"
    known = [known.removesuffix(".*") for known in scenario_paths()]
    by_last_word = {name.rpartition(".")[2]: name for name in known}
    if guess := nearest(path[-1], by_last_word):
        return f"did you mean {by_last_word[guess]}?"
    return did_you_mean(".".join(path), known, "`hallsite schema` lists every key")


def apply_overrides(raw: Mapping[str, Any], overrides: Sequence[Override]) -> dict[str, Any]:
    """A copy of plain scenario data with every override put in its place; later ones win."""
    result = dict(raw)
    for override in overrides:
        result = _placed(result, override.path, override.value)
    return result


def section_at(path: Sequence[str | int]) -> type[Section] | None:
    """The section class a path leads to, when it leads to one."""
    here = _type_at(path)
    return here if isinstance(here, type) and issubclass(here, Section) else None


def _placed(raw: Any, path: tuple[str, ...], value: Any) -> Any:
    if not path:
        return value
    # A file may have put nonsense where a section belongs; validation reports it.
    inner = dict(raw) if isinstance(raw, Mapping) else {}
    return inner | {path[0]: _placed(inner.get(path[0], {}), path[1:], value)}


def _plain_yaml(path: str, text: str) -> Any:
    try:
        return YAML(typ="safe", pure=True).load(StringIO(text))
    except YAMLError as error:
        raise BadInput([Fault(OVERRIDES, path, f"{text!r} is not a YAML value", "quote the text")]) from error


def _type_at(path: Sequence[str | int]) -> Any:
    """The type of the value a path leads to, or None where it leads nowhere."""
    here: Any = Scenario
    for key in path:
        here = _step(here, key)
    return here


def _step(here: Any, key: str | int) -> Any:
    """The type found under a key of a type, or None."""
    for part in _alternatives(here):
        if isinstance(part, type) and issubclass(part, Section):
            if key in part.model_fields:
                return part.model_fields[str(key)].annotation
        elif get_origin(part) in (dict, Mapping) and isinstance(key, str):
            return get_args(part)[1]
        elif get_origin(part) in (tuple, list) and isinstance(key, int):
            return get_args(part)[0]
    return None


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, UnionType):
        return tuple(part for part in get_args(annotation) if part is not NoneType)
    return (annotation,)


def _paths_of(section: type[Section], prefix: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name, field in section.model_fields.items():
        path = (*prefix, name)
        for part in _alternatives(field.annotation):
            if isinstance(part, type) and issubclass(part, Section):
                yield from _paths_of(part, path)
                break
        else:
            opened = any(get_origin(part) in (dict, Mapping) for part in _alternatives(field.annotation))
            yield ".".join(path) + (".*" if opened else ""), field.description or ""
