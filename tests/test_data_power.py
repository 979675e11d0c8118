"""The power fields of an instance as a whole: complete, quick, within bounds, with evidence."""

from __future__ import annotations

import time

import numpy as np
import pytest

from data.errors import BadInput
from data.evidence import EVIDENCE_CLASSES, assumption_table, read_table, sources
from data.fields import INSTANCE
from data.power import evidence_power, power
from tests.power_study import default_study, study

POWER_FIELDS = {
    "grid_price", "demand_charge", "rationed_share", "backup_price", "backup_carbon", "grid_carbon",
    "contract_price", "contract_delivery", "contract_limit", "contract_carbon", "certificate_price",
    "grid_step_size", "grid_steps_allowed", "grid_existing",
}  # fmt: skip


def test_exactly_the_power_fields_come_back_finite_labelled_and_within_bounds() -> None:
    setting, data = default_study()
    assert set(data.data_vars) == POWER_FIELDS
    for name, field in data.data_vars.items():
        declared = INSTANCE[str(name)]
        assert field.dims == declared.dims, name
        assert field.attrs["units"] == declared.unit
        assert np.isfinite(field.values).all(), name
        assert declared.lower is None or float(field.min()) >= declared.lower, name
        assert declared.upper is None or float(field.max()) <= declared.upper, name
    assert data["site"].values.tolist() == setting.sites.index.tolist()


def test_the_default_study_takes_half_a_second() -> None:
    setting, spent = default_study()[0], []
    for _ in range(3):
        started = time.process_time()
        power(setting)
        spent.append(time.process_time() - started)
    assert min(spent) < 0.5


def test_every_field_of_every_site_has_evidence_with_a_known_source() -> None:
    rows = evidence_power(default_study()[0])
    assert set(rows["field"]) == POWER_FIELDS | {"grid_price_part", "contract_price_part"}
    assert set(rows["source"]) <= set(sources().index)
    assert set(rows["evidence"]) <= set(EVIDENCE_CLASSES)
    assert not rows["value"].isna().any()
    assert rows.loc[rows["field"] == "grid_price", "site"].tolist() == default_study()[0].sites.index.tolist()


def test_the_parts_of_a_contract_price_add_up_to_it() -> None:
    rows = evidence_power(default_study()[0]).query("site == 'gui-an'")
    price = rows.loc[(rows["field"] == "contract_price") & (rows["note"] == "hydro"), "value"].item()
    parts = rows.loc[(rows["field"] == "contract_price_part") & rows["note"].str.startswith("hydro: ")]
    assert parts["value"].sum() == pytest.approx(price)
    assert {"published", "derived"} & set(parts["evidence"])
    grid = rows.loc[rows["field"] == "grid_price_part", "value"].sum()
    assert grid == pytest.approx(rows.loc[rows["field"] == "grid_price", "value"].item(), rel=0.05)  # before growth


@pytest.mark.parametrize("table", [
    "power_areas.csv", "power_tou.csv", "power_abroad.csv", "power_solar.csv", "power_wind_abroad.csv",
    "power_rationing.csv", "power_policy_tariffs.csv", "power_carbon.csv", "power_carbon_2023.csv",
    "power_energy_recalled.csv", "power_hydro_factors.csv", "power_wind_factors.csv",
    "power_province_years.csv",
    "power_wholesale_abroad.csv", "power_headroom.csv",
])  # fmt: skip
def test_every_row_of_every_table_names_a_known_source_and_class(table: str) -> None:
    rows = read_table(table)
    assert set(rows["source"]) <= set(sources().index)
    assert set(rows["evidence"]) <= set(EVIDENCE_CLASSES)


def test_assumptions_lie_in_their_range_and_unknown_years_are_refused() -> None:
    table = assumption_table()
    ours = table.loc[table["part"] == "power"]
    assert (ours["low"] <= ours["value"]).all()
    assert (ours["value"] <= ours["high"]).all()
    with pytest.raises(BadInput) as refused:
        power(study(time={"hydro_years": [2012, 2020]}, power={"grid_site_limit_mw": {"guian": 5}}))
    assert "2012 has no hydro statistics" in str(refused.value)
    assert "did you mean gui-an" in str(refused.value)
