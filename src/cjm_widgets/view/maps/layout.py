"""The map in Bokeh: a grid of cards and, spanning its columns, one figure for the curve.

Cards are `Div` models, so that text wraps, is selected and read as text; their HTML comes
from autoescaped templates and is never read as mathematics. The page's script finds the
models by name: ``map``, ``curve``, ``band``, ``head-<column>``, ``label-<row>`` and
``cell-<column>-<row>``.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import Any

from bokeh.embed import json_item
from markupsafe import escape

from cjm_widgets.journeymap.arrange import sections
from cjm_widgets.journeymap.facts import JourneyMap
from cjm_widgets.view.curves.curve_data import HEIGHT
from cjm_widgets.view.maps import map_overlay
from cjm_widgets.view.parts import cards, marks, theme
from cjm_widgets.view.parts._bokeh import models
from cjm_widgets.view.parts.brand import Brand
from cjm_widgets.view.parts.map_evidence import Evidence

LABEL_WIDTH = 118
COLUMN_WIDTH = 120
"""The least width of a column, in pixels; a narrower page scrolls sideways."""
ALONE = ("curve", "targets", "compared")
"""Lanes that show both of two maps already, or this one only."""
STICKY = {"position": "sticky", "left": "0", "z-index": "3"}
"""The names of lanes stay where they are when the map scrolls sideways."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a grid is drawn, beyond its facts."""

    brand: Brand = field(default_factory=Brand)
    evidence: Evidence | None = None
    """Where figures lead; None where there is no page whose script would follow."""
    folds: bool = False
    """Whether the page can open and fold sub-stages."""
    beside: JourneyMap | None = None
    """Another map, whose lanes stand below each of this one's."""


_TAP = """
const place = Math.floor(cb_obj.x)
const same = band.visible && band.left === place
band.visible = !same; band.left = place; band.right = place + 1
cells.forEach((column, i) => column.forEach((cell) => {
  const rest = cell.css_classes.filter((name) => name !== "sel")
  cell.css_classes = !same && i === place ? [...rest, "sel"] : rest
}))
"""


@dataclass(frozen=True, slots=True)
class Card:
    """One field of the grid, as HTML in which every value is escaped."""

    name: str
    """``head-<column>``, ``label-<row>``, ``cell-<column>-<row>``, ``curve``, or empty."""
    row: int
    column: int
    span: int
    html: str
    classes: tuple[str, ...]


class _Grid:
    """The cards of the map, row by row."""

    def __init__(self, facts: JourneyMap, context: cards.Context, look: Look) -> None:
        self.facts, self.context, self.look = facts, context, look
        self.cards: list[Card] = []
        self.row = 0
        self.theirs = {} if look.beside is None else {c.key: c for c in look.beside.stages}

    def card(self, html: str, column: int, name: str, *classes: str, span: int = 1) -> None:
        self.cards.append(Card(name, self.row, column, span, html, classes))

    def across(self, html: str, *classes: str) -> None:
        """One card over all stages."""
        self.card(html, 1, "", *classes, span=len(self.facts.stages))

    def label(self, html: str, *classes: str) -> None:
        self.card(html, 0, f"label-{self.row}", "lane", *classes)

    def heads(self) -> None:
        beside = self.look.beside is not None
        self.label(cards.macro("side", called(self.facts), False) if beside else "", "first")
        for i, column in enumerate(self.facts.stages):
            html = cards.macro("head", column, self.context, self.look.folds)
            self.card(html, i + 1, f"head-{i}", "head")
        self.row += 1

    def lane(self, lane: str, *classes: str) -> None:
        self.label(cards.lane_label(self.facts, lane, self.context), *classes)
        evidence, style = self.look.evidence, self.facts.rows
        for i, column in enumerate(self.facts.stages):
            inner = cards.cell(column, lane, self.context, evidence, style)
            html = f'<div class="cell-text" data-stage="{i}">{inner}</div>'
            self.card(html, i + 1, f"cell-{i}-{self.row}", "cell", *classes)
        self.row += 1

    def twin(self, lane: str) -> None:
        """The same lane of the other map, below this one's; for the headers its evidence."""
        assert self.look.beside is not None  # noqa: S101  # else there is no such row
        self.label(cards.macro("side", called(self.look.beside), True), "twin")
        for i, column in enumerate(self.facts.stages):
            other = self.theirs.get(column.key)
            if other is None:
                inner = cards.macro("nothing")
            elif lane:
                inner = cards.cell(other, lane, self.context, None, self.facts.rows)
            else:
                inner = f"<small>{escape(self.context.evidence(other))}</small>"
            html = f'<div class="cell-text" data-stage="{i}">{inner}</div>'
            self.card(html, i + 1, f"cell-{i}-{self.row}", "cell", "twin")
        self.row += 1

    def curve(self) -> None:
        self.label(cards.lane_label(self.facts, "curve", self.context), "scale")
        self.card("", 1, "curve", span=len(self.facts.stages))
        self.row += 1

    def overlays(self) -> None:
        self.label("", "key")
        lines = map_overlay.legend(self.facts, self.context.language)
        self.across(cards.macro("overlays", lines, self.context), "key")
        self.row += 1

    def line(self, name: str) -> None:
        self.label(cards.macro("lane", self.context.say(f"map.lines.{name}"), ""), "line")
        self.across("", "line")
        self.row += 1


