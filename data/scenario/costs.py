"""What a scenario may say about costs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from data.scenario.base import Section

Multiplier = Annotated[float, Field(gt=0, le=20)]
Price = Annotated[float, Field(ge=0)]


class Costs(Section):
    """What building and running costs, where it differs from the catalogue."""

    hall_price_multiplier: dict[str, Multiplier] = Field(
        default={}, description="Multiplies the capital of new halls, by hall type or *."
    )
    site_capital_multiplier: dict[str, Multiplier] = Field(
        default={}, description="Multiplies land, ground works and fibre of a site, by site id or *."
    )
    price_level: dict[str, Multiplier] = Field(
        default={}, description="Building price at a site against its market's published price, by site id."
    )
    land_cny_per_m2: dict[str, Price] = Field(default={}, description="Land price by site id.")
    water_cny_per_m3: dict[str, Price] = Field(default={}, description="Water price by site id or *.")
