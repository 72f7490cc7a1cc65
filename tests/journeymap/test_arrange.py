"""Lanes: their order, their names, and the lines between them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from shop_example import shop

from cjm_widgets.journeymap import BACKSTAGE, LANES, Lane, arranged, sections


def test_a_lane_moves_above_another_and_a_later_wish_goes_first() -> None:
    choices = (Lane("pains", before="quotes"), Lane("goals", before="pains"))
    order = arranged(["goals", "quotes", "pains", "curve"], choices).lanes
    assert order == ("goals", "pains", "quotes", "curve")


def test_a_lane_stays_on_its_side_of_the_line_of_visibility() -> None:
    order = arranged(["goals", "teams"], (Lane("teams", before="goals"),)).lanes
    assert order == ("goals", "teams")


def test_a_hidden_lane_is_left_out_and_a_renamed_one_keeps_its_place() -> None:
    found = arranged(["goals", "pains"], (Lane("goals", hidden=True), Lane("pains", "Ärger")))
    assert found.lanes == ("pains",)
    assert found.names == {"pains": "Ärger"}


def test_a_lane_of_ones_own_stands_where_it_is_wanted_even_below_the_line() -> None:
    found = arranged(
        ["curve", "teams"], (Lane("Legal", before="curve"), Lane("Law", backstage=True))
    )
    assert found.lanes == ("Legal", "curve", "teams", "Law")
    assert found.below[-1] == "Law"


def test_channels_stand_on_a_map_only_where_somebody_asks() -> None:
    assert arranged(["channels", "curve"]).lanes == ("curve",)
    assert "channels" in arranged(["channels"], (Lane("channels", hidden=False),)).lanes


def test_a_blueprint_has_three_lines_and_its_backstage_in_full() -> None:
    facts = shop()
    order = arranged(facts.lanes, kind="blueprint")
    parts = sections(replace(facts, kind="blueprint", lanes=order.lanes, below=order.below))
    assert [line for line, _ in parts] == ["", "interaction", "visibility", "internal"]
    assert dict(parts)["interaction"][0] == "touchpoints"
    assert set(dict(parts)["internal"]) >= {"systems", "data"}
    assert [line for line, _ in sections(facts)] == ["", "visibility"]


@given(
    st.lists(st.sampled_from(LANES), unique=True),
    st.lists(
        st.builds(
            Lane,
            st.sampled_from([*LANES, "Own"]),
            before=st.sampled_from(["", *LANES, "Own"]),
            hidden=st.sampled_from([None, True, False]),
            backstage=st.sampled_from([None, True, False]),
        ),
        max_size=8,
    ),
)
def test_no_wish_loses_or_doubles_a_lane(present: list[str], choices: list[Lane]) -> None:
    found = arranged(present, choices)
    assert len(set(found.lanes)) == len(found.lanes)
    last = {choice.key: choice for choice in choices}
    for lane in present:
        hidden = last[lane].hidden if lane in last else None
        gone = hidden if hidden is not None else lane == "channels"
        assert (lane in found.lanes) is not gone
    places = [lane in found.below for lane in found.lanes]
    assert places == sorted(places), "what is behind the line stands below it"
    assert set(BACKSTAGE) & set(found.below) or any(c.backstage is False for c in choices)
