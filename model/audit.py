"""Checks a plan in plain array arithmetic, from the instance and the solution alone, without the model."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from data.admissible import admissible_flags
from model.audited_bill import account_faults
from model.audited_energy import Energy, in_order, labels_of
from model.audited_limits import limit_faults

Array = np.ndarray[Any, Any]
TOLERANCE = 1e-6
UNDEFINED_WITHOUT_LOAD = "pue"


def audit(instance: xr.Dataset, solution: xr.Dataset, tolerance: float = TOLERANCE) -> list[str]:
    """What the plan breaks, a sentence each; empty when it keeps everything. Tolerance is relative to each limit."""
    if strange := _other_labels(instance, solution) or _no_numbers(solution):
        return strange
    energy = Energy.of(instance, solution)
    return [
        *_whole_and_lasting(instance, solution),
        *_served(instance, solution, tolerance),
        *_held(instance, solution, tolerance),
        *_connected(instance, solution, tolerance),
        *_lawful(instance, solution, tolerance),
        *limit_faults(instance, solution, energy, tolerance),
        *account_faults(instance, solution, energy, tolerance),
    ]


def _other_labels(instance: xr.Dataset, solution: xr.Dataset) -> list[str]:
    """Dimensions along which the plan is not about what the instance is about; all else goes by position."""
    return [
        f"the plan's labels of {dim} are not those of the instance"
        for dim in solution.dims
        if dim in instance.dims and not np.array_equal(labels_of(instance, str(dim)), labels_of(solution, str(dim)))
    ]


def _no_numbers(solution: xr.Dataset) -> list[str]:
    """Fields that are not numbers throughout: compared with a limit, they would seem to keep it."""
    faults = [
        f"{name} holds what is no finite number"
        for name, field in solution.variables.items()
        if field.dtype.kind == "f" and name != UNDEFINED_WITHOUT_LOAD and not np.isfinite(field.to_numpy()).all()
    ]
    # A plan replayed under other figures has no bound.
    return faults if np.isfinite(solution.attrs["objective_cny"]) else [*faults, "the objective is no finite number"]


def _places(ds: xr.Dataset, flags: Array, *dims: str) -> str:
    first = np.argwhere(flags)[0]
    named = ", ".join(str(labels_of(ds, dim)[i]) for dim, i in zip(dims, first, strict=True))
    more = int(flags.sum()) - 1
    return named + (f" and {more} more" if more else "")


def _whole_and_lasting(instance: xr.Dataset, solution: xr.Dataset) -> list[str]:
    """Halls are whole, stand where they may, stay, and fit the plot; existing ones never come back."""
    faults = []
    built, kept = (in_order(solution, n, "site", "hall_type", "period") for n in ("built_halls", "kept_halls"))
    is_open, steps = in_order(solution, "is_open", "site", "period"), in_order(solution, "grid_steps", "site", "period")
    for name, array in (("built_halls", built), ("kept_halls", kept), ("is_open", is_open), ("grid_steps", steps)):
        if not np.issubdtype(array.dtype, np.integer) or (array < 0).any():
            faults.append(f"{name} is not whole and non-negative")
    existing = in_order(instance, "existing_halls", "site", "hall_type", "period")
    had: Array = np.any(existing > 0, axis=(1, 2))
    size = in_order(instance, "hall_size", "hall_type")
    permitted = (
        in_order(instance, "hall_type_allowed", "site", "hall_type")
        & in_order(instance, "hall_buildable", "hall_type")[None]
        & in_order(instance, "site_allowed", "site")[:, None]
    ).astype(bool)
    can_open, forced = (in_order(instance, n, "site", "period").astype(bool) for n in ("open_allowed", "open_forced"))
    strange = (built > 0) & ~(permitted[:, :, None] & can_open[:, None])
    checks = [
        ("halls stand where their type is not permitted or the site cannot be open", strange),
        ("new halls disappear", np.diff(built, axis=2, prepend=0) < 0),
        ("existing halls come back after retirement", np.diff(kept, axis=2) > 0),
        ("more existing halls are kept than stand", kept > existing),
        ("halls stand at a site that is not open", (built > 0) & (is_open == 0)[:, None, :]),
    ]
    faults += [
        f"{text}: {_places(instance, flags, 'site', 'hall_type', 'period')}" for text, flags in checks if flags.any()
    ]
    used = (built * size[None, :, None]).sum(axis=1)
    pairs = [
        ("a site closes again", np.diff(is_open, axis=1, prepend=0) < 0),
        ("a site is open where it cannot be", (is_open > 0) & ~can_open & ~had[:, None]),
        ("a site that must be open is not", forced & (is_open == 0)),
        ("a site is open without a hall", (is_open > 0) & ~had[:, None] & (built.sum(axis=1) == 0)),
        ("halls exceed the plot", used > in_order(instance, "plot_limit", "site")[:, None] * (1 + TOLERANCE)),
        ("grid steps disappear", np.diff(steps, axis=1, prepend=0) < 0),
        ("more grid steps stand than can", steps > in_order(instance, "grid_steps_allowed", "site", "period")),
    ]
    faults += [f"{text}: {_places(instance, flags, 'site', 'period')}" for text, flags in pairs if flags.any()]
    return faults


def _shares(instance: xr.Dataset, solution: xr.Dataset) -> Array:
    """Shares as stream × site × operator_mode × period."""
    dense = np.zeros([instance.sizes[d] for d in ("stream", "site", "operator_mode", "period")])
    *at, share = (labels_of(solution, f"assignment_{n}") for n in ("stream", "site", "mode", "period", "share"))
    np.add.at(dense, tuple(at), share)
    return dense


def _served(instance: xr.Dataset, solution: xr.Dataset, tolerance: float) -> list[str]:
    """Every stream is served once, from where it may, replicas in different zones."""
    faults = []
    share = _shares(instance, solution)
    wrong = (share > tolerance) & ~admissible_flags(instance)
    if wrong.any():
        places = _places(instance, wrong, "stream", "site", "operator_mode", "period")
        faults.append(f"streams are served from where law, latency or ground forbid: {places}")
    if (share < -tolerance).any():
        faults.append("a share is negative")
    off = np.abs(share.sum(axis=(1, 2)) - 1) > tolerance
    if off.any():
        faults.append(f"streams are not served in full: {_places(instance, off, 'stream', 'period')}")
    closed = (share.sum(axis=2) > tolerance) & (in_order(solution, "is_open", "site", "period") == 0)[None]
    if closed.any():
        faults.append(f"streams are served from a closed site: {_places(instance, closed, 'stream', 'site', 'period')}")
    pairs = zip(labels_of(instance, "stream_origin"), labels_of(instance, "stream_workload"), strict=True)
    names, group, count = np.unique([f"{o}/{w}" for o, w in pairs], return_inverse=True, return_counts=True)
    zones = labels_of(instance, "site_zone").astype(str)
    several = np.flatnonzero(count[group] > 1)
    zone = (zones == np.unique(zones)[:, None]).astype(float)
    at_zone = np.zeros((len(names), len(zone), share.shape[3]))
    np.add.at(at_zone, group[several], np.einsum("dit,zi->dzt", share[several].sum(axis=2), zone, optimize=True))
    crowded = np.flatnonzero((at_zone > 1 + tolerance).any(axis=(1, 2)))
    return [*faults, *(f"replicas of {names[name]} share a zone" for name in crowded)]


def _held(instance: xr.Dataset, solution: xr.Dataset, tolerance: float) -> list[str]:
    """Hosted load is what is served, in hall types that can host it, within the halls standing."""
    faults = []
    hosted = in_order(solution, "hosted", "site", "workload", "hall_type", "period")
    load = in_order(instance, "load", "stream", "period")
    work = labels_of(instance, "stream_workload")
    by_stream = _shares(instance, solution).sum(axis=2) * load[:, None, :]
    served = np.stack([by_stream[work == w].sum(axis=0) for w in labels_of(instance, "workload")], axis=1)
    room = tolerance * max(1.0, float(load.max()))
    off = np.abs(hosted.sum(axis=2) - served) > room
    if off.any():
        faults.append(f"hosted load is not the load served: {_places(instance, off, 'site', 'workload', 'period')}")
    can = in_order(instance, "can_host", "workload", "hall_type").astype(bool)
    if ((hosted > room) & ~can[None, :, :, None]).any():
        faults.append("a workload is in a hall type that cannot host it")
    usable = in_order(instance, "hall_size", "hall_type") * in_order(instance, "hall_utilisation_limit", "hall_type")
    capacity = in_order(solution, "halls", "site", "hall_type", "period") * usable[:, None]
    over = hosted.sum(axis=1) > capacity * (1 + tolerance) + room
    if over.any():
        faults.append(f"load exceeds the halls: {_places(instance, over, 'site', 'hall_type', 'period')}")
    halls, built, kept = (
        in_order(solution, n, "site", "hall_type", "period") for n in ("halls", "built_halls", "kept_halls")
    )
    if (built + kept != halls).any():
        faults.append("halls are not the sum of new and kept halls")
    return faults


def _connected(instance: xr.Dataset, solution: xr.Dataset, tolerance: float) -> list[str]:
    """Every month's design peak is within the grid connection; contracts are within what is offered."""
    faults = []
    halls = in_order(solution, "halls", "site", "hall_type", "period")
    hosted = in_order(solution, "hosted", "site", "workload", "hall_type", "period").sum(axis=1)
    per_hall, per_load = (
        in_order(instance, f"peak_{n}", "site", "hall_type", "month") for n in ("overhead", "marginal")
    )
    peak = (np.einsum("ihm,iht->imt", per_hall, halls) + np.einsum("ihm,iht->imt", per_load, hosted)).max(axis=1)
    there, step = (in_order(instance, name, "site")[:, None] for name in ("grid_existing", "grid_step_size"))
    connection = there + step * in_order(solution, "grid_steps", "site", "period")
    over = peak > connection * (1 + tolerance) + tolerance
    if over.any():
        faults.append(f"the design peak exceeds the grid connection: {_places(instance, over, 'site', 'period')}")
    contract = in_order(solution, "contract", "site", "energy_source", "period")
    limit = in_order(instance, "contract_limit", "site", "energy_source", "period")
    limit = limit * (in_order(solution, "is_open", "site", "period") > 0)[:, None]
    if ((contract > limit * (1 + tolerance) + tolerance) | (contract < 0)).any():
        faults.append("a contract exceeds what is offered to an open site")
    return faults


