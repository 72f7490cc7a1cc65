"""Codings in the order of the codebook, a few codes at a time.

A coding stands where its first code stands. To know that of all codings takes a third of a second
where there are 200,000; a page needs only those of the next codes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from cjm_widgets.store.contents import structure
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx

LAST = 10**9
"""Where passages without a stage, a code or a valence stand: behind all others."""

_C, _CC, _K = schema.coding, schema.coding_code, schema.code

_RANKS = {
    "sqlite": "SELECT value AS code, key AS rank FROM json_each(:ranks)",
    "postgresql": "SELECT CAST(told AS bigint) AS code, rank - 1 AS rank FROM "
    "json_array_elements_text(CAST(:ranks AS json)) WITH ORDINALITY AS each_code (told, rank)",
}
_BEFORE = {
    "sqlite": "SELECT value AS code FROM json_each(:before)",
    "postgresql": "SELECT CAST(value AS bigint) AS code FROM "
    "json_array_elements_text(CAST(:before AS json))",
}
"""Codes with their place in the whole codebook: `code.place` is that among its siblings."""


def _first_code(backend: str) -> sa.Subquery:
    """Codings whose first code is one of some codes, with its place."""
    each = sa.text(_RANKS[backend]).columns(code=sa.Integer, rank=sa.Integer)
    ranks = each.subquery("each_rank")
    earlier = _CC.alias("earlier")
    before = sa.text(_BEFORE[backend]).columns(code=sa.Integer).subquery("each_before")
    taken = sa.exists().where(
        earlier.c.coding == _CC.c.coding, earlier.c.code.in_(sa.select(before.c.code))
    )
    lowest = sa.cast(sa.bindparam("lowest"), sa.Integer)
    return (
        sa.select(_CC.c.coding, (sa.func.min(ranks.c.rank) + lowest).label("rank"))
        .join(ranks, ranks.c.code == _CC.c.code)
        .where(~taken)
        .group_by(_CC.c.coding)
        .subquery("first_code")
    )


FIRST_CODE = {backend: _first_code(backend) for backend in _RANKS}
RANK: sa.ColumnElement[int] = sa.literal_column("first_code.rank", sa.Integer)
NONE: sa.ColumnElement[int] = sa.literal(LAST)
WITHOUT = ~sa.exists().where(_CC.c.coding == _C.c.id)

Block = tuple[int, int] | None
"""Places of codes, from the first to before the second; None for codings without a code."""


def blocks(codes: int, begin: int | None, *, down: bool) -> Iterator[Block]:
    """Some codes at a time, ever more, from one on.

    Parameters
    ----------
    codes
        How many there are.
    begin
        Place of the code to begin with, `LAST` for none; None for the first of all.
    down
        From the last to the first.

    Examples
    --------
    >>> list(blocks(5, None, down=False)), list(blocks(5, 2, down=True))
    ([(0, 1), (1, 3), (3, 5), None], [(2, 3), (0, 2)])
    """
    size = 1
    if down:
        if begin is None or begin >= codes:
            yield None
        at = codes if begin is None else min(begin + 1, codes)
        while at > 0:
            yield max(at - size, 0), at
            at, size = at - size, 2 * size
        return
    at = min(begin or 0, codes)
    while at < codes:
        yield at, min(at + size, codes)
        at, size = at + size, 2 * size
    yield None


def in_order(tx: Tx) -> list[int]:
    """Numbers of all codes in the order of the codebook, retired ones at the end."""
    numbers = {key: number for number, key in tx.fetch(sa.select(_K.c.id, _K.c.uid))}
    offered = [code.key for code in structure.codebook(tx).codes]
    return [numbers[key] for key in dict.fromkeys([*offered, *numbers])]


def values_of(codes: Sequence[int], block: Block) -> dict[str, Any]:
    """What `FIRST_CODE` is asked with."""
    if block is None:
        return {}
    low, high = block
    return {
        "ranks": json.dumps(list(codes[low:high])),
        "before": json.dumps(list(codes[:low])),
        "lowest": low,
    }
