"""Data-localisation law: dated, cited rules and their compilation to what the model knows."""

from data.law.changes import changes
from data.law.compile import law
from data.law.counsel import counsel_questions
from data.law.explain import DISCLAIMER, Explanation, explain
from data.law.report import (
    conflicts,
    evidence_law,
    legal_cases_of,
    local_copies,
    restrictive_rules,
    rule_table,
)
from data.law.rules import rule_base

__all__ = [
    "DISCLAIMER",
    "Explanation",
    "changes",
    "conflicts",
    "counsel_questions",
    "evidence_law",
    "explain",
    "law",
    "legal_cases_of",
    "local_copies",
    "restrictive_rules",
    "rule_base",
    "rule_table",
]
