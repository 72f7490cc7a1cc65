"""What a map lacks, as a table that shows itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cjm_widgets.view.parts import cards
from cjm_widgets.view.parts.shown import Shown
from cjm_widgets.view.parts.theme import Theme, notebook_variables
from cjm_widgets.words import say

if TYPE_CHECKING:
    import pandas as pd

SEVERITIES = ("high", "medium", "low")
MARKS = {"high": "■", "medium": "◆", "low": "○"}
"""A shape for each severity, so that colour is not all that tells."""


class CheckView(Shown):
    """The findings of a check.

    Parameters
    ----------
    findings
        `what`, `stage` (key; missing for the whole map), `severity`, `says`, `remedy`.
    names
        Key of a stage to its name.
    title
        The study's name.
    days
        The review interval.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook or the reader's system.
    """

    def __init__(
        self,
        findings: pd.DataFrame,
        *,
        names: Mapping[str, str] | None = None,
        title: str = "",
        days: int = 90,
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        super().__init__(language, theme)
        self._findings = findings
        self.names = dict(names or {})
        self.title, self.days = title, days

    def __repr__(self) -> str:
        return say("check.plain", self.language, n=len(self._findings))

    @property
    def frame(self) -> pd.DataFrame:
        """`what`, `stage`, `severity`, `says`, `remedy`; a copy, the gravest first."""
        return self._findings.copy()

    def html(self) -> str:
        """The table as HTML with its style, without script; every name is escaped."""
        rows = [
            (row, self.names.get(row.stage, row.stage) if isinstance(row.stage, str) else "")
            for row in self._findings.itertuples()
        ]
        template = cards.environment().get_template("check.html")
        return template.render(
            ctx=cards.Context(self.language),
            view=self,
            rows=rows,
            marks=MARKS,
            counts=[
                (severity, sum(row.severity == severity for row, _ in rows))
                for severity in SEVERITIES
            ],
            styles=cards.own(
                notebook_variables(self.theme, ".cjm-check") + cards.static("check.css")
            ),
        )
