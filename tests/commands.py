"""Runs a command of hallsite the way a user does: a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def hallsite(*words: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Exit code, output and errors of `hallsite …`; `more` adds environment variables."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "hallsite", *words],
        cwd=cwd,
        env=environment() | more,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=600,
        check=False,
    )


def environment() -> dict[str, str]:
    """The environment with this checkout on the path, so that a test needs no installation."""
    return os.environ | {"PYTHONPATH": str(REPOSITORY), "NO_COLOR": "1", "COLUMNS": "100"}
