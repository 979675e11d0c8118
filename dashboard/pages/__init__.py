"""The pages in the order of the navigation; a page is found by being listed here."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    import pandas as pd
    from dash import Dash
    from dash.development.base_component import Component

    from dashboard.context import Context, Desk

PAGES = ("brief", "map", "whatif", "compare", "law", "energy", "data", "runs")


class Page(Protocol):
    """What a page module offers; it may leave TABLES out."""

    PATH: str
    TABLES: dict[str, Callable[[Context], pd.DataFrame]]

    def layout(self, page: Context) -> Component:
        """The page for one reader and one state of the URL."""

    def register(self, app: Dash, desk: Desk) -> None:
        """Add the page's callbacks."""


@cache
def pages() -> dict[str, Page]:
    """Page modules by id."""
    return {name: cast(Page, import_module(f"{__name__}.{name}")) for name in PAGES}
