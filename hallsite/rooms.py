"""Notices when a user's own file or folder stands in the way of a room of hallsite."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

ROOMS = ("data", "model", "dashboard", "scenarios")
HOME = Path(__file__).resolve().parent.parent


class ShadowedRoom(ImportError):
    """Python would import somebody else's file in place of a part of hallsite."""


def check_rooms(home: Path = HOME) -> None:
    """Raise ShadowedRoom when `data`, `model`, `dashboard` or `scenarios` is not the one beside hallsite."""
    strangers = [(room, place) for room in ROOMS if (place := _stranger(room, home))]
    if not strangers:
        return
    lines = [
        f"- {place} is imported as `{room}`; rename it, for instance to my_{Path(place).name}"
        for room, place in strangers
    ]
    raise ShadowedRoom(
        "\n".join(
            [
                "hallsite cannot start here, because these names belong to its own parts:",
                *lines,
                "or leave that folder, or start Python with -P so that it does not look there.",
            ]
        )
    )


def _stranger(room: str, home: Path) -> str | None:
    """The file or folder that Python takes for the room when it is not ours."""
    spec = find_spec(room)
    if spec is None:
        return None
    places = [Path(place).resolve() for place in spec.submodule_search_locations or ()]
    if home / room in places:
        return None
    return str(places[0] if places else Path(spec.origin or room).resolve())
