"""Curves over each other, heat maps, comparisons and tables of sensitivity, as pictures."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from shop_example import SHOP, curve

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.measure.curves.comparison import compare_curves, explain_change
from cjm_widgets.measure.curves.sensitivity import Variant, sensitivity_frame
from cjm_widgets.view import CurveView
from cjm_widgets.view.curves import heat
from cjm_widgets.view.curves.compare_view import ComparisonView
from cjm_widgets.view.curves.heat import DEEPEST, mixed
from cjm_widgets.view.curves.overlay import overlay
from cjm_widgets.view.curves.sensitivity_view import SensitivityView
from cjm_widgets.view.parts import markers
from cjm_widgets.view.parts.theme import colour

NAMES = {key: name for key, name, *_ in SHOP}
HOSTILE = "<script>alert(1)</script>"


def groups(*names: str) -> pd.DataFrame:
    return pd.concat([curve().assign(persona=name) for name in names], ignore_index=True)


def view(*names: str, **options: object) -> CurveView:
    return CurveView(groups(*names), names=NAMES, by="persona", **options)  # type: ignore[arg-type]


def luminance(hexed: str) -> float:
    parts = [int(hexed[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("tone", ["good", "bad"])
def test_ink_stays_readable_on_the_deepest_cell(mode: str, tone: str) -> None:
    ground = mixed(colour(tone, mode), colour("background", mode), DEEPEST / 100)
    lights = sorted((luminance(colour("ink", mode)), luminance(ground)))
    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5


def test_an_overlay_tells_groups_by_marker_and_name_not_by_colour_alone() -> None:
    svg = view("new", "old", HOSTILE, layout="overlay").svg()
    root = ElementTree.fromstring(svg)
    texts = ["".join(e.itertext()) for e in root.iter() if e.tag.endswith("text")]
    assert "new" in texts
    assert HOSTILE not in svg
    paths = re.findall(r'class="dot solid" d="([^"]+)"', svg)
    shapes = {re.sub(r"[\d.\- ]", "", path) for path in paths}
    assert len(shapes) >= 3
    assert len(set(markers.MARKERS)) == 6


def test_points_of_groups_do_not_stand_on_each_other_and_names_keep_a_distance() -> None:
    made = overlay(view("a", "b", "c", "d", "e", "f").groups(), "en")
    for dots in zip(*(line.dots for line in made.lines), strict=True):
        places = sorted(dot.x for dot in dots)
        assert np.diff(places).min() > 8
    heights = sorted(line.y for line in made.lines)
    assert np.diff(heights).min() >= 16
    assert all(line.x < made.width for line in made.lines)


def test_seven_curves_over_each_other_are_refused() -> None:
    with pytest.raises(ArgumentError, match="at most 6"):
        view(*"abcdefg", layout="overlay")
    with pytest.raises(UnknownName, match="layout"):
        view("a", layout="pile")


def test_a_heat_map_writes_value_and_n_and_hides_what_is_suppressed() -> None:
    frame = groups("new", HOSTILE)
    frame["suppressed"] = False
    frame.loc[0, ["mean", "low", "high"]] = np.nan
    frame.loc[0, ["n", "respondents"]] = 0
    frame.loc[0, "suppressed"] = True
    shown = CurveView(frame, names=NAMES, by="persona", layout="heat")
    html = shown.html()
    assert HOSTILE not in html
    assert html.count('<td class="hidden') == 1
    assert html.count('<td class="none') == 2
    assert "hidden, too few people" in html
    assert 'tabindex="0" role="region"' in html
    assert '<table class="heat">' in html
    root = ElementTree.fromstring(shown.svg())
    assert sum(e.tag.endswith("rect") for e in root.iter()) == len(frame)


@pytest.mark.parametrize("layout", ["overlay", "heat"])
def test_layouts_are_bokeh_too_and_speak_french(layout: str) -> None:
    shown = view("a", "b", layout=layout, language="fr", theme="dark")
    assert type(shown.figure()).__name__ == "figure"
    assert "evidence" not in re.sub(r"<style>.*?</style>", "", shown.html(), flags=re.S)


def test_a_group_is_shown_by_its_name() -> None:
    html = view("2026-Q1", layout="heat", groups={"2026-Q1": "T1 2026"}).html()
    assert "T1 2026" in html
    assert "2026-Q1" not in html


def rows(seed: int, shift: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    stage = np.repeat(list(NAMES)[:3], 40)
    moved = np.where(stage == list(NAMES)[1], shift, 0)
    return pd.DataFrame({"stage": stage, "valence": rng.uniform(-0.4, 0.2, 120) + moved})


def compared(**options: object) -> ComparisonView:
    before, after = rows(1), rows(2, 0.6)
    return ComparisonView(
        compare_curves(before, after),
        explain_change(before, after),
        before="2025",
        after=HOSTILE,
        names=NAMES,
        **options,  # type: ignore[arg-type]
    )


def test_a_comparison_shows_both_means_the_difference_and_a_verdict() -> None:
    shown = compared()
    html = shown.html()
    assert HOSTILE not in html
    assert html.count("no clear difference") >= 2
    assert "▲ better" in html
    root = ElementTree.fromstring(shown.svg())
    assert sum(e.tag.endswith("circle") for e in root.iter()) == 9
    assert type(shown.figure()).__name__ == "figure"
    assert "not why" in html
    assert "evidence" not in compared(language="fr").html().split("</style>")[1]


def test_a_table_of_sensitivity_marks_the_lowest_stage_with_a_sign() -> None:
    other = curve()
    other["mean"] = -other["mean"]
    variants = [Variant("chosen", "as shown", curve()), Variant("scorer", HOSTILE, other)]
    shown = SensitivityView(sensitivity_frame(variants), variants, names=NAMES)
    html = shown.html()
    assert HOSTILE not in html
    assert html.count("▼ ") == 3
    assert "it is another with" in html
    assert type(shown.figure()).__name__ == "figure"
    assert ElementTree.fromstring(shown.svg()).tag.endswith("svg")
    assert heat.tone(None) == ""
