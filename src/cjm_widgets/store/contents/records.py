"""What was done to a study and what it was like, as verbs of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError
from cjm_widgets.store.contents import past
from cjm_widgets.store.contents.past import Past
from cjm_widgets.store.engine import schema
from cjm_widgets.store.history import chronicle
from cjm_widgets.store.history.chronicle import Asked

if TYPE_CHECKING:
    import pandas as pd

    from cjm_widgets.store.engine.database import Database


class Records:
    """Questions that `Store` answers from its journal."""

    base: Database

    def history(
        self, actor: str | None = None, limit: int | None = None, *, asked: Asked | None = None
    ) -> pd.DataFrame:
        """What was done, the newest first.

        Parameters
        ----------
        actor, limit
            Whose actions, and how many at most; None for all.
        asked
            Which actions, more closely; `actor` does not count then.

        Returns
        -------
        pandas.DataFrame
            Columns seq, at (UTC), actor, kind (do, undo, redo), label, state (done, undone,
            dropped; past for undo and redo), target (seq of what was undone), rows.
        """
        with self.base.read() as tx:
            return chronicle.history(tx, asked or Asked(actor=actor), limit)

    def changes(self, asked: Asked, limit: int | None, language: str) -> pd.DataFrame:
        """What changed, a field a row, the newest first; columns `chronicle.CHANGES`."""
        with self.base.read() as tx:
            return chronicle.changes(tx, asked, limit, language)

    def at(self, seq: int) -> Past:
        """The study as it was after an action, 0 being before the first.

        Raises
        ------
        ArgumentError
            If the journal has no such number.
        """
        with self.base.read() as tx:
            last = int(tx.fetch(sa.select(schema.study.c.seq))[0][0])
        if not 0 <= seq <= last:
            raise ArgumentError(
                f"the journal's numbers go from 0 (before anything was done) to {last}, not {seq}; "
                f"study.history() lists them"
            )
        return Past(self.base, seq)

    def seq_at(self, moment: int) -> int:
        """Number of the last action at a moment, in microseconds since 1970; 0 if none was."""
        with self.base.read() as tx:
            return past.last_at(tx, moment)

    def time_of(self, seq: int) -> int | None:
        """When an action was done, in microseconds since 1970; None if there is none."""
        with self.base.read() as tx:
            return past.at_of(tx, seq)
