"""How one reader sees things: language, theme, and numbers the way the language writes them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from dashboard.words import text, words

MINUS = "−"
ENGLISH_MONEY = ((1e9, "bn CNY"), (1e6, "m CNY"), (1e3, "k CNY"), (1.0, "CNY"))
CHINESE_MONEY = ((1e8, "亿元"), (1e4, "万元"), (1.0, "元"))
ENGLISH_COUNT = ((1e9, " bn"), (1e6, " m"))
CHINESE_COUNT = ((1e8, "亿"), (1e4, "万"))


@dataclass(frozen=True)
class Look:
    """Language (`en`, `zh`) and theme (`light`, `dark`) of a reader; figures take it as their last argument."""

    language: str = "en"
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

    def money(self, amount: float | None) -> str:
        """An amount of CNY: 73.42 bn CNY, 734.2 亿元."""
        return self._scaled(amount, ENGLISH_MONEY if self.language == "en" else CHINESE_MONEY, " ")

    def count(self, amount: float | None) -> str:
        """A large number: 1.234 m, 123.4万; whole below the first step."""
        steps = ENGLISH_COUNT if self.language == "en" else CHINESE_COUNT
        if amount is not None and math.isfinite(amount) and abs(amount) < steps[-1][0]:
            return self.number(amount, 0)
        return self._scaled(amount, steps, "")

    def number(self, amount: float | None, digits: int = 1) -> str:
        """A number with thousands apart, or a dash where there is none."""
        if amount is None or not math.isfinite(amount):
            return "–"
        return f"{amount:,.{digits}f}".replace("-", MINUS)

    def percent(self, share: float | None) -> str:
        """A share as per cent: two decimals below one per cent, one below ten, none above."""
        if share is None or not math.isfinite(share):
            return "–"
        digits = 2 if abs(share) < 0.01 else 1 if abs(share) < 0.1 else 0
        return f"{100 * share:.{digits}f}%".replace("-", MINUS)

    def day(self, moment: str | datetime) -> str:
        """A date from ISO text or a datetime: 5 Jan 2026, 2026年1月5日."""
        day = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        return f"{day:%Y年}{day.month}月{day.day}日" if self.language == "zh" else f"{day.day} {day:%b %Y}"

    def moment(self, moment: str | datetime) -> str:
        """A date with its hour and minute."""
        time = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        return f"{self.day(time)} {time:%H:%M}"

    def _scaled(self, amount: float | None, steps: tuple[tuple[float, str], ...], space: str) -> str:
        if amount is None or not math.isfinite(amount):
            return "–"
        factor, unit = next((step for step in steps if abs(amount) >= step[0]), steps[-1])
        value = amount / factor
        digits = 0 if abs(value) >= 1000 or value == 0 else 1 if abs(value) >= 100 else 2
        return f"{value:,.{digits}f}{space}{unit}".replace("-", MINUS)
