"""People who code against a gold sample to learn it: coders of a kind of their own.

What they code while they learn is kept, and left out of every figure and of what suggestions
learn from.
"""

from __future__ import annotations

import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Database
from cjm_widgets.store.tables import names

KIND: names.ActorKind = "training"
_A = schema.actor


def trainees(base: Database) -> list[str]:
    """Names under which people have trained."""
    with base.read() as tx:
        return [row[0] for row in tx.fetch(sa.select(_A.c.name).where(_A.c.kind == KIND))]


def trainee(base: Database, name: str) -> str:
    """The name under which somebody trains, made if there is none yet.

    Raises
    ------
    ArgumentError
        If somebody codes under that name already.
    """
    made = f"{name} (training)"
    with base.write() as tx:
        number = names.actor(tx, made, KIND)
        kind = tx.fetch(sa.select(_A.c.kind).where(_A.c.id == number))[0][0]
    if kind != KIND:
        raise ArgumentError(
            f"there is a coder {made!r} already, whose codings count; train under another name"
        )
    return made
