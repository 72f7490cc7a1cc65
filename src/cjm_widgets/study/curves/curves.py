"""Verbs that measure the emotion curve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.measure.curves.curve import check_minimum, curve_of_units
from cjm_widgets.measure.curves.disagreement import coder_spread
from cjm_widgets.study.evidence import checking, evidence, grouping, placing
from cjm_widgets.study.evidence.calibrating import calibrated
from cjm_widgets.study.evidence.evidence import Evidence
from cjm_widgets.study.evidence.grouping import Freq, Groups
from cjm_widgets.study.given.kpi_verbs import KpiVerbs
from cjm_widgets.view.curves.curve_view import CurveView, Layout
from cjm_widgets.words import say

if TYPE_CHECKING:
    from cjm_widgets.study.given.personas import PersonaVerbs
    from cjm_widgets.view.parts.theme import Theme

GROUP = "(group)"
"""The column of groups while a curve is computed; no attribute can disturb it."""
WEIGHT = "(weight)"
"""The column of survey weights meanwhile."""
ESTIMATES = ("coded", "automatic", "calibrated")
COLUMNS = ("respondent", "channel", "touchpoint", "language")
"""Columns of every text, beside its attributes."""


class Curves(KpiVerbs):
    """Emotion curves."""

    def default_estimate(self) -> str:
        """What curve and map rest on when nobody says: the last choice, else people's ratings
        where there are any (or there is no feedback at all), else scores."""
        chosen = self._store.setting("estimate")
        if chosen in ESTIMATES:
            return str(chosen)
        coded = self._store.rated() or not self._store.totals().texts
        return "coded" if coded else "automatic"

    def curve(
        self,
        estimate: str | None = None,
        *,
        by: str | None = None,
        weights: str | None = None,
        scorer: str | None = None,
        minimum: int = 1,
        layout: Layout = "multiples",
        freq: Freq = "Q",
        theme: Theme = "auto",
    ) -> CurveView:
        """The emotion curve: mean valence per stage with a 95 % interval.

        Parameters
        ----------
        estimate
            ``"coded"``: people's ratings only. ``"automatic"``: scores only, at the stages that
            codings name, or that touchpoints and the journey's vocabulary predict.
            ``"calibrated"``: scores of all texts, corrected by people's ratings of some that
            were drawn at random. Never a mixture of both. The choice is kept with the study;
            None takes the last one.
        by
            ``persona``, ``period``, ``channel`` or any attribute to draw a curve of each value
            of. The first column of the frame bears its name (with `` (attribute)`` behind it
            where the frame has such a column already); texts without a value are left out. Who
            fits two described personas counts for both. With ``"calibrated"`` each group is
            corrected by its own ratings; a stage with fewer than ten of them is a gap.
        weights
            An attribute with a number in every text that counts: how many people the text
            stands for, on any scale (survey weights). Not with ``"calibrated"``.
        scorer
            Name of the scorer for ``"automatic"`` and ``"calibrated"``; by default
            cjm-en and cjm-fr. ``"learned"``, for ``"calibrated"`` only: learned from this
            study's own ratings, on top of their scores.
        minimum
            Groups of fewer respondents at a stage are not shown (with `by`).
        layout
            With `by`: ``"multiples"``, a drawing a group; ``"overlay"``, up to six curves in one
            drawing; ``"heat"``, a table of coloured cells, groups by stages.
        freq
            Length of a period for ``by="period"``: ``"M"``, ``"Q"`` or ``"Y"``.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        CurveView
            Shows itself as a picture with its table; `frame` has per stage `n`,
            `respondents`, `mean`, `low`, `high`, shares of negative, neutral and positive
            units, `unknown`, `predicted`, `largest`, `grade`, `stands_apart`; with `weights`
            `effective_n`; where several people rated the same texts, `coders`, `shared`,
            `disagreement`, `coder_low` and `coder_high` (see
            `cjm_widgets.measure.curves.disagreement.coder_spread`).

        Raises
        ------
        NoEvidence
            If no text has been scored yet, for ``"automatic"`` and ``"calibrated"``; if a stage
            has fewer than ten ratings or a kind of text has none, for ``"calibrated"``; or no
            text has a value of `by`.
        UnknownName, ArgumentError
            If the estimate, the column `by` or `weights`, the layout or the period is unknown,
            `by` has more than 100 values (six for ``"overlay"``), `minimum` is below 1, or a
            weight is missing or negative.

        Notes
        -----
        Each text counts once per stage; a stage whose sub-stages have evidence gives way to
        them. Codings at stages that the journey has no more count as texts without a stage.
        Intervals are clustered by respondent and moderated
        by the variance pooled over the stages: see `cjm_widgets.measure.interval`. Ratings that
        run against the words of their texts are warned of: the scale may be turned round.
        """
        check_minimum(minimum)
        groups = None if by is None else self._groups(by, freq)
        if (estimate or self.default_estimate()) == "calibrated":
            _unweighted(weights)
        used, found = self._chosen(estimate, scorer)
        journey = self.journey
        names = {stage.key: stage.name(self.language) for stage in journey}
        notes, shown = self._notes_on(found), None
        if groups is None and weights is None:
            frame = evidence.curve(journey, found)
            notes += checking.of_equals(found.units, frame, names, self.language)
            frame, more = self._with_coders(frame, found)
            notes += more
        elif groups is not None and used == "calibrated":
            order = evidence.order(journey, found.units)
            frame, gaps = grouping.calibrated(
                found.units, groups, order, found.probability, GROUP, minimum
            )
            if gaps:
                notes.append(say("curve.group_gaps", self.language, n=gaps))
        else:
            units = self._weighted(found.units, weights)
            column = None
            if groups is not None:
                units, column = grouping.grouped(units, groups, GROUP), GROUP
            frame = curve_of_units(
                units,
                evidence.order(journey, found.units),
                by=column,
                minimum=minimum,
                weights=None if weights is None else WEIGHT,
            )
        if weights is not None:
            notes.append(say("curve.weights", self.language, name=weights))
        if groups is not None:
            shown = by if by not in frame.columns else f"{by} (attribute)"
            frame = frame.rename(columns={GROUP: shown})
            if groups.without:
                notes.append(say("curve.undated", self.language, n=groups.without))
        return CurveView(
            frame,
            names=names,
            by=shown,
            estimate=used,
            scorer=found.scorer,
            without_stage=found.without_stage,
            layout=layout,
            groups={} if groups is None else groups.names,
            notes=notes,
            warnings=self._warnings_on(found),
            language=self.language,
            theme=theme,
        )

    def stages_from(self, column: str, mapping: Mapping[str, str] | None = None) -> dict[str, str]:
        """Say which stage each touchpoint, question or channel stands for.

        Parameters
        ----------
        column
            ``touchpoint``, ``channel`` or any attribute.
        mapping
            Value to key or name of the stage; None forgets the mapping and guesses again.

        Returns
        -------
        dict
            The mapping that holds now, by keys.

        Raises
        ------
        UnknownName
            If the column or a stage is unknown.
        """
        self._known_column(column)
        chosen = dict(self._store.setting("stages_from") or {})
        if mapping is None:
            chosen.pop(column, None)
        else:
            journey = self._ensure_journey()
            chosen[column] = {value: journey.stage(name).key for value, name in mapping.items()}
        self._store.set_setting("stages_from", chosen)
        return placing.mappings(self._store, self.journey, self.language).get(column, {})

    def _chosen(self, estimate: str | None, scorer: str | None) -> tuple[str, Evidence]:
        """The estimate in use and what it rests on; a choice is kept once it has worked."""
        used = self.default_estimate() if estimate is None else estimate
        found = self._found(used, scorer)
        if estimate is not None and self._store.setting("estimate") != estimate:
            self._store.set_setting("estimate", estimate)
        return used, found

    def _found(self, used: str, scorer: str | None = None) -> Evidence:
        """What an estimate rests on; the study's choice is left as it is."""
        if used not in ESTIMATES:
            raise UnknownName("estimate", used, ESTIMATES)
        journey = self._ensure_journey()
        if used == "coded":
            return self._coded()
        # Settings are no change of the journal.
        told = [self._store.setting(name) for name in ("stages_from", "scored_with")]
        make = evidence.automatic if used == "automatic" else calibrated
        found: Evidence = self._cached(
            f"{used} {scorer} {told} {self.language}",
            lambda: make(self._store, journey, self.language, scorer),
        )
        if used == "calibrated":
            evidence.curve(journey, found)  # refused, it is not kept as the choice
        return found

    def _coded(self) -> Evidence:
        made: Evidence = self._cached(
            "coded", lambda: evidence.coded(self._store, self.journey, self._codings())
        )
        return made

    def _codings(self) -> pd.DataFrame:
        """Codings at the stages of now, without their words (see `Store.marks`)."""
        made: pd.DataFrame = self._cached(
            "codings", lambda: evidence.judged(self._store, self.journey)
        )
        return made

    def _groups(self, by: str, freq: str) -> Groups:
        """Which group each text belongs to."""
        attributes = set(self._store.attributes()["attribute"])
        if by == grouping.PERIOD and by not in attributes:
            return grouping.of_periods(self._store.values_of("at"), freq, self.language)
        if by == grouping.PERSONA and self._store.documents(by):
            # A study has both groups of verbs.
            verbs = cast("PersonaVerbs", self)
            return grouping.of_personas(verbs._personas(), lambda p: verbs._numbers_of(p.filter))
        self._known_column(by)
        return grouping.of_column(self._store.values_of(by), by)

    def _weighted(self, units: pd.DataFrame, weights: str | None) -> pd.DataFrame:
        """Units with the weight of their text; missing ones are refused where they count."""
        if weights is None:
            return units
        self._known_column(weights)
        values = self._store.values_of(weights)
        if not pd.api.types.is_numeric_dtype(values.dtype):
            raise ArgumentError(
                f"weights={weights!r}: the column holds text, and a weight is a number; choose an "
                f"attribute of numbers"
            )
        found: Any = units["feedback"].map(values)
        return units.assign(**{WEIGHT: found.astype("float64")})

    def _with_coders(self, frame: pd.DataFrame, found: Evidence) -> tuple[pd.DataFrame, list[str]]:
        """The curve with what coders of the same texts differ by, where there are any."""
        if found.estimate != "coded":
            return frame, []
        stages = frame["stage"].tolist()
        spread = self._cached(
            f"spread {stages}",
            lambda: coder_spread(self._codings(), stages),
        )
        notes = checking.of_coders(spread, self.language)
        if not notes:
            return frame, []
        more = spread.drop(columns="stage")
        return pd.concat([frame, more], axis=1), notes

    def _notes_on(self, found: Evidence) -> list[str]:
        if found.estimate == "coded":
            return []
        texts = self._store.text_count()
        return checking.of_scores(found.units, found.estimate, texts, self.language)

    def _warnings_on(self, found: Evidence) -> list[str]:
        """Warnings about people's ratings, which coded and calibrated curves rest on."""
        if found.estimate == "automatic":
            return []
        way = self._cached(
            f"scale {self.language}",
            lambda: checking.scale_direction(self._store, self._coded().units, self.language),
        )
        return checking.warnings(way, self.language)

    def _known_column(self, name: str) -> None:
        known = [*COLUMNS, *self._store.attributes()["attribute"]]
        if name not in known:
            raise UnknownName("column of the feedback", name, known)


def _unweighted(weights: str | None) -> None:
    """Refuse survey weights for a calibrated curve."""
    if weights is not None:
        raise ArgumentError(
            f"weights={weights!r}: a calibrated curve counts each text once; with survey weights "
            f"take estimate='coded' or 'automatic'"
        )
