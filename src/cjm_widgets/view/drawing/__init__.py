"""The whole map as one SVG picture, drawn from its facts: no browser, no script, real text."""

from __future__ import annotations

import base64
import html
import re
from dataclasses import replace
from typing import Literal, get_args

from cjm_widgets.errors import UnknownName
from cjm_widgets.journeymap.facts import JourneyMap
from cjm_widgets.view.drawing.sheet import Sheet
from cjm_widgets.view.parts import marks
from cjm_widgets.view.parts.brand import Brand

Look = Literal["light", "dark", "print", "auto"]

PAGE = 400 / 276
"""Width by height of what A3 landscape leaves within its margins."""
WIDER = (1550.0, 1700.0, 1850.0, 2000.0)
"""Widths that a map for paper may take, so that it fills its page."""

__all__ = ["Look", "paper", "still", "svg"]


def svg(
    facts: JourneyMap,
    language: str | None = None,
    theme: str = "light",
    brand: Brand | None = None,
) -> str:
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
        ``light`` or ``dark``; ``auto`` is drawn light, since a picture does not know its
        reader's system; ``print`` is light and about as wide for its height as A3 landscape.

    brand
        A house's own colours, font and logo.

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
    said = marks.spoken(shown.stages, shown.language)
    sheet = Sheet(shown, "dark" if theme == "dark" else "light", brand=brand)
    height = sheet.drawn()
    if theme == "print":
        # No sheet becomes lower by more than it becomes wider: what cannot do is not drawn.
        usual, tall = sheet.width, height
        for wide in WIDER:
            if sheet.width / height >= PAGE:
                break
            if wide != WIDER[-1] and wide * wide / (usual * tall) < PAGE:
                continue
            sheet = Sheet(shown, "light", wide, brand)
            height = sheet.drawn()
    return sheet.svg(height, said)


def paper(facts: JourneyMap, language: str | None = None, brand: Brand | None = None) -> str:
    """The drawing for a page of paper, without a size of its own: its container gives one."""
    made = svg(facts, language, "print", brand)
    fitted = re.sub(r'(<svg [^>]*?) width="[^"]*" height="[^"]*"', r"\1", made, count=1)
    return fitted.replace("<svg ", '<svg preserveAspectRatio="xMidYMin meet" ', 1)


def still(facts: JourneyMap, language: str | None = None, brand: Brand | None = None) -> str:
    """The drawing as an HTML picture, for places that show no page within a page."""
    made = base64.b64encode(svg(facts, language, "light", brand).encode()).decode()
    name = html.escape(facts.title, quote=True)
    source = f"data:image/svg+xml;base64,{made}"
    return f'<img class="still" style="max-width:100%" alt="{name}" src="{source}">'
