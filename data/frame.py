"""The frame of a study: its sites, halls, workloads, origins, and how time is cut."""

from __future__ import annotations

from calendar import monthrange
from pathlib import Path

import pandas as pd

from data.errors import BadInput, Fault, raise_faults
from data.evidence import read_table
from data.finance import year_weight
from data.ingest.demand_sheet import read_fleet_sheet
from data.ingest.own_sites import OwnSites, read_own_sites
from data.scenario import Scenario
from data.setting import Setting

MONTHS: dict[str, tuple[int, ...]] = {f"{month:02d}": (month,) for month in range(1, 13)}
SEASONS: dict[str, tuple[int, ...]] = {
    "DJF": (12, 1, 2), "MAM": (3, 4, 5), "JJA": (6, 7, 8), "SON": (9, 10, 11),
}  # fmt: skip
PLAIN_YEAR = 2025  # no 29 February
FLEET_HOSTS: dict[str, str] = {
    "beijing": "beijing", "tianjin": "tianjin", "hebei": "langfang", "shanxi": "taiyuan",
    "inner-mongolia": "horinger", "liaoning": "shenyang", "jilin": "changchun", "heilongjiang": "harbin",
    "shanghai": "qingpu", "jiangsu": "nanjing", "zhejiang": "hangzhou", "anhui": "hefei", "fujian": "fuzhou",
    "jiangxi": "nanchang", "shandong": "jinan", "henan": "zhengzhou", "hubei": "wuhan", "hunan": "changsha",
    "guangdong": "guangzhou", "guangxi": "nanning", "hainan": "haikou", "chongqing": "chongqing",
    "sichuan": "tianfu", "guizhou": "guiyang", "yunnan": "kunming", "tibet": "lhasa", "shaanxi": "xian",
    "gansu": "lanzhou", "qinghai": "xining", "ningxia": "yinchuan", "xinjiang": "urumqi",
}  # fmt: skip


def make_setting(scenario: Scenario, base: Path | None = None) -> Setting:
    """The labels of a study; own files are looked up from `base` (the scenario's own folder by default).

    Raises BadInput with every fault of the user's sites and existing halls.
    """
    folder = scenario.folder if base is None else base
    own, fleet = own_places(scenario, folder)
    return Setting(
        scenario=scenario,
        sites=study_sites(scenario, own, fleet),
        hall_types=id_table("hall_types.csv", "hall_type"),
        workloads=study_workloads(scenario),
        origins=study_origins(scenario),
        slices=time_slices(scenario),
        periods=investment_periods(scenario),
        hydro_years=hydrological_years(scenario),
        base=folder,
        own=own,
    )


def id_table(name: str, dimension: str) -> pd.DataFrame:
    """An embedded table indexed by its first column, the id; the index is called like the dimension."""
    table = read_table(name)
    return read_table(name, str(table.columns[0])).rename_axis(index=dimension)


def own_places(scenario: Scenario, folder: Path) -> tuple[OwnSites | None, list[str]]:
    """The user's own sites and the provinces with existing halls. BadInput names the faults of both files."""
    faults: list[Fault] = []
    own, fleet = None, []
    try:
        own = own_sites(scenario, folder)
    except BadInput as error:
        faults += error.faults
    try:
        fleet = fleet_provinces(scenario, folder)
    except BadInput as error:
        faults += error.faults
    raise_faults(faults)
    return own, fleet


def study_sites(scenario: Scenario, own: OwnSites | None, fleet: list[str]) -> pd.DataFrame:
    """Candidate sites in table order, own sites, then the existing fleet, as the scenario chose."""
    embedded, chosen = embedded_sites(), scenario.sites
    standing = existing_sites(embedded, fleet if chosen.existing_fleet else [])
    candidates = [] if chosen.own_sites_only else [embedded]
    sites = pd.concat([*candidates, *([own.sites] if own else []), standing])
    keep = ~sites.index.isin(chosen.exclude)
    if chosen.include is not None:
        keep &= sites.index.isin(chosen.include) | (sites["origin_of_row"] != "embedded")
    if chosen.countries is not None:
        keep &= sites["country"].isin(chosen.countries)
    return sites.loc[keep]


def own_sites(scenario: Scenario, folder: Path) -> OwnSites | None:
    """The user's own sites, if the scenario names a file of them. Raises BadInput with all its faults."""
    name = scenario.sites.own_sites
    return read_own_sites(folder / name, embedded_sites()) if name else None


