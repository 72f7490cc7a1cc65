"""Edits of the codebook, changes of many codings, memos and links, as verbs of the store."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pandas as pd
import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError, Conflict
from cjm_widgets.store.contents import links, memos
from cjm_widgets.store.desks import bulk_edit, recoding
from cjm_widgets.store.desks.apply import No
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.build import frame
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.history.journal import Done
from cjm_widgets.store.tables import names

if TYPE_CHECKING:
    from cjm_widgets.store.engine.database import Database

_C = schema.code
_RETIRED = (
    sa.select(_C.c.uid, _C.c.name, _C.c.merged_into, schema.actor.c.name, schema.action.c.at)
    .outerjoin(schema.action, schema.action.c.seq == _C.c.rev)
    .outerjoin(schema.actor, schema.actor.c.id == schema.action.c.actor)
    .where(_C.c.gone == 1, _C.c.rev > 0)
    .order_by(_C.c.place, _C.c.id)
)


def _op() -> str:
    return uuid.uuid4().hex


@contextmanager
def _told() -> Iterator[None]:
    """Refusals as errors."""
    try:
        yield
    except No as no:
        raise (Conflict if no.why == "conflict" else ArgumentError)(no.say) from no


class Edits:
    """What `Store` does for people who tidy up: all of it one action each, with one undo."""

    base: Database

    def edit_codebook(
        self, body: Mapping[str, Any], actor: str
    ) -> tuple[Done | None, tuple[str, ...]]:
        """Do one edit of the codebook; see docs/protocol.md for what `body` holds.

        Returns
        -------
        tuple
            What was done, None if it was so already; keys of the codes that were made.

        Raises
        ------
        ArgumentError, UnknownName, Conflict
            If it cannot be done; nothing is changed then.
        """
        with _told(), self.base.write() as tx:
            return recoding.edit(tx, names.actor(tx, actor), _op(), body)

    def retired_codes(self) -> pd.DataFrame:
        """Codes that are offered no more: code, name, merged_into, actor, at."""
        kinds = dict.fromkeys(("code", "name", "merged_into", "actor"), "text")
        with self.base.read() as tx:
            return frame({**kinds, "at": "time"}, tx.fetch(_RETIRED))

    def recode(self, uids: Iterable[str], body: Mapping[str, Any], actor: str) -> int:
        """Change or remove many codings as one action; gives how many changed.

        Parameters
        ----------
        uids
            Which codings; of any coder.
        body
            As in docs/protocol.md under ``bulk``, without the codings.
        """
        with _told(), self.base.write() as tx:
            told = {**body, "codings": list(uids)}
            return bulk_edit.recode(tx, names.actor(tx, actor), _op(), told)[1]

    def add_memo(self, on: tuple[str, str], text: str, author: str) -> str:
        """Write a memo on something, by its kind and public name; gives the memo's uid."""
        uid = _op()
        with self.base.write() as tx:
            memos.add(tx, on, text, author=author, op=_op(), uid=uid)
        return uid

    def change_memo(self, uid: str, text: str, actor: str) -> None:
        """Write a memo anew."""
        with self.base.write() as tx:
            memos.change(tx, uid, text, actor=actor, op=_op())

    def remove_memo(self, uid: str, actor: str) -> None:
        """Take a memo away; undo brings it back."""
        with self.base.write() as tx:
            memos.remove(tx, uid, actor=actor, op=_op())

    def memos(
        self, kind: str | None = None, uid: str | None = None, author: str | None = None
    ) -> pd.DataFrame:
        """Memos, the oldest first: uid, on_kind, on, author, text, at."""
        with self.base.read() as tx:
            return memos.memos(tx, kind, uid, author)

    def kinds_named(self, name: str) -> list[tuple[str, str]]:
        """What a memo may be on that goes by this public name: kind and name."""
        with self.base.read() as tx:
            return [(kind, name) for kind in ("coding", "code", "stage") if _is(tx, kind, name)]

    def link(
        self, ends: tuple[str, str], said: tuple[str, str], actor: str, *, uid: str | None = None
    ) -> str:
        """Link one coding to another; gives the link's uid."""
        name = uid or _op()
        with self.base.write() as tx:
            links.put(tx, ends, said, actor=actor, op=_op(), uid=name)
        return name

    def links(self) -> pd.DataFrame:
        """Links whose codings are both there: uid, from, to, kind, text, author, at."""
        with self.base.read() as tx:
            return links.links(tx)


def _is(tx: Tx, kind: str, name: str) -> bool:
    try:
        memos.place(tx, kind, name)
    except ArgumentError:
        return False
    return True
