"""How money over time is added up: discounting, annuities, and what a period stands for."""

from __future__ import annotations

import xarray as xr

from data.setting import Setting


def finance(setting: Setting) -> xr.Dataset:
    """Years and discounted years of each period, and the real discount rate."""
    terms = setting.scenario.finance
    firsts = list(setting.periods.index)
    ends = [*firsts[1:], setting.scenario.time.last_year + 1]
    spans = list(zip(firsts, ends, strict=True))
    weights = [year_weight(first, end, terms.discount_rate, terms.base_year) for first, end in spans]
    return xr.Dataset(
        {
            "period_years": ("period", [float(end - first) for first, end in spans]),
            "year_weight": ("period", weights),
            "discount_rate": ((), terms.discount_rate),
        },
        coords={"period": firsts},
    )


def year_weight(first: int, end: int, rate: float, base_year: int) -> float:
    """Present value in `base_year` of 1 CNY in each year of [first, end), paid at the year's mark.

    >>> year_weight(2026, 2028, 0.0, 2026)
    2.0
    >>> round(year_weight(2028, 2030, 0.08, 2026), 6)  # 1.08^-2 + 1.08^-3
    1.651171
    """
    return float(sum((1 + rate) ** (base_year - year) for year in range(first, end)))


def annuity(rate: float, life: float) -> float:
    """Yearly payment over `life` years that repays 1 CNY at the real `rate`.

    >>> round(annuity(0.08, 20), 6)
    0.101852
    >>> annuity(0.0, 20)
    0.05
    """
    return 1 / life if rate == 0 else rate / (1 - (1 + rate) ** -life)
