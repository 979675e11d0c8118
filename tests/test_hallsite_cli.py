"""The command line as its users meet it: speed, exit codes, words."""

from __future__ import annotations

import json
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import pytest

from model.runs import save_run
from tests import by_hand
from tests.commands import hallsite, hallsite_here
from tests.test_model_runs import EVENTS, STUDY


def test_help_answers_within_half_a_second(tmp_path: Path) -> None:
    seconds = []
    for _ in range(5):
        before = getrusage(RUSAGE_CHILDREN)
        told = hallsite("--help", cwd=tmp_path, COVERAGE_PROCESS_CONFIG="", COVERAGE_PROCESS_START="")
        after = getrusage(RUSAGE_CHILDREN)
        assert told.returncode == 0
        # Processor time: what a quiet machine would take, whatever else runs on this one.
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    for verb in ("solve", "check", "show", "new", "catalogue", "schema"):
        assert verb in told.stdout
    assert min(seconds) < 0.5


def test_an_unknown_study_is_bad_input_and_names_the_nearest(tmp_path: Path) -> None:
    told = hallsite("solve", "guizou", cwd=tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert "did you mean guizhou?" in told.stderr
    assert "Traceback" not in told.stderr
    assert list(tmp_path.iterdir()) == [], "nothing is written"


def test_every_fault_of_a_study_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "name: mine\ntime:\n  perods: [2026]\nsites:\n  forbid: [guian]\nfinance:\n  discount_rate: 3\n"
    )
    told = hallsite_here("check", "mine.yaml", "--set", "policy.carbon_price=80", cwd=tmp_path)
    assert told.returncode == 2
    for words in (
        "line 3",
        "did you mean time.periods?",
        "line 5",
        "did you mean gui-an?",
        "line 7",
        "did you mean policy.carbon_price_growth?",
    ):
        assert words in told.stderr


def test_an_unknown_verb_or_option_is_bad_input(tmp_path: Path) -> None:
    assert hallsite_here("sove", cwd=tmp_path).returncode == 2
    assert hallsite_here("solve", "guizhou", "--gape", "1", cwd=tmp_path).returncode == 2


def test_a_taken_folder_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").touch()
    told = hallsite_here("solve", "guizhou", "--out", "mine", cwd=tmp_path)
    assert told.returncode == 2
    assert "is there already and not empty" in told.stderr


@pytest.fixture
def folder_with_run(tmp_path: Path) -> Path:
    world = by_hand.instance()
    save_run(
        tmp_path / "runs" / "by-hand", STUDY, world, by_hand.solution(world), EVENTS, "hallsite solve by-hand"
    )
    return tmp_path


def test_show_prints_a_run_again(folder_with_run: Path) -> None:
    told = hallsite("show", "last", cwd=folder_with_run)
    assert told.returncode == 0, told.stderr
    report = (folder_with_run / "runs" / "by-hand" / "report.txt").read_text()
    printed = "\n".join(line.rstrip() for line in told.stdout.splitlines())
    assert report in printed
    assert "hallsite solve by-hand" in told.stdout


def test_show_without_a_name_lists_runs_and_json_is_one_object(folder_with_run: Path) -> None:
    assert "2.465 bn CNY" in hallsite_here("show", cwd=folder_with_run).stdout
    told = json.loads(hallsite_here("show", "by-hand", "--json", cwd=folder_with_run).stdout)
    assert told["objective_cny"] == by_hand.OBJECTIVE_CNY
    assert told["command"] == "hallsite solve by-hand"


def test_show_refuses_what_is_no_run(folder_with_run: Path) -> None:
    told = hallsite_here("show", "nothing", cwd=folder_with_run)
    assert (told.returncode, told.stdout) == (2, "")
    assert "there are by-hand" in told.stderr


def test_schema_describes_every_section(tmp_path: Path) -> None:
    told = json.loads(hallsite_here("schema", cwd=tmp_path).stdout)
    assert {"time", "finance", "sites", "climate", "power", "law", "solver"} <= set(told["properties"])


def test_catalogue_lists_tables_sites_sources_and_assumptions(tmp_path: Path) -> None:
    told = json.loads(hallsite_here("catalogue", "--json", cwd=tmp_path).stdout)
    assert {"gui-an", "frankfurt"} <= {site["site"] for site in told["sites"]}
    assert "hall_types.csv" in {table["table"] for table in told["tables"]}
    sources = json.loads(hallsite_here("catalogue", "sources", "--json", cwd=tmp_path).stdout)["sources"]
    assert all(source["title"] for source in sources)
    assumed = json.loads(hallsite_here("catalogue", "assumptions", "--json", cwd=tmp_path).stdout)["assumptions"]
    assert all(
        row["low"] <= row["value"] <= row["high"] for row in assumed if None not in (row["low"], row["high"])
    )


def test_new_makes_a_study_that_is_free_of_code_and_refuses_names_of_rooms(tmp_path: Path) -> None:
    told = hallsite_here("new", "mine", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    made = [path for path in (tmp_path / "mine").rglob("*") if path.is_file()]
    assert any(path.suffix == ".yaml" for path in made)
    assert not [path for path in made if path.suffix in (".py", ".pyc")]
    assert hallsite_here("new", "mine", cwd=tmp_path).returncode == 2, "a folder in use is not touched"
    refused = hallsite_here("new", "data", cwd=tmp_path)
    assert refused.returncode == 2
    assert "my_data" in refused.stderr


def test_a_new_study_checks_and_says_what_own_sites_left_open(tmp_path: Path) -> None:
    hallsite_here("new", "mine", cwd=tmp_path)
    told = hallsite_here("check", "mine/own_data.yaml", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "the file mine/own_data.yaml" in told.stdout
    assert "nansha-port: estimated as at guangzhou, 50 km away" in told.stdout


def test_catalogue_shows_a_site_and_the_fields_it_may_be_given(tmp_path: Path) -> None:
    told = hallsite_here("catalogue", "show", "gui-an", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    for words in ("grid_price", "CNY/MWh", "plot_limit", "estimated", "derived", "Sources:"):
        assert words in told.stdout
    fields = hallsite_here("catalogue", "fields", cwd=tmp_path).stdout
    assert "IT load of new halls the plot can hold" in fields
    refused = hallsite_here("catalogue", "show", "guian", cwd=tmp_path)
    assert refused.returncode == 2
    assert "did you mean gui-an?" in refused.stderr


def test_rebuilding_from_a_folder_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    told = hallsite_here("catalogue", "rebuild", "--from", "nowhere", cwd=tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert "nowhere: the folder of raw files does not exist" in told.stderr
