"""The page of a study: its question, the job that answers it, and the answer in sentences, figures and tables.

A module `dashboard/pages/study_<name>.py` with a `PAGE` of this kind, its `WORDS` and `COLUMNS`, and a figure
function in `dashboard/figures/` are all a study needs; docs/dashboard.md shows both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
import pandas as pd
from dash import Dash, dcc, html
from dash.development.base_component import Component

from dashboard.answers import answer_of
from dashboard.context import Context, Desk
from dashboard.controls import names_of
from dashboard.figures.style import Figure, named
from dashboard.look import Look
from dashboard.numerals import unit_name
from dashboard.panel import panel, table_of
from dashboard.words import words

if TYPE_CHECKING:
    import xarray as xr

    from model.runs import Run
    from model.studies.solving import Solving

Names = Mapping[str, str]
SITES = ("opens", "drops")  # columns that list sites


@dataclass(frozen=True)
class Shown:
    """One panel of an answer.

    table: rows of the study's Dataset, columns as in words `column.<column>`. figure: these rows drawn, with the
    names of sites for the reader; without it the panel is a table.
    """

    table: Callable[[xr.Dataset], pd.DataFrame]
    figure: Callable[[pd.DataFrame, Names, Look], Figure] | None = None
    height: int = 380


def as_told(label: str, page: Context) -> str:
    """A label of a solve inside a study as the study wrote it."""
    return label


def as_named(rows: pd.DataFrame, page: Context) -> pd.DataFrame:
    """Rows with sites, hall types and the like called by their names."""
    return named(rows, page.look, names_of(page))


@dataclass(frozen=True)
class StudyPage:
    """A study as a page. Words are `study_<name>.nav`, `.title`, `.asks` and one for every panel.

    name: of the study, as its Dataset says it. ask: works the answer out; every solve goes through the Solving.
    told: the answer in sentences. shown: panels by name. solves: the most solves it takes. rests_on: fields of the
    instance that matter most. label: a label of its solves in the reader's words. in_words: rows for people; then
    a value that has words `study_<name>.<column>.<value>` is told with them, and sites opened or dropped by name.
    """

    name: str
    ask: Callable[[Run, Solving], xr.Dataset]
    told: Callable[[xr.Dataset, Context], list[str]]
    shown: Mapping[str, Shown]
    solves: int
    rests_on: tuple[str, ...] = ()
    label: Callable[[str, Context], str] = as_told
    in_words: Callable[[pd.DataFrame, Context], pd.DataFrame] = as_named

    @property
    def id(self) -> str:
        """The page's id, which begins its words and its components."""
        return f"study_{self.name}"

    @property
    def PATH(self) -> str:
        """The page's address."""
        return f"/studies/{self.name.replace('_', '-')}"

    @property
    def TABLES(self) -> dict[str, Callable[[Context], pd.DataFrame]]:
        """Tables of the answer, to be taken away."""
        return {name: partial(self._named, name) for name in self.shown}

    def layout(self, page: Context) -> Component:
        """The question, then the answer or the offer to ask."""
        from dashboard.asking import asked_box
        from dashboard.shell import message

        if page.run is None:
            return message(page, "control.no_run", "control.no_run.remedy")
        return html.Div(
            [
                study_tabs(page, self.PATH),
                dmc.Title(page.t(f"{self.id}.title"), order=1, size="h2"),
                html.P(page.t(f"{self.id}.asks"), className="recommendation"),
                asked_box(page, self),
            ],
            className="stack study",
        )

    def register(self, app: Dash, desk: Desk) -> None:
        """Nothing of its own: the page of all studies adds what they share."""

    def answer(self, page: Context, found: xr.Dataset) -> list[Component]:
        """The answer of the run shown: sentences, then panels, then what it rests on."""
        sentences = [html.Li(sentence) for sentence in self.told(found, page)]
        parts = [
            html.Ul(sentences, className="told-list study-told"),
            *(self._panel(page, name) for name in self.shown),
        ]
        return [*parts, *self._evidence(page)]

    def _rows(self, page: Context, name: str) -> pd.DataFrame:
        found = answer_of(page, self.name)
        return pd.DataFrame() if found is None else self.shown[name].table(found)

    def _named(self, name: str, page: Context) -> pd.DataFrame:
        rows = self._rows(page, name)
        if rows.empty:
            return rows
        shown = self.in_words(rows, page)
        for column in shown.select_dtypes(["object", "string"]):
            shown[column] = [self._cell(page, str(column), value) for value in shown[column]]
        return shown

    def _cell(self, page: Context, column: str, value: Any) -> Any:
        if column in SITES:
            return page.t("brief.comma").join(map(page.site, str(value).split())) or "–"
        key = f"{self.id}.{column}.{value}"
        return page.t(key) if key in words() else value

    def _panel(self, page: Context, name: str) -> Component:
        rows, draw = self._rows(page, name), self.shown[name].figure
        figure = None if draw is None or rows.empty else draw(rows, names_of(page), page.look)
        return panel(page, self.id, name, figure, self._named(name, page), self.shown[name].height)

    def _evidence(self, page: Context) -> list[Component]:
        """Which figures matter most to the answer, with their class and source."""
        if page.run is None or page.run.evidence is None or not self.rests_on:
            return []
        kept = page.run.evidence[page.run.evidence["field"].isin(self.rests_on)]
        counted = kept.fillna("").groupby(["field", "unit", "evidence", "source"], sort=False).size()
        rows = counted.rename("figures").reset_index()
        rows["field"] = [page.look.name("field", str(name)) for name in rows["field"]]
        rows["unit"] = [unit_name(str(unit), page.look.language) for unit in rows["unit"]]
        head = dmc.Title(page.t("study.evidence"), order=2, size="h4")
        table = table_of(page, named(rows, page.look), page.t("study.evidence"))
        inner = html.Div(table, className="panel-body shows-table")
        return [dmc.Paper([head, inner], withBorder=True, p="md", radius="md", className="panel")] if len(rows) else []


def study_tabs(page: Context, here: str) -> Component:
    """Ways to the page of all studies and to each of them."""
    from dashboard.pages import pages, study_pages

    ways = [(pages()["studies"].PATH, page.t("studies.all"))]
    ways += [(study.PATH, page.t(f"{study.id}.nav")) for study in study_pages().values()]
    links = []
    for path, name in ways:
        now = {"aria-current": "page"} if path == here else {}
        links.append(
            html.Li(dcc.Link(html.Span(name, **now), href=page.link(path), className="here" if now else "there"))
        )
    return html.Nav(html.Ul(links), className="study-tabs no-print", **{"aria-label": page.t("studies.nav")})
