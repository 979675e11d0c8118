"""The law page in words: law and notes in Chinese, every sentence told, the price of rules where it was asked for."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from dashboard.context import Context, Desk
from dashboard.figures import lawmap
from dashboard.jobs import Jobs
from dashboard.pages import law, study_pages
from dashboard.pages.law_reasons import article, instrument, sentence_in_words, steps_in_words
from dashboard.store import RunStore
from dashboard.words import words
from dashboard.words.instruments_abroad import INSTRUMENTS, NOTES
from data.law import explain, rule_table
from data.law.rules import embedded_rules, jurisdictions
from model.runs import save_run
from tests.test_model_runs import EVENTS, STUDY

CHINESE = re.compile("[一-鿿]")


@pytest.fixture
def desk(tmp_path: Path, world: xr.Dataset, plan: xr.Dataset) -> Desk:
    save_run(tmp_path / "one", STUDY, world, plan, EVENTS)
    return Desk(RunStore(tmp_path), Jobs(tmp_path))


@pytest.fixture
def chinese(desk: Desk) -> Context:
    return desk.context("/law", "?lang=zh")


@pytest.fixture
def english(desk: Desk) -> Context:
    return desk.context("/law", "?lang=en")


def test_every_instrument_and_note_on_a_rule_is_told_in_chinese(chinese: Context, english: Context) -> None:
    for name in rule_table()["instrument"].unique():
        assert CHINESE.search(instrument(chinese, name)), name
        assert instrument(english, name) == name
    noted = [rule for rule in embedded_rules() if rule.note]
    assert len(noted) > 80
    assert {rule.note for rule in noted if not {f"rule.{rule.id}", f"rule_note.{rule.note}"} & words().keys()} == set()
    assert set(NOTES) - {rule.note for rule in noted} == set(), "gone from the catalogue"
    assert set(INSTRUMENTS) - set(rule_table()["instrument"]) == set(), "gone from the catalogue"


def test_articles_are_written_as_the_language_writes_them(chinese: Context, english: Context) -> None:
    assert article(chinese, "Art. 4(3)") == "第4条第（3）项"
    assert article(chinese, "Art. 39 (was Art. 37)") == "第39条（原第37条）"
    assert article(chinese, "APP 8; s. 16C") == "隐私原则第8项；第16C条"
    assert article(chinese, "Art. 14-2") == "第14条之2"
    assert article(chinese, "Title 9, part B") == "Title 9, part B", "no guess at what is not written so"
    told = {text: article(chinese, text) for text in rule_table()["article"]}
    assert {text for text, said in told.items() if re.search("[A-Za-z]{2,}", said)} == {"III"}
    assert article(english, "Art. 4(3)") == "Art. 4(3)"


@pytest.mark.parametrize("home", ["CN", "US", "EU", "IN", "BR"])
def test_every_sentence_on_what_would_change_it_is_told_in_chinese(chinese: Context, home: str) -> None:
    for data_class in ("personal", "health", "payment"):
        for host in ("SG", "US", "HK"):
            for line in explain(home, host, data_class, 200_000).would_change:
                assert CHINESE.search(sentence_in_words(chinese, line)), line


def test_mechanisms_by_persons_are_told_in_words(chinese: Context, english: Context) -> None:
    told = "free to 99,999; contract to 999,999; assessment beyond"
    assert [part.split(" to ")[-1] for part in steps_in_words(english, told).split("; ")[:2]] == [
        "99,999 persons", "999,999 persons",
    ]  # fmt: skip
    assert len(steps_in_words(chinese, told).split("；")) == 3
    assert "local_copy" not in steps_in_words(english, "local_copy")


def test_between_two_turning_days_the_matrix_is_worked_out_once() -> None:
    lawmap._mechanisms.cache_clear()
    for day in (2, 3, 4):
        lawmap.law_table(lawmap.Question("personal", date(2024, 4, day)), ["CN", "EU"])
    assert lawmap._mechanisms.cache_info().misses == 1


def test_all_places_are_in_the_matrix() -> None:
    table = lawmap.law_table(lawmap.Question("personal", date(2024, 4, 2)))
    assert len(table) == len(jurisdictions()) ** 2


def test_the_price_of_rules_is_shown_where_somebody_asked_for_it(desk: Desk) -> None:
    assert study_pages()["law_cost"].TABLES["rules"](desk.context("/law", "")).empty
    texts = {"instrument": "Data Security Law of the PRC", "article": "Art. 31", "effect": "domestic_only",
             "verified": "unverified", "opens": "site-1", "drops": ""}  # fmt: skip
    study = xr.Dataset(
        {name: ("rule", np.array([text, text], dtype=object)) for name, text in texts.items()}
        | {"cost": ("rule", [2e6, 5e6]), "cost_low": ("rule", [1e6, 4e6]), "cost_high": ("rule", [3e6, np.nan])}
        | {"reaches": ("rule", [True, True])}
        | {name: (("rule", "jurisdiction"), [[5.0], [5.0]]) for name in ("mw_with", "mw_without")},
        coords={"rule": ["A", "B"], "jurisdiction": ["CN"]},
        attrs={"study": "law_cost"},
    )
    study.to_netcdf(desk.runs.folder("one") / "law_cost.nc", engine="h5netcdf")
    table = study_pages()["law_cost"].TABLES["rules"](desk.context("/law", "?lang=zh"))
    assert table["rule"].tolist() == ["B", "A"], "dearest first"
    assert table["cost_cny"].tolist() == [5e6, 2e6]
    assert "《中华人民共和国数据安全法》" in table["instrument"].tolist()
    assert table["opens"].tolist() == ["site-1", "site-1"]
    assert "study_law_cost-rules-table" in str(law.layout(desk.context("/law", "")))


def test_the_answer_of_another_study_is_not_taken_for_it(desk: Desk) -> None:
    xr.Dataset(attrs={"study": "stress"}).to_netcdf(desk.runs.folder("one") / "law_cost.nc", engine="h5netcdf")
    page = desk.context("/law", "")
    assert study_pages()["law_cost"].TABLES["rules"](page).empty
    assert page.t("study.ask") in str(law.layout(page)), "it can be asked here"
