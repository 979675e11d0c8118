"""Data-localisation law: dated, cited rules and their compilation to what the model knows."""

from data.law.compile import law
from data.law.report import (
    DISCLAIMER,
    conflicts,
    evidence_law,
    legal_case_of,
    local_copies,
    restrictive_rules,
)

__all__ = [
    "DISCLAIMER",
    "conflicts",
    "evidence_law",
    "law",
    "legal_case_of",
    "local_copies",
    "restrictive_rules",
]
