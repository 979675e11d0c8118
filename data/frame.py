"""The frame of a study: its sites, halls, workloads, origins, and how time is cut."""

from __future__ import annotations

from calendar import monthrange
from pathlib import Path

import pandas as pd

from data.evidence import read_table
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
    """The labels of a study; `base` is the folder own files are looked up in (the scenario's own by default).

    Raises BadInput with every fault of the scenario's ids and of the user's own files.
    """
    return Setting(
        scenario=scenario,
        sites=study_sites(scenario),
        hall_types=id_table("hall_types.csv", "hall_type"),
        workloads=study_workloads(scenario),
        origins=study_origins(scenario),
        slices=time_slices(scenario),
        periods=investment_periods(scenario),
        hydro_years=hydrological_years(scenario),
        base=base or Path(),
    )


def id_table(name: str, dimension: str) -> pd.DataFrame:
    """An embedded table indexed by its column `id`; the index is called like the dimension."""
    return read_table(name, "id").rename_axis(index=dimension)


def study_sites(scenario: Scenario) -> pd.DataFrame:
    """Candidate sites in the order of the table, then the existing fleet, after the scenario's choices."""
    embedded = embedded_sites()
    chosen = scenario.sites
    candidates = embedded.iloc[:0] if chosen.own_sites_only else embedded
    if chosen.include is not None:
        candidates = candidates.loc[candidates.index.isin(chosen.include)]
    fleet = existing_sites(embedded) if chosen.existing_fleet else embedded.iloc[:0]
    sites = pd.concat([candidates, fleet])
    if chosen.countries is not None:
        sites = sites.loc[sites["country"].isin(chosen.countries)]
    return sites.loc[~sites.index.isin(chosen.exclude)]


def embedded_sites() -> pd.DataFrame:
    """The candidate sites of the catalogue, each its own host."""
    sites = id_table("sites.csv", "site")
    return sites.assign(kind="candidate", host_site=sites.index, origin_of_row="embedded")


def existing_sites(embedded: pd.DataFrame) -> pd.DataFrame:
    """One site per province with a fleet, standing beside the candidate site of the province's capital."""
    provinces = list(dict.fromkeys(read_table("existing_fleet.csv")["province"]))
    names = id_table("origins.csv", "origin")["name"]
    sites = embedded.loc[[FLEET_HOSTS[province] for province in provinces]].copy()
    sites["host_site"] = sites.index
    sites.index = pd.Index([f"existing-{province}" for province in provinces], name="site")
    return sites.assign(
        name=[f"{names[province]} (existing)" for province in provinces],
        kind="existing",
        origin_of_row="existing",
    )


def study_workloads(scenario: Scenario) -> pd.DataFrame:
    """The workloads of the catalogue that the scenario keeps."""
    return id_table("workloads.csv", "workload")


def study_origins(scenario: Scenario) -> pd.DataFrame:
    """The provinces, and the markets abroad a scenario asks for."""
    origins = id_table("origins.csv", "origin")
    return origins.loc[origins["kind"] == "province"]


def time_slices(scenario: Scenario) -> pd.DataFrame:
    """Month (or season) × block of the UTC+8 day; the hours sum to 8,760.

    >>> frame = time_slices(Scenario(name="x"))
    >>> len(frame), int(frame["hours"].sum()), frame.loc["01-08", "hours"]
    (36, 8760, 248.0)
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
            "discounted_years": sum((1 + rate) ** (base - year) for year in range(first, end)),
            "mid_year": (first + end - 1) / 2,
        }
        for first, end in zip(firsts, nexts, strict=True)
    ]
    return pd.DataFrame(rows).set_index("period")


def hydrological_years(scenario: Scenario) -> pd.DataFrame:
    """The historical years a plan must serve, with probabilities that sum to 1."""
    years = scenario.time.hydro_years
    chances = scenario.time.hydro_year_probabilities or [1 / len(years)] * len(years)
    return pd.DataFrame({"probability": list(chances)}, index=pd.Index(years, name="hydro_year"))
