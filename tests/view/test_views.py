"""What shows itself in a notebook."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from xml.etree import ElementTree

import pandas as pd
import pytest
from shop_example import SHOP, curve, kpis, shop

from cjm_widgets.errors import FrameError, UnknownName
from cjm_widgets.journeymap.facts import KpiPanel
from cjm_widgets.view import CurveView, KpiView, MapView
from cjm_widgets.view.parts import cards
from cjm_widgets.view.parts.kpi_text import panel_text

NAMES = {key: name for key, name, *_ in SHOP}


def test_a_map_shows_as_a_frame_in_a_sandbox_with_its_table_beside_it() -> None:
    bundle = MapView(shop())._repr_mimebundle_()
    html = bundle["text/html"]
    assert "><iframe title=" in html
    assert 'sandbox="allow-scripts allow-downloads"' in html
    outside = re.sub(r'srcdoc="[^"]*"', "", html)
    assert "<table>" in outside
    assert "payment fails" in outside
    # One script of our own, with nothing of the study in it, for the frame's height.
    assert re.findall(r"<script>(.*?)</script>", outside, re.DOTALL) == [cards.static("frame.js")]
    assert outside.count("<script") == 1
    assert "Buying online" in bundle["text/plain"]


def test_the_page_asks_for_nothing_and_needs_no_eval() -> None:
    page = MapView(shop()).page()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert "unsafe-eval" not in policy[1]
    assert not re.search(r'<(script|link|img)[^>]+(src|href)="?https?:', page)


def test_the_page_names_its_estimate_its_scorer_and_what_was_left_out() -> None:
    page = MapView(shop()).page()
    for told in (
        "corrected by people’s ratings",
        "TextBlob 0.20",
        "17 texts have no stage",
        "no evidence",
    ):
        assert told in page
    assert "Scores only" in MapView(shop(estimate="automatic")).page()
    assert "Curve from people’s ratings" in MapView(shop(estimate="coded")).page()


def test_a_share_of_predicted_stages_is_told() -> None:
    facts = shop()
    totals = dataclasses.replace(facts.totals, predicted=0.25, unknown=0.31)
    page = MapView(dataclasses.replace(facts, totals=totals)).page()
    assert "Stage predicted for 25 %" in page
    assert "No known word in 31 %" in page


def test_all_facts_are_frames_without_object_columns() -> None:
    view = MapView(shop())
    for frame in view.frames.values():
        assert len(frame)
        assert all(str(dtype) != "object" for dtype in frame.dtypes)
    assert view.frame["mean"].isna().sum() == 1


def test_a_map_in_french_says_everything_in_french() -> None:
    page = MapView(shop(language="fr")).page()
    words = page.split("<script")[0]
    for english in ("Pain points", "no evidence", "respondents", "In their words", "Show all"):
        assert english not in words
    assert "pas encore de preuve" in words


def test_an_unknown_theme_is_refused() -> None:
    with pytest.raises(UnknownName, match="theme"):
        MapView(shop(), theme="pink")  # type: ignore[arg-type]


def test_a_curve_is_well_formed_svg_that_says_what_it_shows() -> None:
    view = CurveView(
        curve(), names=NAMES, estimate="automatic", scorer="TextBlob 0.20", without_stage=12
    )
    root = ElementTree.fromstring(view.svg())
    texts = ["".join(e.itertext()) for e in root.iter() if e.tag.endswith("text")]
    assert "+0.35" in texts
    assert "no evidence" in texts
    assert "n 9 · thin" in texts
    assert "Purchase: −0.61" in "".join(root.find("{http://www.w3.org/2000/svg}desc").itertext())  # type: ignore[union-attr]
    html = view.html()
    assert "Scores only" in html
    assert "12 texts have no stage" in html
    assert "<script" not in html
    assert len(html) < 30_000


def test_a_gap_breaks_the_line_and_thin_evidence_is_hollow() -> None:
    frame = curve(9)
    svg = CurveView(frame, names=NAMES).svg()
    assert svg.count("<polyline") == 2
    assert svg.count('class="thin"') == 1
    assert svg.count('class="whisker"') == 8


def test_groups_stand_side_by_side_on_one_scale() -> None:
    frame = pd.concat([curve().assign(persona="new"), curve().assign(persona="<b>old</b>")])
    view = CurveView(frame, names=NAMES, by="persona")
    assert view.svg().count("<svg") == 2
    assert "<b>old</b>" not in view.html()
    assert len(view.figure().children) == 2


def test_a_curve_of_nothing_and_a_frame_without_columns_are_told() -> None:
    assert "No stages" in CurveView(curve().head(0)).html()
    with pytest.raises(FrameError, match="'mean'"):
        CurveView(curve().drop(columns="mean"))


def test_two_views_share_no_ids() -> None:
    html = (
        CurveView(curve(), names=NAMES).html() + KpiView(*kpis()).html() + MapView(shop()).table()
    )
    assert not re.findall(r'\sid="', html)


def panel(**more: object) -> KpiPanel:
    return KpiPanel(**{"name": "X", "value": 70.0, "unit": "%", "change": 4.0, **more})  # type: ignore[arg-type]


def test_direction_and_target_decide_the_colour_never_the_sign() -> None:
    worse = panel_text(panel(direction="down", target=62.0, on_target=False), "en")
    assert (worse.change_class, worse.target_class) == ("down", "down")
    assert "▲" in worse.change_text
    assert "worse" in worse.change_text
    better = panel_text(panel(direction="up", target=62.0, on_target=True), "en")
    assert (better.change_class, better.target_class) == ("up", "up")
    assert panel_text(panel(verdict="unclear"), "en").change_class == "same"
    assert panel_text(panel(change=0.0), "fr").change_text == "stable"


def test_a_trend_is_drawn_in_time_and_told_in_words() -> None:
    history = ((date(2025, 10, 1), 1.0), (date(2026, 1, 1), 3.0))
    text = panel_text(panel(history=history, at=date(2026, 1, 1)), "en")
    assert text.period_text == "Q1 2026"
    assert text.spark_label == "X from Q4 2025 to Q1 2026: 1, 3"
    first, last = (tuple(map(float, pair.split(","))) for pair in text.spark.split())
    assert first[0] < last[0]
    assert first[1] > last[1]


def test_kpis_show_as_panels_and_as_a_frame() -> None:
    view = KpiView(*kpis(), stages=NAMES, language="fr")
    assert "Purchase" in view.html()
    assert "184\xa0€" in view.html()
    assert list(view.frame["kpi"])[:2] == ["NPS", "CSAT"]
    assert "<script" not in view.html()


def test_the_shares_stand_beside_each_mean() -> None:
    html = MapView(shop()).page()
    assert 'title="61 % negative, 4 % neutral, 35 % positive"' in html.replace(
        "\\u003c", "<"
    ).replace('\\"', '"')
    assert "Negative" in CurveView(curve(), names=NAMES).html()


def test_a_name_with_a_slash_may_break_there_and_stays_text() -> None:
    from cjm_widgets.view.parts.cards import Context

    assert str(Context("en").breaking("a/<b>")) == "a/<wbr>&lt;b&gt;"


def test_thin_for_a_wide_interval_is_not_blamed_on_the_number_of_people() -> None:
    frame = curve().assign(respondents=27, grade="thin")
    svg = CurveView(frame, names=NAMES).svg()
    assert "27 people" not in svg
    assert ">thin<" in svg
