"""Coding by search: proposed, looked through, and only then taken; one undo takes it back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.measure.passages.queries import Mask, parse, select, word_pattern
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.columns import tuples
from cjm_widgets.study.base import StudyBase
from cjm_widgets.text.fold import fold
from cjm_widgets.text.sentences import sentences
from cjm_widgets.text.turns import only
from cjm_widgets.view.coding.passages_view import PassagesView

if TYPE_CHECKING:
    from cjm_widgets.store import Store

Scope = Literal["sentence", "text", "turn"]
CHUNK = 5_000
MOST = 200_000
"""Passages one search may propose."""
_COLUMNS = {
    "feedback": "int64",
    "version": "int64",
    "start": "int64",
    "stop": "int64",
    "passage": "str",
    "before": "str",
    "after": "str",
    "source_id": "str",
    "respondent": "str",
    "channel": "str",
    "language": "str",
}
_NEAR = 120


class Proposal:
    """Passages that a search found, before anybody takes them as codings.

    Attributes
    ----------
    frame : pandas.DataFrame
        `feedback`, `version`, `start`, `stop`, `passage`, `before`, `after`, `source_id`,
        `respondent`, `channel`, `language`; look through it, and keep what fits.
    """

    def __init__(
        self,
        store: Store,
        frame: pd.DataFrame,
        *,
        query: str,
        stage: str | None,
        valence: float | None,
        codes: tuple[str, ...],
        language: str,
    ) -> None:
        self._store, self.frame, self.query = store, frame, query
        self.stage, self.valence, self.codes = stage, valence, codes
        self.language = language

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        return repr(self._view())

    def keep(self, rows: Iterable[int] | pd.Series[bool]) -> Proposal:
        """The same with some rows only: places from 0, or a truth value per row."""
        chosen = rows if isinstance(rows, pd.Series) else list(rows)
        places = np.flatnonzero(chosen) if _truths(chosen) else np.asarray(chosen, dtype=np.int64)
        return self._with(self.frame.iloc[places])

    def drop(self, rows: Iterable[int]) -> Proposal:
        """The same without some rows, by their places from 0."""
        return self._with(self.frame.drop(self.frame.index[list(rows)]))

    def take(self, coder: str) -> pd.DataFrame:
        """Make codings of what is proposed, in a coder's name, as one action.

        What this coder has coded there with the same stage and codes already is left out.

        Parameters
        ----------
        coder
            Who takes them; ``study.undo(coder)`` takes all back at once.

        Returns
        -------
        pandas.DataFrame
            `coder`, `codings` (new), `same` (left out, as they were there).

        Raises
        ------
        ArgumentError
            If the coder has no name.
        """
        if not isinstance(coder, str) or not coder.strip():
            raise ArgumentError(f"a coder needs a name that is a non-empty text, not {coder!r}")
        who = coder.strip()
        fresh = self._fresh(who)
        made = [
            Coding(
                "",
                int(row.feedback),
                int(row.version),
                int(row.start),
                int(row.stop),
                who,
                stage=self.stage,
                valence=self.valence,
                codes=self.codes,
                origin="suggestion",
            )
            for row in tuples(fresh)
        ]
        written = self._store.add_codings(made, "autocode")
        new = int(written["codings"].sum()) if len(written) else 0
        row = {"coder": who, "codings": new, "same": len(self.frame) - new}
        return pd.DataFrame([row]).astype({"coder": "str"})

    def _fresh(self, coder: str) -> pd.DataFrame:
        mine = self._store.codings(coder)
        if not len(mine):
            return self.frame
        wanted = set(self.codes)
        said = [
            (wanted <= set(codes.split("; ")) if wanted else True)
            and (self.stage is None or stage == self.stage)
            for codes, stage in zip(mine["codes"].fillna(""), mine["stage"], strict=True)
        ]
        place = ["feedback", "version", "start", "stop"]
        there = pd.MultiIndex.from_frame(mine.loc[said, place])
        return self.frame[~pd.MultiIndex.from_frame(self.frame[place]).isin(there)]

    def _with(self, frame: pd.DataFrame) -> Proposal:
        return Proposal(
            self._store,
            frame.reset_index(drop=True),
            query=self.query,
            stage=self.stage,
            valence=self.valence,
            codes=self.codes,
            language=self.language,
        )

    def _view(self) -> PassagesView:
        shown = self.frame.assign(
            stage=self.stage,
            valence=np.nan if self.valence is None else self.valence,
            codes="; ".join(self.codes),
            coder="",
            memo="",
        )
        return PassagesView(
            shown,
            query=self.query,
            stages={one.key: one.name(self.language) for one in self._store.journey()},
            codes={code.key: code.name for code in self._store.codebook()},
            language=self.language,
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return self._view()._repr_mimebundle_(include, exclude)


class Autocoding(StudyBase):
    """Coding by search."""

    def autocode(
        self,
        query: str,
        *,
        stage: str | None = None,
        codes: str | Sequence[str] = (),
        valence: float | None = None,
        scope: Scope = "sentence",
    ) -> Proposal:
        """Propose codings for all passages with certain words; nothing is coded yet.

        Parameters
        ----------
        query
            Words as in ``"refund* OR rembours*"``, ``"late AND (parcel OR delivery)"``,
            ``'"gift card" NOT balance'``: without case and accents, ``*`` for any ending.
        stage, codes, valence
            What the codings will say; key or name, −1…1.
        scope
            What a passage is: each ``"sentence"``, ``"turn"`` of a transcript, or whole
            ``"text"``.

        Returns
        -------
        Proposal
            Shows itself as a list. ``.frame`` to look through, ``.keep(…)`` and ``.drop(…)`` to
            choose, ``.take("ana")`` to make codings of it: one action, one undo.

        Raises
        ------
        ArgumentError, UnknownName
            If the query cannot be understood, nothing is to be said, or a name is unknown.

        Notes
        -----
        What an interviewer says is left out.
        """
        if scope not in get_args(Scope):
            raise UnknownName("scope", scope, get_args(Scope))
        book = self.codebook
        given = [codes] if isinstance(codes, str) else list(codes)
        keys = tuple(book.code(name).key for name in given)
        key = None if stage is None else self._ensure_journey().stage(stage).key
        if not keys and key is None and valence is None:
            raise ArgumentError("autocode needs something to say: a stage, codes or a valence")
        if valence is not None and not -1 <= valence <= 1:
            raise ArgumentError(f"valence lies between −1 and 1, not {valence!r}")
        parse(query)
        rows = [row for chunk in self._store.feedback(chunk=CHUNK) for row in
                self._proposed(chunk, query, scope)]  # fmt: skip
        if len(rows) > MOST:
            raise ArgumentError(
                f"{len(rows):,} passages fit {query!r}, more than the {MOST:,} one search may "
                f"propose; ask more narrowly"
            )
        frame = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)
        return Proposal(
            self._store,
            frame,
            query=query,
            stage=key,
            valence=valence,
            codes=keys,
            language=self.language,
        )

    def _proposed(self, chunk: pd.DataFrame, query: str, scope: Scope) -> Iterator[tuple[Any, ...]]:
        units = pd.DataFrame(
            self._units(chunk, scope), columns=["at", "feedback", "version", "start", "stop"]
        )
        texts = chunk["text"].tolist()
        words = [
            fold(texts[at][start:stop])
            for at, start, stop in zip(units["at"], units["start"], units["stop"], strict=True)
        ]

        def resolve(field: str, value: str) -> Mask | None:
            if field.strip().casefold() not in ("", "word", "words", "mot", "mots"):
                return None
            pattern = word_pattern(fold(value))
            return np.array([bool(pattern.search(one)) for one in words], dtype=np.bool_)

        passages = units.assign(valence=np.nan, codes="")
        for row in tuples(units[select(passages, query, resolve)]):
            text, about = texts[row.at], chunk.iloc[row.at]
            yield (
                row.feedback,
                row.version,
                row.start,
                row.stop,
                text[row.start : row.stop],
                text[max(0, row.start - _NEAR) : row.start],
                text[row.stop : row.stop + _NEAR],
                *(about[name] for name in ("source_id", "respondent", "channel", "language")),
            )

    def _units(self, chunk: pd.DataFrame, scope: Scope) -> Iterator[tuple[int, int, int, int, int]]:
        """Passages of a chunk's texts: place, text, version, start, stop."""
        turns = self._store.turns(chunk["feedback"])
        spoken = {
            feedback: list(zip(part["start"], part["stop"], strict=True))
            for feedback, part in turns[turns["role"] == "respondent"].groupby("feedback")
        }
        silent = set(turns["feedback"]) - set(spoken)
        columns = (chunk[name] for name in ("feedback", "version", "text", "language"))
        for at, (feedback, version, text, language) in enumerate(zip(*columns, strict=True)):
            said = spoken.get(feedback)
            if feedback in silent:
                continue
            if scope == "turn" and said is not None:
                ranges = said
            elif scope == "sentence":
                shown = text if said is None else only(text, said)
                known = language if isinstance(language, str) else self.language
                ranges = sentences(shown, known)
            else:
                ranges = [(0, len(text))] if text.strip() else []
            for start, stop in ranges:
                yield at, feedback, version, int(start), int(stop)


def _truths(rows: Any) -> bool:
    if isinstance(rows, pd.Series):
        return bool(pd.api.types.is_bool_dtype(rows.dtype))
    return bool(rows) and all(isinstance(value, bool | np.bool_) for value in rows)
