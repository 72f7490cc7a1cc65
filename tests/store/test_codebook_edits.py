"""The codebook as people edit it: every edit one action, one undo, and nothing of theirs lost."""

from __future__ import annotations

from typing import Any

import pytest
from store_kit import desk, everything

from cjm_widgets.errors import ArgumentError, Conflict, UnknownName
from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.model.desk import Notice, Op, Receipt
from cjm_widgets.store import Store


def tree(store: Store) -> list[tuple[str, str | None]]:
    return [(code.key, code.parent) for code in store.codebook()]


def code(store: Store, coder: str, row: str, *codes: str, text: int = 1) -> Receipt:
    body = {"feedback": text, "start": 0, "stop": 3, "codes": list(codes)}
    receipt = desk(store, coder).apply(Op(f"op-{row}", "code", row=row, body=body))
    assert receipt.ok, receipt.say
    return receipt


def edit(store: Store, coder: str = "ana", **body: Any) -> Receipt:
    receipt = desk(store, coder).apply(Op(f"e{store.seq()}{body['do']}", "codebook", body=body))
    assert receipt.ok, receipt.say
    return receipt


def codes_of(store: Store) -> dict[str, str]:
    frame = store.codings()
    return dict(zip(frame["uid"], frame["codes"], strict=True))


def test_a_code_is_added_under_another_and_before_one(study: Store) -> None:
    receipt = edit(study, do="add", name="Échec du paiement", parent="pains", before="fees")
    assert tree(study) == [("pains", None), ("echec-du-paiement", "pains"), ("fees", "pains")]
    assert receipt.codes is not None
    assert [item.key for item in receipt.codes] == [key for key, _ in tree(study)]
    made = study.codebook().code("Échec du paiement")
    assert made.kind == "pain"  # its parent's
    assert made.colour.startswith("#")
    assert study.history(limit=1)["label"].tolist() == ["add_code"]
    edit(study, do="add", name="Échec du paiement")  # the same name elsewhere
    assert study.codebook().codes[-1].key == "echec-du-paiement-2"
    study.undo("ana")
    study.undo("ana")
    assert tree(study) == [("pains", None), ("fees", "pains")]


def test_codes_come_between_others_again_and_again(study: Store) -> None:
    keys = [edit(study, do="add", name=f"n{i}", key=f"n{i}", before="pains") for i in range(14)]
    assert all(keys)
    assert [key for key, parent in tree(study) if parent is None] == [
        *(f"n{i}" for i in range(14)),
        "pains",
    ]


def test_a_code_keeps_its_key_whatever_it_is_called(study: Store) -> None:
    code(study, "bob", "a", "fees")
    edit(study, do="change", code="fees", name="Hidden costs", definition="Not told before.")
    made = study.codebook().code("hidden costs")
    assert (made.key, made.definition, made.kind) == ("fees", "Not told before.", "pain")
    assert codes_of(study) == {"a": "fees"}
    study.undo("ana")
    assert study.codebook().code("fees").name == "Fees"


def test_moving_takes_along_what_stands_below_and_makes_no_circle(study: Store) -> None:
    edit(study, do="add", name="Top")
    edit(study, do="move", code="pains", parent="top", before=None)
    assert tree(study) == [("top", None), ("pains", "top"), ("fees", "pains")]
    for parent in ("fees", "pains"):
        with pytest.raises(ArgumentError, match="under itself"):
            study.edit_codebook({"do": "move", "code": "pains", "parent": parent}, "ana")
    edit(study, do="move", code="fees", parent=None, before="top")
    assert tree(study) == [("fees", None), ("top", None), ("pains", "top")]


def test_undoing_moves_of_two_people_makes_no_circle(study: Store) -> None:
    edit(study, "ana", do="add", name="Joy")
    edit(study, "bob", do="move", code="joy", parent="pains")
    study.undo("bob")
    edit(study, "ana", do="move", code="pains", parent="joy")
    with pytest.raises(Conflict, match="stand under itself"):
        study.redo("bob")
    assert tree(study) == [("joy", None), ("pains", "joy"), ("fees", "pains")]


