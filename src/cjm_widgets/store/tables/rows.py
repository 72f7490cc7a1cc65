"""Journalled rows: taken as images, and put back from them.

An image is a whole row as a dictionary, without its internal number but with its `rev`;
that of a coding has its codes besides, that of a transcript its turns. A row that is not there,
or whose creation was undone, is `{"gone": 1, "rev": 0}`. Rows are never deleted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.tables import cuts, facets, search
from cjm_widgets.text.turns import may_be_transcript

Image = dict[str, Any]

ABSENT: Mapping[str, Any] = {"gone": 1, "rev": 0}


def alive(image: Mapping[str, Any]) -> bool:
    """Whether an image shows a row that is there."""
    return not image.get("gone")


@dataclass(frozen=True, slots=True)
class Found:
    """A row as it stands: its internal number (None if there is none) and its image."""

    id: int | None
    image: Image


class Rows:
    """The rows of one journalled table."""

    def __init__(self, table: sa.Table, columns: Sequence[str], key: str = "uid") -> None:
        self.name = table.name
        self.table = table
        self.columns = tuple(columns)
        self.by = table.c[key]
        wanted = [table.c[name] for name in self.columns]
        self._select = Statement(sa.select(table.c.id, *wanted).where(self.by == _row()))
        self._insert = Statement(
            sa.insert(table)
            .values({"uid": _row(), **{name: sa.bindparam(name) for name in self.columns}})
            .returning(table.c.id)
            if key == "uid"
            else sa.insert(table)
        )
        self._update = Statement(
            sa.update(table)
            .where(table.c.id == sa.bindparam("the_id"))
            .values({name: sa.bindparam(name) for name in self.columns})
        )
        self._hide = Statement(
            sa.update(table)
            .where(table.c.id == sa.bindparam("the_id"))
            .values({name: sa.bindparam(name) for name in self.columns if name in ABSENT})
        )

    def key(self, row: str) -> Any:
        """What the key column holds for a row's name in the journal."""
        return row

    def find(self, tx: Tx, row: str) -> Found:
        """The row as it stands."""
        return self._found(tx.one(self._select, the_row=self.key(row)))

    def _found(self, row: Sequence[Any] | None) -> Found:
        """From what the engine gives: the internal number, then the columns."""
        if row is None:
            return Found(None, dict(ABSENT))
        image = dict(zip(self.columns, row[1:], strict=True))
        if image.get("gone") and image["rev"] == 0:
            return Found(row[0], dict(ABSENT))
        return Found(row[0], image)

    def find_many(self, tx: Tx, rows: Sequence[str]) -> dict[str, Found]:
        """Some hundred rows as they stand, by name; those that are not there too."""
        wanted = [self.table.c[name] for name in self.columns]
        keys = [self.key(row) for row in rows]
        listed = tx.fetch(sa.select(self.by, self.table.c.id, *wanted).where(self.by.in_(keys)))
        there = {str(row[0]): self._found(row[1:]) for row in listed}
        return {row: there.get(row) or self._found(None) for row in rows}

    def put(self, tx: Tx, row: str, found: Found, image: Mapping[str, Any]) -> int:
        """Make the row what an image shows; gives its internal number."""
        if found.id is None:
            return int(tx.one(self._insert, the_row=self.key(row), **image)[0])
        if image.keys() == ABSENT.keys():
            tx.run(self._hide, the_id=found.id, **image)
        else:
            tx.run(self._update, the_id=found.id, **image)
        return found.id

    def put_many(self, tx: Tx, changes: Sequence[Change]) -> None:
        """Make many rows what their images show."""
        for row, found, image in changes:
            self.put(tx, row, found, image)


Change = tuple[str, Found, Image]
"""A row's name, the row as it stands, and the image it is to get."""


def _row() -> sa.BindParameter[Any]:
    return sa.bindparam("the_row")


class Codings(Rows):
    """Codings with their codes; keeps count of what each coder has done."""

    _codes = Statement(
        sa.select(schema.coding_code.c.code)
        .where(schema.coding_code.c.coding == sa.bindparam("the_id"))
        .order_by(schema.coding_code.c.code)
    )
    _clear = Statement(
        sa.delete(schema.coding_code).where(schema.coding_code.c.coding == sa.bindparam("the_id"))
    )
    _give = Statement(sa.insert(schema.coding_code))
    _count = Statement(
        lambda insert: (
            insert(schema.progress)
            .values({name: sa.bindparam(name) for name in ("coder", "feedback", "version", "n")})
            .on_conflict_do_update(
                index_elements=["coder", "feedback"],
                set_={"n": schema.progress.c.n + sa.bindparam("more")},
            )
        )
    )

    def find(self, tx: Tx, row: str) -> Found:
        found = super().find(tx, row)
        if found.id is not None and "feedback" in found.image:
            found.image["codes"] = [code for (code,) in tx.all(self._codes, the_id=found.id)]
        return found

    def put(self, tx: Tx, row: str, found: Found, image: Mapping[str, Any]) -> int:
        codes = image.get("codes", ())
        plain = {name: value for name, value in image.items() if name != "codes"}
        number = super().put(tx, row, found, plain)
        if found.image.get("codes", ()) != codes and "feedback" in image:
            if found.id is not None:
                tx.run(self._clear, the_id=number)
            if codes:
                tx.many(self._give, [(number, code) for code in codes])
        self._counted(tx, found, image)
        return number

    def find_many(self, tx: Tx, rows: Sequence[str]) -> dict[str, Found]:
        found = super().find_many(tx, rows)
        of: dict[int, list[int]] = {
            one.id: one.image.setdefault("codes", [])
            for one in found.values()
            if one.id is not None and "feedback" in one.image
        }
        table = schema.coding_code
        listed = sa.select(table).where(table.c.coding.in_(list(of))).order_by(table.c.code)
        for coding, code in tx.fetch(listed):
            of[coding].append(code)
        return found

    def put_many(self, tx: Tx, changes: Sequence[Change]) -> None:
        whole = [change for change in changes if change[1].id and "feedback" in change[2]]
        for row, found, image in changes:
            if not (found.id and "feedback" in image):
                self.put(tx, row, found, image)
        tx.many_named(self._update, [{**image, "the_id": found.id} for _, found, image in whole])
        recoded = [
            (f.id, i["codes"]) for _, f, i in whole if f.image.get("codes", ()) != i["codes"]
        ]
        tx.many(self._clear, [(number,) for number, _ in recoded])
        tx.many(self._give, [(number, code) for number, codes in recoded for code in codes])
        for _, found, image in whole:
            self._counted(tx, found, image)

    def _counted(self, tx: Tx, found: Found, image: Image | Mapping[str, Any]) -> None:
        """Keep count of the coder's live codings on the text."""
        more = alive(image) - alive(found.image)
        if more:
            shown = image if "feedback" in image else found.image
            tx.run(
                self._count,
                coder=shown["coder"],
                feedback=shown["feedback"],
                version=shown["version"],
                n=max(more, 0),
                more=more,
            )


