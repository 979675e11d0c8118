"""The embedded catalogue: every row cites a source we know and states an evidence class."""

from __future__ import annotations

import pandas as pd
import pytest

from data.catalogue import catalogue_overview
from data.errors import BadInput
from data.evidence import EVIDENCE_CLASSES, assumption_table, assumptions, read_table, sources, table_folder

TABLES = sorted(path.name for path in table_folder().glob("*.csv") if not path.name.startswith("sources_"))
CITING = [name for name in TABLES if {"source", "evidence"} & set(read_table(name).columns)]


@pytest.mark.parametrize("name", CITING)
def test_every_row_cites_a_known_source_and_a_known_class(name: str) -> None:
    table = read_table(name)
    if "source" in table:
        assert set(table["source"].dropna()) <= set(sources().index)
    if "evidence" in table:
        assert set(table["evidence"].dropna()) <= set(EVIDENCE_CLASSES)


def test_what_is_recalled_is_estimated() -> None:
    for name in CITING:
        table = read_table(name)
        if {"source", "evidence"} <= set(table.columns):
            recalled = table["source"].astype(str).str.endswith("-recalled")
            assert set(table.loc[recalled, "evidence"]) <= {"estimated"}, name


def test_every_source_says_what_it_is() -> None:
    table = sources()
    assert (table[["title", "publisher", "licence"]].notna()).all(axis=None)
    linked = ~table.index.str.contains("recalled|judgement")
    assert table.index[linked & table["url"].isna() & table["note"].isna()].tolist() == []


def test_every_assumption_lies_within_its_range() -> None:
    table = assumption_table()
    outside = table[(table["value"] < table["low"]) | (table["value"] > table["high"])]
    assert outside.index.tolist() == []
    assert set(table["source"]) <= set(sources().index)
    assert table["meaning"].notna().all()


def test_an_assumption_is_moved_by_name_and_unknown_names_are_refused() -> None:
    moved = assumptions({"cny_per_usd_2025": 7.5})
    assert moved["cny_per_usd_2025"] == 7.5
    assert assumptions({})["cny_per_usd_2025"] != 7.5
    with pytest.raises(BadInput, match="is not an assumption we know"):
        assumptions({"cny_per_dollar": 7.5})


def test_the_overview_counts_rows_by_class() -> None:
    overview = catalogue_overview()
    sites = read_table("sites.csv")
    assert overview.loc["sites.csv", "rows"] == len(sites)
    counted = overview.loc["sites.csv", list(EVIDENCE_CLASSES)].dropna().sum()
    assert counted == len(sites)
    assert isinstance(overview, pd.DataFrame)


def test_the_climate_part_is_at_most_five_and_the_rest_three_megabytes() -> None:
    sizes = catalogue_overview()["kB"]
    climate = sizes[sizes.index.str.startswith("weather")].sum()
    assert climate <= 5_000
    assert sizes.sum() - climate <= 3_000
