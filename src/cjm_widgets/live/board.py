"""The map as a Bokeh document that is patched: what changed is sent, and nothing is rebuilt.

The figure is kept for as long as the stages are the same, and so is the card of each lane at
each stage; a lane that comes or goes changes the grid's list of children only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bokeh.core.serialization import Serializer
from bokeh.document import Document
from bokeh.embed import json_item

from cjm_widgets.journeymap.facts import JourneyMap
from cjm_widgets.view.curves.curve_figure import HEIGHT
from cjm_widgets.view.maps import map_overlay
from cjm_widgets.view.maps.layout import Look, map_grid, rows_of
from cjm_widgets.view.parts import cards
from cjm_widgets.view.parts._bokeh import models
from cjm_widgets.view.parts.brand import Brand
from cjm_widgets.view.parts.map_evidence import Evidence

Key = tuple[str, str, int]
"""What a row is (``head``, ``lane``, ``line``, ``key``), which lane, and the column."""

_BROWSERS = ("sel",)
"""Classes that the browser gives to cards; Python leaves them alone."""


class Board:
    """The map of some facts, drawn once and patched from then on.

    Parameters
    ----------
    facts
        What is shown first, after privacy.
    brand
        A house's own colours and font.
    """

    def __init__(self, facts: JourneyMap, brand: Brand) -> None:
        self.facts, self.brand = facts, brand
        self.evidence = Evidence(facts)
        self._stages = _signature(facts)
        self._rows = rows_of(facts)
        self._grid = self._drawn(facts)
        self._cards = dict(_keyed(self._grid, self._rows))
        self._grid.children = _curve_first(self._grid.children, self._rows)
        curve = self._cards["lane", "curve", 1]
        self._sources = {one.name: one for one in curve.select({"type": models.ColumnDataSource})}
        self._document = Document()
        self._document.add_root(self._grid)
        self._events: list[Any] = []
        self._document.on_change(self._events.append)

    def item(self) -> dict[str, Any]:
        """The whole document as it is now, for ``Bokeh.embed.embed_item``."""
        made: Any = json_item(self._grid)
        self._document.models.flush_synced()
        plain: dict[str, Any] = json.loads(json.dumps(made))
        return plain

    def fits(self, facts: JourneyMap, brand: Brand) -> bool:
        """Whether these facts have the same stages and looks, so that a patch is enough."""
        return _signature(facts) == self._stages and brand == self.brand

    def update(self, facts: JourneyMap) -> dict[str, Any] | None:
        """Change the models to other facts of the same stages.

        Returns
        -------
        dict or None
            A patch as BokehJS takes it; None where nothing that is drawn has changed.
        """
        self._events.clear()
        self.facts, self.evidence = facts, Evidence(facts)
        rows = rows_of(facts)
        if rows != self._rows:
            self._rearrange(facts, rows)
        else:
            self._rewrite(facts)
        self._redraw(facts)
        return self._patch()

    def _drawn(self, facts: JourneyMap) -> Any:
        return map_grid(facts, look=Look(self.brand, self.evidence))

    def _rewrite(self, facts: JourneyMap) -> None:
        """New words in the cards that have changed."""
        for key, html in _texts(facts, self.evidence):
            card = self._cards[key]
            if card.text != html:
                card.text = html

    def _rearrange(self, facts: JourneyMap, rows: list[dict[str, str]]) -> None:
        """Lanes came, went or moved: cards that stay are kept, and the figure always."""
        grid = self._drawn(facts)
        fresh = dict(_keyed(grid, rows))
        kept = {key: _kept(self._cards.get(key), card) for key, card in fresh.items()}
        swap = {id(fresh[key]): card for key, card in kept.items()}
        children = [(swap[id(child)], *place) for child, *place in grid.children]
        self._cards, self._rows = kept, rows
        self._grid.children = _curve_first(children, rows)

    def _redraw(self, facts: JourneyMap) -> None:
        """New figures in the curve's data."""
        data = map_overlay.recoloured_data(map_overlay.map_data(facts), self.brand)
        for name, table in data.items():
            source = self._sources.get(name)
            if source is not None and dict(source.data) != table:
                source.data = table

    def _patch(self) -> dict[str, Any] | None:
        if not self._events:
            return None
        known = self._document.models
        serializer = Serializer(references=known.synced_references, deferred=False)
        made = {"events": serializer.encode(self._events)}
        known.flush_synced(lambda model: not serializer.has_ref(model))
        self._events.clear()
        plain: dict[str, Any] = json.loads(json.dumps(made))
        return plain


def _signature(facts: JourneyMap) -> tuple[object, ...]:
    """What must stay for a figure to stay: its stages and what is laid over its curve."""
    stages = tuple((column.key, column.name, column.number) for column in facts.stages)
    overlays = tuple(line.name for line in facts.overlays)
    aims = tuple(column.target is not None for column in facts.stages)
    return stages, overlays, aims, facts.language


def _keyed(grid: Any, rows: list[dict[str, str]]) -> Iterator[tuple[Key, Any]]:
    for card, row, column, *_ in grid.children:
        yield (rows[row]["what"], rows[row]["lane"], column), card


def _curve_first(children: list[Any], rows: list[dict[str, str]]) -> list[tuple[Any, ...]]:
    """Headers, then the curve, then the other lanes: the curve is what one looks at."""

    def rank(row: int) -> int:
        if rows[row]["what"] == "head":
            return 0
        return 1 if rows[row]["lane"] == "curve" else 2

    order = sorted(range(len(rows)), key=lambda row: (rank(row), row))
    place = {row: at for at, row in enumerate(order)}
    moved = [(card, place[row], *rest) for card, row, *rest in children]
    return sorted(moved, key=lambda child: (child[1], child[2]))


def _kept(old: Any, new: Any) -> Any:
    """The card that was there, with the words and the looks of the one that was drawn anew."""
    if old is None or not isinstance(new, models.Div):
        return new if old is None else old
    if old.text != new.text:
        old.text = new.text
    classes = [name for name in old.css_classes if name not in _BROWSERS]
    if classes != list(new.css_classes):
        old.css_classes = list(new.css_classes)
    if old.name != new.name:
        old.name = new.name
    return old


def _texts(facts: JourneyMap, evidence: Evidence) -> Iterator[tuple[Key, str]]:
    """The HTML of every card of the grid, as `view.layout` writes it."""
    context = cards.Context(facts.language, HEIGHT, facts.lane_names)
    for place, column in enumerate(facts.stages):
        yield ("head", "", place + 1), cards.macro("head", column, context, False)
    for lane in facts.lanes:
        yield ("lane", lane, 0), cards.lane_label(facts, lane, context)
        if lane == "curve":
            continue
        for place, column in enumerate(facts.stages):
            inner = cards.cell(column, lane, context, evidence, facts.rows)
            html = f'<div class="cell-text" data-stage="{place}">{inner}</div>'
            yield ("lane", lane, place + 1), html
