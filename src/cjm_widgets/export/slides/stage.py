"""A slide per stage: its figures, its lanes, its quotes."""

from __future__ import annotations

from cjm_widgets.export.slides.deck import HEIGHT, MARGIN, ROOM, Deck, Page, Para, fitted
from cjm_widgets.export.slides.overview import cell_paras
from cjm_widgets.journeymap.facts import JourneyMap, StageColumn
from cjm_widgets.view.drawing.cells import aim, compared
from cjm_widgets.view.drawing.curve import tone
from cjm_widgets.view.drawing.pen import Style
from cjm_widgets.view.parts.cards import Context

LEFT = 330.0
GAP = 34.0
QUOTES = 12
BESIDE = ("touchpoints", "channels", "emotions", "themes")
BIG = Style(30, 36, bold=True)
BODY, SMALL = Style(11, 14), Style(10, 13, "ink2")
LANE = Style(11, 14, "ink2", bold=True)
QUOTE = Style(13, 17, italic=True)


def add(deck: Deck, facts: JourneyMap, column: StageColumn) -> None:
    """The slide of one stage; lanes that it does not hold stand on a further one."""
    context = Context(facts.language)
    title = f"{column.number} {column.name}"
    page = deck.page(title, facts.title)
    page.rect(0, 0, 8, HEIGHT, f"s{column.number}")
    y = page.y + _figures(page, column, context)
    taken, left = _taken(_lanes(facts, column, context), LEFT, HEIGHT - 24 - y)
    page.words(taken, MARGIN, y, LEFT)
    room = ROOM - LEFT - GAP
    quotes = _quotes(facts, column, context, room, HEIGHT - 24 - page.y)
    page.words(quotes, MARGIN + LEFT + GAP, page.y, room)
    while left:
        page = deck.page(f"{title} …", facts.title)
        page.rect(0, 0, 8, HEIGHT, f"s{column.number}")
        half = (ROOM - GAP) / 2
        for x in (MARGIN, MARGIN + half + GAP):
            taken, left = _taken(left, half, HEIGHT - 24 - page.y)
            page.words(taken, x, page.y, half)


def _taken(
    lanes: list[list[Para]], room: float, height: float
) -> tuple[list[Para], list[list[Para]]]:
    """The lanes that fit below one another, and those that are left; the first is cut to fit."""
    taken: list[Para] = []
    for place, lane in enumerate(lanes):
        wanted = sum(para.height(room) for para in lane)
        if wanted > height + lane[-1].after:
            if place == 0 and height > HEIGHT / 2:
                return fitted(lane, room, height), lanes[1:]
            return taken, lanes[place:]
        taken += lane
        height -= wanted
    return taken, []


def _figures(page: Page, column: StageColumn, context: Context) -> float:
    """Mean, interval and evidence, and the shares as a bar; gives the height."""
    y = page.y
    value = context.valence(column.mean) or context.say("map.no_evidence_yet")
    size = BIG if column.mean is not None else BIG.but(size=16.0, leading=20.0)
    parts = [context.interval(column), context.evidence(column) if column.mean is not None else ""]
    if column.mean is not None:
        parts.append(context.say("units.respondents", n=column.respondents))
    if column.stands_apart:
        parts.append(context.say("map.stands_apart"))
    told = [Para(value, size.but(colour=tone(column) if column.mean is not None else "ink2"))]
    said = [" · ".join(part for part in parts if part), context.distribution(column)]
    said += [aim(column, context.language), compared(column, context.language)]
    told += [Para(text, SMALL) for text in said if text]
    y += page.words(told, MARGIN, y, LEFT)
    shares = column.negative, column.neutral, column.positive
    if None not in shares:
        x = MARGIN
        for share, colour in zip(shares, ("bad", "field", "good"), strict=True):
            if share:
                page.rect(x, y + 2, LEFT * share, 7, colour)
                x += LEFT * share
        y += 14
    return y + 6 - page.y


def _lanes(facts: JourneyMap, column: StageColumn, context: Context) -> list[list[Para]]:
    """Each lane under its name; counted things stand beside one another."""
    made = []
    for lane in facts.lanes:
        found = [] if lane in ("curve", "quotes") else cell_paras(facts, column, lane, BODY, 8)
        if not found:
            continue
        name = Para(facts.lane_names.get(lane) or context.lane_name(lane), LANE, 1)
        if lane in BESIDE:
            found = [Para(" · ".join(para.text for para in found), BODY)]
        made.append([name, *found[:-1], Para(found[-1].text, found[-1].style, 7)])
    return made


def _quotes(
    facts: JourneyMap, column: StageColumn, context: Context, room: float, height: float
) -> list[Para]:
    """As many whole quotes as the slide holds."""
    made: list[Para] = []
    whole = height
    for quote in column.quotes[:QUOTES]:
        said = Para(context.quoted(quote.text, quote.language), QUOTE, 1)
        source = Para(", ".join(context.full_source(quote)) or "–", SMALL, 9)
        height -= said.height(room) + source.height(room)
        if height + source.after < 0 and made:
            break
        made += [said, source]
    if made:
        return fitted(made, room, whole)
    hidden = facts.quotes == "hidden"
    return [Para(context.say("map.quotes_hidden" if hidden else "map.no_quotes"), SMALL)]
