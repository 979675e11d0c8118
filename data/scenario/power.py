"""What a scenario may say about power."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from data.scenario.base import Section

ContractSource = Literal["hydro", "wind", "solar"]


class Power(Section):
    """Prices, contracts, droughts, rationing and the grid."""

    own_tariffs: str | None = Field(
        default=None,
        description="CSV or Excel sheet of own all-in tariffs by month and hour, relative to the scenario.",
    )
    energy_price_multiplier: dict[str, float] = Field(
        default={},
        description="Multiplies market energy prices, not network or fees, by site, province, country or *.",
    )
    energy_price_growth: float = Field(
        default=0.0, ge=-0.1, le=0.2,
        description="Real growth per year of market energy prices and contracts after 2025.",
    )  # fmt: skip
    hydro_price_multiplier: float = Field(
        default=1.0, gt=0, le=10, description="Multiplies the price of contracted hydro."
    )
    contracts: tuple[ContractSource, ...] = Field(
        default=("hydro", "wind", "solar"),
        description="Sources that may be contracted; an empty list leaves only the grid.",
    )
    contract_limit_multiplier: float = Field(
        default=1.0, ge=0, le=100, description="Multiplies what a site may contract."
    )
    certificates: bool = Field(default=True, description="Green certificates can be bought.")
    policy_tariffs: bool = Field(
        default=False, description="Count the tariffs that local policy promises to data centres."
    )
    policy_tariff_end_year: int | None = Field(
        default=None, description="Last year of every policy tariff; the table's years when left out."
    )
    rationing: bool = Field(default=True, description="Historical rationing events withhold grid energy.")
    hydro_level: Literal["as_observed", "latest_trend"] = Field(
        default="as_observed",
        description="as_observed: years as they were; latest_trend: their droughts on the trend of 2024.",
    )
    drought_years: tuple[int, ...] = Field(
        default=(2022, 2023), description="Hydrological years counted as stress years."
    )
    drought_year_weight: float = Field(
        default=1.0, ge=0, le=50,
        description="Multiplies the probability of the stress years before it is scaled to sum to 1.",
    )  # fmt: skip
    grid_carbon_t_per_mwh: dict[str, float] = Field(
        default={}, description="Grid CO2 factor of every year and period by site, province or country."
    )
    contract_carbon_t_per_mwh: dict[ContractSource, float] = Field(
        default={}, description="CO2 of contracted energy by source; zero when left out."
    )
    grid_site_limit_mw: dict[str, float] = Field(
        default={},
        description="Largest new grid connection by site id, in MW; by headroom class when left out.",
    )

    @model_validator(mode="after")
    def _not_negative(self) -> Power:
        for name in ("energy_price_multiplier", "grid_carbon_t_per_mwh", "grid_site_limit_mw"):
            below = [place for place, value in getattr(self, name).items() if value < 0]
            if below:
                raise ValueError(f"{name} must not be negative: {', '.join(below)}")
        return self
