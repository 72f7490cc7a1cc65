"""Store: one study's data, in an SQLite file or on PostgreSQL."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError, Conflict, StoreError
from cjm_widgets.model.coding import Coding
from cjm_widgets.store.contents import scores, turns
from cjm_widgets.store.contents.decisions import Decisions
from cjm_widgets.store.contents.lookups import Lookups
from cjm_widgets.store.contents.records import Records
from cjm_widgets.store.contents.rewind import rewind
from cjm_widgets.store.contents.scores import Unit
from cjm_widgets.store.contents.transcripts import Transcripts
from cjm_widgets.store.desks.edits import Edits
from cjm_widgets.store.engine import opening, schema
from cjm_widgets.store.engine.database import PATIENCE, Database
from cjm_widgets.store.engine.faults import damaged
from cjm_widgets.store.forgetting.forget import Forgetting
from cjm_widgets.store.history import journal
from cjm_widgets.store.history.journal import Done
from cjm_widgets.store.imports import bulk, ingest
from cjm_widgets.store.imports.ingest import Added
from cjm_widgets.store.imports.versions import Versions
from cjm_widgets.store.tables import frames, names, search
from cjm_widgets.store.tables.frames import Totals

if TYPE_CHECKING:
    import pandas as pd

    from cjm_widgets.text.turns import Speech


def _op() -> str:
    return uuid.uuid4().hex


class Store(Decisions, Edits, Records, Lookups, Transcripts, Versions, Forgetting):
    """One study's data. Safe from any thread; other processes may use the study meanwhile.

    Open one with `Store.open`; close it, or use it in a ``with`` block.
    """

    def __init__(self, base: Database) -> None:
        self.base = base
        with base.read() as tx:
            row = tx.fetch(
                sa.select(schema.study.c.uid, schema.study.c.name, schema.study.c.language)
            )
        self.uid: str = row[0][0]
        """The study's public name, stable for its life."""
        self.name: str = row[0][1]
        self.language: str = row[0][2]

    @classmethod
    def open(
        cls,
        where: str | os.PathLike[str],
        *,
        create: bool = True,
        name: str | None = None,
        language: str = "en",
        patience: float = PATIENCE,
    ) -> Self:
        """Open a study, or make one where there is none.

        Parameters
        ----------
        where
            A file's path, ``sqlite:///path`` or ``postgresql://user@host/database``.
        create
            Whether to make a study where there is none (also in an empty file).
        name, language
            Title and ISO 639-1 code of a study that is made; the file's name if not given.
        patience
            Seconds to wait for others who write.

        Raises
        ------
        NotAStudy, NewerStudy, DamagedStudy
            If what is there is another program's, a newer version's, or damaged.
        FileMissing
            If the folder does not exist, or the study does not and `create` is False.
        BusyStudy
            If another program does not let go of it, or the server does not answer.
        MissingExtra
            If psycopg is needed and not installed.
        """
        base = opening.connect(
            where, create=create, name=name, language=language, patience=patience
        )
        return cls(base)

    @property
    def path(self) -> Path | None:
        """The study's file; None on PostgreSQL."""
        return self.base.path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Bring everything into the file and let go of it. Closing twice does no harm."""
        self.base.close()

    def checkpoint(self) -> bool:
        """Bring the log beside an SQLite file into it; False if somebody was in the way."""
        return self.base.checkpoint()

    def check(self) -> None:
        """Read the whole file and raise DamagedStudy if it is not sound (1 s per 300 MB)."""
        if self.base.path is None:
            return
        with self.base.bare() as tx:
            found = [row[0] for row in tx.raw.execute("PRAGMA integrity_check(3)").fetchall()]
        if found != ["ok"]:
            raise damaged(self.base.path, "; ".join(map(str, found)))

    def copy(self, path: str | os.PathLike[str], at: int | None = None) -> Path:
        """Write a compact copy of the study, also while others use it.

        Parameters
        ----------
        path
            Where to; there must be no such file yet.
        at
            Number of the action after which the study is wanted as it was; None for now.

        Raises
        ------
        ArgumentError
            If there is a file already, no such folder, or the journal has no such number.
        StoreError
            On PostgreSQL, which has a tool of its own.
        """
        if self.base.path is None:
            raise StoreError(
                "a study on PostgreSQL is copied by the server's own tool: "
                f"pg_dump --format=custom --file=study.dump "
                f"'{self.base.url.set(drivername='postgresql', password=None)}'"
            )
        target = Path(path).expanduser().absolute()
        if target.exists():
            raise ArgumentError(f"{target} exists already; choose another name for the copy")
        if not target.parent.is_dir():
            raise ArgumentError(f"the folder {target.parent} does not exist; create it first")
        if at is None:
            self._vacuum_into(target)
            return target
        self.at(at)
        # Whoever sees the name of the copy sees all of it as it was.
        part = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
        try:
            self._vacuum_into(part)
            with type(self).open(part, create=False) as there:
                rewind(there.base, at)
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)
        return target

    def _vacuum_into(self, target: Path) -> None:
        with self.base.bare() as tx:
            tx.raw.execute("VACUUM INTO ?", (str(target),))

    def settings(self) -> dict[str, Any]:
        """Sticky choices, such as privacy; not journalled."""
        with self.base.read() as tx:
            rows = tx.fetch(sa.select(schema.study.c.settings))
        found: dict[str, Any] = json.loads(rows[0][0])
        return found

    def index_words(self) -> None:
        """Make the search index now (15 s per million texts), not at the first search."""
        search.catch_up(self.base)

    def setting(self, key: str, default: Any = None) -> Any:
        """One sticky choice."""
        return self.settings().get(key, default)

    def set_setting(self, key: str, value: Any) -> None:
        """Keep a sticky choice: anything JSON can hold; None removes it."""
        with self.base.write() as tx:
            kept = json.loads(tx.fetch(sa.select(schema.study.c.settings))[0][0])
            if value is None:
                kept.pop(key, None)
            else:
                kept[key] = value
            try:
                text = json.dumps(kept, ensure_ascii=False, allow_nan=False)
            except (TypeError, ValueError) as error:
                raise ArgumentError(f"setting {key!r} holds what JSON cannot: {error}") from error
            tx.conn.execute(schema.study.update().values(settings=text))

    def add(
        self,
        chunks: Iterable[pd.DataFrame],
        *,
        source: str,
        sha256: str | None = None,
        coder: str = "import",
        report: Callable[[], Mapping[str, Any]] | None = None,
        speech: Speech | None = None,
    ) -> Added:
        """Take feedback in: many small transactions, one action.

        The same source twice adds nothing: a row is found again by its id, or without one by
        its words and by how many such came before it in that source. Other words under the
        same id make a new version; other attributes are brought up to date; gaps erase
        nothing. Until the last chunk is in, nothing of the import is visible; if it is killed
        it has never happened, and running it again does all of it.

        Parameters
        ----------
        chunks
            Frames by the contract FEEDBACK; further columns are attributes.
        source
            Name of the file or frame; ids are unique within it.
        sha256
            Of the file, for the record.
        coder
            Whose codings the stages and valences of the source become.
        report
            Asked after the last chunk; what it gives is kept with the import.
        speech
            Who is known to speak in texts that are transcripts.

        Raises
        ------
        FrameError
            If a frame breaks its contract or holds what no database can.
        UnknownName
            If a stage is not one of the journey's; add those first.
        BusyStudy
            If another import into this study is running.
        """
        return ingest.Import(self.base, source, sha256, coder, speech).run(chunks, report)

    def undo(self, actor: str, expect: str | None = None, op: str | None = None) -> Done:
        """Undo the actor's newest action.

        Parameters
        ----------
        actor
            Whose.
        expect
            Op of the action meant; None takes the newest.
        op
            Id of this very undo; the same again does nothing more.

        Raises
        ------
        Conflict
            If there is nothing to undo, another action is the newest, or somebody changed or
            uses what would go; the message says which rows, and whose.
        """
        return self._step("undo", actor, expect, op)

    def redo(self, actor: str, expect: str | None = None, op: str | None = None) -> Done:
        """Redo the actor's oldest undone action; parameters and errors as for `undo`."""
        return self._step("redo", actor, expect, op)

    def _step(
        self, kind: Literal["undo", "redo"], actor: str, expect: str | None, op: str | None
    ) -> Done:
        with self.base.write() as tx:
            known = None if op is None else journal.earlier(tx, op)
            if known is not None:
                return journal.repeat(tx, str(op), known[0], known[3])
            answer = journal.step(tx, names.actor(tx, actor), op or _op(), kind, expect)
        if isinstance(answer, journal.Refused):
            raise Conflict(answer.say)
        return answer

    def feedback(self, *, text: bool = True, chunk: int = frames.CHUNK) -> Iterator[pd.DataFrame]:
        """All texts in order, some thousand at a time.

        Yields
        ------
        pandas.DataFrame
            Columns feedback, source, source_id, pos, version, respondent, at, channel,
            touchpoint, language, text (if wanted), then one per attribute; one that is named
            like a column before it gets `` (attribute)`` behind its name. There is always at
            least one frame, if an empty one.
        """
        return frames.feedback(self.base, text=text, chunk=chunk)

    def feedback_frame(self, *, text: bool = True) -> pd.DataFrame:
        """All texts as one frame; columns as `feedback`."""
        import pandas as pd

        return pd.concat(list(self.feedback(text=text, chunk=50_000)), ignore_index=True)

    def codings(self, coder: str | None = None, origin: str | None = None) -> pd.DataFrame:
        """Live codings by the contract CODINGS, by text and start.

        In a focus group the respondent is who speaks in the passage.
        """
        with self.base.read() as tx:
            return turns.credited(tx, frames.codings(tx, coder, origin))

    def add_codings(self, codings: Iterable[Coding], label: str = "import") -> pd.DataFrame:
        """Write codings made elsewhere, one action per coder: coder, codings, same."""
        with self.base.write() as tx:
            return bulk.add_codings(tx, codings, label)

    def coders(self) -> pd.DataFrame:
        """Who has coded: coder, kind (human, import, consensus), codings, texts, last."""
        with self.base.read() as tx:
            return frames.coders(tx)

    def actors(self) -> list[str]:
        """Names of everybody who has ever done anything."""
        with self.base.read() as tx:
            return frames.actors(tx)

    def totals(self) -> Totals:
        """Texts, respondents, codings, coders, first and last date."""
        with self.base.read() as tx:
            return frames.totals(tx)

    def attributes(self) -> pd.DataFrame:
        """Attributes of the texts: attribute, kind (text, integer, number), filter (flag)."""
        with self.base.read() as tx:
            return frames.attributes(tx)

    def attribute_values(self, key: str) -> pd.DataFrame:
        """Values of an attribute, channel, touchpoint or language: value, n."""
        with self.base.read() as tx:
            return frames.attribute_values(tx, key)

    def texts_to_score(
        self, scorer: str, version: str, chunk: int = frames.CHUNK, language: str | None = None
    ) -> Iterator[pd.DataFrame]:
        """Texts (of one language) not scored yet: feedback, version, language, text."""
        return scores.texts_to_score(self.base, scorer, version, chunk, language)

    def passages_to_score(
        self, scorer: str, version: str, chunk: int = frames.CHUNK, language: str | None = None
    ) -> Iterator[pd.DataFrame]:
        """Coded passages not scored yet: feedback, version, start, stop, language, text."""
        return scores.passages_to_score(self.base, scorer, version, chunk, language)

    def write_scores(self, frame: pd.DataFrame) -> int:
        """Keep scores by the contract SCORES; gives how many."""
        return scores.write(self.base, frame)

    def scores(self, scorer: str, unit: Unit = "text", version: str | None = None) -> pd.DataFrame:
        """Scores by the contract SCORES, of current texts and live passages only."""
        with self.base.read() as tx:
            return scores.scores(tx, scorer, unit, version)

    def set_languages(self, frame: pd.DataFrame) -> None:
        """Note the language found for texts: columns feedback, language; not journalled."""
        scores.set_languages(self.base, frame)
