"""KPIs of ratings, and the newest of each with what changed."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.measure.kpis.kpi_latest import change_interval, interval_of
from cjm_widgets.measure.kpis.kpis import from_feedback, guess_ratings, latest, read_kpis
from cjm_widgets.measure.loyalty import nps
from cjm_widgets.model.columns import KPIS, check


@pytest.fixture
def answers() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "at": pd.to_datetime(["2025-04-03", "2025-06-30", "2025-07-01", None, "2025-08-09"]),
            "stage": ["pay", "use", "pay", "pay", None],
            "nps": [10, 0, 9, 8, None],
            "csat": [5, 4, 1, 3, 5],
            "ces": [7, 6, 1, None, 3],
        }
    )


def test_ratings_are_guessed_by_name_and_range():
    frame = pd.DataFrame(
        {
            "Note de recommandation": [0, 10],
            "CSAT": ["5", "4"],
            "satisfaction_globale": [1, 5],
            "Effort client": [1, 7],
            "nps": [3.5, 7.0],
            "comment": ["a", "b"],
        }
    )
    assert guess_ratings(frame) == {
        "nps": "Note de recommandation",
        "csat": "satisfaction_globale",
        "ces": "Effort client",
    }
    assert guess_ratings(pd.DataFrame({"nps": [11, 3], "ces": [None, None]})) == {}


def test_feedback_gives_a_value_per_quarter_and_a_total(answers):
    kpis = from_feedback(answers[::-1], {"NPS": "nps"})
    check(kpis, KPIS, "test")
    assert kpis["at"].dt.strftime("%Y-%m-%d").tolist()[:2] == ["2025-04-01", "2025-07-01"]
    assert kpis["at"].isna().tolist() == [False, False, True]
    assert kpis["value"].tolist() == [0, 100, 25]
    assert kpis["n"].tolist() == [2, 1, 4]
    total = nps([10, 0, 9, 8])
    assert kpis.loc[2, ["low", "high"]].tolist() == [total.low, total.high]
    assert set(kpis["kpi"]) == {"NPS"}
    assert set(kpis["unit"]) == {"points"}


def test_stages_get_values_of_their_own_beside_the_whole_journeys(answers):
    kpis = from_feedback(answers, guess_ratings(answers), freq="Y", stage="stage")
    totals = kpis[kpis["at"].isna() & (kpis["kpi"] == "CSAT")]
    assert dict(zip(totals["stage"].fillna("all"), totals["value"], strict=True)) == {
        "all": 60, "pay": pytest.approx(100 / 3), "use": 100,
    }  # fmt: skip
    assert kpis[kpis["kpi"] == "CES"]["unit"].unique().tolist() == ["1–7"]


def test_without_dates_there_are_totals_only(answers):
    kpis = from_feedback(answers.drop(columns="at"), {"ces_easy": "ces"})
    assert len(kpis) == 1
    assert kpis.loc[0, "value"] == 50
    assert from_feedback(answers.assign(nps=None), {"nps": "nps"}).empty


def test_the_scale_of_satisfaction_is_the_smallest_that_holds_all(answers):
    def value(ratings, **more):
        frame = answers.assign(csat=ratings).drop(columns="at")
        return from_feedback(frame, {"csat": "csat"}, **more).loc[0, "value"]

    assert value([5, 4, 3, 2, 1]) == 40
    assert value([7, 6, 3, 2, 1]) == 40
    assert value([10, 9, 3, 2, 1]) == 40
    assert value([10, 9, 3, 2, 0]) == 40
    assert value([5, 4, 3, 2, 1], scale=7) == 0


def test_what_feedback_cannot_give_is_refused(answers):
    with pytest.raises(UnknownName, match="nps"):
        from_feedback(answers, {"npps": "nps"})
    with pytest.raises(UnknownName, match="'nsp'"):
        from_feedback(answers, {"nps": "nsp"})
    with pytest.raises(ArgumentError, match="freq"):
        from_feedback(answers, {"nps": "nps"}, freq="quarter")
    with pytest.raises(ArgumentError, match="to_datetime"):
        from_feedback(answers.assign(at="2025"), {"nps": "nps"})
    with pytest.raises(UnknownName, match="when"):
        from_feedback(answers, {"nps": "nps"}, at="when")
    with pytest.raises(ArgumentError, match="1 to 5"):
        from_feedback(answers.assign(csat=9), {"csat": "csat"}, scale=5)


def _kpis(*rows) -> pd.DataFrame:
    return read_kpis(pd.DataFrame(rows, columns=["kpi", "date", "value", "n", "unit", "target"]))


def test_a_change_within_its_interval_is_noise():
    row = latest(
        _kpis(
            ("conversion", "2025-01", 30, 200, "%", 33), ("conversion", "2025-02", 32, 200, "%", 33)
        )
    ).iloc[0]
    assert row["verdict"] == "unchanged"
    assert row["change"] == 2
    assert row["change_low"] < 0 < row["change_high"]
    assert row["tested"]
    assert row["previous"] == 30
    assert row["periods"] == 2
    assert not row["on_target"]


@pytest.mark.parametrize(
    ("kpi", "verdict"), [("Cart abandonment", "better"), ("Conversion", "worse")]
)
def test_direction_decides_not_the_sign(kpi, verdict):
    row = latest(_kpis((kpi, "2025-Q1", 70, 9000, "%", 65), (kpi, "2025-Q2", 60, 9000, "%", 65)))
    assert row.loc[0, "verdict"] == verdict
    assert row.loc[0, "on_target"] == (verdict == "better")


def test_rows_may_come_in_any_order_and_series_are_kept_apart():
    table = pd.DataFrame(
        {
            "kpi": ["NPS"] * 4,
            "stage": ["pay", "pay", None, "pay"],
            "segment": [None, None, None, "new"],
            "date": ["2025-07-01", "2025-04-01", "2025-04-01", "2025-04-01"],
            "value": [10, 30, 20, 0],
            "low": [5, 25, 15, -9],
            "high": [15, 35, 25, 9],
        }
    )
    found = latest(read_kpis(table))
    assert found["value"].tolist() == [10, 20, 0]
    assert found.loc[0, "verdict"] == "worse"
    assert found["verdict"].isna().tolist() == [False, True, True]
    assert found["on_target"].isna().all()


def test_a_figure_whose_spread_nobody_knows_has_an_untested_verdict():
    found = latest(
        _kpis(
            ("waiting time", "2025-01", 12, 500, "minutes", None),
            ("waiting time", "2025-02", 9, 500, "minutes", None),
            ("revenue", "2025-01", 9, None, "EUR", None),
            ("revenue", "2025-02", 9, None, "EUR", None),
        )
    )
    assert found["verdict"].tolist() == ["better", "unchanged"]
    assert not found["tested"].any()
    assert found["change_low"].isna().all()


def test_totals_over_all_time_are_not_the_newest(answers):
    found = latest(from_feedback(answers, {"nps": "nps"}))
    assert found.loc[0, "value"] == 100
    assert found.loc[0, "previous"] == 0
    only = latest(from_feedback(answers.drop(columns="at"), {"nps": "nps"}))
    assert only.loc[0, "value"] == 25
    assert pd.isna(only.loc[0, "verdict"])
    assert only.loc[0, "periods"] == 0


def test_an_empty_table_has_nothing_newest():
    assert latest(_kpis()).empty


def test_the_target_last_stated_stands():
    rows = [("x", "2025-01", 5, None, None, 4), ("x", "2025-02", 6, None, None, None)]
    assert latest(_kpis(*rows)).loc[0, "target"] == 4


@given(st.integers(1, 5000), st.floats(-100, 100))
@settings(max_examples=60, deadline=None)
def test_an_nps_known_by_n_alone_gets_an_interval_that_holds_it(n, value):
    low, high = interval_of("NPS", value, n, "points")
    assert -100 <= low <= value <= high <= 100


def test_what_n_cannot_tell_stays_unknown():
    for known in (
        interval_of("revenue", 12, 50, "EUR"),
        interval_of("growth", 140, 50, "%"),
        interval_of("conversion", 12, math.nan, "%"),
        interval_of("conversion", 12, 0, "%"),
    ):
        assert all(map(math.isnan, known))
    low, high = interval_of("effort", 4, 100, "1-7")
    assert (low, high) == pytest.approx((3.42, 4.58), abs=0.01)
    assert interval_of("CES", 4, 100) == (low, high)


def test_turning_a_change_round_turns_its_interval():
    one, other = (0.6, (0.5, 0.75)), (0.4, (0.35, 0.5))
    low, high = change_interval(*one, *other)
    assert change_interval(*other, *one) == pytest.approx((-high, -low))
