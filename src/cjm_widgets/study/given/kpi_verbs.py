"""Verbs about KPIs: what they are, and what they aim at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from cjm_widgets.errors import NoEvidence, UnknownName
from cjm_widgets.measure.columns import column
from cjm_widgets.measure.kpis.funnel import counted, funnel, of_mapping
from cjm_widgets.measure.kpis.kpi_names import RATINGS, match
from cjm_widgets.measure.kpis.kpis import from_feedback, guess_ratings, latest
from cjm_widgets.model.kpi import Kpi
from cjm_widgets.study.base import EDITOR, StudyBase
from cjm_widgets.study.given import targets
from cjm_widgets.study.given.kpi_behind import behind
from cjm_widgets.view.kpis.funnel_view import FunnelView
from cjm_widgets.view.kpis.kpi_view import KpiView
from cjm_widgets.view.parts.figures import period
from cjm_widgets.words import say

if TYPE_CHECKING:
    from cjm_widgets.view.parts.theme import Theme


class KpiVerbs(StudyBase):
    """KPIs of tables and of the ratings in the feedback."""

    def kpis(
        self, *, freq: str = "Q", segment: str | None = None, theme: Theme = "auto"
    ) -> KpiView:
        """The KPIs: those brought in, and NPS, CSAT and CES of the ratings in the feedback.

        Parameters
        ----------
        freq
            Period of what is computed from ratings: ``D``, ``W``, ``M``, ``Q`` or ``Y``.
        segment
            Whose figures show first, where there are segments; by default everyone's.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        KpiView
            Shows itself as panels; `frame` has a KPI a row with value, n, interval, change,
            target and verdict; `behind(kpi)` the texts behind one.

        Raises
        ------
        ArgumentError, UnknownName
            If the period or the segment is unknown.
        """
        figures = self._figures(freq)
        columns = self._rated_columns()
        return KpiView(
            latest(figures),
            figures,
            stages={stage.key: stage.name(self.language) for stage in self.journey},
            language=self.language,
            theme=theme,
            segment=segment,
            everyone=[say("study.of_comments", self.language)],
            behind=lambda panel: behind(self._store, panel, columns, freq),
        )

    def define_kpis(self, *definitions: Kpi, actor: str = EDITOR) -> list[Kpi]:
        """Say what KPIs aim at: target, direction and unit, also of those computed from ratings.

        Parameters
        ----------
        definitions
            Each a `Kpi`: the name it goes by (whatever its case), its stage, and what is to
            hold for it. A definition of the same name and stage replaces the one before, and
            goes before what a table says.
        actor
            Who says so; undone by ``study.undo(actor)``, all of one call at once.

        Returns
        -------
        list of Kpi
            All definitions the study keeps now.

        Raises
        ------
        UnknownName
            If there is no such stage.

        Examples
        --------
        ``study.define_kpis(cjm.Kpi("NPS", target=30), cjm.Kpi("Waiting time", direction="down"))``
        """
        return targets.define(self._store, self._ensure_journey(), definitions, actor)

    def funnel(
        self,
        counts: Mapping[str, float] | pd.DataFrame | None = None,
        *,
        kpi: str | None = None,
        by: str | None = None,
        theme: Theme = "auto",
    ) -> FunnelView:
        """A funnel: how many go on from each stage to the next.

        Parameters
        ----------
        counts
            Stage (key or name) to how many were counted there; or a frame with columns `stage`,
            `n` and, with `by`, one of groups. None takes the counts among the study's KPIs: those
            of stages whose unit is that of a count (visits, carts, orders…), of the newest period
            that has most stages.
        kpi
            Which KPI is counted at every stage, where that is not clear.
        by
            ``"segment"``, or a column of the frame: a funnel of each of its values.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        FunnelView
            Shows itself as bars; `frame` as `cjm_widgets.measure.kpis.funnel.funnel`.

        Raises
        ------
        NoEvidence
            If fewer than two stages have a count, one is missing, or counts grow on the way.
        UnknownName
            If there is no such stage or column.
        """
        journey, of = self._ensure_journey(), ""
        if counts is None:
            found = self._stage_counts(kpi, by)
            told = found.iloc[0]
            at = [stamp.date() for stamp in self._store.kpis()["at"].dropna().unique()]
            when = "" if pd.isna(told["at"]) else period(told["at"].date(), at, self.language)
            of = ", ".join(part for part in (", ".join(found["kpi"].unique()), when) if part)
        else:
            given = counts if isinstance(counts, pd.DataFrame) else of_mapping(counts)
            stages = column(given, "stage", "stage").map(lambda name: journey.stage(str(name)).key)
            found = given.assign(stage=stages)
        return FunnelView(
            funnel(found, [stage.key for stage in journey], by),
            names={stage.key: stage.name(self.language) for stage in journey},
            by=by,
            of=of,
            language=self.language,
            theme=theme,
        )

    def _stage_counts(self, kpi: str | None, by: str | None) -> pd.DataFrame:
        """Counts among the KPIs, of everyone or of each segment."""
        if by not in (None, "segment"):
            raise UnknownName("column of KPIs to part a funnel by", str(by), ["segment"])
        figures = self._figures()
        parted = figures["segment"].notna()
        if by is None:
            return counted(figures[~parted], kpi)
        if not parted.any():
            raise NoEvidence("a funnel by segment: no KPI has a segment")
        return counted(figures[parted], kpi)

    def _figures(self, freq: str = "Q") -> pd.DataFrame:
        """All KPI figures with what they aim at."""
        return targets.aimed(self._measured(freq), targets.defined(self._store))

    def _ratings(self) -> pd.DataFrame:
        """Attributes that are called like ratings; only these are unpacked from all texts."""
        called = [
            name
            for name in self._store.attributes()["attribute"]
            if any(match([name], synonyms) for synonyms in RATINGS.values())
        ]
        return self._store.numbers(called)

    def _rated_columns(self) -> dict[str, str]:
        """``nps``, ``csat``, ``ces`` to the attribute that holds its ratings."""
        made: dict[str, str] = self._cached("rated columns", lambda: guess_ratings(self._ratings()))
        return made

    def _measured(self, freq: str) -> pd.DataFrame:
        """KPIs of tables and of ratings; the latter step aside, as a segment, for the former."""
        given = self._store.kpis()
        ratings = self._ratings()
        columns = guess_ratings(ratings)
        if not columns:
            return given
        made = from_feedback(ratings, columns, freq)  # type: ignore[arg-type]  # it is checked there
        taken = set(given.loc[given["stage"].isna(), "kpi"].str.casefold())
        clash = made["kpi"].str.casefold().isin(taken)
        made["segment"] = made["segment"].mask(clash, say("study.of_comments", self.language))
        made["rated"] = True
        return pd.concat([given, made], ignore_index=True)
