"""Open a study or make one; refuse what is none, with a reason and a remedy.

Nothing here, nor anywhere in this package, may open a study's file but SQLite. POSIX drops
all locks a process holds on a file as soon as the process closes it once, whoever opened it:
a look at the first bytes, while another Store of the process has the study open, lets the
next process believe it is alone, take the log away, and damage the study.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError as BadURL

from cjm_widgets._optional import need
from cjm_widgets.errors import (
    ArgumentError,
    BusyStudy,
    FileMissing,
    NewerStudy,
    NotAStudy,
    StoreError,
)
from cjm_widgets.store.engine import database, forks, migrate, schema
from cjm_widgets.store.engine.database import Database
from cjm_widgets.store.engine.faults import damaged, translated

CHECKED_WHOLE = 32 * 2**20
"""Bytes up to which a file is checked page by page when it is opened (30 ms); `Store.check`
does so for any size."""


def connect(
    where: str | os.PathLike[str], *, create: bool, name: str | None, language: str, patience: float
) -> Database:
    """The database of a study, made or brought to this version's schema if need be."""
    place = _place(where)
    if isinstance(place, URL):
        need("psycopg", "postgres")
        base = Database(place, None, patience)
        title = name or str(place.database)
    else:
        _look(place, create)
        forks.refuse(database.place_of(place), place)
        base = Database(URL.create("sqlite", database=str(place)), place, patience)
        title = name or place.stem
    try:
        if base.path is not None:
            _probe(base.path, patience, create)
        migrate.bring(base, title, language, create=create)
        if base.path is not None:
            base.settle()
            _choose_journal(base, base.path)
    except BaseException:
        base.abandon()
        raise
    return base


def _place(where: str | os.PathLike[str]) -> URL | Path:
    text = os.fspath(where) if isinstance(where, str | os.PathLike) else None
    if not isinstance(text, str) or not text.strip():
        raise ArgumentError(f"a study is a file's path or a PostgreSQL URL, not {where!r}")
    if "://" not in text or os.path.exists(text):  # noqa: PTH110 - the text may be a URL
        return Path(text).expanduser().absolute()
    try:
        url = make_url(text)
        kind = url.get_backend_name()
    except (BadURL, ValueError) as error:
        raise ArgumentError(
            f"{text!r} is no URL of a database; write postgresql://user@host/database"
        ) from error
    if kind == "sqlite":
        if not url.database or url.database == ":memory:":
            raise ArgumentError("a study lives in a file: Study('study.cjm'), not in memory")
        return Path(url.database).expanduser().absolute()
    if kind not in ("postgresql", "postgres"):
        raise ArgumentError(
            f"a study lives in an SQLite file or on PostgreSQL, not on {kind}: "
            f"postgresql://user@host/database"
        )
    if not url.database:
        raise ArgumentError("the URL names no database: postgresql://user@host/database")
    return url.set(drivername="postgresql+psycopg")


def _look(path: Path, create: bool) -> None:
    """What can be told without opening the file; nothing of another program is touched."""
    if path.is_dir():
        raise ArgumentError(f"{path} is a folder; name a file in it: {path / 'study.cjm'}")
    if not path.parent.is_dir():
        raise FileMissing(
            f"the folder {path.parent} does not exist; create it first, or correct the path",
            file=str(path),
        )
    if not path.exists():
        if not create:
            raise FileMissing("there is no such study; correct the path", file=str(path))
        if not os.access(path.parent, os.W_OK):
            raise StoreError(f"you may not write to the folder {path.parent}; choose another place")
        return
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise StoreError(
            f"{path} cannot be written; a study is written to while it is used, so copy it to a "
            f"folder of your own and open the copy"
        )
    if path.stat().st_size == 0 and not create:
        raise NotAStudy(f"{path} is empty; correct the path, or delete it to make a study")


def _foreign(path: Path) -> NotAStudy:
    return NotAStudy(
        f"{path} is an SQLite database of another program, not a study of cjm-widgets; "
        f"open a study under another name"
    )


def _probe(path: Path, patience: float, create: bool) -> None:
    """Ask SQLite what the file is, over a connection that changes nothing."""
    if not path.exists() or path.stat().st_size == 0:
        return
    try:
        try:
            _ask(path, "ro", patience, create)
        except sqlite3.OperationalError:
            # Whoever was killed left a journal, which only a writer may bring in.
            _ask(path, "rw", patience, create)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_NOTADB:
            raise NotAStudy(
                f"{path} is not a study of cjm-widgets, nor a database at all; to bring its "
                f"content into a study, open one under a new name and add the file to it"
            ) from error
        raise (translated(error, path) or damaged(path, str(error))) from error


def _ask(path: Path, mode: str, patience: float, create: bool) -> None:
    where = f"{path.as_uri()}?mode={mode}"
    with closing(sqlite3.connect(where, uri=True, timeout=patience, isolation_level=None)) as raw:
        mark = raw.execute("PRAGMA application_id").fetchone()[0]
        version = raw.execute("PRAGMA user_version").fetchone()[0]
        if mark != schema.APPLICATION:
            tables = raw.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if tables or mark or version or not create:
                raise _foreign(path)
            return
        if version > database.VERSION:
            raise NewerStudy(
                f"{path} was written by a newer version of cjm-widgets (schema {version}, this "
                f"one knows {database.VERSION}); run: pip install -U cjm-widgets"
            )
        _sound(raw, path)


def _sound(raw: sqlite3.Connection, path: Path) -> None:
    size = path.stat().st_size
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    width = raw.execute("PRAGMA page_size").fetchone()[0]
    log = path.with_name(path.name + "-wal")
    if size < pages * width and not (log.exists() and log.stat().st_size):
        raise damaged(path, f"{pages * width - size} of its {pages * width} bytes are missing")
    raw.execute("SELECT seq FROM study").fetchone()
    if size <= CHECKED_WHOLE:
        found = raw.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise damaged(path, str(found))


def _choose_journal(base: Database, path: Path) -> None:
    """Write-ahead log on disks; the old journal on network drives, where shared memory fails."""
    wanted = "DELETE" if on_network(path) else "WAL"
    end = time.monotonic() + base.patience
    while True:
        try:
            with base.bare() as tx:
                if base.journal_mode(tx) != wanted.lower():
                    tx.raw.execute(f"PRAGMA journal_mode = {wanted}")
        except BusyStudy:
            # Another process is making or opening the same study; SQLite does not wait here.
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def on_network(path: Path, mounts: str | None = None) -> bool:
    """Whether a file lies on a network drive, as far as the system tells.

    Parameters
    ----------
    path
        The file.
    mounts
        What stands in /proc/self/mounts; read from there if not given.
    """
    text = str(path)
    if sys.platform == "win32":
        import ctypes

        if text.startswith("\\\\"):
            return True
        kernel: Any = ctypes.windll.kernel32
        return bool(kernel.GetDriveTypeW(path.anchor) == 4)
    if sys.platform == "darwin" and mounts is None:
        return text.startswith("/Volumes/")
    if mounts is None:
        try:
            mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return False
    best, kind = "", ""
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ")
        inside = text == point or text.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, parts[2]
    return kind in ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ncpfs") or (
        kind.startswith("fuse.") and kind[5:] in ("sshfs", "s3fs", "rclone", "davfs", "glusterfs")
    )
