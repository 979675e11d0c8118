"""Requests nobody's browser would send: forged ids, paths out of the folder, deeds of those who may only look."""

from __future__ import annotations

import json
import shutil
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from werkzeug.test import Client, TestResponse

from dashboard.app import make_app
from dashboard.context import Desk
from dashboard.guard import Access
from dashboard.jobs import Jobs
from dashboard.store import RunStore
from model.runs import save_run
from tests.test_model_runs import EVENTS, STUDY

HOST = {"Host": "127.0.0.1:8050"}
PATHS = ["..", "../one", "../../etc/passwd", "/etc/passwd", "one/../../x", "one\x00", "", "x" * 5000, ".desk"]
FORGED: list[Any] = [*PATHS, None, 7, 1.5, [], ["one"], {"id": "one"}, True]


class Attacker:
    """Sends callbacks as a browser would, with whatever values."""

    def __init__(self, desk: Desk, name: str = "run") -> None:
        access = Access(passwords=(("run", "secret"), ("view", "look")))
        self.client = Client(make_app(desk, access).server)
        words = b64encode(f"{name}:{dict(access.passwords)[name]}".encode()).decode()
        self.known = {**HOST, "Authorization": f"Basic {words}"}
        self.callbacks = json.loads(self.client.get("/_dash-dependencies", headers=self.known).data)

    def sends(self, cause: str | dict[str, Any], value: Any, **states: Any) -> TestResponse:
        """Trigger the callback of an input, named `id.property` or by a pattern's id, with states by `id`."""
        identifier, prop = cause.rsplit(".", 1) if isinstance(cause, str) else (cause, "n_clicks")
        told = next(
            one
            for one in self.callbacks
            if not one["clientside_function"] and any(_is(given, identifier, prop) for given in one["inputs"])
        )
        inputs = [
            {"id": identifier, "property": prop, "value": value} if _is(given, identifier, prop) else _plain(given)
            for given in told["inputs"]
        ]
        body = {
            "output": told["output"],
            "outputs": [_output(part) for part in told["output"].strip(".").split("...")],
            "inputs": [[one] if isinstance(identifier, dict) and one["id"] == identifier else one for one in inputs],
            "changedPropIds": [f"{_text(identifier)}.{prop}"],
            "state": [
                _plain(given) | {"value": states.get(given["id"], _usual(given["id"]))} for given in told["state"]
            ],
        }
        if len(body["outputs"]) == 1 and not told["output"].startswith(".."):
            body["outputs"] = body["outputs"][0]
        answer = self.client.post("/_dash-update-component", json=body, headers=self.known)
        assert b"Traceback" not in answer.data
        assert answer.status_code in (200, 204, 400), (answer.status_code, answer.data[:300])
        return answer


def _is(given: dict[str, Any], identifier: Any, prop: str) -> bool:
    if isinstance(identifier, dict):
        return bool(given["id"].startswith("{") and json.loads(given["id"])["type"] == identifier["type"])
    return bool(given["id"] == identifier and given["property"] == prop)


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    return {"id": given["id"], "property": given["property"]}


def _output(part: str) -> dict[str, str]:
    identifier, prop = part.split("@")[0].rsplit(".", 1)
    return {"id": identifier, "property": prop}


def _text(identifier: Any) -> str:
    return json.dumps(identifier, sort_keys=True, separators=(",", ":")) if isinstance(identifier, dict) else identifier


def _usual(identifier: str) -> Any:
    return "/" if identifier == "url" else None


@pytest.fixture
def desk(tmp_path: Path, world: xr.Dataset, plan: xr.Dataset) -> Desk:
    root = tmp_path / "runs"
    save_run(root / "one", STUDY, world, plan, EVENTS)
    shutil.copytree(root / "one", tmp_path / "outside")
    return Desk(RunStore(root), Jobs(root))


def _everything(desk: Desk) -> set[str]:
    """Names of all files but those of the desk itself, inside the folder of runs and beside it."""
    home = desk.runs.root.parent
    return {str(path.relative_to(home)) for path in home.rglob("*") if ".desk" not in path.parts}


