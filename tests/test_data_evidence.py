"""Where values come from: a site, every priced field, the size of the catalogue."""

from __future__ import annotations

import pytest

from data.catalogue import (
    EVIDENCE_COLUMNS,
    catalogue_fingerprint,
    catalogue_overview,
    catalogue_site,
    evidence_table,
)
from data.errors import BadInput
from data.evidence import EVIDENCE_CLASSES, sources
from data.frame import make_setting
from data.scenario.reading import read_scenario


def test_every_value_of_gui_an_has_a_unit_a_source_and_a_class() -> None:
    shown = catalogue_site("gui-an")
    assert {"marginal_power", "grid_price", "plot_limit", "land_capital", "latitude"} <= set(shown["field"])
    assert set(shown["evidence"]) <= set(EVIDENCE_CLASSES)
    assert (shown.loc[shown["evidence"] != "user", "title"] != "").all()
    assert set(shown["source"]) - {"scenario"} <= set(sources().index)


def test_evidence_covers_every_priced_field_of_every_site() -> None:
    setting = make_setting(read_scenario("guizhou"))
    rows = evidence_table(setting)
    candidates = setting.sites.index[setting.sites["kind"] == "candidate"]
    assert list(rows.columns) == EVIDENCE_COLUMNS
    for field in (
        "grid_price",
        "demand_charge",
        "hall_capital",
        "land_capital",
        "marginal_power",
        "grid_carbon",
    ):
        told = set(rows.loc[rows["field"] == field, "site"])
        assert "*" in told or set(candidates) <= told, field


def test_the_catalogue_is_small_enough_to_ship() -> None:
    overview = catalogue_overview()
    assert overview["kB"].sum() <= 10_000
    assert catalogue_fingerprint() == catalogue_fingerprint()


def test_an_unknown_site_is_answered_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="did you mean gui-an"):
        catalogue_site("guian")
