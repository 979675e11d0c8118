"""The study a plan is compared with: another one, this one with changes, or going on as today."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from data.errors import BadInput, Fault
from data.frame import FLEET_HOSTS, own_places, study_sites
from data.geodesy import great_circle_km
from data.scenario import Scenario
from data.scenario.baseline import Baseline
from data.scenario.reading import read_scenario, with_overrides


def baseline_of(scenario: Scenario) -> Scenario | Path | None:
    """The study that plans of a scenario are compared with, or the folder of a run; None where it names none.

    Raises BadInput when the section names no study, keys that do not exist, or halls nobody has.
    """
    chosen = scenario.baseline
    if chosen == Baseline():
        return None
    if chosen.study and (scenario.folder / chosen.study).is_dir():
        return scenario.folder / chosen.study
    base = named_study(chosen.study, scenario) if chosen.study else scenario
    changes = (as_we_are(base) if chosen.stay_as_we_are else {}) | chosen.changes
    return with_overrides(base, {"name": f"{scenario.name}-baseline", **changes, "baseline": {}})


def named_study(name: str, scenario: Scenario) -> Scenario:
    """A study by its path from the scenario's own folder, or by its name."""
    beside = scenario.folder / name
    return read_scenario(beside if beside.is_file() else name)


def as_we_are(scenario: Scenario) -> dict[str, Any]:
    """Overrides for an operator that goes on as today: new halls beside the old ones, no energy contracts.

    Standbys need a second hazard zone, so a province's nearest site in another zone may be built on as well.
    Plots and the grid stay as they are in the study.
    """
    if not scenario.sites.existing_fleet:
        where, remedy = "baseline.stay_as_we_are", "set sites.existing_fleet, or give baseline.changes"
        raise BadInput([Fault("scenario", where, "there are no existing halls to stay at", remedy)])
    own, fleet = own_places(scenario, scenario.folder)
    sites = study_sites(scenario, own, fleet)
    candidates = sites.loc[sites["kind"] == "candidate"]
    present = present_places(candidates, fleet)
    left = [site for site in candidates.index if site not in present]
    forced = [site for site in scenario.sites.force_open if site not in left]
    return {"sites.forbid": left, "sites.force_open": forced, "power.contracts": []}


def present_places(candidates: pd.DataFrame, provinces: list[str]) -> set[str]:
    """The sites beside existing halls, and in each province the nearest one in another hazard zone."""
    hosts = [FLEET_HOSTS[province] for province in provinces]
    present = {host for host in hosts if host in candidates.index}
    for host in [*present]:
        here = candidates.loc[host]
        apart = candidates.query("province == @here.province and zone != @here.zone")
        places = (apart["latitude"], apart["longitude"])
        away = pd.Series(great_circle_km(here["latitude"], here["longitude"], *places), index=apart.index)
        present |= {str(away.idxmin())} if len(away) else set()
    return present
