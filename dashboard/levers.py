"""The scenario's numbers a planner turns, as data: where each stands in a study and how far it goes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from data.scenario import Scenario

Kind = Literal["number", "choice", "choices", "switch", "date", "sites"]
EVERYWHERE = "*"


@dataclass(frozen=True)
class Lever:
    """One value of a study: its words are `lever.<name>`, its unit `lever.<name>.unit` where there is one.

    path: dotted key. inner: key inside an open mapping (`*` for everywhere). factor: one shown unit is so
    many inside. low, high, step: of the shown number.
    """

    name: str
    path: str
    group: str
    kind: Kind = "number"
    low: float = 0.0
    high: float = 1.0
    step: float = 0.05
    inner: str = ""
    factor: float = 1.0
    choices: tuple[str, ...] = ()


LEVERS: tuple[Lever, ...] = (
    Lever("hydro_price", "power.hydro_price_multiplier", "power", low=0.5, high=2.0),
    Lever("energy_price", "power.energy_price_multiplier", "power", low=0.5, high=2.0, inner=EVERYWHERE),
    Lever("contracts", "power.contracts", "power", "choices", choices=("hydro", "wind", "solar")),
    Lever("contract_limit", "power.contract_limit_multiplier", "power", high=4.0, step=0.25),
    Lever("policy_tariffs", "power.policy_tariffs", "power", "switch"),
    Lever("tariff_end", "power.policy_tariff_end_year", "power", low=2025, high=2040, step=1),
    Lever("drought_weight", "power.drought_year_weight", "drought", high=10.0, step=0.5),
    Lever("hydro_level", "power.hydro_level", "drought", "choice", choices=("as_observed", "latest_trend")),
    Lever("rationing", "power.rationing", "drought", "switch"),
    Lever("warming", "climate.warming_delta_k", "climate", high=4.0, step=0.25),
    Lever("heat_wave", "climate.heat_wave", "climate", "choice", choices=("none", "hot-summer", "china-2022")),
    Lever("dry_cooling", "climate.dry_cooling", "climate", "switch"),
    Lever("cave_price", "costs.hall_price_multiplier", "climate", low=0.5, high=2.0, inner="cave"),
    Lever("growth", "demand.growth_multiplier", "demand", high=2.0),
    Lever("load", "demand.load_multiplier", "demand", low=0.25, high=4.0),
    Lever("carbon_price", "policy.carbon_price_cny_per_t", "policy", high=1000.0, step=10),
    Lever("capital_limit", "policy.capital_limit_cny", "policy", high=200.0, step=0.5, factor=1e9),
    Lever("hub_pack", "policy.hub_pack", "policy", "switch"),
    Lever("law_date", "law.as_of", "policy", "date"),
    Lever("discount_rate", "finance.discount_rate", "policy", high=20.0, step=0.5, factor=0.01),
    Lever("force_open", "sites.force_open", "sites", "sites"),
    Lever("forbid", "sites.forbid", "sites", "sites"),
    Lever("most_open", "sites.most_open", "sites", low=1, high=50, step=1),
    Lever("gap", "solver.gap", "solver", low=0.1, high=10.0, step=0.1, factor=0.01),
    Lever("time_limit", "solver.time_limit_s", "solver", low=0.25, high=60, step=0.25, factor=60.0),
)
GROUPS = tuple(dict.fromkeys(lever.group for lever in LEVERS))


@cache
def all_levers() -> dict[str, Lever]:
    """Every lever by name, the latency limits of the embedded workloads among them."""
    from data.evidence import read_table

    workloads = [str(name) for name in read_table("workloads.csv")["id"]]
    limits = [
        Lever(f"latency.{name}", "demand.latency_limit_ms", "latency", low=1, high=500, step=1, inner=name)
        for name in workloads
    ]
    return {lever.name: lever for lever in (*LEVERS, *limits)}


def shown_value(lever: Lever, study: Scenario) -> Any:
    """What a study says of a lever, in the unit shown; None where it says nothing."""
    value: Any = study.model_dump(mode="json")
    for key in lever.path.split("."):
        value = value[key]
    if lever.inner:
        value = value.get(lever.inner, _unsaid(lever))
    if lever.kind == "number" and value is not None:
        return round(float(value) / lever.factor, 6)
    if lever.kind == "date" and isinstance(value, Mapping):
        return None
    return value


def changes_of(shown: Mapping[str, Any], study: Scenario) -> dict[str, Any]:
    """Levers that stand elsewhere than the study says, name → shown value."""
    known = all_levers()
    return {
        name: value
        for name, value in shown.items()
        if name in known and not _same(value, shown_value(known[name], study))
    }


def overrides_of(changes: Mapping[str, Any], study: Scenario) -> dict[str, Any]:
    """What with_overrides takes: dotted path → value, in inside units."""
    known, plain = all_levers(), study.model_dump(mode="json")
    result: dict[str, Any] = {}
    for name, shown in changes.items():
        lever = known[name]
        value = shown
        if lever.kind == "number" and shown is not None:
            value = float(shown) * lever.factor
            value = int(value) if lever.name in ("tariff_end", "most_open") else round(value, 9)
        if lever.inner:
            before = result.get(lever.path)
            if before is None:
                before = plain
                for key in lever.path.split("."):
                    before = before[key]
            value = {**before, lever.inner: value}
        result[lever.path] = value
    return result


def changes_from(text: str | None) -> dict[str, Any]:
    """Changes as the address holds them (JSON); nonsense is passed over."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    known = all_levers()
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if name in known and _can_be_shown(known[name], value)}


def changes_text(changes: Mapping[str, Any]) -> str | None:
    """Changes for the address; None where there are none."""
    return json.dumps(dict(changes), ensure_ascii=False, separators=(",", ":")) if changes else None


def _can_be_shown(lever: Lever, value: Any) -> bool:
    """Whether a value is of the lever's kind, however far off; the study says whether it will do."""
    if value is None or value == "":
        return True
    if lever.kind == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if lever.kind == "switch":
        return isinstance(value, bool)
    if lever.kind in ("choices", "sites"):
        known = set(lever.choices) or None
        return isinstance(value, list) and all(isinstance(one, str) and (not known or one in known) for one in value)
    return value in lever.choices if lever.kind == "choice" else isinstance(value, str) and _is_day(value)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _unsaid(lever: Lever) -> float | None:
    """What an open mapping means where it says nothing: a multiplier of one, or the table's own limit."""
    if lever.group != "latency":
        return 1.0
    from data.evidence import read_table

    limits = read_table("workloads.csv", "id")["latency_limit_ms"]
    return float(limits[lever.inner])


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    if isinstance(one, (int, float)) and isinstance(other, (int, float)) and not isinstance(one, bool):
        return abs(float(one) - float(other)) < 1e-9
    return bool(one == other) or (one in (None, "") and other in (None, ""))
