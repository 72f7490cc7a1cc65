"""Verbs that code in tables: all passages in one list, short texts in one grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cjm_widgets.errors import ArgumentError
from cjm_widgets.store import StoreDesk
from cjm_widgets.store.desks.listing import CodingList, Wanted
from cjm_widgets.study.coding.retrieving import Retrieving

if TYPE_CHECKING:
    from cjm_widgets.view.parts.theme import Theme
    from cjm_widgets.widgets.table import TableWidget


class Gridding(Retrieving):
    """Coding in tables."""

    def recoder(self, name: str, query: str | None = None, *, theme: Theme = "auto") -> TableWidget:
        """All coded passages on one screen, to be sorted, filtered and recoded in bulk.

        Parameters
        ----------
        name
            Who recodes: the history names them, and ``study.undo(name)`` takes it back. The
            passages may be anybody's.
        query
            Only the passages that a query finds now; see `passages`.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        TableWidget
            Each change of many passages is one action with one undo.

        Raises
        ------
        ArgumentError, UnknownName
            If the query cannot be understood.
        """
        from cjm_widgets.widgets.table import TableWidget

        only = None if query is None else self._retrieved(query, None)["uid"].tolist()
        desk = CodingList(self._store, _named(name), only)
        return TableWidget(desk, "list", wanted=Wanted, language=self.language, theme=theme)

    def grid(self, name: str, *, theme: Theme = "auto") -> TableWidget:
        """Many short texts, such as answers to a survey, coded straight in a grid.

        Parameters
        ----------
        name
            Who codes; as for `coder`, whose codings these are as well.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        TableWidget
            A text a row, its attributes as columns; a coding here is of the whole text.
        """
        from cjm_widgets.widgets.table import TableWidget

        self._ensure_journey()
        desk = StoreDesk(self._store, _named(name))
        return TableWidget(desk, "grid", language=self.language, theme=theme)


def _named(name: str) -> str:
    if not isinstance(name, str) or not name.strip():
        raise ArgumentError(f"a coder needs a name that is a non-empty text, not {name!r}")
    return name.strip()
