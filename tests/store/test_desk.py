"""A coder's desk, the same on both engines."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from store_kit import TEXTS, desk, everything, feedback

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.model.desk import Desk, Op, Query, plain
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store


def op(name: str, act: str, row: str | None = None, **rest: Any) -> Op:
    return Op(name, act, row=row, **rest)  # type: ignore[arg-type]


def new(name: str, text: int = 1, start: int = 0, stop: int = 5, **says: Any) -> Op:
    return op(
        name, "code", f"r-{name}", body={"feedback": text, "start": start, "stop": stop, **says}
    )


def test_the_desk_is_what_the_widget_expects(study: Store) -> None:
    made: Desk = desk(study)
    opening = made.open()
    assert opening.coder == "ana"
    assert opening.study == study.uid
    assert (opening.total, opening.done) == (6, 0)
    assert [stage.key for stage in opening.stages] == ["Search", "Buy", "Use"]
    assert [(code.key, code.parent) for code in opening.codes] == [
        ("pains", None),
        ("fees", "pains"),
    ]
    assert [(f.key, f.values) for f in opening.filters] == [("channel", ("call", "mail"))]
    assert opening.seq == 3
    plain(opening)


def test_coding_editing_and_removing_give_receipts_with_the_rows(study: Store) -> None:
    made = desk(study)
    first = made.apply(new("a", stage="Buy", valence=-0.5, codes=["fees", "pains"], memo="hm"))
    assert first.ok, first.say
    (row,) = first.rows
    assert (row.uid, row.feedback, row.version, row.start, row.stop) == ("r-a", 1, 1, 0, 5)
    assert (row.stage, row.valence, row.codes, row.memo) == ("Buy", -0.5, ("fees", "pains"), "hm")
    assert row.rev == first.seq == 4
    assert first.top.undo.op == "a"
    assert first.top.redo is None
    edit = made.apply(op("b", "edit", "r-a", base="a", body={"stage": None, "codes": []}))
    assert (edit.rows[0].stage, edit.rows[0].codes, edit.rows[0].valence) == (None, (), -0.5)
    gone = made.apply(op("c", "remove", "r-a", base=edit.seq))
    assert gone.rows[0].gone
    assert made.text(1).codings == ()
    assert made.open().done == 0
    back = made.apply(op("d", "undo", expect="c"))
    assert not back.rows[0].gone
    assert made.text(1).codings == edit.rows
    assert back.top.undo.op == "b"
    assert back.top.redo.op == "c"


def test_the_same_op_again_gives_the_first_receipt_and_writes_nothing(study: Store) -> None:
    made = desk(study)
    for each in (
        new("a", stage="Buy"),
        op("b", "edit", "r-a", base="a", body={"memo": "x"}),
        op("c", "undo"),
        op("d", "redo"),
    ):
        first = made.apply(each)
        before = everything(study)
        again = made.apply(each)
        assert first.ok
        assert again == first
        assert everything(study) == before


def test_undo_and_redo_walk_the_whole_way_back_and_forth(study: Store) -> None:
    made = desk(study)
    states = [made.text(1).codings]
    for i, each in enumerate(
        (
            new("a", stage="Buy", codes=["fees"]),
            new("b", start=2, stop=9),
            op("c", "edit", "r-a", body={"start": 1, "stop": 8, "codes": ["pains"]}),
            op("d", "remove", "r-b"),
        )
    ):
        assert made.apply(each).ok, i
        states.append(made.text(1).codings)
    for i in range(4):
        assert made.apply(op(f"u{i}", "undo")).ok
        assert made.text(1).codings == states[3 - i]
    assert made.apply(op("u9", "undo", expect="a")).why == "moved"
    assert made.open().done == 0
    for i in range(4):
        assert made.apply(op(f"v{i}", "redo")).ok
        assert made.text(1).codings == states[i + 1]
    assert made.apply(op("v9", "redo")).why == "moved"


def test_something_new_drops_what_could_be_redone(study: Store) -> None:
    made = desk(study)
    made.apply(new("a"))
    made.apply(op("b", "undo"))
    receipt = made.apply(new("c"))
    assert receipt.top.redo is None
    assert made.apply(op("d", "redo")).why == "moved"
    assert study.history("ana")["state"].tolist()[:3] == ["done", "past", "dropped"]


def test_undo_of_another_kernels_newer_action_is_refused_as_moved(study: Store) -> None:
    one, two = desk(study), desk(study)
    one.apply(new("a"))
    two.apply(new("b", start=6, stop=9))
    refused = one.apply(op("c", "undo", expect="a"))
    assert (refused.ok, refused.why) == (False, "moved")
    assert refused.top.undo.op == "b"
    assert len(one.text(1).codings) == 2
    assert one.apply(op("c", "undo", expect="b")).ok


def test_an_edit_built_on_an_old_state_is_a_conflict_and_shows_the_new_one(study: Store) -> None:
    one, two = desk(study), desk(study)
    rev = one.apply(new("a", stage="Buy")).rows[0].rev
    two.apply(op("b", "edit", "r-a", base=rev, body={"stage": "Use"}))
    for base in (rev, "a", "unheard-of"):
        refused = one.apply(op(f"c{base}", "edit", "r-a", base=base, body={"memo": "late"}))
        assert (refused.ok, refused.why) == (False, "conflict")
        assert refused.rows[0].stage == "Use"
    assert one.apply(op("d", "edit", "r-a", base="b", body={"memo": "seen"})).ok
    one.apply(op("e", "undo"))
    # What the undo left is the state that op b left.
    assert one.apply(op("f", "edit", "r-a", base="e", body={"memo": "again"})).ok


def test_a_coding_may_be_changed_by_its_coder_only_and_others_do_not_see_it(study: Store) -> None:
    ana, bob = desk(study), desk(study, "bob")
    ana.apply(new("a", stage="Buy", codes=["fees"]))
    assert bob.text(1).codings == ()
    assert bob.open().done == 0
    assert [stage.n for stage in bob.open().stages] == [0, 0, 0]
    assert [stage.n for stage in ana.open().stages] == [0, 1, 0]
    assert [code.n for code in ana.open().codes] == [0, 1]
    assert bob.page(Query(status="todo")).items[0].stages == ()
    assert bob.apply(op("b", "edit", "r-a", body={"memo": "x"})).why == "invalid"
    assert bob.apply(op("c", "remove", "r-a")).why == "invalid"
    assert bob.apply(op("a", "undo")).why == "invalid"
    assert bob.apply(op("d", "undo")).why == "moved"
    assert bob.since(0).rows == ()


BAD = {
    "no such text": {"feedback": 99},
    "no text": {"feedback": None},
    "a text of another kind": {"feedback": "1"},
    "a huge text": {"feedback": 2**70},
    "an empty range": {"start": 5, "stop": 5},
    "a range beyond the text": {"stop": 10_000},
    "a negative range": {"start": -1},
    "a range of floats": {"stop": 3.0},
    "a flag": {"stop": True},
    "an unknown stage": {"stage": "Byu"},
    "a stage of another kind": {"stage": 3},
    "an unknown code": {"codes": ["fees", "nope"]},
    "codes as a text": {"codes": "fees"},
    "a valence beyond 1": {"valence": 1.5},
    "a valence that is none": {"valence": float("nan")},
    "a valence as text": {"valence": "1"},
    "a memo with NUL": {"memo": "a\0b"},
    "a memo with half a pair": {"memo": "a\ud800"},
    "an endless memo": {"memo": "x" * 30_000},
    "a memo of another kind": {"memo": None},
    "an origin of files": {"origin": "import"},
    "an unknown word": {"colour": "red"},
}


def test_what_cannot_be_is_refused_by_a_receipt_and_writes_nothing(study: Store) -> None:
    made = desk(study)
    before = everything(study)
    for i, (what, says) in enumerate(BAD.items()):
        body = {"feedback": 1, "start": 0, "stop": 5, **says}
        receipt = made.apply(op(f"x{i}", "code", f"r{i}", body=body))
        assert (receipt.ok, receipt.why) == (False, "invalid"), what
        assert receipt.say, what
    for bad in (
        op("y1", "code", None, body={"feedback": 1, "start": 0, "stop": 2}),
        op("y2", "code", "x" * 99, body={"feedback": 1, "start": 0, "stop": 2}),
        op("y3", "dance", "r"),
        op("", "code", "r", body={"feedback": 1, "start": 0, "stop": 2}),
        op("y4", "code", "r", body=[]),
        op("y5", "code", "r", seen_version=7, body={"feedback": 1, "start": 0, "stop": 2}),
    ):
        assert made.apply(bad).why == "invalid", bad
    assert made.apply(op("z", "edit", "never", body={"memo": "x"})).why == "conflict"
    assert everything(study) == before
    assert study.history()["seq"].tolist()[0] == 3


def test_a_coding_cannot_be_made_twice_nor_edited_after_removal(study: Store) -> None:
    made = desk(study)
    made.apply(new("a"))
    assert (
        made.apply(op("b", "code", "r-a", body={"feedback": 1, "start": 0, "stop": 2})).why
        == "invalid"
    )
    made.apply(op("c", "remove", "r-a"))
    assert made.apply(op("d", "edit", "r-a", body={"memo": "x"})).why == "conflict"
    assert made.apply(op("e", "remove", "r-a")).why == "conflict"
    made.apply(op("f", "undo"))
    made.apply(op("g", "undo"))
    # Its creation undone, the name is free again.
    assert made.apply(op("h", "code", "r-a", body={"feedback": 2, "start": 0, "stop": 2})).ok


def test_an_edit_may_move_a_coding_to_the_newer_text(store: Store) -> None:
    store.add([feedback(["one two"], id=["1"])], source="s")
    made = desk(store)
    made.apply(new("a", stop=7))
    store.add([feedback(["one"], id=["1"])], source="s")
    assert made.apply(op("b", "edit", "r-a", body={"memo": "x"})).stale
    assert (
        made.apply(op("c", "edit", "r-a", seen_version=2, body={"start": 0, "stop": 7})).why
        == "invalid"
    )
    moved = made.apply(op("d", "edit", "r-a", seen_version=2, body={"start": 0, "stop": 3}))
    assert (moved.ok, moved.stale, moved.rows[0].version) == (True, False, 2)
    assert made.text(1).version == 2


def test_a_text_comes_with_its_attributes_and_sentences(store: Store) -> None:
    frame = feedback(
        ["Bonjour."], respondent=["r7"], at=["2024-05-01"], channel=["mail"], persona=["new"]
    )
    store.add([frame], source="s")
    sheet = desk(store).text(1)
    assert sheet.title == "r7"
    assert sheet.sentences == ((0, 8),)
    assert sheet.attributes == (("channel", "mail"), ("date", "2024-05-01"), ("persona", "new"))
    with pytest.raises(UnknownName):
        desk(store).text(2)


def walk(made: Any, query: Query, limit: int) -> list[int]:
    found, after = [], None
    while True:
        page = made.page(query, after=after, limit=limit)
        found += [item.id for item in page.items]
        if page.after is None:
            return found
        after = page.after


def test_pages_walk_through_all_that_fits_forth_and_back(study: Store) -> None:
    made = desk(study)
    made.apply(new("a", text=2, stage="Buy"))
    made.apply(new("b", text=5, stop=2, stage="Use"))
    for query, wanted in (
        (Query(), [1, 2, 3, 4, 5, 6]),
        (Query(status="todo"), [1, 3, 4, 6]),
        (Query(status="done"), [2, 5]),
        (Query(filters={"channel": "mail"}), [1, 3, 5]),
        (Query(status="todo", filters={"channel": "mail"}), [1, 3]),
        (Query(filters={"channel": "fax"}), []),
        (Query(filters={"nothing": "x"}), []),
        (Query(search="ok"), [4, 5]),
        (Query(status="todo", search="ok"), [4]),
        (Query(search="ok", filters={"channel": "mail"}), [5]),
    ):
        for limit in (1, 2, 30):
            assert walk(made, query, limit) == wanted, (query, limit)
        back, before = [], 1_000
        while before is not None:
            page = made.page(query, before=before, limit=2)
            back = [item.id for item in page.items] + back
            before = page.before
        assert back == wanted
    first = made.page(Query(), limit=2)
    assert (first.before, first.after) == (None, 2)
    middle = made.page(Query(), after=2, limit=2)
    assert (middle.before, middle.after) == (3, 4)
    item = made.page(Query()).items[1]
    assert (item.stages, item.n, item.channel) == (("Buy",), 1, "call")
    assert item.preview == TEXTS[1]
    with pytest.raises(ArgumentError):
        made.page(Query(), limit=0)
    with pytest.raises(ArgumentError):
        made.page(Query(status="maybe"))  # type: ignore[arg-type]


def test_jumps_and_next_find_their_way(study: Store) -> None:
    made = desk(study)
    assert [i.id for i in made.around(Query(), 3, 2).items] == [3, 4]
    assert [i.id for i in made.around(Query(), 6, 4).items] == [3, 4, 5, 6]
    assert [i.id for i in made.around(Query(), 99, 4).items] == [3, 4, 5, 6]
    assert [i.id for i in made.around(Query(status="done"), 1).items] == []
    made.apply(new("a", text=2))
    assert made.next(Query(status="todo"), 1).id == 3
    assert made.next(Query(status="todo"), 6) is None
    assert made.next(Query(), 0).id == 1


def test_search_finds_folded_beginnings_of_words(study: Store) -> None:
    study.add(
        [feedback(["L’été à Œuvre-sur-Mer, ça coûte 12€ !", "naïve façade", "c_267 東京"])],
        source="t",
    )
    made = desk(study)
    for words, wanted in (
        ("search", [1]),
        ("SEAR", [1]),
        ("earch", []),
        ("cafe", [3]),
        ("café", [3]),
        ("paiement refuse", [2]),
        ("refusé PAIE", [2]),
        ("paiement lovely", []),
        ("ete", [7]),
        ("oeuvre mer", [7]),
        ("12", [7]),
        ("facade", [8]),
        ("naive FAÇ", [8]),
        ("267", [9]),
        ("東", [9]),
        ("!!!", []),
        ("'); DROP TABLE words; --", []),
        ('"ok" OR late*', []),
        ("the box", [6]),
        ("  ", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ):
        assert [i.id for i in made.page(Query(search=words)).items] == wanted, words


def test_the_search_index_follows_new_changed_and_undone_texts(store: Store) -> None:
    made = desk(store)

    def found(words: str) -> list[int]:
        return [item.id for item in made.page(Query(search=words)).items]

    assert found("one") == []
    store.add([feedback(["one fish", "two fish"], id=["1", "2"])], source="s")
    assert found("fish") == [1, 2]
    store.add([feedback(["one bird", "red fish"], id=["1", "3"])], source="s")
    assert found("fish") == [2, 3]
    assert found("bird") == [1]
    store.undo("import")
    assert found("fish") == [1, 2]
    assert found("bird") == []
    store.redo("import")
    assert found("fish") == [2, 3]
    store.add([feedback(["blue whale"])], source="t")
    assert found("whale") == [4]


def test_a_filter_follows_changed_and_undone_attributes(store: Store) -> None:
    made = desk(store)

    def found(value: str) -> list[int]:
        return [item.id for item in made.page(Query(filters={"plan": value})).items]

    store.add([feedback(["a", "b"], id=["1", "2"], plan=["free", "paid"])], source="s")
    assert (found("free"), found("paid")) == ([1], [2])
    store.add([feedback(["a", "b"], id=["1", "2"], plan=["paid", "paid"])], source="s")
    assert (found("free"), found("paid")) == ([], [1, 2])
    store.undo("import")
    assert (found("free"), found("paid")) == ([1], [2])


def test_since_tells_what_another_kernel_did(study: Store) -> None:
    one, two = desk(study), desk(study)
    seq = one.open().seq
    assert one.since(seq).rows == ()
    two.apply(new("a", stage="Buy"))
    two.apply(new("b", start=6, stop=9))
    two.apply(op("c", "remove", "r-a"))
    changes = one.since(seq)
    assert changes.seq == seq + 3
    assert [(row.uid, row.gone) for row in changes.rows] == [("r-a", True), ("r-b", False)]
    assert not changes.reopen
    assert changes.top.undo.op == "c"
    two.apply(op("d", "undo"))
    two.apply(op("e", "undo"))
    two.apply(op("f", "undo"))
    assert [(row.uid, row.gone) for row in one.since(seq + 3).rows] == [
        ("r-a", True),
        ("r-b", True),
    ]
    desk(study, "bob").apply(new("g"))
    assert one.since(seq + 6).rows == ()
    for change in (
        lambda: study.set_journey(Journey.of("Search"), "bob"),
        lambda: study.set_codebook(Codebook((Code("x", "X"),)), "bob"),
        lambda: study.add([feedback(["more"])], source="more"),
        lambda: study.undo("import"),
    ):
        seq = one.open().seq
        change()
        assert one.since(seq).reopen


def test_where_the_coder_was_is_kept_for_each_coder(study: Store, place: str) -> None:
    desk(study).mark({"pos": 4, "query": {"status": "todo"}})
    desk(study).mark({"pos": 5})
    with Store.open(place) as other:
        assert desk(other).open().bookmark == {"pos": 5, "query": {"status": "todo"}}
        assert desk(other, "bob").open().bookmark == {}
    assert len(study.history()) == 3


def test_many_threads_and_two_kernels_lose_nothing(study: Store, place: str) -> None:
    with Store.open(place) as other:
        desks = [desk(study), desk(other), desk(study, "bob")]
        receipts: list[Any] = []

        def work(number: int) -> None:
            made = desks[number % 3]
            for i in range(15):
                receipts.append(made.apply(new(f"t{number}-{i}", text=1 + i % 6, stop=2)))
                made.page(Query(status="todo"))

        threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(receipt.ok for receipt in receipts), [r.say for r in receipts if not r.ok][:3]
        seqs = sorted(receipt.seq for receipt in receipts)
        assert seqs == list(range(4, 94))
        assert len(study.codings()) == 90


def test_a_coder_needs_a_name(store: Store) -> None:
    for bad in ("", "  ", "a\0b", "x" * 300):
        with pytest.raises(ArgumentError):
            desk(store, bad)
