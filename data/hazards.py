"""Hazards of every site, and the ground rules they fire: exclusions, cost multipliers, permissions."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from data.errors import Fault
from data.evidence import read_table
from data.once import once_per_setting
from data.setting import Setting
from data.wording import did_you_mean

UNKNOWN = "unknown"
NUMBERS = {"altitude_m": "m", "pga_g": "g", "fault_distance_km": "km"}
CLASSES = ("karst", "flood", "landslide", "rock", "water_stress")
EVIDENCE_UNITS = {
    "pga_g": "g", "fault_distance_km": "km", "earthquakes_300km": "1", "largest_magnitude_300km": "1",
    "karst": "", "flood": "", "landslide": "", "rock": "", "water_stress": "", "lead_years": "a",
}  # fmt: skip
DERIVED_SOURCES = {
    "fault_distance_km": "ground-gem-faults",
    "earthquakes_300km": "ground-usgs-earthquakes",
    "largest_magnitude_300km": "ground-usgs-earthquakes",
}
COMPARISONS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "at_least": operator.ge,
    "below": operator.lt,
}
WORDS = {"at_least": "is at least", "below": "is below", "is": "is"}


@once_per_setting
def hazards(setting: Setting) -> pd.DataFrame:
    """Hazard quantities, plot and lead time per site; what nobody knows is NaN or `unknown`.

    A site without a row of its own (the existing fleet, an own site) takes its host site's; a column of
    the same name in the user's own site table goes first.
    """
    known = read_table("ground_sites.csv", "site").join(read_table("ground_hazards.csv", "site"))
    table = known.reindex(setting.sites["host_site"]).set_axis(setting.sites.index)
    table["altitude_m"] = setting.sites["altitude_m"]
    for column in table.columns.difference(["source", "evidence"]):
        own = own_figures(setting, column)
        table[column] = own.where(own.notna(), table[column])
    table[list(CLASSES)] = table[list(CLASSES)].fillna(UNKNOWN)
    return table


def own_figures(setting: Setting, column: str) -> pd.Series:
    """What the user's own site table says about a hazard; missing where it is silent."""
    silent = pd.Series(np.nan, setting.sites.index, dtype=object)
    return setting.sites.get(column, silent)


def ground_rules(setting: Setting) -> pd.DataFrame:
    """The rules that may fire in this study, with the scenario's thresholds, indexed by rule."""
    chosen = setting.scenario.ground
    rules = read_table("ground_rules.csv", "rule").drop(index=list(chosen.ignore_rules))
    moved = pd.Series({name: str(value) for name, value in chosen.thresholds.items()}, dtype=object)
    rules["threshold"] = moved.reindex(rules.index).where(lambda own: own.notna(), rules["threshold"])
    return rules


def rule_faults(setting: Setting) -> Iterable[Fault]:
    """Rule ids of the scenario that are not in ground_rules.csv, or that have no number to move."""
    rules = read_table("ground_rules.csv", "rule")
    chosen = setting.scenario.ground
    named = [("thresholds", name) for name in chosen.thresholds]
    named += [("ignore_rules", name) for name in chosen.ignore_rules]
    for key, name in named:
        if name not in rules.index:
            yield Fault(
                "scenario",
                f"ground.{key}.{name}",
                "is not a ground rule",
                did_you_mean(name, rules.index, "`hallsite catalogue` shows ground_rules.csv"),
            )
        elif key == "thresholds" and rules.loc[name, "comparison"] == "is":
            yield Fault(
                "scenario",
                f"ground.thresholds.{name}",
                "looks at a class, not at a number",
                "put it under ground.ignore_rules instead",
            )


@once_per_setting
def fired_rules(setting: Setting) -> pd.DataFrame:
    """Every rule that fires: site, rule, quantity, effect, value, reason. Unknown quantities fire nothing."""
    table, rules = hazards(setting), ground_rules(setting)
    country = setting.sites["country"]
    found: list[tuple[object, ...]] = []
    for name, rule in rules.iterrows():
        seen = table[rule["quantity"]]
        in_scope = country.isin([rule["scope"]]).to_numpy() | (rule["scope"] == "*")
        found += [
            (site, name, rule["quantity"], rule["effect"], rule["value"], _reason(str(name), rule, value))
            for site, value in seen[_holds(seen, rule) & in_scope].items()
        ]
    return pd.DataFrame(found, columns=["site", "rule", "quantity", "effect", "value", "reason"])


def multiplier(fired: pd.DataFrame, effect: str, sites: pd.Index) -> pd.Series:
    """Product over quantities of the most severe multiplier that fired for each; 1 where none did."""
    of_effect = fired.loc[fired["effect"] == effect]
    grouped = of_effect.groupby(["site", "quantity"])["value"]
    severest = grouped.min() if effect == "plot" else grouped.max()
    return severest.groupby(level="site").prod().reindex(sites, fill_value=1.0).astype(float)


def hazard_evidence(setting: Setting, table: pd.DataFrame, field: str, unit: str) -> pd.DataFrame:
    """Evidence rows of one column of `hazards`; the note says where a value is unknown."""
    stated = own_figures(setting, field).notna()
    if field in DERIVED_SOURCES:
        source, evidence = pd.Series(DERIVED_SOURCES[field], table.index), pd.Series("derived", table.index)
    elif field == "pga_g":
        source, evidence = table["pga_source"], table["pga_evidence"]
    else:
        source, evidence = table["source"], table["evidence"]
    missing = table[field].isna() | (table[field] == UNKNOWN)
    note = pd.Series("", table.index).mask(missing, "unknown: fires no rule and is not to be read as safe")
    source, evidence = source.mask(stated, "ground-own-site"), evidence.mask(stated, "user")
    return evidence_rows(table[field], field, unit, source, evidence, note)


def evidence_rows(
    values: pd.Series,
    field: str,
    unit: str,
    source: pd.Series | str,
    evidence: pd.Series | str,
    note: pd.Series | str,
) -> pd.DataFrame:
    """One row per site: site, field, value, unit, source, evidence, note."""
    columns = {"value": values.astype(object), "source": source, "evidence": evidence, "note": note}
    frame = pd.DataFrame(columns)
    frame = frame.rename_axis("site").reset_index().assign(field=field, unit=unit)
    return frame[["site", "field", "value", "unit", "source", "evidence", "note"]]


def _holds(seen: pd.Series, rule: pd.Series) -> np.ndarray:
    if rule["comparison"] == "is":
        return np.asarray(seen == rule["threshold"])
    # A comparison with NaN is false: what is unknown fires nothing.
    return COMPARISONS[rule["comparison"]](seen.to_numpy(dtype=float), float(rule["threshold"]))


def _reason(name: str, rule: pd.Series, seen: object) -> str:
    quantity = str(rule["quantity"])
    unit = NUMBERS.get(quantity, "")
    label = quantity.removesuffix(f"_{unit}").replace("_", " ")
    if rule["comparison"] == "is":
        return f"{label} is {seen} ({name})"
    threshold = f"{float(rule['threshold']):g} {unit}"
    return f"{label} {float(np.float64(str(seen))):g} {unit} {WORDS[rule['comparison']]} {threshold} ({name})"
