"""Codebook edits as actions: codes, the codings that bear them and the memos on them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError
from cjm_widgets.store.desks.apply import SPLIT, No
from cjm_widgets.store.desks.bulk_edit import own
from cjm_widgets.store.desks.codetree import EDITS, FIELDS, Edit, Tree
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history import journal
from cjm_widgets.store.history.changes import PAGE, SHOWN, pieces
from cjm_widgets.store.history.journal import Done, Write
from cjm_widgets.store.history.reversal import MERGE
from cjm_widgets.store.tables import names
from cjm_widgets.store.tables.rows import CODES, CODINGS, NOTES, Image

_C, _N, _CC = schema.coding, schema.note, schema.coding_code

LABELS: Mapping[str, str] = {
    "add": "add_code",
    "change": "change_code",
    "move": "move_code",
    "merge": MERGE,
    "split": SPLIT,
    "retire": "retire_code",
    "revive": "revive_code",
}
"""What the journal calls each edit."""

_BEARING = Statement(
    sa.select(_C.c.id, _C.c.uid)
    .join(_CC, _CC.c.coding == _C.c.id)
    .where(
        _CC.c.code == sa.bindparam("the_code"),
        _CC.c.coding > sa.bindparam("after"),
        _C.c.gone == 0,
    )
    .order_by(_CC.c.coding)
    .limit(PAGE)
)
_MEMOS = Statement(
    sa.select(_N.c.uid).where(
        _N.c.on_kind == "code", _N.c.on_uid == sa.bindparam("the_key"), _N.c.gone == 0
    )
)


def edit(
    tx: Tx, actor: int, op: str, body: Mapping[str, Any], coder: int | None = None
) -> tuple[Done | None, tuple[str, ...]]:
    """Do one edit of the codebook.

    Parameters
    ----------
    body
        ``do`` and what `codetree.FIELDS` allows for it.
    coder
        Whose codings a split may move; None for anybody's.

    Returns
    -------
    tuple
        What was done, None if nothing changes; keys of the codes that were made.

    Raises
    ------
    ArgumentError, Conflict, No
        If it cannot be done; nothing is written then.
    """
    do = str(body.get("do"))
    if do not in EDITS:
        raise ArgumentError(f"'do' is one of {', '.join(EDITS)}, not {do!r}")
    if unknown := set(body) - {"do", *FIELDS[do]}:
        raise ArgumentError(
            f"{do!r} knows no {', '.join(sorted(map(str, unknown)))}; allowed: "
            f"{', '.join(FIELDS[do])}"
        )
    tree = Tree(tx)
    made = EDITS[do](tree, body)
    codes = tree.writes()
    if not codes:
        return None, made.parts
    seq = journal.begin(tx, actor, op, LABELS[do])
    shown: list[tuple[str, str, Image]] = []
    n = 0
    # One after the other: each is read when what comes before it is written. A row changes once
    # in an action, so a code that is split waits until it is known whether it stays.
    first = [write for write in codes if write.row != made.split]
    for writes in (first, _follow(tx, made, body, coder), _left(tx, tree, made)):
        rows, several = journal.write_many(tx, seq, writes)
        shown, n = [*shown, *rows], n + several
    done = Done(seq, op, LABELS[do], rows=tuple(shown[:SHOWN]), more=n > SHOWN)
    return done, made.parts


def _follow(tx: Tx, made: Edit, body: Mapping[str, Any], coder: int | None) -> Iterator[Write]:
    """The codings and memos that an edit changes."""
    if made.moved:
        yield from _merged(tx, made.moved)
    if made.split is not None:
        yield from _divided(tx, made, body.get("codings") or {}, coder)


def _merged(tx: Tx, moved: Mapping[str, str]) -> Iterator[Write]:
    numbers = {key: _number(tx, key) for key in {*moved, *moved.values()}}
    into = {numbers[key]: numbers[to] for key, to in moved.items()}
    done: set[int] = set()
    for old in into:
        for page in _bearing(tx, old):
            # One that bears several of the codes changes once.
            fresh = [uid for number, uid in page if number not in done]
            if len(into) > 1:
                done.update(number for number, _ in page)
            for uid, found in CODINGS.find_many(tx, fresh).items():
                codes = sorted({into.get(code, code) for code in found.image["codes"]})
                yield Write(CODINGS, uid, found, {**found.image, "codes": codes})
    for key, to in moved.items():
        for (uid,) in tx.all(_MEMOS, the_key=key):
            found = NOTES.find(tx, uid)
            yield Write(NOTES, uid, found, {**found.image, "on_uid": to})


def _bearing(tx: Tx, code: int) -> Iterator[Sequence[tuple[int, str]]]:
    """Numbers and uids of the live codings that bear a code."""
    after = 0
    while page := tx.all(_BEARING, the_code=code, after=after):
        after = page[-1][0]
        yield page


def _divided(tx: Tx, made: Edit, codings: Mapping[str, Any], coder: int | None) -> Iterator[Write]:
    key = str(made.split)
    if not isinstance(codings, Mapping):
        raise ArgumentError(f"'codings' is a mapping from uids to lists of codes, not {codings!r}")
    old = _number(tx, key)
    chosen = _Chosen(tx, (*made.parts, key))
    for some in pieces(codings):
        for uid, found in own(tx, some, coder).items():
            if old not in found.image["codes"]:
                say = f"the coding {uid!r} does not bear the code {key!r} any more"
                raise No("conflict", f"{say}; look at it again", (uid,))
            codes = {*found.image["codes"]} - {old} | chosen.numbers(codings[uid])
            if codes != {*found.image["codes"]}:
                yield Write(CODINGS, uid, found, {**found.image, "codes": sorted(codes)})


def _left(tx: Tx, tree: Tree, made: Edit) -> Iterator[Write]:
    """A code that was split; gone if nothing bears it any more and nothing stands under it."""
    if made.split is None:
        return
    bearing = tx.all(_BEARING, the_code=_number(tx, made.split), after=0)
    if not bearing and not tree.below(made.split):
        tree.put(made.split, gone=1)
    write = tree.write(made.split)
    if write is not None:
        yield write


class _Chosen:
    """Codes of a split by key or name, as numbers."""

    def __init__(self, tx: Tx, first: Sequence[str]) -> None:
        self._tx, self._tree = tx, Tree(tx)
        self._known: dict[str, int] = {}
        for key in reversed(first):  # the first of a name wins
            number = _number(tx, key)
            self._known[self._tree.image(key)["name"].casefold()] = number
        self._known.update({key: _number(tx, key) for key in first})

    def numbers(self, given: object) -> set[int]:
        """The codes that one coding is to bear instead."""
        listed = [given] if isinstance(given, str) else given
        if not isinstance(listed, Sequence) or not all(isinstance(one, str) for one in listed):
            raise ArgumentError(f"a coding of a split gets a list of codes, not {given!r}")
        return {self._number(one) for one in listed}

    def _number(self, given: str) -> int:
        known = self._known.get(given) or self._known.get(given.strip().casefold())
        if known is None:
            known = self._known[given] = _number(self._tx, self._tree.code(given))
        return known


def _number(tx: Tx, key: str) -> int:
    number = CODES.find(tx, key).id
    return names.live(tx, "code", key) if number is None else number
