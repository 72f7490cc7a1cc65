"""Verbs about what was done: undo, redo, history, changes, and the study as it was."""

from __future__ import annotations

import os
import tempfile
import weakref
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from cjm_widgets.errors import ArgumentError
from cjm_widgets.store.history.chronicle import Asked
from cjm_widgets.study.base import EDITOR, StudyBase
from cjm_widgets.words import say, texts

if TYPE_CHECKING:
    import pandas as pd

    from cjm_widgets.model.codebook import Codebook
    from cjm_widgets.model.journey import Journey
    from cjm_widgets.store.contents.past import Past

S = TypeVar("S", bound=StudyBase)

Moment = str | datetime
"""A time: ISO 8601 or a datetime; without a zone it is UTC. A day alone is its beginning."""


def words_of(label: str, language: str) -> str:
    """What the journal's label of an action means; the label itself where nobody says.

    >>> words_of("merge_codes", "en"), words_of("my own", "en")
    ('merging of codes', 'my own')
    """
    return _labels(language).get(label, label)


def _labels(language: str) -> dict[str, str]:
    found: dict[str, str] = texts(language)["history"]["labels"]
    return found


def microseconds(moment: object) -> int:
    """A moment as microseconds since 1970.

    Raises
    ------
    ArgumentError
        If it is none.
    """
    import pandas as pd

    try:
        if isinstance(moment, float):
            raise TypeError("a number is no time")
        stamp = pd.Timestamp(moment)  # type: ignore[arg-type]  # it refuses what is no moment
        if stamp.tz is not None:
            stamp = stamp.tz_convert("UTC").tz_localize(None)
        if pd.isna(stamp):
            raise ValueError("no time")
        return int(stamp.to_datetime64().astype("datetime64[us]").astype("int64"))
    except (TypeError, ValueError) as error:
        raise ArgumentError(
            f"a moment is a time such as '2026-03-31 14:00' or a datetime, not {moment!r}"
        ) from error


class PastStudy(Generic[S]):
    """A study as it was after one action; it can be looked at, not changed.

    Made by ``study.at(…)``. Journey, codebook, codings and history are read from the journal;
    `study` is all of it, as a study that can be asked for curves, maps and everything else.
    """

    def __init__(self, of: S, past: Past, seq: int, at: pd.Timestamp | None) -> None:
        self._of, self._past, self._language = of, past, of.language
        self._made: S | None = None
        self.seq = seq
        """Number of the last action that counts; 0 is before the first."""
        self.at = at
        """When that action was done, in UTC and exactly: ``study.at(then.at)`` is the same moment.
        None before the first."""

    @property
    def study(self) -> S:
        """The study as it was, as a study of its own: `memos`, `kpis`, `personas`, `curve`,
        `map`, `compare`…

        It is opened from a copy in a temporary folder, made when it is first asked for and
        removed when nobody holds it any more; what is done to it changes nothing elsewhere.
        Settings, scores and stages predicted from a column are those of today: they are not in
        the journal.

        Raises
        ------
        StoreError
            For a study on PostgreSQL, which only the server's own tool copies.
        """
        if self._made is None or self._made._store.base.closed:
            folder = tempfile.TemporaryDirectory(prefix="cjm-past-", ignore_cleanup_errors=True)
            path = self.copy(Path(folder.name) / "past.cjm")
            self._made = type(self._of)(path, language=self._language, create=False)
            # The copy lives as long as somebody holds the study made of it.
            weakref.finalize(self._made, folder.cleanup)
        return self._made

    def copy(self, path: str | os.PathLike[str]) -> Path:
        """Write the study as it was as a file of its own, to be opened with ``cjm.Study(path)``.

        Texts that were imported later are in the file, out of sight, and nothing brings them
        back but importing them again.

        Raises
        ------
        ArgumentError
            If there is a file already, or no such folder.
        StoreError
            For a study on PostgreSQL.
        """
        return self._of._store.copy(path, at=self.seq)

    @property
    def when(self) -> str:
        """The moment in words, to the second and in UTC."""
        told = "" if self.at is None else f"{self.at:%Y-%m-%d %H:%M:%S} UTC"
        return told or say("history.before_all", self._language)

    @property
    def journey(self) -> Journey:
        """The stages as they were."""
        return self._past.journey()

    @property
    def codebook(self) -> Codebook:
        """The codes as they were."""
        return self._past.codebook()

    def codings(self, coder: str | None = None) -> pd.DataFrame:
        """What was coded then; columns as ``study.codings()``."""
        return self._past.codings(coder)

    def history(self, actor: str | None = None, limit: int | None = None) -> pd.DataFrame:
        """What had been done by then; columns as ``study.history()``, `state` as it was."""
        if actor is not None:
            self._of._known_actor(actor, "actor")
        return _with_words(self._past.history(actor, limit), self._language)

    def __repr__(self) -> str:
        return f"PastStudy(after action {self.seq}, {self.when})"


