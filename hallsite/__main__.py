"""Starts the command line: `hallsite …` or `python -m hallsite …`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run a command; whatever goes wrong is told on standard error with the exit code that belongs to it."""
    from hallsite.endings import ending

    try:
        from hallsite.rooms import check_rooms

        check_rooms()
        from hallsite.lean import leave_out_unused

        leave_out_unused(sys.argv[1:])
        from hallsite.cli import app

        app(prog_name="hallsite")
    except Exception as error:
        code, message = ending(error)
        if message:
            print(message, file=sys.stderr)
        raise SystemExit(code) from None


if __name__ == "__main__":
    main()
