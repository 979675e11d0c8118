"""Why a transfer is forbidden or what it costs, rule by rule, and what would have to change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from data.errors import raise_faults
from data.evidence import assumptions
from data.law.asked import question_faults
from data.law.conflict import Conflict, conflicts_of
from data.law.match import Answer, OperatorMode, Transfer, answer
from data.law.rules import LAW_KNOWN_ON, Rule, RuleBase, jurisdictions, rule_base, turned_off_is_free
from data.law.tiers import Step, path_cost, steps
from data.scenario.law import LawChanges, LawRule

DISCLAIMER = (
    "This is a planning aid and no legal advice. Rules are encoded from public texts, some from memory; "
    "have counsel confirm every rule a plan relies on before acting on it."
)


@dataclass(frozen=True)
class Explanation:
    """The law's word on one transfer.

    mechanism: one of data.law.classes.MECHANISMS. chain: the rules that bind, in order of date.
    fixed_cost_cny, yearly_cost_cny: of contract or assessment, else 0. would_change: one sentence each.
    """

    transfer: Transfer
    mechanism: str
    consent: bool
    local_copy: bool
    delay_months: float
    fixed_cost_cny: float
    yearly_cost_cny: float
    chain: tuple[LawRule, ...]
    conflicts: tuple[Conflict, ...]
    would_change: tuple[str, ...]

    def lines(self) -> list[str]:
        """The explanation as lines of text, the disclaimer last."""
        asked = self.transfer
        places = jurisdictions()
        persons = "1 person" if asked.people == 1 else f"{asked.people:,.0f} persons"
        head = (
            f"{asked.data_class} data of {persons} from {places[asked.origin]} hosted in "
            f"{places[asked.host]} by an operator of {places[asked.operator]} on {asked.as_of}: "
            f"{self.mechanism}"
        )
        return [
            head,
            *later_law(asked.as_of),
            *self._duties(),
            "Rules that bind:" if self.chain else "No rule on file binds.",
            *(f"  - {citation(rule)}" for rule in self.chain),
            *(conflict_line(clash) for clash in self.conflicts),
            *(["What would change it:"] if self.would_change else []),
            *(f"  - {line}" for line in self.would_change),
            DISCLAIMER,
        ]

    def _duties(self) -> Iterator[str]:
        if self.mechanism in ("forbidden", "unknown"):
            return
        if self.fixed_cost_cny or self.yearly_cost_cny:
            yield (f"Cost (estimate), per exporter: {self.fixed_cost_cny:,.0f} CNY once and "
                   f"{self.yearly_cost_cny:,.0f} CNY a year.")  # fmt: skip
        if self.delay_months:
            yield f"Delay from application, in months: {self.delay_months:g}."
        if self.consent:
            yield "Separate consent of the persons is needed."
        if self.local_copy:
            yield "A copy must stay at home."


def explain(
    origin: str,
    host: str,
    data_class: str,
    people: float = 1.0,
    as_of: date = LAW_KNOWN_ON,
    *,
    operator: str = "CN",
    operator_type: str = "general",
    mode: OperatorMode = "own",
    zone: str = "",
    sector: str = "",
    holds: tuple[str, ...] = (),
    people_handled: float | None = None,
    changes: LawChanges | None = None,
) -> Explanation:
    """What the law says of a transfer, with the chain of rules and what would have to change.

    `people` are those exported in the window the law counts (a calendar year in China). Raises BadInput
    for places, classes, counts and conditions that no rule could mean.
    """
    asked = Transfer(
        origin, host, data_class, as_of, people, operator, operator_type, zone, sector, frozenset(holds),
        people_handled, mode,
    )  # fmt: skip
    rules = rule_base(changes)
    raise_faults(question_faults(rules, asked))
    return explained(rules, asked)


def explained(rules: RuleBase, asked: Transfer) -> Explanation:
    """The explanation of a transfer under a rule base."""
    reply = answer(rules, asked)
    assumed = assumptions({})
    priced = reply.path in ("contract", "assessment") and reply.allowed
    texts = [rule.text for rule in reply.chain if rule.effect == reply.path]
    yearly = path_cost(reply.path, texts, assumed | {f"law_{reply.path}_fixed_cny": 0.0}) if priced else 0.0
    fixed = [text.fixed_cost_cny for text in texts if text.fixed_cost_cny is not None]
    return Explanation(
        transfer=asked,
        mechanism=reply.mechanism,
        consent=reply.consent,
        local_copy=reply.local_copy,
        delay_months=reply.delay_months,
        fixed_cost_cny=max(fixed, default=assumed[f"law_{reply.path}_fixed_cny"]) if priced else 0.0,
        yearly_cost_cny=yearly,
        chain=tuple(rule.text for rule in reply.chain),
        conflicts=conflicts_of(rules, asked),
        would_change=tuple(what_would_change(rules, asked, reply)),
    )


def what_would_change(rules: RuleBase, asked: Transfer, reply: Answer) -> Iterator[str]:
    """Sentences on persons, place, operator, conditions, days and rules that would alter the mechanism."""
    if reply.mechanism == "unknown":
        yield "No rule is on file: ask counsel, then add the answer under law.rules.add of the scenario."
    if reply.mechanism != "domestic" and asked.host != asked.origin:
        at_home = mechanism(rules, replace(asked, host=asked.origin))
        yield f"Hosted in {jurisdictions()[asked.origin]}: {at_home}."
        local = mechanism(rules, replace(asked, host=asked.origin, mode="ring_fenced"))
        if local != at_home:
            yield f"Hosted in {jurisdictions()[asked.origin]} and run by a ring-fenced local operator: {local}."
    yield from by_people(steps(rules, asked), asked.people, reply)
    yield from by_operator(rules, asked, reply)
    yield from by_condition(rules, asked, reply)
    yield from by_day(rules, asked, reply)
    for rule in reply.chain:
        if rule.effect not in ("free", "adequacy"):
            other = answer(without(rules, rule), asked).mechanism
            if other != reply.mechanism:
                yield f"Without {rule.id}: {other}."


def mechanism(rules: RuleBase, asked: Transfer) -> str:
    return answer(rules, asked).mechanism


def by_people(found: tuple[Step, ...], people: float, reply: Answer) -> Iterator[str]:
    """The steps below and above the number of persons asked for, where the mechanism differs."""
    for index, step in enumerate(found):
        if step.answer.mechanism == reply.mechanism:
            continue
        last = found[index + 1].people_from - 1 if index + 1 < len(found) else None
        if last is not None and last < people:
            yield f"With {last:,} persons or fewer: {step.answer.mechanism}."
        elif step.people_from > people:
            yield f"From {step.people_from:,} persons: {step.answer.mechanism}."


def by_operator(rules: RuleBase, asked: Transfer, reply: Answer) -> Iterator[str]:
    """What a ring-fenced local operator would change."""
    if asked.mode == "ring_fenced" or asked.operator == asked.host:
        return
    fenced = replace(asked, mode="ring_fenced")
    other = mechanism(rules, fenced)
    if other != reply.mechanism:
        yield f"Run by a ring-fenced local operator: {other}."
    if conflicts_of(rules, asked) and not conflicts_of(rules, fenced):
        yield "Run by a ring-fenced local operator: no exposure to contradicting laws on disclosure."


def by_condition(rules: RuleBase, asked: Transfer, reply: Answer) -> Iterator[str]:
    """Conditions and zones, not claimed so far, under which another rule would bind."""
    seen: set[str] = set()
    for rule in rules.in_force(asked.origin, asked.as_of):
        missing = [name for name in rule.text.requires if name not in asked.holds]
        zone = rule.text.zone if rule.text.zone != asked.zone else ""
        if not missing and not zone:
            continue
        claimed = replace(asked, holds=asked.holds | set(missing), zone=zone or asked.zone)
        other = mechanism(rules, claimed)
        words = [f"{name} holds" for name in missing] + ([f"the exporter is in the {zone} zone"] if zone else [])
        sentence = f"If {' and '.join(words)}: {other} ({rule.id})."
        if other != reply.mechanism and sentence not in seen:
            seen.add(sentence)
            yield sentence


def by_day(rules: RuleBase, asked: Transfer, reply: Answer) -> Iterator[str]:
    """The nearest days before and after on which the mechanism was or will be another."""
    days = sorted(turning_days(rules, asked.origin))
    for day in reversed([day for day in days if day <= asked.as_of]):
        other = mechanism(rules, replace(asked, as_of=date.fromordinal(day.toordinal() - 1)))
        if other != reply.mechanism:
            if other != "unknown":
                yield f"Before {day}: {other}."
            break
    for day in (day for day in days if day > asked.as_of):
        other = mechanism(rules, replace(asked, as_of=day))
        if other != reply.mechanism:
            yield f"From {day}: {other}."
            break


def turning_days(rules: RuleBase, origin: str) -> set[date]:
    """Days on which a rule of the origin begins or ends."""
    texts = [rule.text for rule in rules.rules if rule.text.origin in (origin, "*")]
    ends = {text.effective_until for text in texts if text.effective_until is not None}
    return {text.effective_from for text in texts} | ends


def without(rules: RuleBase, gone: Rule) -> RuleBase:
    """The rule base with one rule switched off."""
    waive = turned_off_is_free(gone.text)
    kept = tuple(
        replace(rule, waived=True) if rule.id == gone.id else rule
        for rule in rules.rules
        if waive or rule.id != gone.id
    )
    return RuleBase(kept)


def later_law(day: date) -> Iterator[str]:
    """A word of warning on days after the rules were last read."""
    if day > LAW_KNOWN_ON:
        yield f"The rules were read on {LAW_KNOWN_ON}; law made after that day is not on file."


def citation(rule: LawRule) -> str:
    """A rule in one line: what it demands, where it stands, since when, and how far it was checked."""
    until = f" until {rule.effective_until}" if rule.effective_until else ""
    article = f", {rule.article}" if rule.article else ""
    page = f"; {rule.url}" if rule.url else ""
    note = f" {rule.note}" if rule.note else ""
    return (
        f"{rule.effect}: {rule.instrument}{article} ({rule.id}; from {rule.effective_from}{until}; "
        f"{rule.verified}, confidence {rule.confidence}{page}).{note}"
    )


def conflict_line(clash: Conflict) -> str:
    """A contradiction between two laws in one line."""
    one, other = clash.compelling.text, clash.blocking.text
    return (
        f"Contradiction: {one.instrument} ({one.id}) can compel a disclosure that {other.instrument} "
        f"{other.article} ({other.id}) forbids."
    )
