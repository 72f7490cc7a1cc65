"""Codings follow corrected texts; what no longer fits is listed; undo brings all back."""

from __future__ import annotations

import pytest
from store_kit import desk, everything, feedback

from cjm_widgets.errors import ArgumentError, Conflict, UnknownName
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.desk import Op
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store

OLD = "INT: And then?\nAna: The chekout failed twice. Nobody came. The photos were good."
NEW = (
    "INT: And then?\nAna: Well, the checkout failed twice! Somebody else entirely. "
    "The photos were good."
)


@pytest.fixture
def coded(store: Store) -> Store:
    """Three passages of one interview, by two coders."""
    store.set_journey(Journey.of("buy", "use"), "ana")
    store.add([feedback([OLD, "other"], id=["1", "2"])], source="s")
    codings = [
        Coding(
            "", 1, 1, *span("The chekout failed twice"), "ana", stage="buy", valence=-1, memo="m"
        ),
        Coding("", 1, 1, *span("Nobody came"), "bo", stage="use"),
        Coding("", 1, 1, *span("photos were good"), "bo", valence=1),
    ]
    store.add_codings(codings)
    return store


def span(words: str) -> tuple[int, int]:
    return OLD.index(words), OLD.index(words) + len(words)


def passages(store: Store) -> list[tuple[str, int]]:
    frame = store.codings()
    return sorted(zip(frame["passage"], frame["version"], strict=True))


CORRECTED = [
    ("Nobody came", 1),
    ("photos were good", 2),
    ("the checkout failed twice", 2),
]


def test_codings_follow_an_import_of_corrected_words(coded: Store) -> None:
    before = everything(coded)
    count = coded.add([feedback([NEW, "other"], id=["1", "2"])], source="s")
    assert (count.changed, count.followed, count.misfits) == (1, 2, 1)
    assert passages(coded) == CORRECTED
    kept = coded.codings("ana").iloc[0]
    assert (kept["stage"], kept["valence"], kept["memo"]) == ("buy", -1, "m")
    coded.undo("import")
    after = everything(coded)
    changed = {key for key, image in after.items() if before.get(key) != image}
    assert {key[0] for key in changed} <= {"batch"}
    coded.redo("import")
    assert passages(coded) == CORRECTED


def test_what_does_not_fit_is_listed_with_the_best_guess(coded: Store) -> None:
    coded.add([feedback([NEW], id=["1"])], source="s")
    listed = coded.misfits()
    assert listed[["coder", "id", "words"]].to_numpy().tolist() == [["bo", "1", "Nobody came"]]
    row = listed.iloc[0]
    assert row["why"] in ("gone", "changed")
    assert 0 <= row["kept"] < 0.6
    assert NEW[row["start"] : row["stop"]] == row["now"]


def test_words_that_come_back_take_their_codings_with_them(coded: Store) -> None:
    coded.add([feedback([NEW], id=["1"])], source="s")
    count = coded.add([feedback([OLD], id=["1"])], source="s")
    assert (count.followed, count.misfits) == (3, 0)
    assert [version for _, version in passages(coded)] == [3, 3, 3]
    assert len(coded.misfits()) == 0


def test_a_text_is_corrected_by_hand_and_back(coded: Store) -> None:
    done = coded.correct(1, NEW, "eva")
    assert (done.followed, done.misfits) == (2, 1)
    assert passages(coded) == CORRECTED
    assert coded.turns([1])["speaker"].tolist() == ["INT", "Ana"]
    assert coded.correct(1, NEW, "eva").seq == 0
    assert coded.undo("eva").label == "correct"
    assert [version for _, version in passages(coded)] == [1, 1, 1]
    with pytest.raises(ArgumentError):
        coded.correct(1, " ", "eva")
    with pytest.raises(UnknownName):
        coded.correct(99, "words", "eva")


def test_a_correction_that_somebody_has_built_on_is_not_undone(coded: Store) -> None:
    coded.correct(1, NEW, "eva")
    coded.add_codings([Coding("", 1, 2, 0, 3, "zoe")])
    with pytest.raises(Conflict, match="newer"):
        coded.undo("eva")
    assert passages(coded)[1:] != []


def test_coding_a_text_that_was_just_replaced_is_kept_and_can_follow(coded: Store) -> None:
    ana = desk(coded)
    ana.open()
    coded.add([feedback([NEW], id=["1"])], source="s")
    start, stop = span("photos were")
    op = Op(
        op="o1", act="code", row="f" * 32, seen_version=1,
        body={"feedback": 1, "start": start, "stop": stop, "stage": "use"},
    )  # fmt: skip
    receipt = ana.apply(op)
    assert receipt.ok
    assert receipt.stale
    assert ("photos were", 1) in passages(coded)
    assert "behind" in coded.misfits()["why"].tolist()
    done = coded.follow_corrections("eva")
    assert (done.followed, done.misfits) == (1, 1)
    assert ("photos were", 2) in passages(coded)
    coded.undo("eva")
    assert ("photos were", 1) in passages(coded)


def test_a_coding_that_moved_can_still_be_edited_by_its_coder(coded: Store) -> None:
    coded.add([feedback([NEW], id=["1"])], source="s")
    uid = coded.codings("ana")["uid"].iloc[0]
    bo = desk(coded, "ana")
    bo.open()
    base = bo.text(1).codings[0].rev
    receipt = bo.apply(Op(op="o2", act="edit", row=uid, base=base, body={"valence": 0.5}))
    assert receipt.ok
    with pytest.raises(Conflict):
        coded.undo("import")


def test_a_text_is_named_by_its_own_id_or_number(coded: Store) -> None:
    assert coded.text_number("2") == 2
    assert coded.text_number(1) == 1
    coded.add([feedback(["x"], id=["2"])], source="another")
    with pytest.raises(ArgumentError, match="different"):
        coded.text_number("2")
    with pytest.raises(UnknownName):
        coded.text_number("nothing")