def test_merging_takes_over_codings_memos_and_children_and_undo_gives_all_back(
    study: Store,
) -> None:
    edit(study, do="add", name="Price")
    edit(study, do="add", name="Sale", parent="price")
    code(study, "ana", "a", "price")
    code(study, "bob", "b", "price", "fees")
    code(study, "bob", "c", "fees", text=2)
    gone = code(study, "bob", "d", "price", text=3)
    assert desk(study, "bob").apply(Op("rm", "remove", row="d", base=gone.seq)).ok
    study.add_memo(("code", "price"), "too broad?", "bob")
    before = everything(study)
    receipt = edit(study, do="merge", code="price", into="fees")
    assert codes_of(study) == {"a": "fees", "b": "fees", "c": "fees"}
    assert [row.uid for row in receipt.rows] == ["a"]  # others' codings are not shown
    assert tree(study) == [("pains", None), ("fees", "pains"), ("sale", "fees")]
    assert study.memos("code", "fees")["text"].tolist() == ["too broad?"]
    assert study.retired_codes()[["code", "merged_into"]].to_numpy().tolist() == [["price", "fees"]]
    study.undo("ana")
    assert everything(study) == before
    study.redo("ana")
    assert codes_of(study) == {"a": "fees", "b": "fees", "c": "fees"}
    # What was removed before the merge comes back with the code that is left.
    assert [study.undo("bob").label for _ in range(2)] == ["memo", "remove"]
    assert codes_of(study)["d"] == "fees"
    with pytest.raises(Conflict, match="by bob"):
        study.undo("ana")


def test_a_parent_is_merged_into_its_grandchild(study: Store) -> None:
    edit(study, do="add", name="Deep", parent="fees")
    edit(study, do="add", name="Side", parent="pains")
    edit(study, do="merge", code="pains", into="deep")
    assert tree(study) == [("deep", None), ("fees", "deep"), ("side", "deep")]
    study.undo("ana")
    assert dict(tree(study)) == {"pains": None, "fees": "pains", "deep": "fees", "side": "pains"}


def test_several_codes_merge_in_one_action(study: Store) -> None:
    for name in ("A", "B", "C"):
        edit(study, do="add", name=name)
    code(study, "ana", "x", "a", "b")
    code(study, "ana", "y", "b", "c", text=2)
    edit(study, do="merge", code=["a", "b"], into="c")
    assert codes_of(study) == {"x": "c", "y": "c"}
    for bad in (["c"], [], "c"):
        with pytest.raises(ArgumentError, match="besides"):
            study.edit_codebook({"do": "merge", "code": bad, "into": "c"}, "ana")


def test_a_code_another_coder_merged_meanwhile_gives_way(study: Store) -> None:
    ana, bob = desk(study, "ana"), desk(study, "bob")
    ana.open(), bob.open()
    edit(study, "bob", do="add", name="Price")
    edit(study, "bob", do="merge", code="fees", into="price")
    edit(study, "bob", do="add", name="Cost")
    edit(study, "bob", do="merge", code="price", into="cost")
    body = {"feedback": 1, "start": 0, "stop": 3, "codes": ["fees", "pains"], "memo": "kept"}
    receipt = ana.apply(Op("late", "code", row="late", body=body))
    assert receipt.ok
    assert receipt.notices == (Notice("merged", "fees", "cost"),)
    assert receipt.rows[0].codes == ("cost", "pains")
    assert codes_of(study) == {"late": "cost; pains"}
    assert ana.since(0).reopen


def test_a_code_another_coder_retired_meanwhile_is_kept_and_said(study: Store) -> None:
    ana = desk(study, "ana")
    ana.open()
    edit(study, "bob", do="retire", code="fees")
    body = {"feedback": 1, "start": 0, "stop": 3, "codes": ["fees"], "memo": "kept"}
    receipt = ana.apply(Op("late", "code", row="late", body=body))
    assert receipt.ok
    assert receipt.notices == (Notice("retired", "fees"),)
    assert codes_of(study) == {"late": "fees"}
    again = ana.apply(Op("more", "edit", row="late", base=receipt.seq, body={"codes": ["fees"]}))
    assert again.ok
    assert again.notices == ()  # it had it already


