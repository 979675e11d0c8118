"""A user's own tariff sheet: what it replaces, and every fault it can have."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import BadInput
from data.ingest.tariff_sheet import read_tariffs
from data.power import evidence_power, power
from tests.power_study import mean_price, study

SHEET = """place,months,first_hour,last_hour,price_cny_per_mwh,demand_charge_cny_per_kw_month
gui-an,*,0,8,200,25
gui-an,*,8,24,500,25
sichuan,11-12 1-4,0,24,450,
sichuan,5-10,0,24,180,
"""


def test_an_own_tariff_sheet_replaces_the_price_of_its_places(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(SHEET)
    setting = study(tmp_path, power={"own_tariffs": "mine.csv", "energy_price_growth": 0.05})
    data = power(setting)
    assert float(data["grid_price"].sel(site="gui-an", slice="03-00").max()) == 200
    assert mean_price(setting, data, "gui-an", 2034) == pytest.approx((8 * 200 + 16 * 500) / 24)
    assert float(data["demand_charge"].sel(site="gui-an")) == 25_000
    assert float(data["grid_price"].sel(site="tianfu", slice="07-16").mean()) == 180
    assert float(data["demand_charge"].sel(site="tianfu")) == 24_000
    rows = evidence_power(setting)
    own = rows.loc[(rows["field"] == "grid_price") & (rows["evidence"] == "user"), "site"]
    assert sorted(own) == ["existing-sichuan", "gui-an", "leshan", "tianfu", "yaan"]


def test_every_fault_of_a_tariff_sheet_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(
        "place,months,first_hour,last_hour,price_cny_per_mwh\n"
        "guian,*,0,24,300\n"
        "gui-an,13,0,24,300\n"
        "gui-an,1,8,6,300\n"
        "gui-an,1-11,0,24,0.35\n"
        "sichuan,*,0,24,300\n"
        "sichuan,7,0,8,100\n"
        "bijie,1-11,0,24,350\n"
        "bijie,12,0,20,cheap\n"
    )
    with pytest.raises(BadInput) as refused:
        read_tariffs(path, ["gui-an", "bijie", "sichuan", "CN"])
    said = str(refused.value)
    for part in (
        'row 2: place "guian"', "did you mean gui-an",
        'row 3: months "13"', "row 4: hours 8 to 6",
        "row 5: price 0.35 CNY/MWh looks like CNY/kWh; did you mean 350",
        "row 7: gives sichuan a second price",
        "row 9: price cheap", "place bijie: 24 of 288 month-hours have no price",
    ):  # fmt: skip
        assert part in said, part


def test_a_sheet_without_its_columns_or_a_missing_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thin.csv").write_text("place,price\ngui-an,300\n")
    with pytest.raises(BadInput, match="column months: is missing"):
        read_tariffs(tmp_path / "thin.csv", ["gui-an"])
    with pytest.raises(BadInput, match="does not exist"):
        read_tariffs(tmp_path / "absent.csv", ["gui-an"])


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.csv", b"", "has no rows"),
        ("bytes.csv", b"\xff\xfe\x00\x01" * 20, "neither UTF-8 nor GB 18030"),
        ("fake.xlsx", b"not a workbook", "is not an Excel workbook"),
        ("semicolons.csv", SHEET.replace(",", ";").encode(), "separate cells by commas"),
    ],
)
def test_a_sheet_that_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=told):
        read_tariffs(tmp_path / name, ["gui-an", "sichuan"])


def test_rows_of_a_tariff_sheet_are_counted_as_the_user_sees_them(tmp_path: Path) -> None:
    """A comment, the header and an empty line come before the faulty row, which is the fourth."""
    lines = ["# from the utility", ",".join(SHEET.splitlines()[0].split(",")[:5]), "", "mars,*,0,24,300"]
    (tmp_path / "own.csv").write_text("\n".join(lines))
    with pytest.raises(BadInput, match="row 4"):
        read_tariffs(tmp_path / "own.csv", ["gui-an"])
