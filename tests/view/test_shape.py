"""The curve's geometry."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from cjm_widgets.view.curves.curve_figure import HEIGHT, WIDTHS
from cjm_widgets.view.parts import shape
from cjm_widgets.view.parts.shape import Point, connector, place, runs

means = st.lists(st.none() | st.floats(-1, 1), min_size=1, max_size=14)


@given(means)
@settings(max_examples=60, deadline=None)
def test_the_connector_never_overshoots_and_never_spans_a_gap(values: list[float | None]) -> None:
    for xs, ys in connector(values):
        for x, y in zip(xs, ys, strict=True):
            left, right = (
                values[max(0, int(x - 0.5))],
                values[min(len(values) - 1, int(x - 0.5) + 1)],
            )
            at = values[round(x - 0.5)]
            assert at is not None
            ends = [v for v in (left, right) if v is not None] if x % 1 != 0.5 else [at]
            assert min(ends) - 1e-9 <= y <= max(ends) + 1e-9


def test_the_connector_goes_through_every_point() -> None:
    [(xs, ys)] = connector([0.1, -0.5, 0.9])
    assert [ys[xs.index(x)] for x in (0.5, 1.5, 2.5)] == [0.1, -0.5, 0.9]


def test_a_lone_point_has_no_line() -> None:
    assert connector([None, 0.2, None, 0.1, 0.3])[0][0][0] == 3.5
    assert runs([None]) == []


def make(mean: float | None, half: float) -> Point:
    if mean is None:
        return Point(None)
    low, high = max(-1.0, mean - half), min(1.0, mean + half)
    return Point(mean, low, high, f"{mean:+.2f}".replace("-", "−"), ("thin: 7 people", "thin"))


@given(st.lists(st.none() | st.floats(-1, 1), min_size=1, max_size=6), st.floats(0, 0.5))
@settings(max_examples=25, deadline=None)
def test_labels_never_meet_the_curve_a_whisker_or_each_other_at_any_width(
    values: list[float | None], half: float
) -> None:
    points = [make(mean, half) for mean in values]
    labels = place(points, WIDTHS, HEIGHT)
    unit = shape.pixels_per_unit(HEIGHT)
    for width in (121.0, 170.0, 300.0, 640.0):
        for i, (point, label) in enumerate(zip(points, labels, strict=True)):
            if point.mean is None:
                assert label.value is None
                continue
            boxes = [
                spot.box(size, bold=size == shape.VALUE_SIZE)
                for spot, size in ((label.value, shape.VALUE_SIZE), (label.note, shape.NOTE_SIZE))
                if spot is not None
            ]
            for left, top, right, bottom in boxes:
                assert -width / 2 <= left <= right <= width / 2
                assert -(shape.REACH - point.mean) * unit <= top
                assert bottom <= (shape.REACH + point.mean) * unit
                for xs, ys in connector(values):
                    for x, y in zip(xs, ys, strict=True):
                        px, py = (x - i - 0.5) * width, (point.mean - y) * unit
                        assert not (left <= px <= right and top <= py <= bottom)
            if len(boxes) == 2:
                (l1, t1, r1, b1), (l2, t2, r2, b2) = boxes
                assert r1 <= l2 or r2 <= l1 or b1 <= t2 or b2 <= t1


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=14), st.floats(0.0, 0.3))
@settings(max_examples=25, deadline=None)
def test_a_value_always_finds_a_place(values: list[float], half: float) -> None:
    labels = place([make(mean, half) for mean in values], WIDTHS, HEIGHT)
    assert all(label.value is not None for label in labels)


def test_points_are_in_order() -> None:
    assert all(a.stop < b.start for a, b in pairwise(runs([1, None, 1, 1, None, 0.0])))
