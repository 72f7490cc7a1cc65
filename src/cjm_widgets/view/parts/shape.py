"""The geometry of the emotion curve: the connector between points, and where labels stand.

Between stages nothing is estimated, so the connector only guides the eye: a monotone cubic
(Fritsch and Carlson 1980), which never overshoots a point, broken where a stage has no
evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


REACH = 1.18
"""The drawing goes from −REACH to +REACH, so that a label fits beyond ±1."""
STEPS = 32
"""Line segments per column."""


@dataclass(frozen=True, slots=True)
class Point:
    """What is drawn of one stage."""

    mean: float | None
    low: float | None = None
    high: float | None = None
    label: str = ""
    """The value, bold."""
    notes: tuple[str, ...] = ()
    """A remark beside the value, the longest form first; a shorter one stands where the longer
    would have to go far from its value."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a text stands, in pixels from its point; y downwards, text centred on its height."""

    text: str
    dx: float
    dy: float
    align: Literal["left", "center", "right"]
    over: bool = False
    """Whether it stands over another curve or the line of zero, since no better place was free:
    it needs a ground."""

    def box(self, size: float, *, bold: bool) -> tuple[float, float, float, float]:
        """Left, top, right, bottom, seen from the point."""
        width, half = text_width(self.text, size, bold=bold), size * 0.62
        left = {"left": self.dx, "center": self.dx - width / 2, "right": self.dx - width}[
            self.align
        ]
        return left, self.dy - half, left + width, self.dy + half


@dataclass(frozen=True, slots=True)
class Labels:
    """The two texts of a point; None where a text is empty or fits nowhere."""

    value: Spot | None
    note: Spot | None


@dataclass(frozen=True, slots=True)
class Clutter:
    """What else is drawn beside a curve, which its texts keep clear of."""

    lines: tuple[tuple[Sequence[float], Sequence[float]], ...] = ()
    """Further curves and bars: x in columns, rising, and y in valence."""
    marks: tuple[tuple[float, float, float, float], ...] = ()
    """Points and stems: x in columns, lower and upper valence, half their width in pixels."""


NOTHING = Clutter()

VALUE_SIZE, NOTE_SIZE = 12.0, 11.0
ON_ZERO = 12.0
"""What it costs a text to stand on the line of zero, in the pixels it would rather go aside."""


def text_width(text: str, size: float, *, bold: bool) -> float:
    """About how wide a text is, in pixels, on the safe side of the usual sans-serif fonts.

    >>> 38 < text_width("+0.35", 12, bold=True) < 44
    True
    """
    ems = 0.0
    for mark in text:
        if mark in "+−=":
            ems += 0.84
        elif mark in " .,:;'’il|!\u202f\xa0":
            ems += 0.36
        elif mark in "mwMW%@—…":
            ems += 1.0
        elif mark.isdigit() or mark.isupper():
            ems += 0.72
        else:
            ems += 0.64
    return ems * size * (1.0 if bold else 0.92)


def runs(values: Sequence[float | None]) -> list[range]:
    """The unbroken stretches of stages with evidence.

    >>> runs([0.1, None, 0.2, 0.3])
    [range(0, 1), range(2, 4)]
    """
    found: list[range] = []
    for i, value in enumerate(values):
        if value is None:
            continue
        if found and found[-1].stop == i:
            found[-1] = range(found[-1].start, i + 1)
        else:
            found.append(range(i, i + 1))
    return found


def connector(values: Sequence[float | None]) -> list[tuple[list[float], list[float]]]:
    """The line through the points, one polyline per unbroken stretch.

    Parameters
    ----------
    values
        Mean valence per stage, −1…1; None is a gap.

    Returns
    -------
    list of (x, y)
        Stage number `i` stands at x = i + 0.5, so that a column is one unit wide.
    """
    lines = []
    for run in runs(values):
        if len(run) < 2:
            continue
        y = np.array([values[i] for i in run], dtype=float)
        steps = np.diff(y)
        slopes = np.zeros_like(y)
        slopes[0], slopes[-1] = steps[0], steps[-1]
        for k in range(1, len(y) - 1):
            before, after = steps[k - 1], steps[k]
            if before * after > 0:
                slopes[k] = 2 * before * after / (before + after)
        at = np.linspace(0, len(y) - 1, (len(y) - 1) * STEPS + 1)
        k = np.clip(at.astype(int), 0, len(y) - 2)
        t = at - k
        line = (
            (1 + 2 * t) * (1 - t) ** 2 * y[k]
            + t * (1 - t) ** 2 * slopes[k]
            + t**2 * (3 - 2 * t) * y[k + 1]
            + t**2 * (t - 1) * slopes[k + 1]
        )
        lines.append(((at + run.start + 0.5).tolist(), line.tolist()))
    return lines


