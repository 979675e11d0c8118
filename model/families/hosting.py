"""Which hall types hold the load a site serves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.accounts import Accounts
    from model.core import Core


def add_hosting(m: Core, _: Accounts) -> None:
    """`hosted_load[site, workload, hall_type, period]`, MW provisioned.

    `load_hosted[site, workload, period]` is Σ hosted = Σ load · share; the shares are added by whoever holds them (the
    solver's arrays, or the full model), so a user's own rows on who is served read Σ over hall types of hosted_load.
    """
    x = m.problem
    usable, wanted = x.hall_usable, _workload_can_come(m)
    fits = wanted[:, :, None, :] & x.can_host.astype(bool)[None, :, :, None] & usable[:, None, :, :]
    hosted = m.variables("hosted_load", ("site", "workload", "hall_type", "period"), fits)

    sites, works, types, periods = (x.labels(d) for d in ("site", "workload", "hall_type", "period"))
    built, kept = m.arrays["built_halls"], m.arrays["kept_halls"]
    m.rows(
        "load_hosted",
        (
            ((sites[i], works[w], periods[t]), [1.0] * len(columns), columns, 0.0, 0.0)
            for (i, w, t), columns in _along_last(hosted.swapaxes(2, 3), fits.swapaxes(2, 3))
        ),
    )
    capacity = x.hall_size * x.hall_utilisation_limit
    m.rows(
        "load_within_halls",
        (
            (
                (sites[i], types[h], periods[t]),
                [1.0] * len(columns) + [-capacity[h]] * len(halls),
                [*columns, *halls],
                None,
                0.0,
            )
            for (i, h, t), columns in _along_last(np.moveaxis(hosted, 1, 3), np.moveaxis(fits, 1, 3))
            if (halls := [v[i, h, t] for v in (built, kept) if v[i, h, t] is not None])
        ),
    )


def _along_last(variables: np.ndarray, exists: np.ndarray) -> Iterator[tuple[list[int], list[int]]]:
    """Of every place that has some along the last axis: where it is along the others, and these variables."""
    at, found = np.argwhere(exists)[:, :-1], variables[exists].tolist()
    new = np.ones(len(at), dtype=bool)
    new[1:] = (at[1:] != at[:-1]).any(axis=1)
    first = np.flatnonzero(new).tolist()
    for place, begin, end in zip(at[first].tolist(), first, [*first[1:], len(found)], strict=True):
        yield place, found[begin:end]


def _workload_can_come(m: Core) -> np.ndarray:
    """Flags, I × W × T: some stream of the workload may be served from the site."""
    x = m.problem
    by_stream: np.ndarray = np.any(x.admissible, axis=2)
    flags = np.zeros((x.size("site"), x.size("workload"), x.size("period")), dtype=bool)
    for w in range(x.size("workload")):
        flags[:, w] = by_stream[x.stream_workload_at == w].any(axis=0)
    return flags
