"""What a page is given: the reader's look, the state of the URL, the run in question, runs and jobs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl, urlencode

from dashboard.look import Look
from dashboard.numerals import Language

if TYPE_CHECKING:
    from dashboard.jobs import Jobs
    from dashboard.store import RunStore
    from model.runs import Run

Value = TypeVar("Value")
SHARED = ("lang", "theme", "run", "against")  # keys that follow the reader from page to page


@dataclass(frozen=True)
class Desk:
    """What all readers share: the store of runs, the jobs, and whether this desk may solve."""

    runs: RunStore
    jobs: Jobs
    may_solve: bool = True

    def context(self, pathname: str | None, search: str | None) -> Context:
        """The context of one request from the URL's path and query; nonsense in it is passed over."""
        state = dict(parse_qsl((search or "").removeprefix("?")))
        language: Language = "zh" if state.get("lang") == "zh" else "en"
        theme = "dark" if state.get("theme") == "dark" else "light"
        return Context(self, Look(language, theme), pathname or "/", state)


@dataclass(frozen=True)
class Context:
    """One reader on one page."""

    desk: Desk
    look: Look
    path: str
    state: dict[str, str] = field(default_factory=dict)

    def t(self, key: str, **values: object) -> str:
        """The words of a key in the reader's language."""
        return self.look.t(key, **values)

    @cached_property
    def run(self) -> Run | None:
        """The run the URL names, else the newest; None where the store is empty. Opened once and kept."""
        return self.desk.runs.chosen(self.state.get("run"))

    def kept(self, function: Callable[..., Value], *more: Hashable) -> Value:
        """`function(run, *more)` of the run shown, worked out once, to be read only.

        Raises LookupError where there is no run.
        """
        if self.run is None:
            raise LookupError("there is no run")
        return self.desk.runs.kept(self.run, function, *more)

    @cached_property
    def against(self) -> Run | None:
        """The run that figures are compared with, where the URL names one."""
        named = self.state.get("against")
        return self.desk.runs.open(named) if named and named in self.desk.runs else None

    def site(self, identifier: str) -> str:
        """A site's name: from the tables in the reader's language, else as its owner wrote it."""
        known = self.look.name("site", identifier)
        if known == identifier.replace("_", " ") and self.run is not None:
            names = self.run.instance["site_name"].to_series()
            return str(names.get(identifier, known))
        return known

    def title(self, identifier: str) -> str:
        """What people call the run of an id, in the reader's language where the study is ours."""
        return self.look.title(self.desk.runs.title(identifier))

    def title_apart(self, identifier: str, others: Iterable[str]) -> str:
        """The same, with the minute it was solved where another of these runs is called so too."""
        title = self.title(identifier)
        entry = self.desk.runs.entry(identifier)
        if entry is None or all(other == identifier or self.title(other) != title for other in others):
            return title
        return f"{title} · {self.look.minute(entry.saved)}"

    def link(self, path: str, **changes: str | None) -> str:
        """A way to another page that keeps language, theme and runs; a change to None drops a key."""
        kept = {key: self.state[key] for key in SHARED if key in self.state}
        query = {key: value for key, value in (kept | changes).items() if value is not None}
        return f"{path}?{urlencode(query)}" if query else path
