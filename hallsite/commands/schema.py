"""`hallsite schema`: the JSON Schema of a scenario file, for editors."""

from __future__ import annotations


def schema() -> None:
    """Print the JSON Schema of a scenario file: every key, its type, its limits and its meaning."""
    from data.scenario.reading import json_schema
    from hallsite.paper import print_json

    print_json(json_schema())
