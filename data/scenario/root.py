"""The scenario: its sections in the order a brief is read."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, PrivateAttr

from data.scenario.base import Section
from data.scenario.baseline import Baseline
from data.scenario.climate import Climate
from data.scenario.costs import Costs
from data.scenario.demand import Demand
from data.scenario.frame import Finance, Policy, Sites, Solver, Time
from data.scenario.ground import Ground
from data.scenario.law import Law
from data.scenario.network import Network
from data.scenario.power import Power

Question = Literal["mean_year", "cave_price", "hub_rules", "baseline"]


class Scenario(Section):
    """One study, as its YAML file says it."""

    name: str = Field(min_length=1, description="Short name; also the name of the run folder.")
    title: str = Field(default="", description="One line for people.")
    brief: str = Field(default="", description="What is asked and why, in a few sentences.")
    time: Time = Time()
    finance: Finance = Finance()
    sites: Sites = Sites()
    climate: Climate = Climate()
    power: Power = Power()
    ground: Ground = Ground()
    network: Network = Network()
    demand: Demand = Demand()
    law: Law = Law()
    costs: Costs = Costs()
    policy: Policy = Policy()
    solver: Solver = Solver()
    baseline: Baseline = Baseline()
    questions: list[Question] = Field(
        default=[],
        description="Answered beside the plan: mean_year (a plan made for the mean hydrological year, in the same "
        "years), cave_price (the price of tunnelling at which a cave pays), hub_rules (how far each national cluster "
        "keeps its rules), baseline (the study under `baseline`, solved and compared).",
    )
    assumptions: dict[str, float] = Field(default={}, description="Named assumptions moved from their embedded value.")
    _file: Path | None = PrivateAttr(default=None)

    @property
    def file(self) -> Path | None:
        """The file this study was read from, if any."""
        return self._file

    @property
    def folder(self) -> Path:
        """The folder that relative paths of the study start from: the file's, or the working folder."""
        return self._file.parent if self._file else Path()

    def placed(self, file: Path | None) -> Scenario:
        """The same study, read from `file`."""
        copy = self.model_copy()
        copy._file = file
        return copy
