"""One palette, one layout and one way to name things for every figure, in light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import xarray as xr

from dashboard.look import Look
from dashboard.numerals import MONTHS, Scale

# As the browser takes it: `data` and `layout`. plotly.graph_objects checks every key of it again, 20 ms a figure;
# the tests do that once.
Figure = dict[str, Any]

FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', sans-serif"
# Paul Tol's bright and light schemes: told apart with any common colour blindness, order fixed per kind.
LIGHT = ("#4477aa", "#ee6677", "#228833", "#b59f1c", "#2a9dbf", "#aa3377", "#777777", "#994f00", "#4b5bd1")
DARK = ("#77aadd", "#ee8866", "#44bb99", "#eedd88", "#99ddff", "#ffaabb", "#bbbbbb", "#d8a06c", "#9aa5ff")
INK = {
    "light": {"text": "#1f2933", "soft": "#5b6670", "grid": "#e3e7eb", "paper": "#ffffff", "land": "#e9ecef",
              "here": "#dfe5ea", "edge": "#ffffff", "faint": "#9aa5b1"},
    "dark": {"text": "#e6e8eb", "soft": "#a9b2bb", "grid": "#3a3f45", "paper": "#242424", "land": "#343a40",
             "here": "#3d454d", "edge": "#242424", "faint": "#6b7580"},
}  # fmt: skip
GROUP_OF_ACCOUNT = {
    "land": "building", "fibre": "building", "halls": "building", "grid_connection": "building",
    "site_operation": "running", "hall_operation": "running",
    "energy_grid": "energy", "energy_contracts": "energy", "backup": "energy", "demand_charge": "energy",
    "certificates": "energy", "policy_discount": "energy", "network": "network", "latency": "network",
    "water": "footprint", "carbon": "footprint", "compliance": "law",
}  # fmt: skip
FIXED: dict[str, tuple[str, ...]] = {
    "account_group": ("building", "energy", "footprint", "running", "network", "law"),
    "hall_type": ("air", "chilled_water", "evaporative", "liquid", "cave", "legacy"),
    "workload": ("payments", "web", "video", "storage", "enterprise", "ai_training", "ai_inference"),
    "source": ("grid", "backup", "hydro", "solar", "wind"),
    "evidence": ("user", "estimated", "observed", "derived", "published", "unknown"),
}
SWATCH = {
    "hall_type": {"legacy": 6, "cave": 5, "liquid": 1, "chilled_water": 0, "air": 4, "evaporative": 2},
    "source": {"grid": 6, "hydro": 0, "wind": 4, "solar": 3, "backup": 1},
    "evidence": {"observed": 2, "published": 0, "derived": 4, "estimated": 3, "user": 5, "unknown": 6},
    "account_group": {"building": 0, "running": 4, "energy": 3, "network": 5, "footprint": 2, "law": 6},
}
NARROW, WIDE, NUMBERS = 6.9, 12.5, 32.0  # pixels of a letter of a tick's label, and of most numbers
PATTERNS = ("", "/", "x", ".", "\\", "+", "-", "|", "")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SEQUENTIAL = "Cividis"
ADVERSE = ((0.0, "#2166ac"), (0.5, "#f7f7f7"), (1.0, "#b35806"))
NAMED_COLUMNS = {
    "site": "site", "home": "jurisdiction", "host": "jurisdiction", "jurisdiction": "jurisdiction", "origin": "origin",
    "workload": "workload", "hall_type": "hall_type", "account": "account", "group": "account_group",
    "source": "source", "evidence": "evidence", "mechanism": "mechanism", "mode": "mode",
    "data_class": "data_class", "before": "mechanism", "after": "mechanism", "kind": "site_kind",
    "operator": "cloud", "place": "region",
}  # fmt: skip


def palette(look: Look) -> tuple[str, ...]:
    """The colours in their order."""
    return DARK if look.theme == "dark" else LIGHT


def ink(look: Look, use: str) -> str:
    """The colour of text, soft text, grid, paper, land or edge."""
    return INK[look.theme][use]


def colour(look: Look, kind: str, name: str, others: Iterable[str] = ()) -> str:
    """The colour a name always has; a name of the user's own takes its place among `others`."""
    return palette(look)[place(kind, name, others)]


def place(kind: str, name: str, others: Iterable[str] = ()) -> int:
    """Where in palette, patterns and dashes a name stands."""
    known = SWATCH.get(kind, {})
    if name in known:
        return known[name]
    order = [*FIXED.get(kind, ())]
    order += [other for other in others if other not in order]
    return order.index(name) % len(LIGHT) if name in order else len(LIGHT) - 1


