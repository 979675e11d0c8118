"""A solve followed on a page: drawn anew when there is news, and told as a plan when it is done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from dash._utils import to_json

from dashboard import progress
from dashboard.context import Desk
from dashboard.jobs import Jobs
from dashboard.progress import job_view
from dashboard.store import RunStore
from tests.dashboard_plans import saved_plan
from tests.test_dashboard_attacks import Attacker


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    saved_plan(tmp_path, "cheap", "Carbon at 60")
    saved_plan(tmp_path, "dear", "Carbon at 600", 600.0)
    return Desk(RunStore(tmp_path), Jobs(tmp_path))


def begun(desk: Desk) -> str:
    """A job that runs, begun from the plan with cheap carbon."""
    identifier = desk.jobs.submit(desk.runs.open("dear").scenario, "Carbon at 600", desk.runs.folder("cheap"))
    assert desk.jobs._claim() == identifier
    return identifier


def test_a_solve_without_news_is_not_drawn_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "NEWS_S", 3600.0)
    identifier, reader = begun(desk), Attacker(desk)
    first = reader.sends("job-id.data", identifier)
    assert first.status_code == 200
    seen = json.loads(first.data)["response"]["job-seen"]["data"]
    assert reader.sends("job-id.data", identifier, **{"job-seen": seen}).status_code == 204
    desk.jobs.end(identifier, "done", run="dear")
    last = reader.sends("job-id.data", identifier, **{"job-seen": seen})
    assert json.loads(last.data)["response"]["job-tick"]["disabled"] is True


def test_a_plan_is_told_with_what_it_changes_as_soon_as_it_is_there(desk: Desk) -> None:
    identifier = begun(desk)
    desk.jobs.end(identifier, "done", run="dear")
    page, job = desk.context("/whatif", ""), desk.jobs.job(identifier)
    assert job is not None

    def told() -> str:
        return json.dumps(json.loads(str(to_json(job_view(page, job)))), ensure_ascii=False)

    assert "The plan costs" in told()
    assert "“Carbon at 600” costs" in told()
    assert "more than “Carbon at 60”." in told()
    desk.runs.delete("cheap")
    assert "The plan costs" in told()
    assert "“Carbon at 60”" not in told()
