"""Coded passages with what stands around them, as a list that shows itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cjm_widgets.model.columns import tuples
from cjm_widgets.view.parts import cards, figures
from cjm_widgets.view.parts.shown import Shown
from cjm_widgets.view.parts.theme import Theme, notebook_variables
from cjm_widgets.words import say

MOST = 200
"""Passages drawn; the frame has all."""


@dataclass(frozen=True, slots=True)
class _Item:
    before: str
    passage: str
    after: str
    source: str
    stage: str
    valence: str
    codes: tuple[str, ...]
    coder: str
    memo: str
    language: str


class PassagesView(Shown):
    """Coded passages in their context.

    Parameters
    ----------
    frame
        Columns of `model.columns.CODINGS` and `before`, `after`, `channel`, `language`.
    query
        What was asked for.
    stages, codes
        Key to name.
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        query: str = "",
        stages: Mapping[str, str] | None = None,
        codes: Mapping[str, str] | None = None,
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        super().__init__(language, theme)
        self.frame = frame
        self.query = query
        self.stages, self.codes = dict(stages or {}), dict(codes or {})

    def __repr__(self) -> str:
        return say("passages.plain", self.language, n=len(self.frame))

    def __len__(self) -> int:
        return len(self.frame)

    def html(self) -> str:
        """The list as HTML with its style, without script; every text is escaped."""
        texts = self.frame["feedback"].nunique()
        style = notebook_variables(self.theme, ".cjm-passages")
        return (
            cards.environment()
            .get_template("passages.html")
            .render(
                ctx=cards.Context(self.language),
                view=self,
                counts=say("passages.counts", self.language, n=len(self.frame), texts=texts),
                items=[self._item(row) for row in tuples(self.frame.head(MOST))],
                more=max(0, len(self.frame) - MOST),
                styles=cards.own(style + cards.static("passages.css")),
            )
        )

    def _item(self, row: Any) -> _Item:
        said = [_known(row.respondent), _known(row.channel), _known(row.source_id)]
        return _Item(
            before=_known(row.before),
            passage=_known(row.passage),
            after=_known(row.after),
            source=" · ".join(dict.fromkeys(word for word in said if word)),
            stage=self.stages.get(_known(row.stage), _known(row.stage)),
            valence=figures.valence(row.valence, self.language)
            if math.isfinite(row.valence)
            else "",
            codes=tuple(self.codes.get(key, key) for key in _known(row.codes).split("; ") if key),
            coder=_known(row.coder),
            memo=_known(row.memo),
            language=_known(row.language),
        )


def _known(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
