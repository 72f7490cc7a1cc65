"""What imports that were killed left behind: texts nobody ever saw.

An unfinished batch names the process that writes it. If that is dead, or of another machine
and silent for ten minutes, its texts (the last ones of the study) are removed.
"""

from __future__ import annotations

import os
import socket

import sqlalchemy as sa

from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Database
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.history import journal
from cjm_widgets.store.imports.prepare import CHUNK

DEAD = 600_000_000
"""Microseconds without a chunk after which an import of another machine counts as dead."""

_B, _F, _D = schema.batch, schema.feedback, schema.content

OPEN = Statement(
    sa.select(_B.c.id, _B.c.uid, _B.c.owner, _B.c.beat, _B.c.first).where(_B.c.owner.is_not(None))
)
LAST = Statement(sa.select(sa.func.max(_F.c.id)))
DROP_BATCH = Statement(sa.delete(_B).where(_B.c.id == sa.bindparam("the_id")))
_DOOMED = tuple(
    Statement(sa.delete(table).where(column >= sa.bindparam("low"), column <= sa.bindparam("high")))
    for table, column in (
        (schema.progress, schema.progress.c.feedback),
        (schema.coding, schema.coding.c.feedback),
        (schema.attribute, schema.attribute.c.feedback),
        (schema.score, schema.score.c.feedback),
        (schema.turn, schema.turn.c.feedback),
        (schema.feedback, schema.feedback.c.id),
    )
)
_FORGET = Statement(sa.delete(_D).where(_D.c.feedback >= sa.bindparam("first")))
_UNSTAGE = Statement(
    sa.delete(schema.staged).where(schema.staged.c.batch == sa.bindparam("the_id"))
)
_RECOUNT = Statement(
    sa.update(schema.label).values(
        n=sa.select(sa.func.count())
        .where(schema.attribute.c.label == schema.label.c.id)
        .scalar_subquery()
    )
)


def running(base: Database) -> str | None:
    """Who is importing; clears what dead imports left."""
    with base.read() as tx:
        found = tx.all(OPEN)
    for batch, _, owner, beat, first in found:
        host, pid, _ = owner.split(":", 2)
        here = host == socket.gethostname()
        silent = journal.now() - beat > DEAD
        if (here and not _lives(int(pid))) or (not here and silent):
            clear(base, batch, first)
        else:
            return f"process {pid} on {host}"
    return None


def _lives(pid: int) -> bool:
    if pid == os.getpid():
        return True
    if os.name == "nt":
        return True  # asking about a process there may end it; the heartbeat decides
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def clear(base: Database, batch: int, first: int) -> None:
    """Remove what an unfinished import left; its texts are the last ones of the study."""
    while True:
        with base.write(durable=False) as tx:
            if not any(row[0] == batch for row in tx.all(OPEN)):
                return
            last = int(tx.one(LAST)[0] or 0)
            if last >= first:
                low = max(first, last - CHUNK + 1)
                for statement in _DOOMED:
                    tx.run(statement, low=low, high=last)
                continue
            tx.run(_FORGET, first=first)
            tx.run(_UNSTAGE, the_id=batch)
            tx.run(_RECOUNT)
            tx.run(DROP_BATCH, the_id=batch)
            return
