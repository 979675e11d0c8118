"""The report on conflicts in sentences, and what to write into a scenario to repair it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import xarray as xr

from model.amounts import money, percent


def conflicts_text(study: xr.Dataset) -> str:
    """The report in sentences."""
    return "\n".join([*_what_conflicts(study), *_ways(study)])


def _what_conflicts(study: xr.Dataset) -> Iterator[str]:
    status = study.attrs["status"]
    if status == "feasible":
        yield "A plan exists: all requirements can hold together."
        return
    if status == "unknown":
        yield f"Not settled within {study.attrs['seconds']:.0f} s: no conflict was proved, and no plan was found."
        return
    for n in range(study.sizes["conflict"]):
        mine = study["sentence"].values[study["conflict_of"].values == n]
        yield (
            "No plan can exist: these requirements cannot hold together."
            if n == 0
            else "And apart from that, neither can these:"
        )
        if not len(mine):
            yield "- what the study takes for granted; no requirement that could be lifted explains it"
        yield from (f"- {sentence}" for sentence in mine)
        if alike := int(study["alike"][n]):
            yield f"  ({alike} other stream{'s are' if alike > 1 else ' is'} in the same position.)"
        yield (
            "  Checked: any fewer of them can hold together."
            if bool(study["irreducible"][n]) and len(mine) > 1
            else "  It cannot be kept whatever else is given up."
            if bool(study["irreducible"][n])
            else "  Not all could be checked in time: some of them may be spared."
        )


def _ways(study: xr.Dataset) -> Iterator[str]:
    if study.attrs["status"] != "infeasible":
        return
    if not study.sizes["repair"]:
        yield "No repair was found in the time given."
        return
    yield "Ways out, the cheapest first:"
    for n in range(study.sizes["repair"]):
        yield f"{n + 1}. {_priced(study.isel(repair=n))}"
        if keys := json.loads(study["changes"].values[n]):
            yield from (f"     {line}" for line in snippet(keys).splitlines())
    if study.attrs["base"]:
        yield (
            f"Prices compare with {study.attrs['base']} ({money(study.attrs['base_cny'])}, "
            f"gap {percent(study.attrs['base_gap'])}); a price is known to within both gaps."
        )


def _priced(repair: xr.Dataset) -> str:
    text, cost, price = str(repair["repair_text"].item()), float(repair["cost_cny"]), float(repair["price_cny"])
    if not np.isfinite(cost):
        return f"{text}: a plan exists; not priced in time."
    about = f"gap {percent(float(repair['gap']))}"
    if float(repair["serves"]) < 1:
        return f"{text}: the plan costs {money(cost)} ({about}), for less."
    if not np.isfinite(price):
        return f"{text}: the plan costs {money(cost)} ({about})."
    more = "no dearer" if price < 1 else f"+{money(price)}"
    return f"{text}: {more}, a plan of {money(cost)} ({about})."


def snippet(changes: dict[str, Any]) -> str:
    """The changes as lines of a scenario file.

    >>> print(snippet({"sites.forbid": ["tianjin"], "demand.latency_limit_ms.enterprise": 4.0}))
    sites: {forbid: [tianjin]}
    demand: {latency_limit_ms: {enterprise: 4.0}}
    """
    tree: dict[str, Any] = {}
    for path, value in changes.items():
        here, keys = tree, path.split(".")
        for key in keys[:-1]:
            here = here.setdefault(key, {})
        here[keys[-1]] = value
    return "\n".join(f"{key}: {_flow(value)}" for key, value in tree.items())


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    return json.dumps(value) if not isinstance(value, str) else value
