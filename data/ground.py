"""Where the ground, the plot and the scenario let halls be built, and what the ground adds to their cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
import xarray as xr

from data.errors import Fault, raise_faults
from data.evidence import assumptions
from data.frame import embedded_sites
from data.hazards import (
    EVIDENCE_UNITS,
    evidence_rows,
    fired_rules,
    hazard_evidence,
    hazards,
    multiplier,
    rule_faults,
)
from data.ingest.exclusion_zones import sites_in_zones
from data.once import once_per_setting
from data.setting import Setting
from data.wording import did_you_mean

WET_SYSTEMS = ("evaporative", "chilled_water")  # hall types whose cooling evaporates water on purpose
STRESS_FROM = {"never": (), "extremely_high": ("extremely_high",), "high": ("high", "extremely_high")}


def ground(setting: Setting) -> xr.Dataset:
    """Permissions, exclusions, plots, lead times and hazard zones of every site.

    Raises BadInput with every fault of the scenario's ground section and of its polygon files.
    """
    faults = [*rule_faults(setting), *_id_faults(setting)]
    zones, zone_faults = _exclusion_zones(setting)
    raise_faults([*faults, *zone_faults])
    table, fired = hazards(setting), fired_rules(setting)
    exclusion = exclusions(setting, fired, zones)
    opening = openings(setting, table, exclusion)
    raise_faults(_forced_faults(setting, exclusion, opening))
    site, existing = setting.sites.index, _existing(setting)
    forced = (site.isin(setting.scenario.sites.force_open) | existing)[:, None] & opening
    return xr.Dataset(
        {
            "site_zone": ("site", setting.sites["zone"].astype(object).to_numpy()),
            "site_allowed": ("site", (exclusion == "").to_numpy()),
            "site_exclusion": ("site", exclusion.to_numpy(dtype=object)),
            "hall_type_allowed": (("site", "hall_type"), hall_type_permissions(setting, table, fired)),
            "plot_limit": ("site", plot_limits(setting, table, fired).to_numpy()),
            "open_allowed": (("site", "period"), opening),
            "open_forced": (("site", "period"), forced),
        },
        coords={
            "site": site.to_numpy(dtype=object),
            "hall_type": setting.hall_types.index.to_numpy(dtype=object),
            "period": setting.periods.index.to_numpy(),
        },
    )


@once_per_setting
def civil_cost_factor(setting: Setting) -> xr.DataArray:
    """Multiplier (site) on building and civil works for earthquakes, karst, flood, slopes and altitude."""
    return _cost_factor(setting, "civil", "civil_hazard_scale")


@once_per_setting
def tunnel_cost_factor(setting: Setting) -> xr.DataArray:
    """Multiplier (site) on tunnelling: rock class × cavities; 1 is massive limestone without cavities."""
    return _cost_factor(setting, "tunnel", "tunnel_ground_scale")


def exclusions(setting: Setting, fired: pd.DataFrame, zones: Mapping[str, str]) -> pd.Series:
    """The first reason against new halls per site, or an empty text; an existing fleet is never excluded."""
    reason = pd.Series("", index=setting.sites.index, dtype=object)
    excluded = fired.loc[fired["effect"] == "exclude"].drop_duplicates("site").set_index("site")["reason"]
    reason.update(excluded)
    reason.update(pd.Series(zones, dtype=object))
    reason[reason.index.isin(setting.scenario.sites.forbid)] = "forbidden by the scenario"
    return reason.where(~_existing(setting), "")


def hall_type_permissions(setting: Setting, table: pd.DataFrame, fired: pd.DataFrame) -> np.ndarray:
    """Flags (site, hall_type): caves where rock carries them, legacy halls only where they stand already."""
    system = setting.hall_types["cooling_system"].to_numpy()
    new = setting.hall_types["buildable"].to_numpy(dtype=bool)
    cave = cave_permissions(setting, fired).to_numpy()
    too_dry = STRESS_FROM[setting.scenario.ground.wet_cooling_forbidden]
    stressed = table["water_stress"].isin(too_dry).to_numpy()
    for_new = new[None, :] & np.where(system == "cave", cave[:, None], True)
    for_new &= ~(np.isin(system, WET_SYSTEMS)[None, :] & stressed[:, None])
    return np.where(_existing(setting)[:, None], ~new[None, :], for_new)


def cave_permissions(setting: Setting, fired: pd.DataFrame) -> pd.Series:
    """Whether the rock permits tunnel halls; rock nobody knows permits none; the scenario decides."""

    def sites_of(effect: str) -> set[str]:
        return set(fired.loc[fired["effect"] == effect, "site"])

    permitted = setting.sites.index.isin(sites_of("permit_cave") - sites_of("forbid_cave"))
    chosen = setting.scenario.ground.cave_sites
    decided = [chosen.get(site, yes) for site, yes in zip(setting.sites.index, permitted, strict=True)]
    return pd.Series(decided, index=setting.sites.index, dtype=bool)


def plot_limits(setting: Setting, table: pd.DataFrame, fired: pd.DataFrame) -> pd.Series:
    """IT MW of new halls per site; none at an existing fleet."""
    limit = table["plot_limit_mw"].astype(float) * multiplier(fired, "plot", table.index)
    return _chosen(setting.scenario.ground.plot_limit_mw, limit).where(~_existing(setting), 0.0)


def openings(setting: Setting, table: pd.DataFrame, exclusion: pd.Series) -> np.ndarray:
    """Flags (site, period): open no earlier than base year + lead time; excluded never, fleets always."""
    lead = _chosen(setting.scenario.ground.lead_years, table["lead_years"].astype(float))
    earliest = setting.scenario.finance.base_year + lead.to_numpy()
    in_time = setting.periods.index.to_numpy()[None, :] >= earliest[:, None]
    allowed = in_time & (exclusion == "").to_numpy()[:, None]
    return np.asarray(allowed | _existing(setting)[:, None])


def _cost_factor(setting: Setting, effect: str, scale: str) -> xr.DataArray:
    fired = fired_rules(setting)
    factor = multiplier(fired, effect, setting.sites.index)
    if effect == "tunnel":
        factor = factor * multiplier(fired, "permit_cave", setting.sites.index)
    weight = assumptions(setting.scenario.assumptions)[scale]
    scaled = 1 + weight * (factor.to_numpy() - 1)
    return xr.DataArray(scaled, coords={"site": setting.sites.index.to_numpy(dtype=object)}, dims="site")


def _existing(setting: Setting) -> np.ndarray:
    return (setting.sites["kind"] == "existing").to_numpy()


def _chosen(choices: Mapping[str, float], embedded: pd.Series) -> pd.Series:
    everywhere = choices.get("*")
    base = embedded if everywhere is None else pd.Series(everywhere, index=embedded.index)
    return pd.Series(choices, dtype=float).reindex(embedded.index).fillna(base).astype(float)


def _exclusion_zones(setting: Setting) -> tuple[dict[str, str], list[Fault]]:
    files = setting.scenario.ground.exclusion_zones
    if not files:
        return {}, []
    sites = setting.sites
    return sites_in_zones(files, setting.base, sites["latitude"], sites["longitude"])


def _id_faults(setting: Setting) -> Iterable[Fault]:
    section, known = setting.scenario.ground, {*setting.sites.index, *embedded_sites().index}
    named: dict[str, Mapping[str, float]] = {
        "plot_limit_mw": section.plot_limit_mw,
        "lead_years": section.lead_years,
        "cave_sites": section.cave_sites,
    }
    for key, choices in named.items():
        for name, value in choices.items():
            where = f"ground.{key}.{name}"
            if name not in known and not (name == "*" and key != "cave_sites"):
                yield Fault("scenario", where, "is not a site of this study", did_you_mean(name, known))
            elif value < 0:
                yield Fault("scenario", where, f"{value:g} is negative", "give 0 or more")


def _forced_faults(setting: Setting, exclusion: pd.Series, opening: np.ndarray) -> Iterable[Fault]:
    for row, (site, reason) in enumerate(exclusion.items()):
        if site not in setting.scenario.sites.force_open:
            continue
        if reason:
            yield Fault(
                "scenario",
                f"sites.force_open {site}",
                f"must be open, but {reason}",
                "take it out of one list, or name the rule under ground.ignore_rules",
            )
        elif not opening[row].any():
            yield Fault(
                "scenario",
                f"sites.force_open {site}",
                "its lead time ends after the last period",
                f"shorten it with ground.lead_years.{site}",
            )


def evidence_ground(setting: Setting) -> pd.DataFrame:
    """One row per site and hazard, plot or cost factor: site, field, value, unit, source, evidence, note."""
    table, fired = hazards(setting), fired_rules(setting)
    rows = [hazard_evidence(setting, table, field, unit) for field, unit in EVIDENCE_UNITS.items()]
    plots = plot_limits(setting, table, fired)
    rows.append(evidence_rows(plots, "plot_limit", "MW", table["source"], table["evidence"], ""))
    for field, effect, factor in (
        ("civil_cost_factor", "civil", civil_cost_factor(setting)),
        ("tunnel_cost_factor", "tunnel", tunnel_cost_factor(setting)),
    ):
        effects = [effect, "permit_cave"] if effect == "tunnel" else [effect]
        reasons = fired.loc[fired["effect"].isin(effects)].groupby("site")["reason"].agg("; ".join)
        reasons = reasons.reindex(table.index, fill_value="no rule fired")
        rows.append(evidence_rows(factor.to_series(), field, "1", "ground-judgement", "estimated", reasons))
    zones, _ = _exclusion_zones(setting)
    excluded = exclusions(setting, fired, zones)
    allowed = (excluded == "").astype(int)
    rows.append(evidence_rows(allowed, "site_allowed", "1", "ground-judgement", "estimated", excluded))
    return mark_stand_ins(pd.concat(rows, ignore_index=True), setting)


def mark_stand_ins(evidence: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Class as estimated what an own site takes from the candidate nearest to it, and say so in the note."""
    hosts = setting.sites.loc[setting.sites["origin_of_row"] == "own", "host_site"]
    is_own = evidence["site"].isin(hosts.index) & (evidence["evidence"] != "user")
    notes = [
        f"figure of {hosts[site]}; {note}".removesuffix("; ") if own else note
        for site, note, own in zip(evidence["site"], evidence["note"], is_own, strict=True)
    ]
    return evidence.assign(evidence=evidence["evidence"].mask(is_own, "estimated"), note=notes)
