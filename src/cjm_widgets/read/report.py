"""What a reading says about itself: rows kept and left out, guesses, problems by row."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cjm_widgets.words import say

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 10
_WIDE = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file, and where.

    Parameters
    ----------
    kind
        Key of the reason: ``no_text``, ``blank_row``, ``too_many_cells``, ``off_scale``…
    row
        Row as a spreadsheet counts, 1 being the first line; None for the whole file.
    column
        Name of the column, where one is meant.
    value
        What stands there, shortened.
    """

    kind: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

    @property
    def why(self) -> str:
        """The reason, in English."""
        return self.say("en")

    def say(self, language: str = "en") -> str:
        """The reason in a language of the interface."""
        return say(f"read.why.{self.kind}", language)


@dataclass(frozen=True, slots=True)
class Guess:
    """Something nobody said and the reader decided.

    Parameters
    ----------
    about
        What was decided: ``text``, ``id``, ``dates``, ``scale``, ``header``…
    chosen
        The decision.
    because
        Key of the reason, below ``read.because``.
    """

    about: str
    chosen: str
    because: str

    def __str__(self) -> str:
        return self.say("en")

    def say(self, language: str = "en") -> str:
        """The guess as a sentence in a language of the interface."""
        about = say(f"read.about.{self.about}", language)
        because = say(f"read.because.{self.because}", language)
        return say("read.guess", language, about=about, chosen=self.chosen, because=because)


class Problems:
    """Collects problems: all are counted, the first `limit` are listed.

    Parameters
    ----------
    limit
        How many are listed one by one.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.listed: list[Problem] = []
        self.counts: dict[str, int] = {}

    def add(
        self, kind: str, row: int | None = None, column: str | None = None, value: object = None
    ) -> None:
        """Note one problem."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if len(self.listed) < self.limit:
            text = None if value is None else str(value)
            if text is not None and len(text) > _WIDE:
                text = text[: _WIDE - 1] + "…"
            self.listed.append(Problem(kind, row, column, text))

    def copy(self) -> Problems:
        """The same problems, to be added to."""
        other = Problems(self.limit)
        other.listed, other.counts = list(self.listed), dict(self.counts)
        return other


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What was read, what was left out and why, and what was guessed."""

    source: str
    """Name of the file, or ``"frame"``."""
    format: str
    """CSV, TSV, XLSX, JSONL, JSON, Parquet, text or frame."""
    rows: int
    """Rows of data in the file, blank ones included."""
    kept: int
    """Texts in the frame. With several text columns a row may give several."""
    left_out: int
    """Rows that gave no text."""
    problems: tuple[Problem, ...] = ()
    """The first problems, by row; `counts` has them all."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many problems of each kind."""
    guessed: tuple[Guess, ...] = ()
    columns: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """Role → column of the file."""
    attributes: tuple[str, ...] = ()
    """Names of the further columns of the frame."""
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    replaced: int = 0
    """Characters that could not be held or decoded and became U+FFFD."""
    sha256: str = ""
    """Of the file's bytes, or of a frame's content."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Column → text of the question, where the file has one."""
    valence_scale: tuple[float, float] | None = None
    """Lowest and highest rating, which became −1 and 1."""

    @property
    def frame(self) -> pd.DataFrame:
        """The listed problems: ``row`` (Int64), ``column``, ``value``, ``why``, ``kind``."""
        import pandas as pd

        return pd.DataFrame(
            {
                "row": pd.array([one.row for one in self.problems], dtype="Int64"),
                "column": pd.array([one.column for one in self.problems], dtype="str"),
                "value": pd.array([one.value for one in self.problems], dtype="str"),
                "why": pd.array([one.why for one in self.problems], dtype="str"),
                "kind": pd.array([one.kind for one in self.problems], dtype="str"),
            }
        )

    def rows_of(self, kind: str) -> list[int]:
        """Row numbers of the listed problems of one kind."""
        return [one.row for one in self.problems if one.kind == kind and one.row is not None]

    def summary(self, language: str = "en") -> str:
        """The report as plain lines, in English or French."""
        lines = [
            say(
                "read.rows",
                language,
                source=self.source,
                rows=say("read.rows_read", language, n=self.rows),
                kept=say("read.texts_kept", language, n=self.kept),
                left=say("read.rows_left", language, n=self.left_out),
            )
        ]
        facts = self._facts(language)
        lines += [
            "  " + say("read.fact", language, name=name, value=value) for name, value in facts
        ]
        lines += [f"  · {one.say(language)}" for one in self.guessed]
        lines += [f"  ! {self._wrong(kind, n, language)}" for kind, n in self.counts.items()]
        return "\n".join(lines)

    def _wrong(self, kind: str, count: int, language: str) -> str:
        why, where = say(f"read.why.{kind}", language), self._where(kind, count, language)
        return say("read.fact", language, name=why, value=where)

    def _where(self, kind: str, count: int, language: str) -> str:
        rows = self.rows_of(kind)[:_SHOWN]
        if not rows:
            named = [one.value for one in self.problems if one.kind == kind and one.value]
            some = ", ".join(named[:_SHOWN]) + (", …" if count > _SHOWN else "")
            return some or say("read.times", language, n=count)
        shown = ", ".join(map(str, rows)) + (", …" if count > len(rows) else "")
        return say("read.in_rows", language, n=count, rows=shown)

    def _facts(self, language: str) -> list[tuple[str, str]]:
        facts = [("format", self.format)]
        if self.encoding:
            facts.append(("encoding", self.encoding))
        if self.delimiter:
            facts.append(("delimiter", {"\t": "tab"}.get(self.delimiter, self.delimiter)))
        if self.sheet:
            facts.append(("sheet", self.sheet))
        for role, column in self.columns.items():
            facts.append((role, column if isinstance(column, str) else ", ".join(column)))
        if self.attributes:
            facts.append(("attributes", ", ".join(self.attributes)))
        if self.valence_scale is not None:
            low, high = self.valence_scale
            facts.append(("scale", f"{low:g} … {high:g}".replace("-", "−")))
        if self.replaced:
            facts.append(("replaced", str(self.replaced)))
        return [(say(f"read.about.{name}", language), value) for name, value in facts]

    def __str__(self) -> str:
        return self.summary("en")

    def page(self, language: str = "en") -> str:
        """The report as HTML; each word of the file is escaped."""
        first, *_ = self.summary(language).split("\n")
        facts = "".join(
            f"<tr><th style='text-align:left'>{html.escape(name)}</th>"
            f"<td>{html.escape(value)}</td></tr>"
            for name, value in self._facts(language)
        )
        guesses = "".join(f"<li>{html.escape(one.say(language))}</li>" for one in self.guessed)
        wrong = "".join(
            f"<li>{html.escape(self._wrong(kind, count, language))}</li>"
            for kind, count in self.counts.items()
        )
        return (
            f"<div lang='{html.escape(language)}'><p><strong>{html.escape(first)}</strong></p>"
            f"<table>{facts}</table><ul>{guesses}</ul><ul>{wrong}</ul></div>"
        )

    def _repr_html_(self) -> str:
        return self.page("en")
