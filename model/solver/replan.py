"""An earlier plan's whole decisions under new figures: each period's relaxation solved once more with them fixed."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.solver.forward import keeps_ties, together
from model.solver.master import Master
from model.solver.relax import Alone
from model.solver.search import Search
from model.solver.small_plan import descended

Array = np.ndarray[Any, Any]


def replanned(search: Search, alone: list[Alone], guide: Array, shares: Array) -> Array | None:
    """The plan with the guide's whole decisions (one a core column), or None where they serve not everyone any more.

    `shares` flags (D × K × T) who may be served from where beside those the periods know.
    """
    known = np.zeros(len(guide))
    found: dict[int, tuple[Master, Array]] = {}
    for one in alone:
        t, columns = one.period, one.block.columns
        one.master.serve_everyone()
        one.master.add_shares(shares[..., t : t + 1])
        one.master.highs.wake(_hosting(one.master, guide[columns]))
        period = Search(one.master, search.progress, None, search.stream_cost[:, t : t + 1])
        values = descended(period, period.padded(guide[columns]), 0)
        if values is None:
            return None
        known[columns] = values[: len(columns)]
        found[t] = one.master, values
    assert search.split is not None
    return together(search.master, known, found) if keeps_ties(search.split, known) else None


def _hosting(master: Master, whole: Array) -> Array:
    """Flags of the columns of load in halls that stand."""
    flags, at = np.zeros(master.highs.columns, dtype=bool), master.core.at
    stands = np.zeros(at["built_halls"].shape, dtype=bool)
    for name in ("built_halls", "kept_halls"):
        stands |= (at[name] >= 0) & (whole[np.maximum(at[name], 0)] > 0.5)
    hosted = at["hosted_load"][np.broadcast_to(stands[:, None], at["hosted_load"].shape)]
    flags[hosted[hosted >= 0]] = True
    return flags
