"""What every section of a scenario shares: frozen, no unknown keys, every key described."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A part of a scenario file. Unknown keys are refused; values never change after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
