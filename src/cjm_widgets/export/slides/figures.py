"""The slides of KPIs and of the method."""

from __future__ import annotations

from collections.abc import Sequence

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
from cjm_widgets.journeymap.facts import JourneyMap
from cjm_widgets.view.drawing.cells import method
from cjm_widgets.view.drawing.pen import Style
from cjm_widgets.view.parts.cards import Context

ROWS = 10
"""KPIs of one slide, of which some have notes below their names."""
COLUMNS = (230.0, 130.0, 100.0, 80.0, 120.0, 122.0, 122.0)
BODY, HEAD = Style(10, 12.5), Style(10, 12.5, "ink2", bold=True)
NOTE, AGAINST = Style(8, 10.5, "ink2"), Style(8, 10.5, bold=True)
TEXT = Style(12, 16)
_TONES = {"up": "good", "down": "bad", "same": "ink"}


def add(deck: Deck, facts: JourneyMap) -> None:
    """KPIs as tables, then how the curve came about."""
    context = Context(facts.language)
    rows = _rows(facts, context)
    method_paras = [Para(text, TEXT, 4) for text in _method(facts, context)]
    needed = sum(para.height(ROOM) for para in method_paras)
    page: Page | None = None
    y = HEIGHT
    for start in range(0, len(rows), ROWS):
        page = deck.page(context.say("kpi.title"), facts.title)
        y = page.y + _table(page, rows[start : start + ROWS], context) + 20
    if page is None or y + needed > HEIGHT - 24:
        page = deck.page(context.say("export.method"), facts.title)
        y = page.y
    page.words(fitted(method_paras, ROOM, HEIGHT - 24 - y), MARGIN, y, ROOM)


def _method(facts: JourneyMap, context: Context) -> list[str]:
    parts = ("filled", "hollow", "gap", "whisker", "connector")
    return [*method(facts, context), *(context.say(f"map.legend.{part}") for part in parts)]


def _rows(facts: JourneyMap, context: Context) -> list[list[list[Para]]]:
    names = {column.key: f"{column.number} {column.name}" for column in facts.stages}
    found = [*facts.kpis, *(panel for column in facts.stages for panel in column.kpis)]
    made = []
    for panel, text in zip(found, context.panels(tuple(found)), strict=True):
        name = f"{text.name} ({text.segment})" if text.segment else text.name
        count = "" if panel.n is None else context.number(round(panel.n))
        told = [name, names.get(panel.stage or "", panel.stage or "")]
        row = [[Para(words, BODY, 0)] for words in told]
        row += [[Para(words, BODY, 0, right=True)] for words in (text.value_text, count)]
        row.append([Para(text.interval_text, BODY, 0)])
        row.append([Para(text.change_text, BODY.but(colour=_TONES[text.change_class]), 0)])
        row.append([Para(text.target_text, BODY.but(colour=_TONES[text.target_class]), 0)])
        notes = (text.parts_text, NOTE), (text.contradiction, AGAINST)
        row[0] += [Para(words, style, 0) for words, style in notes if words]
        made.append(row)
    return made


def _table(page: Page, rows: Sequence[Sequence[Sequence[Para]]], context: Context) -> float:
    keys = ("kpi", "stage", "value", "n", "interval", "change", "target")
    heads = [
        [Para(context.say(f"kpi.columns.{key}"), HEAD, 0, right=key in ("value", "n"))]
        for key in keys
    ]
    rooms = [width - 2 * INSIDE - 2 for width in COLUMNS]
    # Two lines are enough for any name that is one.
    told = [
        [_short(paras, room) for paras, room in zip(row, rooms, strict=True)]
        for row in (heads, *rows)
    ]
    heights = [8 + max(map(_tall, row, rooms), default=BODY.leading) for row in told]
    table = page.table(MARGIN, page.y, COLUMNS, heights)
    for i, line in enumerate(told):
        for j, paras in enumerate(line):
            cell(table, i, j, paras)
    return sum(heights)


def _short(paras: Sequence[Para], room: float) -> list[Para]:
    return [kept for para in paras for kept in fitted([para], room, 2 * para.style.leading)]


def _tall(paras: Sequence[Para], room: float) -> float:
    return sum(para.height(room) for para in paras)
