"""`hallsite law` answers with the mechanism, the rules and what would change it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import hallsite

QUESTION = ("law", "explain", "--from", "CN", "--to", "SG", "--class", "personal", "--as-of", "2024-06-01")


@pytest.mark.parametrize(
    ("people", "mechanism"),
    [("99999", "free"), ("100000", "contract"), ("999999", "contract"), ("1000000", "assessment")],
)
def test_explain_changes_its_answer_exactly_at_the_thresholds(
    tmp_path: Path, people: str, mechanism: str
) -> None:
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
