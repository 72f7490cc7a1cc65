"""What coders differ in, and what the consensus changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.measure.agreement.consensus import as_settled, differences, same_passages
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.desk import Op
from cjm_widgets.study import Study
from cjm_widgets.study.coding.review_desk import StoreReview
from cjm_widgets.study.evidence import evidence

TEXT = "The checkout failed twice. Then the delivery was quick and the driver kind."


def one(uid: str, coder: str, start: int, stop: int, **said: Any) -> Coding:
    return Coding(uid, 1, 1, start, stop, coder, **said)


@pytest.fixture
def team(new: Callable[..., Study]) -> Study:
    study = new("team.cjm", journey=["Buy", "Use"])
    study.add(pd.DataFrame({"id": ["a", "b"], "comment": [TEXT, "I compared."]}), name="shop")
    rows = [
        ("a", "ana", "The checkout failed twice.", "Buy", -2),
        ("a", "ben", "The checkout failed", "Use", -1),
        ("a", "ana", "the delivery was quick", "Use", 2),
        ("a", "ben", "the delivery was quick", "Use", 0),
        ("b", "ana", "I compared.", "Buy", 1),
    ]
    frame = pd.DataFrame(rows, columns=["id", "coder", "passage", "stage", "valence"])
    study.add_codings(frame, coder="coder")
    return study


def desk_of(study: Study, on: Any = "stage", who: str = "zoe") -> StoreReview:
    coders = ["ana", "ben"]
    return StoreReview(
        study._store, who, coders, on, lambda frame: evidence.current(frame, study.journey)
    )


def settle(desk: StoreReview, op: str, how: str, chosen: str = "", **said: Any) -> Any:
    number = desk.cases("all").items[0].id
    sheet = desk.sheet(number)
    place = next(place for place in sheet.places if desk.on in place.differs)
    row = place.settled.uid if place.settled else f"s-{op}"
    body = {"feedback": number, "place": place.id, "how": how, "chosen": chosen, **said}
    return desk.apply(Op(op, "code", row=row, seen_version=sheet.sheet.version, body=body))


def test_passages_are_the_same_when_half_of_the_shorter_one_lies_in_the_other() -> None:
    rows = [one("a", "ana", 0, 100), one("b", "ben", 0, 10), one("c", "ben", 96, 120)]
    assert [[row.uid for row in group] for group in same_passages(rows)] == [["b", "a"], ["c"]]
    assert len(same_passages([one("a", "ana", 0, 10), one("b", "ana", 0, 10)])) == 2


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("xyz"), st.integers(0, 60), st.integers(1, 30)), max_size=12
    ),
    st.randoms(),
)
def test_every_coding_is_in_one_group_whatever_their_order(rows: Any, random: Any) -> None:
    codings = [one(str(at), who, start, start + n) for at, (who, start, n) in enumerate(rows)]
    groups = same_passages(codings)
    assert sorted(row.uid for group in groups for row in group) == sorted(r.uid for r in codings)
    random.shuffle(codings)
    assert same_passages(codings) == groups


def test_coders_differ_in_stages_valences_and_codes() -> None:
    a = one("a", "ana", 0, 5, stage="buy", valence=0.5, codes=("x",))
    b = one("b", "ben", 0, 5, stage="buy", valence=0.25, codes=("x",))
    c = one("c", "ben", 0, 5, stage="use", valence=-0.5)
    assert differences([[a], [b]]) == ()
    assert differences([[a], [c]]) == ("stage", "valence", "codes")
    assert differences([[a], []]) == ("stage", "valence", "codes")
    assert differences([[a]]) == ()


def test_a_settled_passage_weighs_as_much_as_one_on_which_coders_agreed(team: Study) -> None:
    # Before: Use of text a is the mean of ana's 1 and ben's mean of −0.5 and 0.
    curve = team.curve(estimate="coded").frame.set_index("stage")
    assert curve.loc["Use", "mean"] == pytest.approx((1 - 0.25) / 2)
    desk = desk_of(team)
    assert settle(desk, "1", "coder", "ana").ok
    curve = team.curve(estimate="coded").frame.set_index("stage")
    assert curve.loc["Use", "mean"] == pytest.approx(0.5)  # ana's 1 and ben's 0
    assert curve.loc["Buy", "mean"] == pytest.approx((-1 + 0.5) / 2)  # texts a and b
    assert curve["n"].tolist() == [2, 1]
    assert set(team.coders()["kind"]) == {"human", "consensus"}
    assert len(team.codings("ben")) == 2


def test_settling_again_replaces_and_undo_brings_the_first_answer_back(team: Study) -> None:
    desk = desk_of(team)
    settle(desk, "1", "coder", "ana")
    assert settle(desk, "2", "own", stage="Use", valence=-0.5, codes=(), memo="late").ok
    assert team.settled()[["stage", "how"]].to_numpy().tolist() == [["Use", "own"]]
    team.undo("zoe")
    assert team.settled()[["stage", "chosen"]].to_numpy().tolist() == [["Buy", "ana"]]
    team.undo("zoe")
    assert team.settled().empty
    assert len(team.codings("consensus")) == 0


def test_the_same_op_again_settles_once(team: Study) -> None:
    desk = desk_of(team)
    first = settle(desk, "1", "coder", "ana")
    again = settle(desk, "1", "coder", "ana")
    assert again.ok
    assert again.seq == first.seq
    assert len(team.settled()) == 1


def test_a_new_coding_opens_a_settled_place_again(team: Study) -> None:
    desk = desk_of(team)
    settle(desk, "1", "coder", "ana")
    assert desk.open().done == 1
    more = pd.DataFrame({"id": ["a"], "passage": ["checkout failed twice"], "stage": ["Use"]})
    team.add_codings(more, coder="ben")
    place = next(place for place in desk.sheet(1).places if place.settled)
    assert place.news
    assert desk.open().done == 0


def test_agreement_leaves_the_consensus_out_and_progress_counts_it(team: Study) -> None:
    before = team.agreement().frame["value"].tolist()
    desk = desk_of(team)
    settle(desk, "1", "coder", "ana")
    assert team.agreement().frame["value"].tolist() == before
    progress = desk.progress()
    assert (progress.settled, progress.total) == (1, 1)
    assert progress.after["percent"].value == 1


def test_a_person_called_consensus_stays_a_person(team: Study) -> None:
    team.add_codings(pd.DataFrame({"id": ["b"], "stage": ["Use"]}), coder="consensus")
    settle(desk_of(team), "1", "coder", "ana")
    kinds = team.coders().set_index("coder")["kind"].to_dict()
    assert kinds["consensus"] == "human"
    assert kinds["consensus 2"] == "consensus"


def test_other_peoples_codings_are_refused_where_they_are_not_of_the_place(team: Study) -> None:
    refused = settle(desk_of(team), "1", "coder", "carl")
    assert not refused.ok
    assert refused.why == "invalid"
    assert "ana" in refused.say
    wide = settle(desk_of(team), "2", "own", start=0, stop=10_000)
    assert wide.why == "invalid"


def test_what_cannot_be_reviewed_says_so(new: Callable[..., Study], team: Study) -> None:
    with pytest.raises(NoEvidence, match="fewer than two people"):
        new("empty.cjm").review(who="zoe")
    with pytest.raises(UnknownName, match="colour"):
        team.review(who="zoe", on="colour")  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="carl"):
        team.review(who="zoe", coders=["ana", "carl"])


def test_as_settled_gives_copies_uids_of_their_own() -> None:
    codings = pd.DataFrame(
        {
            "uid": ["a", "b", "c"],
            "coder": ["ana", "ben", "consensus"],
            "feedback": 1,
            "start": [0, 0, 0],
            "stop": [5, 5, 5],
        }
    )
    settled = [{"from": ["a", "b"], "codings": ["c"], "coders": ["ana", "ben"]}]
    made = as_settled(codings, settled)
    assert made[["uid", "coder"]].to_numpy().tolist() == [["c", "ana"], ["c/1", "ben"]]
    assert as_settled(codings, []).equals(codings)


def test_differences_are_settled_in_python_too(team: Study) -> None:
    assert team.settle("a", "ana", who="zoe") == 1
    assert team.settled()[["stage", "how", "chosen", "settled_by"]].iloc[0].tolist() == [
        "Buy", "coder", "ana", "zoe",
    ]  # fmt: skip
    figures = team.settled_agreement().set_index(["measure", "when"])["value"]
    assert figures["percent", "after"] > figures["percent", "before"]
    assert team.settle("a", who="zoe", stage="Use", valence=-0.5, memo="Both.") == 1
    row = team.settled().iloc[0]
    assert [row["stage"], row["valence"], row["how"]] == ["Use", -0.5, "own"]
    assert team.settle("a", who="zoe") == 1
    assert team.settled()["how"].tolist() == ["undecided"]
    for _ in range(3):
        team.undo("zoe")
    assert not len(team.settled())
    with pytest.raises(NoEvidence, match="do not differ"):
        team.settle("b", "ana", who="zoe")
    with pytest.raises(UnknownName):
        team.settle("a", "ann", who="zoe")
    with pytest.raises(ArgumentError, match="lies between"):
        team.settle("a", who="zoe", valence=5)
    with pytest.raises(ArgumentError, match="can be given beside"):
        team.settle("a", "ana", who="zoe", stage="Use")
