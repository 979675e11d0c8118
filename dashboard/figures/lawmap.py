"""Data law: a matrix of mechanisms by origin and host, and their course over the years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

import pandas as pd

from dashboard.figures.map_traces import MECHANISM_SWATCH
from dashboard.figures.style import Figure, drawn, ink, message, palette
from dashboard.look import Look
from data.law.classes import DATA_CLASSES, MECHANISMS
from data.law.explain import mechanism, turning_days
from data.law.match import OperatorMode, Transfer
from data.law.rules import RuleBase, jurisdictions, rule_base
from data.scenario.law import LawChanges

FIRST_YEAR, LAST_YEAR = 2015, 2030
FEW = 8  # places whose names fit above the columns; beyond that their codes stand there
# Letters in the cells, so that nobody depends on colour.
LETTER = {
    "domestic": "·", "free": "F", "adequacy": "A", "consent": "C", "contract": "K", "local_copy": "L",
    "assessment": "S", "forbidden": "✕", "unknown": "?",
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What is asked of the law for every pair of places."""

    data_class: str
    as_of: date
    people: float = 200_000.0
    operator: str = "CN"
    mode: OperatorMode = "own"

    def between(self, origin: str, host: str, data_class: str = "", as_of: date | None = None) -> Transfer:
        """The question for one pair, of another class or day where these are given."""
        return Transfer(
            origin, host, data_class or self.data_class, as_of or self.as_of, self.people, self.operator, mode=self.mode
        )


def law_table(asked: Question, places: Sequence[str] | None = None, changes: LawChanges | None = None) -> pd.DataFrame:
    """The mechanism for every origin and host: home, host, mechanism."""
    known = list(places or jurisdictions())
    rows = [
        (home, host, found)
        for home, row in zip(known, _matrix(asked, known, changes), strict=True)
        for host, found in zip(known, row, strict=True)
    ]
    return pd.DataFrame(rows, columns=["home", "host", "mechanism"])


def _matrix(asked: Question, places: Sequence[str], changes: LawChanges | None) -> tuple[tuple[str, ...], ...]:
    """Mechanisms, origins down and hosts across."""
    own = changes.model_dump_json() if changes is not None else ""
    since = max((day for day in _turns(own) if day <= asked.as_of), default=date.min)
    return _mechanisms(replace(asked, as_of=since), tuple(places), own)


@lru_cache(maxsize=256)
def _mechanisms(asked: Question, places: tuple[str, ...], own: str) -> tuple[tuple[str, ...], ...]:
    rules = _rules(own)
    return tuple(tuple(mechanism(rules, asked.between(home, host)) for host in places) for home in places)


@lru_cache(maxsize=32)
def _turns(own: str) -> tuple[date, ...]:
    """Days on which a rule of anybody begins or ends: between two of them the law stands still."""
    rules = _rules(own)
    return tuple(sorted({day for home in jurisdictions() for day in turning_days(rules, home)}))


def _rules(own: str) -> RuleBase:
    return rule_base(LawChanges.model_validate_json(own) if own else None)


def law_figure(
    asked: Question, look: Look, places: Sequence[str] | None = None, changes: LawChanges | None = None,
    chosen: tuple[str, str] | None = None,
) -> Figure:  # fmt: skip
    """Origins down, hosts across; a letter and a colour per mechanism. Cells carry [origin, host]."""
    known = list(places or jurisdictions())
    wide = _matrix(asked, known, changes)
    found = {name for row in wide for name in row}
    present = [name for name in MECHANISMS if name in found]
    names = [look.name("jurisdiction", place) for place in known]
    short_names = names if len(known) <= FEW else known
    steps, words = len(MECHANISMS), {name: look.name("mechanism", name) for name in MECHANISMS}
    colours = [palette(look)[MECHANISM_SWATCH[name]] for name in MECHANISMS]
    scale = [[(at + edge) / steps, colours[at]] for at in range(steps) for edge in (0, 1)]
    heat = {
        "type": "heatmap", "x": short_names, "y": names, "zmin": -0.5, "zmax": steps - 0.5, "colorscale": scale,
        "z": [[MECHANISMS.index(name) for name in row] for row in wide],
        "text": [[LETTER[name] for name in row] for row in wide], "texttemplate": "%{text}",
        "textfont": {"size": 11}, "showscale": False, "xgap": 1, "ygap": 1,
        "customdata": [
            [[home, host, words[name], place] for host, name, place in zip(known, row, names, strict=True)]
            for home, row in zip(known, wide, strict=True)
        ],
        "hovertemplate": "%{y} → %{customdata[3]}: %{customdata[2]}<extra></extra>",
    }  # fmt: skip
    legend = [
        {
            "type": "scatter", "mode": "markers", "x": [None], "y": [None],
            "name": f"{LETTER[name]} {look.name('mechanism', name)}",
            "marker": {"symbol": "square", "size": 12, "color": palette(look)[MECHANISM_SWATCH[name]]},
        }
        for name in present
    ]  # fmt: skip
    shapes = []
    if chosen and set(chosen) <= set(known):
        row, column = known.index(chosen[0]), known.index(chosen[1])
        shapes.append({"type": "rect", "x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5,
                       "line": {"width": 3, "color": ink(look, "text")}})  # fmt: skip
    return drawn(
        [heat, *legend],
        look,
        xaxis={
            "side": "top",
            "tickangle": -30 if len(known) <= FEW else 0,
            "dtick": 1,
            "showgrid": False,
            "title": {"text": look.t("law.host")},
        },
        yaxis={"autorange": "reversed", "dtick": 1, "showgrid": False, "title": {"text": look.t("law.home")}},
        legend={"y": -0.02, "yanchor": "top"},
        shapes=shapes,
    )


