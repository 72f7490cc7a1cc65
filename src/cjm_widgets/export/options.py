"""What a writer may be told, and what it may be given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cjm_widgets.errors import ArgumentError
from cjm_widgets.journeymap.facts import JourneyMap


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to look; writers that have no use for one leave it."""

    language: str | None = None
    """``en`` or ``fr``, of the words around the facts; the map's own by default."""
    theme: str = "light"
    """``light`` or ``dark``; PDF and slides are for paper and stay light unless told."""
    scale: float = 2.0
    """Pixels of a PNG for one of the drawing."""


def facts_of(what: Any) -> JourneyMap:
    """The facts of a map, given as such or as a view.

    Raises
    ------
    ArgumentError
        If there are none.
    """
    found = getattr(what, "facts", what)
    if not isinstance(found, JourneyMap):
        raise ArgumentError(
            f"this kind of file holds a map: give a MapView, such as study.map(), or a "
            f"JourneyMap, not {type(what).__name__}; tables go to .csv and .xlsx"
        )
    return found
