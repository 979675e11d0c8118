"""What a scenario may say about power."""

from __future__ import annotations

from data.scenario.base import Section


class Power(Section):
    """Choices about power."""
