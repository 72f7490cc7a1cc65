"""The map in Bokeh: a grid of cards and, spanning its columns, one figure for the curve.

Cards are `Div` models, so that text wraps, is selected and read as text; their HTML comes
from autoescaped templates and is never read as mathematics. The page's script finds the
models by name: ``map``, ``curve``, ``band``, ``head-<column>``, ``label-<row>`` and
``cell-<column>-<row>``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cjm_widgets.journeymap.arrange import sections
from cjm_widgets.journeymap.facts import JourneyMap
from cjm_widgets.view import cards, map_overlay, marks, theme
from cjm_widgets.view._bokeh import models
from cjm_widgets.view.brand import Brand
from cjm_widgets.view.curve_figure import HEIGHT, emotion_figure
from cjm_widgets.view.map_evidence import Evidence

LABEL_WIDTH = 118
COLUMN_WIDTH = 120
"""The least width of a column, in pixels; a narrower page scrolls sideways."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a grid is drawn, beyond its facts."""

    brand: Brand = field(default_factory=Brand)
    evidence: Evidence | None = None
    """Where figures lead; None where there is no page whose script would follow."""
    folds: bool = False
    """Whether the page can open and fold sub-stages."""


_TAP = """
const place = Math.floor(cb_obj.x)
const same = band.visible && band.left === place
band.visible = !same; band.left = place; band.right = place + 1
cells.forEach((column, i) => column.forEach((cell) => {
  const rest = cell.css_classes.filter((name) => name !== "sel")
  cell.css_classes = !same && i === place ? [...rest, "sel"] : rest
}))
"""


class _Grid:
    """The cells of the map, row by row, as GridBox wants them."""

    def __init__(self, facts: JourneyMap, context: cards.Context, mode: str, look: Look) -> None:
        self.facts, self.context, self.mode, self.look = facts, context, mode, look
        self.sheet = models.InlineStyleSheet(css=cards.static("cells.css"))
        self.children: list[tuple[Any, ...]] = []
        self.row = 0

    def card(self, html: str, *classes: str, **more: object) -> Any:
        return models.Div(
            text=html,
            css_classes=list(classes),
            stylesheets=[self.sheet],
            sizing_mode="stretch_both",
            margin=0,
            disable_math=True,
            **more,
        )

    def label(self, html: str, *classes: str) -> None:
        sticky = {"position": "sticky", "left": "0", "z-index": "3"}
        card = self.card(html, "lane", *classes, styles=sticky, name=f"label-{self.row}")
        self.children.append((card, self.row, 0))

    def heads(self) -> None:
        self.label("", "first")
        for i, column in enumerate(self.facts.stages):
            html = cards.macro("head", column, self.context, self.look.folds)
            card = self.card(html, "head", name=f"head-{i}")
            self.children.append((card, self.row, i + 1))
        self.row += 1

    def lane(self, lane: str, *classes: str) -> None:
        self.label(cards.lane_label(self.facts, lane, self.context), *classes)
        evidence, style = self.look.evidence, self.facts.rows
        for i, column in enumerate(self.facts.stages):
            inner = cards.cell(column, lane, self.context, evidence, style)
            html = f'<div class="cell-text" data-stage="{i}">{inner}</div>'
            card = self.card(html, "cell", *classes, name=f"cell-{i}-{self.row}")
            self.children.append((card, self.row, i + 1))
        self.row += 1

    def curve(self) -> None:
        self.label(cards.lane_label(self.facts, "curve", self.context), "scale")
        plot = emotion_figure(self.facts.stages, self.facts.language, mode=self.mode)
        map_overlay.lay(plot, self.facts, self.mode)
        map_overlay.recoloured(plot, self.look.brand)
        plot.html_attributes = {
            "role": "img",
            "aria-label": marks.spoken(self.facts.stages, self.facts.language),
        }
        plot.styles = {"border-top": "1px solid var(--line)", "cursor": "pointer"}
        self.children.append((plot, self.row, 1, 1, len(self.facts.stages)))
        self.row += 1

    def overlays(self) -> None:
        self.label("", "key")
        lines = map_overlay.legend(self.facts, self.context.language)
        across = self.card(cards.macro("overlays", lines, self.context), "key")
        self.children.append((across, self.row, 1, 1, len(self.facts.stages)))
        self.row += 1

    def line(self, name: str) -> None:
        self.label(cards.macro("lane", self.context.say(f"map.lines.{name}"), ""), "line")
        across = self.card("", "line")
        self.children.append((across, self.row, 1, 1, len(self.facts.stages)))
        self.row += 1


def rows_of(facts: JourneyMap) -> list[dict[str, str]]:
    """What each row of the grid is, from the top: the page's script moves and hides them.

    Returns
    -------
    list of dict
        ``what``: ``head``, ``lane``, ``key`` (of the overlays, below the curve) or ``line``;
        ``lane``: which; ``part``: the line above, which no lane crosses.
    """
    made = [{"what": "head", "lane": "", "part": ""}]
    for name, lanes in sections(facts):
        if name:
            made.append({"what": "line", "lane": name, "part": name})
        for lane in lanes:
            made.append({"what": "lane", "lane": lane, "part": name})
            if lane == "curve" and facts.overlays:
                made.append({"what": "key", "lane": "curve", "part": name})
    return made


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
    context = cards.Context(facts.language, HEIGHT, facts.lane_names)
    grid = _Grid(facts, context, mode, look or Look())
    below = ""
    for row in rows_of(facts):
        if row["what"] == "head":
            grid.heads()
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
    count = len(facts.stages)
    box = models.GridBox(
        children=grid.children,
        sizing_mode="stretch_width",
        spacing=0,
        cols=[f"{LABEL_WIDTH}px"] + [f"minmax({COLUMN_WIDTH}px,1fr)"] * count,
        styles={"min-width": f"{LABEL_WIDTH + COLUMN_WIDTH * count}px"},
        name="map",
    )
    box.html_attributes = {"data-lm-suppress-shortcuts": "true"}
    return box


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
