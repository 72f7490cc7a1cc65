"""What people decide about a study: journey, codebook, figures, notes, documents."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cjm_widgets.model.codebook import Codebook
from cjm_widgets.model.journey import Journey
from cjm_widgets.store.contents import documents, figures, structure
from cjm_widgets.store.contents.structure import Edited

if TYPE_CHECKING:
    import pandas as pd

    from cjm_widgets.store.engine.database import Database


def _op() -> str:
    return uuid.uuid4().hex


class Decisions:
    """What `Store` keeps of people's decisions; all of it journalled."""

    base: Database

    def journey(self) -> Journey:
        """The study's journey; one without stages if none was set."""
        with self.base.read() as tx:
            return structure.journey(tx)

    def set_journey(self, journey: Journey, actor: str) -> Edited:
        """Make the study's journey what is given, as one action that can be undone.

        A stage left out is retired: no longer offered, but codings at it stay as they were.
        """
        with self.base.write() as tx:
            return structure.set_journey(tx, journey, actor, _op())

    def codebook(self) -> Codebook:
        """The study's codebook; an empty one if none was set."""
        with self.base.read() as tx:
            return structure.codebook(tx)

    def set_codebook(self, codebook: Codebook, actor: str) -> Edited:
        """Make the study's codebook what is given, as one action that can be undone.

        A code left out is retired: no longer offered, but codings that bear it keep it.
        """
        with self.base.write() as tx:
            return structure.set_codebook(tx, codebook, actor, _op())

    def kpis(self) -> pd.DataFrame:
        """KPI figures by the contract KPIS."""
        with self.base.read() as tx:
            return figures.kpis(tx)

    def add_kpis(self, frame: pd.DataFrame, actor: str) -> Edited:
        """Write KPI figures as one action; the same KPI, stage, segment and date replaces."""
        with self.base.write() as tx:
            return figures.add_kpis(tx, frame, actor, _op())

    def notes(self) -> pd.DataFrame:
        """Notes, the oldest first: note, on_kind, on_uid, lane, author, text, at."""
        with self.base.read() as tx:
            return figures.notes(tx)

    def add_note(
        self, on_kind: str, on_uid: str, text: str, author: str, *, lane: str | None = None
    ) -> str:
        """Write a note on a stage (by key) or on anything else; gives its uid."""
        with self.base.write() as tx:
            return figures.add_note(tx, (on_kind, on_uid), text, author=author, lane=lane, op=_op())

    def change_note(self, uid: str, text: str, actor: str) -> None:
        """Give a note other words; undo brings the old ones back."""
        with self.base.write() as tx:
            figures.change_note(tx, uid, text, actor, _op())

    def remove_note(self, uid: str, actor: str) -> None:
        """Take a note away; undo brings it back."""
        with self.base.write() as tx:
            figures.remove_note(tx, uid, actor, _op())

    def documents(self, kind: str) -> dict[str, dict[str, Any]]:
        """Documents of a kind by uid, in the order in which they were first made."""
        with self.base.read() as tx:
            return documents.documents(tx, kind)

    def put_document(
        self, kind: str, uid: str, body: Mapping[str, Any], actor: str, label: str | None = None
    ) -> int:
        """Make a document what is given, as one action that can be undone.

        Parameters
        ----------
        kind
            What it is: ``persona``, ``target``, ``link``…; a plain word.
        uid
            Its name among those of its kind; one that is there is replaced.
        body
            What it holds: a mapping of what JSON can carry.
        actor
            Who decides it, and may undo it.
        label
            What the history calls the action; the kind if not given.

        Returns
        -------
        int
            Number of the action in the journal; 0 if the document was so already.
        """
        with self.base.write() as tx:
            return documents.put(tx, kind, uid, body, actor=actor, label=label or kind, op=_op())

    def put_documents(
        self,
        kind: str,
        bodies: Mapping[str, Mapping[str, Any]],
        actor: str,
        label: str | None = None,
    ) -> int:
        """As `put_document`, several by uid as one action."""
        with self.base.write() as tx:
            return documents.put_all(tx, kind, bodies, actor=actor, label=label or kind, op=_op())

    def drop_document(self, kind: str, uid: str, actor: str, label: str | None = None) -> int:
        """Take a document away, as one action that can be undone; gives its number.

        Raises
        ------
        UnknownName
            If there is none of that uid.
        """
        with self.base.write() as tx:
            return documents.drop(tx, kind, uid, actor=actor, label=label or kind, op=_op())
