"""The slide of the whole map; seven stages at most stand on one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cjm_widgets.export.slides import chart
from cjm_widgets.export.slides.deck import (
    HEIGHT,
    INSIDE,
    MARGIN,
    ROOM,
    Deck,
    Page,
    Para,
    cell,
    fitted,
)
from cjm_widgets.journeymap.facts import JourneyMap, StageColumn
from cjm_widgets.view.drawing import cells, panels
from cjm_widgets.view.drawing.pen import Style
from cjm_widgets.view.maps.map_view import facts_line
from cjm_widgets.view.parts.cards import Context
from cjm_widgets.view.parts.kpi_text import PanelText

MOST = 7
"""Stages of one slide."""
LABEL = 76.0
PANEL = 66.0
CURVE, TALLEST = 112.0, 200.0
"""Height of the curve: what the lanes leave is given to it."""
HEAD = Style(10, 12, bold=True)
SMALL = Style(7.5, 9.5, "ink2")
LANES = (
    "goals",
    "touchpoints",
    "channels",
    "actions",
    "quotes",
    "curve",
    "pains",
    "opportunities",
    "kpis",
)
"""Lanes of the whole; the others are on the stages' own slides, below them backstage."""


def add(deck: Deck, facts: JourneyMap) -> None:
    """One slide, or several where there are many stages."""
    columns = facts.stages
    slides = max(1, -(-len(columns) // MOST))
    size = -(-len(columns) // slides) if columns else 0
    for place in range(slides):
        part = columns[place * size : (place + 1) * size]
        title = facts.title if slides == 1 else f"{facts.title} ({place + 1}/{slides})"
        page = deck.page(title, facts_line(facts, facts.language))
        top = page.y + (_kpis(page, facts) if place == 0 else 0)
        if part:
            _map(page, replace(facts, stages=part), top)
        _foot(page, facts)


def _kpis(page: Page, facts: JourneyMap) -> float:
    found = panels.chosen(facts)[:6]
    if not found:
        return 0.0
    width = min(190.0, ROOM / len(found))
    name, value, rest = SMALL, Style(14, 17, bold=True), Style(7.5, 9.5)
    tones = {"up": "good", "down": "bad", "same": "ink2"}
    for place, panel in enumerate(found):
        x, text = MARGIN + place * width, panel.text
        page.rect(x, page.y, width - 4, PANEL, "line", outline=True)
        change = rest.but(colour=tones[text.change_class])
        target = rest.but(colour=tones[text.target_class])
        label = f"{text.name} ({text.segment})" if text.segment else text.name
        room = width - 18
        rows = [
            fitted([Para(label, name, 0)], room, name.leading),
            fitted([Para(text.value_text, value, 0)], room, value.leading),
            fitted([Para(text.change_text, change, 0)], room, 9.5) if text.change_text else [],
            fitted([Para(text.target_text, target, 0)], room, 9.5) if text.target_text else [],
        ]
        interval = fitted([Para(text.interval_text, name, 0)], room, 9.5)
        rows.insert(2, interval if text.interval_text else [])
        against = fitted([Para(text.contradiction, rest.but(bold=True), 0)], room, 9.5)
        rows.append(against if text.contradiction else [])
        page.words([para for row in rows for para in row], x + 7, page.y + 3, room)
        _parts(page, text, x + 7, page.y + PANEL - 5, room)
    return PANEL + 6


def _parts(page: Page, text: PanelText, x: float, y: float, room: float) -> None:
    """Detractors, passives and promoters as a bar; the slide of KPIs says them in words."""
    colours = {"neg": "bad", "neu": "field", "pos": "good"}
    for part in text.parts:
        if part.width:
            page.rect(x, y, room * part.width / 100, 3, colours[part.tone])
        x += room * part.width / 100


def _map(page: Page, facts: JourneyMap, top: float) -> None:
    columns = facts.stages
    width = (ROOM - LABEL) / max(len(columns), 3)
    size = 9.0 if len(columns) <= 4 else 8.0
    style = Style(size, size + 2)
    room = width - 2 * INSIDE - 2
    lanes = [lane for lane in facts.lanes if lane in LANES or lane in facts.below]
    heads = [_head(column, facts.language) for column in columns]
    wanted = {lane: _wanted(facts, lane, style, room) for lane in lanes if lane != "curve"}
    head = max(sum(p.height(room) for p in paras) for paras in heads) + 8
    free = HEIGHT - 44 - top - head
    curve = CURVE if "curve" in lanes else 0.0
    labels = {lane: _label(facts, lane) for lane in lanes}
    least = {lane: _tall([[labels[lane]]], LABEL - 2 * INSIDE) for lane in wanted}
    tall = {lane: max(_tall(found, room), least[lane]) for lane, found in wanted.items()}
    heights = _shared_out(tall, least, free - curve)
    curve = min(TALLEST, max(curve, free - sum(heights.values()))) if curve else 0.0
    rows = [head, *(curve if lane == "curve" else heights[lane] for lane in lanes)]
    table = page.table(MARGIN, top, [LABEL, *[width] * len(columns)], rows)
    cell(table, 0, 0, [])
    for place, paras in enumerate(heads, start=1):
        cell(table, 0, place, paras)
        page.rect(MARGIN + LABEL + (place - 1) * width, top - 2, width - 1, 3, _hue(columns, place))
    y = top + head
    for row, lane in enumerate(lanes, start=1):
        if lane == "curve":
            box = (MARGIN + LABEL, y, width * len(columns), curve)
            chart.add(page, columns, box, facts.language)
        cell(table, row, 0, fitted([labels[lane]], LABEL - 2 * INSIDE, rows[row] - 6))
        for place in range(len(columns)):
            paras = [] if lane == "curve" else wanted[lane][place]
            cell(table, row, place + 1, fitted(paras, room, rows[row] - 6))
        y += rows[row]


def _hue(columns: Sequence[StageColumn], place: int) -> str:
    return f"s{columns[place - 1].number}"


def _label(facts: JourneyMap, lane: str) -> Para:
    context = Context(facts.language)
    name = facts.lane_names.get(lane) or context.lane_name(lane)
    if lane == "curve":
        name = f"{name} – {context.say(f'map.estimate.{facts.estimate}')}"
    return Para(name, Style(8, 10, "ink2", bold=True), 0)


def _head(column: StageColumn, language: str) -> list[Para]:
    name = Para(f"{column.number} {column.name}", HEAD, 1)
    return [name, Para(Context(language).evidence(column), SMALL, 0)]


def _wanted(facts: JourneyMap, lane: str, style: Style, room: float) -> list[list[Para]]:
    return [cell_paras(facts, column, lane, style) for column in facts.stages]


def cell_paras(
    facts: JourneyMap, column: StageColumn, lane: str, style: Style, most: int = 4
) -> list[Para]:
    """What a lane holds at a stage, a paragraph an entry."""
    context = Context(facts.language)
    quiet, italic = style.but(colour="ink2"), style.but(italic=True)
    if lane == "quotes":
        drawn = [quote for quote in column.quotes if quote.drawn] or list(column.quotes)
        return [Para(context.quoted(q.short, q.language), italic) for q in drawn[:1]]
    if lane == "kpis":
        told = zip(column.kpis, context.panels(column.kpis), strict=True)
        return [para for panel, text in told for para in _kpi(panel.name, text, style)][:most]
    entries = column.lanes.get(lane, ())
    made = []
    for entry in entries[:most]:
        count = f" ({context.number(entry.n)})" if entry.n else ""
        idea = entry.origin == "idea"
        text = style.but(colour="ink2", italic=True) if idea else style
        made.append(Para(f"{entry.text}{count}", text, 1))
    if len(entries) > most:
        made.append(Para(context.say("map.more", n=len(entries) - most), quiet, 0))
    return made


def _kpi(name: str, text: PanelText, style: Style) -> list[Para]:
    """A KPI of a stage, and that people feel otherwise than it says."""
    made = [Para(f"{name} {text.value_text}", style, 1)]
    if text.contradiction:
        made.append(Para(text.contradiction, style.but(bold=True), 1))
    return made


def _tall(found: Sequence[Sequence[Para]], room: float) -> float:
    tallest = max((sum(p.height(room) for p in paras) for paras in found), default=0.0)
    return max(18.0, tallest + 7)


def _shared_out(wanted: dict[str, float], least: dict[str, float], free: float) -> dict[str, float]:
    """Heights that fit together: the one with most to give away gives way first."""
    heights = dict(wanted)
    while heights and sum(heights.values()) > free:
        richest = max(heights, key=lambda lane: heights[lane] - least[lane])
        if heights[richest] <= least[richest]:
            break
        heights[richest] -= 1
    return heights


def _foot(page: Page, facts: JourneyMap) -> None:
    context = Context(facts.language)
    told = " ".join([*cells.method(facts, context), context.say("export.slides_cut")])
    page.words(fitted([Para(told, SMALL, 0)], ROOM, 20), MARGIN, HEIGHT - 34, ROOM)
