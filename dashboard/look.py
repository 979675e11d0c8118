"""How one reader sees things: language, theme, and numbers the way the language writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from dashboard.numerals import Language, Scale, day, number, percent, quantity
from dashboard.words import text, words

PARTED = " · "  # between a title and what was changed


@dataclass(frozen=True)
class Look:
    """Language (`en`, `zh`) and theme (`light`, `dark`) of a reader."""

    language: Language = "en"
    theme: str = "light"

    def t(self, key: str, **values: object) -> str:
        """The words of a key. Raises KeyError for a key nobody wrote."""
        return text(self.language, key, **values)

    def name(self, group: str, identifier: str) -> str:
        """The words `<group>.<identifier>` where they exist, else the identifier with its underscores spaced.

        For what users name themselves as well as we do: accounts, hall types, workloads, sites.
        """
        key = f"{group}.{identifier}"
        return self.t(key) if key in words() else identifier.replace("_", " ")

    def title(self, title: str) -> str:
        """A study's or run's title; the parts of it that are titles of shipped studies in the reader's language."""
        known = _shipped_titles()
        for begun, _, ended in (pair.partition("{title}") for pair in words()["brief.baseline.title"]):
            if title.startswith(begun) and title.endswith(ended):
                about = self.title(title.removeprefix(begun).removesuffix(ended))
                return self.t("brief.baseline.title", title=about)
        return PARTED.join(self.t(known[part]) if part in known else part for part in title.split(PARTED))

    def quantity(self, value: float | None, unit: str, at: Scale | None = None, signed: bool = False) -> str:
        """A value with its unit in the size it is read best: 5.643 bn CNY, 56.43 亿元."""
        return quantity(value, unit, self.language, at, signed)

    def number(self, value: float | None, digits: int | None = None, signed: bool = False) -> str:
        """A pure number: four significant figures where `digits` says nothing."""
        return number(value, signed, digits)

    def percent(self, share: float | None, signed: bool = False) -> str:
        """A share as per cent."""
        return percent(share, self.language, signed)

    def day(self, moment: str | datetime) -> str:
        """A date from ISO text or a datetime: 5 Jan 2026, 2026年1月5日."""
        return day(_moment(moment), self.language)

    def minute(self, moment: str | datetime) -> str:
        """A date with its hour and minute, by the clock of this machine."""
        local = _moment(moment).astimezone()
        return f"{self.day(local)} {local:%H:%M}"


@cache
def _shipped_titles() -> dict[str, str]:
    """Titles of shipped studies in both languages → their key."""
    return {title: key for key, pair in words().items() if key.startswith("title.") for title in pair}


def _moment(moment: str | datetime) -> datetime:
    return datetime.fromisoformat(moment) if isinstance(moment, str) else moment
