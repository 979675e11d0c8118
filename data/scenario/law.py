"""What a scenario may say about law."""

from __future__ import annotations

from data.scenario.base import Section


class Law(Section):
    """Choices about law."""
