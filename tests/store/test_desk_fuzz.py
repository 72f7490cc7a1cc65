"""Whatever a browser may send: a receipt, never an exception, and nothing half done."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_kit import TEXTS, desk, everything, feedback

from cjm_widgets.model.desk import Op, Query
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store, StoreDesk

WORD = st.sampled_from(["r0", "r1", "Buy", "fees", "", "a\0", "\ud800", "é" * 70]) | st.text()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORD, inner, max_size=3),
    max_leaves=5,
)
SMALL = st.integers(-1, 8)
BODY = st.fixed_dictionaries(
    {},
    optional={
        "feedback": SMALL | JSON,
        "start": SMALL | JSON,
        "stop": SMALL | JSON,
        "stage": WORD | JSON,
        "valence": st.floats(-1, 1) | JSON,
        "codes": st.lists(WORD) | JSON,
        "memo": WORD | JSON,
        "origin": st.sampled_from(["human", "suggestion"]) | JSON,
    },
)
DO = st.sampled_from(["add", "change", "move", "merge", "split", "retire", "revive", "remove"])
DEED = st.fixed_dictionaries(
    {"do": DO | JSON},
    optional={
        "name": WORD | JSON,
        "key": WORD | JSON,
        "kind": WORD | JSON,
        "parent": WORD | JSON,
        "colour": st.just("#5069a5") | JSON,
        "before": WORD | JSON,
        "code": WORD | st.lists(WORD) | JSON,
        "into": WORD | st.lists(WORD, max_size=2) | JSON,
        "codings": st.lists(WORD) | st.dictionaries(WORD, st.lists(WORD)) | JSON,
        "on": st.tuples(st.sampled_from(["text", "code", "study"]), WORD) | JSON,
        "text": WORD | JSON,
    },
)
BULK = st.fixed_dictionaries(
    {"codings": st.lists(WORD) | JSON},
    optional={
        "set": BODY | JSON,
        "add_codes": st.lists(WORD) | JSON,
        "remove_codes": st.lists(WORD) | JSON,
        "remove": st.booleans() | JSON,
    },
)
DEEDS = st.sampled_from(["codebook", "bulk", "memo", "link"])
ACT = st.sampled_from(["code", "edit", "remove", "undo", "redo"]) | DEEDS | JSON


@pytest.fixture(scope="module")
def made() -> Iterator[tuple[Store, StoreDesk]]:
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "s.cjm") as store:
        store.set_journey(Journey.of("Search", "Buy"), "boss")
        store.add([feedback(TEXTS)], source="s")
        yield store, desk(store)


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=WORD,
    act=ACT,
    row=WORD | JSON,
    base=JSON,
    seen=SMALL | JSON,
    body=BODY | DEED | BULK | JSON,
)
def test_anything_sent_gets_a_receipt(
    made: tuple[Store, StoreDesk], name: str, act: Any, row: Any, base: Any, seen: Any, body: Any
) -> None:
    store, coder = made
    before = everything(store)
    receipt = coder.apply(Op(name, act, row=row, base=base, seen_version=seen, body=body))
    if receipt.ok:
        for coding in receipt.rows:
            assert 0 <= coding.start < coding.stop
    else:
        assert receipt.why in ("invalid", "conflict", "moved")
        assert receipt.say
        assert everything(store) == before


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(search=st.text(), filters=st.dictionaries(WORD, WORD, max_size=2))
def test_anything_asked_for_gets_a_page(
    made: tuple[Store, StoreDesk], search: str, filters: dict[str, str]
) -> None:
    made[1].page(Query(search=search, filters=filters))
