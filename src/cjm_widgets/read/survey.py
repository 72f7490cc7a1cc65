"""One look over the whole table, so that what is decided holds for every chunk of it."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow

from cjm_widgets.errors import ReadError
from cjm_widgets.read import numbers, scales
from cjm_widgets.read.arrowed import texts
from cjm_widgets.read.dates import Order
from cjm_widgets.read.plan import Plan
from cjm_widgets.read.report import Guess
from cjm_widgets.read.table import Batch, Table
from cjm_widgets.read.wish import Wish

Hashes = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(slots=True)
class Findings:
    """What the whole table says."""

    rows: int = 0
    styles: dict[int, str | None] = field(default_factory=dict)
    """Column → how its numbers are written; None where it is text."""
    day_first: bool = True
    scale: tuple[float, float] | None = None
    twice: Hashes | None = None
    """Hashes of the ids that stand in more than one row."""


def survey(table: Table, plan: Plan, scale: tuple[float, float] | None, wish: Wish) -> Findings:
    """Look at every row once; settle the plan's guesses and attributes.

    Raises
    ------
    ReadError
        If there is no text, a bound is broken, or the scale cannot be told.
    """
    seen = _Seen(table, plan, scale)
    for batch in table.batches():
        seen.look(batch, wish)
    if not seen.text:
        names = ", ".join(repr(table.columns[j]) for j in plan.text)
        raise ReadError(
            f"no row has a text in {names}; name the right column with text=…", file=wish.file
        )
    # What the first pass freed is given back before the second needs as much again.
    pa.default_memory_pool().release_unused()
    found = Findings(seen.rows, scale=scale)
    if not table.sha256:
        table.sha256 = seen.digest.hexdigest()
    found.twice = _ids(seen, plan, table)
    dropped = {j for j in table.blank if not seen.filled[j]}
    plan.settle(table, dropped)
    for j, _ in plan.attributes:
        if pa.types.is_string(seen.kinds[j]):
            found.styles[j] = (
                numbers.best(seen.styles[j], table.semicolons) if seen.valued[j] else None
            )
    found.day_first = seen.order.is_day_first
    if seen.order.because is not None:
        shape = "dd/mm/yyyy" if found.day_first else "mm/dd/yyyy"
        plan.guessed.append(Guess("dates", shape, seen.order.because))
    if seen.order.counted:
        column = table.columns[plan.roles["at"]]
        plan.guessed.append(Guess("at", column, "dates_counted"))
    if "valence" in plan.roles and scale is None:
        column = table.columns[plan.roles["valence"]]
        found.scale = seen.ratings.scale(wish.file, column)
        low, high = found.scale
        plan.guessed.append(Guess("scale", f"{low:g} … {high:g}".replace("-", "−"), "values"))
    return found


def hashes(column: Any) -> Hashes:
    """A number for each id, without the white space around it."""
    values = pc.utf8_trim_whitespace(texts(column)).to_pylist()
    return np.fromiter((hash(one or "") for one in values), np.int64, len(values))


class _Seen:
    """What was seen so far."""

    def __init__(self, table: Table, plan: Plan, scale: tuple[float, float] | None) -> None:
        width = len(table.columns)
        roles = plan.roles
        self.rows = 0
        self.text = False
        self.filled = [False] * width
        self.valued = [False] * width
        self.kinds: list[Any] = [pa.string()] * width
        self.styles = [tuple(numbers.STYLES)] * width
        # A guessed id that turns out not to be unique becomes an attribute after all.
        spare = roles["id"] if plan.guessed_id else None
        used = {*plan.text, *(j for j in roles.values() if j != spare)}
        self.looked_at = [j for j in range(width) if j not in used]
        self.order, self.ratings = Order(), scales.Ratings()
        self.hashes: list[Hashes] = []
        self.empty_id = False
        self.plan, self.table, self.scale = plan, table, scale
        self.digest = hashlib.sha256(repr(table.columns).encode("utf-8", "replace"))

    def look(self, batch: Batch, wish: Wish) -> None:
        """Take in some rows."""
        self.rows += len(batch)
        wish.limits.hold("rows", self.rows, "the table has at least rows:", wish.file)
        roles = self.plan.roles
        for j, column in enumerate(batch.columns):
            self.kinds[j] = column.type
            if pa.types.is_string(column.type):
                self._hold(column, batch, wish)
            if not self.filled[j]:
                self.filled[j] = _any_filled(column)
        self.text = self.text or any(_any_filled(batch.columns[j]) for j in self.plan.text)
        for j in self.looked_at:
            if self.styles[j] and pa.types.is_string(batch.columns[j].type):
                self.styles[j] = numbers.fitting(batch.columns[j], self.styles[j])
                self.valued[j] = self.valued[j] or self.filled[j]
        if "at" in roles:
            self.order.look(batch.columns[roles["at"]])
        if "valence" in roles and self.scale is None:
            self.ratings.look(batch.columns[roles["valence"]])
        if "id" in roles:
            self._ids(batch.columns[roles["id"]], batch)
        if not self.table.sha256:
            arrow.write_csv(
                pa.table(
                    [texts(one) for one in batch.columns],
                    [str(j) for j in range(len(batch.columns))],
                ),
                _Sink(self.digest),
                arrow.WriteOptions(include_header=False),
            )

    def _hold(self, column: Any, batch: Batch, wish: Wish) -> None:
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        if longest > wish.limits.cell:
            lengths = pc.utf8_length(column)
            longest = pc.max(lengths).as_py() or 0
            row = batch.rows[pc.index(lengths, longest).as_py()].as_py()
            wish.limits.hold("cell", longest, "a cell has characters:", wish.file, row)

    def _ids(self, column: Any, batch: Batch) -> None:
        # Blank rows, and rows without a text, need no id: they give no feedback.
        rows = functools.reduce(pc.or_, [filled_cells(batch.columns[j]) for j in self.plan.text])
        found = hashes(column.filter(rows))
        empty = found == hash("")
        self.empty_id = self.empty_id or bool(empty.any())
        self.hashes.append(found[~empty])


class _Sink:
    """A file that only feeds a digest."""

    def __init__(self, digest: Any) -> None:
        self._digest = digest
        self.closed = False

    def write(self, data: Any) -> int:
        """Take in some bytes."""
        self._digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""


def filled_cells(column: Any) -> Any:
    """Where more than white space stands."""
    if not pa.types.is_string(column.type):
        return pc.is_valid(column)
    filled = pc.fill_null(pc.greater(pc.binary_length(column), 0), False)
    return pc.and_not(filled, pc.fill_null(pc.utf8_is_space(column), False))


def _any_filled(column: Any) -> bool:
    if not pa.types.is_string(column.type):
        return bool(column.null_count < len(column))
    filled = column.filter(pc.greater(pc.binary_length(column), 0))
    return bool(len(filled)) and not pc.all(pc.utf8_is_space(filled)).as_py()


def _ids(seen: _Seen, plan: Plan, table: Table) -> Hashes | None:
    """The ids that stand in several rows; a guessed column with such ids is no id."""
    if "id" not in plan.roles:
        return None
    every = np.concatenate(seen.hashes) if seen.hashes else np.empty(0, np.int64)
    seen.hashes.clear()
    every.sort()  # in place: np.unique would hold several copies of a million ids
    twice = np.unique(every[1:][every[1:] == every[:-1]])
    if plan.guessed_id and (len(twice) or seen.empty_id):
        name = table.columns[plan.roles.pop("id")]
        plan.guessed = [one for one in plan.guessed if one.about != "id"]
        plan.guessed.append(Guess("no_id", name, "not_unique"))
        return None
    return twice if len(twice) else None
