"""Callbacks with their types kept: of this server, and of the browser alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from dash import ClientsideFunction, Dash

Function = TypeVar("Function", bound=Callable[..., Any])


def callback(app: Dash, *told: Any, **options: Any) -> Callable[[Function], Function]:
    """`app.callback` for a typed function."""
    return cast(Callable[[Function], Function], app.callback(*told, **options))


def in_browser(app: Dash, function: str, *told: Any, first: bool = False) -> None:
    """A callback that the browser answers alone: a function of assets/shell.js."""
    where = ClientsideFunction("hallsite", function)
    app.clientside_callback(where, *told, prevent_initial_call=not first)


def route(app: Dash, rule: str) -> Callable[[Function], Function]:
    """An address of our own beside the pages, answered to GET."""
    return cast(Callable[[Function], Function], app.server.get(rule))
