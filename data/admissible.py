"""Who may be served from where: latency, law and halls, and why a stream may have no site at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import xarray as xr

Flags = np.ndarray[Any, np.dtype[np.bool_]]


def admissible(instance: xr.Dataset) -> xr.DataArray:
    """Flags (stream, site, operator_mode, period): the site may serve the stream in that mode and period.

    Its round trip is within the workload's limit, the law lets its jurisdiction hold the data, and halls that
    can host the workload stand there or may be built.
    """
    dims = ("stream", "site", "operator_mode", "period")
    return xr.DataArray(
        admissible_flags(instance), dims=dims, coords={dim: instance[dim] for dim in dims}, name="admissible"
    )


def admissible_flags(instance: xr.Dataset) -> Flags:
    """The same without labels, stream × site × operator_mode × period."""
    near, halls = within_latency(instance), hosting(instance)
    return near[:, :, None, None] & lawful(instance) & halls[:, :, None, :]


def within_latency(instance: xr.Dataset) -> Flags:
    """Stream × site: the round trip keeps the workload's limit."""
    origin, workload = _positions(instance, "stream_origin"), _positions(instance, "stream_workload")
    limit = _values(instance, "latency_limit", "workload")
    near: Flags = _values(instance, "round_trip", "origin", "site")[origin] <= limit[workload][:, None]
    return near


def lawful(instance: xr.Dataset) -> Flags:
    """Stream × site × operator_mode × period: the law lets the host hold the data."""
    case, host = _positions(instance, "stream_legal_case"), _positions(instance, "site_jurisdiction")
    allowed = _values(instance, "transfer_allowed", "legal_case", "jurisdiction", "operator_mode", "period")
    flags: Flags = allowed.astype(bool)[case[:, None], host[None, :]]
    return flags


def hosting(instance: xr.Dataset) -> Flags:
    """Stream × site × period: a hall that can host the workload stands there or may be built."""
    room = _values(instance, "plot_limit", "site") >= _values(instance, "hall_size", "hall_type")[:, None]
    buildable = _values(instance, "hall_buildable", "hall_type").astype(bool)[:, None]
    permitted = _values(instance, "hall_type_allowed", "hall_type", "site").astype(bool)
    types = room & permitted & buildable & _values(instance, "site_allowed", "site").astype(bool)
    open_allowed = _values(instance, "open_allowed", "site", "period").astype(bool)
    standing = _values(instance, "existing_halls", "hall_type", "site", "period") > 0
    usable = (standing | (types[:, :, None] & open_allowed)).astype(np.float32)
    can_host = _values(instance, "can_host", "workload", "hall_type").astype(np.float32)
    by_workload: Flags = np.tensordot(can_host, usable, axes=1) > 0
    flags: Flags = by_workload[_positions(instance, "stream_workload")]
    return flags


def unservable_streams(instance: xr.Dataset, found: Flags | None = None) -> list[str]:
    """Why no plan can exist, a sentence each; arithmetic shows it, nothing is solved.

    Streams that no site may serve in some period, and replicas that find too few zones; where there are
    none, loads beyond all halls that stand or may be built. `found` is what `admissible_flags` tells, where known.
    """
    flags: Flags = np.any(admissible_flags(instance) if found is None else found, axis=2)
    demanded = _values(instance, "load", "stream", "period") > 0
    alone = demanded & ~flags.any(axis=1)
    sentences = [_no_site(instance, int(row), alone[row]) for row in np.flatnonzero(alone.any(axis=1))]
    sentences += _crowded_replicas(instance, flags, demanded)
    return sentences or list(_beyond_all_halls(instance))


def _no_site(instance: xr.Dataset, row: int, when: Flags) -> str:
    stream = instance["stream"].to_numpy()[row]
    period = int(np.flatnonzero(when)[0])
    here = instance.isel(stream=[row])
    near, halls = within_latency(here)[0], hosting(here)[0, :, period]
    law: Flags = np.any(lawful(here)[0, :, :, period], axis=1)
    origin, workload = str(here["stream_origin"].item()), str(here["stream_workload"].item())
    round_trip = instance["round_trip"].sel(origin=origin).to_numpy()
    limit = float(instance["latency_limit"].sel(workload=workload))
    nearest = int(np.argmin(round_trip))
    site = str(instance["site"].to_numpy()[nearest])
    years = ", ".join(str(year) for year in instance["period"].to_numpy()[when])
    reason = _reason(here, nearest, period, round_trip[nearest] <= limit, bool(law[nearest]))
    return (
        f"{stream} may be served from no site in {years}: the nearest, {site}, is "
        f"{round_trip[nearest]:.1f} ms away (limit {limit:g} ms round trip) and {reason}. "
        f"Of {near.size} sites {int(near.sum())} are near enough, {int((near & law).sum())} of these lawful, "
        f"{int((near & law & halls).sum())} of these with halls."
    )