def drawn(traces: list[Any], look: Look, **layout: Any) -> Figure:
    """A figure in the reader's theme; `layout` goes on top of what all figures share."""
    axis = {
        "gridcolor": ink(look, "grid"), "zerolinecolor": ink(look, "faint"), "linecolor": ink(look, "faint"),
        "automargin": True, "title": {"font": {"size": 12}, "standoff": 8}, "tickfont": {"size": 12},
    }  # fmt: skip
    shared: dict[str, Any] = {
        "font": {"family": FONT, "color": ink(look, "text"), "size": 13},
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 12, "t": 12, "b": 8}, "colorway": palette(look),
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "font": {"size": 12},
                   "title": {"text": ""}},
        "hoverlabel": {"bgcolor": ink(look, "paper"), "bordercolor": ink(look, "faint"), "align": "left",
                       "font": {"family": FONT, "color": ink(look, "text"), "size": 13}},
        "separators": ".,", "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": ink(look, "faint"),
                                        "activecolor": ink(look, "text")},
        "xaxis": axis, "yaxis": axis, "dragmode": False, "bargap": 0.36, "uirevision": "keep",
    }  # fmt: skip
    for name, own in layout.items():
        base = axis if name.startswith(("xaxis", "yaxis")) else shared.get(name)
        shared[name] = _merged(base, own) if isinstance(base, dict) and isinstance(own, dict) else own
    if "margin" not in layout:
        shared["margin"] = shared["margin"] | _room(traces, shared["xaxis"], shared["yaxis"])
    return {"data": [_rounded(trace) for trace in traces], "layout": shared}


def _room(traces: list[Any], xaxis: dict[str, Any], yaxis: dict[str, Any]) -> dict[str, int]:
    """Margins in pixels that hold what stands at the axes, or nearly: where they do, Plotly draws once, not twice."""
    if xaxis.get("visible") is False:
        return {}
    names = {name for trace in traces for name in trace.get("y") or () if isinstance(name, str)}
    left = max((sum(WIDE if letter > "⺀" else NARROW for letter in name) for name in names), default=NUMBERS)
    is_two_rows = any(isinstance((trace.get("x") or [None])[0], list) for trace in traces)
    along = (38 if is_two_rows else 0) + (48 if "text" in xaxis["title"] else 30)
    side = "t" if xaxis.get("side") == "top" else "b"
    return {"l": round(left) + (32 if "text" in yaxis["title"] else 14), side: along}


def _rounded(trace: dict[str, Any]) -> dict[str, Any]:
    """A trace with its places on axes to six significant figures.

    Two values that differ by rounding alone would span an axis too narrow to carry a label, and Plotly then puts the
    axis title at infinity.
    """
    return trace | {key: _six_figures(trace[key]) for key in ("x", "y", "z") if key in trace}


def _six_figures(values: Any) -> Any:
    if isinstance(values, (list, tuple)):
        return [_six_figures(value) for value in values]
    return float(f"{values:.6g}") if isinstance(values, float) else values


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    both = {
        key: _merged(base[key], own[key])
        for key in base.keys() & own.keys()
        if isinstance(base[key], dict) and isinstance(own[key], dict)
    }
    return {**base, **own, **both}


def axis_title(label: str, shown: Scale) -> dict[str, Any]:
    """An axis title that says the unit."""
    return {"text": with_unit(label, shown.unit)}


def with_unit(label: str, unit: str) -> str:
    """A label and its unit, in brackets in Chinese and after a comma otherwise."""
    if not unit:
        return label
    is_chinese = any("一" <= letter <= "鿿" for letter in label + unit)
    return f"{label}（{unit}）" if is_chinese else f"{label}, {unit}"


def message(text: str, look: Look) -> Figure:
    """A figure that says in words why there is nothing to see."""
    hidden = {"visible": False}
    note = {"text": text, "showarrow": False, "x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper",
            "font": {"size": 14, "color": ink(look, "soft")}}  # fmt: skip
    return drawn([], look, xaxis=hidden, yaxis=hidden, annotations=[note])


def site_names(instance: xr.Dataset, look: Look) -> dict[str, str]:
    """Names of sites: the catalogue's in the reader's language, else as their owner wrote them."""
    own = zip(instance["site"].values.tolist(), instance["site_name"].values.tolist(), strict=True)
    known = {site: name_of("site", site, look, str(name)) for site, name in own}
    return known | {"-": look.t("site.nowhere")}


def name_of(group: str, identifier: str, look: Look, otherwise: str | None = None) -> str:
    """The catalogue's name, else `otherwise`, else the identifier in words."""
    known, plain = look.name(group, identifier), identifier.replace("_", " ")
    return (otherwise or plain) if known == plain else known


def named(table: pd.DataFrame, look: Look, names: Mapping[str, str] | None = None) -> pd.DataFrame:
    """A table for people: ids of sites, origins, workloads … replaced by names; `names` knows the sites'."""
    shown = table.copy()
    for column in table.columns.intersection(list(NAMED_COLUMNS)):
        group = NAMED_COLUMNS[column]
        told = {
            value: (names or {}).get(str(value)) or name_of(group, str(value), look)
            for value in table[column].dropna().unique()
        }
        shown[column] = table[column].map(lambda value, told=told: told.get(value, value))
    return shown


def month_names(instance: xr.Dataset, look: Look) -> dict[int, str]:
    """Months as they are called; where a study knows seasons only, the season around its middle month."""
    names, known = MONTHS[look.language], {int(month) for month in instance["slice_month"].values}
    if len(known) > 4:
        return {month: names[month - 1] for month in sorted(known)}
    return {month: f"{names[(month - 2) % 12]}–{names[month % 12]}" for month in sorted(known)}


def short(text: str, longest: int = 22) -> str:
    """A label that fits an axis."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
