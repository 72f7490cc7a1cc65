"""The map in Bokeh: a grid of cards and, spanning its columns, one figure for the curve.

Cards are `Div` models, so that text wraps, is selected and read as text; their HTML comes
from autoescaped templates and is never read as mathematics. The page's script finds the
models by name: ``map``, ``curve``, ``band`` and ``cell-<column>-<row>``.
"""

from __future__ import annotations

from typing import Any

from cjm_widgets.journeymap.facts import JourneyMap
from cjm_widgets.view import cards, marks, theme
from cjm_widgets.view._bokeh import models
from cjm_widgets.view.curve_figure import HEIGHT, emotion_figure

LABEL_WIDTH = 118
COLUMN_WIDTH = 120
"""The least width of a column, in pixels; a narrower page scrolls sideways."""

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

    def __init__(self, facts: JourneyMap, context: cards.Context, mode: str) -> None:
        self.facts, self.context, self.mode = facts, context, mode
        self.sheet = models.InlineStyleSheet(css=cards.static("cells.css"))
        self.children: list[tuple[Any, ...]] = []
        self.columns: list[list[Any]] = [[] for _ in facts.stages]
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
        card = self.card(html, "lane", *classes, styles=sticky)
        self.children.append((card, self.row, 0))

    def heads(self) -> None:
        self.label("", "first")
        for i, column in enumerate(self.facts.stages):
            card = self.card(cards.macro("head", column, self.context), "head", name=f"head-{i}")
            self.columns[i].append(card)
            self.children.append((card, self.row, i + 1))
        self.row += 1

    def lane(self, lane: str, *classes: str) -> None:
        self.label(cards.lane_label(self.facts, lane, self.context), *classes)
        for i, column in enumerate(self.facts.stages):
            inner = cards.cell(column, lane, self.context)
            html = f'<div class="cell-text" data-stage="{i}">{inner}</div>'
            card = self.card(html, "cell", *classes, name=f"cell-{i}-{self.row}")
            self.columns[i].append(card)
            self.children.append((card, self.row, i + 1))
        self.row += 1

    def curve(self) -> None:
        self.label(cards.lane_label(self.facts, "curve", self.context), "scale")
        plot = emotion_figure(self.facts.stages, self.facts.language, mode=self.mode)
        plot.html_attributes = {
            "role": "img",
            "aria-label": marks.spoken(self.facts.stages, self.facts.language),
        }
        plot.styles = {"border-top": "1px solid var(--line)", "cursor": "pointer"}
        self.children.append((plot, self.row, 1, 1, len(self.facts.stages)))
        self.row += 1

    def line_of_visibility(self) -> None:
        self.label(cards.macro("lane", self.context.say("map.line_of_visibility"), ""), "line")
        across = self.card("", "line")
        self.children.append((across, self.row, 1, 1, len(self.facts.stages)))
        self.row += 1


def map_grid(facts: JourneyMap, *, mode: str = "light") -> Any:
    """The journey map itself: stage headers, lanes and curve.

    Parameters
    ----------
    facts
        What to show, after privacy.
    mode
        ``light`` or ``dark``: the colours the figure starts with; the cards take theirs from
        CSS variables.
    """
    grid = _Grid(facts, cards.Context(facts.language, HEIGHT), mode)
    grid.heads()
    front, back = cards.front_and_back(facts.lanes)
    for lane in front:
        if lane == "curve":
            grid.curve()
        else:
            grid.lane(lane)
    if back:
        grid.line_of_visibility()
        for place, lane in enumerate(back):
            grid.lane(lane, "below", *(["under"] if place == 0 else []))
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


def standing_layout(facts: JourneyMap, intro: str, outro: str, *, mode: str) -> Any:
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
    """
    box = map_grid(facts, mode=mode)
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

    colours = models.InlineStyleSheet(css=theme.declared_on_host(mode))
    return models.Column(
        part(intro),
        box,
        part(outro),
        sizing_mode="stretch_width",
        stylesheets=[colours],
        styles={"padding": "16px", "background": theme.colour("background", mode)},
        html_attributes={"data-lm-suppress-shortcuts": "true"},
    )
