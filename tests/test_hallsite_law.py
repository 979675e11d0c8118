"""`hallsite law` answers with the mechanism, the rules and what would change it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from data.errors import BadInput
from hallsite.commands.law import app
from tests.commands import hallsite_here as hallsite

QUESTION = ("law", "explain", "--from", "CN", "--to", "SG", "--class", "personal", "--as-of", "2024-06-01")


@pytest.mark.parametrize(
    ("people", "mechanism"),
    [("99999", "free"), ("100000", "contract"), ("999999", "contract"), ("1000000", "assessment")],
)
def test_explain_changes_its_answer_exactly_at_the_thresholds(tmp_path: Path, people: str, mechanism: str) -> None:
    told = json.loads(hallsite(*QUESTION, "--people", people, "--json", cwd=tmp_path).stdout)
    assert told["mechanism"] == mechanism


def test_explain_cites_its_rules_and_is_no_legal_advice(tmp_path: Path) -> None:
    told = hallsite(*QUESTION, "--people", "250000", cwd=tmp_path)
    assert told.returncode == 0
    for words in ("CAC Order 16), Art. 8", "Hosted in Mainland China: domestic.", "no legal advice"):
        assert words in told.stdout


def test_changes_list_the_rules_that_begin_on_a_day(tmp_path: Path) -> None:
    told = hallsite("law", "changes", "2024-03-21", "2024-03-22", "--from", "CN", cwd=tmp_path)
    assert "begins CN-CBDF-3" in told.stdout
    same = hallsite("law", "changes", "2024-03-22", "2024-03-22", cwd=tmp_path)
    assert "Nothing changes" in same.stdout


@pytest.mark.parametrize(
    "words", [("law", "changes", "2024-03-21", "2024-03-22", "--to", "XX"), (*QUESTION, "--operator", "XX")]
)
def test_unknown_places_are_bad_input(tmp_path: Path, words: tuple[str, ...]) -> None:
    told = hallsite(*words, cwd=tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert "XX" in told.stderr


def test_rules_are_listed_with_their_citation_for_counsel(tmp_path: Path) -> None:
    told = json.loads(hallsite("law", "rules", "--from", "CN", "--json", cwd=tmp_path).stdout)["rules"]
    assert {rule["origin"] for rule in told} == {"CN"}
    assert all(rule["instrument"] and rule["effective_from"] for rule in told)
    listed = hallsite("law", "rules", "--from", "RU", cwd=tmp_path).stdout
    assert "2025-07-01" in listed


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--from", "cn"), "did you mean CN?"),
        (("--class", "persnal"), "did you mean personal?"),
        (("--people", "1e30"), "give a whole number"),
        (("--people", "inf"), "give a whole number"),
        (("--people", "99999.5"), "give a whole number"),
        (("--operator-type", "foo"), "use one of general, cii"),
        (("--holds", "us-dpf-certifed"), "did you mean us-dpf-certified?"),
        (("--zone", "mars"), "use one of beijing, shanghai"),
        (("--sector", "mining"), "leave it out"),
    ],
)
def test_a_slip_in_the_question_is_answered_with_its_remedy(words: tuple[str, ...], told: str) -> None:
    """As the command does, without a process for each."""
    question = list(QUESTION[2:])
    name, value = words
    if name in question:
        question[question.index(name) + 1] = value
    else:
        question += [name, value]
    answer = CliRunner().invoke(app, ["explain", *question])
    assert isinstance(answer.exception, BadInput)
    assert told in str(answer.exception)


def test_every_slip_is_told_at_once_with_exit_code_2(tmp_path: Path) -> None:
    told = hallsite(*QUESTION[:2], "--from", "C", "--to", "SG", "--class", "x", "--zone", "mars", cwd=tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.count("\n- ") == 3


def test_days_before_and_beyond_the_rules_on_file_say_so(tmp_path: Path) -> None:
    before = hallsite(*QUESTION[:-1], "1900-01-01", cwd=tmp_path).stdout
    assert ": unknown\n" in before
    assert "data of 1 person from" in before
    beyond = hallsite(*QUESTION[:-1], "9999-12-31", cwd=tmp_path).stdout
    assert "law made after that day is not on file" in beyond
    assert "is not on file" in hallsite("law", "changes", "2026-01-01", "2050-01-01", cwd=tmp_path).stdout


def test_a_place_without_rules_is_unknown_in_the_list_of_rules(tmp_path: Path) -> None:
    told = hallsite("law", "rules", "--from", "AR", cwd=tmp_path)
    assert told.returncode == 0
    assert "no rule is on file" in told.stdout
