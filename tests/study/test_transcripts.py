"""Transcripts from a folder to a score, corrected on the way; a respondent forgotten."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import cjm_widgets as cjm

TALK = "INT: How was it?\nAnna: The delivery was terrible.\nINT: Lovely photos?\nAnna: Awful."
GROUP = "Moderator: So?\nZoe: I love it, great.\nTed: I hate it, awful.\nZoe: Great."


@pytest.fixture
def study(tmp_path: Path) -> cjm.Study:
    folder = tmp_path / "talks"
    folder.mkdir()
    (folder / "anna.txt").write_text(TALK, "utf-8")
    (folder / "group.txt").write_text(GROUP, "utf-8")
    made = cjm.Study(tmp_path / "s.cjm", journey=["Buy", "Use"])
    report = made.add(folder)
    assert (report.added, report.stored.transcripts) == (2, 2)
    assert "2 transcripts" in str(report)
    return made


def test_turns_and_speakers_are_told(study: cjm.Study) -> None:
    turns = study.turns("anna.txt")
    assert turns["words"].tolist()[1] == "The delivery was terrible."
    assert turns["respondent"].fillna("–").tolist() == ["–", "anna", "–", "anna"]
    speakers = study.speakers().set_index("speaker")
    assert speakers.loc["Zoe"].tolist() == ["respondent", 2, 5, 1]
    assert speakers.loc["INT", "role"] == "interviewer"
    assert study.respondents()["respondent"].tolist() == [
        "anna",
        "group.txt: Ted",
        "group.txt: Zoe",
    ]


def test_the_interviewer_has_no_part_in_a_score(study: cjm.Study) -> None:
    study.score()
    scores = study.scores()
    assert scores[scores["feedback"] == 1]["valence"].iloc[0] < -0.5
    sentences = study.scores(unit="sentence").query("feedback == 1")
    text = study.feedback()["text"].iloc[0]
    said = [text[a:b] for a, b in zip(sentences["start"], sentences["stop"], strict=True)]
    assert said == ["The delivery was terrible.", "Awful."]


def test_a_wrong_guess_is_put_right_and_back(study: cjm.Study) -> None:
    study.set_speakers({"Zoe": "interviewer"}, texts="group.txt")
    assert study.turns("group.txt")["role"].tolist()[1] == "interviewer"
    study.score()
    without = study.scores().set_index("feedback").loc[2, "valence"]
    study.undo()
    study.score()
    assert study.scores().set_index("feedback").loc[2, "valence"] > without
    study.set_speakers({"Ted": "c-9"})
    assert "c-9" in study.respondents()["respondent"].tolist()
    for wrong in ({}, {"Nobody": "interviewer"}, {"Ted": 3}):
        with pytest.raises(cjm.ArgumentError):
            study.set_speakers(wrong)  # type: ignore[arg-type]


def test_speakers_can_be_named_when_the_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_text("dan: So: what?\nann: Fine.\nbob: Bad.", "utf-8")
    study = cjm.Study(tmp_path / "t.cjm")
    study.add(path, interviewer="dan", speakers={"Ann": "c-1"})
    assert study.turns()["respondent"].fillna("–").tolist() == ["–", "c-1", "talk.txt: bob"]


def test_a_corrected_file_takes_its_codings_along(study: cjm.Study, tmp_path: Path) -> None:
    start = TALK.index("The delivery")
    table = pd.DataFrame(
        {
            "id": ["anna.txt", "anna.txt"],
            "start": [start, TALK.index("Awful")],
            "stop": [start + 25, TALK.index("Awful") + 6],
            "stage": ["Buy", "Use"],
        }
    )
    study.add_codings(table, coder="eva")
    corrected = TALK.replace("terrible", "terribel").replace("Awful.", "Nothing more to say.")
    path = tmp_path / "talks" / "anna.txt"
    path.write_text("Interview of 1 May\n\n" + corrected, "utf-8")
    report = study.add(path.parent)
    assert (report.stored.followed, report.stored.misfits) == (1, 1)
    assert "1 coding followed its corrected text" in str(report)
    assert "study.misfits()" in str(report)
    assert study.codings()["passage"].tolist() == ["The delivery was terribel", "Awful."]
    misfits = study.misfits()
    assert misfits[["coder", "id", "words"]].to_numpy().tolist() == [["eva", "anna.txt", "Awful."]]
    assert misfits["why"].iloc[0] in ("its words are gone", "less than 60 % of its words are left")
    study.undo("import")
    assert study.codings()["version"].tolist() == [1, 1]
    done = study.correct("anna.txt", corrected)
    assert (done.followed, done.misfits) == (1, 1)
    assert study.follow_corrections().followed == 0


def test_the_forgotten_are_gone_from_what_a_study_shows(study: cjm.Study) -> None:
    before = study.respondents()
    report = study.forget("anna")
    assert report.copies == ()
    assert str(report).startswith("1 text is gone")
    assert "<li>" in report._repr_html_()
    assert study.feedback()["source_id"].tolist() == ["group.txt"]
    assert len(study.respondents()) == len(before) - 1
    assert len(study.forgotten()) == 1
    study.forget("group.txt: Ted")
    text = study.feedback()["text"].iloc[0]
    assert "hate" not in text
    assert "Ted" not in text
    assert "Zoe: I love it, great." in text
    study.compact()
    with pytest.raises(cjm.UnknownName):
        study.forget("anna")
    with pytest.raises(cjm.ArgumentError, match="respondents"):
        study.forget(3)  # type: ignore[arg-type]


def test_all_is_said_in_french_too(tmp_path: Path) -> None:
    study = cjm.Study(tmp_path / "f.cjm", language="fr")
    frame = pd.DataFrame({"avis": ["Enquêteur : Oui ?\nAnna : Non."], "client": ["anna"]})
    assert "1 transcription" in str(study.add(frame))
    assert "effacé" in str(study.forget("anna"))


def test_a_curve_counts_the_speakers_of_a_focus_group_as_people(study: cjm.Study) -> None:
    text = study.feedback()["text"].iloc[1]
    codings = [
        {"id": "group.txt", "start": text.index(words), "stop": text.index(words) + len(words),
         "stage": "Use", "valence": valence, "coder": "ana"}
        for words, valence in (("I love it", 1.0), ("I hate it", -1.0), ("Great.", 0.5))
    ]  # fmt: skip
    study.add_codings(pd.DataFrame(codings), valence_scale=(-1, 1))
    used = study.curve("coded").frame.set_index("stage").loc["Use"]
    assert (used["n"], used["respondents"]) == (2, 2)
    assert used["mean"] == pytest.approx((0.75 - 1.0) / 2)
    # Two speakers who disagree leave the mean open; one cluster would give no interval at all.
    assert used["low"] < used["mean"] < used["high"]
    study.score()
    scored = study.curve("automatic").frame.set_index("stage").loc["Use"]
    assert scored["respondents"] == 2
