"""`hallsite check`: whether a study can be built, with every fault at once."""

from __future__ import annotations

from hallsite.commands.choices import Overrides, ScenarioName, file_sentence


def check(scenario: ScenarioName, overrides: Overrides = None) -> None:
    """Read a study and attach every figure; tell all its faults, or what it is made of. Writes nothing."""
    from data.instance import build_instance
    from rich.text import Text

    from data.scenario.reading import read_scenario
    from hallsite.paper import page
    from model.contents import contents

    study = read_scenario(scenario, overrides or [])
    instance = build_instance(study)
    paper = page()
    paper.print(
        Text.assemble(("Good   ", "bold green"), file_sentence(study, overrides or [])), soft_wrap=True
    )
    for line in contents(instance):
        paper.print(f"  - {line}", soft_wrap=True)
