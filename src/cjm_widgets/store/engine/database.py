"""Connections and transactions: what differs between SQLite and PostgreSQL ends here."""

from __future__ import annotations

import itertools
import os
import sys
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.sql.elements import ClauseElement

from cjm_widgets.errors import BusyStudy, LostFile, NewerStudy, StoreError
from cjm_widgets.store.engine import forks, schema
from cjm_widgets.store.engine.faults import translated
from cjm_widgets.store.engine.idle import Idle
from cjm_widgets.store.engine.statement import Backend, Statement

VERSION = 2
"""The schema this package writes; see migrate.py."""

PATIENCE = 10.0
"""Seconds a transaction waits for others before it gives up with BusyStudy."""

_PARAMETERS = 400
"""Values of a statement that inserts several rows; every SQLite takes 999."""

_TURN = Statement(sa.select(schema.study.c.version).where(schema.study.c.id == 1).with_for_update())
_HIDDEN = Statement(sa.select(schema.batch.c.id).where(schema.batch.c.gone == 1))


class Tx:
    """One transaction: prebuilt statements, and the connection for what is built on the spot."""

    __slots__ = ("_hidden", "backend", "conn", "raw")

    def __init__(self, conn: Connection, raw: Any, backend: Backend) -> None:
        self.conn = conn
        self.raw = raw
        self.backend: Backend = backend
        self._hidden: frozenset[int] | None = None

    def run(self, statement: Statement, **values: Any) -> Any:
        """Execute a prebuilt statement; gives the driver's cursor."""
        sql, order = statement.on(self.backend)
        return self.raw.execute(sql, tuple([values.get(name, kept) for name, kept in order]))

    def one(self, statement: Statement, **values: Any) -> Any:
        """The first row as a tuple, or None."""
        return self.run(statement, **values).fetchone()

    def all(self, statement: Statement, **values: Any) -> list[Any]:
        """All rows as tuples."""
        rows: list[Any] = self.run(statement, **values).fetchall()
        return rows

    def many(self, statement: Statement, rows: Iterable[Sequence[Any]]) -> None:
        """Execute once per row, each with its values in the statement's order."""
        self.raw.cursor().executemany(statement.on(self.backend)[0], rows)

    def many_named(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute once per row, each with its values by name."""
        order = statement.on(self.backend)[1]
        self.many(statement, [[row.get(name, kept) for name, kept in order] for row in rows])

    def bulk(
        self,
        table: sa.Table,
        columns: Mapping[str, Sequence[Any]],
        constants: Mapping[str, int] | None = None,
    ) -> None:
        """Insert many rows the fastest way the engine has.

        Parameters
        ----------
        table
            Where to.
        columns
            Name to values, all of one length. A column of nothing but None is left out.
        constants
            What is the same in all rows: SQLite is spared a parameter per row.
        """
        given = {name: c for name, c in columns.items() if not _empty(c)}
        same = constants or {}
        names = ", ".join(f'"{name}"' for name in (*given, *same))
        if self.backend == "postgresql":
            rows = zip(*given.values(), *[itertools.repeat(value) for value in same.values()])  # noqa: B905 - repeat has no end
            with self.raw.cursor().copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["?"] * len(given) + [str(int(value)) for value in same.values()])
        sql = f"INSERT INTO {table.name} ({names}) VALUES "  # noqa: S608 - names of ours
        flat = list(itertools.chain.from_iterable(zip(*given.values(), strict=True)))
        # Some rows a statement take two thirds of the time of one row each.
        whole = max(1, _PARAMETERS // len(given)) * len(given)
        rest = len(flat) % whole
        if len(flat) > rest:
            parts = (flat[at : at + whole] for at in range(0, len(flat) - rest, whole))
            self.raw.executemany(sql + _repeated(marks, whole // len(given)), parts)
        if rest:
            self.raw.execute(sql + _repeated(marks, rest // len(given)), flat[-rest:])

    def fetch(self, element: ClauseElement, **values: Any) -> list[Any]:
        """Rows of a statement built on the spot; SQLAlchemy caches its text by shape."""
        # All at once: one by one costs three times as much where there are a million.
        found = self.conn.execute(element, values)  # type: ignore[call-overload]  # any select
        return list(found.fetchall())

    def hidden(self) -> frozenset[int]:
        """Numbers of the imports that are undone or not finished: their texts are not there."""
        if self._hidden is None:
            self._hidden = frozenset(row[0] for row in self.all(_HIDDEN))
        return self._hidden


class Database:
    """An engine with the habits a study needs.

    Writers take their turn: within the process under one lock, between processes by
    ``BEGIN IMMEDIATE`` on SQLite and by locking the row of `study` on PostgreSQL. So every
    statement of a writer sees what the writer before it did. Readers see one moment.
    """

    def __init__(self, url: URL, path: Path | None, patience: float = PATIENCE) -> None:
        self.backend: Backend = "sqlite" if path is not None else "postgresql"
        self.path = path
        self.url = url
        self.patience = patience
        self.closed = False
        self._turn = threading.Lock()
        self._pid = os.getpid()
        self._place = place_of(path)
        options: dict[str, Any] = {} if path is not None else _options(patience)
        self.engine: Engine = sa.create_engine(url, pool_size=4, max_overflow=60, **options)
        connected = _pragmas(patience) if path is not None else _session(patience)
        sa.event.listen(self.engine, "connect", connected)
        self._idle = Idle(weakref.WeakMethod(self.checkpoint)) if path is not None else None
        self._end = weakref.finalize(self, _dispose, self.engine, self._idle, None)

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that only reads; all its statements see the same moment."""
        self._own()
        with self._connection() as tx:
            if self.backend == "sqlite":
                tx.raw.execute("BEGIN")
            else:
                tx.raw.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield tx
            tx.raw.rollback()

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Tx]:
        """A transaction that writes; on return it is on disk, in the file at the path.

        Parameters
        ----------
        durable
            False lets a loss of power take it back, for the chunks of an import that is not
            visible yet; the next durable transaction makes it safe too.
        """
        self._own()
        with self._taking_turn():
            with self._connection() as tx:
                if self.backend == "sqlite":
                    relaxed = not durable and self.journal_mode(tx) == "wal"
                    if relaxed:
                        tx.raw.execute("PRAGMA synchronous = NORMAL")
                    try:
                        tx.raw.execute("BEGIN IMMEDIATE")
                        self._current(tx)
                        yield tx
                        tx.raw.commit()
                    finally:
                        if relaxed:
                            if tx.raw.in_transaction:
                                tx.raw.rollback()
                            tx.raw.execute("PRAGMA synchronous = FULL")
                else:
                    if not durable:
                        tx.raw.execute("SET LOCAL synchronous_commit = off")
                    self._current(tx)
                    yield tx
                    tx.raw.commit()
            self.present()

    @contextmanager
    def _taking_turn(self) -> Iterator[None]:
        """Among the threads of this program, one at a time writes."""
        if not self._turn.acquire(timeout=self.patience):
            raise BusyStudy(
                "another thread of this program has been writing to the study for over "
                f"{self.patience:g} s; wait until it is finished, then try again"
            )
        try:
            yield
        finally:
            self._turn.release()
            if self._idle is not None:
                self._idle.touch()

    def _own(self) -> None:
        if self.closed:
            raise StoreError("the study was closed; open it again with Study(...)")
        if os.getpid() != self._pid:
            # A forked child must not use, nor close, the connections of its parent.
            forks.refuse(self._place, self.path)
            self.engine.dispose(close=False)
            self._pid, self._turn = os.getpid(), threading.Lock()

    @contextmanager
    def _connection(self) -> Iterator[Tx]:
        self.present()
        conn: Connection | None = None
        raw: Any = None
        try:
            conn = self.engine.connect()
            raw = conn.connection.dbapi_connection
            yield Tx(conn, raw, self.backend)
        except GeneratorExit:
            _roll_back(raw)
            raise
        except BaseException as error:
            broken = not _roll_back(raw)
            if broken and conn is not None:
                conn.invalidate()
                self.engine.dispose()
            known = translated(error, self.path)
            if known is not None:
                raise known from error
            raise
        finally:
            if conn is not None:
                conn.close()

    @staticmethod
    def _current(tx: Tx) -> None:
        row = tx.one(_TURN)
        if row is not None and row[0] > VERSION:
            raise NewerStudy(
                f"a newer version of cjm-widgets changed the study to schema {row[0]} while it was "
                f"open here (this one knows schema {VERSION}); run: pip install -U cjm-widgets, "
                f"then restart the kernel"
            )

    @contextmanager
    def bare(self) -> Iterator[Tx]:
        """A connection outside any transaction, for what opens and copies a study."""
        self._own()
        with self._connection() as tx:
            yield tx

    def settle(self) -> None:
        """Take the file that is at the path now for the study's."""
        self._place = place_of(self.path)
        if self._place is not None:
            forks.hold(self._place)
            self._end.detach()
            self._end = weakref.finalize(
                self, _dispose, self.engine, self._idle, (self._place, self._pid)
            )

    def present(self) -> None:
        """Raise LostFile unless the file at the path is still the one that was opened."""
        if self.path is None:
            return
        if self._place is not None and place_of(self.path) != self._place:
            raise LostFile(
                f"{self.path} was moved, replaced or deleted while it was open, so what is written "
                f"now would be lost; put the file back where it was, or open the study at its new "
                f"place: Study({self.path.name!r})"
            )

    def journal_mode(self, tx: Tx) -> str:
        """SQLite's journal mode: ``wal``, or ``delete`` on network drives."""
        return str(tx.raw.execute("PRAGMA journal_mode").fetchone()[0]).lower()

    def checkpoint(self) -> bool:
        """Bring everything into the main file; whether nobody was in the way."""
        if self.path is None or self.closed or os.getpid() != self._pid:
            return True
        self.present()
        with self._connection() as tx:
            tx.raw.execute("PRAGMA busy_timeout = 0")
            try:
                busy = tx.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                tx.raw.execute(f"PRAGMA busy_timeout = {int(self.patience * 1000)}")
        return not busy

    def compact(self) -> None:
        """Rewrite everything, so that the bytes of what was deleted are nowhere in it.

        Raises
        ------
        BusyStudy
            If somebody else is in the way for too long.
        """
        with self._taking_turn(), self.bare() as tx:
            if self.backend == "postgresql":
                tx.raw.autocommit = True
                try:
                    tx.raw.execute("VACUUM FULL")
                finally:
                    tx.raw.autocommit = False
                return
            tx.raw.execute("VACUUM")
            if tx.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise BusyStudy(
                    "what was removed is gone from the study, but its bytes stay in the file "
                    f"{self.path}-wal as long as another program reads there; close it, then run "
                    "study.compact()"
                )

    def abandon(self) -> None:
        """Let go of what turned out to be no study, without writing to it."""
        self.closed = True
        self._end()

    def close(self) -> None:
        """Bring everything into the file and let go of it."""
        if self.closed:
            return
        try:
            self.checkpoint()
        except LostFile:
            pass  # nothing is left to be saved there
        finally:
            self.abandon()


