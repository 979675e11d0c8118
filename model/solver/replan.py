"""An earlier plan's whole decisions under new figures: each period's relaxation solved once more with them fixed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from model.solver.forward import Found
from model.solver.master import Master
from model.solver.relax import Alone, Alones
from model.solver.search import Search
from model.solver.small_plan import descended

Array = np.ndarray[Any, Any]


def replanned(search: Search, alones: Alones, guide: Array, shares: Array) -> Callable[[], Found]:
    """Begin to hold each period's whole decisions at the guide's (one a core column), as its relaxation is there.

    `shares` flags (D × K × T) who may be served from where beside those the periods know. The call returned waits, and
    tells the periods in which everyone is served so, with what they come to.
    """
    begun = alones.then(lambda one: _held(search, one, guide, shares))

    def found() -> Found:
        told = zip(alones.all(), (one.result() for one in begun), strict=True)
        return {alone.period: (alone.master, values) for alone, values in told if values is not None}

    return found


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
