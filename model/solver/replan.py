"""An earlier plan's whole decisions under new figures: each period's relaxation solved once more with them fixed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from model.solver.forward import Found
from model.solver.master import Master
from model.solver.relax import Alone
from model.solver.search import Search
from model.solver.small_plan import descended

Array = np.ndarray[Any, Any]


def replanned(search: Search, alone: list[Alone], guide: Array, shares: Array) -> Found:
    """The periods in which the guide's whole decisions (one a core column) serve everyone, with what they come to.

    `shares` flags (D × K × T) who may be served from where beside those the periods know.
    """
    with ThreadPoolExecutor(search.progress.options.threads) as pool:
        found = list(pool.map(lambda one: _held(search, one, guide, shares), alone))
    return {one.period: (one.master, values) for one, values in zip(alone, found, strict=True) if values is not None}


def _held(search: Search, one: Alone, guide: Array, shares: Array) -> Array | None:
    """One period's values with its whole decisions at the guide's."""
    t, whole = one.period, guide[one.block.columns]
    one.master.serve_everyone()
    one.master.add_shares(shares[..., t : t + 1])
    one.master.highs.wake(_hosting(one.master, whole))
    period = Search(one.master, search.progress, None, search.stream_cost[:, t : t + 1])
    return descended(period, period.padded(whole), 0)


def _hosting(master: Master, whole: Array) -> Array:
    """Flags of the columns of load in halls that stand."""
    flags, at = np.zeros(master.highs.columns, dtype=bool), master.core.at
    stands = np.zeros(at["built_halls"].shape, dtype=bool)
    for name in ("built_halls", "kept_halls"):
        stands |= (at[name] >= 0) & (whole[np.maximum(at[name], 0)] > 0.5)
    hosted = at["hosted_load"][np.broadcast_to(stands[:, None], at["hosted_load"].shape)]
    flags[hosted[hosted >= 0]] = True
    return flags
