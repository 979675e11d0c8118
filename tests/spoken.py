"""Sentences read out of the source that writes them, their values replaced by examples; English in what a page says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

VALUES = ("12", "site", "2026-01-31", "a, b", "Point")  # what may stand where a sentence has a value; one of them fits
GUESSES = ("did_you_mean", "one_of", "nearest_path")  # of data.wording and its like: the nearest name, or all there are

# Names that Chinese readers use in Latin letters, of three words and more.
NAMES = (
    "CRE Media Europe", "China Daily Brief", "China Economic Review", "City Energy Analyst",
    "Hewlett Packard Enterprise", "Resources, Conservation and Recycling", "Ziggurat Real Estate",
)  # fmt: skip
ENGLISH = re.compile(r"[A-Za-z][A-Za-z'’]*(?:[ ,;:]+[A-Za-z][A-Za-z'’]*){2,}")
UNSEEN = {"id", "className", "class_name", "style", "type", "namespace", "href", "family", "path", "data-path", "src"}


class Source:
    """One module: its calls, and the sentences an expression in it can be."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        scopes = [node for node in ast.walk(self.tree) if isinstance(node, (ast.FunctionDef, ast.Lambda))]
        self.functions = {node.name: node for node in scopes if isinstance(node, ast.FunctionDef)}
        self.unread: set[str] = set()

    def calls(self, *names: str) -> Iterator[tuple[ast.Call, ast.AST]]:
        """Calls of a function or method of these names, each with the innermost function it stands in."""
        inside = {id(node): scope for scope in self.functions.values() for node in ast.walk(scope)}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if called in names:
                    yield node, inside.get(id(node), self.tree)

    def said(self, node: ast.AST | None, scope: ast.AST) -> list[tuple[str, ...]]:
        """Every sentence an expression can be, once for each of VALUES; `unread` has what cannot be read."""
        return list(zip(*(self._said(node, scope, value) for value in VALUES), strict=True))

    def _said(self, node: ast.AST | None, scope: ast.AST, value: str) -> list[str]:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return [node.value]
        if isinstance(node, ast.JoinedStr):
            return ["".join(parts) for parts in product(*(self._part(part, scope, value) for part in node.values))]
        if isinstance(node, ast.IfExp):
            return self._said(node.body, scope, value) + self._said(node.orelse, scope, value)
        if isinstance(node, ast.Name) and (given := _given(node.id, scope)):
            return [one for each in given for one in self._said(each, scope, value)]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in GUESSES:
                more = [one for each in node.args[2:] for one in self._said(each, scope, value)]
                return ["did you mean gui-an?", "use one of a, b", *more]
            if node.func.id in self.functions:
                within = self.functions[node.func.id]
                returned = [each.value for each in ast.walk(within) if isinstance(each, ast.Return) and each.value]
                return [one for each in returned for one in self._said(each, within, value)]
        self.unread.add(f"{self.path.name}: {ast.unparse(node) if node else ''}")
        return []

    def _part(self, node: ast.AST, scope: ast.AST, value: str) -> list[str]:
        if isinstance(node, ast.Constant):
            return [str(node.value)]
        assert isinstance(node, ast.FormattedValue)
        if node.conversion == ord("r"):
            return [f"'{value}'"]
        if isinstance(node.value, ast.Name) and (given := _given(node.value.id, scope)):
            words = [each for each in given if isinstance(each, (ast.JoinedStr, ast.IfExp, ast.Constant))]
            if words:
                return [one for each in words for one in self._said(each, scope, value)]
        is_share = node.format_spec is not None and ast.unparse(node.format_spec).endswith("%'")
        return [f"{value}%" if is_share else value]


def _given(name: str, scope: ast.AST) -> list[ast.AST]:
    """What a name is set to within a function or a module."""
    found: list[ast.AST] = []
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    found.append(node.value)
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = zip(target.elts, node.value.elts, strict=True)
                    found += [given for one, given in pairs if isinstance(one, ast.Name) and one.id == name]
    return found


def visible(drawn: object) -> Iterator[str]:
    """The texts of a component as JSON, but for what tells the browser how to draw it."""
    if isinstance(drawn, str):
        yield drawn
    elif isinstance(drawn, list):
        for part in drawn:
            yield from visible(part)
    elif isinstance(drawn, dict) and drawn.get("type") != "Store":  # what the browser keeps and shows nobody
        for key, part in drawn.items():
            if key not in UNSEEN:
                yield from visible(part)


def english_in(texts: Iterable[str]) -> set[str]:
    """Runs of three English words and more, but for names."""
    said = (re.sub("|".join(NAMES), "", text) for text in texts)
    return {run for text in said for run in ENGLISH.findall(text)}
