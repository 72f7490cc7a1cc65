"""The frame around a picture of figures: heading, what it says in words, the table behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from cjm_widgets.view.parts import cards
from cjm_widgets.view.parts.theme import Theme, notebook_variables
from cjm_widgets.words import say


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a picture."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    """The first cell names its row."""
    numeric: Sequence[bool] = ()
    """Which columns stand at the right; by default all but the first."""

    def right(self, column: int) -> bool:
        """Whether a column's cells stand at the right."""
        return self.numeric[column] if self.numeric else column > 0


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a picture of figures shows."""

    title: str
    subtitle: str
    lead: Sequence[str]
    """What it says, in sentences; each a paragraph."""
    picture: Markup
    """SVG of our own."""
    table: Table
    notes: Sequence[str] = field(default_factory=tuple)
    below: Markup = field(default_factory=Markup)
    """What stands between the picture and the notes, escaped already."""


def figures_html(what: Figures, language: str, theme: Theme) -> str:
    """The page's part as HTML with its style, without script; every text is escaped."""
    style = notebook_variables(theme, ".cjm-figures")
    return (
        cards.environment()
        .get_template("figures.html")
        .render(
            what=what,
            language=language,
            styles=cards.own(style + cards.static("figures.css")),
            behind=say("figures.table", language),
        )
    )
