"""The question the law page asks: its controls, and what the address says of it."""

from __future__ import annotations

from datetime import date

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.context import Context
from dashboard.controls import control_bar, one_of, segments, select
from dashboard.figures.lawmap import FIRST_YEAR, LAST_YEAR, Question
from data.law.classes import DATA_CLASSES
from data.law.explain import turning_days
from data.law.match import OPERATOR_MODES
from data.law.rules import LAW_KNOWN_ON, jurisdictions, rule_base
from data.scenario.law import LawChanges

PEOPLE = 200_000
YEARS_BACK = 3  # how far back the comparison of two days first looks


def question(page: Context) -> Component:
    """The controls: data, persons, operator, places, and the day as a slider."""
    told, places = asked(page), {key: page.look.name("jurisdiction", key) for key in jurisdictions()}
    home, host = pair(page)
    classes = {name: page.look.name("data_class", name) for name in DATA_CLASSES}
    modes: dict[str, str] = {mode: page.look.name("mode", mode) for mode in OPERATOR_MODES}
    scope = {name: page.t(f"law.places.{name}") for name in ("all", "run")}
    people = dmc.NumberInput(
        id="law-people", label=page.t("law.people"), value=told.people, min=1, max=2_000_000_000, step=10_000,
        thousandSeparator=",", allowDecimal=False, size="sm", w=180, debounce=400,
    )  # fmt: skip
    bar = control_bar(
        select("law-class", page.t("law.class"), classes, told.data_class, 190),
        people,
        select("law-operator", page.t("law.operator"), places, told.operator, 190),
        segments("law-mode", page.t("law.mode"), modes, told.mode),
        segments("law-places", page.t("law.places"), scope, one_of(page, "places", scope, "all")),
        select("law-from", page.t("law.from"), places, home, 190),
        select("law-to", page.t("law.to"), places, host, 190),
    )
    return html.Div([bar, _day_slider(page, told.as_of)])


def since_choice(page: Context) -> Component:
    """The day compared with: any on which a rule of the origin begins or ends."""
    days = {str(day): page.look.day(str(day)) for day in _turning_days(page)}
    return control_bar(select("law-since", page.t("law.since"), days, str(since(page)), 200))


def asked(page: Context) -> Question:
    """The question of the address; what is not understood stands at its first value."""
    people = page.state.get("people", "")
    return Question(
        data_class=one_of(page, "class", DATA_CLASSES, "personal"),
        as_of=day(page),
        people=max(1.0, float(people)) if people.replace(".", "", 1).isdecimal() else float(PEOPLE),
        operator=one_of(page, "operator", jurisdictions(), "CN"),
        mode="ring_fenced" if page.state.get("mode") == "ring_fenced" else "own",
    )


def day(page: Context) -> date:
    """The first of the month the slider stands at, else the day the rules were last checked."""
    told = page.state.get("day", "")
    if not told.isdecimal() or int(told[:6]) >= 12 * (LAST_YEAR - FIRST_YEAR + 1):
        return LAW_KNOWN_ON
    return date(FIRST_YEAR + int(told) // 12, int(told) % 12 + 1, 1)


def pair(page: Context) -> tuple[str, str]:
    """Where the data come from and where they are held."""
    known = jurisdictions()
    return one_of(page, "from", known, "CN"), one_of(page, "to", known, "EU")


def places_asked(page: Context) -> tuple[str, ...] | None:
    """Jurisdictions of the run where the reader wants these only."""
    if page.state.get("places") != "run" or page.run is None:
        return None
    told = page.run.instance
    own = {str(case).split("/")[0] for case in told["legal_case"].values}
    used = own | {str(place) for place in told["site_jurisdiction"].values}
    return tuple(place for place in jurisdictions() if place in used)


def own_rules(page: Context) -> LawChanges | None:
    """The study's own changes of the law."""
    return page.run.scenario.law.rules if page.run is not None else None


def since(page: Context) -> date:
    """The day compared with: the one asked for, else the last turning day some years before."""
    days = _turning_days(page)
    before = [each for each in days if each.year <= day(page).year - YEARS_BACK]
    fallback = before[0] if before else days[-1]
    return date.fromisoformat(one_of(page, "since", [str(each) for each in days], str(fallback)))


def _turning_days(page: Context) -> list[date]:
    days = turning_days(rule_base(own_rules(page)), pair(page)[0])
    return sorted((each for each in days if each.year >= FIRST_YEAR), reverse=True) or [LAW_KNOWN_ON]


def _day_slider(page: Context, chosen: date) -> Component:
    """Months from the first year on, with a mark per year."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return html.Div(
        [
            dmc.Text(page.t("law.day"), size="sm", fw=500),
            dmc.Slider(
                id="law-day",
                min=0,
                max=12 * len(years) - 1,
                step=1,
                value=12 * (chosen.year - FIRST_YEAR) + chosen.month - 1,
                marks=[{"value": 12 * (year - FIRST_YEAR), "label": str(year)} for year in years],
                label=None,
                updatemode="mouseup",
                thumbLabel=page.t("law.day"),
            ),
        ],
        className="day-slider no-print",
    )
