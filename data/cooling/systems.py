"""The six cooling systems by name, and the one function that evaluates any of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from data.cooling.air_systems import cave, indirect_evaporative, legacy, outside_air
from data.cooling.parts import Draw, Operation, Outdoor, Parameters
from data.cooling.water_systems import chilled_water, liquid
from data.psychrometrics import Array

System = Callable[[Outdoor, Array, Parameters, Operation], Draw]

SYSTEMS: dict[str, System] = {
    "air": outside_air,
    "evaporative": indirect_evaporative,
    "chilled_water": chilled_water,
    "liquid": liquid,
    "cave": cave,
    "legacy": legacy,
}


def facility(system: str, air: Outdoor, load: ArrayLike, p: Parameters, run: Operation) -> Draw:
    """Draw of a hall with the named system at IT load 0–1 of its capacity, per unit of that capacity.

    `air` and `load` broadcast. KeyError when the system is not in SYSTEMS.
    """
    return SYSTEMS[system](air, np.asarray(load, float), p, run)
