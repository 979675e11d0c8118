"""What a scenario may say about the ground: thresholds, exclusion zones, plots and lead times."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from data.scenario.base import Section


class ExclusionZones(Section):
    """A file of polygons in which no new hall may be built."""

    file: str = Field(
        min_length=1, description="GeoJSON or GeoPackage file, relative to the scenario; any CRS it declares."
    )
    layer: str | None = Field(default=None, description="Layer of a GeoPackage; the only one when left out.")
    name_column: str | None = Field(default=None, description="Column that names a polygon; its number when left out.")


class Ground(Section):
    """Choices about hazards and plots."""

    thresholds: dict[str, float] = Field(
        default={}, description="Thresholds of ground rules moved from ground_rules.csv, by rule id."
    )
    ignore_rules: tuple[str, ...] = Field(
        default=(), description="Ground rules of ground_rules.csv that shall not fire."
    )
    exclusion_zones: tuple[ExclusionZones, ...] = Field(
        default=(), description="Polygons in which no new hall may be built."
    )
    plot_limit_mw: dict[str, float] = Field(
        default={}, description="IT MW of new halls a site can hold, by site id or *."
    )
    lead_years: dict[str, float] = Field(
        default={}, description="Years from the base year until a site can open, by site id or *."
    )
    cave_sites: dict[str, bool] = Field(
        default={}, description="Permit (true) or forbid (false) cave halls at a site, whatever the rock."
    )
    wet_cooling_forbidden: Literal["never", "extremely_high", "high"] = Field(
        default="never", description="Water stress from which halls that evaporate water are not permitted."
    )
