"""The map as one offline page: its parts as HTML, and its other views packed beside it."""

from __future__ import annotations

import base64
import functools
import gzip
import hashlib
import html
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bokeh.resources import Resources
from markupsafe import Markup

from cjm_widgets.journeymap.facts import JourneyMap, Quote, StageColumn, View
from cjm_widgets.view import drawing
from cjm_widgets.view.maps.layout import Look, page_content, page_item, rows_of
from cjm_widgets.view.parts import cards, map_text
from cjm_widgets.view.parts.brand import Brand
from cjm_widgets.view.parts.kpi_text import PanelText
from cjm_widgets.view.parts.map_evidence import Evidence
from cjm_widgets.view.parts.theme import STAGES, Theme, variables

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST_QUOTES = 12
"""Quotes of the panel that show before one asks for more."""
QUOTE_BYTES = 900_000
"""Room for the panel's quotes, which keeps the page below 2.5 MB in any script; 1,000 quotes
of 400 Latin letters fit, and what does not is counted."""
_MARKUP = 310
"""About what one quote's markup and source take, in bytes."""
VIEW_BYTES = 600_000
"""Room for all other views, packed."""
MOST_PANELS = 6
"""Panels of the top row that stages' own KPIs fill up."""
_SHARES = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class Page:
    """What the templates need besides the facts."""

    facts: JourneyMap
    ctx: cards.Context
    evidence: Evidence
    brand: Brand
    title: str
    facts_line: str
    warning: str
    notes: list[str]
    panels: list[tuple[PanelText, StageColumn | None]]
    panels_all: list[PanelText]
    histories: list[tuple[PanelText, list[tuple[str, str]]]]
    quotes: list[tuple[Quote, StageColumn, bool]]
    count_all: str
    no_quotes: str
    table_columns: list[str]
    has_shares: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """How pages of a map look, whatever they show."""

    language: str
    theme: Theme
    brand: Brand
    arrangement: str
    """``across`` or ``down``."""
    beside: JourneyMap | None = None
    """Another map, whose lanes stand below each of this one's."""


def made(facts: JourneyMap, setting: Setting) -> Page:
    """Everything that stands on a page, in words."""
    context = cards.Context(setting.language, lane_names=facts.lane_names)
    panels: list[tuple[PanelText, StageColumn | None]] = [
        (text, None) for text in context.panels(facts.kpis)
    ]
    of_stages = [(text, c) for c in facts.stages for text in context.panels(c.kpis)]
    telling = sorted(of_stages, key=lambda pair: not pair[0].target_text)
    panels += telling[: max(0, MOST_PANELS - len(panels))]
    quotes = list(_that_fit(_by_turns(facts.stages)))
    total = sum(c.quotes_total for c in facts.stages)
    lanes = [context.lane_name(lane) for lane in facts.lanes if lane != "curve"]
    first = ("stage", "evidence", "respondents", "mean", "interval", *_SHARES)
    every = [*facts.kpis, *(panel for c in facts.stages for panel in c.kpis)]
    return Page(
        facts=facts,
        ctx=context,
        evidence=Evidence(facts),
        brand=setting.brand,
        title=facts.title,
        facts_line=map_text.facts_line(facts, setting.language),
        warning=context.say("map.by.automatic") if facts.estimate == "automatic" else "",
        notes=map_text.notes(facts, context),
        panels=panels,
        panels_all=context.panels(tuple(every)),
        histories=[
            (text, context.history(panel))
            for text, panel in zip(context.panels(tuple(every)), every, strict=True)
        ],
        quotes=[(q, c, place >= FIRST_QUOTES) for place, (q, c) in enumerate(quotes)],
        count_all=map_text.count(len(quotes), total, context),
        no_quotes=map_text.no_quotes(facts, context),
        table_columns=[*(context.say(f"map.columns.{key}") for key in first), *lanes],
        has_shares=any(c.negative is not None for c in facts.stages),
    )


def whole(facts: JourneyMap, setting: Setting, views: Sequence[View], left: int) -> str:
    """The whole page.

    Parameters
    ----------
    facts
        What it shows first.
    setting
        How it looks.
    views
        What else it can show, each packed until their room is full.
    left
        How many more there would have been.
    """
    page = made(facts, setting)
    folds = any(view.opened is not None and not view.column for view in views)
    overlays = max(len(one.overlays) for one in (facts, *(view.facts for view in views)))
    packed, cut = _packed(views, setting, folds=folds)
    template = cards.environment().get_template("page.html")
    return template.render(
        view=page,
        setting=setting,
        region=True,
        folds=folds,
        picks=_picks(packed, page.ctx),
        left=left + cut,
        styles=cards.own(
            variables(setting.theme)
            + cards.static("page.css")
            + cards.static("kpis.css")
            + _cells_css()
            + cards.static("rows.css")
            + cards.static("print.css")
            + _stage_colours(len(facts.stages))
            + _house(setting)
        ),
        paper=cards.own(drawing.paper(facts, setting.language, setting.brand)),
        item=as_json(page_item(setting.language, first_mode(setting), setting.brand, overlays)),
        content=as_json(_content(page, setting, folds=folds, first=True)),
        page_words=as_json(_page_words(page, setting)),
        views=as_json([entry for entry, _ in packed]),
        libraries=as_json(libraries()),
        script=as_script(f"{cards.static('map_lanes.js')};\n{cards.static('map.js')}"),
    )


def packed_text(text: str) -> str:
    """A text as the page's script unpacks it: gzip, in base64."""
    return base64.b64encode(gzip.compress(text.encode(), 6, mtime=0)).decode()


