"""Every released schema still opens, with everything in it, and can then do what is new."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from store_kit import desk, everything

from cjm_widgets.model.desk import Op
from cjm_widgets.store import Store
from cjm_widgets.store.engine import database, schema

KEPT = Path(__file__).parent / "data"


@pytest.fixture
def version_1(tmp_path: Path) -> Path:
    """A study as the first version wrote it: six texts, eight actions, one of them undone."""
    file = tmp_path / "shop.cjm"
    file.write_bytes(gzip.decompress((KEPT / "version-1.cjm.gz").read_bytes()))
    return file


def shape(file: Path) -> dict[str, str]:
    """Tables and indexes with their columns, whatever order they were made in."""
    with closing(sqlite3.connect(file)) as raw:
        rows = raw.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: " ".join(sql.split()) for name, sql in rows}


def test_a_study_of_version_1_opens_with_all_it_held(version_1: Path) -> None:
    with Store.open(version_1) as store:
        assert (store.name, store.language) == ("Shop", "fr")
        assert store.totals().texts == 6
        assert store.notes()["text"].tolist() == ["why so slow?"]
        mine = store.codings("ana")
        assert mine["memo"].tolist() == ["été", "été"]
        assert mine["valence"].tolist() == [-0.5, -0.5]
        assert mine["codes"].tolist() == ["fees", "fees"]
        assert len(store.codings("import")) == 3
        assert len(store.history()) == 8
        assert [row.uid for row in desk(store).text(2).codings] == ["b"]
        assert store.undo("ana").label == "note"
        assert store.undo("ana").label == "code"
    assert [copy.name for copy in version_1.parent.glob("*schema1*")] == ["shop.schema1.cjm"]


def test_a_migrated_study_has_the_shape_of_a_new_one(version_1: Path, tmp_path: Path) -> None:
    before = shape(version_1)
    Store.open(version_1).close()
    Store.open(tmp_path / "new.cjm").close()
    assert shape(version_1) == shape(tmp_path / "new.cjm")
    made = {"document", "document_kind", "turn", "forgotten", "note_on"}
    assert shape(version_1).keys() - before.keys() == made
    with closing(sqlite3.connect(version_1)) as raw:
        assert raw.execute("PRAGMA user_version").fetchone()[0] == database.VERSION
        assert raw.execute("SELECT version FROM study").fetchone()[0] == database.VERSION


def test_a_migrated_study_does_what_is_new(version_1: Path) -> None:
    with Store.open(version_1) as store:
        store.put_document("persona", "p", {"name": "P"}, "ed")
        assert (
            desk(store)
            .apply(Op("n", "code", row="n", body={"feedback": 3, "start": 0, "stop": 2}))
            .ok
        )
    with Store.open(version_1, create=False) as store:
        assert store.documents("persona") == {"p": {"name": "P"}}
        before = everything(store)
        store.undo("ed")
        store.redo("ed")
        assert everything(store) == before


def test_a_new_study_is_made_at_the_newest_version(store: Store) -> None:
    with store.base.read() as tx:
        assert tx.fetch(sa.select(schema.study.c.version)) == [(database.VERSION,)]
        assert tx.fetch(schema.turn.select()) == tx.fetch(schema.forgotten.select()) == []


@pytest.mark.postgres
def test_a_server_of_version_1_is_brought_up_to_date(pg_server: str) -> None:
    from store_kit import new_place

    url = new_place(pg_server)
    with Store.open(url) as store, store.base.write() as tx:
        for table in (schema.document, schema.turn, schema.forgotten):
            table.drop(tx.conn)
        tx.raw.execute("DROP INDEX note_on")
        tx.conn.execute(schema.study.update().values(version=1))
    with Store.open(url) as store:
        assert store.put_document("persona", "p", {"name": "P"}, "ed") == 1
        with store.base.read() as tx:
            assert tx.fetch(sa.select(schema.study.c.version)) == [(database.VERSION,)]
