"""Draws the plan of a run as the picture in the README: python docs/picture.py RUN docs/images/plan.svg"""

from __future__ import annotations

import re
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

from model.printed import WIDTH, printed_plan
from model.runs import find_run, open_run


def main() -> None:
    """Write the picture; web fonts are left out, so that it asks no outside host for anything."""
    run = open_run(find_run(sys.argv[1]))
    console = Console(
        record=True, width=WIDTH, file=StringIO(), force_terminal=True, highlight=False, markup=False
    )
    console.print(Text(f"{run.scenario.title}\n", style="bold"))
    console.print(printed_plan(run.instance, run.solution, run.evidence))
    picture = console.export_svg(title=f"hallsite solve {run.scenario.name}")
    Path(sys.argv[2]).write_text(
        re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
