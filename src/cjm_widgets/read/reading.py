"""`read` and `stream`: a file or a frame becomes feedback rows and a report."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from cjm_widgets.errors import ArgumentError, ReadError
from cjm_widgets.model.columns import FEEDBACK, check
from cjm_widgets.read import scales
from cjm_widgets.read.convert import Converter
from cjm_widgets.read.documents import COLUMNS
from cjm_widgets.read.formats import open_file
from cjm_widgets.read.frames import read_frame
from cjm_widgets.read.limits import Limits
from cjm_widgets.read.plan import choose
from cjm_widgets.read.report import ReadReport
from cjm_widgets.read.survey import survey
from cjm_widgets.read.table import again, head
from cjm_widgets.read.wish import Wish
from cjm_widgets.text.turns import Speech

_SAMPLE = 500
_DOCUMENT = {name: name for name in COLUMNS}

Source: TypeAlias = "str | os.PathLike[str] | pd.DataFrame | pd.Series[Any]"


class Stream:
    """Feedback frames of a file, chunk by chunk, in bounded memory.

    The file is looked over once when the stream is made, so that what is decided about a
    column (kind of numbers, order of day and month, scale, uniqueness of ids) holds for all
    chunks. It can be iterated again. Made by `stream`.
    """

    def __init__(
        self,
        source: Source,
        asked: Mapping[str, object],
        scale: tuple[float, float] | None,
        wish: Wish,
        chunk: int,
    ) -> None:
        if isinstance(source, pd.DataFrame | pd.Series):
            self._table = read_frame(source, wish)
            self.source = "frame"
        else:
            path = Path(source).expanduser()
            self._table = open_file(path, wish)
            self.source = path.name
        if self._table.documents:
            asked = {**asked, **_DOCUMENT}
        known = wish.speech or Speech()
        self.speech = replace(known, labels=(*known.labels, *self._table.speakers))
        sample = head(self._table, _SAMPLE)
        if sample is None:
            raise ReadError("there is a header but no row below it", file=wish.file)
        self._chunk = chunk
        self._plan = choose(self._table, sample, asked, wish.file)
        self._findings = survey(self._table, self._plan, scale, wish)
        self._converter = self._start()

    source: str
    """Name of the file without its folders, or ``"frame"``."""
    speech: Speech
    """Who is known to speak in its transcripts: as asked, and as a subtitle file tells."""

    @property
    def sha256(self) -> str:
        """Hash of the file's bytes, or of a frame's content."""
        return self._table.sha256

    @property
    def total(self) -> int:
        """Rows of data in the file, known before the first chunk; for progress."""
        return self._findings.rows + self._table.lost

    def _start(self) -> Converter:
        return Converter(self._table, self._plan, self._findings, self._table.problems.copy())

    def __iter__(self) -> Iterator[pd.DataFrame]:
        """Frames that fulfil `FEEDBACK`, with the same columns and dtypes in each."""
        self._converter = converter = self._start()
        for batch in again(self._table.batches(), self._chunk):
            frame = converter.frame(batch)
            if len(frame):
                yield check(frame, FEEDBACK, "read")

    @property
    def report(self) -> ReadReport:
        """What was read so far; complete after the last chunk."""
        table, plan, done = self._table, self._plan, self._converter
        names = table.columns
        texts = tuple(names[j] for j in plan.text)
        columns: dict[str, str | tuple[str, ...]] = {
            "text": texts if plan.several else texts[0],
            **{role: names[j] for role, j in plan.roles.items()},
        }
        return ReadReport(
            source=self.source,
            format=table.format,
            rows=done.rows + table.lost,
            kept=done.kept,
            left_out=done.left_out + table.lost,
            problems=tuple(sorted(done.problems.listed, key=lambda one: one.row or 0)),
            counts=dict(done.problems.counts),
            guessed=(*table.guessed, *plan.guessed),
            columns=columns,
            attributes=tuple(name for _, name in plan.attributes),
            encoding=table.encoding,
            delimiter=table.delimiter,
            sheet=table.sheet,
            replaced=table.replaced + done.replaced,
            sha256=table.sha256,
            labels=dict(table.labels),
            valence_scale=self._findings.scale,
        )


def stream(
    source: Source,
    *,
    text: str | Sequence[str] | None = None,
    id: str | None = None,
    respondent: str | None = None,
    at: str | None = None,
    channel: str | None = None,
    touchpoint: str | None = None,
    language: str | None = None,
    stage: str | None = None,
    valence: str | None = None,
    valence_scale: Iterable[float] | None = None,
    sheet: str | int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    limits: Limits | None = None,
    interviewer: str | Sequence[str] = (),
    speakers: Mapping[str, str] | None = None,
    chunk: int = 20_000,
) -> Stream:
    """Read feedback in chunks, for files larger than memory.

    The arguments are those of `read`, and the rows too.

    Parameters
    ----------
    chunk
        Rows of the file per frame.

    Returns
    -------
    Stream
        To be iterated for frames as `read` gives them; ``.report`` is complete after the
        last, ``.total`` tells the rows of the file beforehand.

    Raises
    ------
    ReadError
        As `read`, when the stream is made.
    """
    if isinstance(chunk, bool) or not isinstance(chunk, int) or chunk < 1:
        raise ArgumentError(f"chunk={chunk!r}: a number of rows of at least 1 is needed")
    if valence_scale is not None and valence is None:
        raise ArgumentError("valence_scale is given without valence, the column it is for")
    if not isinstance(source, str | os.PathLike | pd.DataFrame | pd.Series):
        raise ArgumentError(
            f"source={type(source).__name__}: the path of a file or a pandas frame is needed"
        )
    if isinstance(source, str) and not source.strip():
        raise ArgumentError(f"source={source!r}: the path of a file is needed, '.' for this folder")
    file = "frame" if isinstance(source, pd.DataFrame | pd.Series) else os.fspath(source)
    asked: dict[str, object] = {
        "text": text,
        "id": id,
        "respondent": respondent,
        "at": at,
        "channel": channel,
        "touchpoint": touchpoint,
        "language": language,
        "stage": stage,
        "valence": valence,
    }
    scale = None if valence_scale is None else scales.checked(valence_scale)
    limits = Limits() if limits is None else limits
    wish = Wish(file, encoding, delimiter, sheet, limits, speech_of(interviewer, speakers))
    return Stream(source, asked, scale, wish, chunk)


def speech_of(interviewer: str | Sequence[str], speakers: Mapping[str, str] | None) -> Speech:
    """What the arguments `interviewer` and `speakers` say.

    Raises
    ------
    ArgumentError
        If they are no labels.
    """
    asking = (interviewer,) if isinstance(interviewer, str) else tuple(interviewer)
    mapped = dict(speakers or {})
    for name, labels in (("interviewer", asking), ("speakers", (*mapped, *mapped.values()))):
        for label in labels:
            if not isinstance(label, str) or not label.strip():
                raise ArgumentError(f"{name}: {label!r} is no label of a speaker, such as 'INT'")
    return Speech(asking, mapped)


def read(
    source: Source,
    *,
    text: str | Sequence[str] | None = None,
    id: str | None = None,
    respondent: str | None = None,
    at: str | None = None,
    channel: str | None = None,
    touchpoint: str | None = None,
    language: str | None = None,
    stage: str | None = None,
    valence: str | None = None,
    valence_scale: Iterable[float] | None = None,
    sheet: str | int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    limits: Limits | None = None,
    interviewer: str | Sequence[str] = (),
    speakers: Mapping[str, str] | None = None,
) -> tuple[pd.DataFrame, ReadReport]:
    """Read feedback from a file or a frame.

    CSV, TSV, XLSX, JSONL, JSON, Parquet, plain text, pandas frames, and interviews in text,
    Word and subtitle files or a folder of them are read; encoding, delimiter, header rows, the
    order of day and month and the decimal sign are found. Columns
    that are not named are guessed from their names, in English and French, and from what
    stands in them; each guess is in the report. Nothing is dropped in silence.

    Parameters
    ----------
    source
        Path of a file, or a pandas frame or series.
    text
        Column of the texts. A list of columns makes each answered question a feedback of
        its own, with the attribute ``question``; its id is ``id:column``.
    id
        Column of the source's own id of a text.
    respondent
        Column that tells who said it.
    at
        Column of dates. Those with a zone become UTC; 03/04/2024 is the third of April,
        unless some value of the column is possible only the American way, or times have
        AM and PM.
    channel, touchpoint, stage
        Columns of names.
    language
        Column of languages: codes, locales, or names in English or French.
    valence
        Column of people's ratings.
    valence_scale
        The worst rating and the best, such as ``(-5, 5)`` or ``(5, 1)``; they become −1 and
        1, linearly. Without it, the smallest usual scale that holds the ratings.
    sheet
        Name of a sheet of a workbook, or its number from 0; else the first that is visible
        and not empty.
    encoding
        Encoding of a text file; else it is found.
    delimiter
        What parts the cells of a CSV file; else it is found.
    limits
        Bounds of size.
    interviewer, speakers
        Labels of those who ask in a transcript, and label to respondent: a text file in
        which these speak is one text.

    Returns
    -------
    tuple
        The frame, which fulfils ``cjm_widgets.model.columns.FEEDBACK``: ``row, id, text,
        respondent, at, channel, touchpoint, language, stage, valence``, then every other
        column as an attribute, float64, Int64 or text. An attribute is a number only where
        every value is one and none has leading zeros. ``row`` counts records as a
        spreadsheet does, the header being row 1; in JSONL, lines; in plain text, the first
        line; in JSON, Parquet and frames, from 1. And the report.

    Raises
    ------
    ReadError
        If the file cannot be read, a named column is not there, or no text is found.
    FileMissing
        If there is no such file.
    ArgumentError
        If an argument is of the wrong kind.

    Examples
    --------
    >>> import pandas as pd
    >>> frame, report = read(pd.DataFrame({"avis": ["Très bien", ""], "note": ["4,5", "3"]}))
    >>> frame[["row", "text", "note"]].values.tolist()
    [[1, 'Très bien', 4.5]]
    >>> report.kept, report.left_out, report.columns["text"]
    (1, 1, 'avis')
    """
    found = stream(
        source,
        text=text,
        id=id,
        respondent=respondent,
        at=at,
        channel=channel,
        touchpoint=touchpoint,
        language=language,
        stage=stage,
        valence=valence,
        valence_scale=valence_scale,
        sheet=sheet,
        encoding=encoding,
        delimiter=delimiter,
        limits=limits,
        interviewer=interviewer,
        speakers=speakers,
        chunk=50_000,
    )
    frame = pd.concat(list(found), ignore_index=True)
    return frame, found.report
