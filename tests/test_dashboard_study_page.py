"""The promise to those who add a study: its page is a figure and a page file, as docs/dashboard.md shows them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import xarray as xr

from model.runs import save_run
from tests.commands import REPOSITORY, environment
from tests.test_model_runs import EVENTS, STUDY

SCRIPT = """
import json, sys, time
from pathlib import Path
from dash._utils import to_json
import dashboard
from dashboard.app import make_app
from dashboard.context import Desk
from dashboard.jobs import Jobs
from dashboard.shell import shell
from dashboard.store import RunStore
from werkzeug.test import Client

home, root = map(Path, sys.argv[1:])
assert Path(dashboard.__file__).is_relative_to(home)
desk = Desk(RunStore(root), Jobs(root))
client = Client(make_app(desk).server)

def told(path, search):
    return json.dumps(json.loads(str(to_json(shell(desk.context(path, search))))), ensure_ascii=False)

assert "Which sites are near the users?" in told("/studies", "")
assert "Nobody has asked this" in told("/studies/distance", "")
job = desk.jobs.ask("distance", desk.runs.open("one"), "How far")
until = time.monotonic() + 60
while desk.jobs.job(job).active and time.monotonic() < until:
    desk.jobs.tend()
    time.sleep(0.1)
assert desk.jobs.job(job).state == "done", desk.jobs.log(job).read_text()
page = told("/studies/distance", "?lang=en")
assert "existing-0 is nearest." in page, "14.6 ms on average, 21.9 and 40.9 at the others"
assert "study_distance-sites-figure" in page and "study_distance-sites-table" in page
assert "各园区往返时延" in told("/studies/distance", "?lang=zh")
table = client.get("/download/study_distance/sites.csv", headers={"Host": "127.0.0.1"}).data.decode("utf-8-sig")
assert "# asked: distance" in table and "Mean round trip, ms" in table, table
jobs = told("/runs", "")
assert "/studies/distance?run=one" in jobs
"""


def test_a_page_for_a_study_is_the_two_files_that_the_documentation_shows(
    tmp_path: Path, world: xr.Dataset, plan: xr.Dataset
) -> None:
    """They are laid into a copy of the dashboard, asked there as a job, and drawn in both languages."""
    home, root = tmp_path / "home", tmp_path / "runs"
    shutil.copytree(REPOSITORY / "dashboard", home / "dashboard", ignore=shutil.ignore_patterns("__pycache__"))
    text = (REPOSITORY / "docs" / "dashboard.md").read_text(encoding="utf-8")
    figure, page = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    (home / "dashboard" / "figures" / "distance.py").write_text(figure, encoding="utf-8")
    (home / "dashboard" / "pages" / "study_distance.py").write_text(page, encoding="utf-8")
    save_run(root / "one", STUDY, world, plan, EVENTS)
    command = [sys.executable, "-c", SCRIPT, str(home), str(root)]
    ended = subprocess.run(
        command, cwd=home, env=environment() | {"PYTHONPATH": f"{home}:{REPOSITORY}"}, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
