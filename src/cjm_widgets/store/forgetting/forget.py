"""Forgetting a person: rows, versions, journal images, index entries and quotations go for good.

What remains is that somebody was removed, and when. All of it is one transaction; then the
file is compacted, so that no freed page and no log holds the words.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from cjm_widgets.errors import UnknownName
from cjm_widgets.store.contents import turns
from cjm_widgets.store.contents.turns import NOBODY, Said
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.forgetting import erase, people, scrub
from cjm_widgets.store.forgetting.silence import silence
from cjm_widgets.store.forgetting.traces import Traces
from cjm_widgets.store.history import journal
from cjm_widgets.store.tables import names, search

if TYPE_CHECKING:
    import pandas as pd

    from cjm_widgets.store.engine.database import Database

_F, _T, _C, _CH = schema.feedback, schema.feedback_text, schema.coding, schema.change
_LETTER = re.compile(r"[^\W\d_]")
_SHORT = 4
"""Code points below which a source's id is no name: ``12``, ``P1``."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed of a person."""

    texts: int = 0
    """Texts that are gone as a whole."""
    shared: int = 0
    """Texts of several people in which this person's turns are blacked out."""
    codings: int = 0
    memos: int = 0
    """Memos on these texts and codings."""
    quotations: int = 0
    """Places in notes, memos and documents in which the person stood."""
    actions: int = 0
    """Actions that cannot be undone any more, since nothing of them is left."""
    copies: tuple[Path, ...] = ()
    """Files beside the study, made when it was brought to a newer schema, that still hold
    everything: delete them."""


@dataclass(frozen=True, slots=True)
class _Person:
    """What there is of a person."""

    name: str
    texts: set[int]
    turns: list[Said]
    """Their turns in texts that are others' too, in all versions."""
    codings: dict[int, str]


def forget(tx: Tx, respondent: str, actor: str) -> Forgotten:
    """Remove a person; all but compacting the file."""
    if tx.backend == "sqlite":
        tx.raw.execute("PRAGMA secure_delete = ON")
    person = _person(tx, respondent)
    seqs: set[int] = set()
    uids = set(person.codings.values())
    numbers = {str(number) for number in person.texts}
    gone = erase.notes(tx, "text", numbers | _named(tx, person.texts)) | erase.notes(
        tx, "coding", uids
    )
    traces = Traces(_words(tx, person), _called(tx, person), person.texts, uids)
    erase.codings(tx, person.codings)
    erase.texts(tx, person.texts)
    shared = silence(tx, person.turns)
    for tbl, rows in (("coding", uids), ("feedback", numbers), ("note", gone)):
        seqs |= erase.images(tx, tbl, rows)
    seqs |= scrub.scrub(tx, traces)
    erase.unused(tx)
    actions = erase.empty_actions(tx, seqs)
    search.compact(tx)
    _remember(tx, actor)
    return Forgotten(len(person.texts), len(shared), len(uids), len(gone), traces.hits, actions)


def _person(tx: Tx, name: str) -> _Person:
    """All that is somebody's, hidden imports and older versions included.

    Raises
    ------
    UnknownName
        If there is nothing.
    """
    spoken = turns.stored(tx, None, past=True, hidden=True)
    mine = [one for one in spoken if one.respondent == name]
    others = {
        one.feedback
        for one in spoken
        if one.role == "respondent" and one.respondent != name and one.speaker != NOBODY
    }
    spoke = {one.feedback for one in mine}
    owned = {row[0] for row in tx.fetch(sa.select(_F.c.id).where(_F.c.respondent == name))}
    whole = (owned - (spoke & others)) | (spoke - others)
    shared = [one for one in mine if one.feedback not in whole]
    if not whole and not shared and not _journalled(tx, name):
        raise UnknownName("respondent", name, _near(tx, name))
    return _Person(name, whole, shared, _codings(tx, whole, shared, name))


def _journalled(tx: Tx, name: str) -> bool:
    """Whether the journal knows somebody whom no text names any more."""
    known = erase.as_json(name)
    # Of a whole text, or of a turn of a transcript.
    saying = (f'"respondent":{known}', f',{known},"respondent"]')
    image = sa.or_(
        *[
            side.contains(said, autoescape=True)
            for side in (_CH.c.before, _CH.c.after)
            for said in saying
        ]
    )
    return bool(tx.fetch(sa.select(_CH.c.seq).where(_CH.c.tbl == "feedback", image).limit(1)))


def _near(tx: Tx, name: str) -> list[str]:
    """Respondents whose names begin alike; only the nearest is ever shown."""
    alike = _F.c.respondent.istartswith(name[:2], autoescape=True)
    return [
        row[0] for row in tx.fetch(sa.select(_F.c.respondent).distinct().where(alike).limit(500))
    ]


