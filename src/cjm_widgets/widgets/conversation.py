"""From a message of the browser to an answer: no widget and no comm, so it is tested alone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any, cast, get_args

from cjm_widgets.errors import (
    BusyStudy,
    CjmError,
    Conflict,
    LostFile,
    NewerStudy,
)
from cjm_widgets.model.desk import Desk, MemoKind, Refusal, plain
from cjm_widgets.widgets.checks import BadMessage, mapping, optional_whole, text, whole
from cjm_widgets.widgets.messages import PROTOCOL, marks_of, op_of, query_of

_log = logging.getLogger(__name__)

_REFUSALS: tuple[tuple[type[Exception], Refusal], ...] = (
    (BusyStudy, "busy"),
    (LostFile, "lost_file"),
    (NewerStudy, "newer_schema"),
    (Conflict, "conflict"),
)


def refusal_of(error: Exception) -> Refusal:
    """The protocol's word for an error of the desk."""
    for kind, why in _REFUSALS:
        if isinstance(error, kind):
            return why
    return "invalid"


class Conversation:
    """Answers a coder's widget out of a desk.

    Parameters
    ----------
    desk
        The coder's desk. It is used under one lock, from whatever thread a message comes in.
    written
        Called with the journal number after each op that went through.
    """

    def __init__(self, desk: Desk, written: Callable[[int], None] | None = None) -> None:
        self._desk = desk
        self._written = written
        self._lock = threading.RLock()
        self._answers: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "open": self._open,
            "page": self._page,
            "around": self._around,
            "next": self._next,
            "text": self._text,
            "since": self._since,
            "mark": self._mark,
            "suggest": self._suggest,
            "worth": self._worth,
            "memos": self._memos,
            "links": self._links,
            "apply": self._apply,
        }

    def answer(self, message: object) -> dict[str, Any]:
        """The answer to one message; a refusal for whatever cannot be answered, never a raise."""
        known = message.get("id") if isinstance(message, Mapping) else None
        to = known if isinstance(known, str) and len(known) <= 200 else None
        try:
            given = mapping(message, "a message")
            text(given.get("id"), "id")
            if given.get("v") != PROTOCOL:
                raise BadMessage(f"this kernel speaks version {PROTOCOL} of the protocol")
            what = given.get("do")
            answers = self._answers.get(what) if isinstance(what, str) else None
            if answers is None:
                raise BadMessage(f"do is one of {', '.join(self._answers)}")
            with self._lock:
                return {"id": to, "ok": True, **answers(given)}
        except CjmError as error:
            return {"id": to, "ok": False, "why": refusal_of(error), "say": str(error)}
        except Exception as error:
            # A fault of ours must not break the conversation; the browser keeps what it has.
            _log.debug("a message could not be answered", exc_info=True)
            say = f"the kernel could not do this ({type(error).__name__}: {error})"
            return {"id": to, "ok": False, "why": "invalid", "say": say}

    def _open(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"opening": plain(self._desk.open())}

    def _page(self, message: Mapping[str, Any]) -> dict[str, Any]:
        page = self._desk.page(
            query_of(message.get("query")),
            after=optional_whole(message.get("after"), "after", least=-1),
            before=optional_whole(message.get("before"), "before", least=-1),
            limit=whole(message.get("limit", 30), "limit", least=1, most=200),
        )
        return {"page": plain(page)}

    def _around(self, message: Mapping[str, Any]) -> dict[str, Any]:
        page = self._desk.around(
            query_of(message.get("query")),
            whole(message.get("pos"), "pos", least=-1),
            whole(message.get("limit", 30), "limit", least=1, most=200),
        )
        return {"page": plain(page)}

    def _next(self, message: Mapping[str, Any]) -> dict[str, Any]:
        item = self._desk.next(
            query_of(message.get("query")), whole(message.get("pos"), "pos", least=-1)
        )
        return {"item": plain(item)}

    def _text(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return {"sheet": plain(self._desk.text(whole(message.get("text"), "text")))}

    def _since(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return {"changes": plain(self._desk.since(whole(message.get("seq"), "seq")))}

    def _suggest(self, message: Mapping[str, Any]) -> dict[str, Any]:
        number = whole(message.get("text"), "text")
        if "start" not in message:
            return {"suggestions": plain(self._desk.suggest(number))}
        start = whole(message.get("start"), "start")
        stop = whole(message.get("stop"), "stop", least=start)
        found = self._desk.suggest(number, (start, stop))
        return {"suggestions": plain(found)}

    def _worth(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"worth": plain(self._desk.worth())}

    def _memos(self, message: Mapping[str, Any]) -> dict[str, Any]:
        kind = message.get("kind")
        if kind not in get_args(MemoKind):
            raise BadMessage(f"kind is one of {', '.join(get_args(MemoKind))}")
        uid = text(message.get("uid", ""), "uid", empty=True)
        return {"memos": plain(self._desk.memos(cast(MemoKind, kind), uid))}

    def _links(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return {"links": plain(self._desk.links(whole(message.get("text"), "text")))}

    def _mark(self, message: Mapping[str, Any]) -> dict[str, Any]:
        self._desk.mark(marks_of(message.get("values")))
        return {}

    def _apply(self, message: Mapping[str, Any]) -> dict[str, Any]:
        receipt = self._desk.apply(op_of(message))
        if receipt.ok and self._written is not None:
            self._written(receipt.seq)
        told: dict[str, Any] = plain(receipt)
        return told
