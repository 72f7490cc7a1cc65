"""Verbs that bring things into a study: feedback, codings, KPIs, notes."""

from __future__ import annotations

import dataclasses
import html
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cjm_widgets.errors import ArgumentError, ReadError, UnknownName
from cjm_widgets.journeymap.facts import EVIDENCE, LANES
from cjm_widgets.measure.kpis.kpis import read_kpis
from cjm_widgets.model.journey import Journey, Stage
from cjm_widgets.read import Limits, read_table, stream
from cjm_widgets.read.report import ReadReport
from cjm_widgets.store import Added
from cjm_widgets.study.base import EDITOR, ORIGIN, StudyBase
from cjm_widgets.study.given.given import STEPS, codings_of, narrow
from cjm_widgets.study.progress import progress as shown
from cjm_widgets.words import say

if TYPE_CHECKING:
    import pandas as pd


MOST_STAGES = 60
"""Labels of a stage column beyond which it is taken for another column."""


_COUNTS = ("added", "same", "changed", "codings", "transcripts", "followed", "misfits")


def _has(journey: Journey, label: object) -> bool:
    try:
        journey.stage(str(label))
    except UnknownName:
        return False
    return True


@dataclass(frozen=True, slots=True)
class AddReport:
    """What was read from a file and what of it was new to the study."""

    read: ReadReport
    """Rows read, kept and left out, with row numbers and reasons."""
    stored: Added
    """What was new, what was there already, what changed."""
    language: str = "en"

    @property
    def added(self) -> int:
        """Texts that are new in the study."""
        return self.stored.added

    @property
    def frame(self) -> pd.DataFrame:
        """The problems: `row`, `column`, `value`, `why`, `kind`."""
        return self.read.frame

    def _stored(self) -> str:
        facts = dataclasses.asdict(self.stored)
        parts = [
            say(f"study.{name}", self.language, n=facts[name])
            for name in _COUNTS
            if facts[name] or name == "added"
        ]
        return ", ".join(parts)

    def __str__(self) -> str:
        return f"{self.read.summary(self.language)}\n  → {self._stored()}"

    def _repr_html_(self) -> str:
        page = self.read.page(self.language)
        return f"{page}<p lang='{self.language}'><strong>{html.escape(self._stored())}</strong></p>"


