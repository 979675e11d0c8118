"""`hallsite check`: whether a study can be built, with every fault at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hallsite.commands.choices import Overrides, ScenarioName, file_sentence

if TYPE_CHECKING:
    from data.setting import Setting


def check(scenario: ScenarioName, overrides: Overrides = None) -> None:
    """Read a study and attach every figure; tell all its faults, or what it is made of. Writes nothing."""
    from rich.text import Text

    from data.frame import make_setting
    from data.instance import instance_of
    from data.scenario.reading import read_scenario
    from hallsite.paper import page
    from model.contents import contents

    changes = overrides or []
    study = read_scenario(scenario, changes)
    setting = make_setting(study)
    instance = instance_of(setting)
    paper = page()
    paper.print(Text.assemble(("Good   ", "bold green"), file_sentence(study, changes)), soft_wrap=True)
    for line in (*contents(instance), *_borrowed(setting)):
        paper.print(f"  - {line}", soft_wrap=True)


def _borrowed(setting: Setting) -> Iterator[str]:
    """What an own site left open and where it was taken from."""
    if setting.own is None:
        return
    for (site, source, distance), rows in setting.own.borrowed.groupby(
        ["site", "source", "distance_km"], sort=False
    ):
        told = ", ".join(
            f"{field} {value}" for field, value in zip(rows["field"], rows["value"], strict=True)
        )
        yield f"{site}: estimated as at {source}, {distance:.0f} km away: {told}"
