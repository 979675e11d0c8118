"""Scenario files: finding, reading with every fault named by its line, and writing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from data.errors import BadInput, Fault
from data.scenario.paths import OVERRIDES, apply_overrides, nearest_path, overrides_from, section_at
from data.scenario.root import Scenario
from data.wording import did_you_mean

SUFFIXES = (".yaml", ".yml")
Location = tuple[str | int, ...]


@dataclass(frozen=True)
class _Source:
    """Where a value came from: the file with its lines, or an override."""

    file: str
    lines: CommentedMap
    overridden: tuple[tuple[str, ...], ...] = ()

    def fault(self, path: Location, problem: str, remedy: str, at: Location | None = None) -> Fault:
        """A fault at a key; `at` is the key in the file when it differs (a key that is not there)."""
        named = path[:-1] if path and isinstance(path[-1], int) else path  # the value tells which of a list
        key = ".".join(str(part) for part in named)
        if any(path[: len(known)] == known or known[: len(path)] == path for known in self.overridden):
            return Fault(OVERRIDES, key or "scenario", problem, remedy)
        line = _line(self.lines, path if at is None else at)
        return Fault(self.file, f"line {line}, {key}" if line and key else key or "scenario", problem, remedy)


def find_scenario(path_or_name: str | Path) -> Path:
    """The file meant by a path, or by a name: looked up in ./scenarios, then among the shipped ones.

    Raises BadInput when there is no such file, naming the nearest scenario.
    """
    given = Path(path_or_name)
    if isinstance(path_or_name, Path) or given.suffix in SUFFIXES or len(given.parts) > 1:
        if given.is_file():
            return given
        raise BadInput([Fault(str(given), "file", "does not exist", "check the path, or name a shipped scenario")])
    for folder in (Path("scenarios"), _shipped_folder()):
        for place in _places(str(path_or_name)):
            if (folder / place).is_file():
                return folder / place
    remedy = did_you_mean(str(path_or_name), shipped_scenarios())
    raise BadInput([Fault("scenario", str(path_or_name), "is no scenario in ./scenarios and none of ours", remedy)])


def shipped_scenarios() -> list[str]:
    """Names of the scenarios that come with the package."""
    folder = _shipped_folder()
    own = [path.parent.name.replace("_", "-") for path in folder.glob("*/*.yaml") if path.stem == path.parent.name]
    return sorted([path.stem for path in folder.glob("*.yaml")] + own)


def read_scenario(path_or_name: str | Path, overrides: Sequence[str] | Mapping[str, Any] = ()) -> Scenario:
    """The study a YAML file describes, with `path=value` overrides applied; `scenario.file` says which file.

    Raises BadInput with every fault of the file, the overrides and the ids they name, each with its line.
    """
    path = find_scenario(path_or_name)
    lines = _read_yaml(path)
    changes, faults = overrides_from(overrides)
    source = _Source(str(path), lines, tuple(change.path for change in changes))
    return _validated(apply_overrides(_plain(lines), changes), source, faults, path)


def with_overrides(scenario: Scenario, overrides: Sequence[str] | Mapping[str, Any]) -> Scenario:
    """The same study with some values changed. Raises BadInput with every fault of the changes."""
    changes, faults = overrides_from(overrides)
    raw = apply_overrides(scenario.model_dump(exclude_unset=True), changes)
    source = _Source(str(scenario.file or scenario.name), CommentedMap(), tuple(change.path for change in changes))
    return _validated(raw, source, faults, scenario.file)


def located(faults: Iterable[Fault], scenario: Scenario) -> list[Fault]:
    """Faults of a scenario found later (file `scenario`, place a dotted key), with its file and the line."""
    if scenario.file is None or not scenario.file.is_file():
        return list(faults)
    lines = _read_yaml(scenario.file)
    return [_at_line(fault, str(scenario.file), lines) for fault in faults]


def dump_scenario(scenario: Scenario) -> str:
    """The study as YAML with every value written out, defaults included."""
    writer: Any = YAML(typ="safe", pure=True)
    writer.default_flow_style, writer.sort_base_mapping_type_on_output = None, False
    writer.allow_unicode, writer.width = True, 110
    stream = StringIO()
    writer.dump(scenario.model_dump(mode="json"), stream)
    return stream.getvalue()


def json_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Scenario.model_json_schema()}


def _validated(raw: dict[str, Any], source: _Source, faults: list[Fault], path: Path | None) -> Scenario:
    """The scenario, or BadInput with the faults of its form and of the ids in what is left of it."""
    from data.checking import check_scenario  # the domain tables are only needed here

    scenario: Scenario | None
    try:
        scenario = Scenario.model_validate(raw)
    except ValidationError as error:
        faults = [*faults, *_form_faults(error, source)]
        scenario = _what_is_left(raw, error)
    if scenario is not None:
        scenario = scenario.placed(path)
        faults += [_with_line(fault, source) for fault in check_scenario(scenario)]
    if faults or scenario is None:
        raise BadInput(faults)
    return scenario


def _form_faults(error: ValidationError, source: _Source) -> Iterator[Fault]:
    for detail in error.errors():
        path: Location = detail["loc"]
        if detail["type"] == "extra_forbidden":
            yield source.fault(path, "is not a key we know", nearest_path([str(part) for part in path]))
        elif detail["type"] == "missing":
            yield source.fault(path, "is missing", _meaning(path), at=path[:-1])
        else:
            message = detail["msg"].removeprefix("Value error, ").removeprefix("Input ").split(", unable")[0]
            told = "" if isinstance(detail["input"], Mapping) else f"{_shown(detail['input'])} "
            yield source.fault(path, f"{told}{message}", _meaning(path))


def _meaning(path: Location) -> str:
    """What the innermost described key on a path is for."""
    for length in range(len(path), 0, -1):
        section = section_at(path[: length - 1])
        if section is not None and str(path[length - 1]) in section.model_fields:
            return section.model_fields[str(path[length - 1])].description or ""
    return ""


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _what_is_left(raw: dict[str, Any], error: ValidationError) -> Scenario | None:
    """The scenario without its faulty keys, so that the ids in the rest can still be checked."""
    rest: Any = {"name": "unnamed", **raw}
    for detail in error.errors():
        if detail["type"] != "missing":
            rest = _without(rest, detail["loc"])
    try:
        return Scenario.model_validate(rest)
    except ValidationError:
        return None


def _without(raw: Any, path: Location) -> Any:
    """A copy of `raw` without the mapping key that leads to `path`; a faulty list goes as a whole."""
    if not isinstance(raw, Mapping) or not path or path[0] not in raw:
        return raw
    key, inner = str(path[0]), raw[str(path[0])]
    if len(path) == 1 or not isinstance(inner, Mapping):
        return {name: value for name, value in raw.items() if name != key}
    return {**raw, key: _without(inner, path[1:])}


def _with_line(fault: Fault, source: _Source) -> Fault:
    """A fault of the scenario gets its line; a fault of another file stays as it is."""
    if fault.file != "scenario":
        return fault
    return source.fault(_keys(fault.where), fault.problem, fault.remedy)


def _at_line(fault: Fault, file: str, lines: CommentedMap) -> Fault:
    if fault.file != "scenario":
        return fault
    line = _line(lines, _keys(fault.where.split(" ")[0]))
    return replace(fault, file=file, where=f"line {line}, {fault.where}" if line else fault.where)


def _keys(dotted: str) -> Location:
    return tuple(int(part) if part.isdigit() else part for part in dotted.split("."))


def _read_yaml(path: Path) -> CommentedMap:
    try:
        content = YAML(typ="rt", pure=True).load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = (error.problem or "is not YAML").splitlines()[0]
        raise BadInput([Fault(str(path), f"line {line}", problem, "check indentation, colons and quotes")]) from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise BadInput([Fault(str(path), "file", "is not YAML text in UTF-8", "save it as UTF-8")]) from error
    if not isinstance(content, CommentedMap):
        raise BadInput([Fault(str(path), "file", "holds no keys", "start with `name: my-study`")])
    return content


def _plain(value: Any) -> Any:
    """YAML values without their comments and styles."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value


def _line(lines: Any, path: Location) -> int | None:
    """Line (from 1) of the deepest part of a path the file has."""
    found = None
    for key in path:
        if isinstance(lines, CommentedMap) and key in lines:
            found = lines.lc.key(key)[0] + 1
        elif isinstance(lines, CommentedSeq) and isinstance(key, int) and key < len(lines):
            found = lines.lc.item(key)[0] + 1
        else:
            break
        lines = lines[key]
    return found


def _places(name: str) -> tuple[str, ...]:
    folder = name.replace("-", "_")
    return (f"{name}.yaml", f"{name}.yml", f"{folder}/{folder}.yaml", f"{name}/{name}.yaml")


def _shipped_folder() -> Path:
    return Path(str(files("scenarios")))
