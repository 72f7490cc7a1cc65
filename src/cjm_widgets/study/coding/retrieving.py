"""Verbs that find passages again, count codes and lay them against each other."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.export.passages import By, write_passages
from cjm_widgets.measure.passages.code_tables import Count, Meeting, counted, crossed, frequencies
from cjm_widgets.measure.passages.queries import Mask, bears, parse, select, word_pattern
from cjm_widgets.study.base import EDITOR
from cjm_widgets.study.curves.curves import COLUMNS, Curves
from cjm_widgets.study.evidence import evidence
from cjm_widgets.text.fold import fold
from cjm_widgets.view.coding.matrix_view import FrequencyView, MatrixView
from cjm_widgets.view.coding.passages_view import PassagesView

if TYPE_CHECKING:
    from cjm_widgets.view.parts.theme import Theme

CONTEXT = 120
"""Code points shown before and behind a passage."""
QUERY = "query"
"""Kind of the documents that keep searches under a name."""
_PLAIN = {"coder", "memo", "source", "id", "respondent", "origin"}


class Retrieving(Curves):
    """What was coded, found again."""

    def passages(
        self,
        query: str | None = None,
        *,
        coder: str | None = None,
        context: int = CONTEXT,
        theme: Theme = "auto",
    ) -> PassagesView:
        """The coded passages that a query finds, with what stands around them.

        Parameters
        ----------
        query
            Such as ``"fees AND NOT joy"``, ``"stage:purchase valence<0"``,
            ``"fees NEAR/200 stage:support"``, ``'persona:"first-time buyer" word:refund*'``, or
            the name of a kept one (`keep_query`). A term without a field is a code, and stands
            for the codes under it too. None finds all. See
            `cjm_widgets.measure.passages.queries.select` and docs/finding.md.
        coder
            Whose codings; None for everybody's.
        context
            Code points shown before and behind a passage.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        PassagesView
            Shows itself as a list; `frame` has the columns of `codings` and `before`, `after`,
            `channel`, `touchpoint`, `language`.

        Raises
        ------
        ArgumentError, UnknownName
            If the query cannot be understood, or names what is not there.
        """
        found = self._retrieved(query, coder)
        return PassagesView(
            self._in_context(found, context),
            query=query or "",
            stages={stage.key: stage.name(self.language) for stage in self.journey},
            codes={code.key: code.name for code in self.codebook},
            language=self.language,
            theme=theme,
        )

    def code_frequencies(
        self, query: str | None = None, *, coder: str | None = None, theme: Theme = "auto"
    ) -> FrequencyView:
        """How often each code occurs.

        Parameters
        ----------
        query, coder
            Among which passages; see `passages`.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        FrequencyView
            Shows itself as a picture; `frame` as
            `cjm_widgets.measure.passages.code_tables.frequencies`.
        """
        book = self.codebook
        below = {code.key: {under.key for under in book.below(code.key)} for code in book}
        deep = {key: _all_below(key, below) for key in below}
        table = frequencies(self._retrieved(query, coder), deep, self._store.totals().texts)
        return FrequencyView(table, book, language=self.language, theme=theme)

    def matrix(
        self,
        rows: str = "codes",
        columns: str = "stages",
        *,
        query: str | None = None,
        count: Count = "passages",
        meeting: Meeting = "same",
        theme: Theme = "auto",
    ) -> MatrixView:
        """How often two things meet: code × code, code × stage, code × attribute.

        Parameters
        ----------
        rows, columns
            ``"codes"``, ``"stages"``, ``"coders"``, or any column or attribute of the feedback.
        query
            Among which passages; see `passages`.
        count
            ``"passages"``, ``"texts"`` or ``"respondents"``.
        meeting
            ``"same"``: in one coding; ``"overlap"``: in codings that overlap, whoever made
            them; ``"text"``: in one text.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        MatrixView
            Shows itself as a table with tints; `frame` has the counts, `behind(row, column)`
            gives the passages of a cell.

        Raises
        ------
        UnknownName
            If rows, columns, `count` or `meeting` are unknown.
        """
        found = self._retrieved(query, None)
        left, left_names = self._labels(rows, found)
        right, right_names = self._labels(columns, found)
        cells = crossed(left, right, found, meeting)
        if rows == columns:
            cells = cells[cells["row"] != cells["column"]]
        table = counted(cells, found, list(left_names), list(right_names), count)
        return MatrixView(
            table,
            cells,
            self._in_context(found, CONTEXT),
            what=(rows, columns),
            names=(left_names, right_names),
            count=count,
            meeting=meeting,
            language=self.language,
            theme=theme,
        )

    def cooccurrence(
        self,
        columns: str = "codes",
        *,
        meeting: Meeting = "overlap",
        count: Count = "texts",
        query: str | None = None,
        theme: Theme = "auto",
    ) -> MatrixView:
        """Which codes occur together, or with which stages: `matrix` of codes, by overlap."""
        return self.matrix("codes", columns, query=query, count=count, meeting=meeting, theme=theme)

    def report(
        self,
        path: str | os.PathLike[str],
        query: str | None = None,
        *,
        by: By = "code",
        context: int = CONTEXT,
    ) -> Path:
        """A report of coded passages for people who have no notebook.

        Parameters
        ----------
        path
            ``.docx`` (extra ``docx``), ``.xlsx`` or ``.html``.
        query
            Which passages; see `passages`.
        by
            ``"code"``: a chapter for each code; ``"stage"``; ``"respondent"``; ``"text"``.
        context
            Code points shown before and behind a passage.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        ArgumentError
            If the suffix or `by` is unknown, or the study's privacy hides all quotes.

        Notes
        -----
        The study's privacy (`privacy`) holds: respondents as pseudonyms or not at all, quotes
        shortened, addresses and numbers blacked out.
        """
        found = self._in_context(self._retrieved(query, None), context)
        return write_passages(
            found,
            path,
            by=by,
            privacy=self._salted(),
            stages={stage.key: stage.name(self.language) for stage in self.journey},
            codes={code.key: code for code in self.codebook},
            title=self.name,
            query=query or "",
            language=self.language,
        )

    def keep_query(self, name: str, query: str | None, *, actor: str = EDITOR) -> pd.DataFrame:
        """Keep a query under a name, or forget it.

        Parameters
        ----------
        name
            What it goes by; `passages(name)` asks it again.
        query
            The query; None forgets it.
        actor
            Who does it; undone by ``study.undo(actor)``.

        Returns
        -------
        pandas.DataFrame
            All kept queries: `name`, `query`.
        """
        if not isinstance(name, str) or not name.strip():
            raise ArgumentError(f"a query's name is a non-empty text, not {name!r}")
        if query is None:
            if name not in self._store.documents(QUERY):
                raise UnknownName("kept query", name, self._store.documents(QUERY))
            self._store.drop_document(QUERY, name, actor)
        else:
            parse(query)
            self._store.put_document(QUERY, name.strip(), {"query": query}, actor)
        kept = [(uid, body["query"]) for uid, body in self._store.documents(QUERY).items()]
        return pd.DataFrame(kept, columns=["name", "query"]).astype("str")

    # How it is found --------------------------------------------------------------

    def _retrieved(self, query: str | None, coder: str | None) -> pd.DataFrame:
        if coder is not None:
            self._known_actor(coder, "coder")
        codings = evidence.current(self._store.codings(coder), self.journey)
        codings = codings.reset_index(drop=True)
        if query is None:
            return codings
        kept = self._store.documents(QUERY).get(query) if isinstance(query, str) else None
        asked = query if kept is None else str(kept["query"])
        mask = select(codings, asked, _Resolver(self, codings))
        return codings[mask].reset_index(drop=True)

    def _in_context(self, found: pd.DataFrame, context: int) -> pd.DataFrame:
        """Passages with their surroundings and the attributes of their texts."""
        if isinstance(context, bool) or not isinstance(context, int) or context < 0:
            raise ArgumentError(f"context is a number of characters from 0, not {context!r}")
        texts = self._store.texts(found["feedback"].unique()).set_index("feedback")
        words = texts["text"].to_dict()
        current = (
            found["version"].to_numpy() == texts["version"].reindex(found["feedback"]).to_numpy()
        )
        around = [
            _around(words.get(feedback, ""), start, stop, context if now else 0)
            for feedback, start, stop, now in zip(
                found["feedback"], found["start"], found["stop"], current, strict=True
            )
        ]
        before, after = zip(*around, strict=True) if around else ((), ())
        made = found.assign(before=list(before), after=list(after))
        for name in ("channel", "touchpoint", "language"):
            made[name] = found["feedback"].map(self._store.values_of(name)).astype("str")
        return made.astype({"before": "str", "after": "str"})

    def _labels(self, what: str, found: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
        """Labels of passages (`row`, `label`), and the name of each in its order."""
        if what in ("codes", "code"):
            names = {code.key: code.name for code in self.codebook}
            labels = found["codes"].str.split("; ").explode()
        elif what in ("stages", "stage"):
            names = {stage.key: stage.name(self.language) for stage in self.journey}
            labels = found["stage"]
        elif what in ("coders", "coder"):
            labels = found["coder"]
            names = {name: name for name in sorted(labels.unique())}
        else:
            known = [*COLUMNS, *self._store.attributes()["attribute"]]
            if what not in known:
                raise UnknownName("thing to lay out", what, ["codes", "stages", "coders", *known])
            labels = found["feedback"].map(self._store.values_of(what)).astype("str")
            names = {name: name for name in sorted(labels.dropna().unique())}
        made = pd.DataFrame({"row": labels.index, "label": labels.astype("str").to_numpy()})
        return made[made["label"].isin(names)].drop_duplicates(ignore_index=True), names


class _Resolver:
    """What the terms of a query mean in a study."""

    def __init__(self, study: Retrieving, codings: pd.DataFrame) -> None:
        self.study, self.codings = study, codings
        self.book, self.journey = study.codebook, study.journey

    def __call__(self, field: str, value: str) -> Mask | None:
        name = field.strip().casefold()
        if name in ("", "code"):
            return self._code(value)
        if name in ("stage", "étape", "etape"):
            key = self.journey.stage(value).key
            keys = {key, *(part.key for part in self.journey.parts(key))}
            return np.asarray(self.codings["stage"].isin(keys), dtype=np.bool_)
        if name in ("word", "words", "mot", "mots"):
            return self._matches(self.codings["passage"], value)
        if name == "memo":
            return self._matches(self.codings["memo"], value)
        if name == "coder":
            _among("coder", value, self.study._store.actors())
        if name in _PLAIN:
            column = self.codings["source_id" if name == "id" else name]
            return np.asarray(column.str.casefold() == value.casefold(), dtype=np.bool_)
        return self._attribute(field, value)

    def _code(self, value: str) -> Mask:
        try:
            key = self.book.code(value).key
        except UnknownName as error:
            said = f'"{value}"' if re.search(r"\s", value) else value
            error.args = (*error.args, f"(passages with these words are found by word:{said})")
            raise
        keys, waiting = {key}, [key]
        while waiting:
            for under in self.book.below(waiting.pop()):
                keys.add(under.key)
                waiting.append(under.key)
        return bears(self.codings, keys)

    def _matches(self, texts: pd.Series[str], value: str) -> Mask:
        pattern = word_pattern(fold(value))
        return np.array([bool(pattern.search(fold(text))) for text in texts], dtype=np.bool_)

    def _attribute(self, field: str, value: str) -> Mask | None:
        known = {*COLUMNS, *self.study._store.attributes()["attribute"]}
        name = next((n for n in known if n.casefold() == field.strip().casefold()), None)
        if name is None:
            return None
        every = self.study._store.values_of(name)
        values = self.codings["feedback"].map(every)
        if pd.api.types.is_numeric_dtype(values.dtype) and re.fullmatch(r"-?\d+([.,]\d+)?", value):
            return np.asarray(values == float(value.replace(",", ".")), dtype=np.bool_)
        _among(f"value of {name!r}", value, every.dropna().astype("str").unique().tolist())
        return np.asarray(values.astype("str").str.casefold() == value.casefold(), dtype=np.bool_)


def _among(what: str, value: str, known: list[str]) -> None:
    """Refuse a value that nobody has, whatever its capitals."""
    if value.casefold() not in {name.casefold() for name in known}:
        raise UnknownName(what, value, sorted(known))


def _all_below(key: str, below: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting: Sequence[str] = list(below[key])
    while waiting:
        found.update(waiting)
        waiting = [under for one in waiting for under in below[one] if under not in found]
    return found


def _around(text: str, start: int, stop: int, context: int) -> tuple[str, str]:
    """What stands before and behind a passage, cut at words."""
    if not context:
        return "", ""
    before, after = text[max(0, start - context) : start], text[stop : stop + context]
    if start > context and " " in before:
        before = "…" + before.split(" ", 1)[1]
    if stop + context < len(text) and " " in after:
        after = after.rsplit(" ", 1)[0] + "…"
    return before, after
