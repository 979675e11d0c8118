"""What a study asks of the law: legal cases, hosts, and the day that counts in each period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from data.errors import Fault, raise_faults
from data.law.asked import condition_faults
from data.law.match import OperatorMode, Transfer
from data.law.rules import RuleBase, jurisdictions, rule_base
from data.scenario.law import Law
from data.setting import Setting

HOME = "home"


@dataclass(frozen=True)
class Case:
    """A legal case: where the data arise, what they are, who exports them; `home` may only stay at home."""

    origin: str
    data_class: str
    exporter: str
    home: bool = False

    @property
    def id(self) -> str:
        return "/".join([self.origin, self.data_class, self.exporter, *([HOME] if self.home else [])])

    @property
    def exporter_id(self) -> str:
        """Thresholds bind a handler under one law, so the same handler counts apart in each jurisdiction."""
        return f"{self.origin}/{self.exporter}"


@dataclass(frozen=True)
class Study:
    """The questions of one setting."""

    choice: Law
    rules: RuleBase
    cases: tuple[Case, ...]
    hosts: tuple[str, ...]
    periods: tuple[int, ...]
    people_handled: dict[str, float]

    def transfer(self, case: Case, host: str, mode: OperatorMode, day: date, people: float = 1.0) -> Transfer:
        """The question whether data of the case may go to the host."""
        return Transfer(
            case.origin, host, case.data_class, day, people,
            operator=self.choice.operator_nationality,
            operator_type=self.choice.operator_type,
            zone=self.choice.free_trade_zone,
            sector=self.choice.sector,
            holds=frozenset(self.choice.holds),
            people_handled=self.people_handled.get(case.origin),
            mode=mode,
        )  # fmt: skip

    def day(self, period: int) -> date:
        """Day whose law binds in a period."""
        return day_of(self.choice, period)

    @property
    def plan_date(self) -> date:
        """Day on which applications can be filed."""
        return self.choice.plan_date or date(self.periods[0], 1, 1)


def study_of(setting: Setting, streams: pd.DataFrame | None = None) -> Study:
    """The legal questions of a setting; `streams` (columns origin, workload) narrows the cases.

    Raises BadInput for places and classes the law part does not know.
    """
    choice = setting.scenario.law
    pairs = study_pairs(setting) if streams is None else streams[["origin", "workload"]].drop_duplicates()
    cases = cases_of(setting, zip(pairs["origin"], pairs["workload"], strict=True))
    hosts = tuple(sorted(set(setting.sites["jurisdiction"].astype(str))))
    rules = rule_base(choice.rules)
    raise_faults(study_faults(choice, rules, hosts, tuple(int(period) for period in setting.periods.index)))
    return Study(
        choice=choice,
        rules=rules,
        cases=tuple(sorted(set(cases.values()), key=lambda case: case.id)),
        hosts=hosts,
        periods=tuple(int(period) for period in setting.periods.index),
        people_handled=people_handled(setting),
    )


def study_pairs(setting: Setting) -> pd.DataFrame:
    """Every origin with every workload of the setting."""
    pairs = pd.MultiIndex.from_product([setting.origins.index, setting.workloads.index])
    return pairs.to_frame(index=False, name=["origin", "workload"])


def cases_of(setting: Setting, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Case]:
    """Legal cases by origin and workload."""
    at = setting.origins["jurisdiction"].astype(str).to_dict()
    what = setting.workloads[["data_class", "exporter"]].astype(str).to_dict("index")
    return {
        (origin, workload): Case(at[origin], what[workload]["data_class"], what[workload]["exporter"])
        for origin, workload in set(pairs)
    }


def people_handled(setting: Setting) -> dict[str, float]:
    """Persons an exporter holds by jurisdiction: as the scenario says, else all inhabitants of its origins.

    The upper bound is on purpose: rules that ask for it then bind.
    """
    chosen = setting.scenario.law.people_handled
    counts = setting.origins.groupby("jurisdiction")["population"].sum()
    return {str(place): float(count if chosen is None else chosen) for place, count in counts.items()}


def day_of(choice: Law, period: int) -> date:
    """Day whose law binds in a period: the scenario's, else the last day of the period's first year.

    So a rule that begins within the first year binds for the whole period, and what is known of the
    future takes effect when it comes.
    """
    if isinstance(choice.as_of, date):
        return choice.as_of
    return (choice.as_of or {}).get(period, date(period, 12, 31))


def study_faults(choice: Law, rules: RuleBase, hosts: tuple[str, ...], periods: tuple[int, ...]) -> list[Fault]:
    """Faults of the scenario's law section and of the sites' jurisdictions."""
    known = jurisdictions()
    faults = [
        Fault("sites", f"jurisdiction {host}", "is not a jurisdiction we know",
              "use an id of jurisdictions.csv")
        for host in hosts
        if host not in known
    ]  # fmt: skip
    if choice.operator_nationality not in known:
        faults.append(
            Fault("scenario", f"law.operator_nationality {choice.operator_nationality}",
                  "is not a jurisdiction we know", f"use one of {', '.join(known)}")
        )  # fmt: skip
    for period in choice.as_of if isinstance(choice.as_of, dict) else ():
        if period not in periods:
            faults.append(Fault("scenario", f"law.as_of {period}", "is not a period of the study",
                                f"use one of {', '.join(map(str, periods))}"))  # fmt: skip
    claims = frozenset(choice.holds), choice.free_trade_zone, choice.sector
    return [*faults, *condition_faults(rules, "scenario", *claims, prefix="law.")]
