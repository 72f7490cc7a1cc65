"""Many codings changed at once, memos and links: one action each, undone like all else."""

from __future__ import annotations

from typing import Any

import pytest
from store_kit import desk, everything, feedback

from cjm_widgets.errors import ArgumentError, Conflict, UnknownName
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.desk import Op, Receipt
from cjm_widgets.store import Store


def do(store: Store, coder: str, act: str, row: str | None = None, **body: Any) -> Receipt:
    op = Op(f"op{store.seq()}{act}{row}", act, row=row, body=body)  # type: ignore[arg-type]
    return desk(store, coder).apply(op)


@pytest.fixture
def coded(study: Store) -> Store:
    """Three codings of ana's, one of bob's."""
    for n, (coder, row) in enumerate((("ana", "a"), ("ana", "b"), ("ana", "c"), ("bob", "x")), 1):
        body = {"feedback": n, "start": 0, "stop": 2, "codes": ["fees"], "valence": -0.5}
        assert do(study, coder, "code", row, **body).ok
    return study


def column(store: Store, name: str) -> dict[str, Any]:
    frame = store.codings()
    return dict(zip(frame["uid"], frame[name], strict=True))


def test_a_bulk_change_is_one_action_and_one_undo(coded: Store) -> None:
    before = everything(coded)
    receipt = do(
        coded, "ana", "bulk", codings=["a", "b"], set={"stage": "Buy", "valence": 1.0},
        add_codes=["pains"], remove_codes=["fees"],
    )  # fmt: skip
    assert receipt.ok, receipt.say
    assert {row.uid for row in receipt.rows} == {"a", "b"}
    assert column(coded, "codes") == {"a": "pains", "b": "pains", "c": "fees", "x": "fees"}
    assert column(coded, "stage")["a"] == "Buy"
    assert coded.history(limit=1)[["label", "rows"]].to_numpy().tolist() == [["recode", 2]]
    coded.undo("ana")
    assert everything(coded) == before
    coded.redo("ana")
    assert column(coded, "valence")["b"] == 1.0


def test_a_bulk_removal_keeps_count_of_what_a_coder_has_done(coded: Store) -> None:
    assert do(coded, "ana", "bulk", codings=["a", "b", "a"], remove=True).ok
    assert desk(coded, "ana").open().done == 1
    assert set(column(coded, "codes")) == {"c", "x"}
    coded.undo("ana")
    assert desk(coded, "ana").open().done == 3


def test_a_bulk_change_touches_only_the_coders_own_and_all_or_nothing(coded: Store) -> None:
    before = everything(coded)
    others = do(coded, "ana", "bulk", codings=["a", "x"], set={"valence": 1.0})
    assert (others.why, others.rows) == ("invalid", ())
    assert do(coded, "ana", "remove", "b").ok
    gone = do(coded, "ana", "bulk", codings=["a", "b"], set={"valence": 1.0})
    assert gone.why == "conflict"
    assert [(row.uid, row.gone) for row in gone.rows] == [("b", True)]
    coded.undo("ana")
    assert everything(coded) == before


def test_from_python_an_editor_changes_anybodys_under_their_own_name(coded: Store) -> None:
    assert coded.recode(["a", "x"], {"set": {"valence": 0.0}}, "editor") == 2
    assert coded.recode(["a", "x"], {"set": {"valence": 0.0}}, "editor") == 0
    assert column(coded, "coder")["x"] == "bob"
    assert coded.history(limit=1)["actor"].tolist() == ["editor"]
    with pytest.raises(Conflict, match="by editor"):
        coded.undo("bob")
    coded.undo("editor")
    assert coded.undo("bob").label == "code"


def test_what_a_bulk_change_cannot_do_is_said(coded: Store) -> None:
    for body, say in (
        ({"codings": []}, "at least one"),
        ({"codings": "a"}, "list"),
        ({"codings": [3]}, "by its uid"),
        ({"codings": ["a"]}, "nothing to change"),
        ({"codings": ["a"], "set": {"start": 3}}, "any of memo, stage, valence"),
        ({"codings": ["a"], "remove": True, "add_codes": ["fees"]}, "not both"),
        ({"codings": ["a"], "add_codes": ["pains"], "remove_codes": ["pains"]}, "both added"),
        ({"codings": ["a"], "add_codes": ["nowhere"]}, "nowhere"),
        ({"codings": ["a"], "set": {"valence": 7}}, "between"),
        ({"codings": ["a"], "colour": 1}, "colour"),
    ):
        receipt = do(coded, "ana", "bulk", **body)
        assert (receipt.ok, receipt.why) == (False, "invalid"), body
        assert say in receipt.say


