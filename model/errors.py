"""How a solve can end without a plan."""

from __future__ import annotations

from math import isfinite


class Infeasible(Exception):
    """No plan exists. `requirements` are sentences naming what cannot hold together; the command line exits with 3."""

    def __init__(self, requirements: list[str]):
        self.requirements = list(requirements)
        super().__init__("No plan can keep all requirements:\n" + "\n".join(f"- {r}" for r in self.requirements))

    def __reduce__(self) -> tuple[type[Infeasible], tuple[list[str]]]:
        return (Infeasible, (self.requirements,))


class NoPlan(Exception):
    """Stopped before a plan was found; this proves nothing. The command line exits with 4."""

    def __init__(self, reason: str, bound: float | None):
        self.reason, self.bound = reason, bound if bound is not None and isfinite(bound) else None
        told = "" if self.bound is None else f" (bound {self.bound / 1e9:.2f} bn CNY)"
        super().__init__(f"No plan was found: {reason}{told}. Give more time; this is not a proof that none exists.")

    def __reduce__(self) -> tuple[type[NoPlan], tuple[str, float | None]]:
        return (NoPlan, (self.reason, self.bound))


class RejectedPlan(Exception):
    """The solver returned a plan that the independent audit rejects: our fault, reported as such."""
