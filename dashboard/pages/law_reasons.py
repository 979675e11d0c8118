"""Why the law says what it says of one transfer: duties, rules with citations, what would change it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.context import Context
from dashboard.figures.lawmap import Question
from dashboard.figures.style import named
from dashboard.words import words
from data.law import explain
from data.law.classes import MECHANISMS
from data.law.explain import Explanation, conflict_line
from data.scenario.law import LawChanges, LawRule

# Articles as the catalogue files them, and as Chinese writes them.
ARTICLES = (
    (r"Art\. (\d+)\((\d+)\)", r"第\1条第（\2）项"),
    (r"Art\. (\d+)", r"第\1条"),
    (r"Art\. (\d+) \(was Art\. (\d+)\)", r"第\1条（原第\2条）"),
    (r"Art\. (\d+)-(\d+)", r"第\1条之\2"),
    (r"Arts\. (\d+)-(\d+)", r"第\1至\2条"),
    (r"Arts\. ([\d.]+), ([\d.]+)", r"第\1、\2条"),
    (r"Decree Art\. (\d+)", r"法令第\1条"),
    (r"s\. ([\d.]+)", r"第\1条"),
    (r"s\. (\d+), not in operation", r"第\1条（未施行）"),
    (r"reg\. (\d+)-(\d+)", r"第\1至\2条"),
    (r"Rule (\d+)", r"规则第\1条"),
    (r"Schedule (\d+), ([\d.]+)", r"附表\1第\2项"),
    (r"APP (\d+); s\. (\w+)", r"隐私原则第\1项；第\2条"),
)
# Sentences of data.law.explain and the words they are told with; what stands in groups fills the words.
SENTENCES = (
    (r"Hosted in (?P<place>.+): (?P<mechanism>\w+)\.", "law.if.hosted"),
    (r"With (?P<people>[\d,]+) persons or fewer: (?P<mechanism>\w+)\.", "law.if.fewer"),
    (r"From (?P<people>[\d,]+) persons: (?P<mechanism>\w+)\.", "law.if.more"),
    (r"Run by a ring-fenced local operator: (?P<mechanism>\w+)\.", "law.if.fenced"),
    (r"Run by a ring-fenced local operator: no exposure.*", "law.if.unexposed"),
    (r"Before (?P<day>\d{4}-\d\d-\d\d): (?P<mechanism>\w+)\.", "law.if.before"),
    (r"From (?P<day>\d{4}-\d\d-\d\d): (?P<mechanism>\w+)\.", "law.if.after"),
    (r"Without (?P<rule>\S+): (?P<mechanism>\w+)\.", "law.if.without"),
    (r"If (?P<condition>.+): (?P<mechanism>\w+) \((?P<rule>\S+)\)\.", "law.if.condition"),
    (r"No rule is on file.*", "law.if.no_rule"),
)


def reasons(page: Context, asked: Question, home: str, host: str, own_rules: LawChanges | None) -> list[Component]:
    """The law's word on the chosen pair, with its rules, what would change it, and contradictions."""
    told = explain(
        home, host, asked.data_class, asked.people, asked.as_of, operator=asked.operator, mode=asked.mode,
        changes=own_rules,
    )  # fmt: skip
    look = page.look
    where = {"home": look.name("jurisdiction", home), "host": look.name("jurisdiction", host)}
    head = page.t(
        "law.head", data_class=look.name("data_class", asked.data_class), day=look.day(str(asked.as_of)), **where
    )
    change = [sentence_in_words(page, line) for line in told.would_change]
    note = page.t("law.english")
    return [
        html.P(head, className="soft"),
        html.P(look.name("mechanism", told.mechanism), className="mechanism"),
        html.Ul([html.Li(line) for line in _duties(page, told)], className="chain"),
        html.H3(page.t("law.binding")),
        html.Ol([_rule(page, rule) for rule in told.chain], className="chain")
        if told.chain
        else html.P(page.t("law.no_rule")),
        *_lines(page, "law.contradictions", [_clash(page, told, at) for at in range(len(told.conflicts))]),
        *_lines(page, "law.change", change),
        html.P(note, className="soft small") if note else None,
    ]


def rules_in_words(page: Context, table: pd.DataFrame) -> pd.DataFrame:
    """Instruments, effects, checks and confidence as people say them; `*` is anywhere."""
    checked = {"excerpt read": page.t("law.excerpt"), "unverified": page.t("law.unverified")}
    say: dict[str, Callable[[str], str]] = {
        "instrument": lambda name: instrument(page, name),
        "article": lambda text: article(page, text),
        "effect": lambda name: _effect(page, name),
        "verified": lambda word: checked.get(word, word),
        "confidence": lambda level: page.t(f"law.level.{level}"),
        "home": lambda place: page.t("law.anywhere") if place == "*" else place,
    }
    told = table.copy()
    for name in told.columns.intersection(list(say)):
        told[name] = [say[name](str(cell)) for cell in table[name]]
    return named(told, page.look)


