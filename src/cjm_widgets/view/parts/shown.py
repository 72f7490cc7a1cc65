"""What shows itself: in a notebook, as a page of its own, in a Bokeh document."""

from __future__ import annotations

import abc
from typing import Any

from cjm_widgets.view.parts import cards
from cjm_widgets.view.parts._bokeh import models
from cjm_widgets.view.parts.figures_page import Figures, figures_html
from cjm_widgets.view.parts.theme import Theme, check_theme


class Shown(abc.ABC):
    """A picture or table of HTML without script.

    Parameters
    ----------
    language
        ``en`` or ``fr``.
    theme
        ``auto`` follows the notebook or the reader's system; ``light`` and ``dark`` stay.

    Raises
    ------
    UnknownName
        If there is no such theme.
    """

    def __init__(self, language: str, theme: Theme) -> None:
        check_theme(theme)
        self.language, self.theme = language, theme

    @abc.abstractmethod
    def html(self) -> str:
        """It as HTML with its style, without script; every text is escaped."""

    def page(self) -> str:
        """It as one HTML page that needs nothing."""
        template = cards.environment().get_template("shown.html")
        return template.render(
            language=self.language, title=repr(self), body=cards.own(self.html())
        )

    def figure(self) -> Any:
        """It in a Bokeh document, for a dashboard."""
        return models.Div(text=self.html(), disable_math=True, sizing_mode="stretch_width")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self.html()}


class ShownFigures(Shown):
    """A picture of figures with its words and its table."""

    def html(self) -> str:
        """The picture with its words and its table, without script."""
        return figures_html(self._figures(), self.language, self.theme)

    @abc.abstractmethod
    def _figures(self) -> Figures:
        """All that it shows."""
