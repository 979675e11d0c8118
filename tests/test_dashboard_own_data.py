"""Files that planners bring: names made safe, faults all at once, templates that fit, and folders that never change."""

from __future__ import annotations

import re
import time
import zipfile
from io import BytesIO
from os import utime
from pathlib import Path

import pandas as pd
import pytest

from dashboard.fault_notes import fault_told, line_told
from dashboard.jobs import Jobs
from dashboard.look import Look
from dashboard.own_data import (
    KEPT_S,
    KINDS,
    LIST,
    MOST_FILE_BYTES,
    OwnData,
    OwnFile,
    check_own,
    own_data,
    safe_name,
    study_with,
    template,
    with_file,
    without_file,
)
from data.errors import BadInput, Fault
from data.frame import make_setting
from data.scenario.reading import read_scenario
from tests.dashboard_desk import small_study

SITES = b"id,latitude,longitude\nour-hill,26.5,106.9\n"


def brought(root: Path, kind: str, name: str, content: bytes, before: OwnData | None = None, site: str = "") -> OwnData:
    return with_file(root, before, OwnFile(kind, name, site), content)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("sites.csv", "sites.csv"),
        ("../../../etc/passwd.csv", "passwd.csv"),
        ("C:\\temp\\..\\sites.XLSX", "sites.xlsx"),
        ("园区 清单.csv", "园区-清单.csv"),
        ("a\x00b;rm -rf.csv", "a-b-rm-rf.csv"),
        ("..", "file"),
        (".csv", "file.csv"),
        ("x" * 300 + ".csv", "x" * 60 + ".csv"),
    ],
)
def test_a_file_name_can_lead_nowhere_else(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_own_sites_stand_in_the_study_and_in_the_copy_of_its_job(tmp_path: Path) -> None:
    own = brought(tmp_path, "sites", "our sites.csv", SITES)
    study = study_with(small_study(), own)
    assert "our-hill" in make_setting(study).sites.index
    jobs = Jobs(tmp_path)
    kept = jobs.scenario(jobs.submit(study))
    for file in own.folder.iterdir():
        file.unlink()
    assert "our-hill" in make_setting(kept).sites.index, "the job has files of its own"
    jobs.close()


def test_files_a_study_names_itself_stay_unless_they_are_replaced(tmp_path: Path) -> None:
    demand = b"origin,workload,people,2026,2035\nguizhou,storage,,3,3\n"
    study = study_with(read_scenario("own-data"), brought(tmp_path, "demand", "loads.csv", demand))
    sites = make_setting(study).sites.index
    assert "longli-hill" in sites, "the template's own sites are still there"
    assert study.demand.own_demand == "loads.csv"
    check_own(study)


def test_the_same_files_are_the_same_folder_and_one_replaces_its_like(tmp_path: Path) -> None:
    first = brought(tmp_path, "sites", "sites.csv", SITES)
    assert brought(tmp_path, "sites", "sites.csv", SITES) == first
    other = brought(tmp_path, "sites", "sites.csv", SITES + b"ridge,27,107\n", first)
    assert other.token != first.token
    assert [file.kind for file in other.files] == ["sites"]
    assert (first.folder / "sites.csv").read_bytes() == SITES, "what an address names does not change"
    assert without_file(tmp_path, other, "sites") is None


def test_two_files_of_one_name_both_stay(tmp_path: Path) -> None:
    own = brought(tmp_path, "demand", "ours.csv", template("demand"), brought(tmp_path, "sites", "ours.csv", SITES))
    assert [file.name for file in own.files] == ["ours.csv", "demand-ours.csv"]


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    tariffs = b"place,months,first_hour,last_hour,price_cny_per_mwh\nnowhere,*,0,24,0.4\n"
    own = brought(tmp_path, "tariffs", "prices.csv", tariffs)
    own = brought(tmp_path, "demand", "loads.csv", b"origin,workload,people,2026\natlantis,web,,5\n", own)
    own = brought(tmp_path, "weather", "hill.csv", template("weather"), own, "gui-an")
    with pytest.raises(BadInput) as told:
        check_own(study_with(read_scenario("guizhou"), own))
    problems = "\n".join(f"{Path(fault.file).name} {fault}" for fault in told.value.faults)
    assert 'prices.csv row 2: place "nowhere"' in problems
    assert "looks like CNY/kWh; did you mean 400?" in problems
    assert "atlantis" in problems
    assert "hill.csv rows: has 1 hours" in problems
    assert_chinese(told.value.faults)


def test_faults_of_sites_are_told_in_chinese(tmp_path: Path) -> None:
    rows = [
        "id,name,latitude,longitude,altitude_m,plot_limit,country",
        "a,A,106.98,26.45,x,80,CN", "a,B,26.4,106.9,,-3,Atlantis", "gui-an,C,,,,,", "d,D,-40,-20,,,",
    ]  # fmt: skip
    own = brought(tmp_path, "sites", "ours.csv", "\n".join(rows).encode())
    with pytest.raises(BadInput) as told:
        check_own(study_with(read_scenario("guizhou"), own))
    assert len(told.value.faults) >= 6
    assert_chinese(told.value.faults)


def assert_chinese(faults: list[Fault]) -> None:
    for fault in faults:
        said = fault_told(Look("zh"), fault)
        for english, chinese in ((fault.problem, said.problem), (fault.remedy, said.remedy)):
            assert not english or re.search("[一-鿿]", chinese), f"nobody put into Chinese: {english}"
        assert fault_told(Look("en"), fault) is fault
    line = f"ours.csv, {faults[0]}"
    assert line_told(Look("zh"), line).startswith("ours.csv，")
    assert line_told(Look("en"), line) == line


@pytest.mark.parametrize("kind", ["sites", "demand", "tariffs"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_template_can_be_used_as_it_is(tmp_path: Path, kind: str, language: str) -> None:
    content = template(kind, language)
    assert bool(re.search("[一-鿿]", content.decode())) == (language == "zh" and kind != "tariffs")
    study = study_with(read_scenario("guizhou"), brought(tmp_path, kind, f"{kind}.csv", content))
    check_own(study)
    section, key = KINDS[kind].key.split(".")
    assert study.model_dump()[section][key] == f"{kind}.csv"


def test_the_weather_template_lacks_nothing_but_the_other_hours(tmp_path: Path) -> None:
    own = brought(tmp_path, "weather", "w.csv", template("weather"), site="gui-an")
    with pytest.raises(BadInput, match="8,760 hours") as told:
        check_own(study_with(read_scenario("guizhou"), own))
    assert len(told.value.faults) == 1


def test_a_workbook_is_read_like_a_text(tmp_path: Path) -> None:
    book = BytesIO()
    pd.DataFrame({"id": ["our-hill"], "latitude": [26.5], "longitude": [106.9]}).to_excel(book, index=False)
    study = study_with(small_study(), brought(tmp_path, "sites", "Sites.XLSX", book.getvalue()))
    assert make_setting(study).sites.loc["our-hill", "latitude"] == 26.5


def test_what_is_too_large_of_another_kind_or_a_bomb_is_refused(tmp_path: Path) -> None:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sheet.xml", b"0" * (130 * 2**20))
    for name, content, told in (
        ("sites.exe", SITES, "kind we cannot read"),
        ("sites.csv", b"x" * (MOST_FILE_BYTES + 1), "more than 8 MiB"),
        ("sites.xlsx", bomb.getvalue(), "unpacks to too much"),
        ("sites.xlsx", SITES, "no Excel workbook"),
    ):
        with pytest.raises(BadInput, match=told):
            brought(tmp_path, "sites", name, content)


@pytest.mark.parametrize(
    ("kind", "name", "content"),
    [
        ("sites", "sites.csv", b"\xff\xfe\x00\x01\x02"),
        ("sites", "sites.gpkg", b"no map"),
        ("sites", "sites.geojson", b"{"),
        ("tariffs", "prices.csv", b"\x00\xff\xfe"),
        ("demand", "loads.csv", b""),
        ("weather", "w.epw", b"no epw"),
    ],
)
def test_rubbish_is_a_fault_of_the_file_never_an_error(tmp_path: Path, kind: str, name: str, content: bytes) -> None:
    with pytest.raises(BadInput):
        check_own(study_with(read_scenario("guizhou"), brought(tmp_path, kind, name, content, site="gui-an")))


def test_a_token_is_nothing_but_a_token(tmp_path: Path) -> None:
    own = brought(tmp_path, "sites", "sites.csv", SITES)
    assert own_data(tmp_path, own.token) == own
    for nonsense in (None, "", "../..", own.token.upper(), "0" * 24, f"{own.token}/.."):
        assert own_data(tmp_path, nonsense) is None


def test_what_nobody_looked_at_for_a_week_is_put_away(tmp_path: Path) -> None:
    old = brought(tmp_path, "sites", "old.csv", SITES)
    then = time.time() - KEPT_S - 60
    utime(old.folder / LIST, (then, then))
    new = brought(tmp_path, "sites", "new.csv", SITES)
    assert not old.folder.exists()
    assert new.folder.exists()
