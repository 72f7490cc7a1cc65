"""KPI panels that show themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cjm_widgets.journeymap.kpis import panels
from cjm_widgets.view import cards, frames
from cjm_widgets.view.theme import Theme, check_theme, notebook_variables
from cjm_widgets.words import say

if TYPE_CHECKING:
    import pandas as pd


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
    """

    def __init__(
        self,
        latest: pd.DataFrame,
        history: pd.DataFrame | None = None,
        *,
        stages: dict[str, str] | None = None,
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        check_theme(theme)
        self.panels = panels(latest, history)
        self.stages = dict(stages or {})
        self.language = language
        self.theme = theme

    def __repr__(self) -> str:
        return say("kpi.plain", self.language, n=len(self.panels))

    @property
    def frame(self) -> pd.DataFrame:
        """A KPI a row: see `view.frames.kpis`."""
        return frames.kpis(self.panels)

    def html(self) -> str:
        """The panels as HTML with their style, without script."""
        context = cards.Context(self.language)
        style = notebook_variables(self.theme, ".cjm-kpis")
        template = cards.environment().get_template("kpis.html")
        return template.render(
            ctx=context,
            panels=[
                (text, self.stages.get(text.stage or "", text.stage or ""))
                for text in context.panels(self.panels)
            ],
            styles=cards.own(style + cards.static("kpis.css")),
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.html()}
