"""What a scenario may say about costs."""

from __future__ import annotations

from data.scenario.base import Section


class Costs(Section):
    """Choices about costs."""
