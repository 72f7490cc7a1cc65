"""Courses of emotion of a study, as a user asks for them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import cjm_widgets as cjm


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> cjm.Study:
    from cjm_widgets.study.demo import sample_study

    return sample_study(tmp_path_factory.mktemp("arcs") / "shop.cjm")


def test_the_parts_of_an_interview_are_joined_by_an_attribute(sample: cjm.Study) -> None:
    view = sample.arcs(by="interview", estimate="automatic")
    assert set(view.frame["text"]) == {"I1", "I2", "I3", "I4", "I5", "I6"}
    assert view.mean["n"].eq(6).all()
    words = view.extremes["words"].iloc[0]
    assert words in view.html().replace("&#39;", "'").replace("&#34;", '"')


def test_words_at_a_peak_are_those_of_the_text(sample: cjm.Study) -> None:
    row = sample.arcs(by="interview", estimate="automatic").extremes.iloc[0]
    texts = sample.feedback().set_index("feedback")["text"]
    assert texts[row["feedback"]][row["start"] : row["stop"]] == row["words"]


def test_an_interviewer_has_no_part_in_the_course(tmp_path: Path) -> None:
    turns = []
    for _ in range(8):
        turns += ["Interviewer: That is wonderful, perfect, excellent!", "Ana: It was awful."]
    study = cjm.Study(tmp_path / "s.cjm", journey=["Search", "Pay"])
    study.add(pd.DataFrame({"text": ["\n".join(turns)]}), text="text")
    study.score()
    assert study.arcs(estimate="automatic").frame["valence"].max() < 0


def test_without_long_texts_it_is_said_what_would_help(tmp_path: Path) -> None:
    study = cjm.Study(tmp_path / "s.cjm", journey=["Search", "Pay"])
    study.add(pd.DataFrame({"text": ["Good.", "Bad."]}), text="text")
    study.score()
    with pytest.raises(cjm.NoEvidence, match="longer texts"):
        study.arcs()


def test_hours_of_the_day(tmp_path: Path) -> None:
    at = pd.date_range("2026-01-01 00:30", periods=48, freq="h")
    frame = pd.DataFrame({"text": [f"remark {i}" for i in range(48)], "date": at})
    frame["rating"] = [-2 if 6 <= t.hour < 12 else 2 for t in at]
    study = cjm.Study(tmp_path / "s.cjm", journey=["Search", "Pay"], language="fr")
    study.add(frame.assign(stage="Pay"), text="text", at="date", stage="stage", valence="rating",
              valence_scale=(-2, 2))  # fmt: skip
    found = study.hours(width=6)
    assert found.frame["mean"].tolist() == pytest.approx([1, -1, 1, 1])
    assert "au pire à 6 h–12 h" in found.html()


def test_an_unknown_attribute_is_refused(sample: cjm.Study) -> None:
    with pytest.raises(cjm.UnknownName):
        sample.arcs(by="intervew")


def test_a_turn_may_be_the_unit_and_those_of_an_interviewer_are_none(tmp_path: Path) -> None:
    said = ["It was awful. It was great.", "It was great."] * 4
    talk = "\n".join(f"Interviewer: Bad?\nAna: {words}" for words in said)
    study = cjm.Study(tmp_path / "s.cjm", journey=["Search", "Pay"])
    study.add(pd.DataFrame({"text": [talk]}), text="text")
    study.score()
    by_turn = study.arcs(estimate="automatic", unit="turn")
    assert by_turn.units == 8
    assert study.arcs(estimate="automatic").units == 12
    words = by_turn.extremes["words"].iloc[0]
    assert words == "It was great."
    with pytest.raises(cjm.UnknownName, match="turn"):
        study.arcs(unit="word")  # type: ignore[arg-type]
