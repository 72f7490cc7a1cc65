"""What the drivers say, in this package's words."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from cjm_widgets.errors import BusyStudy, CjmError, DamagedStudy, StoreError

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_DENIED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN}


def translated(error: BaseException, path: Path | None) -> CjmError | None:
    """The error to raise instead, or None if it is none of the database's.

    Parameters
    ----------
    error
        What came from the driver, SQLAlchemy or the code in between.
    path
        The study's file, None on PostgreSQL.
    """
    if isinstance(error, CjmError):
        return None
    if isinstance(error, PoolTimeout):
        return BusyStudy("too many threads use the study at once; try again")
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause, path)
    if cause is not None and type(cause).__module__.split(".")[0] == "psycopg":
        return _of_postgres(cause)
    return None


def _of_sqlite(error: sqlite3.Error, path: Path | None) -> CjmError | None:
    number = getattr(error, "sqlite_errorcode", None)
    if number is None:
        return None
    kind = number & 0xFF
    if kind in _BUSY:
        return BusyStudy(
            f"another program is writing to {path} and did not let go of it; wait until it is "
            f"finished (a long import, a backup, a synchronised folder), then try again"
        )
    if kind in _DAMAGED:
        return damaged(path, str(error))
    if kind == sqlite3.SQLITE_FULL:
        return StoreError(f"the disk of {path} is full; nothing was written; make room, try again")
    if kind in _DENIED:
        return StoreError(
            f"{path} cannot be written ({error}); check that you may write the file and its "
            f"folder, and that no other program blocks it"
        )
    if kind == sqlite3.SQLITE_IOERR:
        return StoreError(
            f"the disk of {path} reports an error ({error}); nothing was written; "
            f"check the disk or the network drive, then try again"
        )
    return None


def damaged(path: Path | None, found: str) -> DamagedStudy:
    """The error for a file that is no sound database."""
    return DamagedStudy(
        f"{path} is damaged ({found}); restore a copy of it, or save what is left with the command "
        f"`sqlite3 {path.name if path else 'FILE'} .recover`; do not write to it"
    )


def _of_postgres(error: BaseException) -> CjmError | None:
    state = str(getattr(error, "sqlstate", None) or "")
    said = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if state in ("55P03", "57014", "40P01", "40001"):
        return BusyStudy(f"the database is busy ({said}); try again")
    if state in ("53100", "53200"):
        return StoreError(f"the database server has no room left ({said}); nothing was written")
    if state in ("42501", "25006"):
        return StoreError(f"you may not write to this database ({said}); ask who runs it")
    if state.startswith("28"):
        return StoreError(f"the database refuses to let you in ({said}); check user and password")
    if state == "3D000":
        return StoreError(f"there is no such database ({said}); create it first with createdb")
    if state.startswith(("08", "57P")) or type(error).__name__ in (
        "OperationalError",
        "ConnectionTimeout",
    ):
        return BusyStudy(
            f"no connection to the database ({said}); check that it runs, that there is such a "
            f"database (createdb makes one) and that you may use it, then try again"
        )
    return None
