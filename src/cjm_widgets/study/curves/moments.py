"""Verbs about what people remember and what ties them: peak and end, moments of truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cjm_widgets.errors import NoEvidence
from cjm_widgets.measure.curves.moments import loyalty_ties
from cjm_widgets.measure.curves.peak_end import peak_end, peak_end_means
from cjm_widgets.measure.kpis.kpi_names import RATINGS, match
from cjm_widgets.study.curves.curves import Curves
from cjm_widgets.study.evidence import evidence
from cjm_widgets.study.evidence.evidence import Evidence
from cjm_widgets.view.curves.moments_view import MomentsView, PeakEndView

if TYPE_CHECKING:
    from cjm_widgets.view.parts.theme import Theme


class Moments(Curves):
    """Peak and end, moments of truth."""

    def moments(
        self, of: str = "nps", *, estimate: str | None = None, theme: Theme = "auto"
    ) -> MomentsView:
        """Moments of truth: stages that stand apart and whose feeling goes with loyalty.

        Parameters
        ----------
        of
            The loyalty figure: ``"nps"``, ``"csat"``, ``"ces"``, or any attribute of the
            feedback that is a number and of which more is better.
        estimate
            ``"coded"`` or ``"automatic"``; None takes the study's, and coded ratings where that
            is the calibrated one. The study's choice is left as it is.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        MomentsView
            Shows itself as a picture; `frame` has per stage `respondents`, `tie`, `low`,
            `high`, `p_holm`, `slope`, `stands_apart`, `moment`, `rank` (see
            `cjm_widgets.measure.curves.moments.loyalty_ties`).

        Raises
        ------
        NoEvidence
            If no such figure came with the feedback, or no stage has twenty respondents with
            both a valence and the figure.
        """
        name = self._loyalty(of)
        used, found = self._of_texts(estimate)
        values: Any = self._store.values_of(name)
        # Who a text without respondent stands for is called as its units call it.
        alone = found.units.drop_duplicates("feedback").set_index("feedback")["respondent"]
        who = self._store.values_of("respondent").reindex(values.index)
        who = who.fillna(alone.reindex(values.index))
        loyalty = values.astype("float64").groupby(who).mean()
        frame = loyalty_ties(found.units, loyalty, evidence.curve(self.journey, found))
        return MomentsView(
            frame,
            of=name,
            names={stage.key: stage.name(self.language) for stage in self.journey},
            estimate=used,
            language=self.language,
            theme=theme,
        )

    def peak_end(self, *, estimate: str | None = None, theme: Theme = "auto") -> PeakEndView:
        """Peak and end of each respondent's own course, and their means.

        Parameters
        ----------
        estimate
            As for `moments`.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        PeakEndView
            Shows itself as a picture; `frame` has `part` (``peak``, ``end``, ``peak_end``,
            ``mean``, ``gap``), `value`, `low`, `high`, `n` (respondents); `people` a row per
            respondent (see `cjm_widgets.measure.curves.peak_end.peak_end`).

        Raises
        ------
        NoEvidence
            If nobody has two dated units at two different times.
        """
        used, found = self._of_texts(estimate)
        units = found.units[found.units["stage"].notna()]
        at = self._store.values_of("at")
        people = peak_end(units.assign(at=at.reindex(units["feedback"]).array))
        return PeakEndView(
            peak_end_means(people), people, estimate=used, language=self.language, theme=theme
        )

    def _of_texts(self, estimate: str | None) -> tuple[str, Evidence]:
        """An estimate that gives each text its own valence."""
        used = estimate or self.default_estimate()
        used = "coded" if used == "calibrated" else used
        return used, self._found(used)

    def _loyalty(self, of: str) -> str:
        attributes = self._store.attributes()
        numeric = attributes.loc[attributes["kind"] != "text", "attribute"].tolist()
        found = of if of in numeric else match(numeric, RATINGS.get(of.strip().casefold(), (of,)))
        if found is None:
            raise NoEvidence(
                f"moments of truth need a tie to loyalty, and no attribute of the texts is {of!r} "
                f"(numbers are: {', '.join(numeric) or 'none'}): bring such a column in with "
                f"study.add(…), beside the texts. Until then study.curve() says which stages "
                f"stand apart"
            )
        return str(found)
