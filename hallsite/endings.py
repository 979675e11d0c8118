"""How a command ends: exit code and words for every way it can fail."""

from __future__ import annotations

import sys
import traceback

OUR_FAULT, BAD_INPUT, INFEASIBLE, NO_PLAN = 1, 2, 3, 4


class LeftEarly(Exception):
    """The user stopped a command before there was anything to keep."""


class Explained(Exception):
    """No plan can exist, and the report says what conflicts and what would help."""


def ending(error: Exception) -> tuple[int, str]:
    """Exit code and message for an exception that left a command."""
    from hallsite.rooms import ShadowedRoom

    if isinstance(error, ShadowedRoom):
        return BAD_INPUT, str(error)
    from data.errors import BadInput  # only now: it must not be taken from a room that is not ours

    if isinstance(error, BadInput):
        return BAD_INPUT, str(error)
    if isinstance(error, Explained):
        return INFEASIBLE, str(error)
    if isinstance(error, LeftEarly):
        return NO_PLAN, str(error)
    if isinstance(error, BrokenPipeError):
        return OUR_FAULT, ""
    if isinstance(error, OSError) and error.filename is not None:
        return BAD_INPUT, f"{error.filename}: {error.strerror}"
    return _solver_ending(error) or (OUR_FAULT, _apology(error))


def _solver_ending(error: Exception) -> tuple[int, str] | None:
    """Endings whose classes live in the model, which is not imported when it never was."""
    errors = sys.modules.get("model.errors")
    if errors is None:
        return None
    if isinstance(error, errors.Infeasible):
        sentences = [f"- {sentence}" for sentence in error.requirements]
        first = "No plan can exist: these requirements cannot hold together."
        last = "`hallsite conflicts SCENARIO` names what conflicts and what would help."
        return INFEASIBLE, "\n".join([first, *sentences, last])
    if isinstance(error, errors.NoPlan):
        return NO_PLAN, str(error)
    if isinstance(error, errors.RejectedPlan):
        return OUR_FAULT, f"{error}\nThis is our fault, not yours; please report the lines above."
    return None


def _apology(error: Exception) -> str:
    details = "".join(traceback.format_exception(error))
    kind = type(error).__name__
    return f"{details}\nhallsite failed ({kind}). This is our fault, not yours; please report the lines above."
