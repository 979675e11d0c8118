"""`hallsite export`: a run for a map, a spreadsheet or another solver."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def export(
    run: Annotated[str, typer.Argument(help="Run folder, beginning of its name in ./runs, or `last`.")],
    file: Annotated[
        Path,
        typer.Argument(
            help="What to write; the ending says the format: .geojson, .gpkg, .xlsx, .lp, .mps.",
            show_default=False,
        ),
    ],
) -> None:
    """Write the plan of a run as points, as a workbook with a sheet per table, or the model as LP or MPS."""
    from model.exchange import export_run
    from model.runs import find_run, open_run

    print(export_run(open_run(find_run(run)), file))