def instrument(page: Context, name: str) -> str:
    """An instrument by its Chinese name where one is on file, else as filed in English."""
    key = f"instrument.{name}"
    return page.t(key) if key in words() else name


def article(page: Context, text: str) -> str:
    """An article as the reader's language writes it: Art. 4(3) is 第4条第（3）项."""
    if page.look.language == "en":
        return text
    found = ((re.fullmatch(pattern, text), chinese) for pattern, chinese in ARTICLES)
    return next((match.expand(chinese) for match, chinese in found if match), text)


def sentence_in_words(page: Context, sentence: str) -> str:
    """What would change the answer, in the reader's language; a sentence we have no words for stays English."""
    for pattern, key in SENTENCES:
        if found := re.fullmatch(pattern, sentence):
            return page.t(key, **{name: _part(page, name, text) for name, text in found.groupdict().items()})
    return sentence


def steps_in_words(page: Context, steps: str) -> str:
    """Mechanisms by number of persons, `free to 99,999; contract beyond`, in the reader's language."""
    parts = []
    for step in steps.split("; "):
        name, _, rest = step.partition(" ")
        word = page.look.name("mechanism", name)
        if rest.startswith("to "):
            parts.append(page.t("law.step.to", mechanism=word, people=rest.removeprefix("to ")))
        else:
            parts.append(page.t("law.step.beyond", mechanism=word) if rest == "beyond" else word)
    return page.t("law.step.comma").join(parts)


def _part(page: Context, name: str, text: str) -> str:
    """A part of a sentence in words."""
    if name == "mechanism" and text in MECHANISMS:
        return page.look.name("mechanism", text)
    if name == "day":
        return page.look.day(text)
    if name == "place":
        return _place(page, text)
    if name == "condition":
        return page.t("law.and").join(_condition(page, part) for part in text.split(" and "))
    return text


def _place(page: Context, english: str) -> str:
    from data.law.rules import jurisdictions

    known = {place: key for key, place in jurisdictions().items()}
    return page.look.name("jurisdiction", known[english]) if english in known else english


def _condition(page: Context, text: str) -> str:
    key = f"law.condition.{text.removesuffix(' holds').removeprefix('the exporter is in the ').replace(' ', '-')}"
    return page.t(key) if key in words() else text


def _effect(page: Context, effect: str) -> str:
    key = f"effect.{effect}"
    return page.t(key) if key in words() else page.look.name("mechanism", effect)


def _clash(page: Context, told: Explanation, at: int) -> str:
    """A contradiction between two laws, with the names the reader knows."""
    clash = told.conflicts[at]
    if page.look.language == "en":
        return conflict_line(clash)
    one, other = clash.compelling.text, clash.blocking.text
    return page.t(
        "law.clash", compelling=instrument(page, one.instrument), first=one.id,
        blocking=f"{instrument(page, other.instrument)}{article(page, other.article)}", second=other.id,
    )  # fmt: skip


def _duties(page: Context, told: Explanation) -> list[str]:
    duties = []
    if told.fixed_cost_cny or told.yearly_cost_cny:
        fixed, yearly = (page.look.quantity(cost, "CNY") for cost in (told.fixed_cost_cny, told.yearly_cost_cny))
        duties.append(page.t("law.costs", fixed=fixed, yearly=yearly))
    if told.delay_months and told.mechanism not in ("forbidden", "unknown"):
        duties.append(page.t("law.delay", months=page.look.number(told.delay_months)))
    if told.consent:
        duties.append(page.t("law.needs_consent"))
    if told.local_copy:
        duties.append(page.t("law.needs_copy"))
    return duties


def _rule(page: Context, rule: LawRule) -> Component:
    checked = page.t("law.excerpt" if rule.verified == "excerpt read" else "law.unverified")
    sure = page.t("law.confidence", level=page.t(f"law.level.{rule.confidence}"))
    since = page.t("law.since_day", day=page.look.day(str(rule.effective_from)))
    between = ", " if rule.article and page.look.language == "en" else ""
    where = f"{instrument(page, rule.instrument)}{between}{article(page, rule.article)}"
    known = [key for key in (f"rule.{rule.id}", f"rule_note.{rule.note}") if key in words()]
    note = page.t(known[0]) if page.look.language == "zh" and known else rule.note
    return html.Li(
        [
            html.Strong(where),
            page.t(
                "law.facts", rule=rule.id, effect=_effect(page, rule.effect), since=since, checked=checked, sure=sure
            ),
            html.Span(note, lang="en" if note == rule.note else "zh-Hans"),
            html.Span([" ", html.A(page.t("law.cited"), href=rule.url, rel="noreferrer", target="_blank")])
            if rule.url.startswith("http")
            else None,
        ]
    )


def _lines(page: Context, title: str, lines: list[str]) -> list[Component]:
    if not lines:
        return []
    return [html.H3(page.t(title)), html.Ul([html.Li(line) for line in lines], className="chain")]
