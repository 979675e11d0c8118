"""Memory that was freed, given back: the C library otherwise keeps what each search of HiGHS freed, in every thread."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Return free memory to the system; nothing where the C library has no such call."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:
        trim(0)
