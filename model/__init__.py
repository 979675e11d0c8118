"""Instance to solution: the siting model, its solver, its audit and its report."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "solve": "model.solver",
    "SolveOptions": "model.events",
    "Event": "model.events",
    "Infeasible": "model.errors",
    "NoPlan": "model.errors",
    "RejectedPlan": "model.errors",
    "audit": "model.audit",
    "to_pyomo": "model.full",
}
__all__ = ["Event", "Infeasible", "NoPlan", "RejectedPlan", "SolveOptions", "audit", "solve", "to_pyomo"]


def __getattr__(name: str) -> Any:
    """Fetch a public name when it is first used, so that importing this room costs nothing."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__} has no attribute {name}")
