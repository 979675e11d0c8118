"""The pages in the order of the navigation, and the pages of studies, which are found by their names."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    import pandas as pd
    from dash import Dash
    from dash.development.base_component import Component

    from dashboard.context import Context, Desk
    from dashboard.study_page import StudyPage

PAGES = ("brief", "map", "whatif", "compare", "studies", "law", "energy", "data", "runs")
STUDY = "study_"  # begins the name of the module of a study's page; such a module is found by its name


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
    """Pages by id: those of the navigation, then one for each study."""
    own = {name: cast(Page, import_module(f"{__name__}.{name}")) for name in PAGES}
    return own | {study.id: cast(Page, study) for study in study_pages().values()}


@cache
def study_pages() -> dict[str, StudyPage]:
    """Pages of studies by the name of the study."""
    found: list[StudyPage] = [import_module(name).PAGE for name in study_modules()]
    return {study.name: study for study in found}


def study_modules() -> list[str]:
    """Names of the modules of studies."""
    return [f"{__name__}.{one.name}" for one in iter_modules(__path__) if one.name.startswith(STUDY)]
