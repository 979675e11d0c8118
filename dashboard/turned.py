"""A study whose levers are turned: what it is called, where its solve begins, and its way into the queue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.context import Context
from dashboard.lever_controls import lever_name, said
from dashboard.levers import all_levers, overrides_of
from dashboard.own_data import own_data
from dashboard.progress import queued
from dashboard.studies import JOB, RUN, base_title, parted
from data.errors import BadInput

if TYPE_CHECKING:
    from data.scenario import Scenario

NAMED = 2  # changes that a title names


def asked(
    page: Context, base: str, study: Scenario, changes: dict[str, Any], title: str = ""
) -> tuple[str | None, str | None]:
    """The job of a base's study with its levers turned, or None with why not in words. Raises BadInput."""
    wanted, told = turned(study, changes), title or title_of(page, base, changes)
    return queued(page, lambda: page.desk.jobs.submit(wanted, told, start_folder(page, base)))


def turned(study: Scenario, changes: dict[str, Any]) -> Scenario:
    """The study with its levers turned. Raises BadInput with every fault."""
    from data.scenario.reading import with_overrides

    return with_overrides(study, overrides_of(changes, study)) if changes else study


def title_of(page: Context, base: str, changes: dict[str, Any]) -> str:
    """A name for the changed study: what it starts from and what is changed first."""
    known = all_levers()
    told = [f"{lever_name(page, known[name])} {said(page, name, changes[name])}" for name in list(changes)[:NAMED]]
    more = [page.t("whatif.more", count=len(changes) - NAMED)] if len(changes) > NAMED else []
    own = [page.t("own.title")] if own_data(page.desk.runs.root, page.state.get("own")) else []
    return " · ".join([base_title(page, base).split(" · ")[0], *own, *told, *more])


def start_folder(page: Context, base: str) -> Path | None:
    """Where the run lies that the solve of a base begins from, since a warm solve takes seconds.

    That is the run the base is, the run its job began from, or a run of the same shipped study. None where there is
    none that can be read.
    """
    try:
        if base.startswith(JOB):
            job = page.desk.jobs.job(parted(base)[0])
            return Path(job.folder) if job is not None and job.folder else None
        run = base.removeprefix(RUN) if base.startswith(RUN) else _run_of_preset(page, base)
        return None if run is None else page.desk.runs.folder(run)
    except (BadInput, KeyError, OSError):
        return None


def _run_of_preset(page: Context, name: str) -> str | None:
    """The newest run of a shipped study made from today's catalogue: one of just this study, else one like it."""
    from dashboard.store import shipped_file
    from data.catalogue import catalogue_fingerprint
    from data.scenario.identity import content_hash
    from data.scenario.reading import read_scenario

    study, alike = read_scenario(shipped_file(name)), None
    for entry in page.desk.runs.entries():
        if entry.name != study.name:
            continue
        facts = page.desk.runs.facts(entry.id)
        if facts.get("catalogue") != catalogue_fingerprint():
            continue
        if facts.get("content_hash") == content_hash(study):
            return entry.id
        alike = alike or entry.id
    return alike
