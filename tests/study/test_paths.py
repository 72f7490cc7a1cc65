"""Ways through the stages of a study, as a user asks for them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import cjm_widgets as cjm


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> cjm.Study:
    from cjm_widgets.study.demo import sample_study

    return sample_study(tmp_path_factory.mktemp("paths") / "shop.cjm")


def test_people_of_a_flow_took_that_step(sample: cjm.Study) -> None:
    view = sample.paths()
    moves = view.frame[view.frame["kind"] == "next"]
    row = moves.sort_values("respondents").iloc[-1]
    people = view.behind(row["start"], row["stop"])
    assert len(people) == row["respondents"]
    ways = view.ways.set_index("respondent")["way"]
    assert all(f"{row['start']} → {row['stop']}" in ways[who] for who in people)


def test_a_flow_per_persona_has_the_persona_in_its_frame(sample: cjm.Study) -> None:
    view = sample.paths(by="persona")
    assert set(view.frame["persona"]) <= {"first-time buyer", "gift giver", "regular"}
    assert view.html().count("<svg") == view.frame["persona"].nunique()


def test_an_unknown_stage_is_answered(sample: cjm.Study) -> None:
    with pytest.raises(cjm.UnknownName, match="purchase"):
        sample.paths().behind("purchse", "retention")


def test_without_respondents_or_dates_it_is_said_what_is_missing(tmp_path: Path) -> None:
    rows = {"text": ["a b", "c d"], "stage": ["Search", "Pay"], "who": ["x", "x"]}
    study = cjm.Study(tmp_path / "a.cjm")
    study.add(pd.DataFrame(rows), text="text", stage="stage")
    with pytest.raises(cjm.NoEvidence, match="respondent='"):
        study.paths()
    study = cjm.Study(tmp_path / "b.cjm")
    study.add(pd.DataFrame(rows), text="text", stage="stage", respondent="who")
    with pytest.raises(cjm.NoEvidence, match="at='"):
        study.paths()


def test_hostile_names_of_stages_stay_text(tmp_path: Path) -> None:
    nasty = "<script>alert(1)</script>"
    rows = {"text": ["a b", "c d"], "stage": [nasty, "Pay"], "who": "x"}
    study = cjm.Study(tmp_path / "a.cjm", language="fr")
    frame = pd.DataFrame(rows).assign(date=["2026-01-01", "2026-01-02"])
    study.add(frame, text="text", stage="stage", respondent="who", at="date")
    page = study.paths().html()
    assert "<script>" not in page