class Texts(Rows):
    """Feedback rows that an import changed; keeps filters, search, old versions, turns in step.

    The image of a text that may be a transcript holds the turns of its version; one journalled
    before that was so leaves them as they are.
    """

    _keep = Statement(
        lambda insert: (
            insert(schema.feedback_text)
            .values({name: sa.bindparam(name) for name in ("feedback", "version", "text")})
            .on_conflict_do_nothing()
        )
    )
    _holds = Statement(
        sa.update(schema.batch)
        .where(schema.batch.c.id == sa.bindparam("the_id"))
        .values(n=schema.batch.c.n + sa.bindparam("more"))
    )

    def key(self, row: str) -> Any:
        return int(row)

    def find(self, tx: Tx, row: str) -> Found:
        return self._heard(tx, row, super().find(tx, row))

    def find_many(self, tx: Tx, rows: Sequence[str]) -> dict[str, Found]:
        found = super().find_many(tx, rows)
        return {row: self._heard(tx, row, one) for row, one in found.items()}

    def _heard(self, tx: Tx, row: str, found: Found) -> Found:
        image = found.image
        if may_be_transcript(image.get("text", "")):
            image["turns"] = cuts.cut_of(tx, int(row), image["version"])
        return found

    def put(self, tx: Tx, row: str, found: Found, image: Mapping[str, Any]) -> int:
        number, was = int(row), found.image
        if "turns" in image:
            cuts.put(tx, number, image["version"], image["turns"])
            image = {name: value for name, value in image.items() if name != "turns"}
        if was["text"] != image["text"]:
            for side in (was, image):
                tx.run(self._keep, feedback=number, version=side["version"], text=side["text"])
            search.replace(tx, number, was["text"], image["text"])
        if was["batch"] != image["batch"]:
            tx.run(self._holds, the_id=was["batch"], more=-1)
            tx.run(self._holds, the_id=image["batch"], more=1)
        facets.relabel(tx, number, was, image)
        return super().put(tx, row, found, image)


CODINGS = Codings(
    schema.coding,
    (
        "feedback",
        "version",
        "start",
        "stop",
        "coder",
        "stage",
        "valence",
        "memo",
        "origin",
        "sampled_by",
        "sampled_p",
        "gone",
        "rev",
    ),
)
TEXTS = Texts(
    schema.feedback,
    (
        "batch",
        "version",
        "respondent",
        "at",
        "channel",
        "touchpoint",
        "language",
        "attrs",
        "rev",
        "text",
    ),
    key="id",
)
BATCHES = Rows(schema.batch, ("source", "sha256", "report", "seq", "gone", "rev"))
JOURNEYS = Rows(schema.journey, ("names", "key", "kind", "gone", "rev"))
STAGES = Rows(schema.stage, ("parent", "place", "facts", "gone", "rev"))
CODES = Rows(
    schema.code,
    (
        "parent",
        "place",
        "kind",
        "name",
        "definition",
        "colour",
        "merged_into",
        "gone",
        "rev",
    ),
)
KPIS = Rows(
    schema.kpi,
    (
        "name",
        "stage",
        "segment",
        "at",
        "value",
        "n",
        "low",
        "high",
        "unit",
        "target",
        "direction",
        "gone",
        "rev",
    ),
)
NOTES = Rows(schema.note, ("on_kind", "on_uid", "lane", "author", "text", "gone", "rev"))
DOCUMENTS = Rows(schema.document, ("kind", "body", "gone", "rev"))

TABLES: Mapping[str, Rows] = {
    rows.name: rows
    for rows in (CODINGS, TEXTS, BATCHES, JOURNEYS, STAGES, CODES, KPIS, NOTES, DOCUMENTS)
}


_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def packed(image: Mapping[str, Any]) -> str:
    """An image as the journal keeps it."""
    return _ENCODE(image)


def unpacked(text: str) -> Image:
    """An image from the journal."""
    image: Image = json.loads(text)
    return image


def names(rows: Iterable[tuple[str, str]], limit: int = 5) -> str:
    """Rows for a message: ``coding 1a2b, stage use``."""
    listed = [f"{tbl} {row}" for tbl, row in rows]
    return ", ".join(listed[:limit]) + (", …" if len(listed) > limit else "")
