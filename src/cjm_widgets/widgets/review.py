"""The widget in which somebody settles what coders differ in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, cast, get_args

import traitlets

from cjm_widgets.model.desk import Desk, Op, Opening, Receipt, plain
from cjm_widgets.model.review import CaseStatus, How, ReviewDesk
from cjm_widgets.widgets.checks import BadMessage, mapping, shown, text, whole
from cjm_widgets.widgets.coder import CoderWidget, Theme
from cjm_widgets.widgets.conversation import Conversation
from cjm_widgets.widgets.messages import said_of
from cjm_widgets.words import say

_PLACE = ("feedback", "place", "how", "chosen", "seen")
_SAID = ("start", "stop", "stage", "valence", "codes", "memo")


class ReviewTalk(Conversation):
    """Answers a reviewer's widget out of a desk."""

    def __init__(self, desk: ReviewDesk, written: Callable[[int], None] | None = None) -> None:
        super().__init__(cast(Desk, desk), written)
        self._review = desk
        self._answers = {
            "open": self._open,
            "cases": self._cases,
            "next": self._step,
            "sheet": self._sheet,
            "progress": self._progress,
            "apply": self._apply,
        }

    def _cases(self, message: Mapping[str, Any]) -> dict[str, Any]:
        after = whole(message.get("after", 0), "after")
        limit = whole(message.get("limit", 60), "limit", least=1, most=200)
        return {"cases": plain(self._review.cases(_status(message), after, limit))}

    def _step(self, message: Mapping[str, Any]) -> dict[str, Any]:
        after = whole(message.get("after"), "after")
        back = message.get("back") is True
        return {"text": self._review.next(_status(message), after, back=back)}

    def _sheet(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return {"sheet": plain(self._review.sheet(whole(message.get("text"), "text")))}

    def _progress(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"progress": plain(self._review.progress())}

    def _apply(self, message: Mapping[str, Any]) -> dict[str, Any]:
        if message.get("act") != "settle":
            return super()._apply(message)
        receipt = self._settle(message)
        if receipt.ok and self._written is not None:
            self._written(receipt.seq)
        told: dict[str, Any] = plain(receipt)
        return told

    def _settle(self, message: Mapping[str, Any]) -> Receipt:
        body = mapping(message.get("body"), "body")
        if unknown := sorted(set(body) - {*_PLACE, *_SAID}):
            raise BadMessage(f"settle knows no {shown(unknown[0])} in its body")
        if body.get("how") not in get_args(How):
            raise BadMessage(f"how is one of {', '.join(get_args(How))}")
        seen = mapping(body.get("seen", {}), "seen")
        told = {
            "feedback": whole(body.get("feedback"), "feedback"),
            "place": text(body.get("place"), "place"),
            "how": body["how"],
            "chosen": text(body.get("chosen", ""), "chosen", empty=True),
            **said_of({name: body[name] for name in _SAID if name in body}),
        }
        op = Op(
            op=text(message.get("op"), "op", longest=64),
            act="code",
            row=text(message.get("row"), "row", longest=64),
            seen_version=whole(message.get("seen_version"), "seen_version"),
            body=told,
        )
        return self._review.apply(op, {uid: whole(rev, "rev") for uid, rev in seen.items()})


def _status(message: Mapping[str, Any]) -> CaseStatus:
    status = message.get("status", "open")
    if status not in get_args(CaseStatus):
        raise BadMessage(f"status is one of {', '.join(get_args(CaseStatus))}")
    return cast(CaseStatus, status)


class ReviewWidget(CoderWidget):
    """Texts in which coders differ, side by side, to be settled.

    Parameters
    ----------
    desk
        The reviewer's desk.
    language, theme
        As for `CoderWidget`.
    """

    on = traitlets.Unicode().tag(sync=True)
    _bundle = "review"

    def __init__(self, desk: ReviewDesk, *, language: str = "en", theme: Theme = "auto") -> None:
        super().__init__(cast(Desk, desk), language=language, theme=theme)

    @traitlets.default("on")
    def _compared(self) -> str:
        # The browser begins with what it is told at once: set later, it would come too late.
        return cast(ReviewDesk, self._desk).on

    def _talk(self, desk: Desk) -> Conversation:
        return ReviewTalk(cast(ReviewDesk, desk), self._tell_others)

    def _summaries(self, opening: Opening) -> tuple[str, str]:
        title = say("review.summary.title", self.language, study=opening.name, who=opening.coder)
        counts = say("review.summary.counts", self.language, done=opening.done, n=opening.total)
        how = say("review.summary.how", self.language)
        html = (
            f'<div class="cjm-coder-summary" lang="{escape(self.language)}">'
            f"<p><strong>{escape(title)}</strong><br>{escape(counts)}</p>"
            f"<p><em>{escape(how)}</em></p></div>"
        )
        return html, f"{title}: {counts}"
