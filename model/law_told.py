"""What data law made of a plan: who holds which data by what right, what it costs, what changed, what to ask."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from data.law import DISCLAIMER
from data.law.counsel import conflict_question, unknown_question
from data.law.rules import jurisdictions
from model.audit import exported_persons

Array = np.ndarray[Any, Any]
CELL = ("legal_case", "jurisdiction", "operator_mode", "period")
BY_TIER = ("", "contract", "assessment")
OPENING = ("free", "adequacy")  # effects that restrict nothing
CLOSING = ("domestic_only", "forbidden", "local_operator")
FIXED = (
    ("local_operator_fixed", "ring_fence", "ring_fence_cost"),
    ("contracts_assessments", "tier", "export_tier_cost"),
)
BY_LOAD = (
    ("local_operator_by_load", "ring_fenced"),
    ("consent_and_exposure_by_load", "own"),
    ("with_home_copy_by_load", "own_copy"),
)
HOME = "/home"
SPECK_MW = 1e-6


def law_told(instance: xr.Dataset, solution: xr.Dataset) -> dict[str, Any]:
    """The law's part in a plan as plain values; money is present value in CNY, loads are IT MW.

    Keys: held (rows period, legal_case, jurisdiction, mode, mechanism, mw, conflict), exported (rows group,
    period, persons, mechanism), changed (rows period, day, legal_case, jurisdictions, before, after, begun, ended),
    exposed (rows period, legal_case, jurisdiction, mode, mw, conflict, answered), paid (by what for), binding
    (rows rule, source, effect, from, until, checked, met, closes), questions, disclaimer.
    An instance that cites no rules (made by hand) has no changes, no binding rules and fewer questions.
    """
    held = held_data(instance, solution)
    binding = [*binding_rules(instance, held)] if "transfer_rules" in instance else []
    return {
        "held": held.drop(columns="cost").to_dict("records"),
        "exported": [*exported(instance, solution)],
        "changed": [*changed(instance)] if "transfer_rules" in instance else [],
        "exposed": [*exposed(instance, held)],
        "paid": paid(instance, solution, held),
        "binding": binding,
        "questions": [*dict.fromkeys(_questions(instance, held, binding))],
        "disclaimer": DISCLAIMER,
    }


def held_data(instance: xr.Dataset, solution: xr.Dataset) -> pd.DataFrame:
    """IT load by period, legal case, jurisdiction and operator mode, with its mechanism and its cost in CNY.

    `mechanism` is the one the plan uses: that of the number of persons it exports.
    """
    at = {axis: solution[f"assignment_{axis}"].values.astype(int) for axis in ("stream", "site", "mode", "period")}
    load = instance["load"].transpose("stream", "period").values
    table = pd.DataFrame(
        {
            "period": instance["period"].values[at["period"]].astype(int),
            "legal_case": instance["stream_legal_case"].values[at["stream"]],
            "jurisdiction": instance["site_jurisdiction"].values[at["site"]],
            "mode": instance["operator_mode"].values[at["mode"]],
            "mw": solution["assignment_share"].values * load[at["stream"], at["period"]],
        }
    )
    held = table.loc[table["mw"] > SPECK_MW].groupby(list(table.columns[:4]))[["mw"]].sum().reset_index()
    tiers = {(row["group"], row["period"]): row["mechanism"] for row in exported(instance, solution)}
    mechanism, group = _cells(instance, "transfer_mechanism", held), _cells(instance, "transfer_group", held)
    rows = zip(mechanism, group, held["period"], strict=True)
    conflict = _cells(instance, "transfer_conflict", held) if "transfer_conflict" in instance else ""
    yearly = _cells(instance, "transfer_cost", held) * held["mw"]
    return held.assign(
        mechanism=[tiers.get((counted, year)) or str(words).split("|")[0] for words, counted, year in rows],
        conflict=conflict,
        cost=yearly * instance["year_weight"].to_series().loc[held["period"]].to_numpy(),
    )


def exported(instance: xr.Dataset, solution: xr.Dataset) -> Iterator[dict[str, Any]]:
    """Persons of each export group abroad in each period, and what their number asks for beyond the first step."""
    for (group, period), persons in sorted(exported_persons(instance, solution).items()):
        limits = instance["export_tier_people"].sel(export_group=group, period=period).transpose("export_tier")
        tier = int((limits.values >= persons).argmax())
        yield {
            "group": group, "period": int(period), "persons": int(persons),
            "mechanism": BY_TIER[min(tier, len(BY_TIER) - 1)],
        }  # fmt: skip


def changed(instance: xr.Dataset) -> Iterator[dict[str, Any]]:
    """What the law says otherwise than in the period before, of data the study has; hosts that agree in one row."""
    own = instance.sel(operator_mode="own").transpose("legal_case", "jurisdiction", "period", ...)
    allowed, words, rules = (own[name].values for name in ("transfer_allowed", "transfer_mechanism", "transfer_rules"))
    hosts, periods = instance["jurisdiction"].values, instance["period"].values
    cases = own.get_index("legal_case").get_indexer(pd.Index(_cases(instance)))
    for t, c in product(range(1, len(periods)), cases):
        alike: dict[tuple[str, str, str, str], list[str]] = {}
        for j, host in enumerate(hosts):
            before, after = (_right(words[c, j, at], allowed[c, j, at]) for at in (t - 1, t))
            first, second = (set(str(rules[c, j, at]).split()) for at in (t - 1, t))
            if before != after:
                key = (before, after, " ".join(sorted(second - first)), " ".join(sorted(first - second)))
                alike.setdefault(key, []).append(str(host))
        for (before, after, begun, ended), places in alike.items():
            yield {
                "period": int(periods[t]), "day": str(own["law_day"].values[t]),
                "legal_case": str(own["legal_case"].values[c]), "jurisdictions": places,
                "before": before, "after": after, "begun": begun, "ended": ended,
            }  # fmt: skip


def exposed(instance: xr.Dataset, held: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Load of the last period that contradicting laws reach; answered: a ring-fenced operator would be out of reach."""
    last = held.loc[(held["period"] == held["period"].max()) & (held["conflict"] != "")]
    for row in last.drop(columns=["mechanism", "cost"]).to_dict("records"):
        fenced = pd.DataFrame([row | {"mode": "ring_fenced"}])
        yield {str(key): value for key, value in row.items()} | {
            "answered": row["mode"] != "ring_fenced" and not _cells(instance, "transfer_conflict", fenced)[0]
        }


