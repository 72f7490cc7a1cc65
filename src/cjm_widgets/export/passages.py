"""A report of coded passages, for Word, a spreadsheet or a browser."""

from __future__ import annotations

import datetime as dt
import math
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import pandas as pd

from cjm_widgets._optional import need
from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.export.atomic import written, written_bytes
from cjm_widgets.export.workbook import book
from cjm_widgets.export.xml_text import xml_text
from cjm_widgets.journeymap import Privacy
from cjm_widgets.journeymap.privacy import SHORT, aliases, source_of
from cjm_widgets.journeymap.quotes import cut
from cjm_widgets.text.redaction import redact
from cjm_widgets.view.parts import cards, figures
from cjm_widgets.view.parts.theme import variables
from cjm_widgets.words import say

if TYPE_CHECKING:
    from cjm_widgets.model.codebook import Code

By = Literal["code", "stage", "respondent", "text"]
_LINE = "passages.report"
_GREY = (95, 100, 112)


@dataclass(frozen=True, slots=True)
class Line:
    """One passage as others may see it."""

    before: str
    passage: str
    after: str
    stage: str
    valence: str
    codes: str
    respondent: str
    source: str
    channel: str
    coder: str
    memo: str
    language: str

    @property
    def about(self) -> tuple[str, ...]:
        """What stands below the passage: stage, valence, codes, who, where, coder."""
        said = (self.stage, self.valence, self.codes, self.respondent, self.source, self.channel)
        return tuple(dict.fromkeys(word for word in (*said, self.coder) if word))


