"""Frames to a map's facts."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from shop_example import CODES, codings, curve, journey, kpis, quotes, shop

from cjm_widgets.errors import ArgumentError, FrameError, UnknownName
from cjm_widgets.journeymap import build
from cjm_widgets.model.journey import Journey, Stage


def test_the_columns_are_the_journeys_stages_in_order_and_by_name() -> None:
    facts = shop(language="fr")
    assert [c.key for c in facts.stages][:3] == ["discovery", "consideration", "decision"]
    assert facts.stages[3].name == "Achat"
    assert [c.number for c in facts.stages] == [1, 2, 3, 4, 5, 6]


def test_no_evidence_is_none_and_never_zero() -> None:
    column = shop().stage("advocacy")
    assert column.mean is None
    assert column.grade == "none"
    assert column.low is None


def test_a_frame_with_only_the_contracts_columns_is_enough_and_gets_grades() -> None:
    frame = pd.DataFrame(
        {
            "stage": ["a", "b", "c"],
            "n": [40, 40, 0],
            "respondents": [30, 4, 0],
            "mean": [0.5, 0.5, math.nan],
            "low": [0.4, 0.4, math.nan],
            "high": [0.6, 0.6, math.nan],
        }
    )
    facts = build(Journey.of("a", "b", "c"), frame)
    assert [c.grade for c in facts.stages] == ["solid", "thin", "none"]
    assert facts.lanes == ("curve",)


def test_a_code_counts_once_per_text_and_stands_in_the_lane_of_its_kind() -> None:
    frame = pd.DataFrame(
        {
            "stage": ["purchase", "purchase", "purchase", "use", None],
            "feedback": [1, 1, 2, 3, 4],
            "codes": [
                "payment-fails; forced-account",
                "payment-fails",
                "payment-fails",
                "late-delivery",
                "jargon",
            ],
        }
    ).astype({"stage": "str", "codes": "str"})
    facts = build(journey(), curve(), codings=frame, codebook=CODES)
    pains = facts.stage("purchase").lanes["pains"]
    assert [(e.text, e.n) for e in pains] == [("payment fails", 2), ("forced account", 1)]
    assert pains[0].share == 1.0
    assert pains[1].share == 0.5


def test_counts_made_elsewhere_give_the_same_lanes() -> None:
    facts = build(journey(), curve(), codings=codings(), codebook=CODES)
    assert [(e.text, e.n) for e in facts.stage("purchase").lanes["pains"]][:1] == [
        ("payment fails", 54)
    ]


def test_ideas_stand_only_where_there_is_nothing_of_ones_own() -> None:
    facts = shop()
    assert {e.origin for e in facts.stage("consideration").lanes["opportunities"]} == {"idea"}
    assert {e.origin for e in facts.stage("purchase").lanes["opportunities"]} == {"note"}
    assert all(
        e.origin != "idea" for c in shop(ideas=False).stages for es in c.lanes.values() for e in es
    )


def test_a_note_in_a_lane_of_ones_own_gives_that_lane_above_the_backstage() -> None:
    notes = pd.DataFrame(
        {
            "stage": ["use", "use"],
            "lane": ["Legal", "Goal"],
            "text": ["two years’ warranty", "calm"],
        }
    )
    facts = shop(notes=notes)
    assert "Legal" in facts.lanes
    assert [e.text for e in facts.stage("use").lanes["goals"]] == ["calm"]


def test_sub_stages_with_evidence_take_their_parents_place() -> None:
    own = Journey(
        "j",
        (
            Stage("before"),
            Stage("after"),
            Stage("delivery", parent="after"),
            Stage("loyalty", parent="after"),
        ),
    )
    frame = pd.DataFrame(
        {
            "stage": ["before", "delivery"],
            "n": [20, 20],
            "respondents": [20, 20],
            "mean": [0.1, 0.2],
        }
    )
    assert [c.key for c in build(own, frame).stages] == ["before", "delivery", "loyalty"]
    assert [c.key for c in build(own, frame.head(1)).stages] == ["before", "after"]


def test_a_stage_that_only_the_data_know_is_not_lost() -> None:
    frame = pd.concat([curve(3), curve(4).tail(1).assign(stage="elsewhere")])
    assert [c.key for c in build(journey(3), frame).stages][-1] == "elsewhere"


def test_quotes_are_shared_out_so_that_no_stage_is_crowded_out() -> None:
    facts = shop(many=3000, most_quotes=100)
    sizes = [len(c.quotes) for c in facts.stages]
    assert sum(sizes) <= 100
    assert min(sizes[:5]) >= 15
    assert facts.stages[0].quotes_total > 600


def test_a_stages_kpis_stand_in_its_column_and_unknown_stages_with_the_journey() -> None:
    facts = shop(3)
    assert [p.name for p in facts.stage("consideration").kpis] == ["Bounce rate"]
    assert "Cart abandonment" in [p.name for p in facts.kpis]


def test_direction_decides_whether_a_change_is_good() -> None:
    panels = {p.name: p for p in (*shop().kpis, *shop().stage("purchase").kpis)}
    assert panels["Cart abandonment"].change == 4
    assert panels["Cart abandonment"].verdict == "worse"
    assert panels["Cart abandonment"].on_target is False
    assert len(panels["NPS"].history) == 4


def test_a_change_within_its_interval_is_unclear_even_when_it_is_called_unchanged() -> None:
    latest, history = kpis()
    latest = latest.assign(verdict="unchanged")
    facts = shop(kpis=latest, kpi_history=history)
    assert {p.verdict for p in facts.kpis if p.change} == {"unclear"}


def test_an_unknown_estimate_a_missing_column_and_no_stage_are_refused_by_name() -> None:
    with pytest.raises(UnknownName, match="estimate"):
        build(journey(), curve(), estimate="guessed")
    with pytest.raises(FrameError, match="'mean'"):
        build(journey(), curve().drop(columns="mean"))
    with pytest.raises(FrameError, match="'lane'"):
        build(journey(), curve(), notes=pd.DataFrame({"stage": ["use"], "text": ["x"]}))
    with pytest.raises(ArgumentError, match="at least one stage"):
        build(Journey.of(), curve(1).head(0))


def test_quotes_may_come_as_passages_and_with_missing_cells() -> None:
    frame = quotes().rename(columns={"text": "passage"})
    frame.loc[0, ["respondent", "channel", "language"]] = None
    frame.loc[1, "valence"] = math.nan
    facts = shop(quotes=frame)
    assert len(facts.stage("discovery").quotes) == 4
    assert any(q.respondent == "" for q in facts.stage("discovery").quotes)