def test_codes_merged_meanwhile_are_followed_and_retired_ones_can_be_taken_off(
    coded: Store,
) -> None:
    coded.edit_codebook({"do": "add", "name": "New"}, "ed")
    coded.edit_codebook({"do": "merge", "code": "fees", "into": "new"}, "ed")
    assert coded.recode(["a"], {"add_codes": ["fees", "pains"]}, "ed") == 1
    assert column(coded, "codes")["a"] == "new; pains"
    coded.edit_codebook({"do": "retire", "code": "new"}, "ed")
    assert coded.recode(["a"], {"remove_codes": ["new"]}, "ed") == 1
    assert column(coded, "codes")["a"] == "pains"
    with pytest.raises(UnknownName):
        coded.recode(["a"], {"add_codes": ["new"]}, "ed")


def test_thousands_change_page_by_page_and_a_receipt_stays_small(study: Store) -> None:
    study.add([feedback([f"text {i}" for i in range(2_600)])], source="many.csv")
    ana = desk(study, "ana")
    with study.base.write() as tx:
        from cjm_widgets.store.history import journal
        from cjm_widgets.store.tables.names import live
        from cjm_widgets.store.tables.rows import CODINGS

        blank = {
            "version": 1, "start": 0, "stop": 4, "coder": ana._me, "stage": None, "valence": None,
            "memo": "", "origin": "human", "sampled_by": None, "sampled_p": None, "gone": 0,
            "codes": [live(tx, "code", "fees")],
        }  # fmt: skip
        writes = (
            journal.Write(CODINGS, f"c{i}", CODINGS.find(tx, f"c{i}"), {**blank, "feedback": i + 7})
            for i in range(2_600)
        )
        journal.record(tx, ana._me, "all", "import", writes)
    before = everything(study)
    study.edit_codebook({"do": "add", "name": "New"}, "ed")
    receipt = ana.apply(Op("m", "codebook", body={"do": "merge", "code": "fees", "into": "new"}))
    assert receipt.ok
    assert (receipt.rows, receipt.reopen) == ((), True)
    assert receipt.codes is not None
    assert {item.key: item.n for item in receipt.codes} == {"pains": 0, "new": 2_600}
    changes = ana.since(receipt.seq - 1)
    assert (changes.rows, changes.reopen) == ((), True)
    again = ana.apply(Op("m", "codebook", body={"do": "merge", "code": "fees", "into": "new"}))
    assert (again.seq, again.reopen) == (receipt.seq, True)
    assert set(column(study, "codes").values()) == {"new"}
    assert ana.apply(Op("u", "undo")).reopen
    study.undo("ed")
    assert everything(study).items() >= before.items()
    assert study.recode([f"c{i}" for i in range(2_600)], {"remove": True}, "ed") == 2_600
    assert ana.open().done == 0
    study.undo("ed")
    assert ana.open().done == 2_600


def test_memos_make_threads_that_are_changed_removed_and_undone(coded: Store) -> None:
    first = coded.add_memo(("text", "1"), "who is this?", "ana")
    coded.add_memo(("text", "1"), "the same as 3", "bob")
    coded.add_memo(("study", ""), "coding begins", "ana")
    coded.add_memo(("stage", "Buy"), "till or web?", "ana")
    assert coded.memos("text", "1")["text"].tolist() == ["who is this?", "the same as 3"]
    assert coded.memos(author="ana")["on_kind"].tolist() == ["text", "study", "stage"]
    coded.change_memo(first, "a regular?", "ana")
    coded.remove_memo(first, "ana")
    assert coded.memos("text", "1")["author"].tolist() == ["bob"]
    with pytest.raises(Conflict, match="removed"):
        coded.change_memo(first, "x", "ana")
    coded.undo("ana")
    assert coded.memos("text", "1")["text"].tolist()[0] == "a regular?"
    coded.undo("ana")
    assert coded.memos("text", "1")["text"].tolist()[0] == "who is this?"
    assert coded.notes()["text"].tolist().count("who is this?") == 1


def test_a_note_on_the_map_is_no_memo(coded: Store) -> None:
    note = coded.add_note("stage", "Buy", "faster till", "ana", lane="opportunities")
    assert len(coded.memos()) == 0
    with pytest.raises(UnknownName, match="memo"):
        coded.remove_memo(note, "ana")


def test_memos_on_what_is_not_there_are_refused(coded: Store) -> None:
    for on in (("text", "99"), ("text", "x"), ("code", "nowhere"), ("coding", "q"), ("stage", "")):
        with pytest.raises(UnknownName):
            coded.add_memo(on, "x", "ana")
    with pytest.raises(ArgumentError, match="on one of"):
        coded.add_memo(("lane", "x"), "x", "ana")
    with pytest.raises(ArgumentError, match="not empty"):
        coded.add_memo(("study", ""), " ", "ana")