def _codings(tx: Tx, whole: set[int], shared: Sequence[Said], name: str) -> dict[int, str]:
    """Number to uid of codings on somebody's words, removed ones included."""
    found: dict[int, str] = {}
    for some in erase.parts(whole):
        found.update(
            (row[0], row[1])
            for row in tx.fetch(sa.select(_C.c.id, _C.c.uid).where(_C.c.feedback.in_(some)))
        )
    columns = (_C.c.id, _C.c.uid, _C.c.feedback, _C.c.version, _C.c.start, _C.c.stop)
    for some in erase.parts({one.feedback for one in shared}):
        rows = tx.fetch(sa.select(*columns).where(_C.c.feedback.in_(some)))
        whose = turns.respondents(tx, [tuple(row[2:]) for row in rows], hidden=True)
        found.update((row[0], row[1]) for row, who in zip(rows, whose, strict=True) if who == name)
    return found


def _named(tx: Tx, ids: set[int]) -> set[str]:
    """The sources' own ids of texts."""
    found: set[str] = set()
    for some in erase.parts(ids):
        rows = tx.fetch(sa.select(_F.c.source_id).where(_F.c.id.in_(some)))
        found.update(row[0] for row in rows if row[0])
    return found


def _called(tx: Tx, person: _Person) -> set[str]:
    """What the person goes by: the respondent's id, and ids of texts that can be told apart."""
    ids = {one for one in _named(tx, person.texts) if len(one) >= _SHORT and _LETTER.search(one)}
    return {person.name} | ids


def _words(tx: Tx, person: _Person) -> list[str]:
    """All that somebody said, in every version."""
    said: list[str] = []
    for some in erase.parts(person.texts):
        said += [row[0] for row in tx.fetch(sa.select(_F.c.text).where(_F.c.id.in_(some)))]
        said += [row[0] for row in tx.fetch(sa.select(_T.c.text).where(_T.c.feedback.in_(some)))]
    shared = {one.feedback for one in person.turns}
    texts: dict[tuple[int, int], str] = {}
    for some in erase.parts(shared):
        for table, number in ((_T, _T.c.feedback), (_F, _F.c.id)):
            rows: list[Any] = tx.fetch(
                sa.select(number, table.c.version, table.c.text).where(number.in_(some))
            )
            texts.update({(row[0], row[1]): row[2] for row in rows})
    for one in person.turns:
        said.append(texts.get((one.feedback, one.version), "")[one.start : one.stop])
    return said


def _remember(tx: Tx, actor: str) -> None:
    """Note that somebody was removed, and when; others hear of it by the journal's number."""
    at = journal.now()
    tx.conn.execute(sa.insert(schema.forgotten).values(uid=uuid.uuid4().hex, at=at))
    study, action = schema.study, schema.action
    tx.conn.execute(sa.update(study).values(seq=study.c.seq + 1))
    tx.conn.execute(
        sa.insert(action).values(
            seq=tx.fetch(sa.select(study.c.seq))[0][0],
            op=uuid.uuid4().hex,
            actor=names.actor(tx, actor),
            kind="forget",
            label="forget",
            state="past",
            at=at,
        )
    )


class Forgetting:
    """What `Store` does about people who want to be forgotten."""

    base: Database

    def forget(self, respondent: str, actor: str) -> Forgotten:
        """Remove a respondent for good, and compact what is left.

        Raises
        ------
        UnknownName
            If nobody is called so.
        BusyStudy
            If another program has the study open in a way that keeps the old bytes alive:
            the rows are gone then, and `compact` removes the bytes.
        """
        wanted = names.clean("the respondent", respondent, longest=10_000)
        with self.base.write() as tx:
            found = forget(tx, wanted, actor)
        self.base.compact()
        return replace(found, copies=self.old_copies())

    def compact(self) -> None:
        """Rewrite the study so that nothing of what was removed is left in its bytes.

        Raises
        ------
        BusyStudy
            If another program has the study open meanwhile.
        """
        self.base.compact()

    def old_copies(self) -> tuple[Path, ...]:
        """Copies that were made beside the study's file before it was migrated."""
        path = self.base.path
        if path is None:
            return ()
        made = re.compile(rf"{re.escape(path.stem)}\.schema\d+(-\d+)?{re.escape(path.suffix)}")
        return tuple(sorted(one for one in path.parent.iterdir() if made.fullmatch(one.name)))

    def forgotten(self) -> pd.DataFrame:
        """That somebody was removed, and when: uid, at."""
        with self.base.read() as tx:
            return people.forgotten(tx)

    def people(self) -> pd.DataFrame:
        """Respondents: respondent, texts, codings, first, last (times of their texts)."""
        with self.base.read() as tx:
            return people.people(tx)
