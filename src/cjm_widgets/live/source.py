"""What a dashboard needs of a study: functions, so that this room knows no store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cjm_widgets.journeymap.facts import JourneyMap
from cjm_widgets.view.parts.brand import Brand


@dataclass(frozen=True, slots=True)
class LaneItem:
    """A lane as the dashboard's menu lists it."""

    key: str
    title: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a dashboard was asked to show."""

    language: str
    estimate: str | None
    """What the curve rests on; None for the study's choice."""


class ChangeLane(Protocol):
    """Changes one lane in the study; what is None stays."""

    def __call__(
        self, lane: str, *, title: str | None, before: str | None, hidden: bool | None
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Source:
    """Where a dashboard's facts come from, and where its lanes go.

    Everything is called from the dashboard's own thread as well as from the kernel's.
    """

    stamp: Callable[[], str]
    """Differs whenever a figure may have changed; cheap enough to be asked every two seconds."""
    facts: Callable[[Wanted], JourneyMap]
    """The facts of the map as they are now, after privacy."""
    lanes: Callable[[JourneyMap], Sequence[LaneItem]]
    """The lanes that a reader may move, hide and name, from top to bottom."""
    change_lane: ChangeLane
    brand: Callable[[], Brand]
