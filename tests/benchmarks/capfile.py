"""Reads OR-Library `cap` files: warehouses with capacity and fixed cost, customers with demand and costs.

The format is a stream of words, line breaks anywhere: m n, then m pairs (capacity, fixed cost), then per customer its
demand and m costs of serving all of it. In some files a capacity is the word `capacity`, to be given by the reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.errors import BadInput, Fault

Array = np.ndarray[Any, Any]
FORMAT = "expected: m n, then m pairs (capacity, fixed cost), then n times a demand and m costs"


@dataclass(frozen=True)
class Warehouses:
    """A capacitated warehouse location problem; m warehouses, n customers, money and goods in units of the file."""

    capacity: Array  # m
    fixed_cost: Array  # m
    demand: Array  # n
    serving_cost: Array  # n × m, for all of a customer's demand


def read_cap_file(path: Path, capacity: float | None = None) -> Warehouses:
    """The problem in a file; `capacity` stands where the file says the word. Raises BadInput with what is wrong."""
    file = str(path)

    def wrong(where: str, problem: str, remedy: str = FORMAT) -> BadInput:
        return BadInput([Fault(file, where, problem, remedy)])

    try:
        words = path.read_text(encoding="ascii").split()
    except OSError as error:
        raise wrong("the file", f"cannot be read ({error.strerror})", "check the path") from error
    except UnicodeDecodeError as error:
        raise wrong("the file", "is not plain text") from error
    if len(words) < 2:
        raise wrong("the file", f"has {len(words)} words" if words else "is empty")
    if not (words[0].isdigit() and words[1].isdigit() and int(words[0]) > 0 and int(words[1]) > 0):
        raise wrong("the first two words", f"are {words[0]!r} and {words[1]!r}, not two counts above zero")
    m, n = int(words[0]), int(words[1])
    expected = 2 + 2 * m + n * (m + 1)
    if len(words) != expected:
        told = f"{m} warehouses and {n} customers take {expected} words, the file has {len(words)}"
        raise wrong("the file", f"is {'too short' if len(words) < expected else 'too long'}: {told}")
    said = [at for at in range(2, 2 + 2 * m, 2) if words[at].lower() == "capacity"]
    if said and capacity is None:
        raise wrong(
            f"warehouse {(said[0] - 2) // 2 + 1}", "has the word 'capacity' for a number", "give it with --capacity"
        )
    for at in said:
        words[at] = repr(capacity)
    numbers = _numbers(words, m, wrong)
    pairs, rows = numbers[2 : 2 + 2 * m].reshape(m, 2), numbers[2 + 2 * m :].reshape(n, m + 1)
    found = Warehouses(pairs[:, 0], pairs[:, 1], rows[:, 0], rows[:, 1:])
    if (negative := np.flatnonzero(numbers < 0)).size:
        raise wrong(_place(int(negative[0]), m), f"is {words[negative[0]]}, below zero")
    return found


def _numbers(words: list[str], m: int, wrong: Any) -> Array:
    """All words as finite numbers (Fortran's 1.5D3 too)."""
    try:
        numbers = np.array([float(word.replace("D", "E").replace("d", "e")) for word in words])
    except ValueError:
        at = next(i for i, word in enumerate(words) if not _is_number(word))
        raise wrong(_place(at, m), f"is {words[at]!r}, not a number") from None
    if (odd := np.flatnonzero(~np.isfinite(numbers))).size:
        raise wrong(_place(int(odd[0]), m), f"is {words[odd[0]]!r}, not a finite number")
    return numbers


def _is_number(word: str) -> bool:
    try:
        float(word.replace("D", "E").replace("d", "e"))
    except ValueError:
        return False
    return True


def _place(at: int, m: int) -> str:
    """What the word at a position should be, in words."""
    if at < 2 + 2 * m:
        return f"{('capacity', 'fixed cost')[at % 2]} of warehouse {(at - 2) // 2 + 1}"
    customer, column = divmod(at - 2 - 2 * m, m + 1)
    return f"demand of customer {customer + 1}" if column == 0 else f"cost of customer {customer + 1} at {column}"
