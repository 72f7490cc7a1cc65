"""What stands in each cell of the drawn map."""

from __future__ import annotations

from collections.abc import Sequence

from cjm_widgets.journeymap.facts import Entry, JourneyMap, KpiPanel, Quote, StageColumn
from cjm_widgets.view.drawing import metrics
from cjm_widgets.view.drawing.blocks import Block, Split, Words, bar, chips, words
from cjm_widgets.view.drawing.pen import BODY, HEAD, SMALL
from cjm_widgets.view.parts import cards, figures, map_text
from cjm_widgets.view.parts.cards import Context
from cjm_widgets.words import say

QUOTES = 2
MOST = {"touchpoints": 6, "channels": 6, "pains": 4, "kpis": 3, "themes": 4, "emotions": 4}
OTHERS = 6
"""Entries of a cell; the rest is counted."""
LINES = 12
"""Lines of one note; a longer one ends with ``…`` and stands whole on the page."""
CHIPS = ("touchpoints", "channels")
TONES = {"pains": "bad", "opportunities": "good"}
"""Colours of bars; elsewhere they are quiet."""
LEAST_HEAD = 10.0


def head(column: StageColumn, context: Context, room: float) -> list[Block]:
    """A stage's number, name and evidence."""
    name = f"{column.number} {column.name}"
    size = metrics.shrunk(name, room, HEAD.size, LEAST_HEAD, bold=True)
    made: list[Block] = []
    if column.group:
        made.append(words(column.group, room, SMALL, after=1, most=2))
    made.append(words(name, room, HEAD.but(size=size), after=2, most=4))
    if column.time:
        made.append(words(column.time, room, SMALL, after=1))
    if column.parts:
        made.append(words(" · ".join(column.parts), room, SMALL, after=1, most=3))
    made.append(words(context.evidence(column), room, SMALL, after=1))
    shares = column.negative, column.neutral, column.positive
    if None not in shares:
        made.append(Split(tuple(share or 0.0 for share in shares), room))  # type: ignore[arg-type]  # three
    return made


def cell(facts: JourneyMap, column: StageColumn, lane: str, room: float) -> list[Block]:
    """A lane at a stage, as blocks; a dash where there is nothing."""
    context = Context(facts.language)
    if lane == "quotes":
        made = _quotes(column.quotes, context, room)
    elif lane == "kpis":
        made = _kpis(column.kpis, context, room)
    elif lane in SPOKEN:
        text = SPOKEN[lane](column, facts.language)
        made = [words(text, room, BODY, most=LINES)] if text else []
    elif lane == "touchpoints" and facts.rows == "rows":
        made = _rows(column.lanes.get(lane, ()), context, room)
    else:
        made = _entries(column.lanes.get(lane, ()), lane, context, room)
    return made or [Words(("–",), BODY.but(colour="ink2"))]


def _more(left: int, context: Context) -> list[Block]:
    return [Words((context.say("map.more", n=left),), SMALL)] if left > 0 else []


def _entries(entries: Sequence[Entry], lane: str, context: Context, room: float) -> list[Block]:
    most = cards.most(lane, entries, MOST.get(lane, OTHERS))
    shown = entries[:most]
    left = _more(len(entries) - most, context)
    if lane in CHIPS:
        told = [(e.text, context.number(e.n) if e.n else "", e.origin == "idea") for e in shown]
        return [chips(told, room), *left] if told else []
    made: list[Block] = []
    for entry in shown:
        made.append(_entry(entry, lane, context, room))
        weight = context.weight(entry, "") if lane == "pains" and entry.n else ""
        if weight:
            made.append(words(weight, room, SMALL, after=4))
    return [*made, *left]


def _rows(entries: Sequence[Entry], context: Context, room: float) -> list[Block]:
    """Touchpoints below one another, each with its volume and its valence."""
    most = MOST["touchpoints"]
    made: list[Block] = []
    for entry in entries[:most]:
        value = context.valence(entry.valence)
        count = context.number(entry.n) if entry.n else ""
        told = " · ".join(part for part in (count, value) if part)
        tone = {"good": "good", "bad": "bad"}.get(context.tone(entry.valence), "field")
        if entry.n:
            made.append(bar(entry.text, told, entry.share or 0.0, room=room, colour=tone))
        else:
            made.append(_entry(entry, "touchpoints", context, room))
    return [*made, *_more(len(entries) - most, context)]


