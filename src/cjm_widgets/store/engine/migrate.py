"""Bring a database to the schema this version writes.

A migration is a function decorated with the number it leads to. Each runs in a transaction
of its own, after a copy of the file was made beside it; on PostgreSQL the row of `study` is
locked meanwhile.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError, FileMissing, NewerStudy, NotAStudy
from cjm_widgets.store.engine import database, schema
from cjm_widgets.store.engine.database import Database, Tx

Migration = Callable[[Tx], None]

MIGRATIONS: dict[int, Migration] = {}
"""Number of the schema that a migration leads to, and the migration; new studies need none."""

_LOCK = 0x434A4D57


def migration(to: int) -> Callable[[Migration], Migration]:
    """Register the step that leads to schema `to`."""

    def register(step: Migration) -> Migration:
        if to in MIGRATIONS or to < 2:
            raise ArgumentError(f"schema {to} has its migration already")
        MIGRATIONS[to] = step
        return step

    return register


def bring(base: Database, name: str, language: str, *, create: bool) -> None:
    """Create what is missing, migrate what is old, refuse what is foreign or newer."""
    if not re.fullmatch(r"[a-z]{2}", language):
        raise ArgumentError(
            f"a study's language is an ISO 639-1 code such as 'en', not {language!r}"
        )
    have = version_of(base)
    if have is None:
        if not create:
            raise FileMissing("there is no study in this database", file=str(base.url))
        _create(base, name, language)
        have = version_of(base)
    if have is None:  # it was there a moment ago
        raise FileMissing("the study vanished while it was made", file=str(base.url))
    if have > database.VERSION:
        raise NewerStudy(
            f"the study was written by a newer version of cjm-widgets (schema {have}, this one "
            f"knows {database.VERSION}); run: pip install -U cjm-widgets"
        )
    if have < database.VERSION and base.path is not None:
        _copy(base, base.path, have)
    for to in range(have + 1, database.VERSION + 1):
        with base.write() as tx:
            if _version_inside(tx) < to:  # another process may have been quicker
                MIGRATIONS[to](tx)
                tx.conn.execute(schema.study.update().values(version=to))
                if base.backend == "sqlite":
                    tx.raw.execute(f"PRAGMA user_version = {to}")


def version_of(base: Database) -> int | None:
    """The schema a database has; None where there is nothing yet.

    Raises
    ------
    NotAStudy
        If there are tables of another program.
    """
    with base.bare() as tx:
        return _version(tx, base)


def _version(tx: Tx, base: Database) -> int | None:
    if base.backend == "sqlite":
        if tx.raw.execute("PRAGMA application_id").fetchone()[0] != schema.APPLICATION:
            return None
        return int(tx.raw.execute("PRAGMA user_version").fetchone()[0])
    found = sa.inspect(tx.conn).get_table_names()
    if not found:
        return None
    if "meta" in found and "study" in found:
        columns = {column["name"] for column in sa.inspect(tx.conn).get_columns("meta")}
        if columns == {"key", "value"}:
            mark = schema.meta.select().where(schema.meta.c.key == "application")
            rows = tx.fetch(mark)
            if rows and rows[0][1] == schema.MARK:
                return _version_inside(tx)
    shown = ", ".join(sorted(found)[:5])
    raise NotAStudy(
        f"the database {base.url.database!r} holds tables of another program ({shown}); make one "
        f"for the study (createdb mystudy) and name it in the URL"
    )


def _version_inside(tx: Tx) -> int:
    return int(tx.fetch(sa.select(schema.study.c.version))[0][0])


def _create(base: Database, name: str, language: str) -> None:
    with base.bare() as tx:
        if base.backend == "sqlite":
            # Not yet in WAL mode, so that even a killed creation leaves an empty file or a study.
            tx.raw.execute("BEGIN EXCLUSIVE")
        else:
            tx.raw.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        if _version(tx, base) is not None:
            return  # another process made it meanwhile
        schema.metadata.create_all(tx.conn, checkfirst=False)
        for statement in schema.SEARCH[base.backend]:
            tx.raw.execute(statement)
        tx.conn.execute(
            schema.meta.insert(),
            [{"key": "application", "value": schema.MARK}, {"key": "searchable", "value": "0"}],
        )
        tx.conn.execute(
            schema.study.insert().values(
                id=1,
                uid=uuid.uuid4().hex,
                version=database.VERSION,
                seq=0,
                name=name,
                language=language,
                settings=json.dumps({}),
            )
        )
        if base.backend == "sqlite":
            tx.raw.execute(f"PRAGMA application_id = {schema.APPLICATION}")
            tx.raw.execute(f"PRAGMA user_version = {database.VERSION}")
        tx.raw.commit()


def _copy(base: Database, path: Path, have: int) -> None:
    """Keep the file as it was before its first migration, beside it."""
    target = path.with_name(f"{path.stem}.schema{have}{path.suffix}")
    number = 1
    while target.exists():
        number += 1
        target = path.with_name(f"{path.stem}.schema{have}-{number}{path.suffix}")
    with base.bare() as tx:
        tx.raw.execute("VACUUM INTO ?", (str(target),))


@migration(2)
def _documents_and_turns(tx: Tx) -> None:
    """Documents, turns of transcripts, who was forgotten; memos found by what they are on; words
    found by beginnings of other lengths, for which the next search makes the index anew.

    A later schema that changes one of these tables must keep their first shape here.
    """
    for table in (schema.document, schema.turn, schema.forgotten):
        table.create(tx.conn)
    for index in schema.note.indexes:
        index.create(tx.conn)
    tx.raw.execute("DROP TABLE words")
    for statement in schema.SEARCH[tx.backend]:
        tx.raw.execute(statement)
    tx.conn.execute(
        sa.update(schema.meta).where(schema.meta.c.key == "searchable").values(value="0")
    )
