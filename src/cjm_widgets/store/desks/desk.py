"""StoreDesk: one coder's desk on a store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from cjm_widgets.errors import (
    ArgumentError,
    CjmError,
    Conflict,
    LostFile,
    NewerStudy,
    UnknownName,
)
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.desk import (
    Changes,
    Link,
    Memo,
    MemoKind,
    Notice,
    Op,
    Opening,
    Receipt,
    Refusal,
    Sheet,
    SpokenTurn,
    Step,
    Top,
)
from cjm_widgets.model.suggestion import Drawn, Suggester, Suggestion, Worth
from cjm_widgets.store.contents import turns
from cjm_widgets.store.desks import deeds, suggesting
from cjm_widgets.store.desks.apply import No, coding, plan
from cjm_widgets.store.desks.deeds import DEEDS, Deed
from cjm_widgets.store.desks.receipts import Receipts
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Database, Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history import journal
from cjm_widgets.store.history.changes import SHOWN
from cjm_widgets.store.queues import queue
from cjm_widgets.store.queues.ordering import Ordering
from cjm_widgets.store.queues.overview import STUDY, opening_of, shown
from cjm_widgets.store.queues.paging import Paging
from cjm_widgets.store.tables import names
from cjm_widgets.store.tables.names import Keys
from cjm_widgets.store.tables.rows import CODINGS
from cjm_widgets.text.turns import only

_F, _C, _P, _B = schema.feedback, schema.coding, schema.progress, schema.batch
_CH, _L, _M = schema.change, schema.label, schema.bookmark

Sentences = Callable[[str, str], Sequence[tuple[int, int]]]
"""From a text and its language to ranges of code points."""

_MARK = Statement(
    lambda insert: (
        insert(_M)
        .values({name: sa.bindparam(name) for name in ("coder", "key", "value")})
        .on_conflict_do_update(
            index_elements=["coder", "key"], set_={"value": sa.bindparam("value")}
        )
    )
)
_SHEET = Statement(
    sa.select(
        _F.c.batch,
        _F.c.version,
        _F.c.text,
        _F.c.language,
        _F.c.respondent,
        _F.c.source_id,
        _F.c.channel,
        _F.c.touchpoint,
        _F.c.at,
        _F.c.attrs,
    ).where(_F.c.id == sa.bindparam("the_id"))
)
_MINE = Statement(
    sa.select(_C.c.uid)
    .where(
        _C.c.coder == sa.bindparam("the_coder"),
        _C.c.gone == 0,
        _C.c.feedback == sa.bindparam("the_id"),
    )
    .order_by(_C.c.start, _C.c.stop, _C.c.id)
)
_CHANGED = Statement(
    sa.select(_CH.c.row)
    .distinct()
    .join(_C, _C.c.uid == _CH.c.row)
    .where(
        _CH.c.seq > sa.bindparam("since"),
        _CH.c.tbl == "coding",
        _C.c.coder == sa.bindparam("the_coder"),
    )
    .limit(SHOWN + 1)
)
_REOPEN = Statement(
    sa.select(_CH.c.seq)
    .where(
        _CH.c.seq > sa.bindparam("since"),
        sa.or_(*[_CH.c.tbl == name for name in ("batch", "code", "feedback", "journey", "stage")]),
    )
    .union_all(
        # Forgetting somebody leaves no images.
        sa.select(schema.action.c.seq).where(
            schema.action.c.seq > sa.bindparam("since"), schema.action.c.kind == "forget"
        )
    )
    .limit(1)
)


class StoreDesk(Paging):
    """A coder's desk on a study: what `model.desk.Desk` says, from any thread.

    Parameters
    ----------
    base
        The study's database, or a Store.
    coder
        Who codes. Only this coder's codings are seen and written.
    sentences
        Cuts a text of a language into ranges of code points; the package's own if not given.
    suggester
        Makes suggestions and the orders that rest on them; none are made if not given.
    sample
        The only texts the queue shows; all if not given.
    blind
        Whether the coder must not learn where others differ.
    """

    def __init__(
        self,
        base: Any,
        coder: str,
        *,
        sentences: Sentences | None = None,
        suggester: Suggester | None = None,
        sample: Drawn | None = None,
        blind: bool = True,
    ) -> None:
        self._base: Database = base if isinstance(base, Database) else base.base
        self.coder = names.clean("the coder's name", coder)
        self._sentences = sentences
        self._keys = Keys()
        with self._base.read() as tx:
            known = names.find_actor(tx, self.coder)
        if known is None:
            with self._base.write() as tx:
                known = names.actor(tx, self.coder)
        self._me = known
        self._receipts = Receipts(known, self.coder, self._keys)
        self._suggester = suggester
        self._order = Ordering(
            self._base,
            known,
            self.coder,
            suggester=suggester,
            sample=sample,
            blind=blind,
            keep=self.mark,
        )

    def open(self) -> Opening:
        """All a coder's widget needs before the first text."""
        with self._base.read() as tx:
            opening = opening_of(tx, self._me, self.coder)
            counts = self._order.counts(tx)
        opening = replace(opening, orders=self._order.offered())
        return opening if counts is None else replace(opening, total=counts[0], done=counts[1])

    def text(self, id: int) -> Sheet:
        """One text with all a coder needs to work on it.

        Raises
        ------
        UnknownName
            If there is no such text (any more).
        """
        with self._base.read() as tx:
            row = tx.one(_SHEET, the_id=int(id))
            if row is None or row[0] in tx.hidden():
                raise UnknownName("text", id)
            mine = tuple(
                coding(tx, uid, CODINGS.find(tx, uid).image, self.coder, self._keys)
                for (uid,) in tx.all(_MINE, the_coder=self._me, the_id=int(id))
            )
            language = row[3] or tx.one(STUDY)[2]
            said = turns.stored(tx, [int(id)])
        cut = self._sentences or _sentences()
        return Sheet(
            id=int(id),
            pos=int(id),
            version=row[1],
            title=queue.title(int(id), row[4], row[5]),
            text=row[2],
            language=row[3] or "",
            attributes=shown(row),
            sentences=tuple(
                (int(start), int(stop)) for start, stop in cut(_spoken(row[2], said), language)
            ),
            codings=mine,
            turns=tuple(
                SpokenTurn(
                    turn.start,
                    turn.stop,
                    turn.speaker,
                    "interviewer" if turn.role == "interviewer" else "respondent",
                )
                for turn in said
            ),
        )

    def suggest(
        self, feedback: int, within: tuple[int, int] | None = None
    ) -> tuple[Suggestion, ...]:
        """Suggestions for what this coder has neither coded nor refused in a text, or in a range
        of it.

        Raises
        ------
        UnknownName
            If there is no such text (any more).
        """
        if self._suggester is None:
            return ()
        sheet = self.text(feedback)
        if within is not None:
            first, last = within
            near = tuple(place for place in sheet.sentences if place[1] > first and place[0] < last)
            sheet = replace(sheet, sentences=near)
        return suggesting.suggested(self._base, self._me, self._suggester, sheet)

    def worth(self) -> Worth:
        """What suggestions are worth to this coder, as far as it is known; never waited for."""
        known = None if self._suggester is None else self._suggester.worth()
        with self._base.read() as tx:
            taken, decided = suggesting.decided(tx, self._me)
        return replace(known or Worth(None, 0), taken=taken, decided=decided)

    def apply(self, op: Op) -> Receipt:
        """Do one thing and give its receipt; refusals are receipts too, never exceptions."""
        try:
            with self._base.write() as tx:
                receipt = self._apply(tx, op)
        except No as no:
            return self._refused(op, no.why, no.say, no.rows)
        except CjmError as error:
            return self._refused(op, refusal(error), str(error))
        if self._suggester is not None:
            self._suggester.notice()
        return receipt

    def since(self, seq: int) -> Changes:
        """What this coder's widget must learn since a journal number."""
        with self._base.read() as tx:
            rows = []
            changed = tx.all(_CHANGED, since=int(seq), the_coder=self._me)
            for (uid,) in changed if len(changed) <= SHOWN else ():
                found = self._receipts.now(tx, uid)
                if found is not None:
                    rows.append(found)
            return Changes(
                seq=tx.one(STUDY)[3],
                rows=tuple(sorted(rows, key=lambda c: (c.feedback, c.start, c.stop, c.uid))),
                reopen=len(changed) > SHOWN or tx.one(_REOPEN, since=int(seq)) is not None,
                top=journal.top(tx, self._me),
            )

    def memos(self, kind: MemoKind, uid: str) -> tuple[Memo, ...]:
        """The thread on something, the oldest first; see `Desk.memos`."""
        with self._base.read() as tx:
            return deeds.thread(tx, kind, uid, self._me, self.coder)

    def links(self, feedback: int) -> tuple[Link, ...]:
        """Links that begin or end at this coder's live codings of a text."""
        with self._base.read() as tx:
            mine = {uid for (uid,) in tx.all(_MINE, the_coder=self._me, the_id=int(feedback))}
            return deeds.links_of(tx, mine, self._me)

    def mark(self, values: Mapping[str, Any]) -> None:
        """Keep where the coder is; not journalled."""
        rows = []
        for key, value in values.items():
            try:
                text = json.dumps(value, ensure_ascii=False, allow_nan=False)
            except (TypeError, ValueError) as error:
                raise ArgumentError(f"bookmark {key!r} holds what JSON cannot: {error}") from error
            rows.append((names.clean("a bookmark", str(key)), text))
        with self._base.write(durable=False) as tx:
            for key, text in rows:
                tx.run(_MARK, coder=self._me, key=key, value=text)

    def _apply(self, tx: Tx, op: Op) -> Receipt:
        names.clean("'op'", op.op, longest=64)
        known = journal.earlier(tx, op.op)
        if known is not None:
            seq, actor, _, label = known
            if actor != self._me:
                raise No("invalid", f"the op {op.op!r} was another coder's; make a new id")
            done = journal.repeat(tx, op.op, seq, label)
            return self._receipts.of(tx, done, stale=self._receipts.stale(tx, done))
        if op.act in ("undo", "redo"):
            answer = journal.step(
                tx, self._me, op.op, "undo" if op.act == "undo" else "redo", op.expect
            )
            if isinstance(answer, journal.Refused):
                raise No(answer.why, answer.say, tuple(r for t, r in answer.rows if t == "coding"))
            return self._receipts.of(tx, answer)
        deed = DEEDS.get(op.act) if isinstance(op.act, str) else None
        if deed is not None:
            return self._deed(tx, op, deed)
        if op.act not in ("code", "edit", "remove", "refuse"):
            known_acts = f"code, edit, remove, refuse, {', '.join(DEEDS)}, undo or redo"
            raise No("invalid", f"'act' is {known_acts}, not {op.act!r}")
        stale = False
        notices: tuple[Notice, ...] = ()
        if op.act == "refuse":
            writes = suggesting.refused(tx, op, self._me, self.coder)
        else:
            bare, proposed = suggesting.parted(op)
            made = plan(tx, bare, self._me)
            stale, notices = made.stale, made.notices
            writes = [made.write, *suggesting.accepted(tx, bare, proposed)]
            if op.act == "code":
                self._order.mark_sampled(tx, made.write.after)
        done = journal.record(tx, self._me, op.op, op.act, writes)
        # After something new there is nothing to redo, and it is what would be undone.
        top = Top(undo=Step(op.op, op.act))
        return self._receipts.of(tx, done, stale=stale, top=top, notices=notices)

    def _deed(self, tx: Tx, op: Op, deed: Deed) -> Receipt:
        if not isinstance(op.body, Mapping):
            raise No("invalid", f"'body' is an object, not {op.body!r}")
        if op.row is not None:
            names.clean("'row'", op.row, longest=64)
        done = deed(tx, op, self._me, self.coder)
        if done is None:  # it is so already
            return self._receipts.of(tx, journal.Done(tx.one(STUDY)[3], op.op, op.act))
        return self._receipts.of(tx, done)

    def _refused(self, op: Op, why: Refusal, say: str, rows: Iterable[str] = ()) -> Receipt:
        """A refusal, with the rows as they really are where they can be had."""
        shown: list[Coding] = []
        top, seq = Top(), 0
        try:
            if why in ("conflict", "moved", "invalid"):
                with self._base.read() as tx:
                    top, seq = journal.top(tx, self._me), tx.one(STUDY)[3]
                    mine = [self._receipts.now(tx, row) for row in rows]
                    shown = [row for row in mine if row is not None]
        except CjmError:
            pass  # the refusal itself is what matters
        name = op.op if isinstance(op.op, str) else ""
        return Receipt(False, name, seq, tuple(shown), top=top, why=why, say=say)


def refusal(error: CjmError) -> Refusal:
    """The protocol's word for an error of the store."""
    if isinstance(error, NewerStudy):
        return "newer_schema"
    if isinstance(error, LostFile):
        return "lost_file"
    if isinstance(error, Conflict):
        return "conflict"
    if isinstance(error, ArgumentError):
        return "invalid"
    return "busy"  # also a full disk or a lost connection: the same op may well succeed later


def _spoken(text: str, said: Sequence[Any]) -> str:
    """A transcript without the names of its speakers, as long as it was: nobody codes these.

    What stands before the first speaker's name is left.
    """
    if not said:
        return text
    named = text.rfind(said[0].speaker, 0, said[0].start)
    head = text.rfind("\n", 0, max(named, 0)) + 1
    return only(text, [(0, head), *((turn.start, turn.stop) for turn in said)])


def _sentences() -> Sentences:
    from cjm_widgets.text.sentences import sentences

    return sentences
