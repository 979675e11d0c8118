"""What several verbs ask for alike: a scenario, values set from outside, and where the file was found."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from data.scenario import Scenario

ScenarioName = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        help="Path of a YAML file, or a name looked up in ./scenarios and then among the shipped studies.",
        show_default=False,
    ),
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Set a value, such as policy.carbon_price_cny_per_t=80; may be repeated.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of the page.")]


def file_sentence(scenario: Scenario, changes: Sequence[str] = ()) -> str:
    """Which file a study was read from, how it was chosen, and what was changed on the command line."""
    changed = f", with {', '.join(changes)}" if changes else ""
    return f"{scenario.name}: {_choice(scenario.file)}{changed}"


def _choice(file: Path | None) -> str:
    if file is None:
        return "made by a script"
    shipped = Path(str(files("scenarios"))).resolve()
    if file.resolve().is_relative_to(shipped):
        return f"the shipped study ({file})"
    return f"the file {file}"
