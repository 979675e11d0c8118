"""Why no plan can exist: named requirements that cannot hold together, and the cheapest ways out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import xarray as xr

from model.studies.solving import Solving

if TYPE_CHECKING:
    from data.scenario import Scenario


def conflicts(
    study: xr.Dataset | Scenario,
    instance: xr.Dataset | None = None,
    solving: Solving | None = None,
    seconds: float = 120.0,
    most_repairs: int = 3,
) -> xr.Dataset:
    """Whether a plan exists; if none, an irreducible set of requirements and the cheapest repairs with prices.

    `study` is a scenario, or an instance alone; for a scenario `instance` saves building it. Repairs of a
    scenario are priced on the changed scenario, so a click does what was priced. About `seconds` are spent;
    `solving` gives gap and threads of the solves that price, a listener and a stop request.

    Attributes: status (`feasible`, `infeasible`, `unknown` when stopped), irreducible (1: dropping any one
    requirement of a conflict was shown to leave a plan), found_by (`arithmetic`, `linear`, `whole`),
    base_cny and base (what prices are compared with, in words), seconds.
    By `requirement` (ids such as `latency/enterprise/beijing`): sentence, kind, conflict (0, 1, ...; conflicts
    with no requirement in common). By `repair`, cheapest first: repair_text (a sentence), changes (JSON of
    dotted scenario keys and values, `{}` where no key says it), cost_cny (of the repaired plan; nan if not
    priced), price_cny (less the base; nan if not priced), gap (of that solve), serves (share of demand
    still served, 1 unless the repair is to serve less). `conflicts_text` tells all of it in sentences.
    Raises BadInput for a scenario that cannot be built.
    """
    raise NotImplementedError


def conflicts_text(study: xr.Dataset) -> str:
    """The report in sentences."""
    return "\n".join(sentences(study))


def sentences(study: xr.Dataset) -> Sequence[str]:
    """Lines of the report, those of the conflict first."""
    raise NotImplementedError