@pytest.mark.parametrize("forged", FORGED, ids=repr)
def test_a_forged_id_reaches_nothing_and_breaks_nothing(
    desk: Desk, forged: Any, caplog: pytest.LogCaptureFixture
) -> None:
    attacker, before = Attacker(desk), _everything(desk)
    row = [{"id": forged, "title": "x"}]
    attacker.sends("runs-delete.n_clicks", 1, **{"runs-grid": row})
    attacker.sends({"type": "runs-restore", "run": forged}, 1)
    attacker.sends("runs-grid.cellValueChanged", [{"colId": "title", "data": {"id": forged}, "value": "x"}])
    attacker.sends("runs-open.n_clicks", 1, **{"runs-grid": row})
    attacker.sends({"type": "job-end", "job": forged}, 1)
    attacker.sends({"type": "job-log", "job": forged}, 1)
    attacker.sends("job-id.data", forged)
    attacker.sends("job-stop.n_clicks", 1, **{"job-id": forged})
    attacker.sends("study-ask.n_clicks", 1, **{"study-asked": {"study": "stress", "run": forged}})
    attacker.sends("study-ask.n_clicks", 1, **{"study-asked": {"study": forged, "run": "one"}})
    attacker.sends("study-ask.n_clicks", 1, **{"study-asked": forged})
    attacker.sends({"type": "starter", "study": forged}, 1)
    attacker.sends("compare-runs.value", [forged])
    attacker.sends("compare-runs.value", forged)
    assert _everything(desk) == before
    assert [entry.title for entry in desk.runs.entries()] == ["A plan by hand"]
    assert desk.jobs.newest() == []
    if isinstance(forged, str):  # of other kinds the log may say that they were nonsense
        assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


def test_what_the_browser_answers_alone_is_not_answered_by_the_server(desk: Desk) -> None:
    attacker = Attacker(desk)
    alone = next(one for one in attacker.callbacks if one["clientside_function"])
    body = {"output": alone["output"], "inputs": [], "changedPropIds": []}
    answer = attacker.client.post("/_dash-update-component", json=body, headers=attacker.known)
    assert (answer.status_code, answer.text) == (400, "This asks for nothing we have.")


def test_who_may_only_look_changes_nothing(desk: Desk) -> None:
    attacker, before = Attacker(desk, "view"), _everything(desk)
    waiting = desk.jobs.submit(STUDY, "waits")
    attacker.sends("runs-delete.n_clicks", 1, **{"runs-grid": [{"id": "one"}]})
    attacker.sends("runs-grid.cellValueChanged", [{"colId": "title", "data": {"id": "one"}, "value": "mine"}])
    attacker.sends({"type": "job-end", "job": waiting}, 1)
    attacker.sends("job-stop.n_clicks", 1, **{"job-id": waiting})
    attacker.sends("study-ask.n_clicks", 1, **{"study-asked": {"study": "stress", "run": "one"}})
    attacker.sends({"type": "starter", "study": "own-data"}, 1)
    attacker.sends("whatif-solve.n_clicks", 1)
    assert _everything(desk) == before
    assert [(job.title, job.state, job.stop) for job in desk.jobs.newest()] == [("waits", "waiting", False)]
    assert desk.runs.title("one") == "A plan by hand"


def test_who_may_run_does_what_the_attacks_could_not(desk: Desk) -> None:
    """The requests above are those of the pages: sent by the right one they work."""
    planner = Attacker(desk)
    planner.sends("runs-grid.cellValueChanged", [{"colId": "title", "data": {"id": "one"}, "value": "mine"}])
    assert desk.runs.title("one") == "mine"
    planner.sends("study-ask.n_clicks", 1, **{"study-asked": {"study": "stress", "run": "one"}})
    assert [(job.study, job.about) for job in desk.jobs.newest()] == [("stress", "one")]
    planner.sends("job-stop.n_clicks", 1, **{"job-id": desk.jobs.newest()[0].id})
    assert desk.jobs.newest()[0].state == "cancelled"
    planner.sends("runs-delete.n_clicks", 1, **{"runs-grid": [{"id": "one"}]})
    assert "one" not in desk.runs
    planner.sends({"type": "runs-restore", "run": "one"}, 1)
    assert "one" in desk.runs
