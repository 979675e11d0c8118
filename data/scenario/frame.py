"""What a scenario says about time, sites, limits and the solver."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from data.scenario.base import Section


class Time(Section):
    """Investment periods and the resolution of a year."""

    periods: tuple[int, ...] = Field(
        default=(2026, 2028, 2030, 2032, 2034),
        min_length=1,
        description="First year of each investment period.",
    )
    last_year: int = Field(default=2035, description="Last year counted, included in the last period.")
    resolution: Literal["month", "season"] = Field(
        default="month", description="month: 36 slices; season: 12, for screening."
    )
    block_starts: tuple[int, ...] = Field(
        default=(0, 8, 16), min_length=1, description="Hours of the UTC+8 day at which a block starts."
    )
    hydro_years: tuple[int, ...] = Field(
        default=tuple(range(2014, 2025)),
        min_length=1,
        description="Historical hydrological years a plan must serve.",
    )
    hydro_year_probabilities: tuple[float, ...] | None = Field(
        default=None, description="One per year, summing to 1; equal when left out."
    )

    @model_validator(mode="after")
    def _ordered(self) -> Time:
        if list(self.periods) != sorted(set(self.periods)) or self.last_year < self.periods[-1]:
            raise ValueError("periods must rise, and last_year must not be before the last period")
        if (
            list(self.block_starts) != sorted(set(self.block_starts))
            or self.block_starts[0] != 0
            or self.block_starts[-1] > 23
        ):
            raise ValueError("block_starts must rise from 0 and stay below 24")
        chances = self.hydro_year_probabilities
        if chances is not None and (
            len(chances) != len(self.hydro_years) or min(chances) < 0 or abs(sum(chances) - 1) > 1e-6
        ):
            raise ValueError(
                "hydro_year_probabilities needs one value per hydrological year, none negative, summing to 1"
            )
        return self


class Sites(Section):
    """Which sites are considered and what is decided about them beforehand."""

    countries: tuple[str, ...] | None = Field(
        default=None, description="Keep only these country codes; all when left out."
    )
    include: tuple[str, ...] | None = Field(
        default=None, description="Keep only these of the embedded sites; all when left out."
    )
    exclude: tuple[str, ...] = Field(default=(), description="Leave these site ids out of the study.")
    existing_fleet: bool = Field(default=True, description="Count the halls the operator already has.")
    own_sites: str | None = Field(
        default=None,
        description="CSV, Excel, GeoJSON or GeoPackage file of own sites, relative to the scenario.",
    )
    own_sites_only: bool = Field(default=False, description="Leave the embedded candidate sites out.")
    force_open: tuple[str, ...] = Field(
        default=(), description="Sites that must be open from the first period they can be."
    )
    forbid: tuple[str, ...] = Field(default=(), description="Sites where no new hall may be built.")
    most_open: int | None = Field(default=None, ge=1, description="Most candidate sites open in any period.")


class Policy(Section):
    """Prices and limits set from outside."""

    carbon_price_cny_per_t: float = Field(default=0.0, ge=0, description="Price of CO2 in the first period.")
    carbon_price_growth: float = Field(
        default=0.0, ge=-0.5, le=0.5, description="Real growth of the CO2 price per year."
    )
    carbon_limit_t_per_year: float | None = Field(default=None, ge=0, description="Carbon budget of each year.")
    capital_limit_cny: float | None = Field(default=None, gt=0, description="Cash capital of each period.")
    pue_ceiling: dict[str, float] = Field(
        default={}, description="Yearly PUE of new halls by site id, country code or *."
    )
    green_share: dict[str, float] = Field(
        default={}, description="Share of green energy by site id, country code or *."
    )
    water_permit_m3: dict[str, float] = Field(default={}, description="Yearly water permit by site id.")
    hub_pack: bool = Field(default=False, description="Hold the national hubs to their PUE and green-power rules.")


class Finance(Section):
    """How money over time is added up."""

    discount_rate: float = Field(default=0.08, ge=0, le=0.3, description="Real discount rate per year.")
    base_year: int = Field(default=2026, description="Year to which present values refer.")


class Solver(Section):
    """When the solver may stop, and with what means."""

    gap: float = Field(default=0.005, gt=0, le=0.5, description="Certified relative gap at which to stop.")
    time_limit_s: float = Field(default=600.0, gt=0, description="Wall seconds after which the best plan is returned.")
    threads: int = Field(default=2, ge=1, description="Threads of HiGHS.")
    seed: int = Field(default=0, ge=0, description="Seed of every random choice.")
    effort: float = Field(
        default=1.0, ge=0, le=100,
        description="Search for a better plan before the bound is raised further: 1 usual, 0 none, 3 thrice as much.",
    )  # fmt: skip
