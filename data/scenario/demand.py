"""What a scenario may say about demand."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from data.scenario.base import Section


class Demand(Section):
    """Who is served, with what work, how much of it and how near."""

    market_share: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="Operator's share of the country's racks in 2025; the named assumption when left out.",
    )
    people_reach: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Share of internet users whose data is held; the named assumption when left out.",
    )
    load_multiplier: float = Field(default=1.0, gt=0, le=20, description="Multiplies every load in every period.")
    growth_multiplier: float = Field(default=1.0, ge=0, le=3, description="Multiplies every workload's yearly growth.")
    workloads: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="Keep only these workloads; all when left out."
    )
    provinces: tuple[str, ...] | None = Field(
        default=None, description="Keep only these mainland origins; all when left out."
    )
    markets: dict[str, Annotated[float, Field(ge=0)]] = Field(
        default={}, description="Markets abroad served, each with its IT load of 2025 in MW."
    )
    latency_limit_ms: dict[str, Annotated[float, Field(gt=0)]] = Field(
        default={}, description="Round-trip limits by workload that replace the table's."
    )
    smallest_stream_share: float = Field(
        default=0.003,
        ge=0,
        lt=0.5,
        description="Streams below this share of their workload's load join the nearest origin's stream.",
    )
    smallest_stream_mw: float = Field(
        default=0.05,
        ge=0,
        description="Streams whose load never reaches this join the nearest origin's stream.",
    )
    own_demand: str | None = Field(
        default=None,
        description="CSV or Excel table of own loads: origin, workload, MW in columns named by years.",
    )
    own_fleet: str | None = Field(
        default=None, description="CSV or Excel table of own existing halls, as existing_fleet.csv."
    )
