"""Published building and land prices by market, and the price of a grid connection."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

# market in the raw table → (money year, source); where two guides cover a market the newer is kept
CONSTRUCTION = {
    "Chinese mainland": (2025, "costs-cw-2025"),
    "Malaysia": (2025, "costs-cw-2025"),
    "Frankfurt": (2025, "costs-tt-2025"),
    "London": (2025, "costs-tt-2025"),
    "Silicon Valley": (2025, "costs-tt-2025"),
    "Singapore": (2025, "costs-tt-2025"),
    "Tokyo": (2025, "costs-tt-2025"),
    "Zurich": (2025, "costs-tt-2025"),
}
LAND = {
    "Cyberjaya/Selangor": (2025, "costs-cw-2025"),
    "Inzai (Tokyo)": (2025, "costs-cw-2025"),
    "Singapore": (2023, "costs-cw-2023"),
}
TECHNOLOGY = {
    ("distribution grid reinforcement", "investment"): ("grid connection", "EUR/kW"),
}
TECHNOLOGY_MONEY_YEAR = 2020


def rebuild(raw: Path, tables: Path) -> None:
    """Write costs_published.csv (item, place, value, unit, money_year, source, evidence) from raw/costs."""
    prices = pd.read_csv(raw / "costs" / "published_dc_costs.csv")
    rows = [
        *market_rows(prices, CONSTRUCTION, "construction", "USD/W"),
        *market_rows(prices, LAND, "land", "USD/m2"),
        *technology_rows(pd.read_csv(raw / "costs" / "pypsa_technology_data_costs_2025.csv")),
    ]
    columns = ["item", "place", "value", "unit", "money_year", "source", "evidence"]
    table = pd.DataFrame(sorted(rows), columns=columns)
    table.to_csv(tables / "costs_published.csv", index=False, lineterminator="\n")


def market_rows(
    prices: pd.DataFrame, markets: dict[str, tuple[int, str]], item: str, unit: str
) -> list[tuple[str, str, str, str, int, str, str]]:
    """The middle published price of each market in its money year; KeyError names a missing market."""
    kind = prices["metric"].str.startswith(item) & (prices["unit"] == unit)
    found = prices.loc[kind].set_index(["market", "year"])["mid"]
    return [
        (item, market, f"{found.loc[(market, year)]:g}", unit, year, source, "published")
        for market, (year, source) in markets.items()
    ]


def technology_rows(technology: pd.DataFrame) -> list[tuple[str, str, str, str, int, str, str]]:
    """What is carried over from the technology catalogue, in its own units and money year."""
    values = technology.set_index(["technology", "parameter"])["value"]
    return [
        (item, "Europe", f"{float(values.loc[key]):.2f}", unit, TECHNOLOGY_MONEY_YEAR,
         "costs-technology-data", "published")
        for key, (item, unit) in TECHNOLOGY.items()
    ]  # fmt: skip
