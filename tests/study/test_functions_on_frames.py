"""What a study does is also a plain function on frames, under the package's own name."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import cjm_widgets as cjm
from cjm_widgets.study import Study


def test_read_gives_a_feedback_frame_and_a_report(sample_data: Path) -> None:
    frame, report = cjm.read(sample_data / "comments.csv", text="comment", at="date")
    assert len(frame) == 240
    assert report.kept == 240
    expected = ["row", "id", "text", "respondent", "at", "channel", "touchpoint", "language",
                "stage", "valence"]  # fmt: skip
    assert list(frame.columns[:10]) == expected
    assert set(frame.columns[10:]) == {"persona", "nps", "csat", "ces"}


def test_score_texts_gives_a_row_per_text_in_order() -> None:
    scores = cjm.score_texts(["A wonderful day", "the parcel", "", "terrible"])
    assert list(scores.columns) == ["valence", "known"]
    assert [str(kind) for kind in scores.dtypes] == ["float64", "bool"]
    assert scores["known"].tolist() == [True, False, False, True]
    assert scores["valence"][0] > 0 > scores["valence"][3]
    french = cjm.score_texts(["C'est une catastrophe, vraiment nul"], lang="fr")
    assert french["valence"][0] < 0
    pd.testing.assert_frame_equal(scores, cjm.score_texts(
        ["A wonderful day", "the parcel", "", "terrible"], scorer="cjm-en"))  # fmt: skip


def test_the_curve_of_a_frame_is_the_curve_of_a_study(study: Study) -> None:
    frame = pd.DataFrame(
        {
            "text": [f"words number {i}" for i in range(9)],
            "stage": ["a", "b", "c"] * 3,
            "valence": [0.5, -1, 1, 0, -0.5, 1, 1, -1, None],
            "respondent": ["r1", "r1", "r2", "r3", "r3", "r4", "r4", "r5", "r6"],
            "persona": ["x"] * 4 + ["y"] * 5,
        }
    )
    columns = ["stage", "n", "respondents", "mean", "low", "high"]
    curve = cjm.emotion_curve(frame, respondent="respondent")
    assert list(curve.columns) == columns
    study.add(frame, text="text", respondent="respondent", stage="stage", valence="valence",
              valence_scale=(-1, 1))  # fmt: skip
    pd.testing.assert_frame_equal(study.curve().frame[columns], curve, check_dtype=False)
    by = cjm.emotion_curve(frame, respondent="respondent", by="persona")
    assert list(by.columns) == ["persona", *columns]
    pd.testing.assert_frame_equal(
        study.curve(by="persona").frame[["persona", *columns]], by, check_dtype=False
    )


def test_figures_of_ratings_are_estimates(sample_data: Path) -> None:
    comments = pd.read_csv(sample_data / "comments.csv")
    nps = cjm.nps(comments["nps"])
    given = comments["nps"].dropna()
    assert isinstance(nps, cjm.Estimate)
    assert nps.n == len(given) == 217
    assert nps.value == pytest.approx(100 * ((given >= 9).mean() - (given <= 6).mean()))
    assert nps.low < nps.value < nps.high
    csat, ces = cjm.csat(comments["csat"], top=2, scale=5), cjm.ces(comments["ces"])
    assert csat.value == pytest.approx(100 * (comments["csat"].dropna() >= 4).mean())
    assert ces.value == pytest.approx(comments["ces"].mean())


def test_the_kpis_of_a_study_are_the_same_figures(sample: Study, sample_data: Path) -> None:
    figures = sample.kpis().frame
    mine = figures[(figures["kpi"] == "NPS") & figures["segment"].notna()].iloc[0]
    comments = pd.read_csv(sample_data / "comments.csv")
    last = comments.loc[comments["date"] >= "2026-01-01", "nps"]
    same = cjm.nps(last)
    assert (mine["value"], mine["low"], mine["high"], mine["n"]) == pytest.approx(
        (same.value, same.low, same.high, same.n)
    )
