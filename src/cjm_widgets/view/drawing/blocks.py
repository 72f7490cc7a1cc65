"""What stands in cells, measured before it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cjm_widgets.view.drawing import metrics
from cjm_widgets.view.drawing.pen import BODY, SMALL, Pen, Style


class Block(Protocol):
    """A part of a cell that knows its height."""

    @property
    def height(self) -> float: ...

    def draw(self, pen: Pen, x: float, y: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text."""

    lines: tuple[str, ...]
    style: Style = BODY
    after: float = 3.0
    """Space below."""

    @property
    def height(self) -> float:
        return len(self.lines) * self.style.leading + self.after if self.lines else 0.0

    def draw(self, pen: Pen, x: float, y: float) -> None:
        pen.lines(x, y, self.lines, self.style)


def words(
    text: str, room: float, style: Style = BODY, *, after: float = 3.0, most: int | None = None
) -> Words:
    """A text wrapped into its room."""
    return Words(
        metrics.wrap(text, room, style.size, bold=style.bold, most=most), style, after=after
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """A counted entry: words, number at the right, bar below."""

    lines: tuple[str, ...]
    number: str
    share: float
    room: float
    colour: str

    @property
    def height(self) -> float:
        return len(self.lines) * BODY.leading + 11

    def draw(self, pen: Pen, x: float, y: float) -> None:
        pen.text(x + self.room, y, self.number, BODY, "end")
        below = pen.lines(x, y, self.lines, BODY)
        pen.rect(x, below + 2, max(2.0, self.share * self.room), 3.5, fill=self.colour, radius=1.75)


def bar(text: str, number: str, share: float, *, room: float, colour: str) -> Bar:
    """A counted entry whose words leave room for its number."""
    left = room - metrics.width(number, BODY.size) - 8
    return Bar(metrics.wrap(text, left, BODY.size, most=6), number, share, room, colour)


CHIP = 22.0
_CHIP_INSIDE = 8.0


@dataclass(frozen=True, slots=True)
class Chip:
    """A touchpoint in its frame."""

    lines: tuple[str, ...]
    number: str
    wide: float
    idea: bool

    @property
    def tall(self) -> float:
        return CHIP + (len(self.lines) - 1) * BODY.leading


@dataclass(frozen=True, slots=True)
class Chips:
    """Chips in rows."""

    rows: tuple[tuple[Chip, ...], ...]

    @property
    def height(self) -> float:
        return sum(max(chip.tall for chip in row) + 4 for row in self.rows)

    def draw(self, pen: Pen, x: float, y: float) -> None:
        for row in self.rows:
            at = x
            for chip in row:
                _draw_chip(pen, chip, at, y)
                at += chip.wide + 4
            y += max(chip.tall for chip in row) + 4


def _draw_chip(pen: Pen, chip: Chip, x: float, y: float) -> None:
    pen.rect(x + 0.5, y + 0.5, chip.wide - 1, chip.tall - 1, stroke="field", radius=10.5)
    style = BODY.but(italic=chip.idea, colour="ink2" if chip.idea else "ink")
    pen.lines(x + _CHIP_INSIDE, y + 3, chip.lines, style)
    if chip.number:
        at = y + 3 + (len(chip.lines) - 1) * BODY.leading
        pen.text(x + chip.wide - _CHIP_INSIDE, at, chip.number, SMALL.but(leading=16), "end")


def chips(entries: Sequence[tuple[str, str, bool]], room: float) -> Chips:
    """Chips of ``(text, number, idea)`` in as few rows as hold them."""
    rows: list[list[Chip]] = [[]]
    left = room
    for text, number, idea in entries:
        counted = metrics.width(number, SMALL.size) + 5 if number else 0.0
        inner = room - 2 * _CHIP_INSIDE - counted
        lines = metrics.wrap(text, inner, BODY.size, most=4)
        widest = max((metrics.width(line, BODY.size) for line in lines), default=0.0)
        chip = Chip(lines, number, min(room, widest + counted + 2 * _CHIP_INSIDE), idea)
        if rows[-1] and chip.wide > left:
            rows.append([])
            left = room
        rows[-1].append(chip)
        left -= chip.wide + 4
    return Chips(tuple(tuple(row) for row in rows if row))


@dataclass(frozen=True, slots=True)
class Split:
    """Shares of negative, neutral and positive as one bar."""

    shares: tuple[float, float, float]
    room: float

    @property
    def height(self) -> float:
        return 9.0

    def draw(self, pen: Pen, x: float, y: float) -> None:
        room = self.room - 2
        for share, colour in zip(self.shares, ("bad", "field", "good"), strict=True):
            wide = room * share
            if wide > 0:
                faint = 0.45 if colour == "field" else None
                pen.rect(x, y + 3, wide, 4, fill=colour, opacity=faint)
                x += wide + 1


def height(blocks: Sequence[Block]) -> float:
    """How tall blocks are, one below the other."""
    return sum(block.height for block in blocks)


def draw(pen: Pen, blocks: Sequence[Block], x: float, y: float) -> None:
    """Draw blocks one below the other."""
    for block in blocks:
        block.draw(pen, x, y)
        y += block.height
