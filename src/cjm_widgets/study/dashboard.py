"""The verb that shows coding widget, curve, map and KPI panels together."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cjm_widgets.errors import NoEvidence
from cjm_widgets.journeymap import JourneyMap, Wishes, share
from cjm_widgets.study.coding.coding import CodingVerbs
from cjm_widgets.study.evidence.evidence import Evidence
from cjm_widgets.study.given.lanes import lane_choices, stage_targets
from cjm_widgets.study.given.personas import pinned
from cjm_widgets.study.maps.living import Living
from cjm_widgets.study.maps.map_facts import Part, facts_of
from cjm_widgets.study.maps.maps import Maps

if TYPE_CHECKING:
    from cjm_widgets.live import DashboardWidget, LaneItem, Wanted
    from cjm_widgets.view.parts.brand import Brand
    from cjm_widgets.widgets.coder import Theme


class Dashboards(Maps, CodingVerbs):
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
            ``dashboard.estimate = …`` chooses another later.
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

        desk = self._desk(coder)
        reader = _Reader(self)
        source = Source(
            stamp=reader.stamp,
            facts=reader.facts,
            lanes=reader.lanes,
            change_lane=reader.change_lane,
            brand=reader.brand,
        )
        return DashboardWidget(desk, source, language=self.language, theme=theme, estimate=estimate)


class _Reader:
    """Reads a study from another thread: the study's own cache is not shared with it."""

    def __init__(self, study: Dashboards) -> None:
        self._study = copy.copy(study)
        self._study._cache, self._study._stamp = {}, ""
        self._living: Living | None = None
        self._seq = 0
        self._told: object = None
        self._lanes: list[dict[Any, Any]] | None = None

    def stamp(self) -> str:
        """Changes with the journal, with scores and with the study's settings."""
        store = self._study._store
        return f"{store.stamp()} {json.dumps(store.settings(), sort_keys=True)}"

    def facts(self, wanted: Wanted) -> JourneyMap:
        """The facts of the map as it is now.

        Where only codings have changed since the last time, only what they touch is counted.
        """
        study = self._study
        study._chosen_language = wanted.language
        privacy = study._salted()
        told = wanted, self.stamp().partition(" ")[2], self._used(wanted)
        if self._living is not None and told == self._told:
            since = study._store.touched(self._seq)
            if self._living.take(since):
                self._seq = since.seq
                return self._living.facts(privacy)
        self._living = self._lanes = None
        # Read first: what is written meanwhile counts as not seen yet.
        self._seq, self._told = study._store.seq(), told
        frames, part, wishes = (
            study._frames(self._found(wanted)),
            Part(None, study.name),
            self._wishes(),
        )
        # The frames go their own way from here.
        study._cache.clear()
        if not Living.suits(frames, wishes):
            return share(facts_of(frames, part, wishes), privacy)
        self._living = Living(frames, part, wishes)
        return self._living.facts(privacy)

    def _used(self, wanted: Wanted) -> str:
        return wanted.estimate or self._study.default_estimate()

    def _found(self, wanted: Wanted) -> Evidence:
        try:
            return self._study._found(self._used(wanted))
        except NoEvidence:
            if wanted.estimate is not None:
                raise
            # Nothing is scored and nobody has rated yet: people are about to.
            return self._study._found("coded")

    def _wishes(self) -> Wishes:
        store = self._study._store
        return Wishes(lanes=lane_choices(store), targets=stage_targets(store), pins=pinned(store))

    def lanes(self, facts: JourneyMap) -> Sequence[LaneItem]:
        """Lanes on the map, and those that somebody has hidden."""
        from cjm_widgets.live import LaneItem

        hidden = {lane.key for lane in lane_choices(self._study._store) if lane.hidden}
        if self._lanes is None:
            self._lanes = self._study.lanes().to_dict("records")
        return [
            LaneItem(str(row["lane"]), str(row["title"]), bool(row["hidden"]))
            for row in self._lanes
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
