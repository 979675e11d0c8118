"""The labels of a study: who, where, what and when, before any figure is attached."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from data.ingest.own_sites import OwnSites
from data.scenario import Scenario


@dataclass(frozen=True, eq=False)  # known by identity: tables do not compare to one yes or no
class Setting:
    """What every part of the data layer starts from; each table is indexed by its id.

    sites: name, kind (candidate, existing), province, country, jurisdiction, zone, latitude, longitude,
        altitude_m, host_site, origin_of_row (embedded, existing, own) and what else sites.csv says.
        `host_site` is the embedded candidate whose figures stand in where a table has no row of its own:
        the site itself, the candidate beside an existing fleet, the nearest candidate to an own site.
    hall_types: see tables/hall_types.csv (name, cooling_system, size_mw, buildable, …).
    workloads: see tables/workloads.csv (name, data_class, latency_limit_ms, density, …).
    origins: name, kind (province, market), jurisdiction, latitude, longitude, people.
    slices: month (representative), months (tuple of the months covered), block, first_hour, last_hour
        (UTC+8, half-open), hours.
    periods: index first year; columns years, discounted_years, mid_year.
    hydro_years: index historical year; column probability.
    base: folder that relative paths of the scenario start from.
    own: the user's own sites, what was borrowed for them, and their own figures; None without a file of them.
    before, moved: the setting this one differs from in nothing but the assumptions of these names.
    """

    scenario: Scenario
    sites: pd.DataFrame
    hall_types: pd.DataFrame
    workloads: pd.DataFrame
    origins: pd.DataFrame
    slices: pd.DataFrame
    periods: pd.DataFrame
    hydro_years: pd.DataFrame
    base: Path = field(default_factory=Path)
    own: OwnSites | None = None
    before: Setting | None = None
    moved: frozenset[str] = frozenset()
