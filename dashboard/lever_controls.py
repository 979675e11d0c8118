"""Levers on screen: a control each, what the study says of it, and a value as one would say it."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.context import Context
from dashboard.figures.style import with_unit
from dashboard.levers import Lever, all_levers, shown_value
from dashboard.words import words
from data.scenario import Scenario


def lever_group(page: Context, group: str, study: Scenario, changes: dict[str, Any]) -> Component:
    levers = [lever for lever in all_levers().values() if lever.group == group]
    sites = candidate_sites(page, study) if group == "sites" else {}
    if group == "latency" and study.demand.workloads is not None:
        levers = [lever for lever in levers if lever.inner in study.demand.workloads]
    boxes = [_lever(page, lever, study, changes, sites) for lever in levers]
    return dmc.AccordionItem(
        [
            dmc.AccordionControl(page.t(f"whatif.group.{group}")),
            dmc.AccordionPanel(html.Div(boxes, className="lever-grid")),
        ],
        value=group,
    )


def _lever(
    page: Context, lever: Lever, study: Scenario, changes: dict[str, Any], sites: dict[str, str]
) -> Component:  # fmt: skip
    base = shown_value(lever, study)
    now = changes.get(lever.name, base)
    unit = _unit(lever)
    common: dict[str, Any] = {
        "id": {"type": "lever", "name": lever.name},
        "label": _with_unit(page, lever_name(page, lever), page.t(unit)) if unit else lever_name(page, lever),
        "size": "sm",
    }
    note = page.t("whatif.study_says", value=said(page, lever.name, base))
    return html.Div(
        [_control(page, lever, now, sites, common), html.Div(note, className="soft small")],
        id={"type": "lever-box", "name": lever.name},
        className=box_class(lever.name in changes),
    )


def _control(page: Context, lever: Lever, now: Any, sites: dict[str, str], common: dict[str, Any]) -> Component:
    if lever.kind == "number":
        limits = {"min": lever.low, "max": lever.high, "step": lever.step, "debounce": 350}
        return dmc.NumberInput(**common, value="" if now is None else now, clampBehavior="blur", **limits)
    if lever.kind == "date":
        return dmc.DateInput(**common, value=now, clearable=True, valueFormat="YYYY-MM-DD", debounce=350)
    if lever.kind == "switch":
        label = common.pop("label")
        data = [{"value": value, "label": page.t(f"whatif.{value}")} for value in ("on", "off")]
        control = dmc.SegmentedControl(
            **common, data=data, value="on" if now else "off", attributes={"root": {"aria-label": label}}
        )
        return html.Div([html.Div(label, className="lever-label"), control])
    if lever.kind == "choice":
        data = [{"value": value, "label": page.t(f"lever.{lever.name}.{value}")} for value in lever.choices]
        return dmc.Select(**common, data=data, value=now, allowDeselect=False)
    if lever.kind == "choices":
        data = [{"value": value, "label": page.look.name("source", value)} for value in lever.choices]
        return dmc.MultiSelect(**common, data=data, value=list(now or []))
    data = [{"value": site, "label": name} for site, name in sites.items()]
    return dmc.MultiSelect(
        **common, data=data, value=list(now or []), searchable=True, clearable=True,
        nothingFoundMessage=page.t("panel.empty"),
    )  # fmt: skip


def _with_unit(page: Context, name: str, unit: str) -> str:
    """A unit that has brackets of its own gets no further ones."""
    return f"{name}，{unit}" if page.look.language == "zh" and "（" in unit else with_unit(name, unit)


def candidate_sites(page: Context, study: Scenario) -> dict[str, str]:
    """Candidate sites of a study by id, with the names people read. Raises BadInput for faulty own files."""
    from data.frame import own_places, study_sites

    sites = study_sites(study, *own_places(study, study.folder)).query("kind == 'candidate'")
    own = sites["name_zh" if page.look.language == "zh" else "name"]
    embedded = sites["origin_of_row"] == "embedded"
    return {str(site): page.site(str(site)) if embedded[site] else str(own[site]) for site in sites.index}


def lever_name(page: Context, lever: Lever) -> str:
    if lever.group == "latency":
        return page.t("whatif.limit_of", workload=page.look.name("workload", lever.inner))
    return page.t(f"lever.{lever.name}")


def said(page: Context, name: str, value: Any) -> str:
    """A lever's value as a reader of the language would say it."""
    lever = all_levers()[name]
    if value is None or value == "":
        return page.t("whatif.none")
    if lever.kind == "switch":
        return page.t("whatif.on" if value else "whatif.off")
    if lever.kind == "choice":
        return page.t(f"lever.{name}.{value}")
    if lever.kind in ("choices", "sites"):
        told = [page.site(item) if lever.kind == "sites" else page.look.name("source", item) for item in value]
        return page.t("brief.comma").join(told) or page.t("whatif.none")
    if lever.kind == "date":
        return page.look.day(str(value))
    unit = _unit(lever)
    number = f"{value:g}" if lever.step >= 1 and lever.low > 1900 else page.look.number(float(value))
    return f"{number} {page.t(unit)}" if unit else number


def _unit(lever: Lever) -> str:
    """The key of a lever's unit, or nothing."""
    key = "lever.latency.unit" if lever.group == "latency" else f"lever.{lever.name}.unit"
    return key if key in words() else ""


def box_class(is_changed: bool) -> str:
    return "lever changed" if is_changed else "lever"