@functools.cache
def libraries() -> str:
    """The drawing library, packed: a third of its size."""
    parts = Resources(mode="inline", components=["bokeh", "bokeh-widgets"]).js_raw
    return packed_text(";\n".join(part for part in parts if not part.startswith("Bokeh.")))


def first_mode(setting: Setting) -> str:
    """``light`` or ``dark``: the colours a drawing starts with."""
    return "dark" if setting.theme == "dark" else "light"


def _cells_css() -> str:
    """The style of cells, for those of the turned map, which stand in no shadow root."""
    rules = cards.static("cells.css").splitlines()
    return ".turned{" + "".join(r for r in rules if not r.startswith((":host", ".bk-"))) + "}"


def _house(setting: Setting) -> str:
    if setting.theme == "auto":
        return setting.brand.rules()
    return setting.brand.fixed(setting.theme)


def _content(page: Page, setting: Setting, *, folds: bool, first: bool = False) -> dict[str, Any]:
    """What changes with a view: its words, its cards and its curve."""
    # Only what the page shows first stands beside another map; its other views stand alone.
    beside = setting.beside if first else None
    look = Look(setting.brand, page.evidence, folds, beside)
    return {"words": words_of(page, beside), **page_content(page.facts, look)}


def _packed(
    views: Sequence[View], setting: Setting, *, folds: bool
) -> tuple[list[tuple[dict[str, Any], View]], int]:
    """The other views, compressed, as long as there is room; and how many there was none for."""
    room = VIEW_BYTES
    kept: list[tuple[dict[str, Any], View]] = []
    for place, view in enumerate(views):
        page = made(view.facts, setting)
        parts: Any = cards.environment().get_template("parts.html").module
        content = {
            "top": str(parts.heading(page)),
            "body": cards.environment().get_template("body.html").render(view=page, region=True),
            **_content(page, setting, folds=folds),
        }
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        data = packed_text(text)
        room -= len(data)
        if room < 0:
            return kept, len(views) - place
        entry = {
            "column": view.column,
            "value": view.value,
            "opened": view.opened,
            "data": data,
        }
        kept.append((entry, view))
    return kept, 0


def _picks(
    packed: Sequence[tuple[Mapping[str, Any], View]], context: cards.Context
) -> list[tuple[str, str, str, list[tuple[int, str, str]]]]:
    """The choices of the page: column, its name, what stands for all, number and value each."""
    found: dict[str, list[tuple[int, str, str]]] = {}
    for place, (_, view) in enumerate(packed):
        if view.column:
            people = view.facts.totals.respondents or view.facts.totals.texts
            size = "" if people is None else context.number(people)
            found.setdefault(view.column, []).append((place, view.value, size))
    return [
        (
            column,
            context.column_name(column),
            context.say("map.this_map" if column == "compared" else "map.everyone"),
            values,
        )
        for column, values in found.items()
    ]


def words_of(page: Page, beside: JourneyMap | None = None) -> dict[str, Any]:
    """What the page's script must know of one view."""
    context, facts = page.ctx, page.facts
    sizes = Counter(column.number for _, column, _ in page.quotes)
    rows = rows_of(facts, beside)
    return {
        "count": page.count_all if page.quotes else "",
        "evidence": page.evidence.words(),
        "rows": rows,
        "lanes": {
            row["lane"]: context.lane_name(row["lane"]) for row in rows if row["what"] == "lane"
        },
        "stages": [
            {
                "name": f"{column.number} {column.name}",
                "said": context.say("map.selected", stage=column.name),
                "count": map_text.stage_count(facts, column, sizes[column.number], context),
            }
            for column in facts.stages
        ],
    }


def _page_words(page: Page, setting: Setting) -> dict[str, Any]:
    """What the page's script must know whatever it shows."""
    context = page.ctx
    keys = ("up", "down", "show", "rename")
    known = json.dumps([page.title, *(column.key for column in page.facts.stages)])
    return {
        "map": hashlib.sha256(known.encode()).hexdigest()[:16],
        "theme": setting.theme,
        "arrangement": setting.arrangement,
        "first": FIRST_QUOTES,
        "language": setting.language,
        "all": context.say("map.all_stages"),
        "more": context.say("map.show_more", n="{n}"),
        "more_one": context.say("map.show_more", n=1),
        "behind": context.say("map.behind", shown="{shown}", n="{n}"),
        "shown": context.say("map.shown", name="{name}"),
        "lane": {key: context.say(f"map.lane_{key}", lane="{lane}") for key in keys}
        | {key: context.say(f"map.lanes_{key}") for key in ("kept", "fleeting")},
    }


def _stage_colours(count: int) -> str:
    """Each stage's colour as CSS, so that a thousand quotes need not name it."""
    most = max(count, 14)
    hues = (f'[data-of="{i}"]{{--c:var(--s{i % STAGES + 1})}}' for i in range(most))
    return "".join(hues)


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
        words = (
            f"{quote.text}{quote.respondent}{quote.channel}{quote.coder}{column.name}{quote.memo}"
        )
        room -= len(html.escape(words).encode()) + _MARKUP
        if room < 0:
            return
        yield quote, column


def as_json(value: Any) -> Markup:
    """JSON inside a script element: no ``<`` can end it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Markup(safe)  # noqa: S704  # nothing in it can leave its script element


def as_script(text: str) -> Markup:
    """A script of our own or of Bokeh, that must not hold the end of its element."""
    return Markup(text.replace("</script", "<\\/script"))  # noqa: S704  # trusted source