def _lawful(instance: xr.Dataset, solution: xr.Dataset, tolerance: float) -> list[str]:
    """Transfer tiers recomputed from whole persons; ring-fenced hosts have their operator."""
    faults = []
    share = _shares(instance, solution)
    modes, periods = list(labels_of(instance, "operator_mode")), labels_of(instance, "period")
    if (in_order(solution, "tier", "exporter", "export_tier", "period").sum(axis=1) > 1).any():
        faults.append("an exporter is in several tiers at once")
    if "ring_fenced" in modes:
        used = share[:, :, modes.index("ring_fenced")].max(axis=0) > tolerance
        fence, places = in_order(solution, "ring_fence", "jurisdiction", "period"), labels_of(instance, "jurisdiction")
        for i, t in np.argwhere(used):
            place = str(labels_of(instance, "site_jurisdiction")[i])
            if not fence[places == place, t].any():
                site = labels_of(instance, "site")[i]
                faults.append(f"{site} is run ring-fenced without a local operator in {place}, {periods[t]}")
    for (group, period), persons in exported_persons(instance, solution).items():
        exporter = str(instance["export_group_exporter"].sel(export_group=group).item())
        tier = solution["tier"].sel(exporter=exporter, period=period).to_numpy()
        limit = float((instance["export_tier_people"].sel(export_group=group, period=period).to_numpy() * tier).sum())
        if persons > limit:
            told = f"{exporter} exports {persons:,} persons ({group}, {period})"
            faults.append(f"{told} but its tier permits {limit:,.0f}")
    return faults


