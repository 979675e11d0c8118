"""Where words go: plans to standard output at a fixed width, progress and remarks to standard error."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

PAGE_WIDTH = 100


def page() -> Console:
    """Standard output: as wide as the terminal, or a page where it goes to a file or a pipe."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else PAGE_WIDTH
    return Console(width=width, highlight=False, markup=False, emoji=False)


def margin() -> Console:
    """Standard error, for progress and remarks."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def print_json(value: Any) -> None:
    """One JSON object on standard output and nothing else."""
    print(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))
