"""Figures as a browser gets them: both languages and themes, SVG traces only, nothing of an outside host."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.figures import basis, bill, build, climate, difference, footprint, lawmap, price, style, supply, together
from dashboard.figures.layers import LAYERS, Choice
from dashboard.figures.map import HALLS, map_figure
from dashboard.figures.outline import geography, land
from dashboard.figures.style import DARK, LIGHT, Figure, site_names
from dashboard.figures.symbols import pies
from dashboard.look import Look
from dashboard.numerals import quantity, scale
from dashboard.words import words
from dashboard.words.columns import unit_of
from tests.dashboard_plans import plan

SVG = {"bar", "scatter", "scattergeo", "waterfall", "heatmap"}
LOOKS = [Look("en", "light"), Look("zh", "dark")]
QUESTION = lawmap.Question("personal", date(2026, 1, 1))


def drawn(name: str, look: Look) -> go.Figure:
    instance, solution = plan()
    last = int(solution["period"].values[-1])
    both = (instance, solution), plan(600.0)
    plans = [("one", *both[0]), ("two", *both[1])]
    site, names, told = str(instance["site"].values[0]), site_names(instance, look), (instance, solution, last)
    figures: dict[str, Callable[[], Figure]] = {
        "bill": lambda: bill.bill_figure(instance, solution, look),
        "bill_by_site": lambda: bill.bill_by_site_figure(instance, solution, look),
        "bill_by_period": lambda: bill.bill_by_period_figure(instance, solution, look),
        "halls": lambda: build.halls_figure(instance, solution, look),
        "capacity": lambda: build.capacity_figure(build.capacity_table(instance, solution), instance, look),
        "dispatch": lambda: supply.dispatch_figure(supply.dispatch_table(*told), instance, look),
        "years": lambda: supply.years_figure(supply.years_table(*told), look),
        "price": lambda: price.price_figure(price.price_table(instance, solution), names, look),
        "grid_price": lambda: price.grid_price_figure(
            price.grid_price_table(instance, [site], last), instance, names, look
        ),
        "pue": lambda: climate.climate_figure(climate.climate_table(instance, site), instance, look),
        "water": lambda: footprint.footprint_figure(
            footprint.footprint_table(instance, solution), names, look, "water"
        ),
        "bridge": lambda: difference.bridge_figure(solution, both[1][1], ("one", "two"), look),
        "moved": lambda: difference.moved_figure(*both, look),
        "bills": lambda: together.bills_figure(plans, look),
        "course": lambda: together.course_figure(plans, look, "carbon_t"),
        "no_evidence": lambda: basis.basis_figure(solution, None, look),
        "law": lambda: lawmap.law_figure(QUESTION, look, ["CN", "HK", "EU"], chosen=("CN", "EU")),
        "law_course": lambda: lawmap.course_of_law_figure(
            lawmap.course_of_law_table(QUESTION, "CN", "EU"), QUESTION.as_of, look
        ),
        "map": lambda: map_figure(instance, solution, look, Choice(last), HALLS, "", site),
        **{
            f"map_{layer}": lambda layer=layer: map_figure(instance, solution, look, Choice(last), layer)
            for layer in LAYERS
        },
    }  # fmt: skip
    return go.Figure(figures[name]())  # refuses keys and values Plotly does not know


NAMES = [
    "bill", "bill_by_site", "bill_by_period", "halls", "capacity", "dispatch", "years", "price", "grid_price", "pue",
    "water", "bridge", "moved", "bills", "course", "no_evidence", "law", "law_course", "map",
    *(f"map_{layer}" for layer in LAYERS),
]  # fmt: skip


@pytest.mark.parametrize("look", LOOKS, ids=["en-light", "zh-dark"])
@pytest.mark.parametrize("name", NAMES)
def test_a_figure_is_small_svg_only_and_names_no_host(name: str, look: Look) -> None:
    figure = drawn(name, look)
    told = figure.to_json()
    assert {trace.type for trace in figure.data} <= SVG
    assert "http" not in told
    assert "NaN" not in told
    assert len(told) < 100_000
    assert figure.data or figure.layout.annotations, "neither a trace nor a word"
    ink = figure.layout.font.color
    assert ink == ("#1f2933" if look.theme == "light" else "#e6e8eb")


def test_values_apart_by_rounding_alone_are_drawn_as_one() -> None:
    told = style.drawn([{"type": "bar", "x": ["a", "b", "c"], "y": (0.1 + 0.2, 0.3, None)}], Look())["data"][0]
    assert told["y"] == [0.3, 0.3, None]
    assert told["x"] == ["a", "b", "c"]


def test_the_land_is_filled_without_a_stroke_and_winds_one_way() -> None:
    for trace in land(Look()):
        assert (trace["fill"], trace["line"]["width"]) == ("toself", 0)
        ring = [(x, y) for x, y in zip(trace["lon"], trace["lat"], strict=True)]
        first = ring[: ring.index((None, None))] if (None, None) in ring else ring
        turned = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in zip(first, [*first[1:], first[0]], strict=True))
        assert turned > 0, "clockwise, or the sphere fills the rest of the globe"
    assert len({trace["fillcolor"] for trace in land(Look())}) == 1, "one tone, so that no border shows"


def test_the_map_asks_for_no_borders_and_says_that_it_is_a_sketch() -> None:
    layout = drawn("map", Look()).layout
    assert layout.geo.visible is False
    assert "Sketch" in layout.annotations[0].text
    narrow = geography([106.0, 107.0], [26.0, 27.0], Look())
    assert narrow["lataxis"]["range"][1] - narrow["lataxis"]["range"][0] >= 14


def test_a_pie_has_a_sector_per_hall_type_in_proportion() -> None:
    rows = pd.DataFrame({"site": ["a"], "longitude": [0.0], "latitude": [0.0], "it_mw": [10.0]})
    counts = pd.DataFrame({"air": [1], "cave": [3], "liquid": [0]}, index=["a"])
    traces = pies(rows, counts, Look())
    assert len(traces) == 2
    assert len(traces[1]["lon"]) > 2 * len(traces[0]["lon"]), "three quarters need more points than one"


def test_points_of_the_map_say_what_was_clicked() -> None:
    told = [point for trace in drawn("map", Look()).data if trace.customdata is not None for point in trace.customdata]
    assert {kind for kind, _ in told} == {"site"}, "synthetic origins have no place on file"
    assert {name for _, name in told} == {str(site) for site in plan()[0]["site"].values}


def test_cells_of_the_law_matrix_carry_both_places() -> None:
    heat = drawn("law", Look()).data[0]
    assert heat.customdata[0][2][:2] == ("CN", "EU") or list(heat.customdata[0][2][:2]) == ["CN", "EU"]
    assert heat.text[0][0] == "·", "at home"


def test_the_law_of_2015_was_free_where_that_of_2026_asks_for_a_contract() -> None:
    spells = lawmap.course_of_law_table(QUESTION, "CN", "EU")
    personal = spells[spells["data_class"] == "personal"]
    assert personal.iloc[0]["mechanism"] == "free"
    assert personal.iloc[-1]["mechanism"] == "contract"
    assert (personal["ends"].to_numpy()[:-1] == personal["begins"].to_numpy()[1:]).all()


def test_both_palettes_have_a_colour_for_every_place() -> None:
    assert len(LIGHT) == len(DARK) == len(set(LIGHT)) == len(set(DARK))


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        (5.643e9, "CNY", "5.643 bn CNY", "56.43 亿元"),
        (-2.5e8, "CNY", "−250 m CNY", "−2.500 亿元"),
        (6.1e5, "MWh/a", "610 GWh/a", "6.100 亿千瓦时/年"),
        (390_000.0, "m3/a", "390 thousand m³/a", "39 万立方米/年"),
        (505.0, "CNY/MWh", "0.5050 CNY/kWh", "0.5050 元/千瓦时"),
        (float("nan"), "MW", "–", "–"),
    ],
)
def test_amounts_are_written_as_their_readers_count(value: float, unit: str, english: str, chinese: str) -> None:
    told = [quantity(value, unit, language).replace("\u00a0", " ") for language in ("en", "zh")]
    assert told == [english, chinese]
    assert " " not in quantity(value, unit, "en"), "a line may not break inside an amount"


def test_an_axis_has_one_size_for_all_its_values() -> None:
    assert scale("CNY", 5e9, "en").factor == 1e9
    assert scale("CNY", 5e9, "zh").factor == 1e8
    assert scale("1", 3.0, "zh").unit == ""


def test_every_column_of_a_page_table_has_a_heading_with_its_unit() -> None:
    assert unit_of("cost_cny") == "CNY"
    assert words()["column.cost_cny"] == ("Present cost, CNY", "现值成本（元）")
    assert json.dumps(words()["column.pue"]) == '["PUE", "PUE"]'
