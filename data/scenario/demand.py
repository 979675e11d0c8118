"""What a scenario may say about demand."""

from __future__ import annotations

from data.scenario.base import Section


class Demand(Section):
    """Choices about demand."""
