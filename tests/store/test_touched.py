"""Which codings changed since an action, where nothing else has."""

from __future__ import annotations

import uuid

from store_kit import feedback

from cjm_widgets.model.desk import Op, Receipt
from cjm_widgets.store import Store, StoreDesk


def _code(desk: StoreDesk, text: int, row: str) -> Receipt | object:
    body = {"feedback": text, "start": 0, "stop": 3, "stage": None, "valence": 0.5, "codes": ()}
    return desk.apply(Op(uuid.uuid4().hex, "code", row, seen_version=1, body=body))


def test_codings_and_their_undoing_are_told_with_their_texts(store: Store) -> None:
    store.add([feedback(["one", "two"], id=["1", "2"])], source="a")
    desk, began = StoreDesk(store, "ana"), store.seq()
    assert store.touched(began).codings == frozenset()
    first, second = "a" * 32, "b" * 32
    _code(desk, 1, first)
    _code(desk, 2, second)
    found = store.touched(began)
    assert (found.codings, found.texts) == ({first, second}, {1, 2})
    assert found.seq == store.seq() == began + 2
    desk.apply(Op(uuid.uuid4().hex, "undo"))
    undone = store.touched(found.seq)
    assert (undone.codings, undone.texts) == ({second}, {2})


def test_anything_else_may_have_changed_everything(store: Store) -> None:
    store.add([feedback(["one", "two"], id=["1", "2"])], source="a")
    desk, began = StoreDesk(store, "ana"), store.seq()
    _code(desk, 1, "a" * 32)
    store.put_document("lane", "pains", {"title": "What hurts"}, "ana")
    assert store.touched(began).codings is None
    now = store.seq()
    store.add([feedback(["three"], id=["3"])], source="b")
    assert store.touched(now).codings is None
    assert store.touched(now + 99).codings is None
