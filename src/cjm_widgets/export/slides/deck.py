"""A presentation with our colours as its theme, and the few shapes its slides are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cjm_widgets._optional import need
from cjm_widgets.view.drawing import metrics
from cjm_widgets.view.drawing.pen import Style
from cjm_widgets.view.parts import theme
from cjm_widgets.words import palette

WIDTH, HEIGHT, MARGIN = 960.0, 540.0, 28.0
"""A slide in points, 16 to 9."""
ROOM = WIDTH - 2 * MARGIN
FONT = "Arial"
"""On every computer, or one as wide stands in; the widths we measure with cover it."""
_TITLE_ONLY = 5
TITLE = Style(22, 27, bold=True)
SUB = Style(11, 14, "ink2")
_THEME = {
    "dk1": "ink",
    "lt1": "background",
    "dk2": "ink2",
    "lt2": "soft",
    "hlink": "good",
    "folHlink": "bad",
}
_NAMES = {
    "ink": "TEXT_1",
    "background": "BACKGROUND_1",
    "ink2": "TEXT_2",
    "soft": "BACKGROUND_2",
    "good": "HYPERLINK",
    "bad": "FOLLOWED_HYPERLINK",
}
"""Our names of colours to those of a presentation's theme."""


@dataclass(frozen=True, slots=True)
class Para:
    """One paragraph."""

    text: str
    style: Style
    after: float = 2.0
    right: bool = False
    """Whether it stands at the right, as numbers do."""

    def lines(self, room: float) -> int:
        return len(metrics.wrap(self.text, room, self.style.size, bold=self.style.bold))

    def height(self, room: float) -> float:
        return self.lines(room) * self.style.leading + self.after


