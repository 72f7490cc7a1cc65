"""What stands in each cell of the map, as HTML in which every value is escaped."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup, escape

from cjm_widgets.journeymap.facts import BACKSTAGE, LANES, JourneyMap, Quote, StageColumn
from cjm_widgets.view import figures, marks, shape, theme
from cjm_widgets.view.kpi_text import PanelText, panel_text
from cjm_widgets.words import number, say

DRAWN_QUOTES = 2
NEUTRAL = 0.1
"""Valences up to this far from 0 are called neutral, as in the shares of a curve."""
_MOST = {"touchpoints": 6, "pains": 4, "kpis": 3, "themes": 4, "emotions": 4, "opportunities": 4}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


@functools.cache
def environment() -> jinja2.Environment:
    """Templates with autoescape on: customers' words are text, wherever they stand."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("cjm_widgets.view", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


@functools.cache
def static(name: str) -> str:
    """A style sheet or script of this room."""
    return resources.files("cjm_widgets.view").joinpath("static", name).read_text("utf-8")


def own(text: str) -> Markup:
    """Style of our own, which a template may set as it is."""
    return Markup(text)  # noqa: S704  # written by us, no value of a customer in it


@dataclass(frozen=True, slots=True)
class Context:
    """What templates may ask: words, numbers and figures in the map's language."""

    language: str
    height: int = 248

    def say(self, key: str, **values: object) -> str:
        return say(key, self.language, **values)

    def number(self, value: float) -> str:
        return number(value, self.language)

    def percent(self, share: float) -> str:
        return figures.percent(share, self.language)

    def valence(self, value: float | None) -> str:
        return figures.valence(value, self.language)

    def evidence(self, column: StageColumn) -> str:
        return marks.evidence(column, self.language)

    def interval(self, column: StageColumn) -> str:
        return marks.interval(column, self.language)

    def hue(self, number: int) -> int:
        return (number - 1) % theme.STAGES + 1

    def longest(self, name: str) -> float:
        """Width of a name's longest word in ems, so that it shrinks before it breaks."""
        words = re.split(r"\s+|(?<=[/-])", name)
        return round(max((shape.text_width(word, 1, bold=True) for word in words), default=1), 2)

    def breaking(self, name: str) -> Markup:
        """A name that may also break after a slash, escaped."""
        return escape(name).replace("/", Markup("/<wbr>"))

    def distribution(self, column: StageColumn) -> str:
        """The shares of negative, neutral and positive in words; empty where not known."""
        if column.negative is None or column.neutral is None or column.positive is None:
            return ""
        return self.say(
            "map.distribution",
            negative=self.percent(column.negative),
            neutral=self.percent(column.neutral),
            positive=self.percent(column.positive),
        )

    def height_of(self, valence: float) -> float:
        """Pixels from the top of the curve's drawing to a valence."""
        return round((shape.REACH - valence) * shape.pixels_per_unit(self.height), 1)

    def lang(self, quote: Quote) -> str:
        """The quote's language for a ``lang`` attribute; empty if it is none."""
        return quote.language if _LANGUAGE.fullmatch(quote.language) else ""

    def quoted(self, text: str, language: str) -> str:
        """In the quotation marks of the quote's own language."""
        if language == "fr" or (not language and self.language == "fr"):
            return f"«\u202f{text}\u202f»"
        return f"“{text}”"

    def source(self, quote: Quote) -> list[str]:
        """Who said it, where and when; what is not known is left out."""
        return [part for part in (quote.respondent, quote.channel) if part]

    def full_source(self, quote: Quote) -> list[str]:
        """As `source`, with date, coder and whether the stage was predicted."""
        parts = self.source(quote)
        if quote.at is not None:
            parts.append(figures.day(quote.at, self.language))
        if quote.coder:
            parts.append(self.say("map.coded_by", coder=quote.coder))
        if quote.predicted:
            parts.append(self.say("map.predicted_mark"))
        return parts

    def feeling(self, value: float | None) -> str:
        """A quote's valence with its sign and a word."""
        if value is None:
            return ""
        word = "neutral" if abs(value) <= NEUTRAL else "positive" if value > 0 else "negative"
        return f"{self.valence(value)} {self.say(f'map.{word}')}"

    def tone(self, value: float | None) -> str:
        return "" if value is None or abs(value) <= NEUTRAL else "good" if value > 0 else "bad"

    def panels(self, panels: tuple[Any, ...]) -> list[PanelText]:
        return [panel_text(panel, self.language) for panel in panels]

    def lane_name(self, lane: str) -> str:
        """The name of a lane; one of the user's own is called as they call it."""
        return self.say(f"map.lanes.{lane}") if lane in LANES else lane


def macro(name: str, *values: Any) -> str:
    """One macro of ``cells.html`` with its values escaped."""
    module: Any = environment().get_template("cells.html").module
    return str(getattr(module, name)(*values)).strip()


def lane_label(facts: JourneyMap, lane: str, context: Context) -> str:
    """The label at the left of a lane."""
    if lane == "curve":
        notes = [
            context.say(f"map.estimate.{facts.estimate}"),
            context.say("map.interval"),
        ]
        return macro("scale", context, context.lane_name(lane), notes)
    note = ""
    if any(e.origin == "idea" for c in facts.stages for e in c.lanes.get(lane, ())):
        note = context.say("map.ideas")
    return macro("lane", context.lane_name(lane), note)


def cell(column: StageColumn, lane: str, context: Context) -> str:
    """One cell of the map: a lane at a stage."""
    if lane == "quotes":
        drawn = [quote for quote in column.quotes if quote.drawn][:DRAWN_QUOTES]
        return macro("quotes", drawn, context) if drawn else macro("nothing")
    if lane == "kpis":
        if not column.kpis:
            return macro("nothing")
        return macro("kpis", context.panels(column.kpis), _MOST["kpis"], context)
    entries = column.lanes.get(lane, ())
    if not entries:
        return macro("nothing")
    most = _MOST.get(lane, 6)
    if lane == "touchpoints":
        return macro("chips", entries, most, context)
    tone = {"pains": "", "opportunities": "good"}.get(lane, "plain")
    return macro("bars", entries, most, context, tone)


def front_and_back(lanes: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Lanes the customer sees, and those behind the line of visibility."""
    return (
        [lane for lane in lanes if lane not in BACKSTAGE],
        [lane for lane in lanes if lane in BACKSTAGE],
    )
