"""What a scenario may say about ground."""

from __future__ import annotations

from data.scenario.base import Section


class Ground(Section):
    """Choices about ground."""