def pixels_per_unit(height: float) -> float:
    """Pixels of one unit of valence in a drawing of this height."""
    return height / (2 * REACH)


def place(
    points: Sequence[Point],
    widths: Sequence[float],
    height: float,
    clutter: Clutter = NOTHING,
) -> list[Labels]:
    """Where the labels stand so that none crosses the curve, a whisker or its column's edges.

    A place must do at each of the widths, so that a drawing that stretches keeps its labels
    clear without measuring again.

    Parameters
    ----------
    points
        The stages in order.
    widths
        Widths of a column, in pixels, at which the places must do.
    height
        Height of the drawing in pixels.
    clutter
        What else is drawn. Where no place is clear of it, a value stands over further curves
        (`Spot.over`), but never over their points; a remark is left out.
    """
    lines = connector([point.mean for point in points])
    made = []
    for i, point in enumerate(points):
        if point.mean is None:
            made.append(Labels(None, None))
            continue
        value, note = _placed(point, [_Scene(point, i, lines, w, height, clutter) for w in widths])
        if value is None and clutter is not NOTHING:
            only = Clutter(marks=clutter.marks)
            scenes = [_Scene(point, i, lines, w, height, only) for w in widths]
            value, note = _placed(point, scenes)
            value = None if value is None else replace(value, over=True)
            note = None if note is None else replace(note, over=True)
        made.append(Labels(value, note))
    return made


def _placed(point: Point, scenes: Sequence[_Scene]) -> tuple[Spot | None, Spot | None]:
    found = _best(_around(point, scenes[0], point.label), scenes, VALUE_SIZE, None)
    value = None if found is None else found[1]
    notes = []
    for shorter, text in enumerate(point.notes):
        fits = _best(_beside(value, scenes[0], text), scenes, NOTE_SIZE, value)
        if fits is not None:
            notes.append((fits[0] + 8 * shorter, fits[1]))
    return value, min(notes, key=lambda pair: pair[0])[1] if notes else None


def place_gap(
    text: str, column: int, widths: Sequence[float], height: float, clutter: Clutter = NOTHING
) -> Spot:
    """Where the words at a stage without evidence stand: as near to the middle as is free."""
    middle = Spot(text, 0, 0, "center")
    if clutter is NOTHING:
        return middle
    nowhere = Point(0.0)
    scenes = [_Scene(nowhere, column, [], width, height, clutter, bare=True) for width in widths]
    around = (
        (away, Spot(text, 0, dy, "center"))
        for away in range(0, round(height / 2), 4)
        for dy in (-away, away)
    )
    found = _best(around, scenes, NOTE_SIZE, None)
    return middle if found is None else found[1]


