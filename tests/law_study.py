"""Settings and legal questions that tests of the law start from."""

from __future__ import annotations

import xarray as xr

from data.frame import make_setting
from data.law import rule_base
from data.law.classes import DATA_CLASSES
from data.law.study import Case, Study
from data.scenario import Scenario
from data.scenario.law import Law
from data.setting import Setting


def setting(
    periods: tuple[int, ...] = (2026, 2028), markets: dict[str, float] | None = None, **choice: object
) -> Setting:
    """A setting with the scenario's law section as given."""
    return make_setting(
        Scenario.model_validate(
            {
                "name": "law",
                "time": {"periods": periods, "last_year": periods[-1] + 1},
                "demand": {"markets": markets or {}},
                "law": choice,
            }
        )
    )


def with_class(chosen: Setting, workload: str, data_class: str) -> Setting:
    """The setting with another data class of one workload."""
    workloads = chosen.workloads.copy()
    workloads.loc[workload, "data_class"] = data_class
    return Setting(**{**chosen.__dict__, "workloads": workloads})


def study(exposure: str, rule_off: str = "", origin: str = "*") -> Study:
    """Every class of the origin (all origins for *) with three hosts in 2026, made without a setting."""
    chosen = Law.model_validate(
        {
            "rules": {"off": [rule_off] if rule_off else []},
            "exposure": exposure,
            "as_of": "2026-11-21",
            "plan_date": "2020-01-01",
        }
    )
    origins = sorted({rule.text.origin for rule in rule_base().rules} - {"*"}) if origin == "*" else [origin]
    cases = tuple(Case(origin, data_class, "operator") for origin in origins for data_class in DATA_CLASSES)
    return Study(chosen, rule_base(chosen.rules), cases, ("CN", "SG", "US"), (2027,), {})


def limits_of(found: xr.Dataset, case: str, mode: str, period: int, host: str = "SG") -> list[float]:
    """Most persons in each tier of the group a transfer counts to."""
    at = {"legal_case": case, "jurisdiction": host, "operator_mode": mode, "period": period}
    group = found["transfer_group"].sel(at).item()
    assert group, f"nobody counts {at}"
    return [float(people) for people in found["export_tier_people"].sel(export_group=group, period=period)]