def _reason(here: xr.Dataset, site: int, period: int, near: bool, law: bool) -> str:
    """Why one site may not serve one stream, the first of latency, law and ground that fails."""
    place = here.isel(site=site, period=period)
    if not near:
        return "that is too far"
    if not law:
        host, case = str(place["site_jurisdiction"].item()), str(here["stream_legal_case"].item())
        told = place["transfer_mechanism"].sel(legal_case=case, jurisdiction=host).isel(operator_mode=0)
        return f"the law says {told.item()} for {case} in {host}"
    if not bool(place["site_allowed"]):
        return f"no hall may be built there ({place['site_exclusion'].item() or 'excluded'})"
    if not bool(place["open_allowed"]):
        return "it cannot be open by then"
    return "no hall there can host the work"


def _crowded_replicas(instance: xr.Dataset, flags: Flags, demanded: Flags) -> Iterator[str]:
    """Replicas that need as many zones as there are replicas, and find fewer."""
    zones, zone_of = np.unique(instance["site_zone"].to_numpy().astype(str), return_inverse=True)
    origins, workloads = instance["stream_origin"].to_numpy(), instance["stream_workload"].to_numpy()
    names = [f"{origin}/{workload}" for origin, workload in zip(origins, workloads, strict=True)]
    groups: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        groups.setdefault(name, []).append(row)
    years, served = instance["period"].to_numpy(), flags & demanded[:, None]
    for name, rows in ((name, rows) for name, rows in groups.items() if len(rows) > 1):
        somewhere: Flags = np.any(served[rows], axis=0)
        live = served[rows].any(axis=1).sum(axis=0)
        found = [np.unique(zone_of[there]) for there in somewhere.T]
        for period in np.flatnonzero(live > [len(some) for some in found])[:1]:
            yield (
                f"{name} keeps {live[period]} replicas in different zones, but in {years[period]} "
                f"all sites that may serve it lie in {', '.join(zones[found[period]])}."
            )


def _beyond_all_halls(instance: xr.Dataset) -> Iterator[str]:
    """Periods whose load exceeds every hall that stands and every plot that may be built on."""
    share = _values(instance, "hall_utilisation_limit", "hall_type")
    full = _values(instance, "hall_size", "hall_type") * share
    standing = np.einsum("iht,h->t", _values(instance, "existing_halls", "site", "hall_type", "period"), full)
    buildable = _values(instance, "hall_buildable", "hall_type") & _values(
        instance, "hall_type_allowed", "site", "hall_type"
    )
    best = np.where(buildable, share, 0.0).max(axis=1)  # of the types a site permits, the fullest
    plots = np.where(_values(instance, "site_allowed", "site"), _values(instance, "plot_limit", "site") * best, 0.0)
    room = standing + plots @ _values(instance, "open_allowed", "site", "period")
    load = _values(instance, "load", "stream", "period").sum(axis=0)
    for t in np.flatnonzero(load > room + 1e-6):
        yield (
            f"in {instance['period'].to_numpy()[t]} {load[t]:,.0f} MW are to be served, but all halls that stand "
            f"or may be built hold {room[t]:,.0f} MW."
        )


def _values(instance: xr.Dataset, field: str, *dims: str) -> np.ndarray[Any, Any]:
    """A field as a plain array of these dimensions."""
    values: np.ndarray[Any, Any] = instance.variables[field].transpose(*dims).to_numpy()
    return values


def _positions(instance: xr.Dataset, field: str) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Where the labels a text field holds stand along the dimension they name."""
    dimension = {"stream_legal_case": "legal_case", "site_jurisdiction": "jurisdiction"}.get(
        field, field.removeprefix("stream_")
    )
    where = {label: position for position, label in enumerate(instance.variables[dimension].to_numpy())}
    return np.array([where[label] for label in instance.variables[field].to_numpy().ravel()], dtype=np.intp)
