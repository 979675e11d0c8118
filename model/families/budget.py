"""Cash capital of a period: what is newly bought, undiscounted, within the limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from model.accounts import present

if TYPE_CHECKING:
    from model.accounts import Accounts
    from model.core import Core


def add_budget(m: Core, _: Accounts) -> None:
    """The capital limit is cash, not annuities, in million CNY."""
    x = m.problem
    if not x.has("capital_limit"):
        return
    periods = x.labels("period")
    bought = [
        (m.arrays["is_open"], np.repeat((x.land_capital + x.fibre_capital)[:, None], len(periods), axis=1)),
        (m.arrays["built_halls"], x.hall_capital),
        (m.arrays["grid_steps"], np.repeat(x.grid_step_capital[:, None], len(periods), axis=1)),
    ]

    def rows() -> Iterator[tuple[Any, ...]]:
        for t in np.flatnonzero(np.isfinite(x.capital_limit)):
            coefs: list[float] = []
            variables = []
            for array, price in bought:
                for at in np.argwhere(present(array[..., t])):
                    key = tuple(at)
                    coefs.append(float(price[(*key, t)]) / 1e6)
                    variables.append(array[(*key, t)])
                    if t > 0 and array[(*key, t - 1)] is not None:
                        coefs.append(-float(price[(*key, t)]) / 1e6)
                        variables.append(array[(*key, t - 1)])
            yield periods[t], coefs, variables, None, x.capital_limit[t] / 1e6

    m.rows("capital_within_budget", rows())
