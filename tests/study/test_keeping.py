"""The aim, what a map lacks, and maps frozen at a moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.study import Study

TODAY = date(2026, 4, 1)


def feedback(n: int = 24, at: str = "2026-03-01") -> pd.DataFrame:
    chance = np.random.default_rng(4)
    return pd.DataFrame(
        {
            "comment": [f"The payment page failed {i} times, then it worked." for i in range(n)],
            "who": [f"R-{i}" for i in range(n)],
            "stage": ["Buy", "Use"] * (n // 2),
            "rating": chance.choice([-2, -1, 0, 1, 2], n),
            "day": pd.Timestamp(at),
        }
    )


def filled(new: Callable[..., Study], *, n: int = 24, at: str = "2026-03-01") -> Study:
    study = new()
    study.add(
        feedback(n, at),
        text="comment",
        respondent="who",
        stage="stage",
        valence="rating",
        valence_scale=(-2, 2),
        at="day",
    )
    return study


def found(study: Study, **more: Any) -> set[tuple[str, str | None]]:
    frame = study.check(today=TODAY, **more).frame
    stages = [None if pd.isna(stage) else stage for stage in frame["stage"]]
    return set(zip(frame["what"], stages, strict=True))


def test_the_aim_is_kept_and_undone(new: Callable[..., Study]) -> None:
    study = new()
    assert study.aim() == ""
    assert study.aim("  Why do carts stay behind?  ") == "Why do carts stay behind?"
    assert study.aim() == "Why do carts stay behind?"
    study.undo()
    assert study.aim() == ""
    study.redo()
    assert study.aim("") == ""
    with pytest.raises(ArgumentError):
        study.aim("x" * 3_000)


def test_an_empty_study_lacks_everything(new: Callable[..., Study]) -> None:
    whats = {what for what, _ in found(new())}
    assert {"aim", "persona", "feedback", "evidence", "touchpoints", "kpis"} <= whats


def test_a_study_that_has_everything_lacks_nothing(new: Callable[..., Study]) -> None:
    study = filled(new, n=400)
    study.aim("Find what keeps people from paying")
    study.persona("anna", name="Anna")
    for stage in ("Buy", "Use"):
        study.note("goals", stage, "be done quickly")
        study.note("touchpoints", stage, "payment page")
    study.add_kpis(
        pd.DataFrame(
            {"kpi": ["NPS"], "value": [20.0], "date": ["2026-01-01"], "target": [30.0], "n": [90]}
        )
    )
    view = study.check(today=TODAY)
    assert view.frame.empty, view.frame.to_string()
    assert "Nothing is missing" in view.html()


def test_thin_and_stale_stages_are_named(new: Callable[..., Study]) -> None:
    study = filled(new, n=12, at="2025-12-01")
    assert {("thin", "Buy"), ("stale", "Buy"), ("stale", "Use")} <= found(study)
    assert not {what for what, _ in found(study, days=200)} & {"stale"}
    # The interval is kept.
    assert not {what for what, _ in found(study)} & {"stale"}
    frame = study.check(days=30, today=TODAY).frame
    grave = frame[frame["what"] == "stale"]
    assert set(grave["severity"]) == {"high"}
    assert "121 days" in grave["says"].iloc[0]


def test_texts_without_dates_stages_and_kpis_without_targets_are_said(
    new: Callable[..., Study],
) -> None:
    study = filled(new)
    study.add(pd.DataFrame({"comment": ["No stage for this one."]}), text="comment", name="more")
    study.add_kpis(pd.DataFrame({"kpi": ["NPS", "CSAT"], "value": [1.0, 2.0]}))
    assert {("without_stage", None), ("kpi_target", None)} <= found(study)
    frame = study.check(today=TODAY).frame
    [said] = frame.loc[frame["what"] == "kpi_target", "says"]
    assert said == "2 KPIs have no target: NPS, CSAT."
    undated = new("undated.cjm")
    undated.add(feedback(12).drop(columns="day"), text="comment", stage="stage")
    assert ("curve", None) in found(undated)
    undated.score(progress=False)
    assert ("undated", "Buy") in found(undated)


@pytest.mark.parametrize("days", [0, -3, 1.5, True])
def test_a_review_interval_is_a_number_of_days(new: Callable[..., Study], days: Any) -> None:
    with pytest.raises(ArgumentError, match="days"):
        new().check(days=days)


def test_the_panel_is_a_table_without_script_in_which_names_are_text(
    new: Callable[..., Study],
) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    study = new(name=hostile, language="fr", journey=["A <script>x</script>", "B"])
    html = study.check(today=TODAY).page()
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;img" in html
    assert "Ce qui manque encore à la carte" in html
    assert study.check(today=TODAY).figure().text.startswith("<div")


def test_a_snapshot_stays_as_it_was(new: Callable[..., Study]) -> None:
    study = filled(new)
    frozen = study.snapshot("2026-Q1").facts
    study.note("goals", "Buy", "something new")
    study.add(feedback(40), text="comment", stage="stage", name="later")
    assert study.open_snapshot("2026-Q1").facts == frozen
    assert study.map().facts != frozen
    frame = study.snapshots()
    assert frame["snapshot"].tolist() == ["2026-Q1"]
    assert frame["estimate"].tolist() == ["coded"]
    assert frame["texts"].tolist() == [24]


def test_a_snapshot_has_one_name_and_never_changes(new: Callable[..., Study]) -> None:
    study = filled(new)
    study.snapshot("Q1")
    with pytest.raises(ArgumentError, match="drop_snapshot"):
        study.snapshot(" Q1 ")
    with pytest.raises(ArgumentError, match="1 to 100"):
        study.snapshot("")
    with pytest.raises(UnknownName, match="Q1"):
        study.open_snapshot("Q2")
    study.drop_snapshot("Q1")
    assert study.snapshots().empty
    study.undo()
    assert len(study.snapshots()) == 1


def test_what_privacy_hides_now_is_hidden_in_old_snapshots(new: Callable[..., Study]) -> None:
    study = filled(new)
    shown = study.snapshot("Q1").facts
    assert any(column.quotes for column in shown.stages)
    study.privacy(respondents="pseudonym")
    facts = study.open_snapshot("Q1").facts
    people = {quote.respondent for column in facts.stages for quote in column.quotes}
    assert all(who.startswith("P-") for who in people)
    assert study.snapshot("Q2").facts == study.open_snapshot("Q2").facts
    again = {q.respondent for c in study.open_snapshot("Q2").facts.stages for q in c.quotes}
    assert again == people
    study.privacy(quotes="hide")
    assert not any(column.quotes for column in study.open_snapshot("Q1").facts.stages)


def test_two_snapshots_are_compared_stage_by_stage(new: Callable[..., Study]) -> None:
    study = filled(new, n=60)
    study.snapshot("before")
    better = feedback(300).assign(rating=2)
    study.add(
        better,
        text="comment",
        stage="stage",
        valence="rating",
        valence_scale=(-2, 2),
        name="later",
    )
    study.snapshot("after")
    frame = study.compare_snapshots("before", "after").set_index("stage")
    buy = frame.loc["Buy"]
    assert buy["difference"] == pytest.approx(buy["after"] - buy["before"])
    assert buy["low"] < buy["difference"] < buy["high"]
    assert buy["says"] == "clear"
    same = study.compare_snapshots("before", "before")
    assert (same["difference"] == 0).all()
    assert set(same["says"]) == {"unclear"}


def test_another_method_is_not_subtracted(new: Callable[..., Study]) -> None:
    study = filled(new)
    study.snapshot("coded", estimate="coded")
    study.score(progress=False)
    study.snapshot("scored", estimate="automatic")
    frame = study.compare_snapshots("coded", "scored")
    assert set(frame["says"]) == {"other method"}
    assert frame["difference"].isna().all()


def test_a_forgotten_person_is_gone_from_snapshots_too(new: Callable[..., Study]) -> None:
    study = filled(new)
    said = [q for c in study.snapshot("Q1").facts.stages for q in c.quotes]
    gone = said[0]
    study.forget(gone.respondent)
    left = [q for c in study.open_snapshot("Q1").facts.stages for q in c.quotes]
    assert gone.text not in [quote.text for quote in left]
    assert gone.respondent not in [quote.respondent for quote in left]
