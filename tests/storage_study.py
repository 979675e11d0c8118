"""A study of one workload and three sites, which the tests of studies share."""

from __future__ import annotations

from data.scenario import Scenario
from data.scenario.reading import read_scenario


def storage_study() -> Scenario:
    """Storage for two provinces from three sites; Zhongwei is cheap, and Guangdong pays little for transmission."""
    changes = {
        "time.periods": [2026], "time.last_year": 2027, "time.resolution": "season", "time.hydro_years": [2020],
        "sites.include": ["gui-an", "shaoguan", "zhongwei"], "sites.existing_fleet": False,
        "demand.provinces": ["guangdong", "guizhou"], "demand.workloads": ["storage"], "demand.market_share": 0.05,
        "baseline.stay_as_we_are": False,
    }  # fmt: skip
    return read_scenario("guizhou", changes)
