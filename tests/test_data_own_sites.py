"""Own sites: any table or map, all faults at once, what is missing borrowed from the nearest place."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pandas as pd
import pytest
from shapely.geometry import Point, box

from data.catalogue import evidence_table
from data.errors import BadInput
from data.frame import embedded_sites, make_setting
from data.geodesy import great_circle_km
from data.ground import civil_cost_factor, ground
from data.ingest.own_sites import OwnSites, read_own_sites
from data.ingest.own_tables import read_own_table
from data.scenario.reading import read_scenario


@pytest.fixture(scope="module")
def embedded() -> pd.DataFrame:
    return embedded_sites()


def csv(folder: Path, *lines: str) -> Path:
    path = folder / "mine.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def faults_of(path: Path, embedded: pd.DataFrame) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read_own_sites(path, embedded)
    return [str(fault) for fault in caught.value.faults]


def test_coordinates_are_enough(tmp_path: Path, embedded: pd.DataFrame) -> None:
    own = read_own_sites(csv(tmp_path, "latitude,longitude", "26.58,106.72"), embedded)
    site = own.sites.loc["own-1"]
    guiyang = embedded.loc["guiyang"]
    assert site["host_site"] == "guiyang"
    assert site[["province", "country", "jurisdiction", "zone"]].tolist() == [
        "guizhou",
        "CN",
        "CN",
        guiyang["zone"],
    ]
    assert site["altitude_m"] == guiyang["altitude_m"]
    assert set(own.borrowed["field"]) == {"province", "country", "jurisdiction", "zone", "altitude_m"}
    by_hand = float(great_circle_km(26.58, 106.72, guiyang["latitude"], guiyang["longitude"]))
    assert own.borrowed["distance_km"].tolist() == [round(by_hand, 1)] * 5


def test_what_a_user_states_is_not_borrowed(tmp_path: Path, embedded: pd.DataFrame) -> None:
    own = read_own_sites(csv(tmp_path, "name,lat,lon,elevation,zone", "Cloud Hill,26.4,106.5,1333,hill"), embedded)
    site = own.sites.loc["cloud-hill"]
    assert (site["altitude_m"], site["zone"], site["evidence"]) == (1333, "hill", "user")
    assert set(own.borrowed["field"]) == {"province", "country", "jurisdiction"}


def test_great_circles_match_a_degree_of_the_equator_and_a_known_pair() -> None:
    there = [0.0, 39.9], [1.0, 116.4]
    away = great_circle_km(0.0, 0.0, *there)
    assert away[0] == pytest.approx(6371.0088 * 3.141592653589793 / 180, rel=1e-9)
    beijing_to_shanghai = great_circle_km(31.23, 121.47, *there)[1]
    assert beijing_to_shanghai == pytest.approx(1068, abs=5)


def test_all_faults_come_at_once_with_row_and_suggestion(tmp_path: Path, embedded: pd.DataFrame) -> None:
    told = faults_of(csv(
        tmp_path,
        "id,latitude,longitude,country,plot_limit",
        "a,266.4,106.7,CN,20",        # row 2: a slipped decimal point
        "b,106.7,26.6,CN,20",         # row 3: exchanged
        'c,"26,6",106.7,CN,20',       # row 4: decimal comma
        "d,,106.7,CN,20",             # row 5: missing
        "d,26.6,106.7,Chna,-3",       # row 6: used twice, unknown country, negative plot
        "gui-an,26.6,106.7,CN,20",    # row 7: taken
        "e,26.6,north,CN,20",         # row 8: no number
    ), embedded)  # fmt: skip
    expected = [
        ("row 2", "latitude 266.4 is outside −90…90", "did you mean 26.64?"),
        ("row 3", "latitude 106.7 is outside −90…90", "exchanged: did you mean 26.6, 106.7?"),
        ("row 4", "latitude '26,6' is not a number", "did you mean 26.6?"),
        ("row 5", "latitude is missing", "decimal degrees"),
        ("row 6", "used more than once", "own id"),
        ("row 6", "'Chna' is not one we know", "CN"),
        ("row 6", "plot_limit -3 is outside 0…∞", "unit"),
        ("row 7", "is one of the embedded sites", "another id"),
        ("row 8", "longitude 'north' is not a number", "plain number"),
    ]
    for row, problem, remedy in expected:
        assert any(t.startswith(row) and problem in t and remedy in t for t in told), (row, problem, told)


def test_headers_are_checked_against_known_names(tmp_path: Path, embedded: pd.DataFrame) -> None:
    told = faults_of(csv(tmp_path, "latitud,longitude,plot_limt,colour", "1,2,3,red"), embedded)
    assert any("has no column latitude" in t and "latitud?" in t for t in told)
    assert any("column plot_limt" in t and "plot_limit?" in t for t in told)
    assert not any("colour" in t for t in told)


def test_a_place_far_from_all_we_know_must_say_whose_law_holds(tmp_path: Path, embedded: pd.DataFrame) -> None:
    told = faults_of(csv(tmp_path, "latitude,longitude", "-3.1,-60.0"), embedded)
    assert "km away" in told[0]
    assert "state country and jurisdiction" in told[0]


def test_rows_are_counted_as_the_user_sees_them(tmp_path: Path, embedded: pd.DataFrame) -> None:
    told = faults_of(
        csv(tmp_path, "# my sites", "# of 2026", "latitude,longitude", "", "26.6,106.7", "95,106"), embedded
    )
    assert told[0].startswith("row 6:")


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "geojson", "gpkg"])
def test_every_kind_of_file_gives_the_same_sites(suffix: str, tmp_path: Path, embedded: pd.DataFrame) -> None:
    table = pd.DataFrame({"id": ["hill", "dale"], "latitude": [26.5, 30.1], "longitude": [106.5, 103.9]})
    path = tmp_path / f"mine.{suffix}"
    if suffix == "csv":
        table.to_csv(path, index=False)
    elif suffix == "xlsx":
        table.to_excel(path, index=False)
    else:
        points = geopandas.points_from_xy(table["longitude"], table["latitude"], crs=4326)
        frame = geopandas.GeoDataFrame(table[["id"]], geometry=points)
        (frame if suffix == "geojson" else frame.to_crs(32648)).to_file(path)  # UTM zone 48 north, in metres
    own: OwnSites = read_own_sites(path, embedded)
    assert own.sites["latitude"].tolist() == pytest.approx([26.5, 30.1], abs=1e-6)
    assert own.sites["longitude"].tolist() == pytest.approx([106.5, 103.9], abs=1e-6)
    assert own.sites["host_site"].tolist() == ["gui-an", own.sites.loc["dale", "host_site"]]


def test_a_plot_drawn_as_a_polygon_counts_by_a_point_inside(tmp_path: Path, embedded: pd.DataFrame) -> None:
    path = tmp_path / "plots.geojson"
    plot = box(106.40, 26.40, 106.42, 26.42)
    geopandas.GeoDataFrame({"name": ["Plot"]}, geometry=[plot], crs=4326).to_file(path)
    site = read_own_sites(path, embedded).sites.loc["plot"]
    assert plot.contains(Point(site["longitude"], site["latitude"]))


def test_files_that_cannot_be_read_say_why(tmp_path: Path, embedded: pd.DataFrame) -> None:
    assert "does not exist" in faults_of(tmp_path / "none.csv", embedded)[0]
    (tmp_path / "a.doc").write_text("x")
    assert "use CSV" in faults_of(tmp_path / "a.doc", embedded)[0]
    (tmp_path / "a.geojson").write_text("{")
    assert "cannot be read as a map" in faults_of(tmp_path / "a.geojson", embedded)[0]
    assert "has no rows" in faults_of(csv(tmp_path, "latitude,longitude"), embedded)[0]
    uneven = csv(tmp_path, "latitude,longitude", "1,2,3")
    assert "row 2: has 3 cells, the header 2" in faults_of(uneven, embedded)[0]


def test_chinese_text_in_the_encoding_of_a_chinese_spreadsheet_is_read(tmp_path: Path, embedded: pd.DataFrame) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes("名称,纬度,经度\n贵安二期,26.4,106.5\n".encode("gb18030"))
    site = read_own_sites(path, embedded).sites.iloc[0]
    assert (site["name"], site["latitude"]) == ("贵安二期", 26.4)


def test_own_sites_join_or_replace_the_embedded_ones(tmp_path: Path) -> None:
    csv(tmp_path, "id,latitude,longitude", "hill,26.5,106.5")
    for only in ("false", "true"):
        path = tmp_path / "study.yaml"
        path.write_text(f"name: x\nsites: {{own_sites: mine.csv, own_sites_only: {only}, existing_fleet: false}}\n")
        sites = make_setting(read_scenario(path)).sites
        assert "hill" in sites.index
        assert ("gui-an" in sites.index) == (only == "false")
    assert sites["origin_of_row"].tolist() == ["own"]


def test_hazards_a_user_states_fire_the_rules_of_the_ground(tmp_path: Path) -> None:
    csv(
        tmp_path,
        "id,latitude,longitude,pga,flood,rock,lead_years",
        "ridge,26.42,106.43,0.2,high,granite,3",
        "plain,26.42,106.43,,,,",
    )
    changes = {
        "sites.own_sites": str(tmp_path / "mine.csv"), "sites.include": ["gui-an"],
        "sites.existing_fleet": False, "demand.provinces": ["guizhou"], "time.periods": [2026, 2030],
    }  # fmt: skip
    setting = make_setting(read_scenario("guizhou", changes))
    found, civil = ground(setting), civil_cost_factor(setting)
    host = float(civil.sel(site="plain"))  # silent, so as Gui'an
    assert host == float(civil.sel(site="gui-an")) != float(civil.sel(site="ridge"))
    karst = 1.05  # of Gui'an, which the user does not deny
    assert float(civil.sel(site="ridge")) == pytest.approx(1.10 * 1.06 * karst)
    assert found["open_allowed"].sel(site="ridge").to_numpy().tolist() == [False, True]  # 2026 + 3 years
    assert bool(found["hall_type_allowed"].sel(site="ridge", hall_type="cave"))
    rows = evidence_table(setting).set_index(["site", "field"])
    assert rows.loc[("ridge", "pga_g"), "evidence"] == "user"
    assert rows.loc[("ridge", "pga_g"), "note"] == ""
    assert rows.loc[("plain", "pga_g"), "evidence"] == "estimated"


def test_a_hazard_class_nobody_knows_is_named(tmp_path: Path, embedded: pd.DataFrame) -> None:
    told = faults_of(csv(tmp_path, "latitude,longitude,flood,rock,pga_g", "26.4,106.4,hgh,granit,9"), embedded)
    assert any("flood 'hgh' is not a class we know" in line and "did you mean high?" in line for line in told)
    assert any("rock 'granit'" in line and "did you mean granite?" in line for line in told)
    assert any("pga_g 9 is outside 0…3" in line for line in told)


def test_faults_of_own_sites_and_of_own_halls_come_together(tmp_path: Path) -> None:
    csv(tmp_path, "latitude,longitude", "266.4,106.4")
    (tmp_path / "fleet.csv").write_text("prov,hall_type,halls,retire_year\nbeijing,legacy,1,2030\n")
    changes = {"sites.own_sites": str(tmp_path / "mine.csv"), "demand.own_fleet": str(tmp_path / "fleet.csv")}
    with pytest.raises(BadInput) as caught:
        read_scenario("guizhou", changes)
    told = str(caught.value)
    assert "did you mean 26.64?" in told
    assert "column province is missing; did you mean prov?" in told


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("fake.xlsx", b"not a workbook", "is not an Excel workbook"),
        ("semicolons.csv", b"site;latitude;longitude\nx;26.4;106.6\n", "separate cells by commas"),
    ],
)
def test_a_sheet_in_other_clothes_says_what_to_do(
    name: str, content: bytes, told: str, tmp_path: Path, embedded: pd.DataFrame
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=told):
        read_own_table(tmp_path / name)


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is a folder"):
        read_own_table(tmp_path)
