"""Which core columns an LP can begin without: hall types that are dearer at a site than the best for each workload."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.problem import Problem
from model.solver.compiling import Compiled

Array = np.ndarray[Any, Any]


def likely_idle(x: Problem, core: Compiled, hosting: Array) -> Array:
    """Flags of core columns likely to stay 0, from the cost of hosting (I × W × H × T)."""
    best = np.isfinite(hosting) & (hosting <= hosting.min(axis=2, keepdims=True))
    best |= (x.existing_halls > 0)[:, None]
    asleep = np.zeros(len(core.cost), dtype=bool)
    for name, used in (("hosted_load", best), ("built_halls", best.any(axis=1))):
        at = core.at[name]
        asleep[at[(at >= 0) & ~used]] = True
    asleep[core.lower > 0] = False
    return asleep