class Collecting(StudyBase):
    """Bringing in feedback, codings, KPIs and notes."""

    def add(
        self,
        source: str | os.PathLike[str] | pd.DataFrame | pd.Series,
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
        valence_scale: tuple[float, float] | None = None,
        coder: str = "import",
        name: str | None = None,
        sheet: str | int | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
        limits: Limits | None = None,
        interviewer: str | Sequence[str] = (),
        speakers: Mapping[str, str] | None = None,
        progress: bool | None = None,
    ) -> AddReport:
        """Read feedback into the study; the same file twice adds nothing.

        Parameters
        ----------
        source
            A CSV, TSV, XLSX, JSONL, JSON, Parquet or text file, or a frame; an interview as
            a text, Word or subtitle file (.txt, .docx, .vtt, .srt), or a folder of such files.
        text, id, respondent, at, channel, touchpoint, language
            Columns; those not named are guessed, and the report says so. All other columns
            are kept as attributes. Several text columns make several texts per row.
        stage
            Column that names each text's stage, by key or name. In a study for which nobody
            has chosen a journey its values become the stages, in order of first appearance.
        valence, valence_scale
            Column of human ratings, and the worst and best rating, such as ``(1, 5)``.
        coder
            In whose name stages and ratings of the file become codings of the whole text.
        name
            What the source is called; the file's name by default, or what the same content
            was called before. Texts are recognised by their id within one source, or by
            their words where there is no id. Frames need a name where their ids overlap.
        sheet, encoding, delimiter
            For spreadsheets and delimited text; found when not given.
        limits
            Bounds of size; larger than the usual ones where a message says so
            (``cjm_widgets.read.Limits``).
        interviewer
            Labels of those who ask in transcripts, such as ``("Interviewer", "INT")``; found
            when not given. What they say is not scored.
        speakers
            Label of a speaker to respondent, such as ``{"P1": "anna"}``. Where one person
            answers, it is the respondent of the text; each of several is one of their own.
        progress
            Whether a bar is shown; None shows one where somebody can see it.

        Returns
        -------
        AddReport
            What was read, left out, guessed and stored; `frame` lists the problems by row.

        Raises
        ------
        ReadError
            If the file cannot be read, or names a stage that the study's journey does not
            have; nothing is added then.
        """
        flow = stream(
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
            limits=limits or Limits(),
            interviewer=interviewer,
            speakers=speakers,
        )
        label = say("study.reading", self.language, source=name or flow.source)
        # The same content under a new file name is the same source.
        known = name or self._store.source_of(flow.sha256) or flow.source
        before = self.journey, self._store.setting(ORIGIN)
        with shown(label, flow.total, progress) as tick:

            def chunks() -> Iterator[pd.DataFrame]:
                for chunk in flow:
                    self._learn_stages(chunk, flow.source, stage)
                    yield chunk
                    tick(len(chunk))

            try:
                stored = self._store.add(
                    chunks(),
                    source=known,
                    sha256=flow.sha256,
                    coder=coder,
                    speech=flow.speech,
                    report=lambda: {"rows": flow.report.rows, "kept": flow.report.kept},
                )
            except BaseException:
                # The stages of a file that does not come in are not wanted either.
                if self.journey != before[0]:
                    self._store.set_journey(before[0], EDITOR)
                    self._store.set_setting(ORIGIN, before[1])
                raise
        self._ensure_journey()
        # Made now, so that drawing a map later writes nothing and waits for nobody.
        self._salted()
        return AddReport(flow.report, stored, self.language)

    def _learn_stages(self, chunk: pd.DataFrame, file: str, column: str | None) -> None:
        """Give a journey that grew from labels those it does not have yet."""
        labels = [str(label) for label in chunk["stage"].dropna().unique()]
        journey, origin = self.journey, self._store.setting(ORIGIN)
        unknown = [label for label in labels if not _has(journey, label)]
        if not unknown:
            return
        if len(journey) and origin == "default" and not self._store.staged():
            journey, unknown = Journey("labels", ()), labels
        elif len(journey) and origin != "labels":
            known = [stage.key for stage in journey]
            raise ReadError(
                f"{UnknownName('stage', unknown[0], known)}. Rename the labels, or give the study "
                f"a journey that has them: study.set_journey([…])",
                file=file,
                row=int(chunk.loc[chunk["stage"] == unknown[0], "row"].iloc[0]),
                column=column,
            )
        fresh: dict[str, Stage] = {}
        for label in unknown:
            fresh.setdefault(label.strip().casefold(), Stage(label.strip()))
        if len(journey) + len(fresh) > MOST_STAGES:
            raise ReadError(
                f"more than {MOST_STAGES} different values, too many for the stages of a journey; "
                f"name the column of stages, or choose a journey first: study.set_journey([…])",
                file=file,
                column=column,
            )
        self._store.set_journey(Journey("labels", (*journey.stages, *fresh.values())), EDITOR)
        self._store.set_setting(ORIGIN, "labels")

    def add_codings(
        self,
        source: str | os.PathLike[str] | pd.DataFrame,
        *,
        coder: str = "coder",
        valence_scale: tuple[float, float] | None = None,
        of: str | None = None,
    ) -> pd.DataFrame:
        """Bring in codings made elsewhere.

        Parameters
        ----------
        source
            A table (a file in any format that feedback may have, or a frame) with columns `id`
            (the texts' own ids) and any of `stage`, `start`, `stop` (code points; the whole
            text where missing), `passage` (checked against the offsets, and looked for where
            they are missing), `valence`, `codes` (keys joined by ``;``), `memo`.
        coder
            Column that names the coder, or, where there is no such column, the coder's name.
        valence_scale
            Worst and best valence in the table; the five steps of the coding widget, ``(-2, 2)``,
            by default: then a warning tells if none of them is beyond −1 and 1.
        of
            Name of the source the ids belong to; needed only if several sources share ids.

        Returns
        -------
        pandas.DataFrame
            A row per coder: `coder`, `codings` (new or changed), `same`.

        Raises
        ------
        ReadError
            If a row names an unknown text, stage or code, or a passage that is not there; the
            message names the row (a frame's are counted from 1), and nothing is added.
        ArgumentError
            If `valence_scale` is no scale.
        """
        table, file = read_table(source)
        given = codings_of(
            table, file, coder, valence_scale or STEPS, self._store, self._ensure_journey(), of
        )
        if valence_scale is None and narrow(given):
            warnings.warn(say("study.narrow", self.language), stacklevel=2)
        return self._store.add_codings(given)

    def add_kpis(
        self, source: str | os.PathLike[str] | pd.DataFrame, *, actor: str = EDITOR
    ) -> pd.DataFrame:
        """Bring in measured figures from a tidy table.

        Parameters
        ----------
        source
            A CSV, TSV or XLSX file, or a frame: columns `kpi`, `value` and any of `stage`,
            `date`, `n`, `low`, `high`, `unit`, `target`, `direction` (``up`` or ``down``:
            which way is good), `segment`; French names do as well.
        actor
            Who does it; undone by ``study.undo(actor)``.

        Returns
        -------
        pandas.DataFrame
            The figures as they are kept; columns of `cjm_widgets.model.columns.KPIS`.

        Raises
        ------
        ReadError, ArgumentError
            If the table cannot be read or a row of it is no KPI; nothing is added.
        """
        table, file = read_table(source)
        try:
            # Messages name rows as the file counts them.
            kpis = read_kpis(table.assign(row=table.index), self._ensure_journey())
        except ReadError as error:
            raise ReadError(
                error.problem, file=error.file or file, row=error.row, column=error.column
            ) from error
        self._store.add_kpis(kpis, actor)
        return kpis

    def note(self, lane: str, stage: str, text: str, *, author: str = EDITOR) -> None:
        """Write something into a lane of the map; what stands there already is not written again.

        Parameters
        ----------
        lane
            ``goals``, ``touchpoints``, ``actions``, ``thoughts``, ``pains``, ``obstacles``,
            ``motivations``,
            ``opportunities``, ``backstage``, ``teams``, ``systems``, ``campaigns``, ``spend``,
            ``data``; any other name makes a lane of its own.
        stage
            Key or name of the stage.
        text
            What is to stand there.
        author
            Who writes it; undone by ``study.undo(author)``.

        Raises
        ------
        UnknownName
            If there is no such stage.
        ArgumentError
            If the text is empty, or the lane is one that only evidence fills.
        """
        if not all(isinstance(part, str) and part.strip() for part in (lane, text)):
            raise ArgumentError("a note needs a lane and a text that is not empty")
        if lane.strip().casefold() in EVIDENCE:
            others = ", ".join(known for known in LANES if known not in EVIDENCE)
            raise ArgumentError(f"the lane {lane!r} shows evidence only; notes go to {others}")
        key = self._ensure_journey().stage(stage).key
        lane, text = lane.strip(), text.strip()
        kept = self._store.notes()
        # A cell that is run again must not fill the map with copies.
        same = (kept["on_kind"] == "stage") & (kept["on_uid"] == key) & (kept["lane"] == lane)
        if not (same & (kept["text"] == text)).any():
            self._store.add_note("stage", key, text, author, lane=lane)
