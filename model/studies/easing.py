"""Requirements of a loosened model held, let go or eased: which columns stay at zero, and which rows give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from model.studies.loosened import Loosened

Array = np.ndarray[Any, Any]
KILO = 1e-3


@dataclass(frozen=True)
class Loosening:
    """What a lever opens: columns, with upper bounds where not all of them, and a share by which a standard gives."""

    columns: Array
    upper: Array | float = np.inf
    eased: float = 0.0


Loose = Mapping[str, Loosening]


def closed(m: Loosened, keys: list[str], loose: Loose) -> Array:
    """Upper bounds of all columns while the requirements of `keys` are held."""
    upper = m.sheet.upper.copy()
    for key in keys:
        upper[kept_shut(m, key, loose)] = 0.0
    for given in loose.values():
        upper[given.columns] = np.minimum(upper[given.columns], given.upper)
    return upper


def kept_shut(m: Loosened, key: str, loose: Loose) -> Array:
    """Columns a requirement keeps at zero although its lever may have been moved."""
    given, columns = loose.get(m.requirements[key].lever), m.held[key]
    return columns if given is None else columns[~np.isin(columns, given.columns)]


def eased_matrix(m: Loosened, matrix: Any, loose: Loose) -> Any:
    """The matrix with standards eased."""
    moved = {name: given.eased for name, given in loose.items() if given.eased}
    if not moved:
        return matrix
    eased = sp.csr_array(matrix)
    for name, share in moved.items():
        _ease(m, eased, name, share)
    return sp.csc_array(eased)


def _ease(m: Loosened, matrix: Any, name: str, share: float) -> None:
    """A PUE ceiling higher by `share`, or a green share lower by that part of itself."""
    at = m.core.at
    change = np.zeros(matrix.shape[1])  # per column: IT energy, or 1 where the entry is facility energy
    hosted = at["hosted_load"]
    if name == "pue":
        energy = np.einsum("iws,s->iw", m.x.it_profile, m.x.slice_hours) * KILO
        change[hosted[hosted >= 0]] = np.broadcast_to(energy[:, :, None, None], hosted.shape)[hosted >= 0]
    else:
        for block in (at["built_halls"], at["kept_halls"], hosted):
            change[block[block >= 0]] = 1.0
    for row in m.rows["pue_ceiling" if name == "pue" else "green_share"]:
        here = slice(matrix.indptr[row], matrix.indptr[row + 1])
        entries, moved = matrix.data[here], change[matrix.indices[here]]
        # The last entry of a row may be its slack, which `change` leaves alone.
        matrix.data[here] = entries - share * (moved if name == "pue" else moved * entries)
