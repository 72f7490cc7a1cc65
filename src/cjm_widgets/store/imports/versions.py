"""Corrected texts: codings go along where their words are kept, and wait where they are not."""

from __future__ import annotations

import operator
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.store.contents import turns
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.build import frame
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history import journal
from cjm_widgets.store.history.journal import Write
from cjm_widgets.store.tables import names
from cjm_widgets.store.tables.cuts import Cut
from cjm_widgets.store.tables.frames import shown, source_id
from cjm_widgets.store.tables.rows import CODINGS, TEXTS, Image
from cjm_widgets.text.moves import Move, Moves
from cjm_widgets.text.turns import Speech

if TYPE_CHECKING:
    import pandas as pd

    from cjm_widgets.store.engine.database import Database

LONGEST = 20_000_000
"""Code points of a text that is corrected by hand."""

_F, _C, _A, _T = schema.feedback, schema.coding, schema.actor, schema.feedback_text

_BEHIND = Statement(
    sa.select(_C.c.uid, _C.c.version, _C.c.start, _C.c.stop)
    .where(
        _C.c.feedback == sa.bindparam("the_id"),
        _C.c.gone == 0,
        _C.c.version != sa.bindparam("the_version"),
    )
    .order_by(_C.c.version, _C.c.id)
)
_WORDS = Statement(
    sa.select(_T.c.text).where(
        _T.c.feedback == sa.bindparam("the_id"), _T.c.version == sa.bindparam("the_version")
    )
)
_NEWEST = Statement(
    sa.select(sa.func.max(_T.c.version)).where(_T.c.feedback == sa.bindparam("the_id"))
)
_NAME = Statement(
    sa.select(_F.c.source_id, _F.c.batch, _F.c.version, _F.c.text).where(
        _F.c.id == sa.bindparam("the_id")
    )
)
_MISFITS = {
    "coding": "text",
    "coder": "text",
    "id": "text",
    "feedback": "integer",
    "words": "text",
    "start": "integer",
    "stop": "integer",
    "now": "text",
    "kept": "number",
    "why": "text",
}


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of the codings of corrected texts."""

    seq: int = 0
    """Number of the action; 0 if nothing moved."""
    followed: int = 0
    """Codings that moved to the new words."""
    misfits: int = 0
    """Codings that stay at the words they were made on."""


def change(tx: Tx, seq: int, feedback: int, new: Image, speech: Speech | None = None) -> Image:
    """Write what changes in a text as part of an action; other words are a new version.

    With ``cut`` in it the turns are found anew, whatever becomes of the words.
    """
    found = TEXTS.find(tx, str(feedback))
    image = {**found.image, **new}
    again = image.pop("cut", False)
    before = found.image["version"]
    corrected = image["text"] != found.image["text"]
    if corrected:
        newest = tx.one(_NEWEST, the_id=feedback)[0]
        image["version"] = max(newest or 0, before) + 1
    if corrected or again:
        image["turns"] = _cut(tx, feedback, before, image["text"], speech)
    return journal.write(tx, seq, Write(TEXTS, str(feedback), found, image))


def _cut(tx: Tx, feedback: int, before: int, text: str, speech: Speech | None) -> Cut:
    """The turns of new words; who spoke in the old ones is known."""
    name = tx.one(_NAME, the_id=feedback)[0]
    if speech is None or not speech.known:
        there = turns.by_version(turns.stored(tx, [feedback], past=True))
        speech = turns.speech_of(there.get((feedback, before), ()), name or f"~{feedback}")
    return turns.cut(feedback, text, name, speech)


def follow(tx: Tx, seq: int, feedback: int, version: int, text: str) -> Followed:
    """Take the codings of a text's older versions along, as part of an action."""
    moved = misfits = 0
    for uid, move in _moves(tx, feedback, version, text):
        if not move.fits:
            misfits += 1
            continue
        found = CODINGS.find(tx, uid)
        place = {"version": version, "start": move.start, "stop": move.stop}
        journal.write(tx, seq, Write(CODINGS, uid, found, {**found.image, **place}))
        moved += 1
    return Followed(seq, moved, misfits)


def _moves(tx: Tx, feedback: int, version: int, text: str) -> Iterator[tuple[str, Move]]:
    """Codings made on other versions of a text, and where their passages are now."""
    known: dict[int, Moves] = {}
    for uid, old, start, stop in tx.all(_BEHIND, the_id=feedback, the_version=version):
        if old not in known:
            words = tx.one(_WORDS, the_id=feedback, the_version=old)
            if words is None:
                continue
            known[old] = Moves(words[0], text)
        yield uid, known[old].of(start, stop)


def _texts_behind(tx: Tx) -> list[tuple[int, int]]:
    """Texts with live codings on older versions: number and current version."""
    return [
        (number, version)
        for number, version in tx.fetch(
            sa.select(_F.c.id, _F.c.version)
            .join(_C, _C.c.feedback == _F.c.id)
            .where(_C.c.gone == 0, _C.c.version != _F.c.version, *shown(tx, _F.c.batch))
            .distinct()
            .order_by(_F.c.id)
        )
    ]


