"""Documents: JSON that people decide, journalled, undone and redone like everything else."""

from __future__ import annotations

import pytest
from store_kit import desk

from cjm_widgets.errors import ArgumentError, Conflict, UnknownName
from cjm_widgets.model.desk import Op
from cjm_widgets.store import Store


def test_a_document_is_kept_replaced_dropped_and_all_of_it_undone(store: Store) -> None:
    first = store.put_document(
        "persona", "ana", {"name": "Ana 👩‍👧", "wants": ["é", 1.5, None]}, "ed"
    )
    store.put_document("persona", "bob", {"name": "Bob"}, "ed")
    assert store.put_document("persona", "bob", {"name": "Bob"}, "ed") == 0
    store.put_document("persona", "ana", {"name": "Anna"}, "ed", label="rename")
    assert list(store.documents("persona")) == ["ana", "bob"]
    store.drop_document("persona", "ana", "ed")
    assert store.documents("persona") == {"bob": {"name": "Bob"}}
    assert [store.undo("ed").label for _ in range(2)] == ["persona", "rename"]
    assert store.documents("persona")["ana"] == {"name": "Ana 👩‍👧", "wants": ["é", 1.5, None]}
    assert store.redo("ed").label == "rename"
    assert store.documents("persona")["ana"] == {"name": "Anna"}
    for _ in range(3):
        store.undo("ed")
    assert store.documents("persona") == {}
    assert first == 1


def test_kinds_are_apart_and_an_action_is_known_by_its_kind(store: Store) -> None:
    store.put_document("lane", "pain/1", {"hidden": True}, "ed")
    store.put_document("persona", "pain/1", {"name": "x"}, "ed")
    assert store.documents("lane") == {"pain/1": {"hidden": True}}
    assert store.documents("target") == {}
    assert store.history()["label"].tolist() == ["persona", "lane"]


def test_a_document_somebody_else_changed_is_not_undone(store: Store) -> None:
    store.put_document("target", "buy", {"aim": 0.5}, "ana")
    store.put_document("target", "buy", {"aim": 0.7}, "bob")
    with pytest.raises(Conflict, match=r"document target/buy; by bob"):
        store.undo("ana")
    store.undo("bob")
    store.undo("ana")
    assert store.documents("target") == {}


def test_what_cannot_be_stored_is_refused_and_nothing_is_written(store: Store) -> None:
    for body, say in (
        ({"a": float("nan")}, "JSON cannot"),
        ({"a": {1, 2}}, "JSON cannot"),
        ({"a": "\ud800"}, "surrogate"),
        (["a"], "mapping"),
    ):
        with pytest.raises(ArgumentError, match=say):
            store.put_document("pin", "x", body, "ed")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="'/'"):
        store.put_document("a/b", "x", {}, "ed")
    with pytest.raises(UnknownName, match="persona"):
        store.drop_document("persona", "nobody", "ed")
    assert store.seq() == 0


def test_a_text_with_nul_comes_back_on_both_engines(store: Store) -> None:
    store.put_document("pin", "x", {"a": "a\0b"}, "ed")
    assert store.documents("pin") == {"x": {"a": "a\0b"}}


def test_a_coders_documents_and_codings_share_one_undo(study: Store) -> None:
    assert (
        desk(study).apply(Op("a", "code", row="a", body={"feedback": 1, "start": 0, "stop": 3})).ok
    )
    study.put_document("link", "l", {"from": "a", "to": "b"}, "ana")
    assert desk(study).open().top.undo is not None
    receipt = desk(study).apply(Op("u", "undo"))
    assert receipt.ok
    assert receipt.rows == ()
    assert study.documents("link") == {}
    assert len(study.codings("ana")) == 1
