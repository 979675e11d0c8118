"""What a scenario may say about climate."""

from __future__ import annotations

from data.scenario.base import Section


class Climate(Section):
    """Choices about climate."""
