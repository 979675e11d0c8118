"""What a scenario may say about demand."""

from __future__ import annotations

from pydantic import Field

from data.scenario.base import Section


class Demand(Section):
    """Who is served, with what work, how much of it and how near."""

    market_share: float | None = Field(
        None, gt=0, le=1,
        description="The operator's share of the country's rack capacity in 2025; the named assumption when left out.",
    )
    people_reach: float | None = Field(
        None, ge=0, le=1,
        description="Share of an origin's internet users whose data the operator holds; the named assumption when left out.",
    )
    load_multiplier: float = Field(1.0, gt=0, le=20, description="Multiplies every load in every period.")
    growth_multiplier: float = Field(1.0, ge=0, le=3, description="Multiplies every workload's yearly growth.")
    workloads: tuple[str, ...] | None = Field(None, min_length=1, description="Keep only these workloads; all when left out.")
    provinces: tuple[str, ...] | None = Field(None, description="Keep only these mainland origins; all when left out.")
    markets: dict[str, float] = Field(
        {},
        description="Markets abroad served, each with its IT load in MW in 2025 over the kept workloads.",
    )
    latency_limit_ms: dict[str, float] = Field({}, description="Round-trip limits by workload that replace the table's.")
    smallest_stream_share: float = Field(
        0.003, ge=0, lt=0.5,
        description="Streams below this share of their workload's load join the nearest origin's stream.",
    )
    smallest_stream_mw: float = Field(
        0.05, ge=0,
        description="Streams whose load never reaches this join the nearest origin's stream.",
    )
    own_demand: str | None = Field(
        None, description="CSV or Excel table of own loads (origin, workload, one column per year), relative to the scenario.",
    )
    own_fleet: str | None = Field(
        None, description="CSV or Excel table of own existing halls, in the columns of existing_fleet.csv.",
    )
