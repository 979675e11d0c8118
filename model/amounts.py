"""Numbers as people read them: money in billions, shares in per cent, counts with thousands apart."""

from __future__ import annotations

import math
from typing import Any

Scale = tuple[float, str]
BILLION: Scale = (1e9, "bn CNY")
MILLION: Scale = (1e6, "m CNY")
THOUSAND: Scale = (1e3, "k CNY")


def finite(value: Any) -> float | None:
    """The number as a plain float, or None where it is missing or endless (JSON knows neither)."""
    if value is None:
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def scale_of(amount: float) -> Scale:
    """The unit of money in which an amount has at least one digit before the point.

    >>> scale_of(-3.2e9)
    (1000000000.0, 'bn CNY')
    """
    size = abs(amount)
    return next((scale for scale in (BILLION, MILLION) if size >= scale[0]), THOUSAND)


def money(amount: float | None, scale: Scale | None = None) -> str:
    """An amount of CNY in words of its size.

    >>> money(73.418e9), money(2.4e6), money(0.0), money(None)
    ('73.42 bn CNY', '2.400 m CNY', '0 CNY', 'unknown')
    """
    if amount is None or not math.isfinite(amount):
        return "unknown"
    if amount == 0:
        return "0 CNY"
    factor, unit = scale or scale_of(amount)
    return f"{figures(amount / factor)} {unit}"


def figures(number: float) -> str:
    """Four significant figures, two below one, thousands apart.

    >>> figures(1234.5), figures(412.26), figures(73.418), figures(2.4651), figures(0.0344)
    ('1,234', '412.3', '73.42', '2.465', '0.034')
    """
    size = abs(number)
    if size < 1:
        return f"{number:.2g}"
    digits = 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 10 else 3
    return f"{number:,.{digits}f}"


def percent(share: float | None) -> str:
    """A share as per cent: two decimals below one per cent, one below ten, none above.

    >>> percent(0.0042), percent(0.031), percent(0.315), percent(None)
    ('0.42 %', '3.1 %', '32 %', 'unknown')
    """
    if share is None or not math.isfinite(share):
        return "unknown"
    size = abs(share)
    digits = 2 if size < 0.01 else 1 if size < 0.1 else 0
    return f"{100 * share:.{digits}f} %"


def count(number: float) -> str:
    """A whole number; nothing to count is a dot, so that a table shows what is there."""
    return f"{number:,.0f}" if number else "·"


def megawatts(load: float) -> str:
    """A load in MW: whole from ten on."""
    return f"{load:,.0f}" if abs(load) >= 10 or load == 0 else f"{load:.1f}"


def fine(value: float) -> str:
    """Three decimals, or a dash where there was nothing to divide by."""
    return f"{value:.3f}" if math.isfinite(value) else "–"


def whole(value: float | None) -> str:
    """No decimals, or a dash where there is no value."""
    return "–" if value is None or not math.isfinite(value) else f"{value:.0f}"