class History(StudyBase):
    """What became of the study, by whom, and back."""

    def undo(self, actor: str = EDITOR) -> str:
        """Take back the newest action of a coder or of the editor (journey, codebook, KPIs, notes).

        Returns
        -------
        str
            What was undone, in the study's language: ``coding``, ``import``, ``merging of
            codes``…

        Raises
        ------
        Conflict
            If there is nothing to undo, or somebody has changed or uses what would go.
        """
        return words_of(self._store.undo(actor).label, self.language)

    def redo(self, actor: str = EDITOR) -> str:
        """Do again what was undone last; returns and raises as `undo`."""
        return words_of(self._store.redo(actor).label, self.language)

    def history(
        self,
        actor: str | None = None,
        limit: int | None = None,
        *,
        what: str | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        text: str | None = None,
    ) -> pd.DataFrame:
        """What was done, the newest first.

        Parameters
        ----------
        actor
            Whose actions; None for everybody's.
        limit
            At most so many.
        what
            What they changed: ``coding``, ``code``, ``stage``, ``journey``, ``note``, ``kpi``,
            ``document``, ``text``, ``import``; or an action's label, such as ``merge_codes``.
        since, until
            Moments in UTC; `until` itself is not included.
        text
            What must occur in the action's name, the actor's name or what was changed;
            capitals do not matter.

        Returns
        -------
        pandas.DataFrame
            Columns `seq`, `at` (UTC), `actor`, `kind` (do, undo, redo), `label` (a word for
            programs), `state` (done, undone, dropped, past), `target` (number of what was
            undone), `rows` (changed), `words` (what was done, in the study's language).

        Raises
        ------
        UnknownName
            If nobody of the name `actor` has ever done anything, or `what` is unknown.
        """
        asked = self._asked_of(actor, what, since, until, text)
        return _with_words(self._store.history(limit=_most(limit), asked=asked), self.language)

    def changes(
        self,
        actor: str | None = None,
        limit: int | None = None,
        *,
        what: str | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        text: str | None = None,
    ) -> pd.DataFrame:
        """What changed, field by field, the newest action first.

        Parameters are those of `history`; `limit` counts rows.

        Returns
        -------
        pandas.DataFrame
            A row per changed field: `seq`, `at` (UTC), `actor`, `kind` (do, undo, redo),
            `label`, `what` (kind of row), `row` (its public name), `name` (what people call
            it: a passage or text by its first 60 code points), `field`, `before`, `after`
            (missing where there was, or is, nothing), `words`. Stages and codes by their
            names of today, valence on the coder's scale −2 to +2.
        """
        asked = self._asked_of(actor, what, since, until, text)
        return _with_words(self._store.changes(asked, _most(limit), self.language), self.language)

    def at(self, moment: Moment | int) -> PastStudy[Self]:
        """The study as it was at a moment in the past.

        Parameters
        ----------
        moment
            A time in UTC, or the number of an action (`seq` in `history`): right after it.

        Returns
        -------
        PastStudy
            `journey`, `codebook`, ``codings()`` and ``history()`` as they were, and `study`:
            all of it as a study of its own, such as for ``study.at(40).study.map()`` or
            ``study.compare(study.at(40).study, study)``.

        Raises
        ------
        ArgumentError
            If it is no time, or no such number.
        """
        import pandas as pd

        number = _number(moment)
        seq = self._store.seq_at(microseconds(moment)) if number is None else number
        past = self._store.at(seq)
        at = self._store.time_of(seq)
        return PastStudy(self, past, seq, None if at is None else pd.Timestamp(at, unit="us"))

    def _asked_of(
        self,
        actor: str | None,
        what: str | None,
        since: Moment | None,
        until: Moment | None,
        text: str | None,
    ) -> Asked:
        if actor is not None and not isinstance(actor, str):
            raise ArgumentError(
                f"actor is somebody's name, not {actor!r}; for the newest say limit={actor!r}"
            )
        if actor is not None:
            self._known_actor(actor, "actor")
        labels = _labels(self.language)
        wanted = (text or "").casefold()
        return Asked(
            actor=actor,
            what=what,
            since=None if since is None else microseconds(since),
            until=None if until is None else microseconds(until),
            text=text or None,
            labels=frozenset(
                label for label, words in labels.items() if wanted and wanted in words.casefold()
            ),
        )


def _number(moment: object) -> int | None:
    """An action's number, also as a frame holds it; None for what is no whole number."""
    if isinstance(moment, bool) or not hasattr(moment, "__index__"):
        return None
    return int(moment.__index__())


def _most(limit: int | None) -> int | None:
    """A limit, checked."""
    if limit is not None and (_number(limit) is None or limit < 0):
        raise ArgumentError(f"limit is a number of rows from 0, or None for all, not {limit!r}")
    return limit


def _with_words(found: pd.DataFrame, language: str) -> pd.DataFrame:
    import pandas as pd

    said = []
    for kind, label in zip(found["kind"], found["label"], strict=True):
        words = words_of(label, language)
        said.append(words if kind == "do" else say(f"history.{kind}", language, what=words))
    return found.assign(words=pd.array(said, dtype="str"))
