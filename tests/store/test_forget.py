"""Somebody is forgotten: nothing of them is left in any byte, and all others go on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from store_kit import desk, feedback

from cjm_widgets.errors import BusyStudy, Conflict, UnknownName
from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.desk import Op, Query
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store
from cjm_widgets.store.engine import schema

WHO = "anna.krakatau@example.org"
SAID = "The zanzibar checkout failed twice, nobody came to help me, flabbergasting"
AGAIN = "Quagmire of delivery"
LATER = "Quagmire of deliveries, hullabaloo"
OTHER = "Lovely photos of the house"
TRACES = ("zanzibar", "flabbergast", "quagmire", "hullabaloo", "krakatau", "xanadu", "kowloon")


@pytest.fixture
def known(store: Store) -> Store:
    """Two people, one of whom has left traces wherever one can."""
    store.set_journey(Journey.of("buy", "use"), "eva")
    columns = {
        "id": ["krakatau-1", "krakatau-2", "b-1"],
        "respondent": [WHO, WHO, "bo"],
        "city": ["Xanadu", "Xanadu", "Paris"],
        "hotel": ["Kowloon", None, None],
    }
    store.add([feedback([SAID, AGAIN, OTHER], **columns)], source="web.csv")
    store.add([feedback([OTHER], id=["c-1"], respondent=["cleo"], friend=[WHO])], source="more.csv")
    store.add_codings(
        [
            Coding("", 1, 1, 0, 20, "ana", stage="buy", memo="the zanzibar one"),
            Coding("", 3, 1, 0, 6, "ana", stage="use", memo=f"as {WHO} said: {SAID}"),
            Coding("", 2, 1, 0, 8, "bo", stage="use"),
        ]
    )
    store.add([feedback([SAID, LATER, OTHER], **columns)], source="web.csv")
    mine = store.codings("ana").query("feedback == 1")["uid"].iloc[0]
    other = store.codings("ana").query("feedback == 3")["uid"].iloc[0]
    store.add_note("text", "1", "krakatau again", "eva")
    store.add_note("coding", mine, "zanzibar, really?", "eva")
    store.add_note("stage", "buy", f"One said: {SAID}!", "eva", lane="goals")
    store.put_document("pin", "1:0-20", {"pinned": True}, "eva")
    store.put_document("link", "l1", {"from": mine, "to": other, "text": ""}, "eva")
    store.put_document(
        "draw", "d1", {"feedback": [1, 3], "probability": [0.1, 0.2], "texts": 3}, "eva"
    )
    store.put_document(
        "snapshot", "s1",
        {"quotes": [{"feedback": 1, "text": SAID}, {"feedback": 3, "text": OTHER}], "n": 2}, "eva",
    )  # fmt: skip
    store.put_document("persona", "p1", {"says": f"« {SAID} »", "who": [WHO, "bo"]}, "eva")
    ana = desk(store)
    ana.open()
    ana.mark({"search": WHO, "at": 1})
    store.index_words()
    return store


def contents(store: Store) -> str:
    """All that can be found in the file and its companions, or in the database."""
    if store.path is not None:
        files = store.path.parent.glob(f"{store.path.name}*")
        held = b"".join(one.read_bytes() for one in files)
        # UTF-16 as well: nothing of ours writes it, but then nothing may.
        return held.decode("latin-1") + held.decode("utf-16-le", "replace")
    with store.base.read() as tx:
        tables = [*schema.metadata.sorted_tables, sa.table("words", sa.column("body"))]
        return "\n".join(str(tuple(row)) for table in tables for row in tx.fetch(sa.select(table)))


def test_the_traces_are_found_before(known: Store) -> None:
    known.checkpoint()
    held = contents(known).casefold()
    assert [word for word in TRACES if word not in held] == []


def test_no_byte_of_a_forgotten_person_is_left(known: Store) -> None:
    done = known.forget(WHO, "eva")
    assert (done.texts, done.shared, done.codings, done.memos) == (2, 0, 2, 2)
    held = contents(known).casefold()
    assert [word for word in TRACES if word in held] == []
    known.close()


def test_no_byte_is_left_when_the_file_was_never_indexed_nor_closed(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.cjm") as store:
        store.add([feedback([SAID], respondent=[WHO])], source="krakatau.vtt", sha256="f" * 64)
        store.add([feedback([OTHER], respondent=["bo"])], source="s")
        store.forget(WHO, "eva")
        assert store.source_of("f" * 64) is None
        held = contents(store).casefold()
        assert [word for word in TRACES if word in held] == []
        store.check()


def test_everybody_else_goes_on_as_before(known: Store) -> None:
    known.forget(WHO, "eva")
    frame = known.feedback_frame()
    assert frame["source_id"].tolist() == ["b-1", "c-1"]
    assert frame["city"].tolist()[0] == "Paris"
    assert known.attribute_values("city")["value"].tolist() == ["Paris"]
    assert "hotel" not in known.attributes()["attribute"].tolist()
    codings = known.codings()
    assert codings["passage"].tolist() == ["Lovely"]
    assert codings["memo"].tolist() == ["as […] said: […]"]
    assert known.notes()["text"].tolist() == ["One said: […]!"]
    assert known.documents("pin") == {}
    assert known.documents("link") == {}
    assert known.documents("draw")["d1"] == {"feedback": [3], "probability": [0.2], "texts": 3}
    assert known.documents("snapshot")["s1"] == {
        "quotes": [{"feedback": 3, "text": OTHER}], "n": 2,
    }  # fmt: skip
    assert known.documents("persona")["p1"] == {"says": "« […] »", "who": ["[…]", "bo"]}
    ana = desk(known)
    shown = ana.page(Query(search="photos"))
    assert [item.id for item in shown.items] == [3, 4]
    assert ana.page(Query(search="zanzibar")).items == ()
    assert ana.open().done == 1
    assert known.totals().texts == 2


def test_that_somebody_was_removed_is_kept_and_nothing_more(known: Store) -> None:
    known.forget(WHO, "eva")
    assert len(known.forgotten()) == 1
    assert known.forgotten()["at"].notna().all()
    top = known.history().iloc[0]
    assert (top["actor"], top["label"], top["rows"]) == ("eva", "forget", 0)
    with pytest.raises(UnknownName, match="respondent"):
        known.forget(WHO, "eva")
    with pytest.raises(UnknownName):
        known.forget("nobody", "eva")
    assert len(known.forgotten()) == 1


def test_an_action_of_which_nothing_is_left_is_told_and_never_undone(known: Store) -> None:
    known.forget(WHO, "eva")
    history = known.history("bo")
    assert history["state"].tolist() == ["forgotten"]
    with pytest.raises(Conflict, match="nothing to undo"):
        known.undo("bo")


def test_an_action_of_which_something_is_left_is_undone_for_the_rest(known: Store) -> None:
    known.forget(WHO, "eva")
    assert known.codings("ana")["feedback"].tolist() == [3]
    known.undo("ana")
    assert len(known.codings("ana")) == 0
    known.redo("ana")
    assert known.codings("ana")["feedback"].tolist() == [3]


def test_the_import_that_brought_them_is_undone_without_them(known: Store) -> None:
    known.forget(WHO, "eva")
    known.undo("import")  # what changed in a text that is gone: its batch alone is left
    assert known.feedback_frame()["source_id"].tolist() == ["b-1", "c-1"]
    count = known.add([feedback([OTHER], id=["b-1"])], source="web.csv")
    assert count.added + count.same >= 1


def test_respondents_are_listed_with_what_there_is_of_them(known: Store) -> None:
    people = known.people()
    assert people["respondent"].tolist() == [WHO, "bo", "cleo"]
    assert people["texts"].tolist() == [2, 1, 1]
    assert people["codings"].tolist() == [2, 1, 0]


GROUP = (
    "Moderator: So?\nAnnabel Krakatau: The zanzibar was slow.\n"
    "Bo: It was lovely, Annabel Krakatau.\n"
    "Annabel Krakatau: No, flabbergasting.\nBo: Fine."
)


@pytest.fixture
def group(store: Store) -> Store:
    """A focus group of two, coded, corrected once."""
    store.set_journey(Journey.of("buy", "use"), "eva")
    store.add([feedback([GROUP, OTHER], id=["g1", "c1"])], source="group")
    lovely, zanzibar = GROUP.index("It was lovely"), GROUP.index("The zanzibar")
    store.add_codings(
        [
            Coding("", 1, 1, lovely, lovely + 13, "ana", stage="use"),
            Coding("", 1, 1, zanzibar, zanzibar + 12, "ana", stage="buy", memo="zanzibar"),
        ]
    )
    store.correct(1, GROUP.replace("So?", "So, how was it?"), "eva")
    store.index_words()
    return store


def test_one_speaker_of_several_is_blacked_out_and_the_others_codings_fit(group: Store) -> None:
    assert group.people()["respondent"].tolist() == ["g1: Annabel Krakatau", "g1: Bo"]
    done = group.forget("g1: Annabel Krakatau", "eva")
    assert (done.texts, done.shared, done.codings) == (0, 1, 1)
    held = contents(group).casefold()
    assert [word for word in TRACES if word in held] == []
    assert "annabel" not in held
    text = group.texts([1])["text"].iloc[0]
    assert len(text) == len(GROUP) + len("So, how was it?") - len("So?")
    assert "Bo: It was lovely, ████████████████.\n" in text
    assert group.codings()["passage"].tolist() == ["It was lovely"]
    assert group.people()["respondent"].tolist()[-1] == "g1: Bo"
    assert group.codings()["respondent"].tolist() == ["g1: Bo"]
    group.undo("eva")
    assert group.codings()["passage"].tolist() == ["It was lovely"]
    assert "zanzibar" not in group.texts([1])["text"].iloc[0]


def test_copies_from_before_a_migration_are_named(tmp_path: Path) -> None:
    old = tmp_path / "s.schema1.cjm"
    old.write_bytes(b"")
    (tmp_path / "s.schema1.txt").write_bytes(b"")
    with Store.open(tmp_path / "s.cjm") as store:
        store.add([feedback([SAID], respondent=[WHO])], source="s")
        assert store.forget(WHO, "eva").copies == (old,)


def test_a_reader_in_the_way_is_told_and_the_rest_is_done_later(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.cjm", patience=0.3) as store:
        store.add([feedback([SAID, OTHER], respondent=[WHO, "bo"])], source="s")
        reader = sqlite3.connect(tmp_path / "s.cjm", isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM feedback").fetchone()
        with pytest.raises(BusyStudy, match=r"compact|writing|busy|use"):
            store.forget(WHO, "eva")
        assert store.feedback_frame()["text"].tolist() == [OTHER]
        reader.close()
        store.compact()
        held = contents(store).casefold()
        assert [word for word in TRACES if word in held] == []


def test_a_widget_that_shows_a_forgotten_text_hears_of_it(known: Store) -> None:
    ana = desk(known)
    seq = ana.open().seq
    known.forget(WHO, "eva")
    changes = ana.since(seq)
    assert changes.seq > seq
    assert changes.reopen
    assert not ana.since(changes.seq).reopen
    with pytest.raises(UnknownName):
        ana.text(1)
    receipt = ana.apply(
        Op(op="late", act="code", row="e" * 32, seen_version=1,
           body={"feedback": 1, "start": 0, "stop": 3, "stage": "buy"})
    )  # fmt: skip
    assert not receipt.ok
    assert receipt.why == "invalid"


@pytest.mark.parametrize("name", ["5", "Paris"])
def test_a_name_that_is_a_number_or_a_word_costs_others_nothing(store: Store, name: str) -> None:
    store.add(
        [
            feedback(
                ["one", "two"], respondent=[name, "bo"], city=["Rome", "Paris"], stars=["4", "5"]
            )
        ],
        source="s",
    )
    store.put_document("persona", "p", {"filter": {"stars": ["5"]}}, "eva")
    store.forget(name, "eva")
    frame = store.feedback_frame()
    assert frame[["text", "city", "stars"]].to_numpy().tolist() == [["two", "Paris", "5"]]
    assert store.documents("persona")["p"] == {"filter": {"stars": ["5"]}}


def test_a_code_called_what_somebody_said_in_two_words_keeps_its_name(store: Store) -> None:
    store.add([feedback(["Fast delivery", OTHER], respondent=[WHO, "bo"])], source="s")
    book = Codebook((Code("fast", "Fast delivery", definition=f"as {WHO} has it"),))
    store.set_codebook(book, "eva")
    store.forget(WHO, "eva")
    (code,) = store.codebook().codes
    assert (code.name, code.definition) == ("Fast delivery", "as […] has it")
    assert "krakatau" not in contents(store).casefold()
