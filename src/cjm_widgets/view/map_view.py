"""The journey map as something that shows itself: in a notebook, as a page, as a table."""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bokeh.embed import json_item
from bokeh.resources import Resources
from markupsafe import Markup

from cjm_widgets.journeymap.facts import JourneyMap, Quote, StageColumn
from cjm_widgets.view import cards, figures, frames
from cjm_widgets.view.curve_figure import HEIGHT
from cjm_widgets.view.kpi_text import PanelText
from cjm_widgets.view.layout import COLUMN_WIDTH, LABEL_WIDTH, map_grid, standing_layout
from cjm_widgets.view.theme import STAGES, Theme, check_theme, variables
from cjm_widgets.words import say

if TYPE_CHECKING:
    import pandas as pd

FIRST_QUOTES = 12
"""Quotes of the panel that show before one asks for more."""
QUOTE_BYTES = 710_000
"""Room for the panel's quotes, which keeps the page below 2.5 MB in any script; 1,000 quotes
of 400 Latin letters fit, and what does not is counted."""
_MARKUP = 260
"""About what one quote's markup and source take, in bytes."""
MOST_PANELS = 6
"""Panels of the top row that stages' own KPIs fill up."""


_SHARES = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class _Page:
    """What the templates need besides the facts."""

    facts: JourneyMap
    ctx: cards.Context
    title: str
    facts_line: str
    warning: str
    notes: list[str]
    panels: list[tuple[PanelText, StageColumn | None]]
    panels_all: list[PanelText]
    quotes: list[tuple[Quote, StageColumn, bool]]
    count_all: str
    no_quotes: str
    table_columns: list[str]
    has_shares: bool


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
    """

    def __init__(
        self, facts: JourneyMap, *, language: str | None = None, theme: Theme = "auto"
    ) -> None:
        check_theme(theme)
        self.facts = facts
        self.language = language or facts.language
        self.theme = theme

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

    def layout(self) -> Any:
        """The map in Bokeh, for ``bokeh.io.show``, a Bokeh server or a dashboard."""
        page = self._page()
        parts: Any = cards.environment().get_template("parts.html").module
        intro = f"{parts.heading(page)}{parts.kpi_row(page, clickable=False)}"
        return standing_layout(self.facts, intro, str(parts.legend(page)), mode=self._first_mode())

    def figure(self) -> Any:
        """The same as `layout`: what a view gives in Bokeh is called ``figure`` everywhere."""
        return self.layout()

    def page(self) -> str:
        """The map as one HTML page that needs nothing: no kernel, no network, no eval."""
        page = self._page()
        item = json_item(map_grid(self.facts, mode=self._first_mode()))
        libraries = Resources(mode="inline", components=["bokeh", "bokeh-widgets"]).js_raw
        template = cards.environment().get_template("page.html")
        return template.render(
            view=page,
            region=True,
            styles=cards.own(
                variables(self.theme)
                + cards.static("page.css")
                + cards.static("kpis.css")
                + _stage_colours(len(self.facts.stages))
            ),
            item=_json(item),
            words=_json(self._words(page)),
            libraries=[_script(text) for text in libraries if not text.startswith("Bokeh.")],
            script=_script(cards.static("map.js")),
        )

    def table(self) -> str:
        """The facts as a semantic HTML table, without style or script."""
        template = cards.environment().get_template("table.html")
        return template.render(view=self._page(), region=False)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        source = html.escape(self.page(), quote=True)
        name = html.escape(self.facts.title, quote=True)
        summary = html.escape(say("map.as_table", self.language))
        return {
            "text/plain": repr(self),
            "text/html": (
                f'<iframe title="{name}" sandbox="allow-scripts allow-downloads" '
                f'style="width:100%;height:{self.height()}px;border:0" srcdoc="{source}"></iframe>'
                f"<details><summary>{summary}</summary>{self.table()}</details>"
            ),
        }

    def height(self) -> int:
        """About how tall the page is at a notebook's width, in pixels, from 640 to 1500."""
        rows = 0.0
        letters = max(14.0, (960 - LABEL_WIDTH) / max(1, len(self.facts.stages)) / 6.6)
        letters = max(letters, COLUMN_WIDTH / 6.6)
        for lane in self.facts.lanes:
            rows += HEIGHT if lane == "curve" else max(self._lines(lane, letters)) * 19 + 20
        panels = -(-len(self._page().panels) // 5) * 92
        return round(min(1500, max(640, 330 + rows + panels)))

    def _lines(self, lane: str, letters: float) -> Iterator[float]:
        for column in self.facts.stages:
            texts = [entry.text for entry in column.lanes.get(lane, ())[:4]]
            texts += [f"{q.short}  {q.respondent}" for q in column.quotes if q.drawn] * (
                lane == "quotes"
            )
            texts += [p.name + "xxxxxxxxxxxx" for p in column.kpis[:3]] * (lane == "kpis")
            yield max(1, sum(1 + len(text) // letters for text in texts))

    def _first_mode(self) -> str:
        return "dark" if self.theme == "dark" else "light"

    def _page(self) -> _Page:
        facts, context = self.facts, cards.Context(self.language)
        panels: list[tuple[PanelText, StageColumn | None]] = [
            (text, None) for text in context.panels(facts.kpis)
        ]
        of_stages = [(text, c) for c in facts.stages for text in context.panels(c.kpis)]
        telling = sorted(of_stages, key=lambda pair: not pair[0].target_text)
        panels += telling[: max(0, MOST_PANELS - len(panels))]
        quotes = list(_that_fit(_by_turns(facts.stages)))
        lanes = [context.lane_name(lane) for lane in facts.lanes if lane != "curve"]
        first = ("stage", "evidence", "respondents", "mean", "interval", *_SHARES)
        return _Page(
            facts=facts,
            ctx=context,
            title=facts.title,
            facts_line=facts_line(facts, self.language),
            warning=context.say("map.by.automatic") if facts.estimate == "automatic" else "",
            notes=_notes(facts, context),
            panels=panels,
            panels_all=context.panels(facts.kpis) + [text for text, _ in of_stages],
            quotes=[(q, c, place >= FIRST_QUOTES) for place, (q, c) in enumerate(quotes)],
            count_all=_count(len(quotes), sum(c.quotes_total for c in facts.stages), context),
            no_quotes=_no_quotes(facts, context),
            table_columns=[*(context.say(f"map.columns.{key}") for key in first), *lanes],
            has_shares=any(c.negative is not None for c in facts.stages),
        )

    def _words(self, page: _Page) -> dict[str, Any]:
        context = page.ctx
        sizes = Counter(column.number for _, column, _ in page.quotes)
        lefts = {len(page.quotes), *sizes.values()}
        lefts = {left - FIRST_QUOTES for left in lefts if left > FIRST_QUOTES}
        return {
            "theme": self.theme,
            "first": FIRST_QUOTES,
            "all": context.say("map.all_stages"),
            "count": page.count_all,
            "more": context.say("map.show_more", n="{n}"),
            "more_one": context.say("map.show_more", n=1),
            "counts": {str(left): context.number(left) for left in lefts},
            "stages": [
                {
                    "name": f"{column.number} {column.name}",
                    "said": context.say("map.selected", stage=column.name),
                    "count": self._stage_count(column, sizes[column.number], context),
                }
                for column in self.facts.stages
            ],
        }

    def _stage_count(self, column: StageColumn, shown: int, context: cards.Context) -> str:
        if shown:
            return _count(shown, column.quotes_total, context)
        if self.facts.quotes == "hidden":
            return context.say("map.quotes_hidden")
        if column.quotes_total and column.respondents < self.facts.minimum:
            return context.say("map.quotes_too_few", n=self.facts.minimum)
        return context.say("map.no_quotes")


def _stage_colours(count: int) -> str:
    """Each stage's colour as CSS, so that a thousand quotes need not name it."""
    hues = (f'[data-of="{i}"]{{--c:var(--s{i % STAGES + 1})}}' for i in range(count))
    return "".join(hues)


def facts_line(facts: JourneyMap, language: str | None = None) -> str:
    """What the map rests on, in one line: period, respondents, passages, texts."""
    words = language or facts.language
    totals = facts.totals
    parts = [say("map.persona", words, name=facts.persona)] if facts.persona else []
    parts += [figures.span(totals.first, totals.last, words)]
    counted = (
        ("respondents", totals.respondents),
        ("passages", totals.passages),
        ("texts", totals.texts),
    )
    sizes = [say(f"map.facts.{name}", words, n=n) for name, n in counted if n]
    parts.append(", ".join(sizes))
    if facts.made is not None:
        parts.append(say("map.made", words, date=figures.day(facts.made.date(), words)))
    return " · ".join(part for part in parts if part)


def _by_turns(stages: tuple[StageColumn, ...]) -> Iterator[tuple[Quote, StageColumn]]:
    """The best quote of every stage, then every second one, and so on."""
    for place in range(max((len(column.quotes) for column in stages), default=0)):
        for column in stages:
            if place < len(column.quotes):
                yield column.quotes[place], column


def _that_fit(
    quotes: Iterator[tuple[Quote, StageColumn]],
) -> Iterator[tuple[Quote, StageColumn]]:
    """The quotes until their room is full."""
    room = QUOTE_BYTES
    for quote, column in quotes:
        words = f"{quote.text}{quote.respondent}{quote.channel}{quote.coder}{column.name}"
        room -= len(html.escape(words).encode()) + _MARKUP
        if room < 0:
            return
        yield quote, column


def _count(shown: int, total: int, context: cards.Context) -> str:
    if total > shown:
        return context.say("map.quotes_chosen", n=shown, total=total)
    return context.say("map.quotes_of", n=shown)


def _no_quotes(facts: JourneyMap, context: cards.Context) -> str:
    if facts.quotes == "hidden":
        return context.say("map.quotes_hidden")
    if any(c.quotes_total for c in facts.stages) and facts.minimum > 1:
        return context.say("map.quotes_too_few", n=facts.minimum)
    return context.say("map.no_quotes")


def _notes(facts: JourneyMap, context: cards.Context) -> list[str]:
    """What a reader must know of the curve: estimate, scorer, what was predicted or unknown."""
    totals = facts.totals
    notes = [] if facts.estimate == "automatic" else [context.say(f"map.by.{facts.estimate}")]
    if facts.scorer and facts.estimate != "coded":
        notes.append(context.say("map.scorer", name=facts.scorer))
    if totals.predicted:
        notes.append(context.say("map.predicted", percent=context.percent(totals.predicted)))
    if totals.unknown:
        notes.append(context.say("map.unknown", percent=context.percent(totals.unknown)))
    if totals.without_stage:
        notes.append(context.say("map.without_stage", n=totals.without_stage))
    return notes


def _json(value: Any) -> Markup:
    """JSON inside a script element: no ``<`` can end it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Markup(safe)  # noqa: S704  # nothing in it can leave its script element


def _script(text: str) -> Markup:
    """A script of our own or of Bokeh, that must not hold the end of its element."""
    return Markup(text.replace("</script", "<\\/script"))  # noqa: S704  # trusted source
