"""KPI panels that show themselves."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from cjm_widgets.errors import NoEvidence, UnknownName
from cjm_widgets.journeymap.kpis import panels
from cjm_widgets.view.parts import cards, frames
from cjm_widgets.view.parts.kpi_text import PanelText
from cjm_widgets.view.parts.theme import Theme, check_theme, notebook_variables
from cjm_widgets.words import say

if TYPE_CHECKING:
    import pandas as pd

    from cjm_widgets.journeymap.facts import KpiPanel

Behind = Callable[["KpiPanel"], "pd.DataFrame"]
"""From a panel to the texts behind it."""


class KpiView:
    """KPI panels: value, n, interval, change, target and trend of each.

    Parameters
    ----------
    latest
        The newest figures: see `journeymap.panels`.
    history
        The figures of every period, for the trends; by default those in `latest`.
    stages
        Key of a stage to its name, for the panels of stages.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook or the reader's system.
    segment
        Whose panels show first, where there are segments; by default everyone's.
    everyone
        Segments that are of all customers all the same, such as those of another source.
    behind
        What gives the texts behind a panel.

    Raises
    ------
    UnknownName
        If there is no such theme or segment.
    """

    def __init__(
        self,
        latest: pd.DataFrame,
        history: pd.DataFrame | None = None,
        *,
        stages: dict[str, str] | None = None,
        language: str = "en",
        theme: Theme = "auto",
        segment: str | None = None,
        everyone: Collection[str] = (),
        behind: Behind | None = None,
    ) -> None:
        check_theme(theme)
        self.panels = panels(latest, history)
        self.stages = dict(stages or {})
        self.language = language
        self.theme = theme
        self._everyone = {"", *everyone}
        self._behind = behind
        if segment is not None and segment not in self.segments:
            raise UnknownName("segment", segment, self.segments)
        self.segment = segment

    def __repr__(self) -> str:
        return say("kpi.plain", self.language, n=len(self.panels))

    @property
    def segments(self) -> list[str]:
        """The segments of customers that figures are of, in order of first appearance."""
        found = dict.fromkeys(panel.segment for panel in self.panels)
        return [name for name in found if name not in self._everyone]

    @property
    def frame(self) -> pd.DataFrame:
        """A KPI a row: see `view.frames.kpis`."""
        return frames.kpis(self.panels)

    def behind(
        self, kpi: str, *, stage: str | None = None, segment: str | None = None
    ) -> pd.DataFrame:
        """The texts behind a KPI.

        Parameters
        ----------
        kpi
            Its name, whatever the case.
        stage
            Key or name of its stage, where several KPIs have the name.
        segment
            Its segment, where several KPIs have the name.

        Returns
        -------
        pandas.DataFrame
            For a KPI computed from ratings the texts whose ratings made its newest value:
            `feedback`, `respondent`, `at`, `channel`, `text`, `rating` and, for an NPS, `part`
            (``promoters``…). For another KPI of a stage what was said of that stage: `feedback`,
            `respondent`, `at`, `coder`, `valence`, `text`; the figure was not computed from it.
            As `study.feedback()` does, it names respondents.

        Raises
        ------
        UnknownName
            If there is no such KPI.
        NoEvidence
            If the KPI came with a table and is of no stage, or nobody spoke of its stage.
        """
        if self._behind is None:
            raise NoEvidence(
                f"behind({kpi!r}): these panels were made from figures alone; study.kpis() knows "
                f"the texts"
            )
        return self._behind(self._panel(kpi, stage, segment))

    def _panel(self, kpi: str, stage: str | None, segment: str | None) -> KpiPanel:
        named = [p for p in self.panels if p.name.casefold() == kpi.strip().casefold()]
        if not named:
            names = list(dict.fromkeys(panel.name for panel in self.panels))
            raise UnknownName("KPI", kpi, names)
        if stage is not None:
            keys = {name: key for key, name in self.stages.items()}
            at_stage = [p for p in named if p.stage == keys.get(stage, stage)]
            if not at_stage:
                told = [self.stages.get(p.stage or "", p.stage or "") for p in named]
                raise UnknownName(f"stage of {kpi}", stage, told)
            named = at_stage
        if segment is not None:
            of_segment = [p for p in named if p.segment == segment]
            if not of_segment:
                raise UnknownName(f"segment of {kpi}", segment, [p.segment for p in named])
            return of_segment[0]
        # Ratings have texts behind them; figures of a table that bear the same name have none.
        return next((p for p in named if p.rated), named[0])

    def html(self) -> str:
        """The panels as HTML with their style, without script.

        Where there are segments, one chooses between them; where styles are stripped, all stand
        below one another.
        """
        context = cards.Context(self.language)
        style = notebook_variables(self.theme, ".cjm-kpis")
        groups = self._groups(context)
        hidden = "".join(
            f'.cjm-kpis:has([value="{k}"]:checked) section:not([data-of="{k}"]){{display:none}}'
            for k in range(len(groups))
        )
        names = [name for name, _ in groups]
        return (
            cards.environment()
            .get_template("kpis.html")
            .render(
                ctx=context,
                groups=groups,
                chosen=names.index(self.segment) if self.segment in names else 0,
                uid=f"cjm-{uuid.uuid4().hex}",
                styles=cards.own(style + cards.static("kpis.css") + hidden),
            )
        )

    def _groups(self, context: cards.Context) -> list[tuple[str, list[tuple[PanelText, str]]]]:
        """Whose panels there are, everyone's first, each with the name of its stage."""
        wanted: list[tuple[str, Collection[str]]] = [
            (say("kpi.everyone", self.language), self._everyone),
            *((name, {name}) for name in self.segments),
        ]
        made = []
        for called, segments in wanted:
            mine = tuple(panel for panel in self.panels if panel.segment in segments)
            told = zip(context.panels(mine), mine, strict=True)
            group = [(text, self.stages.get(p.stage or "", p.stage or "")) for text, p in told]
            made += [(called, group)] if group else []
        return made

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.html()}
