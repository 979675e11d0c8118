"""What a scenario may say about data law, and the shape of one rule."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from data.scenario.base import Section

Effect = Literal[
    "free", "adequacy", "consent", "contract", "assessment", "local_copy", "domestic_only", "forbidden",
    "local_operator", "compelled_disclosure", "blocking",
]  # fmt: skip
Verified = Literal["excerpt read", "unverified"]
Confidence = Literal["high", "medium", "low"]


class LawRule(Section):
    """One dated, cited rule of law. Empty lists and missing numbers mean that the condition is not made.

    `effect`: free, adequacy (destination recognised), consent (of the persons), contract (standard
    contract, certification or filing), assessment (by an authority beforehand), local_copy (a copy stays at
    home), domestic_only (may not leave home), forbidden (not to the hosts named), local_operator (the host
    may only be run by a local operator), compelled_disclosure (the operator can be made to hand data over),
    blocking (data may not be handed to foreign authorities).
    """

    id: str = Field(min_length=1, description="Short unique name of the rule.")
    origin: str = Field(description="Jurisdiction in which the data arise; * where the rule follows host or operator.")
    data: tuple[str, ...] = Field(min_length=1, description="Data classes, or any_personal, any_sensitive, all.")
    effect: Effect = Field(description="What the rule demands.")
    hosts: tuple[str, ...] = Field(
        default=(), description="Only these host jurisdictions; any other than the origin when empty."
    )
    except_hosts: tuple[str, ...] = Field(default=(), description="Not these host jurisdictions.")
    operators: tuple[str, ...] = Field(default=(), description="Only operators of these nationalities.")
    except_operators: tuple[str, ...] = Field(default=(), description="Not operators of these nationalities.")
    operator_type: str = Field(default="", description="Only this type of operator: general or cii.")
    people_from: int = Field(default=0, ge=0, description="From this many persons, counted as `counted` says.")
    people_to: int | None = Field(default=None, ge=0, description="Up to and including this many persons.")
    counted: str = Field(default="", description="Window in which persons are counted.")
    handled_from: int | None = Field(
        default=None, ge=0, description="Only handlers that hold this many persons in all."
    )
    requires: tuple[str, ...] = Field(
        default=(), description="Only where these conditions hold (law.holds of the scenario)."
    )
    zone: str = Field(default="", description="Only for handlers in this free-trade zone.")
    sector: str = Field(default="", description="Only for handlers of this sector.")
    local_copy: bool = Field(default=False, description="The data must also stay at home.")
    delay_months: float = Field(
        default=0.0, ge=0, le=120, description="Months from application until the transfer may start."
    )
    fixed_cost_cny: float | None = Field(
        default=None, ge=0, description="One-off cost; that of the effect when left out."
    )
    yearly_cost_cny: float | None = Field(
        default=None, ge=0, description="Cost per year; that of the effect when left out."
    )
    effective_from: date = Field(description="First day in force.")
    effective_until: date | None = Field(default=None, description="First day no longer in force.")
    displaces: tuple[str, ...] = Field(default=(), description="Rules that do not apply where this one does.")
    instrument: str = Field(min_length=1, description="Statute, regulation or decision.")
    article: str = Field(default="", description="Article, section or number.")
    url: str = Field(default="", description="Page on which the text or its account was read.")
    verified: Verified = Field(
        default="unverified", description="Whether the cited page was read, or the rule is recalled."
    )
    confidence: Confidence = Field(default="low", description="How sure the encoding is.")
    note: str = Field(default="", description="What the encoding leaves out; what counsel should be asked.")


class Redate(Section):
    """New dates of a rule; a date left out stays."""

    effective_from: date | None = Field(default=None, description="First day in force.")
    effective_until: date | None = Field(default=None, description="First day no longer in force.")


class LawChanges(Section):
    """How the rule base is changed for one study."""

    add: tuple[LawRule, ...] = Field(default=(), description="Rules of the study's own.")
    off: tuple[str, ...] = Field(default=(), description="Rules switched off by id; what they restrict becomes free.")
    redate: dict[str, Redate] = Field(default={}, description="New dates by rule id.")


class Law(Section):
    """Which law binds the study, for whom, and what is done where the law is silent or contradicts itself."""

    as_of: date | dict[int, date] | None = Field(
        default=None,
        description="Day whose law binds: one for all periods, or one by period; "
        "when left out, the last day of each period's first year, as far as known.",
    )
    plan_date: date | None = Field(
        default=None,
        description="Day on which applications can be filed; first day of the first period when left out.",
    )
    operator_nationality: str = Field(
        default="CN", description="Jurisdiction whose authorities can compel the operator."
    )
    operator_type: Literal["general", "cii"] = Field(
        default="general",
        description="cii: the operator counts as one of critical information infrastructure.",
    )
    free_trade_zone: str = Field(default="", description="Free-trade zone the exporter is registered in.")
    sector: str = Field(default="", description="Sector of the exporter, for rules that ask for one.")
    holds: tuple[str, ...] = Field(
        default=(),
        description="Conditions of rules that hold: us-dpf-certified, gba-both-ends, off-negative-list.",
    )
    people_handled: float | None = Field(
        default=None,
        ge=0,
        description="Persons an exporter holds in all; those of its origins when left out.",
    )
    unknown_transfers: Literal["forbid", "allow_and_report"] = Field(
        default="forbid", description="What is done with a transfer on which no rule is on file."
    )
    exposure: Literal["forbid", "price", "report"] = Field(
        default="report", description="What is done where one law compels the disclosure another forbids."
    )
    rules: LawChanges = Field(default=LawChanges(), description="Rules added, switched off or given other dates.")
