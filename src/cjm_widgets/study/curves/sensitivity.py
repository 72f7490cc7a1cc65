"""The verb that asks whether a curve would say the same if it were computed otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from cjm_widgets.errors import CjmError, NoEvidence
from cjm_widgets.measure.curves.curve import curve_of_units
from cjm_widgets.measure.curves.sensitivity import Variant, compared_stages, sensitivity_frame
from cjm_widgets.measure.curves.units import automatic_units, coded_units
from cjm_widgets.score import PREFERRED
from cjm_widgets.study.curves.curves import ESTIMATES, WEIGHT, Curves
from cjm_widgets.study.evidence import evidence
from cjm_widgets.study.evidence.evidence import Evidence
from cjm_widgets.view.curves.sensitivity_view import SensitivityView
from cjm_widgets.words import say

if TYPE_CHECKING:
    from cjm_widgets.view.parts.theme import Theme

MOST_CODERS = 8
"""Coders left out one at a time: those with most codings."""


class Sensitivity(Curves):
    """Whether what a curve says holds."""

    def sensitivity(
        self, estimate: str | None = None, *, weights: str | None = None, theme: Theme = "auto"
    ) -> SensitivityView:
        """Whether the worst stage, and the order of the stages, hold when computed otherwise.

        Parameters
        ----------
        estimate
            The curve to begin with, as for `curve`; None takes the study's. The study's choice
            is left as it is.
        weights
            An attribute of survey weights to try as well.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        SensitivityView
            Shows itself as a table of coloured cells, a variant a row, with a sentence that
            says how often the worst stage is the same. `frame` has `kind`, `variant`, `worst`,
            `worst_mean`, `gap`, `best`, `same_worst`, `order`, `stages` (see
            `measure.curves.sensitivity.sensitivity_frame`), `means` the means themselves:
            `variant`, `stage`, `n`, `mean`, `low`, `high`.

        Raises
        ------
        NoEvidence
            If the curve to begin with has no evidence, or fewer than two stages have.

        Notes
        -----
        Tried are the other estimates and every scorer with scores; each respondent counting
        once; without the respondent with most units; without each coder (the eight with most
        codings); whole texts, sentences or single passages as units. What cannot be computed
        is named below the table.
        """
        used = estimate or self.default_estimate()
        found = self._found(used)
        shown = self._variant("chosen", say(f"sensitivity.estimates.{used}", self.language), found)
        if len(compared_stages(shown.curve)) < 2:
            raise NoEvidence(
                "fewer than two stages have evidence, so that none can be the worst; code or score "
                "more texts"
            )
        missing: list[str] = []
        variants = [shown, *self._others(used, missing)]
        units = found.units
        if used != "calibrated":
            variants += self._weightings(units, weights)
            variants += self._without_largest(units)
            variants += self._units_otherwise(used)
        if used != "automatic":
            variants += self._without_coders()
        return SensitivityView(
            sensitivity_frame(variants),
            variants,
            names={stage.key: stage.name(self.language) for stage in self.journey},
            missing=missing,
            language=self.language,
            theme=theme,
        )

    def _variant(self, kind: str, label: str, found: Evidence) -> Variant:
        return Variant(kind, label, evidence.curve(self.journey, found))

    def _of_units(
        self, kind: str, label: str, units: pd.DataFrame, weights: bool = False
    ) -> Variant:
        order = evidence.order(self.journey, units)
        weight = WEIGHT if weights else None
        return Variant(kind, label, curve_of_units(units, order, weights=weight))

    def _others(self, used: str, missing: list[str]) -> Iterator[Variant]:
        """The other estimates, and every other scorer."""
        language = self.language
        for estimate in ESTIMATES:
            label = say(f"sensitivity.estimates.{estimate}", language)
            if estimate == used:
                continue
            try:
                found = self._found(estimate)
                if not found.units["stage"].notna().any():
                    raise NoEvidence(estimate)
                yield self._variant("estimate", label, found)
            except CjmError:
                missing.append(label)
        default = {names[0] for names in PREFERRED.values()}
        for scorer in sorted({name for name, _ in self._store.scorers()} - default):
            label = say("sensitivity.scorer", language, name=scorer)
            try:
                yield self._variant("scorer", label, self._found("automatic", scorer))
            except CjmError:
                missing.append(label)

    def _weightings(self, units: pd.DataFrame, weights: str | None) -> Iterator[Variant]:
        """Each respondent once; survey weights."""
        valued = units[units["stage"].notna() & units["valence"].notna()]
        many = valued.groupby(["stage", "respondent"])["valence"].transform("size")
        if (many > 1).any():
            once = valued.assign(**{WEIGHT: 1.0 / many})
            label = say("sensitivity.once", self.language)
            yield self._of_units("weighting", label, once, weights=True)
        if weights is not None:
            label = say("sensitivity.weights", self.language, name=weights)
            yield self._of_units("weighting", label, self._weighted(units, weights), weights=True)

    def _without_largest(self, units: pd.DataFrame) -> Iterator[Variant]:
        counts = units.loc[units["valence"].notna(), "respondent"].value_counts()
        if len(counts) > 1 and counts.iloc[0] > 1:
            label = say("sensitivity.largest", self.language, n=int(counts.iloc[0]))
            rest = units[units["respondent"] != counts.index[0]]
            yield self._of_units("respondent", label, rest)

    def _without_coders(self) -> Iterator[Variant]:
        codings = self._codings()
        coders = codings.loc[codings["valence"].notna(), "coder"].value_counts()
        if len(coders) < 2:
            return
        for coder in coders.index[:MOST_CODERS]:
            rest = coded_units(codings[codings["coder"] != coder])
            label = say("sensitivity.coder", self.language, name=coder)
            yield self._of_units("coder", label, rest)

    def _units_otherwise(self, used: str) -> Iterator[Variant]:
        """Single passages in place of texts; whole texts in place of sentences."""
        if used == "coded":
            codings = self._codings()
            alone = codings.assign(feedback=range(len(codings)))
            if codings.duplicated(["feedback", "stage"]).any():
                who = codings["respondent"].fillna("text " + codings["feedback"].astype("str"))
                label = say("sensitivity.passages", self.language)
                yield self._of_units("unit", label, coded_units(alone.assign(respondent=who)))
            return
        found = self._found("automatic")
        respondents = self._store.values_of("respondent")
        newest = evidence.newest_scorers(self._store, None)
        parts = [
            automatic_units(
                self._store.scores(name, "text", version=version), found.places, respondents
            )
            for name, version in newest.items()
        ]
        label = say("sensitivity.texts", self.language)
        yield self._of_units("unit", label, pd.concat(parts, ignore_index=True))
