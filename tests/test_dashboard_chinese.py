"""What the catalogue, the checks and the solver say in English is said in Chinese on Chinese pages."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pytest

import data
import model
from dashboard.conflict_notes import requirement_told
from dashboard.fault_notes import fault_told
from dashboard.log_notes import message_told
from dashboard.look import Look
from dashboard.site_notes import note_told
from dashboard.source_notes import LICENCES, PUBLISHERS, SOURCES, source_title, sources_told
from dashboard.stations import STATIONS
from dashboard.study_keys import KEYS
from dashboard.words import words
from data.catalogue import catalogue_sources, evidence_table
from data.errors import BadInput, Fault
from data.evidence import read_table
from data.fields import INSTANCE
from data.frame import make_setting
from data.scenario import Scenario
from data.scenario.paths import scenario_paths
from data.scenario.reading import read_scenario, with_overrides
from model.errors import NoPlan
from tests.spoken import Source, english_in

CHINESE, ENGLISH = Look("zh"), Look("en")
DATA, MODEL = Path(data.__file__).parent, Path(model.__file__).parent
DASHBOARD = MODEL.parent / "dashboard"
# Names that Chinese readers use in Latin letters.
LATIN_PUBLISHERS = {
    "ASHRAE", "ASHRAE TC 9.9", "Aluminium Insider", "China Daily Brief", "China Economic Review", "City Energy Analyst",
    "Ember", "Natural Earth", "PyPSA/technology-data", "Turner & Townsend", "WonderNetwork (WonderProxy)",
    "climate.onebuilding.org", "hallsite",
}  # fmt: skip
LATIN_LICENCES = {"Apache-2.0", "CC BY 4.0", "CC BY-SA 4.0", "MIT"}
# Modules whose faults no page can show: they stand behind commands alone.
COMMANDS_ONLY = {"catalogue.py"}
# Faults passed on by a function that was told them, and words that come from elsewhere.
UNREAD_FAULTS = {
    "demand_sheet.py: remedy", "own_tables.py: problem", "own_tables.py: remedy",
    "reading.py: fault.problem", "reading.py: fault.remedy", "reading.py: problem", "reading.py: remedy",
    # What pydantic says, and meanings of keys: tried with bad values below.
    "reading.py: section.model_fields[str(path[length - 1])].description or ''",
    "weather.py: str(error)",  # weather_bins.py says it; among the examples below
    "reading.py: (error.problem or 'is not YAML').splitlines()[0]",  # no page takes YAML
    "rules.py: item['msg']",  # the table of rules itself, which no reader brings
}  # fmt: skip
FROM_ELSEWHERE = {"month 2, hour 5 has 8 values; 10 are needed"}
OF_A_VALUE = ["12", "12 12"]  # what pydantic says, after the value or without it
OF_A_FIGURE = ["12 (12)"]  # a figure's meaning and unit


def is_chinese(text: str) -> bool:
    return bool(re.search("[一-鿿]", text))


def sources() -> pd.DataFrame:
    table = catalogue_sources().rename_axis(index="source").reset_index()
    return table.fillna("").astype(str)


def test_every_source_has_its_title_and_note_in_chinese() -> None:
    table = sources()
    assert set(table["source"]) - set(SOURCES) == set(), "to be written into dashboard/source_notes.py"
    assert set(SOURCES) - set(table["source"]) == set(), "gone from the catalogue"
    shown = sources_told(table, CHINESE)
    for column in ("title", "note"):
        both = zip(table["source"], table[column], shown[column], strict=True)
        assert [source for source, english, told in both if bool(english) != is_chinese(told)] == []
    assert set(table["publisher"]) - set(PUBLISHERS) == LATIN_PUBLISHERS
    assert set(table["licence"]) - set(LICENCES) == LATIN_LICENCES
    assert sources_told(table, ENGLISH) is table
    assert source_title("climate-cswd", CHINESE) == "《中国建筑热环境分析专用气象数据集》（270 个台站）"
    assert source_title("climate-cswd", ENGLISH).startswith("China Standard Weather Data")
    assert source_title("own-file.csv", CHINESE) == "own-file.csv"


def test_figures_in_titles_and_notes_of_sources_stay_as_they_are() -> None:
    """Decimals, years of four digits and per cents; months, thousands and ten-thousands are written otherwise."""

    def figures(text: str) -> set[str]:
        return set(re.findall(r"\d+\.\d+|(?<![\d,])[12]\d{3}(?!\d)|\d+(?= ?%)", text))

    table, shown = sources(), sources_told(sources(), CHINESE)
    otherwise = {"8.1", "10.85"}  # 810 and 1,085 times ten thousand racks
    for column in ("title", "note"):
        for source, english, told in zip(table["source"], table[column], shown[column], strict=True):
            assert figures(english) - otherwise - figures(told) == set(), source


def test_every_weather_station_has_its_chinese_name() -> None:
    named = set(read_table("weather_stations.csv")["name"])
    assert named ^ set(STATIONS) == set()
    assert [name for name, told in STATIONS.items() if not is_chinese(told) or re.search("[A-Za-z]", told)] == []


def test_every_figure_of_an_instance_has_its_name_in_chinese() -> None:
    assert [name for name in INSTANCE if not is_chinese(words().get(f"field.{name}", ("", ""))[1])] == []


def test_every_key_of_a_study_has_its_meaning_in_chinese() -> None:
    assert set(scenario_paths()) ^ set(KEYS) == set()
    assert [key for key, told in KEYS.items() if not is_chinese(told)] == []


@pytest.mark.parametrize("study", ["own-data", "east-data-west-compute"])
def test_every_note_of_the_evidence_is_told_in_chinese(study: str) -> None:
    rows = evidence_table(make_setting(read_scenario(study)))
    notes = {str(note) for note in rows.loc[rows["site"] != "*", "note"].dropna() if note}
    assert len(notes) > 200
    assert sorted(note for note in notes if not is_chinese(note_told(CHINESE, note))) == []
    assert english_in(note_told(CHINESE, note) for note in notes) == set()


def told_in_chinese(fault: Fault) -> bool:
    said = fault_told(CHINESE, fault)
    return is_chinese(said.problem) and (not fault.remedy or is_chinese(said.remedy))


@pytest.mark.parametrize(
    "bad", ["x", -1e9, 1e9, 0, [], {}, None, "", 1.5, True, math.nan, [5, "x"], {"x": "y"}, ["x", "x"], "2026-13-01"]
)
def test_whatever_a_lever_is_set_to_its_faults_are_told_in_chinese(bad: object) -> None:
    with pytest.raises(BadInput) as told:
        with_overrides(Scenario(name="x"), {key.removesuffix(".*"): bad for key in scenario_paths()})
    assert [fault for fault in told.value.faults if not told_in_chinese(fault)] == []


def test_a_fault_of_a_lever_is_told_by_its_name() -> None:
    with pytest.raises(BadInput) as told:
        with_overrides(
            Scenario(name="x"),
            {"policy.carbon_price_cny_per_t": -5, "demand.latency_limit_ms": {"web": "x"}, "time.last_year": 2000},
        )
    said = {str(fault_told(CHINESE, fault)) for fault in told.value.faults}
    assert said == {
        "碳价（policy.carbon_price_cny_per_t）: -5 应不小于 0; 首期 CO₂ 价格。",
        "网页与应用：往返时延上限（demand.latency_limit_ms.web）: 'x' 应为数字; "
        "按业务给出的往返时延上限，替换表中的值。",
        "time: periods 须递增，last_year 不得早于最后一期",
    }
    assert fault_told(CHINESE, Fault("--set", "sites.force_open", "gui-an is also forbidden", "")).problem == (
        "贵安同时被禁止"
    )


def missed(sentences: Iterable[tuple[str, ...]], is_told: Callable[[str], bool]) -> list[str]:
    """Sentences, each with several values filled in, that are told in Chinese with none of them."""
    return sorted({examples[0] for examples in sentences if any(examples) and not any(map(is_told, examples))})


def test_every_fault_a_page_can_show_has_its_chinese() -> None:
    """Problems and remedies of all faults written in data, in the reading of runs and in own data."""
    files = [path for path in DATA.rglob("*.py") if path.name not in COMMANDS_ONLY]
    files += [MODEL / "runs.py", MODEL / "netcdf.py", DASHBOARD / "own_data.py"]
    problems: set[tuple[str, ...]] = {(one,) for one in FROM_ELSEWHERE}
    remedies: set[tuple[str, ...]] = set()
    unread: set[str] = set()
    for source in map(Source, files):
        for call, scope in source.calls("Fault", "fault", "_unreadable"):
            if scope is not source.functions.get("_at"):
                problems |= set(source.said(call.args[-2], scope))
                remedies |= set(source.said(call.args[-1], scope))
        for call, scope in source.calls("_at"):  # of the check of an instance: a value, what it is, how many are so
            for told in source.said(call.args[2], scope):
                problems |= {(f"-3.5 {told[0]}",), (f"-3.5 {told[0]} (2 of 20 values)",)}
        unread |= source.unread
    assert min(len(problems), len(remedies)) > 100
    assert missed(problems, lambda one: told_in_chinese(Fault("file", "row 2", one, ""))) == OF_A_VALUE
    untold = missed(remedies, lambda one: not one or told_in_chinese(Fault("file", "row 2", "is missing", one)))
    assert untold == OF_A_FIGURE
    assert unread == UNREAD_FAULTS
    for field in INSTANCE.values():
        for remedy in (
            f"{field.meaning} in {field.unit or field.kind}",
            f"{field.meaning} ({field.unit or field.kind})",
        ):
            assert told_in_chinese(Fault("the instance", "row 2", "is missing", remedy)), remedy


def test_every_phase_and_message_of_a_solve_has_its_chinese() -> None:
    files = [*(MODEL / "solver").glob("*.py"), *(MODEL / "studies").glob("*.py"), *DASHBOARD.glob("*.py")]
    phases, messages = set(), set()
    for source in map(Source, files):
        for call, scope in source.calls("enter", "Event"):
            phases |= {told[0] for told in source.said(call.args[0], scope)} if call.args else set()
            messages |= {told for word in call.args[1:] for told in source.said(word, scope)}
        for call, scope in source.calls("tell"):  # a message; of a study that solves nothing, a phase before it
            phases |= {told[0] for told in source.said(call.args[0], scope)} if len(call.args) == 3 else set()
            messages |= {told for word in call.args[-1:] for told in source.said(word, scope)}
    assert len(phases) >= 8
    assert len(messages) >= 14
    assert {phase for phase in phases if f"job.phase.{phase}" not in words()} == set()
    assert missed(messages, lambda one: is_chinese(message_told(CHINESE, one))) == []


def test_what_shows_that_no_plan_exists_is_told_in_chinese() -> None:
    told = {
        "guangdong/web may be served from no site in 2026, 2028: the nearest, shaoguan, is 7.4 ms away (limit 5 ms "
        "round trip) and that is too far. Of 58 sites 0 are near enough, 0 of these lawful, 0 of these with halls.":
            "广东的网页与应用在 2026、2028 年没有园区可承载：最近的韶关往返 7.4 毫秒（上限 5 毫秒），距离过远。"
            "58 个园区中 0 个时延可及，其中 0 个合法，其中 0 个有机房。",
        "guizhou/payments/2 may be served from no site in 2026: the nearest, lhasa, is 1.0 ms away (limit 5 ms round "
        "trip) and no hall may be built there (altitude 3649 m is at least 3050 m (altitude-ashrae)). Of 2 sites 1 are "
        "near enough, 1 of these lawful, 0 of these with halls.":
            "贵州的支付（副本 2）在 2026 年没有园区可承载：最近的拉萨往返 1.0 毫秒（上限 5 毫秒），不得在此新建机房"
            "（海拔 3649 m 不低于 3050 m（altitude-ashrae））。2 个园区中 1 个时延可及，其中 1 个合法，"
            "其中 0 个有机房。",
        "guizhou/web keeps 2 replicas in different zones, but in 2026 all sites that may serve it lie in south.":
            "贵州的网页与应用的 2 个副本须位于不同分区，但 2026 年可承载它的园区均在 south。",
        "in 2030 1,200 MW are to be served, but all halls that stand or may be built hold 900 MW.":
            "2030 年须承载 1,200 兆瓦，但现有与可建机房合计只能容纳 900 兆瓦。",
        "No plan was found: 60 s were not enough (bound 41.20 bn CNY). Give more time; this is not a proof that none "
        "exists.": "未找到方案：60 秒不够（下界 412 亿元）。可延长时间；这并不证明方案不存在。",
        "No plan was found: stopped on request. Give more time; this is not a proof that none exists.":
            "未找到方案：应请求停止。可延长时间；这并不证明方案不存在。",
    }  # fmt: skip
    assert {sentence: requirement_told(CHINESE, sentence) for sentence in told} == told
    assert all(requirement_told(ENGLISH, sentence) == sentence for sentence in told)


def test_every_sentence_on_why_no_plan_exists_has_its_chinese() -> None:
    """All that is raised as Infeasible or NoPlan, read out of the source."""
    sentences: set[tuple[str, ...]] = set()
    for path in (DATA / "admissible.py", *(MODEL / "solver").glob("*.py")):
        source = Source(path)
        for call, scope in source.calls("NoPlan"):
            reasons = source.said(call.args[0], scope)
            sentences |= {tuple(str(NoPlan(one, 1e9)) for one in examples) for examples in reasons}
        for name in ("_no_site", "_crowded_replicas", "_beyond_all_halls", "short_requirements"):
            if within := source.functions.get(name):
                lines = [node for node in ast.walk(within) if isinstance(node, ast.JoinedStr) and len(node.values) > 3]
                sentences |= {told for line in lines for told in source.said(line, within)}
        sentences |= {
            (str(node.value.value),)
            for node in source.tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            and getattr(node.targets[0], "id", "").startswith("NO_")
        }  # fmt: skip
    assert len(sentences) >= 9
    assert missed(sentences, lambda one: is_chinese(requirement_told(CHINESE, one))) == []
