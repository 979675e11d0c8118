"""Starts commands sooner by leaving out what they never use."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, cast

WITH_DASK = ("sweep",)


def leave_out_dask(words: Sequence[str]) -> None:
    """Let xarray find no dask in this process, unless the command (its `words`) is one that computes with it.

    Where dask is installed, xarray loads its arrays with the first variable and its scheduler with the first file
    written: a second in all, for arrays that occur nowhere here.
    """
    if not set(words[:1]) & set(WITH_DASK) and "dask" not in sys.modules:
        sys.modules["dask"] = cast(Any, None)  # an import of it then fails as if it were not installed
