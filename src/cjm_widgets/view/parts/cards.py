"""What stands in each cell of the map, as HTML in which every value is escaped."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup, escape

from cjm_widgets.journeymap.facts import LANES, Entry, JourneyMap, KpiPanel, Quote, StageColumn
from cjm_widgets.view.parts import figures, marks, shape, theme
from cjm_widgets.view.parts.kpi_text import PanelText, digits_of, panel_text
from cjm_widgets.view.parts.map_evidence import Evidence
from cjm_widgets.view.parts.map_icons import icon
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


@functools.cache
def _said(key: str, language: str) -> str:
    """Words without values, which a page says many times."""
    return say(key, language)


def own(text: str) -> Markup:
    """Style of our own, which a template may set as it is."""
    return Markup(text)  # noqa: S704  # written by us, no value of a customer in it


@dataclass(frozen=True, slots=True)
class Context:
    """What templates may ask: words, numbers and figures in the map's language."""

    language: str
    height: int = 248
    lane_names: Mapping[str, str] = field(default_factory=dict)
    """Names that people gave to lanes."""

    def say(self, key: str, **values: object) -> str:
        return say(key, self.language, **values) if values else _said(key, self.language)

    def number(self, value: float) -> str:
        return number(value, self.language)

    def percent(self, share: float) -> str:
        return figures.percent(share, self.language)

    def valence(self, value: float | None) -> str:
        return figures.valence(value, self.language)

    def evidence(self, column: StageColumn) -> str:
        if column.withheld:
            return self.say("map.withheld")
        return marks.evidence(column, self.language)

    def interval(self, column: StageColumn) -> str:
        return marks.interval(column, self.language)

    def hue(self, number: int) -> int:
        return (number - 1) % theme.STAGES + 1

    def longest(self, column: StageColumn) -> float:
        """Width of a heading's longest word in ems, so that it shrinks before it breaks.

        The number stays on the line of the first word.
        """
        first, *rest = re.split(r"\s+|(?<=[/-])", column.name)
        words = [f"{column.number}\xa0{first}", *rest]
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
        if quote.source or quote.source_id:
            parts.append(" ".join(part for part in (quote.source, quote.source_id) if part))
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
        usual = self.say(f"map.lanes.{lane}") if lane in LANES else lane
        return self.lane_names.get(lane) or usual

    def icon(self, entry: Entry) -> str:
        """The drawing beside a touchpoint or channel."""
        return icon(entry.text)

    def known(self, evidence: Evidence | None, entry: Entry) -> int | None:
        """Number by which the page's script finds an entry's passages; None without any."""
        return None if evidence is None else evidence.number(entry)

    def told(self, entry: Entry) -> str:
        """An entry in words, and that it leads to its passages."""
        parts = [self.say("units.texts", n=entry.n or 0)]
        if entry.valence is not None:
            parts.append(self.say("map.severity", value=self.valence(entry.valence)))
        if entry.voice is not None and entry.key:
            parts.append(self.say("map.voice", percent=self.percent(entry.voice)))
        return self.say("map.show_passages", name=entry.text, facts=", ".join(parts))

    def weight(self, entry: Entry, tone: str) -> str:
        """Severity and share of voice of a pain point, in short."""
        if tone or entry.valence is None or entry.voice is None:
            return ""
        return f"{self.valence(entry.valence)} · {self.percent(entry.voice)}\u202f%"

    def history(self, panel: KpiPanel) -> list[tuple[str, str]]:
        """A KPI's figures by period, the newest first: what stands behind its panel."""
        dates = [at for at, _ in panel.history]
        return [
            (
                figures.period(at, dates, self.language),
                figures.amount(value, panel.unit, self.language, digits=digits_of(panel)),
            )
            for at, value in reversed(panel.history)
        ]

    def column_name(self, column: str) -> str:
        """What a filter's column is called; an attribute keeps its own name."""
        if column in ("persona", "period", "channel", "touchpoint", "segment", "compared"):
            return self.say(f"map.pick.{column}")
        return column

    def cell(self, column: StageColumn, lane: str, evidence: Evidence, style: str) -> Markup:
        """A cell as it stands on the turned map."""
        return own(cell(column, lane, self, evidence, style))

    def across(self, valence: float) -> float:
        """Where a valence stands on a line from −1 to +1, in per cent."""
        return round(50 * (1 + valence), 1)

    def meaning(self, column: StageColumn) -> str:
        """Good or bad where the interval leaves neither open; else nothing."""
        low, high = column.low, column.high
        if column.grade != "solid" or low is None or high is None or low <= 0 <= high:
            return ""
        return "good" if low > 0 else "bad"

    def why(self, quote: Quote) -> str:
        """Why a quote was chosen, in one line."""
        if quote.fit is None or quote.central is None or quote.clear is None:
            return ""
        numbers = {
            name: number(value, self.language, digits=2)
            for name, value in (
                ("fit", quote.fit),
                ("central", quote.central),
                ("clear", quote.clear),
            )
        }
        told = self.say("map.why", **numbers)
        return f"{self.say('map.pinned')} · {told}" if quote.pinned else told

    def gap(self, column: StageColumn) -> str:
        """What is missing to the target, or that it is reached."""
        if column.gap is None or column.gap <= 0:
            return self.say("map.gap_none")
        return self.say("map.gap", value=figures.valence(column.gap, self.language))

    def difference(self, column: StageColumn) -> tuple[str, str, str]:
        """The other map's mean, how this one differs, and in which tone that is said."""
        found = column.compared
        if found is None or found.other is None:
            return self.say("map.no_evidence"), "", ""
        other = self.say("map.other_mean", value=self.valence(found.other))
        if found.difference is None:
            return other, "", ""
        size = figures.valence(found.difference, self.language)
        if found.low is not None and found.high is not None:
            low, high = self.valence(found.low), self.valence(found.high)
            size = self.say("map.difference", value=size, low=low, high=high)
        if not found.clear:
            return other, f"{size}, {self.say('map.not_clear')}", ""
        better = found.difference > 0
        word = self.say("map.better" if better else "map.worse")
        return other, f"{'▲' if better else '▼'}\xa0{size}, {word}", "up" if better else "down"


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
    notes = []
    entries = [e for c in facts.stages for e in c.lanes.get(lane, ())]
    if lane == "pains" and any(e.valence is not None for e in entries):
        notes.append(context.say("map.pains_note"))
    if any(e.origin == "idea" for e in entries):
        notes.append(context.say("map.ideas"))
    if lane == "compared":
        notes.append(context.say("map.compared_note", title=facts.compared_with))
    return macro("lane", context.lane_name(lane), "; ".join(notes))


