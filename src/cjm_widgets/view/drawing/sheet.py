"""The whole map on one sheet: what stands where, from top to bottom."""

from __future__ import annotations

from cjm_widgets.journeymap.arrange import sections
from cjm_widgets.journeymap.facts import JourneyMap
from cjm_widgets.view.drawing import blocks, cells, curve, metrics, panels
from cjm_widgets.view.drawing.blocks import Block
from cjm_widgets.view.drawing.pen import BODY, HEAD, SMALL, TITLE, Pen
from cjm_widgets.view.parts.brand import Brand
from cjm_widgets.view.parts.cards import Context
from cjm_widgets.view.parts.map_text import facts_line

MARGIN = 28.0
LOGO = 150.0, 44.0
"""Room of a house's logo at the top right."""
LABEL = 132.0
INSIDE = 10.0
"""From a column's edge to its words."""
USUAL, NARROWEST = 1400.0, 1000.0
"""Width of the sheet that columns share, and the least it has."""
LEAST, WIDEST = 150.0, 250.0
_ALONE = 420.0
"""A column of a map of one or two stages."""


class Sheet:
    """One drawn map.

    Parameters
    ----------
    facts
        What to show, after privacy, in the language the words around it are to have.
    mode
        ``light`` or ``dark``.
    usual
        Pixels across that the columns share where nothing asks for more.
    brand
        A house's own colours, font and logo.
    """

    def __init__(
        self,
        facts: JourneyMap,
        mode: str,
        usual: float = USUAL,
        brand: Brand | None = None,
    ) -> None:
        self.facts = facts
        self.context = Context(facts.language)
        self.brand = brand or Brand()
        self.pen = Pen(mode, self.brand)
        count = max(1, len(facts.stages))
        self.column = self._column(count, usual)
        self.width = max(NARROWEST, 2 * MARGIN + LABEL + count * self.column)
        self.left = MARGIN + LABEL
        self.right = self.left + count * self.column
        self.room = self.column - 2 * INSIDE
        self.y = MARGIN

    def _column(self, count: int, usual: float) -> float:
        even = (usual - 2 * MARGIN - LABEL) / count
        longest = max(
            (
                metrics.width(word, HEAD.size, bold=True)
                for stage in self.facts.stages
                for word in f"{stage.number}\xa0{stage.name}".split()
            ),
            default=0.0,
        )
        filling = min((NARROWEST - 2 * MARGIN - LABEL) / count, _ALONE)
        wordy = min(longest + 2 * INSIDE + 6, WIDEST)
        most = WIDEST * usual / USUAL
        return round(max(LEAST, min(even, most), filling, wordy))

    def drawn(self) -> float:
        """Draw everything; gives the height."""
        self._heading()
        self._panels()
        self._map()
        self._foot()
        return self.y + MARGIN - 8

    def svg(self, height: float, said: str) -> str:
        """The drawing as a document; `said` is what it says in words."""
        ground = Pen(self.pen.mode, self.brand)
        ground.rect(0, 0, self.width, height, fill="background")
        self.pen.parts = ground.parts + self.pen.parts
        return self.pen.svg(
            self.width, height, name=self.facts.title, said=said, language=self.facts.language
        )

    @property
    def _across(self) -> float:
        return self.width - 2 * MARGIN

    def _put(self, block: Block) -> None:
        block.draw(self.pen, MARGIN, self.y)
        self.y += block.height

    def _heading(self) -> None:
        facts = self.facts
        across = self._across
        if self.brand.logo:
            across -= LOGO[0] + 12
            self.pen.picture(self.width - MARGIN - LOGO[0], self.y, *LOGO, self.brand.logo)
        top = self.y
        self._put(blocks.words(facts.title, across, TITLE, after=2, most=4))
        line = facts_line(facts, facts.language)
        self._put(blocks.words(line, across, BODY.but(colour="ink2"), after=4))
        if self.brand.logo:
            self.y = max(self.y, top + LOGO[1] + 4)
        for persona in facts.personas:
            told = [persona.name, persona.description, " · ".join(persona.goals)]
            text = self.context.say("map.persona", name=" – ".join(part for part in told if part))
            self._put(blocks.words(text, self._across, BODY, most=3))
        if facts.estimate == "automatic":
            warning = BODY.but(bold=True, colour="bad")
            text = self.context.say("map.by.automatic")
            self._put(blocks.words(text, self._across, warning, after=4))
        self.y += 6

    def _panels(self) -> None:
        height = panels.draw(self.pen, self.facts, MARGIN, self.y, self._across)
        self.y += height + 10 if height else 0

    def _map(self) -> None:
        """Headers, lanes and curve, then the edges of the columns over the whole."""
        top = self.y
        for place, column in enumerate(self.facts.stages):
            x = self.left + place * self.column
            self.pen.rect(x, self.y, self.column - 1, 4, fill=f"s{column.number}")
        self.y += 8
        heads = [cells.head(column, self.context, self.room) for column in self.facts.stages]
        self._row([], heads, rule=False)
        edges = [top + 4]
        for line, lanes in sections(self.facts):
            if line:
                edges.append(self.y)
                self._line(line)
                edges.append(self.y)
            for place, lane in enumerate(lanes):
                self._lane(lane, rule=place > 0 or not line)
        edges.append(self.y)
        for start, stop in zip(edges[::2], edges[1::2], strict=True):
            for place in range(len(self.facts.stages)):
                x = self.left + place * self.column + 0.5
                self.pen.line((x, start), (x, stop), "line")

    def _lane(self, lane: str, *, rule: bool = True) -> None:
        if lane == "curve":
            self._curve()
            return
        label = cells.lane_label(self.facts, lane, LABEL - 14)
        found = [cells.cell(self.facts, column, lane, self.room) for column in self.facts.stages]
        self._row(label, found, rule=rule)

    def _row(self, label: list[Block], found: list[list[Block]], *, rule: bool = True) -> None:
        if rule:
            self._rule()
        self.y += 9
        blocks.draw(self.pen, label, MARGIN, self.y)
        for place, cell in enumerate(found):
            blocks.draw(self.pen, cell, self.left + place * self.column + INSIDE, self.y)
        self.y += max(blocks.height(cell) for cell in [label, *found]) + 6

    def _rule(self) -> None:
        y = round(self.y) + 0.5
        self.pen.line((MARGIN, y), (self.right, y), "line")

    def _curve(self) -> None:
        self._rule()
        field = curve.Field(self.left, self.y, self.column)
        curve.scale(self.pen, self.facts, MARGIN, LABEL - 10, field)
        curve.draw(self.pen, self.facts, field)
        self.y += curve.HEIGHT

    def _line(self, line: str) -> None:
        y = round(self.y) + 0.5
        self.pen.line((MARGIN, y), (self.right, y), "ink2", dash="5 3")
        self.pen.text(MARGIN, y + 3, self.context.say(f"map.lines.{line}"), SMALL)
        self.y += 20

    def _foot(self) -> None:
        """The legend, what laid-over curves are, and how the curve came about."""
        self._rule()
        self.y += 8
        for place, overlay in enumerate(self.facts.overlays):
            curve.key(self.pen, overlay, place, MARGIN, self.y)
            people = self.context.say("units.respondents", n=overlay.respondents)
            self.pen.text(MARGIN + 40, self.y, f"{overlay.name} · {people}", SMALL)
            self.y += 16
        told = [
            self.context.say(f"map.legend.{part}")
            for part in ("filled", "hollow", "gap", "whisker", "connector")
        ]
        if any(column.negative is not None for column in self.facts.stages):
            told.append(self.context.say("map.legend.split"))
        told += cells.method(self.facts, self.context)
        self._put(blocks.words(" ".join(told), self._across, SMALL, after=0))
