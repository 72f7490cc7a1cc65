"""What a dashboard needs of a study: functions, so that this room knows no store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from cjm_widgets.journeymap.facts import JourneyMap
from cjm_widgets.view.brand import Brand


@dataclass(frozen=True, slots=True)
class LaneItem:
    """A lane as the dashboard's menu lists it."""

    key: str
    title: str
    hidden: bool


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
    facts: Callable[[Collection[int]], JourneyMap]
    """The facts of the map as they are now, after privacy. Told which actions of the journal
    were codings of this dashboard: where there were no others, less is read anew."""
    swift: Callable[[JourneyMap, Collection[int]], JourneyMap | None]
    """The facts given with the curve as it is now, which is many times faster; None where more
    than this dashboard's codings changed, or where the stages did."""
    lanes: Callable[[JourneyMap], Sequence[LaneItem]]
    """The lanes that a reader may move, hide and name, from top to bottom."""
    change_lane: ChangeLane
    brand: Callable[[], Brand]
