"""Ways through the stages."""

from __future__ import annotations

import pandas as pd
import pytest

from cjm_widgets.errors import NoEvidence
from cjm_widgets.measure.courses.paths import END, START, paths

STAGES = ["find", "buy", "use", "tell"]


def heard(**ways: str) -> tuple[pd.DataFrame, pd.Series]:
    """Respondent to stages, a day apart; a dot is a text without a stage."""
    rows, at = [], {}
    for who, way in ways.items():
        for day, stage in enumerate(way.split()):
            at[len(rows)] = pd.Timestamp("2026-01-01") + pd.Timedelta(days=day)
            rows.append((len(rows), None if stage == "." else stage, who))
    frame = pd.DataFrame(rows, columns=["feedback", "stage", "respondent"])
    return frame.astype({"stage": "str", "respondent": "str"}), pd.Series(at)


def flow(found, start, stop):
    rows = found.flows[(found.flows["start"] == start) & (found.flows["stop"] == stop)]
    return rows.iloc[0]


def test_steps_are_counted_by_kind():
    found = paths(*heard(a="find buy use", b="find use find", c="buy buy tell"), STAGES)
    assert flow(found, "find", "buy")["kind"] == "next"
    assert flow(found, "find", "use")["kind"] == "skip"
    assert flow(found, "use", "find")["kind"] == "back"
    assert flow(found, START, "find")["respondents"] == 2
    assert flow(found, "tell", END)["kind"] == "last"
    assert found.ways.set_index("respondent").loc["c", "way"] == "buy → tell"


def test_shares_of_those_who_leave_a_stage_sum_to_one_and_lie_in_their_intervals():
    found = paths(*heard(a="find buy use", b="find use find", c="find tell"), STAGES).flows
    assert found.groupby("start")["share"].sum().to_numpy() == pytest.approx(1)
    assert (found["low"] <= found["share"] + 1e-9).all()
    assert (found["share"] <= found["high"] + 1e-9).all()


def test_stages_know_their_visitors_returns_and_last_words():
    found = paths(*heard(a="find buy find buy", b="find"), STAGES)
    stage = found.stages.set_index("stage")
    assert stage.loc["find", ["respondents", "entries", "returns", "last"]].tolist() == [2, 3, 1, 1]
    assert stage.loc["tell"].tolist() == [0, 0, 0, 0]
    assert found.once == 1


def test_one_moment_keeps_the_journeys_order_and_texts_without_a_stage_break_nothing():
    units, at = heard(a="use . find", b="buy tell")
    same = pd.Series(pd.Timestamp("2026-01-01"), index=at.index)
    found = paths(units, same, STAGES)
    assert found.ways.set_index("respondent").loc["a", "way"] == "find → use"


def test_texts_without_a_date_are_counted_and_left_out():
    units, at = heard(a="find buy use", b="find buy")
    found = paths(units, at.drop(index=[2]), STAGES)
    assert found.undated == 1
    assert found.ways.set_index("respondent").loc["a", "way"] == "find → buy"


def test_nobody_heard_twice_and_no_dates_at_all_are_told_apart():
    units, at = heard(a="find", b="buy buy")
    with pytest.raises(NoEvidence, match="several waves"):
        paths(units, at, STAGES)
    with pytest.raises(NoEvidence, match="need dates"):
        paths(units, at.iloc[:0], STAGES)
