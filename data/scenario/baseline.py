"""What a scenario says about the plan its own plan is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field, field_validator

from data.scenario.base import Section


class Baseline(Section):
    """The comparison behind `saving`; a section left out means that there is none."""

    study: str | None = Field(
        default=None,
        description="Name or path of another study, or folder of a run; this study itself when left out.",
    )
    stay_as_we_are: bool = Field(
        default=False,
        description="New halls only where the operator has halls today, and energy from the grid alone.",
    )
    changes: dict[str, Any] = Field(
        default={}, description="Dotted keys of the study and their values in the comparison."
    )

    @field_validator("changes")
    @classmethod
    def _days_as_text(cls, changes: Mapping[str, Any]) -> dict[str, Any]:
        """YAML reads 2016-01-01 as a day; a written study gives text again."""
        return {key: str(value) if isinstance(value, date) else value for key, value in changes.items()}
