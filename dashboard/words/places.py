"""Names of sites, provinces, markets and jurisdictions, taken from the tables, which hold both languages."""

from __future__ import annotations

from data.evidence import read_table


def _named(group: str, table: str, key: str) -> dict[str, tuple[str, str]]:
    rows = read_table(table)
    return {f"{group}.{row[key]}": (str(row["name"]), str(row["name_zh"])) for row in rows.to_dict("records")}


def _existing(origins: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    return {
        key.replace("origin.", "site.existing-"): (f"Existing halls, {english}", f"{chinese}现有机房")
        for key, (english, chinese) in origins.items()
    }


_ORIGINS = _named("origin", "origins.csv", "id")
WORDS: dict[str, tuple[str, str]] = (
    _ORIGINS
    | _existing(_ORIGINS)
    | _named("site", "sites.csv", "id")
    | _named("jurisdiction", "jurisdictions.csv", "jurisdiction")
)
