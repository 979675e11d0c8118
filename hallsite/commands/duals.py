"""`hallsite duals`: what one more unit of each limit of a plan is worth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hallsite.commands.choices import AsJson

if TYPE_CHECKING:
    import xarray as xr


def duals(
    run: Annotated[str, typer.Argument(help="Run folder, beginning of its name in ./runs, or `last`.")],
    most: Annotated[int, typer.Option(min=1, help="Most rows to print of each family, the dearest first.")] = 5,
    out: Annotated[Path | None, typer.Option(help="Also keep all prices as a netCDF file.", show_default=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Say by how much the bill changes for a unit more of each limit, whole decisions as planned."""
    from hallsite.paper import print_json
    from model.duals import duals as prices
    from model.events import SolveOptions
    from model.runs import find_run, open_run

    opened = open_run(find_run(run))
    found = prices(opened.instance, opened.solution, SolveOptions(**opened.scenario.solver.model_dump()))
    if as_json:
        print_json({"run": str(opened.path), **found.attrs, "prices": _rows(found, None)})
    else:
        _print(found, most)
    if out is not None:
        found.to_netcdf(out, engine="h5netcdf")
        if not as_json:
            print(f"Kept in {out}")


def _rows(found: xr.Dataset, most: int | None) -> list[dict[str, Any]]:
    """The prices other than zero, family by family, the largest first."""
    rows: list[dict[str, Any]] = []
    for name, values in found.data_vars.items():
        table = values.to_series().dropna()
        table = table[table.abs() > 1e-6]
        for labels, price in table.sort_values(key=lambda column: -column.abs()).head(most or len(table)).items():
            where = labels if isinstance(labels, tuple) else (labels,)
            told = {str(dim): label for dim, label in zip(values.dims, where, strict=True)}
            rows.append({"row": str(name), **told, "price": float(price), "unit": values.attrs["units"]})
    return rows


def _print(found: xr.Dataset, most: int) -> None:
    from rich.table import Table

    from hallsite.paper import page

    paper = page()
    paper.print(f"Present cost of a unit more of each limit ({found.attrs['basis']}); negative where more saves.\n")
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in ("row", "where", "price", "unit"):
        table.add_column(heading, no_wrap=heading != "where", justify="right" if heading == "price" else "left")
    shown = ""
    for row in _rows(found, most):
        where = ", ".join(str(label) for key, label in row.items() if key not in ("row", "price", "unit"))
        table.add_row("" if row["row"] == shown else row["row"], where, f"{row['price']:,.2f}", row["unit"])
        shown = row["row"]
    paper.print(table)
    paper.print("\nPrices hold for small changes; --out keeps all of them. Meaning: docs/solver.md, Prices of limits.")
