"""Tables about a study's law for reports: evidence, conflicts, copies at home, rules that bind."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from data.evidence import assumption_table, assumptions
from data.law.cells import compiled_cells, copy_from, needs_copy
from data.law.classes import CLOSED
from data.law.compile import exporters
from data.law.rules import rule_base
from data.law.study import Case, cases_of, study_of
from data.law.tiers import path_cost
from data.scenario.law import LawChanges
from data.setting import Setting


def legal_cases_of(setting: Setting, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Legal cases of streams by origin and workload, such as CN/personal/operator."""
    return {pair: case.id for pair, case in cases_of(setting, pairs).items()}


def evidence_law(setting: Setting) -> pd.DataFrame:
    """Where the law's figures come from; columns site, field, value, unit, source, evidence, note."""
    study = study_of(setting)
    assumed = assumptions(setting.scenario.assumptions)
    table = assumption_table()
    table = table.loc[table["part"] == "law"]
    rows = [
        evidence_row("export_tier_cost", path_cost(path, (), assumed), "CNY/a", "law-recalled", "estimated",
                     f"{exporter}, {path}")
        for exporter in exporters(study)
        for path in ("contract", "assessment")
    ]  # fmt: skip
    rows += [
        evidence_row(field, assumed[name], str(table.loc[name, "unit"]), str(table.loc[name, "source"]),
                     "user" if name in setting.scenario.assumptions else str(table.loc[name, "evidence"]),
                     str(table.loc[name, "meaning"]))
        for field, name in (
            ("ring_fence_cost", "law_ring_fence_fixed_cny_a"),
            ("transfer_cost", "law_ring_fence_cny_per_mw_a"),
            ("transfer_cost", "law_consent_cny_per_mw_a"),
            ("transfer_cost", "law_exposure_cny_per_mw_a"),
            ("transfer_cost", "law_copy_hosting_cny_per_mw_a"),
        )
    ]  # fmt: skip
    rows += [
        evidence_row("export_tier_people", float(rule.text.people_from), "person",
                     "law-rules" if rule.text.verified == "excerpt read" else "law-recalled",
                     "published" if rule.text.verified == "excerpt read" else "estimated",
                     f"{rule.id}: {rule.text.instrument} {rule.text.article}".strip())
        for rule in study.rules.rules
        if rule.text.people_from > 1 and rule.text.origin in {case.origin for case in study.cases}
    ]  # fmt: skip
    return pd.DataFrame(rows)


def evidence_row(field: str, value: float, unit: str, source: str, evidence: str, note: str) -> dict[str, str | float]:
    """One row that holds for every site."""
    return {"site": "*", "field": field, "value": value, "unit": unit, "source": source,
            "evidence": evidence, "note": note}  # fmt: skip


def local_copies(setting: Setting, streams: pd.DataFrame | None = None) -> pd.DataFrame:
    """Which legal cases must keep a copy at home when they are hosted abroad.

    Columns legal_case, needs_home_replica (from the first person on; a later duty is a tier of its own and
    priced), home_case (the case a replica pinned to home gets), people_from (persons exported from which a duty
    begins, 0 for never), from_period. One row per legal case.
    """
    study = study_of(setting, streams)
    cells = compiled_cells(study)
    rows = []
    for case in study.cases:
        mine = [(key[3], cell) for key, cell in cells.items() if key[0] == case and any(cell.limits)]
        owed = [(period, people) for period, cell in mine if (people := copy_from(cell)) is not None]
        pinned = any(needs_copy(cell) for _, cell in mine)
        rows.append({
            "legal_case": case.id,
            "needs_home_replica": pinned,
            "home_case": Case(case.origin, case.data_class, case.exporter, home=True).id if pinned else "",
            "people_from": min((people for _, people in owed), default=0),
            "from_period": min((period for period, _ in owed), default=0),
        })  # fmt: skip
    return pd.DataFrame(rows)


def conflicts(setting: Setting, streams: pd.DataFrame | None = None) -> pd.DataFrame:
    """Where one law compels what another forbids, and what answers it.

    Columns legal_case, jurisdiction (host), operator_mode, period, compelling, blocking (rule ids), answer.
    """
    study = study_of(setting, streams)
    cells = compiled_cells(study)
    rows = []
    for (case, host, mode, period), cell in cells.items():
        if mode != "own" or not cell.conflicts:
            continue
        fenced = cells[case, host, "ring_fenced", period]
        for clash in cell.conflicts:
            rows.append({
                "legal_case": case.id, "jurisdiction": host, "operator_mode": mode, "period": period,
                "compelling": clash.compelling.id, "blocking": clash.blocking.id,
                "answer": "none known" if fenced.conflicts else "a ring-fenced local operator",
            })  # fmt: skip
    columns = ["legal_case", "jurisdiction", "operator_mode", "period", "compelling", "blocking", "answer"]
    return pd.DataFrame(rows, columns=columns)


def restrictive_rules(setting: Setting, streams: pd.DataFrame | None = None) -> pd.DataFrame:
    """Rules that close or burden some transfer of the study: the candidates for `what did this rule cost`.

    Columns rule, instrument, article, effect, verified, closes (transfers it forbids), burdens (others).
    Re-solve with `law.rules.off: [rule]` to price one.
    """
    counts: dict[str, list[int]] = {}
    study = study_of(setting, streams)
    for cell in compiled_cells(study).values():
        for rule in {rule.id: rule for step in cell.steps for rule in step.answer.chain}.values():
            if rule.effect in ("free", "adequacy"):
                continue
            column = int(rule.effect not in (*CLOSED, "local_operator"))
            counts.setdefault(rule.id, [0, 0])[column] += 1
    rows = [
        {"rule": name, "instrument": text.instrument, "article": text.article, "effect": text.effect,
         "verified": text.verified, "closes": closes, "burdens": burdens}
        for name, (closes, burdens) in sorted(counts.items())
        for text in (study.rules[name].text,)
    ]  # fmt: skip
    columns = ["rule", "instrument", "article", "effect", "verified", "closes", "burdens"]
    return pd.DataFrame(rows, columns=columns)


def rule_table(law_changes: LawChanges | None = None) -> pd.DataFrame:
    """All rules on file for counsel to read, indexed by id; a scenario's changes applied."""
    rows = [rule.text.model_dump() | {"waived": rule.waived} for rule in rule_base(law_changes).rules]
    table = pd.DataFrame(rows).set_index("id")
    lists = ["data", "hosts", "except_hosts", "operators", "except_operators", "requires", "displaces"]
    return table.assign(**{name: table[name].map(" ".join) for name in lists})
