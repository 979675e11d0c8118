"""What was asked beside a plan: kept with the solution, printed under the plan."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import xarray as xr
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from model.amounts import money, percent

ATTRIBUTE = "answers"  # of a solution, as JSON
ESTIMATES = "moved_estimates"
MOST_CHANGES = 8
TITLES = {
    "mean_year": ("A plan for the mean year", "lived through the same years"),
    "cave_price": ("When a cave pays", "price of tunnelling, in closed form at every site"),
    "hub_rules": ("The hubs' rules", "of the last period"),
    "baseline": ("Beside the baseline", "the study compared with, solved as well"),
}


def with_answer(solution: xr.Dataset, name: str, answer: Mapping[str, Any]) -> xr.Dataset:
    """The solution with one more answer: `sentences` and `seconds`, or what moved estimates found."""
    answers = answers_of(solution) | {name: dict(answer)}
    return solution.assign_attrs({ATTRIBUTE: json.dumps(answers, ensure_ascii=False)})


def answers_of(solution: xr.Dataset) -> dict[str, Any]:
    """All answers by name; empty where nothing was asked."""
    return dict(json.loads(str(solution.attrs.get(ATTRIBUTE, "{}"))))


def answer_lines(instance: xr.Dataset, solution: xr.Dataset) -> Iterator[RenderableType]:
    """A section for every answer, the estimates last."""
    answers = answers_of(solution)
    for name, (title, caption) in TITLES.items():
        if name in answers:
            yield _heading(title, f"{caption}; {answers[name]['seconds']:.1f} s")
            yield from (_bullet(sentence) for sentence in answers[name]["sentences"])
    if ESTIMATES in answers:
        yield from _estimates(instance, solution, answers[ESTIMATES])


def _estimates(instance: xr.Dataset, solution: xr.Dataset, found: Mapping[str, Any]) -> Iterator[RenderableType]:
    names = {str(site): str(name) for site, name in instance["site_name"].to_series().items()}
    swing = percent(found["swing"])
    yield _heading(
        "Estimates that would move the sites",
        f"each ±{swing}; {found['plans']:,} other plans priced, none solved for; {found['seconds']:.1f} s",
    )
    if found["changed"]:
        yield _changes(found["changed"][:MOST_CHANGES], names)
        more = len(found["changed"]) - MOST_CHANGES
        rest = f" {more} more are in the run's answers." if more > 0 else ""
        yield _bullet(
            "Proved: each plan named keeps every requirement and is cheaper than this one once the estimate moves; "
            f"a new solve may find a better one still.{rest}"
        )
    yield from (_bullet(sentence) for sentence in _not_found(found, names))
    gap = float(solution.attrs["objective_cny"]) - float(solution.attrs["bound_cny"])
    yield _bullet(f"The plan itself is proved to {money(gap)}: sites that cost less than that apart are near ties.")


def _changes(changed: list[dict[str, Any]], names: Mapping[str, str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("estimate")
    for heading in ("moved", "opens", "leaves"):
        table.add_column(heading)
    for heading in ("cheaper by", "from about"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in changed:
        told = (", ".join(names[site] for site in one[side]) or "–" for side in ("opens", "leaves"))
        table.add_row(
            one["estimate"], f"{one['move']:+.0%}", *told, money(one["cheaper_cny"]), f"{one['turns_at']:+.0%}"
        )
    return table


def _not_found(found: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    if steady := len(found["steady"]):
        other = "other " if found["changed"] else ""
        yield f"For {steady} {other}estimates no cheaper plan with other sites was found; that is no proof of none."
    if found["strained"]:
        yield (
            "Moved, these make the plan itself impossible, so it would have to be made anew: "
            f"{', '.join(found['strained'])}."
        )
    if silent := len(found["silent"]):
        yield f"{silent} estimates touch no figure of this study: proved to change nothing."
    if found["nearest"]:
        opens, leaves, dearer = found["nearest"]
        told = [
            f"{verb} {', '.join(names[site] for site in sites)}"
            for verb, sites in (("opens", opens), ("leaves", leaves))
            if sites
        ]
        yield (
            f"As the figures stand, the nearest plan with other sites {' and '.join(told)} and costs "
            f"{money(abs(dearer))} {'more' if dearer >= 0 else 'less'}."
        )


def _heading(title: str, caption: str) -> Text:
    return Text.assemble("\n", (title, "bold"), (f"   {caption}", "dim"))


def _bullet(sentence: str) -> Table:
    """A sentence after a dash; further lines stand under its first word."""
    line = Table.grid(padding=(0, 1, 0, 0))
    line.add_row("  -", Text(sentence))
    return line
