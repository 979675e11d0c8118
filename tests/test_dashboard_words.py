"""Every string of the dashboard in both languages, and every key that the code asks for."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import dashboard
from dashboard.job_table import ACTIVE, ENDED
from dashboard.keyfigures import GOOD, WATCH, WEAK
from dashboard.levers import GROUPS, LEVERS
from dashboard.look import Look
from dashboard.meanings import MEANINGS
from dashboard.pages import pages, study_pages
from dashboard.repairs import repairs
from dashboard.words import text, words
from data.catalogue import catalogue_assumptions
from data.evidence import read_table
from data.scenario.reading import read_scenario, shipped_scenarios

ONLY_CHINESE = ["law.english"]  # it says that names are translated
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_string_is_there_in_both_languages_and_takes_the_same_values() -> None:
    empty = [key for key, pair in words().items() if not all(one.strip() for one in pair)]
    differ = [key for key, (english, chinese) in words().items() if places(english) != places(chinese)]
    untold = [key for key, (english, chinese) in words().items() if english != chinese and not CHINESE.search(chinese)]
    swapped = [key for key, (english, _) in words().items() if CHINESE.search(english)]
    assert (empty, differ, untold, swapped) == (ONLY_CHINESE, [], [], [])


def test_chinese_is_chinese_but_for_units_and_names() -> None:
    alike = {key for key, (english, chinese) in words().items() if english == chinese}
    prose = {key for key in alike if len(words()[key][0].split()) > 2}
    assert prose == set()


def test_every_key_named_in_the_code_has_words() -> None:
    """`t("key")` and `t("a" if x else "b")` anywhere in the dashboard."""
    asked = set()
    for path in Path(dashboard.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "t":
                for inner in ast.walk(node.args[0]) if node.args else ():
                    if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and "." in inner.value:
                        asked.add((path.name, inner.value))
    formatted = {(file, key) for file, key in asked if key.endswith(".") or key.startswith(".")}
    assert len(asked) > 100
    assert {(file, key) for file, key in asked - formatted if key not in words()} == set()


def test_every_page_state_lever_risk_and_limit_has_words() -> None:
    keys = [f"{page}.nav" for page in pages()]
    keys += [f"{study.id}.{word}" for study in study_pages().values() for word in ("title", "asks")]
    keys += [f"answer.ended.{state}" for state in ENDED if state != "failed"]
    keys += [f"job.state.{state}" for state in (*ACTIVE, *ENDED)]
    keys += [f"job.ended.{state}" for state in ENDED if state != "failed"]
    keys += [f"whatif.group.{group}" for group in (*GROUPS, "latency")]
    keys += [f"lever.{lever.name}" for lever in LEVERS]
    keys += [f"lever.{lever.name}.{one}" for lever in LEVERS if lever.kind == "choice" for one in lever.choices]
    keys += [f"verdict.{verdict}" for verdict in (GOOD, WATCH, WEAK)]
    keys += [f"study.{name}" for name in shipped_scenarios()]
    strict = {"sites.most_open": 1, "policy.capital_limit_cny": 1e9, "policy.hub_pack": True,
              "sites.forbid": ["gui-an"], "sites.force_open": ["zunyi"], "demand.load_multiplier": 2}  # fmt: skip
    keys += [f"repair.{name}" for name, _ in repairs(read_scenario("guizhou", strict))]
    keys += [f"{page}.{name}" for page, module in pages().items() for name in getattr(module, "TABLES", {})]
    assert [key for key in keys if key not in words()] == []


def test_every_limit_that_can_bind_is_told_in_chinese() -> None:
    source = Path(dashboard.__file__).parent.parent / "model" / "binding.py"
    named = set(re.findall(r'Binding\(\s*"(\w+)"|used\["(\w+)"\]', source.read_text(encoding="utf-8")))
    limits = {one or other for one, other in named} | {"green_share"}
    assert len(limits) >= 12
    assert {name for name in limits if f"limit.{name}" not in words()} == set()


def test_a_key_nobody_wrote_is_refused() -> None:
    with pytest.raises(KeyError):
        text("en", "brief.no_such_key")


def test_titles_of_shipped_studies_are_known_in_both_languages() -> None:
    for name in shipped_scenarios():
        title = read_scenario(name).title
        assert words()[f"title.{name}"][0] == title
        assert Look("zh").title(f"{title} · 200") == f"{words()[f'title.{name}'][1]} · 200"
        assert Look("en").title(Look("zh").title(str(title))) == title
    assert Look("zh").title("For the board") == "For the board"


def test_numbers_and_dates_follow_the_language() -> None:
    english, chinese = Look("en"), Look("zh")
    assert english.quantity(5.643e9, "CNY") == "5.643\u00a0bn\u00a0CNY", "no line breaks inside"
    assert chinese.quantity(5.643e9, "CNY") == "56.43\u00a0亿元"
    assert (english.percent(0.052), chinese.percent(0.052)) == ("5.2\u00a0%", "5.2%")
    assert (english.number(-0.0), english.number(-1e-6), english.percent(-1e-7)) == ("0", "0", "0.00\u00a0%")
    assert english.day("2026-06-01") == "1 Jun 2026"
    assert chinese.day("2026-06-01") == "2026年6月1日"
    assert english.name("site", "gui-an") == "Gui'an"
    assert chinese.name("site", "gui-an") == "贵安"
    assert chinese.name("site", "longli-hill") == "longli-hill", "a user's own site keeps its name"


def test_every_assumption_has_its_meaning_in_chinese() -> None:
    known = set(catalogue_assumptions().index)
    assert known - set(MEANINGS) == set(), "to be written into dashboard/meanings.py"
    assert set(MEANINGS) - known == set(), "gone from the catalogue"


def test_operators_and_places_of_published_pue_have_their_chinese_names() -> None:
    published = read_table("climate_published_pue.csv")
    asked = {f"cloud.{name}" for name in published["operator"]} | {f"region.{name}" for name in published["place"]}
    assert asked - words().keys() == set()
    assert {key for key in words() if key.startswith(("cloud.", "region."))} - asked == set(), "gone from the catalogue"


def test_the_baseline_of_a_shipped_study_is_called_so_in_the_readers_language() -> None:
    study = read_scenario("guizhou").title
    assert Look("zh").title(f"Baseline of: {study}") == f"基准：{Look('zh').title(study)}"
    assert Look("en").title("基准：我的研究") == "Baseline of: 我的研究"
