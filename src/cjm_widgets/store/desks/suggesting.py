"""What became of suggestions: accepted ones beside their codings, refused ones remembered.

A suggestion is no coding. What a coder accepts is the coder's coding, with origin
``suggestion``; what had been proposed stands beside it in a document of the same action, so
that undo takes both.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

import sqlalchemy as sa

from cjm_widgets.model.desk import Op, Sheet
from cjm_widgets.model.suggestion import Suggester, Suggestion
from cjm_widgets.store.contents import documents, turns
from cjm_widgets.store.desks.apply import No
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Database, Tx
from cjm_widgets.store.history.journal import Write
from cjm_widgets.store.queues.overview import STUDY

ACCEPTED, REFUSAL = "accepted", "refusal"
_D, _C, _S = schema.document, schema.coding, schema.stage
_CC, _CODE = schema.coding_code, schema.code
MOST = 120
"""At most so many sentences of a text are judged at once: while they are, nothing is saved."""
LATEST = 2_000
"""So many of a coder's last decisions tell how often suggestions are taken."""
_FIELDS = ("stage", "codes", "valence", "probability", "by", "model")


def parted(op: Op) -> tuple[Op, Mapping[str, Any] | None]:
    """An op without what had been proposed, and what had been.

    Raises
    ------
    No
        If something was proposed and the coding does not say that it comes from that.
    """
    if op.act != "code" or not isinstance(op.body, Mapping) or "suggestion" not in op.body:
        return op, None
    body = dict(op.body)
    proposed = body.pop("suggestion")
    if proposed is None:
        return replace(op, body=body), None
    if not isinstance(proposed, Mapping) or not isinstance(proposed.get("uid"), str):
        raise No("invalid", "'suggestion' holds what was proposed, with its uid")
    if body.get("origin") != "suggestion":
        raise No("invalid", "a coding made of a suggestion has the origin 'suggestion'")
    return replace(op, body=body), proposed


def accepted(tx: Tx, op: Op, proposed: Mapping[str, Any] | None) -> list[Write]:
    """The document that keeps what had been proposed beside the coding made of it."""
    if proposed is None:
        return []
    kept = {"uid": proposed["uid"], **_kept(proposed)}
    write = documents.planned(tx, ACCEPTED, str(op.row), kept)
    return [] if write is None else [write]


def refused(tx: Tx, op: Op, actor: int, coder: str) -> list[Write]:
    """The document that remembers a refusal.

    Raises
    ------
    No
        If the op does not say which suggestion it means.
    """
    uid, body = op.row, op.body
    if not isinstance(uid, str) or not 0 < len(uid) <= 64:
        raise No("invalid", f"a suggestion is named by a text of 1 to 64 characters, not {uid!r}")
    if not isinstance(body, Mapping) or not all(
        isinstance(body.get(name), int) for name in ("feedback", "start", "stop")
    ):
        raise No("invalid", "'body' needs feedback, start and stop of the suggestion")
    place = {name: body[name] for name in ("feedback", "start", "stop")}
    kept = {"coder": coder, "suggestion": uid, **place, **_kept(body)}
    write = documents.planned(tx, REFUSAL, f"{uid}.{actor}", kept)
    return [] if write is None else [write]


def _kept(given: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: given.get(name) for name in _FIELDS}
    return {**found, "codes": list(found["codes"] or ())}


def without_refused(
    tx: Tx, suggestions: Sequence[Suggestion], actor: int
) -> tuple[Suggestion, ...]:
    """Suggestions that this coder has not refused."""
    rows = {s.uid: f"{REFUSAL}/{s.uid}.{actor}" for s in suggestions}
    if not rows:
        return ()
    found = tx.fetch(sa.select(_D.c.uid).where(_D.c.uid.in_(list(rows.values())), _D.c.gone == 0))
    gone = {row[0] for row in found}
    return tuple(s for s in suggestions if rows[s.uid] not in gone)


def decided(tx: Tx, actor: int) -> tuple[int, int]:
    """Suggestions a coder took as they were, and all that were decided upon, of the latest."""
    made = tx.fetch(
        sa.select(_D.c.body, _C.c.id, _S.c.uid, _C.c.valence)
        .join(_C, _D.c.uid == sa.literal(f"{ACCEPTED}/").concat(_C.c.uid))
        .outerjoin(_S, _S.c.id == _C.c.stage)
        .where(_C.c.coder == actor, _C.c.gone == 0, _D.c.gone == 0)
        .order_by(_D.c.id.desc())
        .limit(LATEST)
    )
    refusals = tx.fetch(
        sa.select(sa.func.count()).where(
            _D.c.kind == REFUSAL, _D.c.gone == 0, _D.c.uid.like(f"%.{actor}")
        )
    )
    codes = _codes_of(tx, [row[1] for row in made])
    taken = 0
    for body, number, stage, valence in made:
        proposed = json.loads(body)
        as_it_was = proposed["stage"] in (None, stage) and proposed["valence"] in (None, valence)
        taken += as_it_was and set(proposed["codes"]) <= codes.get(number, set())
    return taken, len(made) + int(refusals[0][0])


def _codes_of(tx: Tx, codings: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for begin in range(0, len(codings), 500):
        some = codings[begin : begin + 500]
        rows = tx.fetch(
            sa.select(_CC.c.coding, _CODE.c.uid)
            .join(_CODE, _CODE.c.id == _CC.c.code)
            .where(_CC.c.coding.in_(some))
        )
        for coding, key in rows:
            found.setdefault(coding, set()).add(key)
    return found


def suggested(
    base: Database, actor: int, suggester: Suggester, sheet: Sheet
) -> tuple[Suggestion, ...]:
    """Suggestions for the sentences of a text that its coder has neither coded nor refused and
    that no interviewer speaks."""
    with base.read() as tx:
        language = sheet.language or tx.one(STUDY)[2]
        spoken = turns.stored(tx, [sheet.id])
    taken = [(turn.start, turn.stop) for turn in spoken if turn.role == "interviewer"]
    taken += [(c.start, c.stop) for c in sheet.codings if c.version == sheet.version]
    open_ones = free(sheet.sentences, taken)[:MOST]
    passages = {place: sheet.text[slice(*place)] for place in open_ones}
    made = suggester.suggest(sheet.id, sheet.version, language, passages)
    with base.read() as tx:
        return without_refused(tx, made, actor)


def free(
    passages: Iterable[tuple[int, int]], taken: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Passages that no range taken touches.

    >>> free([(0, 5), (5, 9), (9, 12)], [(10, 11), (2, 5)])
    [(5, 9)]
    """
    ranges = sorted(taken)
    begins = [begin for begin, _ in ranges]
    # How far those reach that begin no later: a text may hold thousands of both.
    reach = list(accumulate((end for _, end in ranges), max))
    found = []
    for start, stop in passages:
        before = bisect_left(begins, stop)
        if not before or reach[before - 1] <= start:
            found.append((start, stop))
    return found