def course_of_law_table(asked: Question, home: str, host: str, changes: LawChanges | None = None) -> pd.DataFrame:
    """Spells of one mechanism per data class: data_class, begins, ends, mechanism."""
    rules = rule_base(changes)
    days = _days(rules, home)
    rows: list[list[Any]] = []
    for data_class in DATA_CLASSES:
        for begins, ends in pairwise(days):
            found = mechanism(rules, asked.between(home, host, data_class=data_class, as_of=begins))
            if rows and rows[-1][0] == data_class and rows[-1][3] == found:
                rows[-1][2] = ends.isoformat()
            else:
                rows.append([data_class, begins.isoformat(), ends.isoformat(), found])
    return pd.DataFrame(rows, columns=["data_class", "begins", "ends", "mechanism"])


def course_of_law_figure(table: pd.DataFrame, as_of: date, look: Look) -> Figure:
    """A band per data class over the years of a course table, and the chosen day as a line."""
    if table.empty:
        return message(look.t("figure.nothing"), look)
    labels = {name: look.name("data_class", name) for name in DATA_CLASSES}
    traces = []
    for name in MECHANISMS:
        part = table[table["mechanism"] == name]
        if part.empty:
            continue
        spans = [
            date.fromisoformat(ends) - date.fromisoformat(begins)
            for begins, ends in zip(part["begins"], part["ends"], strict=True)
        ]
        word = look.name("mechanism", name)
        traces.append({
            "type": "bar", "orientation": "h", "name": f"{LETTER[name]} {word}",
            "y": [labels[data_class] for data_class in part["data_class"]], "base": part["begins"].tolist(),
            "x": [span.total_seconds() * 1000 for span in spans], "text": [LETTER[name]] * len(part),
            "textposition": "inside", "insidetextanchor": "middle", "textangle": 0,
            "customdata": [f"{word}: {look.day(begins)} – {look.day(ends)}"
                           for begins, ends in zip(part["begins"], part["ends"], strict=True)],
            "hovertemplate": "%{y}<br>%{customdata}<extra></extra>",
            "marker": {"color": palette(look)[MECHANISM_SWATCH[name]], "line": {"color": ink(look, "edge")}},
        })  # fmt: skip
    line = {"type": "line", "xref": "x", "yref": "paper", "x0": as_of.isoformat(), "y0": 0, "y1": 1,
            "x1": as_of.isoformat(), "line": {"width": 2, "color": ink(look, "text"), "dash": "dot"}}  # fmt: skip
    return drawn(
        traces,
        look,
        barmode="overlay",
        xaxis={"type": "date", "range": [f"{FIRST_YEAR}-01-01", f"{LAST_YEAR}-12-31"], "tickformat": "%Y"},
        yaxis={"autorange": "reversed", "showgrid": False, "categoryorder": "array",
               "categoryarray": list(labels.values())},
        shapes=[line],
    )  # fmt: skip


def _days(rules: RuleBase, home: str) -> list[date]:
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    inside = {day for day in turning_days(rules, home) if first < day < last}
    return sorted({first, last + timedelta(days=1), *inside})
