"""What a scenario may say about the network: modes, percentile, measured pairs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from data.scenario.base import Section

Mode = Literal["direct_link", "public_internet"]


class Network(Section):
    """Choices about latency and the cost of traffic."""

    mode: Mode = Field(
        default="direct_link", description="How users reach a site: direct links or the public internet."
    )
    cross_border_mode: Mode = Field(
        default="public_internet", description="The same for ways between the mainland and abroad."
    )
    percentile: Literal[50, 95, 99] = Field(
        default=95, description="Percentile of the round trip at which limits are held."
    )
    measured: str | None = Field(
        default=None, description="CSV or Excel sheet of measured pairs, relative to the scenario."
    )
    use_published: bool = Field(
        default=False, description="Let the latencies Gui'an publishes, read as one-way, replace the model's."
    )
