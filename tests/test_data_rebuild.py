"""Deriving the embedded tables again: what was written, and what differs from the shipped bytes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data.evidence import table_folder
from data.ingest.costs import CONSTRUCTION, LAND, TECHNOLOGY
from data.ingest.rebuild import rebuild


def raw_prices(folder: Path, price: float) -> Path:
    """A raw folder with one made-up price for every market and technology the cost part reads."""
    markets = [("construction", "USD/W", CONSTRUCTION), ("land", "USD/m2", LAND)]
    rows = [
        f"{metric},{unit},{market},{year},{price}"
        for metric, unit, places in markets
        for market, (year, _) in places.items()
    ]
    technologies = [f"{name},{parameter},{price}" for name, parameter in TECHNOLOGY]
    (folder / "costs").mkdir(parents=True)
    (folder / "costs" / "published_dc_costs.csv").write_text("\n".join(["metric,unit,market,year,mid", *_quoted(rows)]))
    (folder / "costs" / "pypsa_technology_data_costs_2025.csv").write_text(
        "\n".join(["technology,parameter,value", *technologies])
    )
    return folder


def _quoted(rows: list[str]) -> list[str]:
    return [",".join(f'"{cell}"' for cell in row.split(",")) for row in rows]


def test_a_table_derived_from_other_figures_is_told_as_differing(tmp_path: Path) -> None:
    result = rebuild(raw_prices(tmp_path / "raw", 1234.5), tmp_path / "out", parts=("costs",))
    assert result.written == {"costs": ["costs_published.csv"]}
    assert result.differing == ["costs_published.csv"]
    assert "1234.5" in (tmp_path / "out" / "costs_published.csv").read_text()


def test_the_same_figures_give_the_same_bytes(tmp_path: Path) -> None:
    raw = raw_prices(tmp_path / "raw", 7.0)
    written = []
    for out in (tmp_path / "one", tmp_path / "two"):
        rebuild(raw, out, parts=("costs",))
        written.append((out / "costs_published.csv").read_bytes())
    assert written[0] == written[1]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="folder of raw files"):
        rebuild(tmp_path / "none", tmp_path / "out")


def test_tables_typed_by_hand_come_along_unchanged(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    result = rebuild(tmp_path / "raw", tmp_path / "out", parts=())
    shipped = {path.name for path in table_folder().iterdir() if path.suffix in (".csv", ".nc", ".geojson")}
    assert shipped <= {path.name for path in (tmp_path / "out").iterdir()}
    assert result.written == {}
    assert result.differing == []


@pytest.mark.skipif("HALLSITE_RAW" not in os.environ, reason="HALLSITE_RAW names no folder of raw files")
def test_every_derived_table_is_the_same_byte_for_byte(tmp_path: Path) -> None:
    result = rebuild(Path(os.environ["HALLSITE_RAW"]), tmp_path / "out")
    assert all(result.written.values())
    assert result.differing == []
