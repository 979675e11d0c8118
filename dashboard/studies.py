"""Studies to start from: the shipped ones, the runs of this desk, the jobs in its queue; own data put into them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.conflict_notes import repair_told
from dashboard.context import Context, Desk
from dashboard.own_data import own_data, study_with
from dashboard.repairs import Repair, read_repairs
from dashboard.store import shipped_file

if TYPE_CHECKING:
    from data.scenario import Scenario

RUN, JOB = "run:", "job:"


def base_name(page: Context) -> str:
    """What one starts from: a shipped study, `run:ID`, `job:ID` or `job:ID.REPAIR`; else the run shown or `guizhou`."""
    named = page.state.get("base", "")
    if named and _known(page, named):
        return named
    return f"{RUN}{page.run.path.name}" if page.run is not None else "guizhou"


def base_study(page: Context, name: str) -> Scenario:
    """The study of a base with the own data the address names. Raises as plain_base does, BadInput for faulty data."""
    own = own_data(page.desk.runs.root, page.state.get("own"))
    study = plain_base(page, name)
    return study_with(study, own) if own else study


def plain_base(page: Context, name: str) -> Scenario:
    """The study of a base. Raises BadInput where its files are gone, KeyError where it is unknown."""
    from data.scenario.reading import read_scenario, with_overrides

    if name.startswith(JOB):
        job, repair = parted(name)
        study = page.desk.jobs.scenario(job)
        return study if repair is None else with_overrides(study, _repairs(page, job)[repair].changes)
    if not name.startswith(RUN):
        return read_scenario(shipped_file(name))
    return page.desk.runs.open(name.removeprefix(RUN)).scenario


def told_context(desk: Desk, pathname: str, search: str, told: dict[str, Any] | None, start: str) -> Context:
    """The context of a callback: what the page has told since it was drawn goes over the address.

    start: what the page was drawn from; the newest run may be another one by now.
    """
    page = desk.context(pathname, search)
    later = {"base": start} | {key: str(value) for key, value in (told or {}).items() if value is not None}
    return Context(page.desk, page.look, page.path, page.state | later)


def base_title(page: Context, name: str) -> str:
    """What people call a base."""
    if name.startswith(RUN):
        return page.title(name.removeprefix(RUN))
    if name.startswith(JOB):
        identifier, repair = parted(name)
        job = page.desk.jobs.job(identifier)
        title = page.look.title(job.title) if job else name
        if repair is None:
            return title
        return f"{title} · {repair_told(page.look, _repairs(page, identifier)[repair].text)}"
    return page.look.name("study", name)


def bases(page: Context) -> list[dict[str, object]]:
    """Everything one can start from, grouped as a select wants it."""
    from data.scenario.reading import shipped_scenarios

    presets = [{"value": name, "label": base_title(page, name)} for name in shipped_scenarios()]
    runs = [
        {"value": f"{RUN}{entry.id}", "label": f"{page.look.title(entry.title)} · {page.look.minute(entry.saved)}"}
        for entry in page.desk.runs.entries()
    ]
    groups: list[dict[str, object]] = [{"group": page.t("whatif.presets"), "items": presets}]
    return [*groups, {"group": page.t("whatif.runs"), "items": runs}] if runs else groups


def _known(page: Context, name: str) -> bool:
    from data.scenario.reading import shipped_scenarios

    if name.startswith(RUN):
        return name.removeprefix(RUN) in page.desk.runs
    if name.startswith(JOB):
        job, repair = parted(name)
        known = page.desk.jobs.job(job) is not None
        return known and (repair is None or repair < len(_repairs(page, job)))
    return name in shipped_scenarios()


def parted(name: str) -> tuple[str, int | None]:
    """The job of a base, and the number of the repair made to its study."""
    job, _, number = name.removeprefix(JOB).partition(".")
    return job, int(number) if number.isdecimal() else None


def _repairs(page: Context, job: str) -> list[Repair]:
    return read_repairs(page.desk.jobs.own_folder(job))
