"""The dashboard's widget: the coding widget, and around it a map that is patched while coding."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Any

import traitlets

from cjm_widgets.errors import CjmError, NoEvidence, UnknownName
from cjm_widgets.journeymap.build import ESTIMATES
from cjm_widgets.live.behind import behind
from cjm_widgets.live.board import Board
from cjm_widgets.live.face import face
from cjm_widgets.live.source import Source, Wanted
from cjm_widgets.live.watch import EVERY, Watch
from cjm_widgets.model.desk import Desk
from cjm_widgets.view.maps.map_page import libraries
from cjm_widgets.widgets.checks import BadMessage, text, whole
from cjm_widgets.widgets.coder import CoderWidget, Theme

_log = logging.getLogger(__name__)
_LONG = 2_000
"""Characters of what names a figure: KPI names and lanes are people's own."""


class DashboardWidget(CoderWidget):
    """Coding widget, emotion curve, map and KPI panels together.

    What is coded here, in other notebooks and by other people changes the figures where they
    stand; nothing is drawn anew. Made by ``study.dashboard(…)``.

    Parameters
    ----------
    desk
        The coder's desk.
    source
        Where the facts come from.
    language, theme, study
        As for `CoderWidget`.
    estimate
        What the curve rests on; None for the study's choice.
    every
        Seconds between looks at the study for changes by others.
    """

    selected = traitlets.Unicode(
        None,
        allow_none=True,
        help="Key of the stage that is selected in the picture; None for none. Its name will do.",
    ).tag(sync=True)
    estimate = traitlets.Unicode(
        None,
        allow_none=True,
        help="What the curve rests on: coded, automatic or calibrated; None: the study's choice.",
    ).tag(sync=True)
    _bundle = "dashboard"

    def __init__(
        self,
        desk: Desk,
        source: Source,
        *,
        language: str = "en",
        theme: Theme = "auto",
        study: str = "",
        estimate: str | None = None,
        every: float = EVERY,
    ) -> None:
        self._source = source
        self._lock = threading.RLock()
        self._board: Board | None = None
        self._seen: object = None
        self._count = 0
        self._trouble = ""
        self._around: dict[str, Any] | None = None
        self._views: set[str] = set()
        self._watch = Watch(self._look, every)
        super().__init__(desk, language=language, theme=theme, study=study)
        self.estimate = estimate
        self.observe(self._wished, ["language", "estimate"])

    def close(self) -> None:
        """End the dashboard; what was coded stays in the study."""
        self._watch.stop()
        super().close()

    def _wished(self, _: object) -> None:
        self._watch.poke()

    @traitlets.validate("estimate")
    def _check_estimate(self, proposal: Any) -> str | None:
        wanted: str | None = proposal["value"]
        if wanted is not None and wanted not in ESTIMATES:
            raise UnknownName("estimate", wanted, ESTIMATES)
        return wanted

    @traitlets.validate("selected")
    def _check_selected(self, proposal: Any) -> str | None:
        wanted: str | None = proposal["value"]
        if not wanted:
            return None
        with self._lock:
            if self._board is None:
                self._freshen()
            stages = () if self._board is None else self._board.facts.stages
        for column in stages:
            if wanted in (column.key, column.name):
                return column.key
        raise UnknownName("stage", wanted, [column.key for column in stages])

    # What the browser asks ------------------------------------------------------------

    def _received(self, widget: object, content: object, buffers: object) -> None:
        if not isinstance(content, Mapping) or content.get("do") != "board":
            super()._received(widget, content, buffers)
            return
        known = content.get("id")
        to = known if isinstance(known, str) and len(known) <= 200 else None
        try:
            self.send({"id": to, "ok": True, "board": self._answer(content)})
        except CjmError as error:
            self.send({"id": to, "ok": False, "why": "invalid", "say": str(error)})
        except Exception as error:
            # Whatever a page sends must not break the conversation.
            _log.debug("the dashboard could not answer", exc_info=True)
            say = f"the kernel could not do this ({type(error).__name__}: {error})"
            self.send({"id": to, "ok": False, "why": "invalid", "say": say})

    def _answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        what = asked.get("want")
        if what == "open":
            return self._open(_view(asked))
        if what == "leave":
            return self._leave(_view(asked))
        if what == "library":
            return {"packed": libraries()}
        if what == "behind":
            return self._behind(asked)
        if what == "lane":
            return self._lane(asked)
        raise BadMessage("want is one of open, leave, library, behind, lane")

    def _open(self, view: str) -> dict[str, Any]:
        self._views.add(view)
        self._watch.start()
        with self._lock:
            self._freshen()
            return self._whole()

    def _leave(self, view: str) -> dict[str, Any]:
        """A page shows the dashboard no more; where none does, nothing is looked after."""
        self._views.discard(view)
        if not self._views:
            self._watch.stop()
        return {}

    def _behind(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        number = asked.get("number")
        with self._lock:
            board = self._board
        if board is None:
            raise BadMessage("there is no map yet")
        return behind(
            board.facts,
            board.evidence,
            stage=text(asked.get("stage", ""), "stage", empty=True),
            number=None if number is None else whole(number, "number"),
            ref=text(asked.get("ref", ""), "ref", longest=_LONG, empty=True),
            kpi=text(asked.get("kpi", ""), "kpi", longest=_LONG, empty=True),
        )

    def _lane(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        title, before, hidden = (asked.get(name) for name in ("title", "before", "hidden"))
        if hidden is not None and not isinstance(hidden, bool):
            raise BadMessage("hidden is true or false")
        self._source.change_lane(
            text(asked.get("lane"), "lane"),
            title=None if title is None else text(title, "title", empty=True),
            before=None if before is None else text(before, "before", empty=True),
            hidden=hidden,
        )
        self._watch.poke()
        return {}

    # What changes ---------------------------------------------------------------------

    def _tell_others(self, seq: int) -> None:
        super()._tell_others(seq)
        self._watch.poke()

    def changed(self) -> None:
        """Look at the study now, and tell the browser what changed."""
        super().changed()
        self._watch.poke()

    def _look(self) -> None:
        """Send what has changed since the last look; called in the thread of the watch."""
        with self._lock:
            before = self._count
            patch = self._freshen()
            if self._count == before:
                return
            whole_ = patch is None and self._board is not None
            told = self._whole() if whole_ else {**self._face(), "patch": patch}
            self._forget_selected()
            self.send({"board": told})

    def _freshen(self) -> dict[str, Any] | None:
        """Bring the board up to date; the patch, or None where it was drawn anew or is as it was.

        `_count` tells whether anything has changed.
        """
        seen: object = None
        try:
            wanted = Wanted(self.language, self.estimate)
            seen = self._source.stamp(), wanted
            if seen == self._seen:
                return None
            facts, brand = self._source.facts(wanted), self._source.brand()
            around = face(facts, brand, self._source.lanes(facts))
        except NoEvidence as error:
            # As long as nothing changes, it would be asked for in vain.
            return self._troubled(str(error), seen)
        except CjmError as error:
            return self._troubled(str(error))
        except Exception as error:
            _log.debug("the dashboard's facts could not be computed", exc_info=True)
            return self._troubled(f"{type(error).__name__}: {error}")
        self._seen, self._trouble, self._around = seen, "", around
        self._count += 1
        if self._board is None or not self._board.fits(facts, brand):
            self._board = Board(facts, brand)
            return None
        return self._board.update(facts) or {}

    def _troubled(self, told: str, seen: object = None) -> dict[str, Any] | None:
        """Say why there are no newer figures; what was known stands."""
        self._seen = seen
        if told != self._trouble:
            self._trouble = told
            self._count += 1
        return {} if self._board is not None else None

    def _forget_selected(self) -> None:
        """A stage that is no more cannot stay selected."""
        if self.selected and self._board is not None:
            keys = {column.key for column in self._board.facts.stages}
            if self.selected not in keys:
                self.selected = None

    def _whole(self) -> dict[str, Any]:
        item = None if self._board is None else self._board.item()
        return {**self._face(), "item": item}

    def _face(self) -> dict[str, Any]:
        return {"n": self._count, "trouble": self._trouble, "face": self._around}


def _view(asked: Mapping[str, Any]) -> str:
    """What a page calls itself."""
    return text(asked.get("view", ""), "view", empty=True)