def _entry(entry: Entry, lane: str, context: Context, room: float) -> Block:
    if entry.n:
        tone = TONES.get(lane, "field")
        return bar(entry.text, context.number(entry.n), entry.share or 0.0, room=room, colour=tone)
    idea = entry.origin == "idea"
    style = BODY.but(italic=idea, colour="ink2" if idea else "ink")
    # An idea that answers a pain point stands below it and points back.
    text = f"→ {entry.text}" if idea and entry.fits else entry.text
    return words(text, room, style, most=LINES)


def _quotes(quotes: Sequence[Quote], context: Context, room: float) -> list[Block]:
    made: list[Block] = []
    drawn = [quote for quote in quotes if quote.drawn] or list(quotes)
    for quote in drawn[:QUOTES]:
        said = context.quoted(quote.short, quote.language)
        source = ", ".join(context.source(quote))
        made.append(words(said, room, BODY.but(italic=True), after=1 if source else 6, most=LINES))
        if source:
            made.append(words(source, room, SMALL, after=6, most=3))
    return made


def _kpis(panels: Sequence[KpiPanel], context: Context, room: float) -> list[Block]:
    made: list[Block] = []
    shown = tuple(panels[: MOST["kpis"]])
    for panel, text in zip(shown, context.panels(shown), strict=True):
        name = f"{text.name} ({text.segment})" if text.segment else text.name
        value = f"{name}  {text.value_text}"
        tones = {"up": "good", "down": "bad", "same": "ink2"}
        rest = [
            (text.change_text, tones[text.change_class]),
            (text.target_text, tones[text.target_class]),
            (text.contradiction, "ink"),
        ]
        lines = [(told, SMALL.but(colour=tone)) for told, tone in rest if told]
        lines.insert(0, (value, BODY.but(bold=panel.value is not None)))
        made += [words(told, room, style, after=0, most=4) for told, style in lines[:-1]]
        told, style = lines[-1]
        made.append(words(told, room, style, after=5, most=4))
    return [*made, *_more(len(panels) - MOST["kpis"], context)]


def lane_label(facts: JourneyMap, lane: str, room: float) -> list[Block]:
    """The name at the left of a lane."""
    context = Context(facts.language)
    name = facts.lane_names.get(lane) or context.lane_name(lane)
    made: list[Block] = [words(name, room, BODY.but(colour="ink2", bold=True), after=1, most=4)]
    entries = [entry for column in facts.stages for entry in column.lanes.get(lane, ())]
    notes = []
    if lane == "pains" and any(entry.valence is not None for entry in entries):
        notes.append(context.say("map.pains_note"))
    if any(entry.origin == "idea" for entry in entries):
        notes.append(context.say("map.ideas"))
    if notes:
        made.append(words("; ".join(notes), room, SMALL))
    return made


def aim(column: StageColumn, language: str) -> str:
    """The target in words, with what is still missing; empty without one."""
    target = column.target
    if target is None:
        return ""
    parts = [target.text]
    if target.valence is not None:
        value = figures.valence(target.valence, language)
        parts.insert(0, say("export.aim", language, value=value))
    if column.gap is not None:
        gap = figures.valence(column.gap, language)
        parts.insert(1, say("export.gap", language, value=gap))
    return " · ".join(part for part in parts if part)


def compared(column: StageColumn, language: str) -> str:
    """How a stage differs from the same stage of another map; empty without another."""
    found = column.compared
    if found is None or found.difference is None:
        return ""
    value = figures.valence(found.difference, language)
    if found.low is None or found.high is None:
        return say("export.difference", language, value=value)
    verdict = "clear" if found.clear else "unclear"
    return say(
        f"export.difference_{verdict}",
        language,
        value=value,
        low=figures.valence(found.low, language),
        high=figures.valence(found.high, language),
    )


SPOKEN = {"targets": aim, "compared": compared}
"""Lanes whose words are made of figures."""


def method(facts: JourneyMap, context: Context) -> list[str]:
    """How the curve came about, and what it leaves out; a sentence each."""
    first = [context.say("map.by.automatic")] if facts.estimate == "automatic" else []
    return [*first, *map_text.notes(facts, context)]
