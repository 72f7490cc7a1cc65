"""The search index after a large import: made in the background, never waited for."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from store_kit import desk, feedback

from cjm_widgets.model.desk import Query
from cjm_widgets.store import Store
from cjm_widgets.store.desks.desk import StoreDesk
from cjm_widgets.store.tables import search


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search, "SOON", 10)
    monkeypatch.setattr(search, "CHUNK", 7)
    with Store.open(tmp_path / "s.cjm") as made:
        yield made


def _texts(n: int) -> pd.DataFrame:
    names = [f"t{i}" for i in range(n)]
    return feedback([f"word{i} apple" for i in range(n)], id=names)


def test_after_a_large_import_all_is_found_without_a_search_that_waits(store: Store) -> None:
    store.add([_texts(40)], source="a")
    search.wait(store.base, 30)
    page = StoreDesk(store, "ana").page(Query(search="apple"), limit=200)
    assert (len(page.items), page.unsearched) == (40, 0)


def test_a_search_meanwhile_says_how_much_it_has_not_seen(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(search, "begin", lambda _: None)
    store.add([_texts(40)], source="a")
    desk = StoreDesk(store, "ana")
    assert desk.page(Query(search="apple")).unsearched == 40
    assert desk.page(Query(search="nowhere")).unsearched == 40
    assert desk.page(Query()).unsearched == 0
    # What a kill left undone the next search begins again.
    monkeypatch.undo()
    monkeypatch.setattr(search, "SOON", 10)
    desk.page(Query(search="apple"))
    search.wait(store.base, 30)
    assert desk.around(Query(search="apple"), 1).unsearched == 0
    assert len(desk.page(Query(search="apple"), limit=200).items) == 40


def test_a_few_new_texts_are_found_at_once(store: Store) -> None:
    store.add([_texts(5)], source="a")
    page = StoreDesk(store, "ana").page(Query(search="word3"))
    assert ([item.id for item in page.items], page.unsearched) == ([4], 0)


def test_a_study_that_closes_meanwhile_ends_the_work(store: Store) -> None:
    store.add([_texts(200)], source="a")
    store.close()
    search.wait(store.base, 30)
    with Store.open(store.path) as again:
        desk = StoreDesk(again, "ana")
        desk.page(Query(search="apple"))
        search.wait(again.base, 30)
        assert len(desk.page(Query(search="apple"), limit=200).items) == 200


def test_a_text_after_a_forgotten_one_is_found(study: Store) -> None:
    study.add([feedback(["Nobody reads this."], id=["x"], respondent=["rita"])], source="late")
    study.index_words()
    study.forget("rita", "eva")
    study.add([feedback(["Somebody searches this."], id=["y"])], source="later")
    found = desk(study).page(Query(search="somebody"))
    assert [item.preview for item in found.items] == ["Somebody searches this."]