def fitted(paras: Sequence[Para], room: float, height: float, more: str = "…") -> list[Para]:
    """The paragraphs that fit into a height; the last is cut, and ends with ``…``."""
    kept: list[Para] = []
    for place, para in enumerate(paras):
        wanted = para.height(room)
        if wanted <= height + para.after:
            kept.append(para)
            height -= wanted
            continue
        lines = int(height // para.style.leading)
        if lines >= 1:
            bold, size = para.style.bold, para.style.size
            cut = metrics.wrap(para.text, room, size, bold=bold, most=lines)
            kept.append(replace(para, text=" ".join(cut)))
        elif kept and place:
            last = kept.pop()
            kept.append(replace(last, text=last.text.rstrip("…") + more))
        break
    return kept


class Deck:
    """The presentation.

    Parameters
    ----------
    title
        Among its properties.

    Raises
    ------
    MissingExtra
        If python-pptx is not installed.
    """

    def __init__(self, title: str) -> None:
        pptx = need("pptx", extra="slides")
        from pptx.util import Pt

        self.made = pptx.Presentation()
        self.made.slide_width, self.made.slide_height = Pt(WIDTH), Pt(HEIGHT)
        self.made.core_properties.title = metrics.plain(title)[:250]
        self.made.core_properties.author = ""
        _colour_theme(self.made)

    def page(self, title: str, below: str = "") -> Page:
        """A new slide with its title; `below` stands under it."""
        slide = self.made.slides.add_slide(self.made.slide_layouts[_TITLE_ONLY])
        return Page(slide, title, below)


def _colour_theme(made: Any) -> None:
    from pptx.opc.constants import RELATIONSHIP_TYPE

    part = made.slide_masters[0].part.part_related_by(RELATIONSHIP_TYPE.THEME)
    colours = {slot: theme.colour(name, "light") for slot, name in _THEME.items()}
    stages = palette()["light"]["stages"]
    colours |= {f"accent{i}": str(hue) for i, hue in enumerate(stages[:6], start=1)}
    text = part.blob.decode("utf-8")
    for slot, colour in colours.items():
        new = f'<a:{slot}><a:srgbClr val="{colour[1:].upper()}"/></a:{slot}>'
        text = re.sub(rf"<a:{slot}>.*?</a:{slot}>", new, text, flags=re.S)
    text = re.sub(r'(<a:m(?:aj|in)orFont><a:latin typeface=")[^"]*', rf"\g<1>{FONT}", text)
    part._blob = text.encode("utf-8")


class Page:
    """One slide; places in points."""

    def __init__(self, slide: Any, title: str, below: str) -> None:
        self.slide = slide
        self.y = self._heading(title, below)
        """Where the heading ends."""

    def _heading(self, title: str, below: str) -> float:
        from pptx.util import Pt

        kept = fitted([Para(metrics.plain(title), TITLE)], ROOM, 2 * TITLE.leading)
        lines = sum(para.lines(ROOM) for para in kept)
        box = self.slide.shapes.title
        box.left, box.top, box.width = Pt(MARGIN), Pt(20), Pt(ROOM)
        box.height = Pt(TITLE.leading * max(1, lines))
        _write(box.text_frame, kept)
        y = 20 + TITLE.leading * max(1, lines) + 2
        if below:
            rest = fitted([Para(metrics.plain(below), SUB)], ROOM, 2 * SUB.leading)
            y += self.words(rest, MARGIN, y, ROOM)
        return y + 6

    def words(self, paras: Sequence[Para], x: float, y: float, room: float) -> float:
        """Paragraphs in a box of their own; gives its height."""
        from pptx.util import Pt

        if not paras:
            return 0.0
        height = sum(para.height(room) for para in paras)
        box = self.slide.shapes.add_textbox(Pt(x), Pt(y), Pt(room), Pt(height))
        _write(box.text_frame, paras)
        return height

    def rect(
        self, x: float, y: float, width: float, height: float, colour: str, *, outline: bool = False
    ) -> Any:
        """A rectangle; `outline` draws its edge only."""
        from pptx.enum.shapes import MSO_SHAPE
        from pptx.util import Pt

        shape = self.slide.shapes.add_shape(
            MSO_SHAPE.RECTANGLE, Pt(x), Pt(y), Pt(max(0.5, width)), Pt(height)
        )
        # Without the theme's own look, which has shadows.
        shape._element.remove(shape._element.find(f"{{{_P}}}style"))
        if outline:
            shape.fill.background()
            shape.line.width = Pt(0.75)
            paint(shape.line.color, colour)
        else:
            shape.fill.solid()
            paint(shape.fill.fore_color, colour)
            shape.line.fill.background()
        return shape

    def table(self, x: float, y: float, columns: Sequence[float], rows: Sequence[float]) -> Any:
        """A native table without fills; cells are filled by `cell`."""
        from pptx.util import Pt

        frame = self.slide.shapes.add_table(
            len(rows), len(columns), Pt(x), Pt(y), Pt(sum(columns)), Pt(sum(rows))
        )
        made = frame.table
        # "No style, no grid": its lines are drawn by `cell`.
        style = made._tbl.tblPr.find(f"{{{_A}}}tableStyleId")
        if style is not None:
            style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
        made.first_row = made.horz_banding = False
        for place, width in enumerate(columns):
            made.columns[place].width = Pt(width)
        for place, height in enumerate(rows):
            made.rows[place].height = Pt(height)
        return made


_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
INSIDE = 4.0
"""From a cell's edge to its words."""


def cell(table: Any, row: int, column: int, paras: Sequence[Para]) -> None:
    """Write one cell of a table."""
    from pptx.util import Pt

    made = table.cell(row, column)
    made.margin_left = made.margin_right = Pt(INSIDE)
    made.margin_top = made.margin_bottom = Pt(3)
    said = [para for para in paras if para.text.strip()]
    _write(made.text_frame, said, margins=False)
    if not said:
        # An empty cell is as tall as the type it would be written in.
        made.text_frame.paragraphs[0]._p.get_or_add_endParaRPr().set("sz", "600")
    _edges(made, column)


def _edges(made: Any, column: int) -> None:
    """A thin line above and, but for the first column, at the left."""
    from pptx.oxml import parse_xml

    properties = made._tc.get_or_add_tcPr()
    line = theme.colour("line", "light")[1:].upper()
    drawn = f'<a:solidFill><a:srgbClr val="{line}"/></a:solidFill>'
    for place, edge in enumerate(["lnL", "lnT"] if column else ["lnT"]):
        xml = f'<a:{edge} xmlns:a="{_A}" w="9525">{drawn}</a:{edge}>'
        properties.insert(place, parse_xml(xml))


def paint(colour: Any, name: str) -> None:
    """Give a colour by our name for it: one of the theme, or ``s1``, ``s2``… for a stage's."""
    from pptx.enum.dml import MSO_THEME_COLOR

    if name[0] == "s" and name[1:].isdigit():
        slot = (int(name[1:]) - 1) % 6 + 1
        colour.theme_color = getattr(MSO_THEME_COLOR, f"ACCENT_{slot}")
    elif name in _NAMES:
        colour.theme_color = getattr(MSO_THEME_COLOR, _NAMES[name])
    else:
        colour.rgb = _rgb(theme.colour(name, "light"))


def _rgb(code: str) -> Any:
    from pptx.dml.color import RGBColor

    made: Any = RGBColor
    return made(*bytes.fromhex(code.removeprefix("#")))


def _write(frame: Any, paras: Sequence[Para], *, margins: bool = True) -> None:
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap = True
    if margins:
        frame.auto_size = MSO_AUTO_SIZE.NONE
        frame.vertical_anchor = MSO_ANCHOR.TOP
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for place, para in enumerate(paras):
        made = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        made.alignment = PP_ALIGN.RIGHT if para.right else PP_ALIGN.LEFT
        made.line_spacing, made.space_after = Pt(para.style.leading), Pt(para.after)
        made.space_before = Pt(0)
        run = made.add_run()
        run.text = metrics.plain(para.text)
        run.font.size, run.font.name = Pt(para.style.size), FONT
        run.font.bold, run.font.italic = para.style.bold, para.style.italic
        paint(run.font.color, para.style.colour)