def exported_persons(instance: xr.Dataset, solution: xr.Dataset) -> dict[tuple[str, int], int]:
    """Whole distinct persons exported by export group and period: per origin the largest of its streams."""
    case = {c: n for n, c in enumerate(labels_of(instance, "legal_case"))}
    place = {j: n for n, j in enumerate(labels_of(instance, "jurisdiction"))}
    groups = in_order(instance, "transfer_group", "legal_case", "jurisdiction", "operator_mode", "period")
    people = in_order(instance, "people", "stream", "period")
    origin, cases = labels_of(instance, "stream_origin"), labels_of(instance, "stream_legal_case")
    hosts = [place[j] for j in labels_of(instance, "site_jurisdiction")]
    by_stream: dict[tuple[int, str, int], float] = {}
    columns = (labels_of(solution, f"assignment_{n}") for n in ("stream", "site", "mode", "period", "share"))
    for d, i, mode, t, share in zip(*columns, strict=True):
        if group := groups[case[cases[d]], hosts[i], mode, t]:
            key = (int(d), str(group), int(t))
            by_stream[key] = by_stream.get(key, 0.0) + float(share)
    largest: dict[tuple[str, str, int], int] = {}
    for (d, group, t), share in by_stream.items():
        persons = round(float(people[d, t]) * share)
        of_origin = (str(origin[d]), group, t)
        largest[of_origin] = max(largest.get(of_origin, 0), persons)
    total: dict[tuple[str, int], int] = {}
    periods = labels_of(instance, "period")
    for (_, group, t), persons in largest.items():
        total[(group, int(periods[t]))] = total.get((group, int(periods[t])), 0) + persons
    return total