def cell(
    column: StageColumn,
    lane: str,
    context: Context,
    evidence: Evidence | None = None,
    style: str = "chips",
) -> str:
    """One cell of the map: a lane at a stage.

    Parameters
    ----------
    column, lane, context
        What to draw, and in whose words.
    evidence
        Numbers of what leads to passages; None where nothing does.
    style
        ``chips`` or ``rows``: how touchpoints stand.
    """
    if lane in ("quotes", "kpis", "targets", "compared"):
        return _measured(column, lane, context)
    entries = column.lanes.get(lane, ())
    if not entries:
        return macro("nothing")
    shown = most(lane, entries, _MOST.get(lane, 6))
    if lane in ("touchpoints", "channels"):
        return macro("rows" if style == "rows" else "chips", entries, shown, context, evidence)
    tone = {"pains": "", "opportunities": "good"}.get(lane, "plain")
    return macro("bars", entries, shown, context, tone, evidence)


def most(lane: str, entries: Sequence[Entry], usual: int) -> int:
    """How many entries of a lane a cell shows: an idea takes no place of the pain it answers."""
    if lane != "pains":
        return usual
    return usual + sum(bool(entry.fits) for entry in entries[: 2 * usual])


def _measured(column: StageColumn, lane: str, context: Context) -> str:
    """A cell of a lane that shows evidence, targets or differences."""
    drawn = [quote for quote in column.quotes if quote.drawn][:DRAWN_QUOTES]
    if lane == "quotes" and drawn:
        return macro("quotes", drawn, context)
    if lane == "kpis" and column.kpis:
        return macro("kpis", context.panels(column.kpis), _MOST["kpis"], context)
    if lane == "targets" and column.target is not None:
        return macro("target", column, context)
    if lane == "compared" and column.compared is not None:
        return macro("compared", column, context)
    return macro("nothing")
