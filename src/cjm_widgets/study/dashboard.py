"""The verb that shows coding widget, curve, map and KPI panels together."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from cjm_widgets.errors import NoEvidence, UnknownName
from cjm_widgets.journeymap import JourneyMap, Wishes, share
from cjm_widgets.study.base import StudyBase
from cjm_widgets.study.curves import ESTIMATES
from cjm_widgets.study.lanes import lane_choices, stage_targets
from cjm_widgets.study.map_facts import Frames, Part, facts_of
from cjm_widgets.study.personas import pinned

if TYPE_CHECKING:
    from cjm_widgets.live import DashboardWidget, LaneItem
    from cjm_widgets.study.study import Study
    from cjm_widgets.view.brand import Brand
    from cjm_widgets.widgets.coder import Theme


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
            lanes=reader.lanes,
            change_lane=reader.change_lane,
            brand=reader.brand,
        )
        return DashboardWidget(desk, source, language=self.language, theme=theme)


class _Reader:
    """Reads a study from another thread: the study's own cache is not shared with it."""

    def __init__(self, study: Study, estimate: str | None) -> None:
        self._study = copy.copy(study)
        self._study._cache, self._study._stamp = {}, ""
        self._estimate = estimate

    def facts(self) -> JourneyMap:
        """The facts of the map as it is now."""
        study = self._study
        used = self._estimate or study.default_estimate()
        try:
            found = study._found(used)
        except NoEvidence:
            if self._estimate is not None:
                raise
            # Nothing is scored and nobody has rated yet: people are about to.
            used, found = "coded", study._found("coded")
        frames = Frames(
            study._store,
            study.journey,
            study.codebook,
            found,
            study.language,
            study._figures(),
            study.notes(),
        )
        wishes = Wishes(
            lanes=lane_choices(study._store),
            targets=stage_targets(study._store),
            pins=pinned(study._store),
        )
        return share(facts_of(frames, Part(None, study.name), wishes, used), study._salted())

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
