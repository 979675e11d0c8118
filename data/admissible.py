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
    near = within_latency(instance)
    law = lawful(instance)
    halls = hosting(instance)
    flags = near[:, :, None, None] & law & halls[:, :, None, :]
    dims = ("stream", "site", "operator_mode", "period")
    return xr.DataArray(flags, dims=dims, coords={dim: instance[dim] for dim in dims}, name="admissible")


def within_latency(instance: xr.Dataset) -> Flags:
    """Stream × site: the round trip keeps the workload's limit."""
    origin, workload = _positions(instance, "stream_origin"), _positions(instance, "stream_workload")
    round_trip = instance["round_trip"].transpose("origin", "site").to_numpy()[origin]
    near: Flags = round_trip <= instance["latency_limit"].to_numpy()[workload][:, None]
    return near


def lawful(instance: xr.Dataset) -> Flags:
    """Stream × site × operator_mode × period: the law lets the host hold the data."""
    case, host = _positions(instance, "stream_legal_case"), _positions(instance, "site_jurisdiction")
    allowed = instance["transfer_allowed"].transpose("legal_case", "jurisdiction", "operator_mode", "period")
    flags: Flags = allowed.to_numpy().astype(bool)[case[:, None], host[None, :]]
    return flags


def hosting(instance: xr.Dataset) -> Flags:
    """Stream × site × period: a hall that can host the workload stands there or may be built."""
    standing = instance["existing_halls"] > 0
    room = instance["plot_limit"] >= instance["hall_size"]
    types = room & instance["hall_type_allowed"] & instance["hall_buildable"] & instance["site_allowed"]
    usable = standing | (types & instance["open_allowed"])
    by_type = usable.transpose("hall_type", "site", "period").to_numpy().astype(np.float32)
    can_host = instance["can_host"].transpose("workload", "hall_type").to_numpy().astype(np.float32)
    by_workload: Flags = np.tensordot(can_host, by_type, axes=1) > 0
    flags: Flags = by_workload[_positions(instance, "stream_workload")]
    return flags


def unservable_streams(instance: xr.Dataset) -> list[str]:
    """Why no plan can exist, a sentence each; arithmetic shows it, nothing is solved.

    Streams that no site may serve in some period, and replicas that find too few zones; where there are
    none, loads beyond all halls that stand or may be built.
    """
    flags = admissible(instance).any("operator_mode").transpose("stream", "site", "period").to_numpy()
    demanded = instance["load"].transpose("stream", "period").to_numpy() > 0
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
        f"{round_trip[nearest]:.1f} ms away (limit {limit:.1f} ms round trip) and {reason}. "
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
    for name, rows in ((name, rows) for name, rows in groups.items() if len(rows) > 1):
        for period, year in enumerate(instance["period"].to_numpy()):
            live = [row for row in rows if demanded[row, period] and flags[row, :, period].any()]
            found = set(zone_of[flags[live, :, period].any(axis=0)]) if live else set()
            if len(found) < len(live):
                told = ", ".join(zones[sorted(found)])
                yield (
                    f"{name} keeps {len(live)} replicas in different zones, but in {year} "
                    f"all sites that may serve it lie in {told}."
                )
                break


def _beyond_all_halls(instance: xr.Dataset) -> Iterator[str]:
    """Periods whose load exceeds every hall that stands and every plot that may be built on."""
    size, share = instance["hall_size"], instance["hall_utilisation_limit"]
    standing = (instance["existing_halls"] * size * share).sum(["site", "hall_type"])
    buildable = instance["hall_buildable"] & instance["hall_type_allowed"]
    best = share.where(buildable, 0.0).max("hall_type")  # of the types a site permits, the fullest
    plots = (instance["plot_limit"] * best).where(instance["site_allowed"], 0.0)
    new = plots.where(instance["open_allowed"], 0.0).sum("site")
    load, room = instance["load"].sum("stream"), standing + new
    for year in instance["period"].to_numpy()[(load > room + 1e-6).transpose("period").to_numpy()]:
        yield (
            f"in {year} {float(load.sel(period=year)):,.0f} MW are to be served, but all halls that stand "
            f"or may be built hold {float(room.sel(period=year)):,.0f} MW."
        )


def _positions(instance: xr.Dataset, field: str) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Where the labels a text field holds stand along the dimension they name."""
    dimension = {"stream_legal_case": "legal_case", "site_jurisdiction": "jurisdiction"}.get(
        field, field.removeprefix("stream_")
    )
    where = {label: position for position, label in enumerate(instance[dimension].to_numpy())}
    return np.array([where[label] for label in instance[field].to_numpy()], dtype=np.intp)
