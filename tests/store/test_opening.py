"""What may be opened, what is refused, and what happens to a file in use."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from store_kit import desk, feedback

from cjm_widgets.errors import (
    ArgumentError,
    BusyStudy,
    DamagedStudy,
    FileMissing,
    LostFile,
    MissingExtra,
    NewerStudy,
    NotAStudy,
    StoreError,
)
from cjm_widgets.model.desk import Op, Query
from cjm_widgets.store import Store
from cjm_widgets.store.engine import database, idle, migrate, opening, schema
from cjm_widgets.store.engine.database import Tx


def coded(name: str, text: int = 1) -> Op:
    return Op(name, "code", row=name, body={"feedback": text, "start": 0, "stop": 1})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A study of one text, closed."""
    file = tmp_path / "shop.cjm"
    with Store.open(file, name="Shop", language="fr") as store:
        store.add([feedback(["été"])], source="s")
    return file


def test_a_study_is_made_once_and_found_again(path: Path) -> None:
    with Store.open(path, create=False) as store, Store.open(f"sqlite:///{path}") as same:
        assert (store.name, store.language) == ("Shop", "fr")
        assert store.uid == same.uid
        assert store.totals().texts == 1
    assert sorted(file.name for file in path.parent.iterdir()) == ["shop.cjm"]


def test_the_connection_that_writes_makes_sure_of_every_receipt(path: Path) -> None:
    with Store.open(path) as store:
        for durable in (True, False, True):
            with store.base.write(durable=durable) as tx:
                level = tx.raw.execute("PRAGMA synchronous").fetchone()[0]
                assert level == (2 if durable else 1)
                assert tx.raw.in_transaction
                assert tx.raw.execute("PRAGMA foreign_keys").fetchone()[0] == 1
                assert tx.raw.execute("PRAGMA busy_timeout").fetchone()[0] == 10_000
                assert store.base.journal_mode(tx) == "wal"
        for _ in range(8):  # whichever connection of the pool
            with store.base.write() as tx:
                assert tx.raw.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_what_is_no_study_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("id;verbatim\n1;lent\n" * 200)
    foreign = tmp_path / "photos.db"
    with closing(sqlite3.connect(foreign)) as raw:
        raw.execute("CREATE TABLE photo(id)")
        raw.commit()
    for file in (text, foreign):
        before = file.read_bytes()
        with pytest.raises(NotAStudy, match=file.name) as refused:
            Store.open(file)
        assert isinstance(refused.value, ValueError)
        assert file.read_bytes() == before
    assert sorted(f.name for f in tmp_path.iterdir()) == ["notes.txt", "photos.db"]


def test_places_that_cannot_hold_a_study_are_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="folder"):
        Store.open(tmp_path)
    with pytest.raises(FileMissing, match="create it first"):
        Store.open(tmp_path / "nowhere" / "a.cjm")
    with pytest.raises(FileNotFoundError, match="no such study"):
        Store.open(tmp_path / "a.cjm", create=False)
    for bad, say in (
        ("", "not ''"),
        (7, "not 7"),
        ("mysql://x/y", "not on mysql"),
        ("sqlite://", "not in memory"),
        ("postgresql://host", "names no database"),
        ("a b://c", "URL"),
    ):
        with pytest.raises((ArgumentError, TypeError), match=say):
            Store.open(bad)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="ISO 639-1"):
        Store.open(tmp_path / "b.cjm", language="English")


def test_an_empty_file_becomes_a_study_only_if_one_may_be_made(tmp_path: Path) -> None:
    file = tmp_path / "made by touch 100% ?#.cjm"
    file.touch()
    with pytest.raises(NotAStudy, match="empty"):
        Store.open(file, create=False)
    with Store.open(file) as store:
        assert store.totals().texts == 0
    assert Store.open(file, create=False).name == file.stem


def test_a_file_that_cannot_be_written_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may write anything, so the system's answer is replaced.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(StoreError, match="copy it to a folder of your own"):
        Store.open(path)


def test_a_study_of_a_newer_version_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version = 99")
    with pytest.raises(NewerStudy, match=r"schema 99.*pip install -U"):
        Store.open(path)


def test_a_newer_version_that_comes_while_the_study_is_open_stops_writing(path: Path) -> None:
    with Store.open(path) as store:
        made = desk(store)
        with store.base.write() as tx:
            tx.conn.execute(schema.study.update().values(version=99))
        receipt = made.apply(coded("a"))
        assert (receipt.ok, receipt.why) == (False, "newer_schema")
        assert store.codings().empty