def rows_of(facts: JourneyMap, beside: JourneyMap | None = None) -> list[dict[str, str]]:
    """What each row of the grid is, from the top: the page's script moves and hides them.

    Returns
    -------
    list of dict
        ``what``: ``head``, ``lane``, ``key`` (of the overlays, below the curve), ``twin`` (the
        same lane of the map beside this one) or ``line``;
        ``lane``: which; ``part``: the line above, which no lane crosses.
    """
    made = [{"what": "head", "lane": "", "part": ""}]
    if beside is not None:
        made.append({"what": "twin", "lane": "", "part": ""})
    for name, lanes in sections(facts):
        if name:
            made.append({"what": "line", "lane": name, "part": name})
        for lane in lanes:
            made.append({"what": "lane", "lane": lane, "part": name})
            if lane == "curve" and facts.overlays:
                made.append({"what": "key", "lane": "curve", "part": name})
            if beside is not None and _differs(facts, beside, lane):
                made.append({"what": "twin", "lane": lane, "part": name})
    return made


def called(facts: JourneyMap) -> str:
    """What one of two maps is called beside the other."""
    return facts.persona or facts.title


def _differs(facts: JourneyMap, beside: JourneyMap, lane: str) -> bool:
    """Whether another map has something else to show in a lane than this one."""
    if lane in ALONE or lane not in beside.lanes:
        return False
    theirs = {column.key: column for column in beside.stages}
    pairs = [(c, theirs[c.key]) for c in facts.stages if c.key in theirs]
    if lane == "kpis":
        return any(mine.kpis != other.kpis for mine, other in pairs)
    return lane == "quotes" or any(
        mine.lanes.get(lane, ()) != other.lanes.get(lane, ()) for mine, other in pairs
    )


def cards_of(facts: JourneyMap, look: Look | None = None) -> list[Card]:
    """Every card of the map, row by row.

    Parameters
    ----------
    facts
        What to show, after privacy.
    look
        Evidence to lead to, and whether sub-stages fold.
    """
    context = cards.Context(facts.language, HEIGHT, facts.lane_names)
    grid = _Grid(facts, context, look or Look())
    below = ""
    for row in rows_of(facts, grid.look.beside):
        if row["what"] == "head":
            grid.heads()
        elif row["what"] == "twin":
            grid.twin(row["lane"])
        elif row["what"] == "line":
            grid.line(row["lane"])
            below = "under"
            continue
        elif row["what"] == "key":
            grid.overlays()
        elif row["lane"] == "curve":
            grid.curve()
        else:
            classes = ["below"] if row["part"] in ("visibility", "internal") else []
            grid.lane(row["lane"], *classes, *([below] if below else []))
        below = ""
    return grid.cards


def curve_data(facts: JourneyMap, brand: Brand) -> dict[str, Any]:
    """The data of the curve's figure, in a house's colours."""
    return map_overlay.recoloured_data(map_overlay.map_data(facts), brand)


def curve_figure(data: dict[str, Any], facts: JourneyMap, mode: str, brand: Brand) -> Any:
    """The figure that draws this data."""
    count = len(facts.stages)
    overlays = sum(name.startswith("overlay-line-") for name in data)
    plot = map_overlay.map_figure(data, count, facts.language, mode, overlays)
    map_overlay.recoloured(plot, brand)
    plot.html_attributes = {"role": "img", "aria-label": marks.spoken(facts.stages, facts.language)}
    plot.styles = {"border-top": "1px solid var(--line)", "cursor": "pointer"}
    return plot


def columns_of(count: int) -> list[str]:
    """Widths of the grid's columns, as CSS has them."""
    return [f"{LABEL_WIDTH}px"] + [f"minmax({COLUMN_WIDTH}px,1fr)"] * count


def least_width(count: int) -> str:
    """How narrow the grid can be before it scrolls, as CSS has it."""
    return f"{LABEL_WIDTH + COLUMN_WIDTH * count}px"