def test_a_memo_on_a_coding_goes_out_of_sight_with_it_and_comes_back(coded: Store) -> None:
    coded.add_memo(("coding", "a"), "sure?", "bob")
    assert do(coded, "ana", "remove", "a").ok
    assert len(coded.memos()) == 0
    coded.undo("ana")
    assert coded.memos()["on"].tolist() == ["a"]


def test_coders_see_each_others_memos_only_where_they_do_not_tell_their_codings(
    coded: Store,
) -> None:
    assert do(coded, "ana", "memo", "m1", do="add", on=["text", "1"], text="mine").ok
    assert do(coded, "bob", "memo", "m2", do="add", on=["text", "1"], text="bob's").ok
    assert do(coded, "bob", "memo", "m3", do="add", on=["code", "fees"], text="when?").ok
    assert do(coded, "bob", "memo", "m4", do="add", on=["coding", "a"], text="no").why == "invalid"
    coded.add_memo(("coding", "a"), "see the guide", "editor")
    ana, bob = desk(coded, "ana"), desk(coded, "bob")
    assert [(m.text, m.mine) for m in ana.memos("text", "1")] == [("mine", True)]
    assert [(m.text, m.mine) for m in ana.memos("code", "fees")] == [("when?", False)]
    assert [m.author for m in ana.memos("coding", "a")] == ["editor"]
    assert bob.memos("coding", "a") == ()
    assert ana.memos("text", "1")[0].at.endswith("Z")


def test_only_its_author_changes_a_memo_from_a_desk(coded: Store) -> None:
    assert do(coded, "bob", "memo", "m", do="add", on=["code", "fees"], text="when?").ok
    assert do(coded, "ana", "memo", "m", do="change", text="never").why == "invalid"
    assert do(coded, "ana", "memo", "m", do="remove").why == "invalid"
    assert do(coded, "bob", "memo", "m", do="add", on=["study", ""], text="x").why == "invalid"
    assert do(coded, "bob", "memo", "m", do="change", text="always").ok
    assert do(coded, "bob", "memo", "m", do="change", text="always").seq == coded.seq()
    assert do(coded, "bob", "memo", "m", do="remove").ok
    assert do(coded, "bob", "memo", "m", do="remove").why == "conflict"
    assert desk(coded, "bob").memos("code", "fees") == ()


def test_links_join_passages_and_hide_with_them(coded: Store) -> None:
    uid = coded.link(("a", "x"), ("explains", "because"), "editor")
    shown = coded.links()
    assert shown[["uid", "from", "to", "kind", "text", "author"]].to_numpy().tolist() == [
        [uid, "a", "x", "explains", "because", "editor"]
    ]
    assert shown["from_passage"].tolist() == ["Th"]
    assert do(coded, "ana", "remove", "a").ok
    assert len(coded.links()) == 0
    coded.undo("ana")
    assert len(coded.links()) == 1
    coded.undo("editor")
    assert len(coded.links()) == 0
    with pytest.raises(ArgumentError, match="itself"):
        coded.link(("a", "a"), ("", ""), "ana")
    with pytest.raises(UnknownName):
        coded.link(("a", "nowhere"), ("", ""), "ana")


def test_a_desk_links_only_its_coders_own_passages(coded: Store) -> None:
    assert do(coded, "ana", "link", "l", do="add", **{"from": "a", "to": "b"}).ok
    assert do(coded, "ana", "link", "k", do="add", **{"from": "a", "to": "x"}).why == "invalid"
    assert do(coded, "ana", "link", "l", do="change", text="then").ok
    assert [(x.start, x.stop, x.text) for x in desk(coded, "ana").links(2)] == [("a", "b", "then")]
    assert desk(coded, "bob").links(4) == ()
    assert do(coded, "bob", "link", "l", do="remove").why == "invalid"
    assert do(coded, "ana", "link", "l", do="remove").ok
    assert desk(coded, "ana").links(1) == ()
    assert do(coded, "ana", "undo").ok
    assert len(desk(coded, "ana").links(1)) == 1


def test_a_row_that_is_no_name_is_refused(coded: Store) -> None:
    for row in ([], 7, "", "x" * 65, "a\0"):
        for act in ("memo", "link"):
            op = Op("odd", act, row=row, body={"do": "add", "on": ["study", ""], "text": "x"})  # type: ignore[arg-type]
            assert desk(coded, "ana").apply(op).why == "invalid"


def test_a_code_named_twice_in_a_table_of_codings_counts_once(study: Store) -> None:
    study.add_codings([Coding("", 1, 1, 0, 3, "zoe", codes=("fees", "fees"))])
    assert study.codings()["codes"].tolist() == ["fees"]
