"""Whether a scenario speaks of things that exist: its ids against the tables, all faults at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from data.errors import BadInput, Fault
from data.evidence import assumption_table, read_table
from data.frame import embedded_sites, existing_sites, id_table, own_places, study_sites
from data.ingest.own_sites import OwnSites
from data.scenario import Scenario
from data.wording import did_you_mean

SCENARIO = "scenario"  # stands for the scenario's own file, which the reader knows


def check_scenario(scenario: Scenario) -> list[Fault]:
    """Every id of a scenario that no table knows, every fault of its own sites, and an empty study.

    A fault of the scenario has file `scenario` and the dotted key, or key and number in a list, as its place.
    """
    faults: list[Fault] = []
    try:
        own, fleet = own_places(scenario, scenario.folder)
    except BadInput as error:
        return [*error.faults, *_label_faults(scenario)]
    sites = _all_sites(own, fleet)
    faults += _site_faults(scenario, sites)
    faults += _label_faults(scenario)
    if not faults:
        faults += _contradictions(scenario, study_sites(scenario, own, fleet))
    return faults


def _all_sites(own: OwnSites | None, fleet: list[str]) -> pd.DataFrame:
    embedded = embedded_sites()
    return pd.concat([embedded, *([own.sites] if own else []), existing_sites(embedded, fleet)])


def _site_faults(scenario: Scenario, sites: pd.DataFrame) -> Iterator[Fault]:
    ids, countries = list(sites.index), sorted(set(sites["country"]))
    chosen, policy = scenario.sites, scenario.policy
    for key in ("include", "exclude", "force_open", "forbid"):
        yield from _unknown(f"sites.{key}", getattr(chosen, key) or (), ids, "site")
    yield from _unknown("sites.countries", chosen.countries or (), countries, "country code")
    yield from _unknown("policy.water_permit_m3", policy.water_permit_m3, ids, "site")
    for key in ("pue_ceiling", "green_share"):
        yield from _unknown(f"policy.{key}", getattr(policy, key), [*ids, *countries, "*"], "site")


def _label_faults(scenario: Scenario) -> Iterator[Fault]:
    demand = scenario.demand
    workloads = list(id_table("workloads.csv", "workload").index)
    origins = id_table("origins.csv", "origin")
    provinces = list(origins.index[origins["kind"] == "province"])
    markets = list(origins.index[origins["kind"] != "province"])
    yield from _unknown("demand.workloads", demand.workloads or (), workloads, "workload")
    yield from _unknown("demand.latency_limit_ms", demand.latency_limit_ms, workloads, "workload")
    yield from _unknown("demand.provinces", demand.provinces or (), provinces, "province")
    yield from _unknown("demand.markets", demand.markets, markets, "market")
    years = sorted(set(read_table("power_hydro_factors.csv")["year"]))
    for number, year in enumerate(scenario.time.hydro_years):
        if year not in years:
            remedy = f"use years from {years[0]} to {years[-1]}"
            yield Fault(SCENARIO, f"time.hydro_years.{number}", f"{year} is not in the hydrological record", remedy)
    yield from _unknown("assumptions", scenario.assumptions, list(assumption_table().index), "assumption")


def _contradictions(scenario: Scenario, sites: pd.DataFrame) -> Iterator[Fault]:
    chosen = scenario.sites
    for site in chosen.force_open:
        if site in chosen.forbid:
            yield Fault(SCENARIO, "sites.force_open", f"{site} is also forbidden", "keep it in one of the lists")
        elif site not in sites.index:
            yield Fault(SCENARIO, "sites.force_open", f"{site} is left out of the study", "include it")
    if sites.empty:
        yield Fault(SCENARIO, "sites", "leaves no site", "widen include, countries or exclude")
    elif not (sites["kind"] == "candidate").any() and not chosen.existing_fleet:
        yield Fault(SCENARIO, "sites", "leaves no candidate site", "widen include, countries or exclude")
    if chosen.most_open is not None and len(chosen.force_open) > chosen.most_open:
        problem = f"{len(chosen.force_open)} sites are forced open, but at most {chosen.most_open} may be"
        yield Fault(SCENARIO, "sites.most_open", problem, "raise most_open, or force fewer")


def _unknown(key: str, given: Sequence[str] | Mapping[str, float], known: list[str], noun: str) -> Iterator[Fault]:
    for number, name in enumerate(given):
        if name not in known:
            where = f"{key}.{name}" if isinstance(given, Mapping) else f"{key}.{number}"
            remedy = did_you_mean(name, known, f"`hallsite catalogue` lists every {noun}")
            yield Fault(SCENARIO, where, f"{name!r} is no {noun} we know", remedy)
