"""The whole map as one SVG picture, drawn from its facts: no browser, no script, real text."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

from cjm_widgets.errors import UnknownName
from cjm_widgets.journeymap.facts import JourneyMap
from cjm_widgets.view import marks
from cjm_widgets.view.drawing.sheet import Sheet

Look = Literal["light", "dark", "print", "auto"]

__all__ = ["Look", "svg"]


def svg(facts: JourneyMap, language: str | None = None, theme: str = "light") -> str:
    """The whole map as one SVG document.

    Title, KPI panels with their trends, stages, lanes, quotes, curve with intervals, line of
    visibility, legend, estimate and grades; texts are texts. What a cell has too many of is
    counted, never cut in silence: a note longer than twelve lines ends with ``…``.

    Parameters
    ----------
    facts
        What to show, after privacy.
    language
        ``en`` or ``fr``, of the words around the facts; the facts' own by default.
    theme
        ``light`` or ``dark``. ``print`` and ``auto`` are drawn light: a picture does not know
        its reader's system.

    Returns
    -------
    str
        A document of its own, which also stands inside HTML. At least 1,000 pixels wide; a
        column has 150 pixels or more.

    Raises
    ------
    UnknownName
        If nobody knows the theme.
    """
    if theme not in get_args(Look):
        raise UnknownName("theme", theme, get_args(Look))
    shown = replace(facts, language=language or facts.language)
    mode = "dark" if theme == "dark" else "light"
    return Sheet(shown, mode).svg(marks.spoken(shown.stages, shown.language))
