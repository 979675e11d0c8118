"""Run folders: one study with its instance, its plan and how it came about, written whole or not at all."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr
from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from data.catalogue import catalogue_fingerprint, package_version
from data.errors import BadInput, Fault, raise_faults
from data.scenario import Scenario
from data.scenario.identity import content_hash
from data.scenario.reading import dump_scenario
from model.amounts import finite
from model.carried import carry_files
from model.events import Event
from model.netcdf import read_dataset, write_dataset
from model.printed import report_text
from model.writing import NewFolder

FORMAT = "hallsite run 1"
EVIDENCE = "evidence.csv"  # kept when the figures of a study are the catalogue's
PACKAGES = ("numpy", "xarray", "pyomo", "highspy")
FILES = ("scenario.yaml", "instance.nc", "solution.nc", "run.json", "log.jsonl", "report.txt")


@dataclass(frozen=True)
class Run:
    """What a run folder holds.

    meta: run.json: hashes, versions, status, money, seconds, command.
    evidence: where every figure comes from, as data.catalogue.evidence_table tells it, when it was kept.
    """

    path: Path
    scenario: Scenario
    instance: xr.Dataset
    solution: xr.Dataset
    meta: dict[str, Any]
    evidence: pd.DataFrame | None = None


def run_folder(root: Path, scenario: Scenario, started: datetime | None = None) -> Path:
    """Where a run of the scenario belongs: <root>/<name>-<UTC time>-<first 8 of its content hash>."""
    moment = started or datetime.now(UTC)
    return root / f"{_slug(scenario.name)}-{moment:%Y%m%d-%H%M%S}-{content_hash(scenario)[:8]}"


def save_run(
    path: Path | str,
    scenario: Scenario,
    instance: xr.Dataset,
    solution: xr.Dataset,
    events: Iterable[Event] = (),
    command: str = "",
    evidence: pd.DataFrame | None = None,
    report: str | None = None,
) -> Path:
    """Write a run folder and return where it is; `-2`, `-3` … is added when the name is taken.

    Files that the study names are copied into it, so that the run can be asked wherever it is moved.
    `evidence` is what data.catalogue.evidence_table tells of the study; the report then says what the bill
    rests on. `report` is the page of report.txt, where it is written already.

    The folder is written under a hidden name beside its place and renamed when complete, so that a reader
    never meets half a run. Raises OSError when the disk refuses.
    """
    folder = NewFolder(Path(path))
    with folder as draft:
        carried = carry_files(scenario, draft, {*FILES, EVIDENCE})
        (draft / "scenario.yaml").write_text(dump_scenario(carried), encoding="utf-8")
        write_dataset(draft / "instance.nc", instance)
        write_dataset(draft / "solution.nc", solution)
        (draft / "log.jsonl").write_text("".join(f"{_json_line(event)}\n" for event in events), encoding="utf-8")
        if evidence is not None:
            evidence.to_csv(draft / EVIDENCE, index=False, lineterminator="\n")
        text = report_text(instance, solution, evidence) if report is None else report
        (draft / "report.txt").write_text(text, encoding="utf-8")
        facts = _facts(scenario, solution, command)
        (draft / "run.json").write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return folder.place


def open_run(path: Path | str) -> Run:
    """Read a run folder whole into memory. Raises BadInput when it is not one, or not complete."""
    folder = Path(path)
    meta = run_facts(folder)
    return Run(
        path=folder,
        scenario=_read_scenario(folder),
        instance=read_dataset(folder / "instance.nc"),
        solution=read_dataset(folder / "solution.nc"),
        meta=meta,
        evidence=_read_evidence(folder),
    )


def run_facts(folder: Path) -> dict[str, Any]:
    """run.json of a folder, without its Datasets. Raises BadInput when the folder is not a complete run."""
    if not folder.is_dir():
        raise BadInput([Fault(str(folder), "folder", "does not exist", "`hallsite show` lists the runs in ./runs")])
    missing = [name for name in FILES if not (folder / name).is_file()]
    if "run.json" in missing:
        raise BadInput(
            [
                Fault(
                    str(folder),
                    "run.json",
                    "is missing",
                    "this is not a run folder, or one that was never finished; solve again",
                )
            ]
        )
    raise_faults(
        Fault(str(folder), name, "is missing", "the run is not complete; copy it again or solve again")
        for name in missing
    )
    return _read_facts(folder)


def find_run(words: str, root: Path = Path("runs")) -> Path:
    """A run by path, by name or unambiguous beginning of a name under `root`, or `last` for the newest."""
    if Path(words).is_dir():
        return Path(words)
    known = runs_in(root)
    if words == "last" and known:
        return known[-1]
    found = [path for path in known if path.name.startswith(words)]
    if len(found) == 1:
        return found[0]
    problem = "names no run" if not found else f"names {len(found)} runs"
    choice = ", ".join(path.name for path in (found or known)[-5:]) or "none yet"
    raise BadInput([Fault(f"run {words!r}", f"{root}/", problem, f"there are {choice}")])


def runs_in(root: Path) -> list[Path]:
    """Every finished run folder under `root`, oldest first."""
    marks = [mark for mark in root.glob("*/run.json") if not mark.parent.name.startswith(".")]
    return [mark.parent for mark in sorted(marks, key=lambda mark: (mark.stat().st_mtime_ns, mark.parent.name))]


def _facts(scenario: Scenario, solution: xr.Dataset, command: str) -> dict[str, Any]:
    attrs = solution.attrs
    return {
        "format": FORMAT,
        "name": scenario.name,
        "title": scenario.title,
        "saved": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command,
        "content_hash": content_hash(scenario),
        "catalogue": catalogue_fingerprint(),
        "versions": versions(),
        "seed": scenario.solver.seed,
        "status": str(attrs["status"]),
        "objective_cny": finite(attrs["objective_cny"]),
        "bound_cny": finite(attrs["bound_cny"]),
        "gap": finite(attrs["gap"]),
        "wall_s": finite(attrs["wall_s"]),
    }


def versions() -> dict[str, str]:
    """Versions that a result depends on."""
    return {"hallsite": package_version(), "python": platform.python_version()} | {
        package: version(package) for package in PACKAGES
    }


def _read_facts(folder: Path) -> dict[str, Any]:
    try:
        facts = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadInput([Fault(str(folder), "run.json", f"is not JSON ({error})", "solve again")]) from error
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        found = facts.get("format") if isinstance(facts, dict) else None
        raise BadInput(
            [
                Fault(
                    str(folder),
                    "run.json",
                    f"has format {found!r}, this version reads {FORMAT!r}",
                    "open it with the version of hallsite that wrote it, or solve again",
                )
            ]
        )
    return facts


def _read_evidence(folder: Path) -> pd.DataFrame | None:
    place = folder / EVIDENCE
    return pd.read_csv(place, keep_default_na=False) if place.is_file() else None


def _read_scenario(folder: Path) -> Scenario:
    text = (folder / "scenario.yaml").read_text(encoding="utf-8")
    try:
        return Scenario.model_validate(YAML(typ="safe").load(text)).placed(folder / "scenario.yaml")
    except (ValidationError, YAMLError) as error:
        raise BadInput([_foreign(folder, "scenario.yaml", str(error).splitlines()[0])]) from error


def _foreign(folder: Path, name: str, problem: str) -> Fault:
    remedy = "open it with the version of hallsite that wrote it, or solve again"
    return Fault(str(folder), name, f"cannot be read by this version ({problem})", remedy)


def _json_line(event: Event) -> str:
    tidy = {name: finite(value) if isinstance(value, float) else value for name, value in event.as_dict().items()}
    return json.dumps(tidy, ensure_ascii=False)


def _slug(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)[:60]
