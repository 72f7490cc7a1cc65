"""Curves of studies that are as bad as real ones get: honest, and said."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, NoEvidence
from cjm_widgets.study import Study

Make = Callable[..., Study]

GOOD = [
    "This was wonderful, great and lovely",
    "Excellent and friendly help, thank you",
    "I love it, a perfect delivery",
    "Very good and easy",
]
BAD = [
    "This was terrible, awful and bad",
    "Horrible help, rude and useless",
    "I hate it, the worst delivery",
    "Very poor and annoying",
]


def filled(study: Study, frame: pd.DataFrame, scale: tuple[float, float] = (-1, 1)) -> Study:
    study.set_journey(["find", "pay", "use"])
    study.add(
        frame,
        text="words",
        id="id",
        stage="step",
        valence="mark",
        valence_scale=scale,
        respondent="who",
    )
    return study


def comments(n: int, **columns: Any) -> pd.DataFrame:
    texts = [f"{(GOOD if i % 2 else BAD)[i // 2 % 4]} ({i})" for i in range(n)]
    made = {
        "id": [f"t{i}" for i in range(n)],
        "words": texts,
        "step": [("find", "pay", "use")[i % 3] for i in range(n)],
        "mark": [1.0 if i % 2 else -1.0 for i in range(n)],
        "who": [f"p{i}" for i in range(n)],
    }
    return pd.DataFrame(made | columns)


def test_one_respondent_with_all_texts_has_no_interval_and_is_thin(study: Study) -> None:
    frame = filled(study, comments(30, who="the only one")).curve("coded").frame
    assert frame["low"].isna().all()
    assert frame["high"].isna().all()
    assert frame["grade"].tolist() == ["thin"] * 3
    assert frame["largest"].tolist() == [1.0] * 3


def test_a_stage_with_one_coding_has_an_interval_from_the_others_and_is_thin(
    study: Study,
) -> None:
    steps = ["pay"] * 20 + ["use"] * 20 + ["find"]
    frame = filled(study, comments(41, step=steps)).curve("coded").frame.set_index("stage")
    assert frame.loc["find", "n"] == 1
    assert frame.loc["find", "grade"] == "thin"
    assert frame.loc["find", "high"] - frame.loc["find", "low"] > 0.9
    assert not frame.loc["find", "stands_apart"]


def test_all_ratings_equal_is_said_and_the_interval_is_not_of_no_width(study: Study) -> None:
    shown = filled(study, comments(60, mark=1.0)).curve("coded")
    assert (shown.frame["high"] - shown.frame["low"] > 0.1).all()
    assert shown.frame["high"].tolist() == [1.0] * 3
    assert "might have answered otherwise" in shown.html()


def test_a_stage_of_equal_ratings_says_where_its_width_comes_from(study: Study) -> None:
    data = comments(60)
    data["mark"] = data["mark"].where(data["step"] != "use", 1.0)
    shown = filled(study, data).curve("coded")
    html = shown.html()
    assert "All ratings are equal at: use." in html
    width = (shown.frame["high"] - shown.frame["low"]).tolist()
    assert width[2] > 0.1


def test_a_scale_the_wrong_way_round_is_found_and_said(new: Make) -> None:
    right, wrong = new("right.cjm"), new("wrong.cjm", language="fr")
    filled(right, comments(60))
    filled(wrong, comments(60), scale=(1, -1))
    assert "wrong way round" not in right.curve("coded").html()
    html = wrong.curve("coded").html()
    assert "à l’envers" in html
    assert "valence_scale" in html
    assert re.search(r"mêmes \d\d textes", html)


def test_few_ratings_or_unknown_words_raise_no_alarm(new: Make) -> None:
    few = filled(new("few.cjm"), comments(16), scale=(1, -1))
    assert "wrong way" not in few.curve("coded").html()
    odd = comments(60)
    odd["words"] = [f"Zug {i} nach Bern" for i in range(60)]
    assert "wrong way" not in filled(new("odd.cjm"), odd, scale=(1, -1)).curve("coded").html()


def test_mixed_languages_and_emoji_alone_are_drawn_and_counted(study: Study) -> None:
    data = comments(48)
    french = ["Le service est excellent et très rapide", "Une livraison horrible et lente"]
    data.loc[:11, "words"] = [f"{french[i % 2]} ({i})" for i in range(12)]
    data.loc[12:17, "words"] = [("😡" if i % 2 else "🎉🎉") * (i + 1) for i in range(6)]
    data.loc[18:23, "words"] = [f"Die Lieferung kam viel zu spät an ({i})" for i in range(6)]
    filled(study, data)
    report = study.score()
    assert report.texts >= 36
    coded = study.curve("coded")
    assert coded.frame["n"].sum() == 48
    automatic = study.curve("automatic")
    assert automatic.frame["n"].sum() < 48
    assert np.isfinite(automatic.frame["mean"]).all()
    assert "6 texts have no score and are left out" in automatic.html()


def test_texts_without_a_known_word_are_counted_on_the_picture(study: Study) -> None:
    data = comments(40)
    data.loc[:9, "words"] = [f"Line {i}, table, chair and lamp" for i in range(10)]
    filled(study, data)
    study.score()
    shown = study.curve("automatic")
    assert shown.frame["unknown"].max() > 0
    assert "no word was known" in shown.html()


def test_what_unknown_words_do_is_said_as_the_estimate_has_it(study: Study) -> None:
    data = comments(60)
    data.loc[:9, "words"] = [f"Line {i}, table, chair and lamp" for i in range(10)]
    filled(study, data).score()
    assert "they count for nothing" in study.curve("automatic").html()
    calibrated = study.curve("calibrated").html()
    assert "they count for nothing" not in calibrated
    assert "which the ratings correct" in calibrated


def test_texts_that_came_after_scoring_are_missed_on_the_picture(study: Study) -> None:
    filled(study, comments(30)).score()
    assert "no score" not in study.curve("automatic").html()
    study.add(pd.DataFrame({"words": ["one more", "and another"]}), text="words", name="later")
    html = study.curve("automatic").html()
    assert "2 texts have no score" in html


def test_hidden_points_are_not_called_missing_and_empty_groups_are_named(study: Study) -> None:
    data = comments(60, kind=["many"] * 54 + ["few"] * 3 + ["lone"] * 3)
    data.loc[54:56, "who"] = "one person"
    data["step"] = data["step"].where(data["kind"] != "many", ["find", "pay"] * 30)
    data.loc[53, "step"] = "use"
    shown = filled(study, data).curve("coded", by="kind", minimum=3)
    html = shown.html()
    drawn = html[: html.index("<table")]
    assert ">hidden<" in drawn
    assert "n 0" not in drawn
    assert "has evidence that may be shown: few, lone." in html
    assert drawn.count("<svg") == 1
    everything = study.curve("coded", by="kind").html()
    assert everything[: everything.index("<table")].count("<svg") == 3
    # The table, Bokeh's figures and what is read aloud say the same as the drawing.
    table = html[html.index("<table") :]
    assert table.count("<td>hidden</td>") == 7
    plot = shown.figure()
    texts = [text for s in plot.select({"name": "gaps-center"}) for text in s.data["text"] if text]
    assert texts == ["hidden"]
    assert "hidden" in plot.html_attributes["aria-label"]
    assert "no evidence" not in plot.html_attributes["aria-label"]


def test_an_empty_study_has_no_peak_and_says_so(study: Study) -> None:
    study.set_journey(["find", "pay"])
    with pytest.raises(NoEvidence, match="two or more dated units"):
        study.peak_end()


def test_a_period_without_texts_is_refused_with_the_dates_there_are(new: Make) -> None:
    undated = filled(new("undated.cjm"), comments(30))
    with pytest.raises(NoEvidence, match="at='…'"):
        undated.compare("2025-01", "2025-02")
    study = new("dated.cjm")
    data = comments(30, day=[f"2025-0{1 + i % 3}-10" for i in range(30)])
    study.set_journey(["find", "pay", "use"])
    given = {"stage": "step", "valence": "mark", "valence_scale": (-1, 1)}
    study.add(data, text="words", id="id", at="day", respondent="who", **given)
    with pytest.raises(NoEvidence, match="between 2025-01-10 and 2025-03-10"):
        study.compare("2025-01", "2026-Q1")


@pytest.mark.parametrize("minimum", [0, -3, 2.5, True])
@pytest.mark.parametrize("estimate", ["coded", "calibrated"])
def test_a_minimum_that_hides_nobody_is_refused_for_every_curve(
    study: Study, estimate: str, minimum: Any
) -> None:
    filled(study, comments(60, kind=["a", "b"] * 30)).score()
    with pytest.raises(ArgumentError, match="minimum"):
        study.curve(estimate, by="kind", minimum=minimum)
    with pytest.raises(ArgumentError, match="minimum"):
        study.curve(estimate, minimum=minimum)
