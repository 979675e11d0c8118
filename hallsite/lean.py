"""Starts commands sooner by leaving out what they never use."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, cast

WITH_DASK = ("sweep",)


def leave_out_unused(words: Sequence[str]) -> None:
    """Let xarray find no dask and no pint in this process, unless the command (its `words`) computes with dask.

    Where they are installed, xarray loads them with the first variable, and dask's scheduler with the first file
    written: a second in all, for arrays that occur nowhere here.
    """
    unused = ("pint",) if set(words[:1]) & set(WITH_DASK) else ("dask", "pint")
    for name in unused:
        if name not in sys.modules:
            sys.modules[name] = cast(Any, None)  # an import of it then fails as if it were not installed
