"""What coders differ in, and the consensus that somebody settles.

The consensus is a coder of its own kind. Settling a place writes its codings and a document
``settled`` that says from which codings, as one action of the reviewer, who may undo it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cjm_widgets.model.coding import Coding
from cjm_widgets.store.contents import documents
from cjm_widgets.store.desks.apply import No, coding, said
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.build import moment
from cjm_widgets.store.engine.database import Database, Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history import journal
from cjm_widgets.store.history.journal import Done, Write
from cjm_widgets.store.tables import names
from cjm_widgets.store.tables.frames import codes_of, shown
from cjm_widgets.store.tables.names import Keys
from cjm_widgets.store.tables.rows import CODINGS, Image, alive

KIND = "settled"
"""Kind of the documents; also what the history calls the action."""
NAME = "consensus"
"""What the coder is called that stands for the consensus."""

_C, _F, _A, _D = schema.coding, schema.feedback, schema.actor, schema.document
_ACT = schema.action

_DOCUMENTS = Statement(
    sa.select(_D.c.uid, _D.c.body, _A.c.name, _ACT.c.at)
    .outerjoin(_ACT, _ACT.c.seq == _D.c.rev)
    .outerjoin(_A, _A.c.id == _ACT.c.actor)
    .where(_D.c.kind == KIND, _D.c.gone == 0)
    .order_by(_D.c.id)
)
_OF_TEXT = Statement(
    sa.select(_C.c.uid, _A.c.name, _A.c.kind)
    .join(_A, _A.c.id == _C.c.coder)
    .where(_C.c.gone == 0, _C.c.feedback == sa.bindparam("the_id"))
    .order_by(_C.c.start, _C.c.stop, _C.c.id)
)
_CONSENSUS = Statement(sa.select(_A.c.name).where(_A.c.kind == NAME).order_by(_A.c.id).limit(1))
_TAKEN = Statement(sa.select(_A.c.id).where(_A.c.name == sa.bindparam("the_name")))


@dataclass(frozen=True, slots=True)
class Decision:
    """A document ``settled``, with who made it and when."""

    uid: str
    body: Mapping[str, Any]
    """`feedback`, `version`, `start`, `stop`, `how`, `chosen`, `coders`, `from`, `codings`."""
    by: str
    at: int | None


def decisions(tx: Tx) -> list[Decision]:
    """What was settled or left undecided, in the order in which it first was."""
    return [
        Decision(uid.removeprefix(f"{KIND}/"), json.loads(body), by or "", at)
        for uid, body, by, at in tx.all(_DOCUMENTS)
    ]


def settled(base: Database) -> list[Decision]:
    """What was settled or left undecided."""
    with base.read() as tx:
        return decisions(tx)


def when(decision: Decision) -> str:
    """When it was decided, ISO 8601 in UTC."""
    return moment(decision.at)


def of_text(tx: Tx, feedback: int, keys: Keys) -> tuple[list[Coding], list[Coding]]:
    """Live codings of a text: those of people, and those of the consensus."""
    people: list[Coding] = []
    agreed: list[Coding] = []
    for uid, name, kind in tx.all(_OF_TEXT, the_id=feedback):
        row = coding(tx, uid, CODINGS.find(tx, uid).image, name, keys)
        (agreed if kind == NAME else people).append(row)
    return people, agreed


def shared(tx: Tx, coders: Collection[str], texts: Collection[int]) -> dict[int, list[Coding]]:
    """Codings of some coders in those of some texts that two or more of them coded, in the
    present version."""
    mine = [_C.c.gone == 0, _A.c.name.in_(sorted(coders)), _C.c.version == _F.c.version]
    mine.append(_C.c.feedback.in_(sorted(texts)))
    joined = _C.join(_A, _A.c.id == _C.c.coder).join(_F, _F.c.id == _C.c.feedback)
    several = (
        sa.select(_C.c.feedback)
        .select_from(joined)
        .where(*mine)
        .group_by(_C.c.feedback)
        .having(sa.func.count(_C.c.coder.distinct()) > 1)
    )
    rows = tx.fetch(
        sa.select(
            _C.c.id,
            _C.c.uid,
            _C.c.feedback,
            _C.c.version,
            _C.c.start,
            _C.c.stop,
            _A.c.name,
            schema.stage.c.uid,
            _C.c.valence,
            _C.c.rev,
        )
        .select_from(joined.outerjoin(schema.stage, schema.stage.c.id == _C.c.stage))
        .where(*mine, _C.c.feedback.in_(several), *shown(tx, _F.c.batch))
        .order_by(_C.c.feedback, _C.c.start, _C.c.stop, _C.c.id)
    )
    codes = codes_of(tx, [row[0] for row in rows])
    found: dict[int, list[Coding]] = {}
    for number, uid, feedback, version, start, stop, name, stage, valence, rev in rows:
        given = tuple(sorted(codes.get(number, ())))
        one = Coding(uid, feedback, version, start, stop, name, stage, valence, given, rev=rev)
        found.setdefault(feedback, []).append(one)
    return found


def consensus(tx: Tx) -> int:
    """The number of the coder that stands for the consensus, made if there is none."""
    known = tx.one(_CONSENSUS)
    if known is not None:
        return names.actor(tx, known[0])
    name, n = NAME, 1
    while tx.one(_TAKEN, the_name=name) is not None:  # a person of that name has coded
        n += 1
        name = f"{NAME} {n}"
    return names.actor(tx, name, "consensus")


def settle(
    tx: Tx,
    reviewer: int,
    op: str,
    uid: str,
    place: Mapping[str, Any],
    codings: Iterable[Mapping[str, Any]],
) -> Done | None:
    """Write what is the consensus on a place; None if it is so already.

    Parameters
    ----------
    reviewer
        Whose action it is.
    uid
        Of the document; the same again settles anew, and what it held goes.
    place
        What the document holds besides `codings`.
    codings
        Of the consensus: start, stop and any of stage, valence, codes, memo, `like` (uid of
        the coding whose stage and codes they are, which may be retired meanwhile).
    """
    who = consensus(tx)
    image: Image = {"feedback": place["feedback"], "version": place["version"], "coder": who}
    new = [_image(tx, image, one) for one in codings]
    before = documents.documents(tx, KIND).get(uid)
    old = _live(tx, before["codings"] if before else ())
    writes = [Write(CODINGS, row, found, {**found.image, "gone": 1}) for row, found in old.items()]
    made = [uuid.uuid4().hex for _ in new]
    if old and [_said(one.image) for one in old.values()] == [_said(one) for one in new]:
        made, writes, new = list(old), [], []  # the same codings stay
    writes += [
        Write(CODINGS, row, CODINGS.find(tx, row), one) for row, one in zip(made, new, strict=False)
    ]
    document = documents.planned(tx, KIND, uid, {**place, "codings": made})
    writes += [document] if document is not None else []
    return journal.record(tx, reviewer, op, KIND, writes) if writes else None


def _live(tx: Tx, uids: Sequence[str]) -> dict[str, Any]:
    found = {uid: CODINGS.find(tx, uid) for uid in uids}
    return {uid: one for uid, one in found.items() if alive(one.image)}


def _said(image: Image) -> tuple[Any, ...]:
    fields = ("start", "stop", "stage", "valence", "memo", "codes")
    return tuple(image[name] for name in fields)


def _image(tx: Tx, given: Image, body: Mapping[str, Any]) -> Image:
    image: Image = {
        "start": body["start"],
        "stop": body["stop"],
        "stage": None,
        "valence": None,
        "memo": "",
        "origin": "human",
        "sampled_by": None,
        "sampled_p": None,
        "gone": 0,
        "codes": [],
        **given,
    }
    if body.get("like"):
        like = CODINGS.find(tx, body["like"]).image
        if not alive(like):
            raise No("conflict", "a coding that was chosen is not there any more", ())
        return image | {name: like[name] for name in ("stage", "valence", "memo", "codes")}
    fields = ("stage", "valence", "codes", "memo")
    said(tx, {name: body[name] for name in fields if name in body}, image)
    return image
