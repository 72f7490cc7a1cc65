"""The journey map as something that shows itself: in a notebook, as a page, as a table."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pandas as pd

from cjm_widgets.journeymap.facts import JourneyMap, View
from cjm_widgets.view import drawing
from cjm_widgets.view.curves.curve_figure import HEIGHT
from cjm_widgets.view.maps import map_page
from cjm_widgets.view.maps.layout import COLUMN_WIDTH, LABEL_WIDTH, standing_layout
from cjm_widgets.view.parts import cards, frames
from cjm_widgets.view.parts.brand import Brand
from cjm_widgets.view.parts.map_text import facts_line
from cjm_widgets.view.parts.theme import Theme, check_theme
from cjm_widgets.words import say

__all__ = ["MapView", "facts_line"]

ACROSS, QUOTES_ACROSS = 4, 3
"""KPI panels and quotes side by side at a notebook's width."""

Views = Callable[[], tuple[tuple[View, ...], int]]
"""Gives what else a page can show, and how many filters it leaves out."""


class MapView:
    """A journey map that shows itself.

    Parameters
    ----------
    facts
        What `journeymap.build` computed and `journeymap.share` let through.
    language
        ``en`` or ``fr``, of the words around the facts; by default the facts' own.
    theme
        ``auto`` follows the reader's system; ``light`` and ``dark`` stay as they are.
    brand
        A house's own colours, font and logo.
    layout
        ``across``: a stage a column; ``down``: a stage a row.
    views
        Gives the other views that a page carries; asked for when a page is made.
    units
        The units behind the curve, for comparing the map with another.
    beside
        Another map whose lanes stand below each of this one's.
    """

    def __init__(
        self,
        facts: JourneyMap,
        *,
        language: str | None = None,
        theme: Theme = "auto",
        brand: Brand | None = None,
        layout: Literal["across", "down"] = "across",
        views: Views | None = None,
        units: pd.DataFrame | None = None,
        beside: JourneyMap | None = None,
    ) -> None:
        check_theme(theme)
        self.facts = facts
        self.language = language or facts.language
        self.theme = theme
        self.brand = brand or Brand()
        self.arrangement: Literal["across", "down"] = layout
        self.units = units
        self.beside = beside
        self.differences: pd.DataFrame | None = None
        self._views = views
        self._made: tuple[tuple[View, ...], int] | None = None
        self._page: str | None = None

    def __repr__(self) -> str:
        return say(
            "map.plain",
            self.language,
            title=self.facts.title,
            facts=facts_line(self.facts, self.language),
        )

    @property
    def frame(self) -> pd.DataFrame:
        """The stages with their figures: see `view.frames.stages`."""
        return frames.stages(self.facts)

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """All facts as frames: ``stages``, ``entries``, ``quotes``, ``kpis``."""
        return frames.everything(self.facts)

    def views(self) -> tuple[tuple[View, ...], int]:
        """What else the page can show, and how many filters it has no room for."""
        if self._made is None:
            self._made = self._views() if self._views else ((), 0)
        return self._made

    def explain(self, stage: str | None = None) -> pd.DataFrame:
        """Why the quotes were chosen.

        Parameters
        ----------
        stage
            Key of a stage; None for all.

        Returns
        -------
        pandas.DataFrame
            A quote a row, in the order in which they were chosen: `stage`, `text`, `drawn`
            (whether it stands on the map), `pinned`, `weight`, and its parts, 0…1 each: `fit`
            (how near its valence is to the stage's mean), `central` (how much it speaks in the
            stage's common words), `clear` (how well its length reads); `uid`.

        Raises
        ------
        UnknownName
            If the map has no such stage.
        """
        columns = ["stage", "text", "drawn", "pinned", "weight", "fit", "central", "clear", "uid"]
        quotes = self.frames["quotes"][columns]
        if stage is None:
            return quotes
        key = self.facts.stage(stage).key
        return quotes[quotes["stage"] == key].reset_index(drop=True)

    def passages(self, stage: str, code: str | None = None) -> pd.DataFrame:
        """The passages behind a figure of the map, as far as the map holds them.

        Parameters
        ----------
        stage
            Key of the stage.
        code
            Key or name of a code, a touchpoint or a channel; None for all of the stage.

        Returns
        -------
        pandas.DataFrame
            As ``frames["quotes"]``: text, valence, who, when, coder, memo, codes, source.

        Raises
        ------
        UnknownName
            If the map has no such stage.
        """
        column = self.facts.stage(stage)
        quotes = self.frames["quotes"]
        here = quotes[quotes["stage"] == column.key]
        if code is not None:
            named = {e.text: e.key for es in column.lanes.values() for e in es if e.key}
            key = named.get(code, code)
            bears = [key in str(codes).split("; ") for codes in here["codes"]]
            places = (here["touchpoint"] == code) | (here["channel"] == code)
            here = here[places | pd.Series(bears, index=here.index, dtype="bool")]
        return here.reset_index(drop=True)

    def layout(self) -> Any:
        """The map in Bokeh, for ``bokeh.io.show``, a Bokeh server or a dashboard."""
        setting = self._setting()
        page = map_page.made(self.facts, setting)
        parts: Any = cards.environment().get_template("parts.html").module
        intro = f"{parts.heading(page)}{parts.personas(page)}{parts.kpi_row(page, clickable=False)}"
        mode = map_page.first_mode(setting)
        outro = str(parts.legend(page))
        return standing_layout(self.facts, intro, outro, mode=mode, brand=self.brand)

    def figure(self) -> Any:
        """The same as `layout`: what a view gives in Bokeh is called ``figure`` everywhere."""
        return self.layout()

    def page(self) -> str:
        """The map as one HTML page that needs nothing: no kernel, no network, no eval."""
        if self._page is None:
            self._page = map_page.whole(self.facts, self._setting(), *self.views())
        return self._page

    def table(self) -> str:
        """The facts as a semantic HTML table, without style or script."""
        template = cards.environment().get_template("table.html")
        return template.render(view=map_page.made(self.facts, self._setting()), region=False)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        source = html.escape(self.page(), quote=True)
        name = html.escape(self.facts.title, quote=True)
        summary = html.escape(say("map.as_table", self.language))
        return {
            "text/plain": repr(self),
            # Notebooks and code hosts take HTML first; what cannot show it takes this.
            "image/svg+xml": drawing.svg(self.facts, self.language, brand=self.brand),
            # The still picture is for hosts that strip frames and styles, such as code hosts.
            "text/html": (
                '<div class="cjm-map"><style>.cjm-map{position:relative}'
                ".cjm-map:has(>iframe)>.still{display:none}</style>"
                f"<script>{cards.static('frame.js')}</script>"
                f'<iframe title="{name}" sandbox="allow-scripts allow-downloads" '
                f'style="width:100%;height:{self.height()}px;border:0" srcdoc="{source}"></iframe>'
                f"{drawing.still(self.facts, self.language, self.brand)}</div>"
                f"<details><summary>{summary}</summary>{self.table()}</details>"
            ),
        }

    def height(self) -> int:
        """About how tall the page is at a notebook's width, in pixels, from 640.

        A host that runs scripts gives the frame the page's own height; this is for the others,
        and until the page has told.
        """
        page = map_page.made(self.facts, self._setting())
        letters = max(14.0, (960 - LABEL_WIDTH) / max(1, len(self.facts.stages)) / 6.6)
        letters = max(letters, COLUMN_WIDTH / 6.6)
        lanes = sum(
            HEIGHT if lane == "curve" else max(self._lines(lane, letters), default=1) * 19 + 20
            for lane in self.facts.lanes
        )
        panels = -(-len(page.panels) // ACROSS) * 130
        shown = [quote.text for quote, _, hidden in page.quotes if not hidden]
        quotes = sum(54 + 19 * (len(text) // 42) for text in shown) / QUOTES_ACROSS
        return round(max(640, 440 + lanes + panels + quotes))

    def _lines(self, lane: str, letters: float) -> Iterator[float]:
        for column in self.facts.stages:
            texts = [entry.text for entry in column.lanes.get(lane, ())[:4]]
            texts += [f"{q.short}  {q.respondent}" for q in column.quotes if q.drawn] * (
                lane == "quotes"
            )
            texts += [p.name + "xxxxxxxxxxxx" for p in column.kpis[:3]] * (lane == "kpis")
            # An entry's frame, bar or space takes half a line and more.
            yield max(1, sum(1.6 + len(text) // letters for text in texts))

    def _setting(self) -> map_page.Setting:
        return map_page.Setting(
            self.language, self.theme, self.brand, self.arrangement, self.beside
        )