def paid(instance: xr.Dataset, solution: xr.Dataset, held: pd.DataFrame) -> dict[str, float]:
    """The compliance account by what it pays for, CNY: local operators, contracts and assessments, load."""
    weight = instance["year_weight"]
    found: dict[str, float] = {}
    for words, decision, price in FIXED:
        found[words] = float((solution[decision] * instance[price] * weight).sum()) if decision in solution else 0.0
    by_mode = held.groupby("mode")["cost"].sum()
    return found | {words: float(by_mode.get(mode, 0.0)) for words, mode in BY_LOAD}


def binding_rules(instance: xr.Dataset, held: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Restrictive rules the plan meets, and those that close a place latency would allow; each with its source."""
    met: dict[str, None] = {}
    closes: dict[str, dict[str, None]] = {}
    for rules in _cells(instance, "transfer_rules", held):
        for rule in str(rules).split():
            if _effects(instance, rule)[0] not in OPENING:
                met[rule] = None
    for case, host in _closed(instance):
        rules = instance["transfer_rules"].sel(legal_case=case, jurisdiction=host, operator_mode="own")
        for rule in dict.fromkeys(word for text in rules.values for word in str(text).split()):
            if _effects(instance, rule)[0] in CLOSING:
                closes.setdefault(rule, {})[host] = None
    for rule in sorted({*met, *closes}):
        text = instance.sel(law_rule=rule)
        yield {
            "rule": rule, "source": str(text["rule_source"].item()), "effect": str(text["rule_effect"].item()),
            "from": str(text["rule_from"].item()), "until": str(text["rule_until"].item()),
            "checked": str(text["rule_checked"].item()), "met": rule in met, "closes": [*closes.get(rule, ())],
        }  # fmt: skip


def _closed(instance: xr.Dataset) -> Iterator[tuple[str, str]]:
    """Legal cases and jurisdictions with a site near enough and fit to build on, closed in some period."""
    trips = instance["round_trip"].sel(origin=instance["stream_origin"].values).transpose(..., "site").values
    limits = instance["latency_limit"].sel(workload=instance["stream_workload"].values).values
    near = (trips <= limits[:, None]) & instance["site_allowed"].values.astype(bool)[None]
    places = instance["site_jurisdiction"].values
    shut = ~instance["transfer_allowed"].sel(operator_mode="own").all("period")
    for case in _cases(instance):
        sites = near[instance["stream_legal_case"].values == case].any(axis=0)
        for host in sorted(set(places[sites])):
            if bool(shut.sel(legal_case=case, jurisdiction=host)):
                yield case, str(host)


def _questions(instance: xr.Dataset, held: pd.DataFrame, binding: list[dict[str, Any]]) -> Iterator[str]:
    """What counsel must be asked: of classes, of silent law, of contradictions, of each rule the plan rests on."""
    streams = dict.fromkeys(zip(instance["stream_workload"].values, instance["stream_legal_case"].values, strict=True))
    classes = dict.fromkeys((str(workload), str(case).split("/")[1]) for workload, case in streams if "/" in str(case))
    if classes:
        told = ", ".join(f"{workload} as {kind}".replace("_", " ") for workload, kind in classes)
        yield f"Are the data rightly classed: {told}?"
    for row in held.to_dict("records"):
        if row["mechanism"] == "unknown":
            origin, kind = str(row["legal_case"]).split("/")[:2]
            yield unknown_question(origin, kind, str(row["jurisdiction"]))
    clashes = dict.fromkeys(pair for row in held["conflict"] for pair in str(row).split())
    for pair in clashes:
        compelling, blocking = pair.split(">")
        yield conflict_question(_source(instance, compelling), _source(instance, blocking))
    clashing = [rule for pair in clashes for rule in pair.split(">")]
    for rule in dict.fromkeys([*(str(row["rule"]) for row in binding), *clashing]):
        yield from filter(None, str(instance["rule_questions"].sel(law_rule=rule).item()).split("\n"))


def _cases(instance: xr.Dataset) -> list[str]:
    """Legal cases that streams have, copies at home left out."""
    cases = dict.fromkeys(str(case) for case in instance["stream_legal_case"].values)
    return [case for case in cases if not case.endswith(HOME)]


def _source(instance: xr.Dataset, rule: str) -> str:
    return str(instance["rule_source"].sel(law_rule=rule).item())


def _effects(instance: xr.Dataset, rule: str) -> list[str]:
    return str(instance["rule_effect"].sel(law_rule=rule).item()).split()


def _right(mechanism: Any, allowed: Any) -> str:
    return str(mechanism) if allowed or mechanism in ("forbidden", "unknown") else f"{mechanism}, closed"


def _cells(instance: xr.Dataset, name: str, table: pd.DataFrame) -> Array:
    """Values of a field over transfers at the rows of a table."""
    array = instance[name].transpose(*CELL)
    columns = ("legal_case", "jurisdiction", "mode", "period")
    at = [array.get_index(dim).get_indexer(pd.Index(table[column])) for dim, column in zip(CELL, columns, strict=True)]
    found: Array = array.values[tuple(at)]
    return found


def place_name(jurisdiction: str) -> str:
    """Name of a jurisdiction; a study's own stays as it is."""
    return jurisdictions().get(jurisdiction, jurisdiction)
