"""Digests of an import's texts without ids, gathered and written in order."""

from __future__ import annotations

from typing import Any

import numpy as np
import sqlalchemy as sa

from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Database
from cjm_widgets.store.engine.statement import Statement

CHUNK = 20_000
"""Rows of three numbers written in one transaction: about 20 ms."""

_ADD = Statement(
    lambda insert: (
        insert(schema.content)
        .values({name: sa.bindparam(name) for name in ("source", "digest", "feedback")})
        .on_conflict_do_nothing()
    )
)


class Digests:
    """16 bytes a text until the import ends."""

    def __init__(self) -> None:
        self._digests: list[np.ndarray[Any, np.dtype[np.int64]]] = []
        self._numbers: list[np.ndarray[Any, np.dtype[np.int64]]] = []

    def keep(self, digests: list[int], numbers: range) -> None:
        """Remember texts; those with digest 0 have an id of their own."""
        found = np.asarray(digests, np.int64)
        self._digests.append(found[found != 0])
        self._numbers.append(np.arange(numbers.start, numbers.stop)[found != 0])

    def write(self, base: Database, source: int) -> None:
        """Write all, in the order of the digests."""
        if not self._digests:
            return
        digests, numbers = np.concatenate(self._digests), np.concatenate(self._numbers)
        order = np.argsort(digests)
        for begin in range(0, len(order), CHUNK):
            part = order[begin : begin + CHUNK]
            rows = zip(digests[part].tolist(), numbers[part].tolist(), strict=True)
            with base.write(durable=False) as tx:
                tx.many(_ADD, [(source, digest, number) for digest, number in rows])
