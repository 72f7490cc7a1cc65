"""SVG, element by element; every text and every attribute is escaped here and nowhere else."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

from cjm_widgets.view.drawing import metrics
from cjm_widgets.view.parts import theme
from cjm_widgets.view.parts.brand import Brand

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Style:
    """How words are set; sizes in pixels."""

    size: float = 12.0
    leading: float = 16.0
    """From one line to the next."""
    colour: str = "ink"
    """Name in the palette."""
    bold: bool = False
    italic: bool = False

    def but(self, **changes: object) -> Style:
        """The same with something else."""
        return replace(self, **changes)  # type: ignore[arg-type]  # names of its own fields


TITLE = Style(20, 26, bold=True)
HEAD = Style(14, 18, bold=True)
BODY = Style()
SMALL = Style(11, 14.5, "ink2")
LANE = Style(12, 16, "ink2", bold=True)
VALUE = Style(22, 28, bold=True)


def rounded(value: float) -> str:
    """A coordinate in tenths of a pixel.

    >>> rounded(12.04), rounded(3.25)
    ('12', '3.2')
    """
    text = f"{value:.1f}"
    return text.removesuffix(".0")


def _turned(text: str) -> bool:
    """Whether the first letter is one of a script written from the right."""
    for mark in text:
        kind = unicodedata.bidirectional(mark)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


class Pen:
    """What was drawn so far.

    Parameters
    ----------
    mode
        ``light`` or ``dark``: whose colours are taken.
    brand
        A house's own colours and font.
    """

    def __init__(self, mode: str, brand: Brand | None = None) -> None:
        self.mode = mode
        own = brand or Brand()
        self._swaps = own.colours(mode)
        self._fonts = own.fonts().replace("'", '"')
        self.parts: list[str] = []

    def colour(self, name: str) -> str:
        """A colour of the palette, by its name or as ``s1``, ``s2``… for a stage's."""
        if name == "none":
            return name
        if name[0] == "s" and name[1:].isdigit():
            found = theme.stage_colour(int(name[1:]), self.mode)
        else:
            found = theme.colour(name, self.mode)
        return self._swaps.get(found, found)

    def _add(self, tag: str, attributes: dict[str, str | float | None], inner: str = "") -> None:
        told = "".join(
            f' {name}="{escape(rounded(value) if isinstance(value, float | int) else value)}"'
            for name, value in attributes.items()
            if value is not None
        )
        self.parts.append(f"<{tag}{told}>{inner}</{tag}>" if inner else f"<{tag}{told}/>")

    def text(self, x: float, y: float, words: str, style: Style, anchor: Anchor = "start") -> None:
        """One line of text whose box begins at y."""
        words = metrics.plain(words)
        if not words:
            return
        turned = _turned(words)
        if turned and anchor != "middle":
            # Its start is at the right; the box stays where it is.
            anchor = "end" if anchor == "start" else "start"
        self._add(
            "text",
            {
                "x": x,
                "y": y + style.leading / 2 + style.size * 0.35,
                "font-size": style.size,
                "fill": self.colour(style.colour),
                "font-weight": "700" if style.bold else None,
                "font-style": "italic" if style.italic else None,
                "text-anchor": None if anchor == "start" else anchor,
                "direction": "rtl" if turned else None,
            },
            escape(words),
        )

    def lines(self, x: float, y: float, lines: Sequence[str], style: Style) -> float:
        """Lines below one another; gives the y below the last."""
        for line in lines:
            self.text(x, y, line, style)
            y += style.leading
        return y

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = "none",
        stroke: str | None = None,
        radius: float | None = None,
        opacity: float | None = None,
    ) -> None:
        """A rectangle; colours by name."""
        self._add(
            "rect",
            {
                "x": x,
                "y": y,
                "width": max(0.0, width),
                "height": max(0.0, height),
                "rx": radius,
                "fill": self.colour(fill),
                "stroke": None if stroke is None else self.colour(stroke),
                "opacity": None if opacity is None else f"{opacity:g}",
            },
        )

    def line(
        self,
        a: tuple[float, float],
        b: tuple[float, float],
        colour: str,
        *,
        thick: float = 1.0,
        dash: str | None = None,
    ) -> None:
        """A straight line."""
        self._add(
            "path",
            {
                "d": f"M{rounded(a[0])} {rounded(a[1])}L{rounded(b[0])} {rounded(b[1])}",
                "stroke": self.colour(colour),
                "stroke-width": thick,
                "stroke-dasharray": dash,
            },
        )

    def polyline(
        self,
        points: Sequence[tuple[float, float]],
        colour: str,
        *,
        thick: float,
        opacity: float | None = None,
        dash: str | None = None,
    ) -> None:
        """A line through points."""
        self._add(
            "polyline",
            {
                "points": " ".join(f"{rounded(x)},{rounded(y)}" for x, y in points),
                "fill": "none",
                "stroke": self.colour(colour),
                "stroke-width": thick,
                "stroke-linejoin": "round",
                "stroke-linecap": "round",
                "stroke-dasharray": dash,
                "opacity": None if opacity is None else f"{opacity:g}",
            },
        )

    def circle(
        self, x: float, y: float, radius: float, *, fill: str, stroke: str, thick: float = 2.0
    ) -> None:
        """A point."""
        self._add(
            "circle",
            {
                "cx": x,
                "cy": y,
                "r": radius,
                "fill": self.colour(fill),
                "stroke": self.colour(stroke),
                "stroke-width": thick,
            },
        )

    def outline(self, path: str, *, fill: str, stroke: str, thick: float = 1.8) -> None:
        """A closed shape; colours by name."""
        colours = {"fill": self.colour(fill), "stroke": self.colour(stroke)}
        self._add("path", {"d": path, **colours, "stroke-width": thick})

    def picture(self, x: float, y: float, width: float, height: float, source: str) -> None:
        """A picture from a ``data:`` address, whole, at the right of its box."""
        self._add(
            "image",
            {
                "x": x,
                "y": y,
                "width": width,
                "height": height,
                "href": source,
                "preserveAspectRatio": "xMaxYMid meet",
            },
        )

    def svg(self, width: float, height: float, *, name: str, said: str, language: str) -> str:
        """Everything as one SVG document."""
        wide, tall, spoken = rounded(width), rounded(height), escape(language)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" '
            f'width="{wide}" height="{tall}" role="img" xml:lang="{spoken}" lang="{spoken}" '
            f"font-family='{self._fonts}'><title>{escape(metrics.plain(name))}</title>"
            f"<desc>{escape(metrics.plain(said))}</desc>"
            f"{''.join(self.parts)}</svg>"
        )
