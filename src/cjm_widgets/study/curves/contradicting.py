"""The verb that holds figures against what people feel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cjm_widgets.errors import NoEvidence
from cjm_widgets.measure.kpis.contradictions import contradictions
from cjm_widgets.measure.kpis.kpi_segments import of_group
from cjm_widgets.measure.kpis.kpis import latest
from cjm_widgets.study.curves.curves import Curves
from cjm_widgets.study.evidence import evidence
from cjm_widgets.view.kpis.contradictions_view import ContradictionsView
from cjm_widgets.words import say

if TYPE_CHECKING:
    from cjm_widgets.view.parts.theme import Theme


class Contradicting(Curves):
    """KPIs and valence of the same stage."""

    def contradictions(
        self, *, estimate: str | None = None, theme: Theme = "auto"
    ) -> ContradictionsView:
        """Each stage's KPIs beside its valence, and where one says otherwise than the other.

        Parameters
        ----------
        estimate
            What the valence rests on: see `curve`; None takes the study's, which stays.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        ContradictionsView
            Shows itself as a picture; `frame` has a KPI of a stage a row: `stage`, `valence`,
            `low`, `high`, `respondents`, `kpi`, `segment`, `value`, `unit`, `target`,
            `on_target`, `verdict`, `contradiction` (``"felt_bad"``, ``"felt_good"`` or missing)
            and `says`, the same in words. See
            `cjm_widgets.measure.kpis.contradictions.contradiction` for when it is said.

        Raises
        ------
        NoEvidence
            If no stage has both a valence and a KPI.
        """
        found = self._found(estimate or self.default_estimate())
        figures = of_group(self._figures(), (), [say("study.of_comments", self.language)])
        frame = contradictions(evidence.curve(self.journey, found), latest(figures))
        if not len(frame):
            raise NoEvidence(
                "no stage has both a valence and a KPI: bring figures in with study.add_kpis(…) "
                "whose column 'stage' names the stages that people speak of"
            )
        return ContradictionsView(
            frame,
            names={stage.key: stage.name(self.language) for stage in self.journey},
            language=self.language,
            theme=theme,
        )