def _div(sheet: Any, card: Card) -> Any:
    more = {"styles": STICKY} if "lane" in card.classes else {}
    return models.Div(
        text=card.html,
        css_classes=list(card.classes),
        stylesheets=[sheet],
        sizing_mode="stretch_both",
        margin=0,
        disable_math=True,
        name=card.name or None,
        **more,
    )


def map_grid(facts: JourneyMap, *, mode: str = "light", look: Look | None = None) -> Any:
    """The journey map itself: stage headers, lanes and curve.

    Parameters
    ----------
    facts
        What to show, after privacy.
    mode
        ``light`` or ``dark``: the colours the figure starts with; the cards take theirs from
        CSS variables.
    look
        House colours, evidence to lead to, whether sub-stages fold.
    """
    look = look or Look()
    sheet = models.InlineStyleSheet(css=cards.static("cells.css"))
    children = []
    for card in cards_of(facts, look):
        if card.name == "curve":
            data = curve_data(facts, look.brand)
            model = curve_figure(data, facts, mode, look.brand)
        else:
            model = _div(sheet, card)
        children.append((model, card.row, card.column, 1, card.span))
    count = len(facts.stages)
    box = models.GridBox(
        children=children,
        sizing_mode="stretch_width",
        spacing=0,
        cols=columns_of(count),
        styles={"min-width": least_width(count)},
        name="map",
    )
    box.html_attributes = {"data-lm-suppress-shortcuts": "true"}
    return box


@functools.cache
def page_item(language: str, mode: str, brand: Brand, overlays: int) -> Any:
    """What a page's script needs of Bokeh, serialised: an empty grid, an empty figure and a
    card to copy. It is the same for all maps, and so are its models for all views of a page.
    """
    nothing = JourneyMap("", language, "coded", "", ())
    data = map_overlay.map_data(nothing)
    plot = map_overlay.map_figure(data, 1, language, mode, overlays)
    map_overlay.recoloured(plot, brand)
    plot.styles = {"border-top": "1px solid var(--line)", "cursor": "pointer"}
    sheet = models.InlineStyleSheet(css=cards.static("cells.css"))
    card = _div(sheet, Card("card", 0, 0, 1, "", ()))
    box = models.GridBox(
        children=[(card, 0, 0, 1, 1), (plot, 0, 1, 1, 1)],
        sizing_mode="stretch_width",
        spacing=0,
        name="map",
    )
    box.html_attributes = {"data-lm-suppress-shortcuts": "true"}
    return json_item(box)


def page_content(facts: JourneyMap, look: Look) -> dict[str, Any]:
    """What the page's script fills the grid and the figure with, for one view."""
    count = len(facts.stages)
    return {
        "cards": [
            [card.name, card.row, card.column, card.span, card.html, list(card.classes)]
            for card in cards_of(facts, look)
        ],
        "cols": columns_of(count),
        "least": least_width(count),
        "count": count,
        "spoken": marks.spoken(facts.stages, facts.language),
        "data": curve_data(facts, look.brand) if "curve" in facts.lanes else {},
    }


def standing_layout(
    facts: JourneyMap, intro: str, outro: str, *, mode: str, brand: Brand | None = None
) -> Any:
    """The map with its heading and legend, for a notebook, a Bokeh server or `bokeh.io.show`.

    A tap on the curve selects the stage; that alone needs a callback in the browser, which
    the offline page does without.

    Parameters
    ----------
    facts
        What to show, after privacy.
    intro, outro
        HTML above and below the map, escaped already.
    mode
        ``light`` or ``dark``.
    brand
        A house's colours and font.
    """
    box = map_grid(facts, mode=mode, look=Look(brand or Brand()))
    plot = box.select_one({"name": "curve"})
    band = box.select_one({"name": "band"})
    count = len(facts.stages)
    cells: list[list[Any]] = [[] for _ in range(count)]
    for child, _, column, *_ in box.children:
        if isinstance(child, models.Div) and child.name and 1 <= column <= count:
            cells[column - 1].append(child)
    if plot is not None and band is not None:
        plot.js_on_event("tap", models.CustomJS(args={"band": band, "cells": cells}, code=_TAP))
    sheet = models.InlineStyleSheet(css=cards.static("page.css") + cards.static("kpis.css"))

    def part(html: str) -> Any:
        return models.Div(
            text=html,
            stylesheets=[sheet],
            sizing_mode="stretch_width",
            margin=0,
            disable_math=True,
        )

    own = (brand or Brand()).fixed(mode, ":host")
    colours = models.InlineStyleSheet(css=theme.declared_on_host(mode) + own)
    return models.Column(
        part(intro),
        box,
        part(outro),
        sizing_mode="stretch_width",
        stylesheets=[colours],
        styles={"padding": "16px", "background": theme.colour("background", mode)},
        html_attributes={"data-lm-suppress-shortcuts": "true"},
    )