class _Scene:
    """What a label of one point must keep clear of, at one width of the columns."""

    def __init__(
        self,
        point: Point,
        place: int,
        lines: list[tuple[list[float], list[float]]],
        width: float,
        height: float,
        clutter: Clutter,
        *,
        bare: bool = False,
    ) -> None:
        mean, unit = point.mean or 0.0, pixels_per_unit(height)
        self.bare = bare
        self.zero = mean * unit
        self.half = width / 2 - 3
        self.above = (REACH - mean) * unit - 2
        self.below = (REACH + mean) * unit - 2
        self.up = max(8.0, (point.high - mean) * unit + 2 if point.high is not None else 0)
        self.down = max(8.0, (mean - point.low) * unit + 2 if point.low is not None else 0)
        xs: list[npt.NDArray[np.float64]] = []
        ys: list[npt.NDArray[np.float64]] = []
        for line_x, line_y in (*lines, *clutter.lines):
            x = (np.array(line_x) - (place + 0.5)) * width
            y = (mean - np.array(line_y)) * unit
            if x[0] > self.half or x[-1] < -self.half:
                continue
            fine = np.arange(max(x[0], -width / 2), min(x[-1], width / 2) + 1, 1.0)
            xs.append(fine)
            ys.append(np.interp(fine, x, y))
        self.x = np.concatenate(xs) if xs else np.zeros(0)
        self.y = np.concatenate(ys) if ys else np.zeros(0)
        self.boxes = [
            (at - wide, (mean - high) * unit - wide, at + wide, (mean - low) * unit + wide)
            for x, low, high, wide in clutter.marks
            if abs(at := (x - place - 0.5) * width) < width
        ]

    def on_zero(self, box: tuple[float, float, float, float]) -> bool:
        """Whether a text stands on the dotted line of zero."""
        return not self.bare and box[1] - 1 < self.zero < box[3] + 1

    def clear(self, box: tuple[float, float, float, float]) -> bool:
        left, top, right, bottom = box
        if left < -self.half or right > self.half or top < -self.above or bottom > self.below:
            return False
        across = not self.bare and left < 8 and right > -8
        if across and top < self.down + 1 and bottom > -self.up - 1:
            return False
        if any(_overlap(box, taken) for taken in self.boxes):
            return False
        near = (self.x >= left - 4) & (self.x <= right + 4)
        return not bool(np.any(near & (self.y >= top - 4) & (self.y <= bottom + 4)))


def _best(
    candidates: Iterator[tuple[float, Spot | None]],
    scenes: Sequence[_Scene],
    size: float,
    other: Spot | None,
) -> tuple[float, Spot] | None:
    """The cheapest clear place; a candidate without one says what all after it cost at least."""
    best: tuple[float, Spot] | None = None
    taken = other.box(VALUE_SIZE, bold=True) if other is not None else None
    for distance, spot in candidates:
        if best is not None and distance >= best[0]:
            if spot is None:
                break
            continue
        if spot is None or not spot.text:
            continue
        box = spot.box(size, bold=size == VALUE_SIZE)
        on_zero = scenes[0].on_zero(box)
        cost = distance + ON_ZERO * on_zero
        if (best is not None and cost >= best[0]) or (taken is not None and _overlap(box, taken)):
            continue
        if all(scene.clear(box) for scene in scenes):
            best = cost, replace(spot, over=on_zero)
    return best


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _around(point: Point, scene: _Scene, text: str) -> Iterator[tuple[float, Spot | None]]:
    """Places for the value: beside the point, above and below its whisker, then farther."""
    half = VALUE_SIZE * 0.62
    for step in range(30):
        away = step * 4.0
        yield away * 1.2, None
        for dy in (-away, away):
            yield away * 1.6, Spot(text, 13, dy, "left")
            yield away * 1.6 + 2, Spot(text, -13, dy, "right")
            for aside in (24, 38):
                yield 14 + aside / 2 + away * 1.6, Spot(text, aside, dy, "left")
                yield 16 + aside / 2 + away * 1.6, Spot(text, -aside, dy, "right")
        yield 4 + away * 1.2 + scene.up / 2, Spot(text, 0, -(scene.up + half + 3 + away), "center")
        yield 4 + away * 1.2 + scene.down / 2, Spot(text, 0, scene.down + half + 3 + away, "center")
        # Where the whisker is long and the curve steep, the corners of the column are free.
        for dx, align in ((scene.half, "right"), (-scene.half, "left")):
            for dy in (-away, away):
                yield 30 + away * 1.6, Spot(text, dx, dy, align)  # type: ignore[arg-type]  # one of the three


def _beside(value: Spot | None, scene: _Scene, text: str) -> Iterator[tuple[float, Spot | None]]:
    """Places for the note: under or over the value, else centred as near to it as can be."""
    base = value if value is not None else Spot("", 13, 0, "left")
    line = (VALUE_SIZE + NOTE_SIZE) * 0.62 + 1
    for step in range(12):
        away = step * 4.0
        yield away, None
        for dy in (base.dy + line + away, base.dy - line - away):
            yield away, Spot(text, base.dx, dy, base.align)
            yield away + 6, Spot(text, 0, dy, "center")
            yield away + 12, Spot(text, 13, dy, "left")
            yield away + 12, Spot(text, -13, dy, "right")
