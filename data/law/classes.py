"""Kinds of data the law tells apart, how strict its demands are, and how persons are counted."""

from __future__ import annotations

PERSONAL = "personal"
SENSITIVE = ("sensitive_personal", "financial", "payment", "health")
DATA_CLASSES = ("non_personal", PERSONAL, *SENSITIVE, "important", "cii", "state")
GROUPS: dict[str, tuple[str, ...]] = {
    "any_personal": (PERSONAL, *SENSITIVE),
    "any_sensitive": SENSITIVE,
    "all": DATA_CLASSES,
}

# Ways a transfer can lawfully be made, from nothing to a prior approval.
PATHS = ("free", "adequacy", "consent", "contract", "assessment")
TIER_OF_PATH: dict[str, int] = {"free": 0, "adequacy": 0, "consent": 0, "contract": 1, "assessment": 2}
TIERS = 3
CLOSED = ("domestic_only", "forbidden")
PERMISSIVE = ("free", "adequacy")
# Read from least to most restrictive; `unknown` is as good as forbidden until somebody looks it up.
MECHANISMS = (
    "domestic", "free", "adequacy", "consent", "contract", "local_copy", "assessment", "forbidden", "unknown",
)  # fmt: skip


def expand(data: tuple[str, ...]) -> frozenset[str]:
    """Data classes meant by classes and groups of classes."""
    return frozenset(member for name in data for member in GROUPS.get(name, (name,)))


def counted_as(data_class: str) -> str:
    """Export group a class belongs to: personal, sensitive, important, or empty where nobody counts.

    Important, infrastructure and state data ask for the same tier at any count.
    """
    if data_class == PERSONAL:
        return "personal"
    if data_class in SENSITIVE:
        return "sensitive"
    return "" if data_class == "non_personal" else "important"
