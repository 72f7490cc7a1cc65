"""Stages that nobody gave: told once, kept, and told again when what they rest on changes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import cjm_widgets as cjm
from cjm_widgets.errors import BusyStudy
from cjm_widgets.store.contents import places
from cjm_widgets.study.evidence import placing
from cjm_widgets.study.evidence.placing import predicted_places

TEXTS = ["The delivery was late. The price was fair.", "Nothing to say.", "I paid at the checkout."]


@pytest.fixture
def study(tmp_path: Path) -> cjm.Study:
    made = cjm.Study(tmp_path / "s.cjm", journey="six")
    made.add(pd.DataFrame({"id": list("abc"), "text": TEXTS}), text="text", id="id")
    return made


def _shown(study: cjm.Study) -> list[tuple]:
    found = predicted_places(study._store, study.journey, "en").sort_values(["feedback", "start"])
    return list(zip(found["feedback"], found["start"], found["stage"], found["by"], strict=True))


def _looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the texts that are read from now on."""
    seen: list[int] = []
    told = placing.learning.told

    def noted(base, ids):
        seen.extend(ids)
        return told(base, ids)

    monkeypatch.setattr(placing.learning, "told", noted)
    return seen


def test_no_text_is_read_twice_and_texts_without_a_stage_neither(study, monkeypatch):
    seen = _looked_at(monkeypatch)
    first = _shown(study)
    assert {row[0] for row in first} == {1, 3}
    assert seen == [1, 2, 3]
    assert _shown(study) == first
    assert seen == [1, 2, 3]
    # Who lists what scored finds no trace of it.
    assert study._store.scorers() == []


def test_a_text_that_changes_is_read_again(study, monkeypatch):
    before = _shown(study)
    study.correct("b", "The delivery was late, too.")
    seen = _looked_at(monkeypatch)
    after = _shown(study)
    assert seen == [2]
    assert [row for row in after if row[0] != 2] == before
    assert [row[0] for row in after if row not in before] == [2]


def test_another_vocabulary_reads_all_again_and_forgets_the_old(study, monkeypatch):
    _shown(study)
    study.set_journey(["Say"])
    assert _shown(study) == [(2, 0, "Say", "vocabulary")]
    assert len(study._store.tellers(placing.VOCABULARY)) == 1


def test_columns_go_first_and_need_no_reading(study, monkeypatch):
    frame = pd.DataFrame({"id": ["x"], "text": ["The delivery was late."], "touchpoint": ["Shop"]})
    study.add(frame, text="text", id="id", name="other")
    study.stages_from("touchpoint", {"shop": "advocacy"})
    seen = _looked_at(monkeypatch)
    assert (4, 0, "advocacy", "column") in _shown(study)
    assert 4 not in seen
    but = pd.Series([1, 2, 3])
    assert set(predicted_places(study._store, study.journey, "en", but)["feedback"]) == {4}


def test_a_column_tells_the_same_as_a_filter_and_as_a_column_too_wide_for_one(study, monkeypatch):
    long = "Any other comments, " * 6
    frame = pd.DataFrame(
        {
            "id": [f"x{i}" for i in range(6)],
            "text": ["Fine."] * 6,
            "touchpoint": ["Shop", " shop", None, "Web", long, "Shop"],
            "kind": [1, 2, 1, 3, 2, 1],
        }
    )
    study.add(frame, text="text", id="id", name="other")
    for column, mapping in (
        ("touchpoint", {"shop": "advocacy", "web": "purchase"}),
        ("touchpoint", {"shop": "advocacy", long: "decision"}),
        ("kind", {"2": "retention", "1": "discovery"}),
    ):
        study.stages_from(column, mapping)
        quick = _shown(study)
        with monkeypatch.context() as patch:
            patch.setattr(type(study._store), "bearers", lambda *_: None)
            assert quick == _shown(study)
        study.stages_from(column, None)
    assert {row[2] for row in quick if row[3] == "column"} == {"retention", "discovery"}


def test_a_study_that_cannot_be_written_to_is_placed_all_the_same(study, monkeypatch):
    def busy(*_):
        raise BusyStudy("somebody else writes")

    monkeypatch.setattr(places, "write", busy)
    held = _shown(study)
    monkeypatch.undo()
    assert held == _shown(study)


def test_what_interviewers_say_is_of_no_stage(tmp_path):
    (tmp_path / "t").mkdir()
    talk = "INT: How was the delivery?\nAnna: Nothing.\nINT: And the delivery?\nAnna: No idea."
    (tmp_path / "t" / "anna.txt").write_text(talk, "utf-8")
    study = cjm.Study(tmp_path / "s.cjm", journey="six")
    study.add(tmp_path / "t")
    assert _shown(study) == []


def test_many_texts_keep_a_classifiers_guesses_until_a_tenth_more_is_coded(tmp_path, monkeypatch):
    frame = pd.DataFrame(
        {
            "id": range(80),
            "text": [f"{('zig', 'zag')[i % 2]} zap zup {i % 5}" for i in range(80)],
            "respondent": [f"r{i}" for i in range(80)],
        }
    )
    study = cjm.Study(tmp_path / "s.cjm", journey=["Buy", "Use"])
    study.add(frame, text="text", id="id", respondent="respondent")

    def code(numbers):
        stages = [("Buy", "Use")[i % 2] for i in numbers]
        study.add_codings(pd.DataFrame({"id": [str(i) for i in numbers], "stage": stages}))

    code(range(60))
    _shown(study)
    [first] = study._store.tellers(placing.CLASSIFIER)
    assert first.startswith("60-")
    code([60])
    monkeypatch.setattr(placing, "MANY", 10)
    _shown(study)
    assert study._store.tellers(placing.CLASSIFIER) == [first]
    monkeypatch.setattr(placing, "MANY", 1_000)
    _shown(study)
    [second] = study._store.tellers(placing.CLASSIFIER)
    assert second.startswith("61-")
