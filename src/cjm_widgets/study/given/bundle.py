"""A whole study as one file of JSON lines, and back: for archives, and between file and server.

The archive is a ZIP with ``study.json`` (format, schema, name, rows per table) and, for every
table of the study, ``tables/<name>.jsonl``: its columns on the first line, then a row a line.
It holds everything, with all names and all words, undone and removed things included.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

import sqlalchemy as sa

from cjm_widgets.errors import ArgumentError, FileMissing, NewerStudy, ReadError
from cjm_widgets.export.atomic import written_bytes
from cjm_widgets.store import Store
from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import VERSION, Tx
from cjm_widgets.study.base import StudyBase

if TYPE_CHECKING:
    from sqlalchemy import Table

FORMAT = "cjm-study"
EDITION = 1
CHUNK = 2_000
"""Rows read and written at once."""
LONGEST_LINE = 64 * 2**20
"""Bytes of one row; a longer one is none of ours."""
_LEFT_OUT = ("meta", "staged")
"""Marks of the file itself, and what a running import has not decided yet."""
_README = """This archive holds a whole study of customer feedback: every text, every name, every
coding and note, removed ones included. It is PRIVATE. To share a map, export the map instead.

It is made of JSON lines: study.json says what is in it, tables/*.jsonl hold the rows.
"""


class Bundle(StudyBase):
    """The whole study as one archive."""

    def archive(self, path: str | os.PathLike[str]) -> Path:
        """Write the whole study as one ``.zip`` of JSON lines, which `from_archive` reads back.

        Unlike `export`, nothing is left out or hidden: texts, respondents, codings, coders,
        codebook, journey, KPIs, notes, documents, settings, history. Keep it as you keep the
        study itself. It also moves a study between a file and a server.

        Parameters
        ----------
        path
            Where to; the folder must exist. An older archive stays until the new one is whole.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        ArgumentError
            If the name does not end with ``.zip``, or the folder does not exist.
        """
        target = Path(path).expanduser()
        if target.suffix.lower() != ".zip":
            raise ArgumentError(
                f"the archive of a study is a .zip file, not {target.name!r}: "
                f'study.archive("shop-private.zip")'
            )
        if not target.parent.is_dir():
            raise ArgumentError(f"the folder {str(target.parent)!r} does not exist; create it")
        with written_bytes(target) as file, self._store.base.read() as tx:
            _pack(tx, self.name, file)
        return target

    @classmethod
    def from_archive(
        cls,
        archive: str | os.PathLike[str],
        path_or_url: str | Path,
        *,
        language: str | None = None,
    ) -> Self:
        """Make a new study of an archive.

        Parameters
        ----------
        archive
            What `archive` wrote.
        path_or_url
            Where the new study shall be: a file that does not exist yet, or a
            ``postgresql://`` URL of an empty database.
        language
            As for `Study`.

        Returns
        -------
        Study
            Open, equal to the one that was archived, its history included.

        Raises
        ------
        FileMissing, ReadError
            If there is no archive, or it is none of ours, or damaged; nothing is made then.
        NewerStudy
            If a newer version wrote it.
        ArgumentError
            If there is a study already at the place.
        """
        place = Path(archive).expanduser()
        target = Path(path_or_url).expanduser() if "://" not in str(path_or_url) else None
        if target is not None and target.exists():
            raise ArgumentError(f"{target} exists already; choose another name for the study")
        with _opened(place) as packed:
            told = _told(packed, place)
            with Store.open(path_or_url, name=str(told["name"])) as store:
                try:
                    _unpack(packed, store, place)
                except BaseException:
                    store.close()
                    if target is not None:
                        _without(target)
                    raise
        return cls(path_or_url, language=language)


def _tables() -> list[Table]:
    return [table for table in schema.metadata.sorted_tables if table.name not in _LEFT_OUT]


def _pack(tx: Tx, name: str, file: IO[bytes]) -> None:
    counts: dict[str, int] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        packed.writestr("README.txt", _README)
        for table in _tables():
            with packed.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as out:
                out.write(_line([column.name for column in table.columns]))
                counts[table.name] = 0
                for row in _rows(tx, table):
                    out.write(_line(row))
                    counts[table.name] += 1
        told = {
            "format": FORMAT,
            "edition": EDITION,
            "schema": VERSION,
            "name": name,
            "rows": counts,
        }
        packed.writestr("study.json", json.dumps(told, ensure_ascii=False, indent=1))


def _line(values: Iterable[Any]) -> bytes:
    text = json.dumps(list(values), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8") + b"\n"


def _rows(tx: Tx, table: Table) -> Iterator[tuple[Any, ...]]:
    """All rows, some thousand at a time, by the table's own key."""
    keys = list(table.primary_key.columns)
    wanted = sa.select(table).order_by(*keys).limit(CHUNK)
    places = [list(table.columns).index(key) for key in keys]
    after: tuple[Any, ...] | None = None
    while True:
        page = wanted if after is None else wanted.where(sa.tuple_(*keys) > sa.tuple_(*after))
        found = tx.fetch(page)
        yield from (tuple(row) for row in found)
        if len(found) < CHUNK:
            return
        after = tuple(found[-1][place] for place in places)


@contextmanager
def _opened(place: Path) -> Iterator[zipfile.ZipFile]:
    if not place.is_file():
        raise FileMissing("there is no such archive; correct the path", file=str(place))
    try:
        with zipfile.ZipFile(place) as packed:
            yield packed
    except (zipfile.BadZipFile, EOFError, UnicodeDecodeError) as error:
        raise ReadError(f"the archive is damaged: {error}", file=str(place)) from error


def _told(packed: zipfile.ZipFile, place: Path) -> Mapping[str, Any]:
    """What the archive says of itself."""
    try:
        told = json.loads(packed.read("study.json"))
    except (KeyError, ValueError) as error:
        raise ReadError("this is no archive of a study", file=str(place)) from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise ReadError("this is no archive of a study", file=str(place))
    edition, written = told.get("edition"), told.get("schema")
    if not isinstance(edition, int) or not isinstance(written, int):
        raise ReadError("the archive does not say which version wrote it", file=str(place))
    if edition > EDITION or written > VERSION:
        raise NewerStudy(
            f"{place} was written by a newer version of cjm-widgets (schema {written}, this one "
            f"knows {VERSION}); run: pip install -U cjm-widgets"
        )
    return told


def _unpack(packed: zipfile.ZipFile, store: Store, place: Path) -> None:
    """Fill a new study, in one transaction."""
    with store.base.write() as tx:
        if tx.fetch(sa.select(schema.action.c.seq).limit(1)) or tx.fetch(
            sa.select(schema.feedback.c.id).limit(1)
        ):
            raise ArgumentError("there is a study already at this place; choose an empty database")
        tables = _tables()
        for table in reversed(tables):
            tx.conn.execute(table.delete())
        for table in tables:
            for columns, rows in _pages(packed, table, place):
                named = dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))
                tx.bulk(table, named)
            if tx.backend == "postgresql":
                _count_on(tx, table)
        tx.conn.execute(schema.study.update().values(version=VERSION))


def _pages(
    packed: zipfile.ZipFile, table: Table, place: Path
) -> Iterator[tuple[list[str], list[list[Any]]]]:
    """The rows of a table, some thousand at a time; each is held against its columns."""
    name = f"tables/{table.name}.jsonl"
    if name not in packed.namelist():
        return  # an older version did not have it
    kinds = {column.name: _kind(column) for column in table.columns}
    with packed.open(name) as lines:
        columns = _row(lines.readline(LONGEST_LINE), name, 1, place)
        if not columns or not set(columns) <= set(kinds) or len(set(columns)) < len(columns):
            raise ReadError(f"{name} has other columns than a study has", file=str(place))
        page: list[list[Any]] = []
        number = 1
        while line := lines.readline(LONGEST_LINE):
            number += 1
            row = _row(line, name, number, place)
            fits = len(row) == len(columns) and all(
                value is None or (isinstance(value, kinds[column]) and not isinstance(value, bool))
                for column, value in zip(columns, row, strict=False)
            )
            if not fits:
                raise ReadError(f"{name}: the row does not fit", file=str(place), row=number)
            page.append(row)
            if len(page) == CHUNK:
                yield columns, page
                page = []
        if page:
            yield columns, page


def _kind(column: sa.Column[Any]) -> tuple[type, ...]:
    python = column.type.python_type
    return (int, float) if python is float else (python,)


def _row(line: bytes, name: str, number: int, place: Path) -> list[Any]:
    try:
        made = json.loads(line)
    except ValueError as error:
        raise ReadError(f"{name}: {error}", file=str(place), row=number) from error
    if not isinstance(made, list):
        raise ReadError(f"{name}: the row is no list", file=str(place), row=number)
    return made


def _count_on(tx: Tx, table: Table) -> None:
    """The server's own numbers go on behind those that were brought."""
    auto = table.autoincrement_column
    if auto is None:
        return
    tx.conn.execute(
        sa.text(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', '{auto.name}'), "  # noqa: S608 - names of ours
            f"COALESCE((SELECT max({auto.name}) FROM {table.name}), 0) + 1, false)"
        )
    )


def _without(path: Path) -> None:
    """Take away a study that was just made and could not be filled."""
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
