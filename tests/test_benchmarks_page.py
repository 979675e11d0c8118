"""The page of measurements tells what was found, what was asked, and whether it was kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import __main__ as command
from tests.benchmarks.page import LINES, page
from tests.benchmarks.record import Record, circumstances, load, save
from tests.benchmarks.study import what_if_medians


def record(result: Any) -> Record:
    """A record of that result."""
    return Record(result, "2026-01-02", "abc1234", "a machine, 2 cores", "Python 3.11", "python -m tests.benchmarks x")


def row(records: dict[str, Record], what: str) -> list[str]:
    """The cells found, asked, kept of the summary row that begins with `what`."""
    rows = [line.split(" | ") for line in page(records).splitlines() if line.startswith("| ")]
    (cells,) = [cells for cells in rows if cells[1].startswith(what)]
    return cells[2:5]


def cold(wall_s: float, gap: float, peak_gib: float = 0.5) -> dict[str, Any]:
    """Five cold solves alike."""
    return {"repeats": 5, "failed": [], "peak_gib": peak_gib, "wall_s": wall_s, "certified_s": wall_s - 0.2, "gap": gap}


def test_without_measurements_every_entry_says_so() -> None:
    text = page({})
    assert text.count("not measured yet") == len(LINES)


def test_every_entry_of_the_command_has_lines_on_the_page() -> None:
    assert set(command.entries(command.parser().parse_args([]))) == set(LINES)


def test_a_limit_is_kept_only_in_time_and_with_the_gap_certified() -> None:
    in_time = {"cold": record({"0.005": cold(4.9, 0.0049), "0.02": cold(1.0, 0.021)})}
    assert row(in_time, "default study cold to 0.5%") == ["4.9 s (certified at 4.7 s, gap 0.49%)", "≤ 5 s", "yes"]
    assert row(in_time, "default study cold to 2.0%")[2] == "no"  # in time, but 2.1 % were certified
    late = {"cold": record({"0.005": cold(5.1, 0.0049)})}
    assert row(late, "default study cold to 0.5%")[2] == "no"
    assert row({"cold": record({"0.005": cold(4.9, 0.004, peak_gib=1.2)})}, "peak memory")[2] == "no"


def test_another_solver_stopped_at_its_cap_counts_as_at_least_that_much_slower() -> None:
    other = {"wall_s": 1805.0, "build_s": 30.0, "gap": 0.02, "objective_cny": 1e11, "peak_gib": 3.0}
    rows = {
        "hallsite": other | {"wall_s": 5.0, "gap": 0.005},
        "HiGHS": other | {"times_faster": 361.0, "reached": False},
        "SCIP": {"absent": "pyscipopt is not installed", "peak_gib": 0.1},
    }
    records = {"complete-0.005": record({"gap": 0.005, "cap_s": 1800.0, "study": "guizhou", "rows": rows})}
    told = row(records, "complete model, 0.5%, cap 1800 s: HiGHS")
    assert told == ["at least 361 times our time", "≥ 30 times", "yes"]
    assert "pyscipopt is not installed" in page(records)


def test_medians_of_what_ifs_are_of_pairs() -> None:
    rows = [{"cold_s": cold, "warm_s": warm} for cold, warm in ((10.0, 1.0), (6.0, 0.5), (8.0, 4.0))]
    assert what_if_medians(rows) == {"cold_s": 8.0, "warm_s": 1.0, "ratio": 10.0}  # of 10, 12 and 2
    assert what_if_medians([{"cold_s": 8.0, "warm_s": None}]) == {"cold_s": 8.0, "warm_s": None, "ratio": None}


def test_the_slower_total_on_files_and_a_cent_off_are_told() -> None:
    ours = [{"file": "cap41", "objective": 1040444.40, "gap": 0.0, "wall_s": 0.3}]
    theirs = [{"file": "cap41", "objective": 1040444.375, "gap": 0.0, "wall_s": 0.2}]
    result = {"gap": 1e-9, "engines": {"hallsite": ours, "HiGHS": theirs}, "optima": {"cap41": 1040444.375}}
    records = {"orlib": record(result)}
    assert row(records, "1 files")[2] == "no"
    assert row(records, "published optima")[0] == "0 of 1"


def test_a_failed_entry_is_told_by_its_last_line() -> None:
    text = page({"import": record({"failure": "Traceback\nValueError: no | here"})})
    assert "failed: ValueError: no / here" in text


def test_records_come_back_as_they_were_kept(tmp_path: Path) -> None:
    kept = {"import": circumstances("python -m tests.benchmarks import", {"import_s": 1.0})}
    save(kept, tmp_path / "kept.json")
    assert load(tmp_path / "kept.json") == kept
    assert "cores" in kept["import"].machine
    assert "highspy" in kept["import"].versions


def test_an_unknown_entry_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["colder"]) == 2
    assert "scale-decade" in capsys.readouterr().err


def test_the_page_in_the_folder_is_that_of_the_measurements_kept() -> None:
    assert command.PAGE.read_text(encoding="utf-8") == page(load())
