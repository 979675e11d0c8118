"""`hallsite new`: the own-data study that a newcomer copies and fills in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

TEMPLATE = "own_data"


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make.", show_default=False)],
) -> None:
    """Copy the own-data study into a new folder; it solves as it is and is yours to change."""
    from importlib.resources import files
    from shutil import copytree, ignore_patterns

    from data.errors import BadInput, Fault
    from hallsite.rooms import ROOMS

    if folder.name in ROOMS:
        remedy = f"use another, such as my_{folder.name}"
        raise BadInput([Fault(str(folder), "name", "belongs to a part of hallsite", remedy)])
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput([Fault(str(folder), "folder", "is there already and not empty", "name a new one")])
    template = Path(str(files("scenarios"))) / TEMPLATE
    copytree(template, folder, dirs_exist_ok=True, ignore=ignore_patterns("__pycache__", "*.py"))
    study = f"{TEMPLATE}.yaml"
    print(f"Made {folder} with:")
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        print(f"  {file}")
    print(f"Next: hallsite check {folder / study}\n      hallsite solve {folder / study}")