def test_a_code_whose_creation_was_undone_is_refused_and_nothing_is_written(study: Store) -> None:
    edit(study, "bob", do="add", name="New")
    ana = desk(study, "ana")
    ana.open()
    study.undo("bob")
    body = {"feedback": 1, "start": 0, "stop": 3, "codes": ["new"]}
    receipt = ana.apply(Op("late", "code", row="late", body=body))
    assert (receipt.ok, receipt.why) == (False, "invalid")
    assert ana.apply(Op("late2", "code", row="late", body={**body, "codes": []})).ok


def test_a_code_in_use_stays_when_its_maker_wants_to_undo_it(study: Store) -> None:
    edit(study, "bob", do="add", name="New")
    code(study, "ana", "a", "new")
    with pytest.raises(Conflict, match="codings use the code 'new'"):
        study.undo("bob")


def test_an_edit_from_before_a_merge_is_no_conflict(study: Store) -> None:
    first = code(study, "ana", "a", "fees")
    edit(study, "bob", do="add", name="Price")
    edit(study, "bob", do="merge", code="fees", into="price")
    ana = desk(study, "ana")
    by_number = ana.apply(Op("e1", "edit", row="a", base=first.seq, body={"valence": -1.0}))
    assert by_number.ok, by_number.say
    assert by_number.rows[0].codes == ("price",)
    by_op = ana.apply(Op("e2", "edit", row="a", base="op-a", body={"memo": "x"}))
    assert by_op.why == "conflict"  # the coder's own edit came between
    late = ana.apply(Op("e3", "edit", row="a", base="e1", body={"codes": ["fees", "pains"]}))
    assert late.rows[0].codes == ("pains", "price")


def test_undo_of_an_edit_follows_codes_that_were_merged_since(study: Store) -> None:
    first = code(study, "ana", "a", "fees")
    ana = desk(study, "ana")
    assert ana.apply(Op("e", "edit", row="a", base=first.seq, body={"codes": []})).ok
    edit(study, "bob", do="add", name="Price")
    edit(study, "bob", do="merge", code="fees", into="price")
    assert ana.apply(Op("u", "undo")).rows[0].codes == ("price",)
    assert codes_of(study) == {"a": "price"}
    assert ana.apply(Op("r", "redo")).ok
    assert codes_of(study) == {"a": ""}


def test_splitting_gives_each_coding_its_part_and_retires_what_is_empty(study: Store) -> None:
    code(study, "ana", "a", "fees", "pains")
    code(study, "ana", "b", "fees", text=2)
    before = everything(study)
    parts = ["Late fees", {"name": "Card fees", "definition": "By the bank.", "key": "card"}]
    receipt = edit(
        study,
        do="split",
        code="fees",
        into=parts,
        codings={"a": ["late-fees", "card"], "b": ["Card fees"]},
    )
    assert codes_of(study) == {"a": "card; late-fees; pains", "b": "card"}
    assert tree(study) == [("pains", None), ("late-fees", "pains"), ("card", "pains")]
    assert {row.uid for row in receipt.rows} == {"a", "b"}
    assert study.codebook().code("card").kind == "pain"
    study.undo("ana")
    shown = everything(study)
    assert {k: shown[k] for k in before} == before
    study.redo("ana")
    assert codes_of(study) == {"a": "card; late-fees; pains", "b": "card"}


def test_a_code_between_close_neighbours_is_split_until_it_is_empty(store: Store) -> None:
    store.set_codebook(Codebook((Code("fees", "Fees"), Code("pains", "Pains"))), "boss")
    before = everything(store)
    edit(store, do="split", code="fees", into=["Late", "Card"])
    assert tree(store) == [("late", None), ("card", None), ("pains", None)]
    store.undo("ana")
    shown = everything(store)
    assert {k: shown[k] for k in before} == before


