"""Components of pages as plain HTML, for a file that needs no server."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from dash.development.base_component import Component

PAPER = "section"
EMPTY = ("img", "br", "hr")


def markup(node: Any) -> str:
    """A component, a text or a list of them as HTML; every text is escaped."""
    if node is None or isinstance(node, bool):
        return ""
    if isinstance(node, (list, tuple)):
        return "".join(markup(part) for part in node)
    if not isinstance(node, Component):
        return escape(str(node))
    props = {name: getattr(node, name) for name in node._prop_names if hasattr(node, name)}
    props |= {name: value for name, value in vars(node).items() if name.startswith(("aria-", "data-"))}
    tag = _tag(node, props)
    inner = "" if tag in EMPTY else f"{markup(props.get('children'))}</{tag}>"
    return f"<{tag}{_attributes(props)}>{inner}"


def _tag(node: Component, props: Mapping[str, Any]) -> str:
    name = str(node._type)
    if name == "Title":
        return f"h{props.get('order', 1)}"
    return {"Paper": PAPER, "Text": "p"}.get(name, name.lower())


def _attributes(props: Mapping[str, Any]) -> str:
    told = {"class": props.get("className"), "role": props.get("role"), "src": props.get("src")}
    if isinstance(style := props.get("style"), Mapping):
        told["style"] = ";".join(f"{name}:{value}" for name, value in style.items())
    told |= {name: value for name, value in props.items() if name.startswith("aria-")}
    return "".join(f' {name}="{escape(str(value))}"' for name, value in told.items() if value)
