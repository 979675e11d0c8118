"""What a scenario may say about network."""

from __future__ import annotations

from data.scenario.base import Section


class Network(Section):
    """Choices about network."""