def test_a_split_from_a_desk_leaves_the_codings_of_others(study: Store) -> None:
    code(study, "ana", "a", "fees")
    code(study, "bob", "b", "fees")
    body = {"do": "split", "code": "fees", "into": ["Late"], "codings": {"b": ["Late"]}}
    refused = desk(study, "ana").apply(Op("s1", "codebook", body=body))
    assert (refused.why, refused.rows) == ("invalid", ())
    edit(study, do="split", code="fees", into=["Late"], codings={"a": ["Late"]})
    assert codes_of(study) == {"a": "late", "b": "fees"}
    assert [key for key, _ in tree(study)] == ["pains", "fees", "late"]


def test_retiring_moves_children_up_and_reviving_brings_the_code_back(study: Store) -> None:
    code(study, "ana", "a", "pains")
    edit(study, do="retire", code="pains")
    assert tree(study) == [("fees", None)]
    assert codes_of(study) == {"a": "pains"}
    with pytest.raises(Conflict, match="retired"):
        study.edit_codebook({"do": "change", "code": "pains", "name": "x"}, "ana")
    edit(study, do="revive", code="Pains")
    assert [key for key, _ in tree(study)] == ["fees", "pains"]
    study.undo("ana")
    study.undo("ana")
    assert tree(study) == [("pains", None), ("fees", "pains")]


def test_what_makes_no_sense_is_refused_with_a_remedy(study: Store) -> None:
    before = everything(study)
    for body, error, say in (
        ({"do": "paint"}, ArgumentError, "add, change, move"),
        ({"do": "add", "name": " "}, ArgumentError, "not empty"),
        ({"do": "add", "name": "fees", "parent": "pains"}, ArgumentError, "merge the two"),
        ({"do": "add", "name": "x", "key": "fees"}, ArgumentError, "another key"),
        ({"do": "add", "name": "x", "kind": "mood"}, UnknownName, "mood"),
        ({"do": "add", "name": "x", "colour": "red"}, ArgumentError, "#rrggbb"),
        ({"do": "add", "name": "x", "colour": []}, ArgumentError, "#rrggbb"),
        ({"do": "add", "name": "x", "parent": "nowhere"}, UnknownName, "nowhere"),
        ({"do": "add", "name": "x", "size": 3}, ArgumentError, "size"),
        ({"do": "change", "code": "nowhere"}, UnknownName, "nowhere"),
        ({"do": "move", "code": "fees", "before": "fees"}, ArgumentError, "before itself"),
        ({"do": "move", "code": "pains", "before": "fees"}, ArgumentError, "'before' is one of"),
        ({"do": "split", "code": "fees", "into": []}, ArgumentError, "list of new codes"),
        ({"do": "split", "code": "fees", "into": [3]}, ArgumentError, "a name, or a mapping"),
    ):
        with pytest.raises(error, match=say):
            study.edit_codebook(body, "ana")
    assert everything(study) == before
    assert study.edit_codebook({"do": "change", "code": "fees", "name": "Fees"}, "x")[0] is None
    assert "x" not in set(study.history()["actor"])


def test_the_same_words_taken_as_a_code_by_two_coders_are_one_code(study: Store) -> None:
    edit(study, "ana", do="add", name="so slow", key="so-slow")
    seq = study.seq()
    again = edit(study, "bob", do="add", name="so slow", key="so-slow")
    assert (again.ok, study.seq()) == (True, seq)


def test_an_edit_of_codes_is_done_once_and_undone_after_a_restart(place: str) -> None:
    with Store.open(place) as store:
        op = Op("once", "codebook", body={"do": "add", "name": "Twice"})
        first = desk(store, "ana").apply(op)
    with Store.open(place) as store:
        again = desk(store, "ana").apply(op)
        assert (again.ok, again.seq) == (True, first.seq)
        assert [code.name for code in store.codebook()] == ["Twice"]
        assert desk(store, "ana").apply(Op("u", "undo", expect="once")).codes == ()
        assert len(store.codebook()) == 0
