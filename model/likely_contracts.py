"""Contracts that would be best for a load of a site's usual shape: where cuts on what contracts save are worth most.

What a contract saves less what it costs is concave in the contracts and smooth but for many small kinks: Newton's
method on a smoothed copy, less and less smooth, ends near the best in a dozen steps, for all sites at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from model.problem import Problem

Array = np.ndarray[Any, Any]
SMOOTHED = (0.3, 0.1, 0.03)  # of the load: how wide a kink is made, in turn
STEPS = 4  # of Newton's method at each
FIRST, MOST, LONGEST = 0.3, 20.0, 0.5  # MW contracted for each MW of load: to begin with, ever, in one step
LEAST = 1e-12


def usual_load(x: Problem) -> Array:
    """Facility load for a MW hosted in the mean hall, as a share of its largest slice, I × S."""
    power: Array = x.hosted_power.mean(axis=(1, 2))
    shape: Array = power / np.maximum(power.max(axis=1, keepdims=True), LEAST)
    return shape


def likely_contracts(load: Array, delivery: Array, worth: Array, price: Array) -> Array:
    """Contracts (n × E, MW) near the best for each of n loads (n × S, MW).

    `delivery` n × E × S × Y; `worth` n × S × Y, what a covered MW is worth; `price` n × E, of a contracted MW in the
    same money, infinite where there is no such contract.
    """
    offered = np.isfinite(price)
    price = np.where(offered, price, 0.0)
    contract = np.where(offered, FIRST, 0.0)
    for width in SMOOTHED:
        for _ in range(STEPS):
            gap = (load[:, :, None] - np.einsum("nesy,ne->nsy", delivery, contract)) / width
            short = 1 / (1 + np.exp(-np.clip(gap, -30, 30)))
            slope = np.einsum("nsy,nesy->ne", worth * short, delivery) - price
            bent = np.einsum("nsy,nesy->nesy", worth * short * (1 - short) / width, delivery)
            curve = np.einsum("nesy,nfsy->nef", bent, delivery)
            stuck = ~offered | ((contract <= 0) & (slope < 0)) | ((contract >= MOST) & (slope > 0))
            contract = np.clip(contract + _step(curve, slope, stuck), 0.0, MOST)
    return contract


def _step(curve: Array, slope: Array, stuck: Array) -> Array:
    """Newton's step over the contracts that are not at a limit, n × E; `curve` is minus the second derivative."""
    free = ~stuck
    both = free[:, :, None] & free[:, None, :]
    least = 1e-3 * curve.max(axis=(1, 2), keepdims=True) + LEAST
    held = np.eye(slope.shape[1]) * np.where(free[:, :, None], least, 1.0)
    step = np.linalg.solve(np.where(both, curve, 0.0) + held, np.where(free, slope, 0.0)[..., None])[..., 0]
    short: Array = np.clip(step, -LONGEST, LONGEST)
    return short