def embedded_sites() -> pd.DataFrame:
    """The candidate sites of the catalogue, each its own host."""
    sites = id_table("sites.csv", "site")
    return sites.assign(kind="candidate", host_site=sites.index, origin_of_row="embedded")


def fleet_provinces(scenario: Scenario, folder: Path) -> list[str]:
    """Provinces in which the operator has halls, in a fixed order. BadInput for a faulty own table."""
    if (own := scenario.demand.own_fleet) is None:
        table = read_table("existing_fleet.csv")
    else:
        table = read_fleet_sheet(folder / own, FLEET_HOSTS, id_table("hall_types.csv", "hall_type").index)
    return [province for province in FLEET_HOSTS if province in set(table["province"])]


def existing_sites(embedded: pd.DataFrame, provinces: list[str]) -> pd.DataFrame:
    """One site per province with a fleet, standing beside the candidate site of the province's capital."""
    names = id_table("origins.csv", "origin").loc[provinces]
    sites = embedded.loc[[FLEET_HOSTS[province] for province in provinces]].copy()
    sites["host_site"] = sites.index
    sites.index = pd.Index([f"existing-{province}" for province in provinces], name="site")
    return sites.assign(
        name=[f"{name} (existing halls)" for name in names["name"]],
        name_zh=[f"{name}（现有机房）" for name in names["name_zh"]],
        kind="existing",
        cluster="no",
        origin_of_row="existing",
    )


def study_workloads(scenario: Scenario) -> pd.DataFrame:
    """The workloads the scenario keeps, in the order of the table."""
    workloads, kept = id_table("workloads.csv", "workload"), scenario.demand.workloads
    return workloads if kept is None else workloads.loc[workloads.index.isin(kept)]


def study_origins(scenario: Scenario) -> pd.DataFrame:
    """The mainland provinces the scenario keeps, and the markets abroad it asks for."""
    origins, provinces = id_table("origins.csv", "origin"), scenario.demand.provinces
    mainland = origins["kind"] == "province"
    if provinces is not None:
        mainland &= origins.index.isin(provinces)
    return origins.loc[mainland | origins.index.isin(scenario.demand.markets)]


def time_slices(scenario: Scenario) -> pd.DataFrame:
    """Month (or season) × block of the UTC+8 day; the hours sum to 8,760.

    >>> frame = time_slices(Scenario(name="x"))
    >>> len(frame), int(frame["hours"].sum()), int(frame.loc["01-08", "hours"])
    (36, 8760, 248)
    """
    starts = scenario.time.block_starts
    ends = (*starts[1:], 24)
    groups = MONTHS if scenario.time.resolution == "month" else SEASONS
    rows = [
        {
            "slice": f"{label}-{first:02d}",
            "month": months[len(months) // 2],
            "months": months,
            "block": f"{first:02d}-{last:02d}",
            "first_hour": first,
            "last_hour": last,
            "hours": float(sum(monthrange(PLAIN_YEAR, month)[1] for month in months) * (last - first)),
        }
        for label, months in groups.items()
        for first, last in zip(starts, ends, strict=True)
    ]
    return pd.DataFrame(rows).set_index("slice")


def investment_periods(scenario: Scenario) -> pd.DataFrame:
    """Years, present value of one CNY a year over them, and middle year of each period.

    Money of year y is discounted y − base_year times, so the base year itself counts in full.
    """
    firsts = scenario.time.periods
    nexts = (*firsts[1:], scenario.time.last_year + 1)
    rate, base = scenario.finance.discount_rate, scenario.finance.base_year
    rows = [
        {
            "period": first,
            "years": end - first,
            "discounted_years": year_weight(first, end, rate, base),
            "mid_year": (first + end - 1) / 2,
        }
        for first, end in zip(firsts, nexts, strict=True)
    ]
    return pd.DataFrame(rows).set_index("period")


def hydrological_years(scenario: Scenario) -> pd.DataFrame:
    """The historical years a plan must serve, with probabilities that sum to 1, stress years weighted up."""
    from data.hydrology import hydro_year_probabilities  # the rest of the frame needs no statistics

    time, power = scenario.time, scenario.power
    chances = time.hydro_year_probabilities or [1 / len(time.hydro_years)] * len(time.hydro_years)
    weighted = hydro_year_probabilities(time.hydro_years, chances, power.drought_years, power.drought_year_weight)
    return weighted.rename("probability").to_frame()
