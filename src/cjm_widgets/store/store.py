"""Store: one study's data, in an SQLite file or on PostgreSQL."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Self

from cjm_widgets.errors import Conflict
from cjm_widgets.model.codebook import Codebook
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import ingest, journal, names, opening, structure
from cjm_widgets.store.database import PATIENCE, Database
from cjm_widgets.store.ingest import Added
from cjm_widgets.store.structure import Edited

if TYPE_CHECKING:
    import pandas as pd


class Store:
    def __init__(self, base: Database) -> None:
        self.base = base

    @classmethod
    def open(cls, where: str | os.PathLike[str], *, create: bool = True, name: str | None = None,
             language: str = "en", patience: float = PATIENCE) -> Self:
        return cls(opening.connect(where, create=create, name=name, language=language, patience=patience))

    def add(self, chunks: Iterable[pd.DataFrame], *, source: str, sha256: str | None = None,
            coder: str = "import", report: Callable[[], Mapping[str, Any]] | None = None) -> Added:
        return ingest.Import(self.base, source, sha256, coder).run(chunks, report)

    def journey(self) -> Journey:
        with self.base.read() as tx:
            return structure.journey(tx)

    def set_journey(self, journey: Journey, actor: str) -> Edited:
        with self.base.write() as tx:
            return structure.set_journey(tx, journey, actor, uuid.uuid4().hex)

    def undo(self, actor: str, expect: str | None = None, op: str | None = None) -> journal.Done:
        return self._step("undo", actor, expect, op)

    def redo(self, actor: str, expect: str | None = None, op: str | None = None) -> journal.Done:
        return self._step("redo", actor, expect, op)

    def _step(self, kind: Literal["undo","redo"], actor: str, expect: str | None, op: str | None) -> journal.Done:
        with self.base.write() as tx:
            done = journal.step(tx, names.actor(tx, actor), op or uuid.uuid4().hex, kind, expect)
        if isinstance(done, journal.Refused):
            raise Conflict(done.say)
        return done

    def close(self) -> None:
        self.base.close()
