"""What a scenario may say about climate."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from data.scenario.base import Section


class Climate(Section):
    """How hot and humid it gets, how halls are run, and whose weather files are used."""

    warming_delta_k: float = Field(
        default=0.0,
        ge=-5,
        le=8,
        description="Warming above the typical years (mostly 1971–2003), at unchanged relative humidity.",
    )
    heat_wave: Literal["none", "hot-summer", "china-2022"] = Field(
        default="none",
        description="Adds hot days to the three hottest months; length and heat are named assumptions.",
    )
    envelope: Literal["recommended", "allowable"] = Field(
        default="recommended", description="ASHRAE envelope that supply air is held to (class A1)."
    )
    supply_drift_k: float = Field(
        default=0.0, ge=-5, le=10, description="Supply air and water set-points moved by this much."
    )
    dry_cooling: bool = Field(default=False, description="Spare water: no towers, pads or sprays, so more power.")
    own_weather: dict[str, str] = Field(
        default={},
        description="Weather file (EPW, hourly CSV, ERA5 netCDF) by site id, relative to the scenario.",
    )  # fmt: skip
