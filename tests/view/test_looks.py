"""What makes the pictures readable, measured on their words and shapes; no browser needed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from shop_example import shop

from cjm_widgets.journeymap import Overlay, Point
from cjm_widgets.journeymap.facts import KpiPanel, Part
from cjm_widgets.measure.kpis.funnel import funnel
from cjm_widgets.view import MapView, drawing
from cjm_widgets.view.kpis.funnel_view import FunnelView
from cjm_widgets.view.parts import shape
from cjm_widgets.view.parts.dots import Dot, dots
from cjm_widgets.view.parts.kpi_text import panel_text


def panel(**more: Any) -> KpiPanel:
    given = {"name": "NPS", "unit": "points", "direction": "up", "value": -16.7} | more
    return KpiPanel(**given)


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ({"low": -35.0, "high": 3.38}, ("−17", "−35 to 3")),
        ({"value": 71.5, "low": 68.2, "high": 74.64, "unit": "%"}, ("71.5\u202f%", "68.2 to 74.6")),
        ({"value": 5.1, "low": 4.89, "high": 5.3, "unit": ""}, ("5.1", "4.9 to 5.3")),
        ({"value": 2.98, "low": 2.91, "high": 3.06, "unit": ""}, ("2.98", "2.91 to 3.06")),
        ({"value": 78.0, "low": 74.0, "high": 82.0, "unit": ""}, ("78", "74 to 82")),
        ({"value": 4.86, "unit": ""}, ("4.86", "")),
    ],
)
def test_a_figure_and_its_interval_have_the_same_decimals(
    figures: dict[str, Any], told: tuple[str, str]
) -> None:
    text = panel_text(panel(**figures), "en")
    assert (text.value_text, text.interval_text) == told


def test_a_change_is_as_exact_as_its_interval_but_never_reads_as_none() -> None:
    wide = panel(
        change=-0.7, change_low=-10.1, change_high=8.05, verdict="unclear",
        previous_at=date(2025, 10, 1), history=((date(2025, 10, 1), 1.0), (date(2026, 1, 1), 2.0)),
    )  # fmt: skip
    text = panel_text(wide, "en")
    assert text.change_text == "▼\xa01 noise"
    assert text.change_more.startswith("−10 to +8")
    small = replace(wide, change=-0.3)
    assert panel_text(small, "en").change_text == "▼\xa00.3 noise"


def around(mean: float, low: float, high: float) -> shape.Labels:
    points = [shape.Point(mean, low, high, "+0.00", ("thin",)), shape.Point(mean)]
    return shape.place(points, [150.0, 220.0], 248)[0]


@pytest.mark.parametrize("mean", [0.12, -0.14, 0.02, -0.3])
def test_words_keep_off_the_line_of_zero_or_hide_it(mean: float) -> None:
    labels = around(mean, mean - 0.3, mean + 0.3)
    zero = mean * shape.pixels_per_unit(248)
    for spot, size in ((labels.value, 12), (labels.note, 11)):
        assert spot is not None
        _, top, _, bottom = spot.box(size, bold=size == 12)
        assert spot.over or not top < zero < bottom


def test_a_value_stays_beside_its_point_where_the_whisker_is_long() -> None:
    labels = around(0.3, -0.9, 1.0)
    assert labels.value is not None
    assert abs(labels.value.dy) < 30, "not at the far end of the whisker"


def plot_begins(rows: list[Dot]) -> float:
    svg = dots(rows, axis=(0, 1), ticks=[(0, "0"), (1, "1")], title="t")
    return min(float(x) for x in re.findall(r'<line x1="([\d.]+)"', svg))


def test_names_of_dots_take_no_more_room_than_they_need_and_stages_stand_below() -> None:
    short = plot_begins([Dot("Pay", 0.5, 0.4, 0.6, "0.5")])
    long = plot_begins([Dot("A very long name of a pain point indeed", 0.5, 0.4, 0.6, "0.5")])
    assert short < 80 < 180 < long < 210
    svg = dots([Dot("Pay", 0.5, 0.4, 0.6, "0.5", under="Purchase")], axis=(0, 1), ticks=[],
               title="t")  # fmt: skip
    name, stage = re.search(
        r'y="([\d.]+)">Pay<.*?y="([\d.]+)" text-anchor="end">Purchase', svg
    ).groups()  # type: ignore[union-attr]
    assert float(stage) - float(name) == 14


def test_what_a_funnel_says_between_bars_stands_right_of_the_slope() -> None:
    counts = pd.DataFrame({"stage": ["a", "b"], "n": [1000.0, 100.0]})
    html = FunnelView(funnel(counts, ["a", "b"]), names={"a": "A", "b": "B"}).html()
    left, wide, onward = map(float, re.search(
        r'class="lost" d="M([\d.]+) [\d.]+H([\d.]+)L([\d.]+)', html).groups())  # type: ignore[union-attr]  # fmt: skip
    at = float(re.search(r'class="note" x="([\d.]+)"', html)[1])  # type: ignore[index]
    assert at > wide - 0.33 * (wide - onward) > left


def overlaid() -> Any:
    facts = shop()
    points = tuple(Point(c.key, 0.1, n=20, respondents=12) for c in facts.stages)
    return replace(facts, overlays=(Overlay("Ann", points=points, n=20, respondents=12),))


def test_the_drawing_lays_curves_over_with_the_dash_and_the_mark_of_the_page() -> None:
    svg = drawing.svg(overlaid())
    page = MapView(overlaid()).page()
    assert 'stroke-dasharray="7 4"' in svg
    assert 'stroke-dasharray="7 4"' in page
    assert len(re.findall(r'<path d="M[^"]*Z"', svg)) == 7, "a square a stage and one in the legend"


def test_the_drawing_shows_an_nps_as_a_bar_of_its_parts_and_what_contradicts_it() -> None:
    parts = tuple(
        Part(n, s) for n, s in (("detractors", 0.4), ("passives", 0.1), ("promoters", 0.5))
    )
    facts = shop(3)
    told = replace(facts.kpis[0], parts=parts, contradiction="felt_bad", felt=-0.4)
    svg = drawing.svg(replace(facts, kpis=(told, *facts.kpis[1:])))
    assert "detractors 40\u202f%" in svg
    assert "⇄\xa0people feel bad here (−0.40)" in svg
    widths = [float(w) for w in re.findall(r'<rect [^>]*width="([\d.]+)" height="5"', svg)]
    assert len(widths) == 3
    assert widths[2] + 1 == pytest.approx(5 * (widths[1] + 1), rel=0.02)


def test_the_number_of_a_stage_stays_with_the_first_word_of_its_name() -> None:
    html = MapView(shop(9, language="fr")).page()
    assert "6&nbsp;Recommandation" in html or "6\\u00a0Recommandation" in html.replace(
        "\xa0", "\\u00a0"
    )
