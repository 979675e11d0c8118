"""Sweep folders: outcomes of members, each written whole or not at all, so that a sweep can be resumed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from data.errors import BadInput, Fault
from data.scenario.reading import dump_scenario
from model.batch.design import plain
from model.batch.outcome import NEVER_BETTER
from model.batch.record import FORMAT, Record, facts_of, record_of
from model.writing import replacing

if TYPE_CHECKING:
    from model.batch.plan import SweepPlan

Array = np.ndarray[Any, Any]
FACTS, MEMBERS, PLANS, CUBE, TABLE, DECISIONS, PAGE = (
    "sweep.json", "members", "plans", "cube.nc", "members.parquet", "decisions.parquet", "sweep.html",
)  # fmt: skip


def sweep_folder(root: Path, plan: SweepPlan) -> Path:
    """Where a sweep belongs: <root>/<name>-<first 8 of its identity>; the same sweep finds it again."""
    slug = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in plan.name)[:60]
    return root / f"{slug}-{plan.identity[:8]}"


def begin(folder: Path, plan: SweepPlan) -> None:
    """Make the folder, or go on in it. Raises BadInput when it holds something else."""
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / FACTS).is_file())):
        problem, remedy = (
            "is there already and is no sweep",
            "name a new folder, or one of a sweep to go on with",
        )
        raise BadInput([Fault(str(folder), "--out", problem, remedy)])
    (folder / MEMBERS).mkdir(parents=True, exist_ok=True)
    (folder / PLANS).mkdir(exist_ok=True)
    with replacing(folder / "scenario.yaml") as draft:
        draft.write_text(dump_scenario(plan.base), encoding="utf-8")
    facts = facts_of(plan.record, datetime.now(UTC).isoformat(timespec="seconds"))
    with replacing(folder / FACTS) as draft:
        draft.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def keep(folder: Path, key: str, found: xr.Dataset) -> None:
    """Write the outcome of a member under its key; a reader never meets half of it."""
    with replacing(member_file(folder, key)) as draft:
        draft.write_text(json.dumps(as_plain(found), allow_nan=False), encoding="utf-8")


def keep_plan(folder: Path, key: str, plan: bytes) -> None:
    """Write the whole plan of a member, as packing made it, for others to start from."""
    with replacing(plan_file(folder, key)) as draft:
        draft.write_bytes(plan)


def kept_plan(folder: Path, key: str) -> bytes | None:
    """The plan of a member as keep_plan wrote it, None when it is gone."""
    file = plan_file(folder, key)
    return file.read_bytes() if file.is_file() else None


def kept(folder: Path, key: str) -> xr.Dataset | None:
    """The outcome of a member, or None while there is none (a damaged file counts as none)."""
    file = member_file(folder, key)
    try:
        return from_plain(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else None
    except (ValueError, KeyError, TypeError):
        return None


def as_plain(found: xr.Dataset) -> dict[str, Any]:
    """A small Dataset as plain JSON values; JSON because a netCDF file of many variables is slow to open."""
    return {
        "coords": {str(dim): found[dim].values.tolist() for dim in found.dims},
        "variables": {
            str(name): {
                "dims": [str(dim) for dim in variable.dims],
                "attrs": {str(key): plain(value) for key, value in variable.attrs.items()},
                "values": _without_nan(variable.values),
            }
            for name, variable in found.data_vars.items()
        },
    }


def from_plain(raw: dict[str, Any]) -> xr.Dataset:
    """The Dataset that as_plain took apart; whole numbers come back as numbers, texts as objects."""
    variables = {name: (one["dims"], _with_nan(one["values"]), one["attrs"]) for name, one in raw["variables"].items()}
    coords = {
        dim: np.array(labels, dtype=object if any(isinstance(label, str) for label in labels) else None)
        for dim, labels in raw["coords"].items()
    }
    return xr.Dataset(variables, coords=coords)


def known_members(folder: Path, keys: Iterable[str], take_over: bool = True) -> dict[str, str]:
    """Status of members that have an outcome here or in a sweep beside this one, which `take_over` copies."""
    found: dict[str, str] = {}
    beside = {file.stem: file.parent.parent for file in sorted(folder.parent.glob(f"*/{MEMBERS}/[!.]*.json"))}
    for key in dict.fromkeys(keys):
        place = folder if member_file(folder, key).is_file() else beside.get(key)
        if place is None or (outcome := kept(place, key)) is None:
            continue
        if take_over and place != folder:
            keep(folder, key, outcome)
            if (plan := kept_plan(place, key)) is not None:
                keep_plan(folder, key, plan)
        found[key] = str(outcome["status"].item())
    return found


def is_final(status: str, retry: bool = False) -> bool:
    """Whether a status stands: a lost member is tried again, with `retry` also what failed or had no time."""
    return status in NEVER_BETTER or (status in ("failed", "no_plan") and not retry)


def member_file(folder: Path, key: str) -> Path:
    """Where the outcome of a member is kept."""
    return folder / MEMBERS / f"{key}.json"


def keys_in(folder: Path) -> list[str]:
    """The members that have an outcome, in no order."""
    return [file.stem for file in (folder / MEMBERS).glob("[!.]*.json")]


def plan_file(folder: Path, key: str) -> Path:
    """Where the whole plan of a member is kept."""
    return folder / PLANS / f"{key}.npz"


def sweep_facts(folder: Path) -> dict[str, Any]:
    """sweep.json of a folder. Raises BadInput when the folder is no sweep."""
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        remedy = "`hallsite sweep show` lists the sweeps in ./sweeps"
        raise BadInput([Fault(str(folder), FACTS, "is missing or damaged", remedy)]) from error
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise BadInput([Fault(str(folder), FACTS, "has another format", f"this version reads {FORMAT!r}")])
    return facts


def read_record(folder: Path) -> Record:
    """What the sweep of a folder is made of. Raises BadInput when the folder is no sweep."""
    return record_of(sweep_facts(folder))


def sweeps_in(root: Path) -> list[Path]:
    """Every sweep folder under `root`, the one worked on last at the end."""
    marks = [mark for mark in root.glob(f"*/{FACTS}") if not mark.parent.name.startswith(".")]
    return [mark.parent for mark in sorted(marks, key=lambda mark: (mark.stat().st_mtime_ns, mark.parent.name))]


def find_sweep(words: str, root: Path = Path("sweeps")) -> Path:
    """A sweep by path, by unambiguous beginning of its name under `root`, or `last`. Raises BadInput."""
    if Path(words).is_dir():
        return Path(words)
    known = sweeps_in(root)
    if words == "last" and known:
        return known[-1]
    found = [path for path in known if path.name.startswith(words)]
    if len(found) == 1:
        return found[0]
    problem = "names no sweep" if not found else f"names {len(found)} sweeps"
    choice = ", ".join(path.name for path in (found or known)[-5:]) or "none yet"
    raise BadInput([Fault(f"sweep {words!r}", f"{root}/", problem, f"there are {choice}")])


def _without_nan(values: Array) -> Any:
    if values.dtype.kind == "f":
        known = values.astype(object)
        known[~np.isfinite(values)] = None
        return known.tolist()
    return values.tolist()


def _with_nan(values: Any) -> Array:
    found = np.array(values, dtype=object)
    is_text = any(isinstance(value, str) for value in found.ravel())
    return found if is_text else found.astype(float)
