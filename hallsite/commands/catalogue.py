"""`hallsite catalogue`: what is embedded, where it comes from, and deriving it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hallsite.commands.choices import AsJson

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

app = typer.Typer(
    invoke_without_command=True, help="What is embedded, with its sources and evidence classes."
)


@app.callback(invoke_without_command=True)
def overview(context: typer.Context, as_json: AsJson = False) -> None:
    """List the embedded tables, the candidate sites and how much rests on which evidence class."""
    if context.invoked_subcommand is not None:
        return
    from data.catalogue import catalogue_fingerprint, catalogue_overview, catalogue_sites, catalogue_sources
    from hallsite.paper import page, print_json

    tables, sites = catalogue_overview(), catalogue_sites()
    if as_json:
        print_json(
            {"fingerprint": catalogue_fingerprint(), "tables": _records(tables), "sites": _records(sites)}
        )
        return
    paper = page()
    kilobytes = float(tables["kB"].sum())
    tables["kB"] = [f"{size:.1f}" for size in tables["kB"]]
    paper.print(
        f"{len(tables)} tables, {kilobytes / 1000:.1f} MB, {len(catalogue_sources())} sources; "
        f"fingerprint {catalogue_fingerprint()}\n"
    )
    paper.print(_table(tables.reset_index(), left=("table",)))
    paper.print(f"\n{len(sites)} candidate sites; see one with `hallsite catalogue show gui-an`")
    for country, group in sites.groupby("country", sort=False):
        paper.print(f"  {country}  {', '.join(str(site) for site in group.index)}")


@app.command()
def show(
    site: Annotated[str, typer.Argument(help="Id of a site, such as gui-an.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """List every value of one site with unit, evidence class and source, then what holds everywhere."""
    from data.catalogue import catalogue_site
    from hallsite.paper import print_json

    rows = catalogue_site(site)
    if as_json:
        print_json({"site": site, "values": _records(rows)})
        return
    for row in _records(rows):
        value = f"{_cell(row['value'])} {_unit(row['unit'])}".strip()
        told = f"{row['field']:<24} {value:<20} {row['evidence']:<10} {row['source']:<28} {row['note'] or ''}"
        print(told.rstrip())
    counts = ", ".join(f"{count} {kind}" for kind, count in rows["evidence"].value_counts().items())
    print(f"\n{len(rows)} values: {counts}\nSources:")
    for row in _records(rows.loc[rows["title"] != ""].drop_duplicates("source")):
        print(f"  {row['source']}: {', '.join(_cell(part) for part in (row['title'], row['date']) if part)}")


@app.command()
def fields(as_json: AsJson = False) -> None:
    """List every quantity of a study; those of a site may be columns of your own sites."""
    from dataclasses import asdict

    from data.fields import INSTANCE
    from hallsite.paper import print_json

    if as_json:
        print_json({"fields": [{"field": name} | asdict(field) for name, field in INSTANCE.items()]})
        return
    for name, field in INSTANCE.items():
        axes = " × ".join(field.dims) or "one value"
        print(f"{name:<24} {axes:<50} {_unit(field.unit):<12} {field.meaning}")


@app.command()
def sources(as_json: AsJson = False) -> None:
    """List every source with publisher, date and licence."""
    from data.catalogue import catalogue_sources
    from hallsite.paper import print_json

    rows = _records(catalogue_sources())
    if as_json:
        print_json({"sources": rows})
        return
    for row in rows:
        told = ", ".join(_cell(row[name]) for name in ("publisher", "date", "licence") if row[name])
        print(f"{row['source']:<34} {row['title']} ({told})")


@app.command()
def assumptions(as_json: AsJson = False) -> None:
    """List every named assumption with its range; a scenario moves one under `assumptions`."""
    from data.catalogue import catalogue_assumptions
    from hallsite.paper import print_json

    rows = _records(catalogue_assumptions())
    if as_json:
        print_json({"assumptions": rows})
        return
    for row in rows:
        span = f"{_cell(row['low'])} to {_cell(row['high'])}"
        value = f"{_cell(row['value'])} {_unit(row['unit'])}".strip()
        print(f"{row['name']:<34} {value:<16} {row['evidence']}, {span}: {row['meaning']}")


@app.command()
def rebuild(
    raw: Annotated[
        Path, typer.Option("--from", help="Folder of raw files, a folder per topic.", show_default=False)
    ],
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Folder to write the tables to; without it they are only compared."),
    ] = None,
) -> None:
    """Derive the embedded tables again from raw files and tell which differ from the embedded ones."""
    from tempfile import TemporaryDirectory

    from data.ingest.rebuild import rebuild as derive
    from hallsite.paper import page

    with TemporaryDirectory(prefix="hallsite-") as scratch:
        result = derive(raw, to or Path(scratch))
    paper = page()
    for part, tables in result.written.items():
        for table in tables:
            paper.print(f"  {'differs' if table in result.differing else 'same':<8} {part:<8} {table}")
    total = sum(len(tables) for tables in result.written.values())
    paper.print(f"{total} tables derived again, {len(result.differing)} differ from the embedded ones")
    raise typer.Exit(1 if result.differing and to is None else 0)


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain JSON values; what is missing is null."""
    flat = rows.reset_index() if rows.index.name else rows
    return [
        {str(key): None if value != value else _plain(value) for key, value in row.items()}
        for row in flat.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _table(rows: pd.DataFrame, left: tuple[str, ...]) -> Table:
    """A table whose numbers stand right and whose long texts fold; `left` columns never fold."""
    from rich.table import Table

    numbers = {name for name in rows.columns if rows[name].dtype.kind in "iuf"}
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for name in rows.columns:
        table.add_column(str(name), justify="right" if name in numbers else "left", no_wrap=name in left)
    for row in rows.to_dict("records"):
        table.add_row(*(_cell(value) for value in row.values()))
    return table


def _unit(unit: str | None) -> str:
    """A unit as people write it: nothing for a plain number."""
    return "" if unit in (None, "1") else str(unit)


def _cell(value: Any) -> str:
    """A number as people read it, a text as it is, nothing for what is missing."""
    from model.amounts import figures

    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 10_000 else figures(value)
    return str(value)
