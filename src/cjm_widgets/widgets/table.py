"""Widgets that are tables: the list of all passages, and the grid of short texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, Protocol, cast

import traitlets

from cjm_widgets.model.desk import Desk, Op, Opening, Receipt, plain
from cjm_widgets.widgets.checks import BadMessage, mapping, optional_whole, text, whole
from cjm_widgets.widgets.coder import CoderWidget, Theme
from cjm_widgets.widgets.conversation import Conversation
from cjm_widgets.widgets.messages import query_of
from cjm_widgets.words import say

_ASKED = ("sort", "search", "stage", "code", "coder")
_MOST = 20_000

Written = Callable[[int], None]


class Passages(Protocol):
    """What the list needs of a study."""

    def open(self) -> Opening: ...

    def coders(self) -> list[str]: ...

    def rows(
        self, wanted: Any, mark: list[Any] | None, limit: int, *, back: bool
    ) -> dict[str, Any]: ...

    def uids(self, wanted: Any) -> list[str]: ...

    def some(self, uids: list[str]) -> list[dict[str, Any]]: ...

    def apply(self, op: Op) -> Receipt: ...


class _ListTalk(Conversation):
    """Answers the list out of its passages."""

    def __init__(self, desk: Passages, wanted: Callable[..., Any], written: Written) -> None:
        super().__init__(cast(Desk, desk), written)
        self._list, self._wanted = desk, wanted
        self._answers = {
            "open": self._open,
            "coders": lambda _: {"coders": self._list.coders()},
            "rows": self._rows,
            "uids": lambda message: {"uids": self._list.uids(self._asked(message))},
            "some": self._some,
            "apply": self._apply,
        }

    def _asked(self, message: Mapping[str, Any]) -> Any:
        given = mapping(message.get("query", {}), "query")
        told = {
            name: text(given[name], name, longest=1_000, empty=True)
            for name in _ASKED
            if name in given
        }
        return self._wanted(**told, down=given.get("down") is True)

    def _rows(self, message: Mapping[str, Any]) -> dict[str, Any]:
        mark = message.get("mark")
        plain_mark = isinstance(mark, list) and all(isinstance(m, str | int | float) for m in mark)
        if mark is not None and not plain_mark:
            raise BadMessage("mark is what a page gave as its end, or null")
        limit = whole(message.get("limit", 60), "limit", least=1, most=200)
        back = message.get("back") is True
        return {"page": self._list.rows(self._asked(message), mark, limit, back=back)}

    def _some(self, message: Mapping[str, Any]) -> dict[str, Any]:
        uids = message.get("uids")
        if not isinstance(uids, list) or len(uids) > 500:
            raise BadMessage("uids is a list of at most 500")
        return {"rows": self._list.some([text(uid, "uid") for uid in uids])}


class _GridTalk(Conversation):
    """Answers the grid: as for the coding widget, and whole pages of texts at once."""

    def __init__(self, desk: Desk, written: Written) -> None:
        super().__init__(desk, written)
        self._answers["rows"] = self._rows

    def _rows(self, message: Mapping[str, Any]) -> dict[str, Any]:
        page = self._desk.page(
            query_of(message.get("query")),
            after=optional_whole(message.get("after"), "after"),
            before=optional_whole(message.get("before"), "before"),
            limit=whole(message.get("limit", 40), "limit", least=1, most=100),
        )
        sheets = []
        for item in page.items:
            sheet = plain(self._desk.text(item.id))
            sheets.append(sheet | {"pos": item.pos, "sentences": []})
        ends = {"before": page.before, "after": page.after}
        return {"page": {"rows": sheets, **ends, "unsearched": page.unsearched}}


class TableWidget(CoderWidget):
    """A table of passages or of texts.

    Parameters
    ----------
    desk
        What it shows.
    kind
        ``list`` or ``grid``.
    wanted
        For the list: makes what its desk is asked for.
    language, theme
        As for `CoderWidget`.
    """

    kind = traitlets.Unicode().tag(sync=True)
    _bundle = "table"

    def __init__(
        self,
        desk: Desk | Passages,
        kind: str,
        *,
        wanted: Callable[..., Any] | None = None,
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        self._wanted, self._kind = wanted, kind
        super().__init__(cast(Desk, desk), language=language, theme=theme)

    @traitlets.default("kind")
    def _begun(self) -> str:
        # The browser begins with what it is told at once: set later, it would come too late.
        return self._kind

    def _talk(self, desk: Desk) -> Conversation:
        if self._wanted is None:
            return _GridTalk(desk, self._tell_others)
        return _ListTalk(cast(Passages, desk), self._wanted, self._tell_others)

    def _summaries(self, opening: Opening) -> tuple[str, str]:
        if self._wanted is None:
            return super()._summaries(opening)
        title = say("grid.summary.title", self.language, study=opening.name, who=opening.coder)
        counts = say("grid.summary.counts", self.language, n=opening.total)
        how = say("grid.summary.how", self.language)
        html = (
            f'<div class="cjm-coder-summary" lang="{escape(self.language)}"><p><strong>'
            f"{escape(title)}</strong><br>{escape(counts)}</p><p><em>{escape(how)}</em></p></div>"
        )
        return html, f"{title}: {counts}"