def test_damaged_files_are_refused(path: Path) -> None:
    whole = path.read_bytes()
    page = 4096
    broken = bytearray(whole)
    for begin in range(page * 2, len(broken), page):
        broken[begin : begin + 64] = os.urandom(64)
    for damage in (whole[: len(whole) // 2], whole[: page * 3], bytes(broken)):
        path.write_bytes(damage)
        with pytest.raises(DamagedStudy, match=r"restore a copy"):
            Store.open(path)
    path.write_bytes(whole)
    with Store.open(path) as store:
        store.check()


def test_a_receipt_is_not_given_for_a_file_that_is_gone(path: Path) -> None:
    aside = path.with_name("aside.cjm")
    store = Store.open(path)
    made = desk(store)
    assert made.apply(coded("a")).ok
    path.rename(aside)
    for name in ("b", "c"):
        receipt = made.apply(coded(name))
        assert (receipt.ok, receipt.why) == (False, "lost_file")
    with pytest.raises(LostFile, match="moved, replaced or deleted"):
        store.totals()
    path.write_bytes(aside.read_bytes())  # another file under the same name
    assert made.apply(coded("d")).why == "lost_file"
    path.unlink()
    aside.rename(path)
    assert made.apply(coded("e")).ok
    store.close()


def test_a_file_that_vanishes_during_a_commit_gives_no_receipt(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(path) as store:
        made = desk(store)
        real = store.base.present
        calls: list[int] = []

        def vanishing() -> None:
            calls.append(1)
            if len(calls) == 2:  # 1: before the transaction, 2: after its commit
                path.rename(path.with_name("x"))
            real()

        monkeypatch.setattr(store.base, "present", vanishing)
        assert made.apply(coded("a")).why == "lost_file"
        monkeypatch.undo()
        path.with_name("x").rename(path)
        # It did reach the disk; the same op again gets its receipt.
        assert made.apply(coded("a")).ok
        assert len(store.codings()) == 1


def test_another_program_that_does_not_let_go_is_named_busy(path: Path) -> None:
    with Store.open(path, patience=0.2) as store:
        made = desk(store)
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            raw.execute("BEGIN IMMEDIATE")
            receipt = made.apply(coded("a"))
            assert (receipt.ok, receipt.why) == (False, "busy")
            with pytest.raises(BusyStudy, match="try again") as busy:
                store.set_setting("a", 1)
            assert isinstance(busy.value, TimeoutError)
            assert store.totals().texts == 1
            raw.execute("ROLLBACK")
        assert made.apply(coded("a")).ok
        with store.base.write():
            waiting: list[str | None] = []
            thread = threading.Thread(target=lambda: waiting.append(made.apply(coded("b")).why))
            thread.start()
            thread.join()
            assert waiting == ["busy"]


def test_a_copied_file_has_everything_once_the_study_rests(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle, "PAUSE", 0.05)
    with Store.open(path) as store:
        assert desk(store).apply(coded("a")).ok
        log = path.with_name("shop.cjm-wal")
        for _ in range(200):
            if not log.exists() or log.stat().st_size == 0:
                break
            threading.Event().wait(0.02)
        assert log.stat().st_size == 0
        copy = path.with_name("copy.cjm")
        # Copied by another program: this one must not open the file itself.
        assert os.system(f"cp '{path}' '{copy}'") == 0
        with Store.open(copy) as other:
            assert len(other.codings()) == 1


def test_a_closed_study_says_so_and_closing_twice_does_no_harm(path: Path) -> None:
    store = Store.open(path)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.totals()


def test_two_that_make_the_same_study_at_once_make_one(tmp_path: Path) -> None:
    made: list[Store] = []
    barrier = threading.Barrier(4)

    def make() -> None:
        barrier.wait()
        made.append(Store.open(tmp_path / "new.cjm"))

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len({store.uid for store in made}) == 1
    for store in made:
        store.close()


def test_network_drives_are_told_from_disks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = (
        "/dev/sda1 / ext4 rw 0 0\n"
        "server:/home /mnt/home nfs4 rw 0 0\n"
        "//server/x /mnt/my\\040share cifs rw 0 0\n"
        "/dev/sdb1 /mnt/home/local ext4 rw 0 0\n"
        "sshfs#a: /mnt/ssh fuse.sshfs rw 0 0\n"
    )
    for place, far in (
        ("/home/a.cjm", False),
        ("/mnt/home/a.cjm", True),
        ("/mnt/homestead/a.cjm", False),
        ("/mnt/home/local/a.cjm", False),
        ("/mnt/my share/a.cjm", True),
        ("/mnt/ssh/a.cjm", True),
    ):
        assert opening.on_network(Path(place), mounts) is far, place
    monkeypatch.setattr(opening, "on_network", lambda _: True)
    file = tmp_path / "far.cjm"
    with Store.open(file) as store:
        store.add([feedback(["a"])], source="s")
        assert desk(store).apply(coded("a")).ok
        with store.base.write(durable=False) as tx:
            assert store.base.journal_mode(tx) == "delete"
            assert tx.raw.execute("PRAGMA synchronous").fetchone()[0] == 2


def add_a_column(tx: Tx) -> None:
    tx.raw.execute("ALTER TABLE note ADD COLUMN mood TEXT")


def test_an_older_study_is_migrated_once_after_a_copy(
    study: Store, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    study.add_note("stage", "Buy", "kept", "ana")
    study.close()
    monkeypatch.setattr(migrate, "MIGRATIONS", {})
    migrate.migration(3)(add_a_column)
    with pytest.raises(ArgumentError):
        migrate.migration(3)(add_a_column)
    monkeypatch.setattr(database, "VERSION", 3)
    for _ in range(2):
        with Store.open(place) as store:
            assert store.notes()["text"].tolist() == ["kept"]
            with store.base.read() as tx:
                assert tx.raw.execute("SELECT mood FROM note").fetchall() == [(None,)]
            assert desk(store).page(Query()).items
    monkeypatch.setattr(database, "VERSION", 2)
    with pytest.raises(NewerStudy):
        Store.open(place)
    if study.path is not None:
        copies = list(study.path.parent.glob("*.schema2*"))
        assert [copy.name for copy in copies] == ["study.schema2.cjm"]
        with Store.open(copies[0]) as old:
            assert old.notes()["text"].tolist() == ["kept"]


def test_a_migration_that_fails_leaves_the_study_as_it_was(
    study: Store, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    study.close()

    def failing(tx: Tx) -> None:
        add_a_column(tx)
        raise RuntimeError("halfway")

    monkeypatch.setattr(migrate, "MIGRATIONS", {3: failing})
    monkeypatch.setattr(database, "VERSION", 3)
    with pytest.raises(RuntimeError, match="halfway"):
        Store.open(place)
    monkeypatch.setattr(database, "VERSION", 2)
    with Store.open(place) as store, store.base.read() as tx:
        assert store.totals().texts == 6
        columns = tx.raw.execute("SELECT * FROM note").description
        assert "mood" not in [column[0] for column in columns]


@pytest.mark.postgres
def test_a_database_of_another_program_is_refused(pg_server: str) -> None:
    import psycopg
    from store_kit import new_place

    url = new_place(pg_server)
    with psycopg.connect(url, autocommit=True) as raw:
        raw.execute("CREATE TABLE orders (id int)")
    with pytest.raises(NotAStudy, match=r"orders.*createdb"):
        Store.open(url)
    with psycopg.connect(url, autocommit=True) as raw:
        raw.execute("CREATE TABLE meta (key text, value text); CREATE TABLE study (id int)")
    with pytest.raises(NotAStudy):
        Store.open(url)
    with pytest.raises(FileMissing, match="no study"):
        Store.open(new_place(pg_server), create=False)
    with pytest.raises(StoreError, match="createdb"):
        Store.open(f"{pg_server}/nowhere")


def test_a_server_that_is_not_there_is_said_to_be_away() -> None:
    with pytest.raises(BusyStudy, match="check that it runs"):
        Store.open("postgresql://u@127.0.0.1:9/x", patience=2)


def test_a_missing_driver_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(MissingExtra, match=r"cjm-widgets\[postgres\]"):
        Store.open("postgresql://u@127.0.0.1/x")


@pytest.mark.postgres
def test_a_connection_the_server_cuts_is_busy_and_then_mended(pg_server: str) -> None:
    import psycopg
    from store_kit import new_place

    with Store.open(new_place(pg_server)) as store:
        store.add([feedback(["a"])], source="s")
        made = desk(store)
        assert made.apply(coded("a")).ok
        with psycopg.connect(f"{pg_server}/postgres", autocommit=True) as raw:
            raw.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'cjm-widgets'"
            )
        first = made.apply(coded("b"))
        assert first.ok or first.why == "busy", first.say
        assert made.apply(coded("b")).ok
        assert len(store.codings()) == 2