def _repeated(marks: str, rows: int) -> str:
    return ", ".join([f"({marks})"] * rows)


def _empty(column: Sequence[Any]) -> bool:
    return isinstance(column, list) and column[:1] == [None] and column.count(None) == len(column)


def _roll_back(raw: Any) -> bool:
    """Undo what is pending; False if the connection is no good any more."""
    if raw is None:
        return True
    try:
        raw.rollback()
    except Exception:
        return False
    return not getattr(raw, "closed", False)


def place_of(path: Path | None) -> forks.Place | None:
    """Device and inode of the file at a path; None if there is none."""
    if path is None:
        return None
    try:
        stat = os.stat(path)  # noqa: PTH116 - 2 µs; Path.stat costs as much again
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def _pragmas(patience: float) -> Any:
    def connected(raw: Any, record: Any) -> None:
        # Python's sqlite3 must not begin transactions of its own: see store.md on DEFERRED.
        raw.isolation_level = None
        raw.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("PRAGMA cache_size = -16384")
        if sys.platform == "darwin":
            raw.execute("PRAGMA fullfsync = ON")

    return connected


def _session(patience: float) -> Any:
    def connected(raw: Any, record: Any) -> None:
        raw.execute(f"SET lock_timeout = {int(patience * 1000)}")
        raw.commit()

    return connected


def _options(patience: float) -> dict[str, Any]:
    return {
        "connect_args": {
            "connect_timeout": max(2, int(patience)),
            "application_name": "cjm-widgets",
        },
        "pool_recycle": 1800,
    }


def _dispose(engine: Engine, idle: Idle | None, held: tuple[forks.Place, int] | None) -> None:
    if idle is not None:
        idle.stop()
    if held is not None and held[1] != os.getpid():
        return  # a forked child must leave its parent's connections alone
    engine.dispose()
    if held is not None:
        forks.release(*held)
