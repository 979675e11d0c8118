"""Controls of the pages: labelled choices, and the context that follows when one of them moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import dash_mantine_components as dmc
import numpy as np
from dash import ClientsideFunction, Dash, Input, Output, State, html
from dash.development.base_component import Component

from dashboard.context import Context, Desk
from dashboard.figures.style import site_names
from dashboard.look import Look
from dashboard.numerals import Language
from dashboard.wiring import callback
from model.runs import Run

LEAST_MW = 1e-6
ADDRESS = (("url", "pathname"), ("url", "search"))  # states of every callback that makes a context


def select(
    identifier: str, label: str, options: Mapping[str, str], value: str | None, wide: int = 200,
) -> Component:  # fmt: skip
    """A choice of one; options map values to what people read."""
    return dmc.Select(
        id=identifier,
        label=label,
        data=[{"value": key, "label": text} for key, text in options.items()],
        value=value,
        searchable=len(options) > 8,
        allowDeselect=False,
        size="sm",
        w=wide,
    )


def segments(identifier: str, label: str, options: Mapping[str, str], value: str) -> Component:
    """A choice of one among few, all in sight."""
    control = dmc.SegmentedControl(
        id=identifier,
        data=[{"value": key, "label": text} for key, text in options.items()],
        value=value,
        size="sm",
        attributes={"root": {"aria-label": label}},
    )
    return dmc.Stack([dmc.Text(label, size="sm", fw=500), control], gap=2)


def control_bar(*controls: Component) -> Component:
    """Controls in a row above what follows them; not on paper."""
    return html.Div(list(controls), className="controls no-print")


def period_choice(identifier: str, page: Context) -> Component:
    """The investment period, as buttons in order of time."""
    years = {str(year): str(year) for year in run_of(page).solution["period"].values.tolist()}
    return segments(identifier, page.t("control.period"), years, str(period_of(page)))


def run_of(page: Context) -> Run:
    """The run shown. Raises LookupError where there is none."""
    if page.run is None:
        raise LookupError("there is no run")
    return page.run


def moved(desk: Desk, pathname: str | None, search: str | None, **state: Any) -> Context:
    """The context of an address whose controls have moved; None and empty values leave the state."""
    page = desk.context(pathname, search)
    told = {key: str(value) for key, value in state.items() if value not in (None, "")}
    kept = {key: value for key, value in page.state.items() if key not in state}
    return replace(page, state=kept | told)


def follows(
    app: Dash, desk: Desk, owner: str, controls: Sequence[str], *outputs: Output
) -> Callable[[Callable[[Context], Any]], None]:
    """Let a function of the page fill outputs whenever one of the controls `<owner>-<control>` moves."""

    def add(told: Callable[[Context], Any]) -> None:
        @callback(
            app,
            *outputs,
            *[Input(f"{owner}-{control}", "value") for control in controls],
            *[State(*place) for place in ADDRESS],
            prevent_initial_call=True,
        )
        def answer(*values: Any) -> Any:
            *moved_to, pathname, search = values
            return told(moved(desk, pathname, search, **dict(zip(controls, moved_to, strict=True))))

    return add


def tell_address(app: Dash, owner: str, keys: Iterable[str]) -> None:
    """Let the address follow the controls `<owner>-<key>`; the browser does it alone."""
    app.clientside_callback(
        ClientsideFunction("pages", "tell"),
        Output("page-state", "data", allow_duplicate=True),
        [Input(f"{owner}-{key}", "value") for key in keys],
        prevent_initial_call=True,
    )


def period_of(page: Context) -> int:
    """The period the address names where the run has it, else the last."""
    known: list[int] = run_of(page).solution["period"].values.tolist()
    named = page.state.get("period", "")
    return int(named) if named in map(str, known) else known[-1]


def one_of(page: Context, key: str, known: Iterable[str], otherwise: str) -> str:
    """The value of a key of the address where it is known."""
    named = page.state.get(key, otherwise)
    return named if named in set(known) else otherwise


def names_of(page: Context) -> dict[str, str]:
    """Names of the run's sites for this reader."""
    return page.kept(_names, page.look.language)


def serving_sites(run: Run) -> list[str]:
    """Sites with load in any period, the largest of the last period first."""
    load = run.solution["it_load"].transpose("site", "period").to_numpy()
    order = sorted(np.flatnonzero(load.max(axis=1) > LEAST_MW), key=lambda at: -load[at, -1])
    return [str(site) for site in run.solution["site"].values[order]]


def site_choice(
    identifier: str, page: Context, value: str | None, serving_only: bool = False, everywhere: str = ""
) -> Component:
    """The sites of a run, those that serve first; `everywhere` names a first choice of all of them."""
    names, serving = names_of(page), page.kept(serving_sites)
    others = [str(site) for site in run_of(page).instance["site"].values if site not in serving]
    order = serving if serving_only else serving + sorted(others, key=lambda site: names[site])
    options = ({"all": everywhere} if everywhere else {}) | {site: names[site] for site in order}
    return select(identifier, page.t("control.site"), options, value, 240)


def _names(run: Run, language: Language) -> dict[str, str]:
    return site_names(run.instance, Look(language))
