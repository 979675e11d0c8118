"""Energy prices of the provinces' markets in 2025 and hourly wholesale prices abroad, 2023 and 2024."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from data.ingest.power_provinces import PROVINCE_BY_CHINESE

MARKET = "china_wholesale_price_2025_secondary.csv"
COAL = "china_coal_benchmark_price_by_province.csv"
SICHUAN_CAPS = "sichuan_wet_dry_price_caps_2025_secondary.csv"
ABROAD = Path("prices") / "wholesale_hourly_usd_2023_2024.csv.gz"
MONTHS = range(1, 13)
MARKET_SOURCE, COAL_SOURCE, ABROAD_SOURCE = (
    "power-market-2025",
    "power-coal-benchmark",
    "power-wholesale-abroad",
)
BEIJING = "Asia/Shanghai"
KWH_IN_MWH = 1000


def energy_prices(folder: Path) -> pd.DataFrame:
    """One row per province and month: contract and spot price with the basis of each, and the coal benchmark.

    basis: month (published for the month), season (filled from the same season), months (filled with the mean
    of the published months), year (one figure for the year), empty (not published). CNY/MWh.
    """
    market = pd.read_csv(folder / MARKET)
    market["province"] = market["province_name"].map(PROVINCE_BY_CHINESE)
    coal = pd.read_csv(folder / COAL)
    benchmark = dict(zip(coal["province_zh"].map(PROVINCE_BY_CHINESE), coal["coal_benchmark_yuan_kwh"], strict=True))
    caps = _season_caps(folder)
    blocks = []
    for province in sorted(benchmark):
        rows = market.loc[market["province"] == province]
        block = pd.DataFrame({"province": province, "month": list(MONTHS)})
        for kind, column in (("contract", "medium_long_avg_yuan_mwh"), ("spot", "spot_avg_yuan_mwh")):
            published = rows.set_index("month")[column].dropna()
            seasons = caps if province == "sichuan" else None
            block[f"{kind}_price"], block[f"{kind}_basis"] = _twelve_months(published, seasons)
        block["coal_benchmark"] = round(benchmark[province] * KWH_IN_MWH, 2)
        blocks.append(block)
    table = pd.concat(blocks, ignore_index=True)
    silent = table["contract_price"].isna() & table["spot_price"].isna()
    return table.assign(source=MARKET_SOURCE).assign(source=lambda frame: frame["source"].where(~silent, COAL_SOURCE))


def _twelve_months(published: pd.Series, seasons: dict[int, float] | None) -> tuple[list[float], list[str]]:
    """Twelve prices and their basis from the published months (month 0 is the year)."""
    monthly = published.loc[published.index >= 1]
    if monthly.empty or (len(monthly) == len(MONTHS) and monthly.max() == monthly.min()):
        if published.empty:
            return [float("nan")] * len(MONTHS), [""] * len(MONTHS)
        return [round(float(published.iloc[0]), 2)] * len(MONTHS), ["year"] * len(MONTHS)
    filled = _by_season(monthly, seasons) if seasons else dict.fromkeys(MONTHS, float(monthly.mean()))
    basis = "season" if seasons else "months"
    values = [round(float(monthly.get(month, filled[month])), 2) for month in MONTHS]
    return values, ["month" if month in monthly.index else basis for month in MONTHS]


def _by_season(monthly: pd.Series, caps: dict[int, float]) -> dict[int, float]:
    """Missing months take their season's mean; a season without any lies between as its price cap does."""
    means = {
        cap: float(monthly.loc[[month for month in monthly.index if caps[month] == cap]].mean())
        for cap in {caps[month] for month in monthly.index}
    }
    low, high = min(means), max(means)
    slope = (means[high] - means[low]) / (high - low)
    return {month: means.get(cap, means[low] + slope * (cap - low)) for month, cap in caps.items()}


def _season_caps(folder: Path) -> dict[int, float]:
    """Price cap of each month in Sichuan: dry, flat or wet."""
    caps = pd.read_csv(folder / SICHUAN_CAPS)
    return {
        int(month): float(row["mlt_price_cap_yuan_mwh_2025"])
        for row in caps.to_dict("records")
        for month in str(row["months"]).split(",")
    }


def wholesale_by_hour(folder: Path) -> pd.DataFrame:
    """zone, month and h00 … h23 of the UTC+8 day: mean price of 2023 and 2024 in USD/MWh."""
    prices = pd.read_csv(folder / ABROAD)
    local = pd.to_datetime(prices["utc"], utc=True).dt.tz_convert(BEIJING)
    prices = prices.assign(month=local.dt.month, hour=local.dt.hour)
    table = prices.pivot_table(index=["zone", "month"], columns="hour", values="usd_mwh", aggfunc="mean")
    table.columns = pd.Index([f"h{hour:02d}" for hour in table.columns])
    return table.round(1).reset_index().assign(source=ABROAD_SOURCE, evidence="derived")
