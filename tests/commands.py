"""Runs a command of hallsite the way a user does, in a folder of its own: as a process, or in this one."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

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


def hallsite_here(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The same without a process, which takes two seconds to start: for what a command says and how it ends."""
    from hallsite.cli import app
    from hallsite.endings import ending

    out, errors, code = StringIO(), StringIO(), 0
    called = patch.object(sys, "argv", ["hallsite", *words])
    with chdir(cwd), patch.dict(os.environ, environment()), called, redirect_stdout(out), redirect_stderr(errors):
        try:
            app(list(words), prog_name="hallsite")
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else 1
        except Exception as error:
            code, message = ending(error)
            print(message, file=sys.stderr)
    return subprocess.CompletedProcess(["hallsite", *words], code, out.getvalue(), errors.getvalue())