@dataclass(frozen=True, slots=True)
class Chapter:
    """Passages that belong together."""

    title: str
    about: str
    """Definition of the code; empty for other chapters."""
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report says."""

    title: str
    subtitle: str
    query: str
    note: str
    chapters: tuple[Chapter, ...]
    language: str


def write_passages(
    frame: pd.DataFrame,
    path: str | os.PathLike[str],
    *,
    by: By = "code",
    privacy: Privacy | None = None,
    stages: Mapping[str, str] | None = None,
    codes: Mapping[str, Code] | None = None,
    title: str = "",
    query: str = "",
    language: str = "en",
) -> Path:
    """Write a report of passages; the suffix says how.

    Parameters
    ----------
    frame
        Columns of `model.columns.CODINGS` and `before`, `after`, `channel`, `language`.
    path
        ``.docx``, ``.xlsx`` or ``.html``.
    by
        What makes a chapter: each ``"code"`` (a passage with two codes stands in both),
        ``"stage"``, ``"respondent"`` or ``"text"``.
    privacy
        What may be shown. Chapters with fewer respondents than its minimum are left out.
    stages, codes
        Key to name, and key to code, in order.
    title, query
        Of the study, and what was asked for.
    language
        ``en`` or ``fr``.

    Raises
    ------
    UnknownName
        If `by` or the suffix is unknown.
    ArgumentError
        If the folder is missing or the privacy hides all quotes.
    NoEvidence
        If there is no passage to show.
    """
    target = Path(path).expanduser()
    if by not in get_args(By):
        raise UnknownName("kind of chapter", by, get_args(By))
    writer = _WRITERS.get(target.suffix.casefold())
    if writer is None:
        raise UnknownName("kind of file", target.suffix or target.name, _WRITERS)
    if not target.parent.is_dir():
        raise ArgumentError(f"the folder {str(target.parent)!r} does not exist; create it first")
    shown = privacy or Privacy()
    if shown.quotes == "hide":
        raise ArgumentError(
            "a report is made of quotes, and the study's privacy hides them all; allow them with "
            "study.privacy(quotes='show') or quotes='short'"
        )
    chapters = tuple(_chapters(frame, by, shown, dict(stages or {}), dict(codes or {}), language))
    if not chapters:
        raise NoEvidence("no passage may be shown: none fits, or too few respondents are behind")
    today = figures.day(dt.datetime.now(dt.UTC).date(), language)
    n = sum(len(chapter.lines) for chapter in chapters)
    writer(
        Report(
            title or say(f"{_LINE}.title", language),
            say(f"{_LINE}.subtitle", language, study=title, n=n, date=today),
            say(f"{_LINE}.query", language, query=query) if query else "",
            say(f"{_LINE}.privacy", language),
            chapters,
            language,
        ),
        target,
    )
    return target


def _chapters(
    frame: pd.DataFrame,
    by: By,
    privacy: Privacy,
    stages: dict[str, str],
    codes: dict[str, Code],
    language: str,
) -> Iterator[Chapter]:
    people = set(frame["respondent"].dropna())
    alias = aliases(people, privacy)
    names = {key: code.name for key, code in codes.items()}
    for key, part in _groups(frame, by, list(stages), list(codes)):
        if privacy.minimum > 1 and part["respondent"].nunique() < privacy.minimum:
            continue
        lines = tuple(
            _line(row, privacy, alias, stages, names, language) for row in part.itertuples()
        )
        if key is None:
            empty = {"code": "without_code", "stage": "without_stage"}.get(by, "nobody")
            yield Chapter(say(f"{_LINE}.{empty}", language), "", lines)
        elif by == "code":
            code = codes.get(key)
            about = "" if code is None else code.definition
            yield Chapter(names.get(key, key), about, lines)
        elif by == "stage":
            yield Chapter(stages.get(key, key), "", lines)
        else:
            yield Chapter(alias(key) if by == "respondent" else lines[0].source or key, "", lines)


def _groups(
    frame: pd.DataFrame, by: By, stages: list[str], codes: list[str]
) -> Iterator[tuple[str | None, pd.DataFrame]]:
    """Passages by key, in the journey's or the codebook's order; those without one come last."""
    column = {"stage": "stage", "respondent": "respondent", "text": "feedback"}.get(by)
    if column is None:
        listed = frame.assign(key=frame["codes"].str.split("; ")).explode("key")
        listed["key"] = listed["key"].where(listed["key"] != "")
    else:
        listed = frame.assign(key=frame[column].astype("str"))
    order = {"code": codes, "stage": stages}.get(by, sorted(listed["key"].dropna().unique()))
    there = dict(iter(listed.groupby("key", sort=False)))
    for key in [*order, *(key for key in there if key not in order)]:
        if key in there:
            yield str(key), there[key]
    rest = listed[listed["key"].isna()]
    if len(rest):
        yield None, rest


def _line(
    row: Any,
    privacy: Privacy,
    alias: Callable[[str], str],
    stages: dict[str, str],
    names: dict[str, str],
    language: str,
) -> Line:
    spoken = _known(row.language) or "en"

    def clean(text: str) -> str:
        return redact(text, spoken) if privacy.redact else text

    who = _known(row.respondent)
    short = privacy.quotes == "short"
    passage = clean(_known(row.passage))
    return Line(
        before="" if short else clean(_known(row.before)),
        passage=cut(passage, SHORT) if short else passage,
        after="" if short else clean(_known(row.after)),
        stage=stages.get(_known(row.stage), _known(row.stage)),
        valence=figures.valence(row.valence, language) if math.isfinite(row.valence) else "",
        codes=", ".join(names.get(key, key) for key in _known(row.codes).split("; ") if key),
        respondent=alias(who) if who else "",
        source=source_of(_known(row.source_id), who, privacy, alias),
        channel=_known(row.channel),
        coder=_known(row.coder),
        memo="" if short else clean(_known(row.memo)),
        language=_known(row.language),
    )


def _known(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _html(report: Report, target: Path) -> None:
    page = (
        cards.environment()
        .get_template("report.html")
        .render(
            report=report,
            ctx=cards.Context(report.language),
            styles=cards.own(variables("auto") + cards.static("report.css")),
        )
    )
    with written(target) as file:
        file.write(page)


def _xlsx(report: Report, target: Path) -> None:
    columns = ("group", "passage", "before", "after", "stage", "valence", "codes", "respondent",
               "source", "channel", "coder", "memo")  # fmt: skip
    rows = [
        [chapter.title, *(getattr(line, name) for name in columns[1:])]
        for chapter in report.chapters
        for line in chapter.lines
    ]
    heads = [say(f"{_LINE}.columns.{name}", report.language) for name in columns]
    table = pd.DataFrame(rows, columns=heads).astype("str")
    name = say(f"{_LINE}.title", report.language)
    with written_bytes(target) as file:
        file.write(book({name: table}, title=report.title, language=report.language))


def _docx(report: Report, target: Path) -> None:
    docx = need("docx", extra="docx")
    document = docx.Document()
    document.core_properties.title = xml_text(report.title)
    document.core_properties.author = ""
    document.add_heading(xml_text(report.title), 0)
    for line in (report.subtitle, report.query, report.note):
        if line:
            document.add_paragraph(xml_text(line))
    for chapter in report.chapters:
        document.add_heading(f"{xml_text(chapter.title)} ({len(chapter.lines)})", 1)
        if chapter.about:
            about = f"{say(f'{_LINE}.definition', report.language)}: {chapter.about}"
            document.add_paragraph(xml_text(about)).runs[0].italic = True
        for passage in chapter.lines:
            _passage(docx, document, passage, report.language)
    with written_bytes(target) as file:
        document.save(file)


def _passage(docx: Any, document: Any, line: Line, language: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    for text, strong in ((line.before, False), (line.passage, True), (line.after, False)):
        run = paragraph.add_run(xml_text(text))
        run.bold = strong
        if not strong:
            run.font.color.rgb = docx.shared.RGBColor(*_GREY)
    note = document.add_paragraph()
    note.paragraph_format.left_indent = docx.shared.Cm(0.8)
    note.add_run(xml_text(" · ".join(line.about))).font.size = docx.shared.Pt(9)
    if line.memo:
        run = note.add_run(xml_text(f"\n{say(f'{_LINE}.memo', language)}: {line.memo}"))
        run.italic, run.font.size = True, docx.shared.Pt(9)


_WRITERS: dict[str, Callable[[Report, Path], None]] = {
    ".docx": _docx,
    ".xlsx": _xlsx,
    ".html": _html,
}