def follow_all(tx: Tx, actor: str, op: Callable[[], str]) -> Followed:
    """Take all codings along that were made on older words, as one action of an actor."""
    behind = _texts_behind(tx)
    planned: list[tuple[int, int, str]] = []
    misfits = 0
    for number, version in behind:
        text = tx.one(_NAME, the_id=number)[3]
        fits = [move.fits for _, move in _moves(tx, number, version, text)]
        misfits += fits.count(False)
        if any(fits):
            planned.append((number, version, text))
    if not planned:
        return Followed(0, 0, misfits)
    seq = journal.begin(tx, names.actor(tx, actor), op(), "follow")
    moved = sum(follow(tx, seq, *one).followed for one in planned)
    return Followed(seq, moved, misfits)


def misfits(tx: Tx) -> pd.DataFrame:
    """Codings that stay at older words; columns as `Versions.misfits`."""
    rows: list[tuple[Any, ...]] = []
    for number, version in _texts_behind(tx):
        text = tx.one(_NAME, the_id=number)[3]
        about = {row[0]: row[1:] for row in _about(tx, number)}
        for uid, move in _moves(tx, number, version, text):
            coder, name, words = about[uid]
            guess = text[move.start : move.stop]
            why = move.why or "behind"
            rows.append(
                (uid, coder, name, number, words, move.start, move.stop, guess, move.kept, why)
            )
    return frame(_MISFITS, rows)


def _about(tx: Tx, feedback: int) -> list[Any]:
    start, length = _C.c.start + 1, _C.c.stop - _C.c.start
    part = sa.func.substr(_T.c.text, sa.cast(start, sa.Integer), sa.cast(length, sa.Integer))
    return tx.fetch(
        sa.select(_C.c.uid, _A.c.name, source_id(), part)
        .join(_A, _A.c.id == _C.c.coder)
        .join(_F, _F.c.id == _C.c.feedback)
        .join(_T, (_T.c.feedback == _C.c.feedback) & (_T.c.version == _C.c.version))
        .where(_C.c.feedback == feedback, _C.c.gone == 0)
    )


def correct(tx: Tx, feedback: int, text: str, actor: str) -> Followed:
    """Give one text other words, and take its codings along, as one action."""
    names.clean("the corrected text", text, longest=LONGEST)
    row = tx.one(_NAME, the_id=feedback)
    if row is None or row[1] in tx.hidden():
        raise UnknownName("text", str(feedback), [])
    if row[3] == text:
        return Followed()
    seq = journal.begin(tx, names.actor(tx, actor), uuid.uuid4().hex, "correct")
    image = change(tx, seq, feedback, {"text": text})
    return follow(tx, seq, feedback, image["version"], text)


class Versions:
    """What `Store` does about corrected texts."""

    base: Database

    def correct(self, feedback: int, text: str, actor: str) -> Followed:
        """Give one text other words as one action; its codings go along where they fit.

        Raises
        ------
        ArgumentError
            If the words are none, or hold what no database can.
        UnknownName
            If there is no such text.
        """
        with self.base.write() as tx:
            return correct(tx, feedback, text, actor)

    def follow_corrections(self, actor: str) -> Followed:
        """Take along all codings made on older words that fit the current ones."""
        with self.base.write() as tx:
            return follow_all(tx, actor, lambda: uuid.uuid4().hex)

    def misfits(self) -> pd.DataFrame:
        """Live codings whose words are not in the current version of their text.

        Returns
        -------
        pandas.DataFrame
            Columns coding, coder, id (of the text in its source), feedback, words (the
            passage as it was coded), start, stop (best guess in the current words), now
            (what stands there), kept (0 to 1), why (``gone``, ``changed``, ``grown``, or
            ``behind``: it would fit).
        """
        with self.base.read() as tx:
            return misfits(tx)

    def text_number(self, name: str | int) -> int:
        """Number of a text by its source's id, by ``~number``, or by the number itself.

        Raises
        ------
        UnknownName
            If there is no such text.
        ArgumentError
            If several sources have this id, or it is neither a text nor a whole number.
        """
        if not isinstance(name, str) and not hasattr(name, "__index__"):
            raise ArgumentError(f"a text goes by its id or its number, not by {name!r}")
        with self.base.read() as tx:
            conditions = shown(tx, _F.c.batch)
            if not isinstance(name, str):  # numbers out of a frame are numpy's
                number = operator.index(name)
                found = tx.fetch(sa.select(_F.c.id).where(_F.c.id == number, *conditions))
            else:
                found = tx.fetch(sa.select(_F.c.id).where(_F.c.source_id == name, *conditions))
                if not found and name.startswith("~") and name[1:].isdigit():
                    wanted = sa.select(_F.c.id).where(_F.c.id == int(name[1:]))
                    found = tx.fetch(wanted.where(_F.c.source_id.is_(None), *conditions))
        if not found:
            raise UnknownName("text", str(name), [])
        if len(found) > 1:
            raise ArgumentError(
                f"{len(found)} texts of different sources have the id {name!r}; give the number "
                f"of the one meant: {', '.join(str(row[0]) for row in found[:5])}"
            )
        return int(found[0][0])
