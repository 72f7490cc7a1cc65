"""The verb that shows coding widget, curve, map and KPI panels together."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from cjm_widgets.errors import NoEvidence, UnknownName
from cjm_widgets.journeymap import JourneyMap, Wishes, build, share
from cjm_widgets.study.base import StudyBase
from cjm_widgets.study.curves.curves import ESTIMATES
from cjm_widgets.study.evidence.evidence import Evidence, curve
from cjm_widgets.study.given.lanes import lane_choices, stage_targets
from cjm_widgets.study.given.personas import pinned
from cjm_widgets.study.maps.map_facts import Frames, Part, facts_of

if TYPE_CHECKING:
    from cjm_widgets.live import DashboardWidget, LaneItem
    from cjm_widgets.study.study import Study
    from cjm_widgets.view.brand import Brand
    from cjm_widgets.widgets.coder import Theme

_FIGURES = (
    *("n", "respondents", "mean", "low", "high", "negative", "neutral", "positive"),
    *("unknown", "predicted", "largest", "grade", "stands_apart"),
)
"""What a curve says of a stage."""


class Dashboards(StudyBase):
    """The dashboard."""

    def dashboard(
        self, coder: str, *, estimate: str | None = None, theme: Theme = "auto"
    ) -> DashboardWidget:
        """Coding widget, emotion curve, map and KPI panels in one, up to date while you code.

        Parameters
        ----------
        coder
            Who codes.
        estimate
            What the curve rests on, here: ``"coded"``, ``"automatic"`` or ``"calibrated"``. The
            study's choice stays; None takes it, or people's ratings where nothing is scored.
        theme
            ``auto`` follows the notebook; ``light`` and ``dark`` stay.

        Returns
        -------
        DashboardWidget
            Shows itself in notebooks and under Voilà, offline. ``selected`` is the key of the
            selected stage: setting it selects in the picture, and what is selected there can be
            observed (``dashboard.observe(f, "selected")``).

        Raises
        ------
        UnknownName
            If there is no such estimate.
        ArgumentError
            If `coder` is no name.
        """
        from cjm_widgets.live import DashboardWidget, Source

        if estimate is not None and estimate not in ESTIMATES:
            raise UnknownName("estimate", estimate, ESTIMATES)
        study = cast("Study", self)
        desk = study._desk(coder)
        reader = _Reader(study, estimate)
        source = Source(
            stamp=self._store.stamp,
            facts=reader.facts,
            swift=reader.swift,
            lanes=reader.lanes,
            change_lane=reader.change_lane,
            brand=reader.brand,
        )
        return DashboardWidget(desk, source, language=self.language, theme=theme)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a study, and when."""

    seq: int
    scored: str
    frames: Frames
    wishes: Wishes


class _Reader:
    """Reads a study from another thread: the study's own cache is not shared with it."""

    def __init__(self, study: Study, estimate: str | None) -> None:
        self._study = copy.copy(study)
        self._study._cache, self._study._stamp = {}, ""
        self._estimate = estimate
        self._last: _Read | None = None

    def facts(self, own: Collection[int]) -> JourneyMap:
        """The facts of the map as it is now.

        Parameters
        ----------
        own
            Numbers of actions that are known to have changed codings and nothing else. Where
            there were no others since the last time, only codings are read again.
        """
        study = self._study
        # Read first: what is written meanwhile counts as not seen yet.
        seq, _, scored = study._store.stamp().partition(" ")
        used, found = self._found()
        last = self._only(own, int(seq), scored)
        if last is not None:
            frames, wishes = dataclasses.replace(last.frames, found=found), last.wishes
            # A cached value may be set beforehand.
            frames.__dict__["about"] = last.frames.about
        else:
            frames, wishes = self._frames(found), self._wishes()
        self._last = _Read(int(seq), scored, frames, wishes)
        return share(facts_of(frames, Part(None, study.name), wishes, used), study._salted())

    def swift(self, facts: JourneyMap, own: Collection[int]) -> JourneyMap | None:
        """The facts given with the curve as it is now.

        Parameters
        ----------
        facts
            What was given last, after privacy.
        own
            As for `facts`.

        Returns
        -------
        JourneyMap or None
            None where more than these codings has changed, or the stages have.
        """
        seq, _, scored = self._study._store.stamp().partition(" ")
        last = self._only(own, int(seq), scored)
        used, found = self._found()
        if last is None or used != facts.estimate or used != "coded":
            return None
        journey = last.frames.journey
        bare = build(journey, curve(journey, found), language=facts.language, ideas=False)
        if [column.key for column in bare.stages] != [column.key for column in facts.stages]:
            return None
        stages = tuple(
            dataclasses.replace(column, **{name: getattr(new, name) for name in _FIGURES})
            for column, new in zip(facts.stages, bare.stages, strict=True)
        )
        return dataclasses.replace(facts, stages=stages)

    def _only(self, own: Collection[int], seq: int, scored: str) -> _Read | None:
        """What was read last, if nothing but `own` has been done since; else None."""
        last = self._last
        if last is None or last.scored != scored:
            return None
        return last if all(number in own for number in range(last.seq + 1, seq + 1)) else None

    def _found(self) -> tuple[str, Evidence]:
        study = self._study
        used = self._estimate or study.default_estimate()
        try:
            return used, study._found(used)
        except NoEvidence:
            if self._estimate is not None:
                raise
            # Nothing is scored and nobody has rated yet: people are about to.
            return "coded", study._found("coded")

    def _frames(self, found: Evidence) -> Frames:
        study = self._study
        return Frames(
            study._store,
            study.journey,
            study.codebook,
            found,
            study.language,
            study._figures(),
            study.notes(),
        )

    def _wishes(self) -> Wishes:
        store = self._study._store
        return Wishes(lanes=lane_choices(store), targets=stage_targets(store), pins=pinned(store))

    def lanes(self, facts: JourneyMap) -> Sequence[LaneItem]:
        """Lanes on the map, and those that somebody has hidden."""
        from cjm_widgets.live import LaneItem

        hidden = {lane.key for lane in lane_choices(self._study._store) if lane.hidden}
        rows = self._study.lanes().to_dict("records")
        return [
            LaneItem(str(row["lane"]), str(row["title"]), bool(row["hidden"]))
            for row in rows
            if row["lane"] != "curve" and (row["lane"] in facts.lanes or row["lane"] in hidden)
        ]

    def change_lane(
        self, lane: str, *, title: str | None, before: str | None, hidden: bool | None
    ) -> None:
        """Keep with the study what somebody did to a lane, one action each."""
        self._study.lane(lane, title=title, before=before, hidden=hidden)

    def brand(self) -> Brand:
        """A house's own colours and font."""
        return self._study._brand()
