"""Funnels from stage to stage."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.measure.kpis.funnel import counted, funnel, is_count, of_mapping
from cjm_widgets.measure.kpis.kpi_table import read_kpis
from cjm_widgets.measure.loyalty import wilson

STAGES = ["see", "cart", "pay", "use"]


def test_each_stage_is_held_against_the_one_before_that_was_counted() -> None:
    made = funnel(of_mapping({"pay": 100, "see": 1000, "use": 25}), STAGES)
    assert made["stage"].tolist() == ["see", "pay", "use"]
    assert made["rate"].tolist()[1:] == [0.1, 0.25]
    assert made["lost"].tolist()[1:] == [900, 75]
    assert made["of_first"].tolist()[1:] == [0.1, 0.025]
    assert (made.loc[1, "low"], made.loc[1, "high"]) == wilson(100, 1000)
    assert made.loc[0, ["rate", "low", "lost", "of_first"]].isna().all()


def test_where_nobody_was_left_nothing_is_said_of_the_next() -> None:
    made = funnel(of_mapping({"see": 10, "cart": 0, "pay": 0}), STAGES)
    assert made.loc[1, "rate"] == 0
    assert math.isnan(made.loc[2, "rate"])


@pytest.mark.parametrize(
    ("counts", "error", "said"),
    [
        ({"see": 10, "cart": 11}, NoEvidence, r"more were counted at 'cart' \(11\) than at 'see'"),
        ({"see": 10, "cart": math.nan}, NoEvidence, "count of stage 'cart' is missing"),
        ({"see": 10, "cart": -1}, ArgumentError, "'cart' is -1"),
        ({"see": 10}, NoEvidence, "one stage has a count"),
        ({"nowhere": 10}, NoEvidence, "no stage has a count"),
    ],
)
def test_what_is_no_funnel_is_refused(
    counts: dict[str, float], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        funnel(of_mapping(counts), STAGES)


def test_groups_have_a_funnel_each() -> None:
    frame = pd.DataFrame(
        {"stage": ["see", "cart"] * 2, "n": [10, 5, 100, 1], "who": ["a", "a", "b", "b"]}
    )
    made = funnel(frame, STAGES, "who")
    assert made["who"].tolist() == ["a", "a", "b", "b"]
    assert made["rate"].dropna().tolist() == [0.5, 0.01]
    with pytest.raises(UnknownName, match="whom"):
        funnel(frame, STAGES, "whom")
    with pytest.raises(ArgumentError, match="'see' has two counts"):
        funnel(frame, STAGES)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=4))
def test_rates_multiply_to_the_share_of_the_first(numbers: list[int]) -> None:
    given_ = sorted(numbers, reverse=True)
    made = funnel(of_mapping(dict(zip(STAGES, given_, strict=False))), STAGES)
    rest = made.iloc[1:]
    if given_[-1]:
        assert rest["rate"].prod() == pytest.approx(rest["of_first"].iloc[-1])
    assert rest["lost"].sum() == given_[0] - given_[-1]
    known = rest[rest["rate"].notna()]
    assert ((known["low"] <= known["rate"]) & (known["rate"] <= known["high"])).all()


def test_counts_are_known_by_their_unit() -> None:
    for unit in ("sessions", "visits", "orders", "commandes", "ads"):
        assert is_count(unit, [3.0, 4.0])
    for unit in ("%", "€", "EUR", "minutes", "points", "1–7", "s", None, "heures", "jours"):
        assert not is_count(unit, [3.0])
    assert not is_count("orders", [3.5])


def test_counts_among_kpis_are_of_the_newest_period_with_most_stages() -> None:
    rows = [
        ("visits", "see", "2025-Q4", 1000), ("carts", "cart", "2025-Q4", 100),
        ("visits", "see", "2026-Q1", 1200), ("carts", "cart", "2026-Q1", 90),
        ("visits", "see", "2026-Q2", 1300),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["kpi", "stage", "date", "value"])
    figures = read_kpis(table.assign(unit=table["kpi"]))
    found = counted(figures)
    assert dict(zip(found["stage"], found["n"], strict=True)) == {"see": 1200, "cart": 90}
    two = pd.DataFrame(
        {"kpi": ["visits", "clicks"], "stage": "see", "value": [9, 8], "unit": ["visits", "clicks"]}
    )
    with pytest.raises(NoEvidence, match=r"several counts \(clicks, visits\)"):
        counted(read_kpis(two))
    assert counted(read_kpis(two), "Visits")["n"].tolist() == [9]
    with pytest.raises(NoEvidence, match=r"study\.funnel"):
        counted(read_kpis(pd.DataFrame({"kpi": ["NPS"], "value": [3]})))


def test_the_kpi_that_is_counted_at_most_stages_is_the_funnels() -> None:
    table = pd.DataFrame(
        {
            "kpi": ["people", "people", "clicks"],
            "stage": ["see", "cart", "see"],
            "value": [100, 20, 900],
            "unit": ["people", "people", "clicks"],
        }
    )
    assert counted(read_kpis(table))["n"].tolist() == [100, 20]
