"""What a search knew of its periods as bytes in the solution, for the next one to begin from."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

import numpy as np

from model.cuts import Cuts
from model.problem import Problem
from model.solver.carry import BASIC, Trace

Array = np.ndarray[Any, Any]
DIMS = ("site", "hall_type", "workload", "origin", "stream", "energy_source", "slice", "hydro_year", "operator_mode")
PLAIN = ("demand", "elastic", "export")
PAIRS = ("rows", "strong")


def packed(traces: dict[int, Trace], x: Problem) -> Array:
    """The traces as bytes; shares by site and operator mode, since hosts differ from study to study."""
    found: dict[str, Array] = {"labels": np.array([_labels(x)])}
    for t, trace in traces.items():
        of = f"{x.labels('period')[t]}/"
        found |= {f"{of}core/{name}": status for name, status in trace.core.items()}
        found |= {of + name: getattr(trace, name) for name in PLAIN}
        for name in PAIRS:
            found[f"{of}{name}/key"], found[f"{of}{name}/status"] = getattr(trace, name)
        keys, found[f"{of}shares/status"] = trace.shares
        found[f"{of}shares/key"] = np.column_stack([keys[:, 0], x.host_site[keys[:, 1]], x.host_mode[keys[:, 1]]])
        for kind, (keys, status) in trace.gates.items():
            found[f"{of}gates/{kind}/key"], found[f"{of}gates/{kind}/status"] = keys, status
        for name, (every, status) in trace.cuts.items():
            # Those that bind: of the others each solve would add more, from start to start.
            cuts, here = every.chosen(status != BASIC), f"{of}cuts/{name}/"
            found[here + "site"], found[here + "status"] = cuts.site, status[status != BASIC]
            pattern = x.size("slice") * x.size("hydro_year")  # told, since none at all may bind
            found[here + "covered"] = np.packbits(cuts.covered.reshape(len(cuts), pattern), axis=1)
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **{name: _small(values) for name, values in found.items()})
    return np.frombuffer(stream.getvalue(), dtype=np.uint8)


def unpacked(told: Array, x: Problem) -> dict[int, Trace]:
    """The traces by position of the period; none where the labels are others or the bytes are damaged."""
    try:
        with np.load(io.BytesIO(told.astype(np.uint8).tobytes()), allow_pickle=False) as file:
            found = dict(file)
        if str(found.pop("labels")[0]) != _labels(x):
            return {}
        periods = {str(label): t for t, label in enumerate(x.labels("period"))}
        return {t: _trace(found, f"{label}/", x) for label, t in periods.items() if f"{label}/demand" in found}
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, IndexError):  # it is only a help
        return {}


def _trace(found: dict[str, Array], of: str, x: Problem) -> Trace:
    def named(prefix: str) -> list[str]:
        return sorted(name.removeprefix(of + prefix) for name in found if name.startswith(of + prefix))

    host = np.full((x.size("site"), x.size("operator_mode")), -1)
    host[x.host_site, x.host_mode] = np.arange(len(x.host_site))
    key, status = found[f"{of}shares/key"].astype(np.int64), found[f"{of}shares/status"]
    at = host[key[:, 1], key[:, 2]]
    shape = (x.size("slice"), x.size("hydro_year"))
    cuts = {}
    for here in sorted({name.split("/")[0] for name in named("cuts/")}):
        site = found[f"{of}cuts/{here}/site"].astype(np.int64)
        bits = np.unpackbits(found[f"{of}cuts/{here}/covered"], axis=1, count=shape[0] * shape[1])
        pattern = Cuts(site, np.zeros(len(site), np.int64), bits.astype(bool).reshape(-1, *shape))
        cuts[here] = pattern, found[f"{of}cuts/{here}/status"]
    pairs = {name: (found[f"{of}{name}/key"], found[f"{of}{name}/status"]) for name in PAIRS}
    return Trace(
        core={name: found[f"{of}core/{name}"] for name in named("core/")},
        rows=pairs["rows"],
        demand=found[f"{of}demand"],
        elastic=found[f"{of}elastic"],
        export=found[f"{of}export"],
        shares=(np.column_stack([key[:, 0], at])[at >= 0], status[at >= 0]),
        gates={
            kind: (found[f"{of}gates/{kind}/key"].astype(np.int64), found[f"{of}gates/{kind}/status"])
            for kind in sorted({name.split("/")[0] for name in named("gates/")})
        },
        strong=(pairs["strong"][0].astype(np.int64), pairs["strong"][1]),
        cuts=cuts,
    )


def _labels(x: Problem) -> str:
    """A number for everything that positions are counted along."""
    told = json.dumps([[str(label) for label in x.labels(dim)] for dim in DIMS])
    return hashlib.sha256(told.encode()).hexdigest()


def _small(values: Array) -> Array:
    """Positions in half the room."""
    return values.astype(np.int32) if values.dtype == np.int64 else values
