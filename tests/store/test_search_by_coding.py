"""Texts of the queue by what a coder has said of them."""

from __future__ import annotations

import pytest
from store_kit import desk, feedback

from cjm_widgets.model.codebook import Code, Codebook
from cjm_widgets.model.desk import Op, Query
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store


@pytest.fixture
def coded(store: Store) -> Store:
    """Four texts; ana says fees at Pay of the first, joy at Search of the second."""
    store.set_journey(Journey.of("Search", "Pay"), "editor")
    book = (Code("pains", "Pain points"), Code("fees", "Hidden fees", parent="pains"))
    store.set_codebook(Codebook((*book, Code("joy", "Joy"))), "editor")
    store.add([feedback([f"The price of text {i}" for i in range(4)])], source="s")
    ana, keys = desk(store, "ana"), [stage.key for stage in store.journey()]
    ids = [item.id for item in ana.page(Query()).items]
    for place, (stage, codes) in enumerate([(keys[1], ["fees"]), (keys[0], ["joy"])]):
        body = {"feedback": ids[place], "start": 0, "stop": 5, "stage": stage, "codes": codes}
        assert ana.apply(Op(f"op{place}", "code", row=f"row{place}", body=body)).ok
    return store


def found(store: Store, search: str, coder: str = "ana", **query: object) -> list[int]:
    page = desk(store, coder).page(Query(search=search, **query))  # type: ignore[arg-type]
    return [item.pos for item in page.items]


def test_a_code_or_stage_finds_the_texts_that_this_coder_gave_it(coded: Store) -> None:
    first = found(coded, "")[0]
    assert found(coded, "code:fees") == [first]
    assert found(coded, 'code:"Hidden fees"') == [first]
    assert found(coded, "stage:PAY") == [first]
    assert found(coded, "code:fees", coder="ben") == []


def test_a_code_stands_for_those_under_it(coded: Store) -> None:
    assert found(coded, 'code:"Pain points"') == found(coded, "code:fees")


def test_words_and_codings_are_asked_together_in_every_order(coded: Store) -> None:
    assert found(coded, "code:fees price") == found(coded, "code:fees")
    assert found(coded, "code:fees nothing") == []
    assert found(coded, "code:fees stage:Search") == []
    assert len(found(coded, "code:joy price", order="random")) == 1


def test_what_is_not_yet_coded_bears_no_code_and_an_unknown_one_finds_nothing(
    coded: Store,
) -> None:
    assert found(coded, "code:fees", status="todo") == []
    assert found(coded, "code:nonsense") == []
    assert len(found(coded, "price: of")) == 4


def test_a_removed_coding_is_found_no_more(coded: Store) -> None:
    desk(coded, "ana").apply(Op("gone", "remove", row="row0"))
    assert found(coded, "code:fees") == []
