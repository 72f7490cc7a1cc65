"""Feedback frames as the lists of plain values that an import writes.

All per-row work of an import that needs no database stands here, so that its speed can be
seen in one place: no loop over rows builds a dictionary or an object.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from cjm_widgets.errors import FrameError
from cjm_widgets.model.columns import FEEDBACK, check
from cjm_widgets.store.tables.facets import FIXED, LONGEST

if TYPE_CHECKING:
    import pandas as pd

CHUNK = 5_000
"""Rows written in one transaction: a coder beside an import waits under 100 ms."""

_NAMES = frozenset(column.name for column in FEEDBACK)


@dataclass(slots=True)
class Rows:
    """Some thousand feedback rows, column by column."""

    ids: list[str | None]
    """Source ids, unique in the whole import; None where the source has none."""
    digests: list[int]
    """What finds rows without an id again; 0 for the others; empty if all have one."""
    text: list[str]
    respondent: list[str | None]
    at: list[int | None]
    channel: list[str | None]
    touchpoint: list[str | None]
    language: list[str | None]
    attrs: list[str | None]
    """JSON objects with sorted keys."""
    stage: list[str | None]
    valence: list[float | None]
    rated: bool
    """Whether any row has a stage or a valence."""
    facets: dict[str, list[str | None]]
    """Filter key to what each row shows under it."""
    kinds: dict[str, str]
    """Attribute to ``text``, ``integer`` or ``number``."""

    def __len__(self) -> int:
        return len(self.ids)


class Ordinals:
    """Counts how often a value was seen in an import, in 8 bytes a value.

    Values are held as hashes in sorted runs that double in size; only those seen twice cost
    a dictionary entry. Two values of one hash (1 in 30 million imports of a million rows)
    would merely be numbered on.
    """

    def __init__(self) -> None:
        self._runs: list[np.ndarray[Any, np.dtype[np.int64]]] = []
        self._again: dict[int, int] = {}

    def number(self, values: Sequence[str]) -> list[int] | None:
        """The ordinal of each value, from 1; None if all are seen for the first time."""
        hashes = np.fromiter(map(hash, values), np.int64, len(values))
        fresh = np.unique(hashes)
        seen = np.zeros(len(fresh), bool)
        for run in self._runs:
            found = np.minimum(np.searchsorted(run, fresh), len(run) - 1)
            seen |= run[found] == fresh
        if not seen.any() and len(fresh) == len(hashes):
            self._keep(fresh)
            return None
        before = set(fresh[seen].tolist())
        self._keep(fresh[~seen])
        numbers, once = [], set()
        for value in hashes.tolist():
            n = self._again.get(value)
            if n is None:
                n = 1 if value in before or value in once else 0
            once.add(value)
            if n:
                self._again[value] = n + 1
            numbers.append(n + 1)
        return numbers

    def _keep(self, run: np.ndarray[Any, np.dtype[np.int64]]) -> None:
        if not len(run):
            return
        while self._runs and len(self._runs[-1]) < 2 * len(run):
            run = np.concatenate([self._runs.pop(), run])
        run.sort()
        self._runs.append(run)


class Preparation:
    """One import's frames on their way to rows."""

    def __init__(self) -> None:
        self._named = Ordinals()
        self._content = Ordinals()
        self.rows = 0

    def __call__(self, frame: pd.DataFrame) -> Iterator[Rows]:
        """Rows of a frame, at most `CHUNK` at a time.

        Raises
        ------
        FrameError
            If the frame breaks the contract of FEEDBACK, or a text is empty or holds what the
            engines cannot.
        """
        check(frame, FEEDBACK, "study.add")
        for begin in range(0, len(frame), CHUNK):
            part = frame.iloc[begin : begin + CHUNK]
            yield self._part(part)
            self.rows += len(part)

    def _part(self, part: pd.DataFrame) -> Rows:
        text = _texts(part, "text")
        if not all(text):
            _refuse(part, "text", [not words for words in text], "is empty")
        fixed = {name: _texts(part, name) for name in ("respondent", *FIXED)}
        shown = {name: _short(values) for name, values in fixed.items() if name in FIXED}
        attrs, kinds, more = _attributes(part)
        stage, valence = _texts(part, "stage"), _numbers(part)
        ids, digests = self._ids(_texts(part, "id"), text)
        return Rows(
            ids,
            digests,
            text,
            fixed["respondent"],
            _times(part),
            fixed["channel"],
            fixed["touchpoint"],
            fixed["language"],
            attrs,
            stage,
            valence,
            any(value is not None for value in stage) or any(v is not None for v in valence),
            {**shown, **more},
            kinds,
        )

    def _ids(self, given: list[str | None], text: list[str]) -> tuple[list[str | None], list[int]]:
        """Ids and digests of rows, each unique in the import."""
        if None not in given:
            return self._numbered(given), []
        without = [i for i, name in enumerate(given) if name is None]
        words = text if len(without) == len(text) else [text[i] for i in without]
        numbers = self._content.number(words)
        if numbers is not None:
            # The second "ok" of a file is another row than the first.
            words = [w if n == 1 else f"{w}\0{n}" for w, n in zip(words, numbers, strict=True)]
        hashed = b"".join([hashlib.blake2b(w.encode(), digest_size=8).digest() for w in words])
        made: list[int] = np.frombuffer(hashed, ">i8").tolist()
        if len(without) == len(text):
            return given, made
        ids = self._numbered([name for name in given if name is not None])
        digests = [0] * len(text)
        for i, digest in zip(without, made, strict=True):
            digests[i] = digest
            ids.insert(i, None)
        return ids, digests

    def _numbered(self, ids: list[str | None]) -> list[str | None]:
        numbers = self._named.number(ids)  # type: ignore[arg-type]  # no None is among them
        if numbers is None:
            return ids
        return [name if n == 1 else f"{name}#{n}" for name, n in zip(ids, numbers, strict=True)]


def _texts(part: pd.DataFrame, name: str) -> list[Any]:
    column = part[name]
    values: list[str | None] = _plain(column)
    present = values if None not in values else [value for value in values if value is not None]
    joined = "".join(present)  # type: ignore[arg-type]  # no None is left
    bad = "\0" in joined
    if not bad and not joined.isascii():
        try:
            joined.encode()
        except UnicodeEncodeError:
            bad = True
    if bad:
        at = [value is not None and _unfit(value) for value in values]
        _refuse(part, name, at, "holds a NUL or half a surrogate pair, which no database can hold")
    return values


def _plain(column: pd.Series[Any]) -> list[Any]:
    made: Any = column.to_numpy(object, na_value=None)  # type: ignore[call-overload]  # None is fine
    values: list[Any] = made.tolist()
    return values


def _unfit(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return "\0" in text


def _refuse(part: pd.DataFrame, name: str, bad: Sequence[bool], say: str) -> NoReturn:
    row = part["row"].iloc[list(bad).index(True)] if "row" in part else list(bad).index(True)
    raise FrameError(
        f"study.add: row {row}, column {name!r} {say}; read the file with cjm.read, which repairs "
        f"or leaves out such rows and reports them"
    )


def _times(part: pd.DataFrame) -> list[int | None]:
    column = part["at"]
    values: list[Any] = column.astype("datetime64[us]").astype("int64").tolist()
    if column.isna().any():
        missing = column.isna().tolist()
        return [None if gap else value for gap, value in zip(missing, values, strict=True)]
    return values


def _numbers(part: pd.DataFrame) -> list[float | None]:
    column = part["valence"].to_numpy(float, na_value=math.nan)
    missing = np.isnan(column)
    if missing.all():
        return [None] * len(column)
    outside = ~missing & ~((column >= -1) & (column <= 1))
    if outside.any():
        value = float(column[outside][0])
        _refuse(part, "valence", outside.tolist(), f"is {value:g}; valence lies between −1 and 1")
    values = column.tolist()
    return [None if gap else value for gap, value in zip(missing.tolist(), values, strict=True)]


def _short(values: Iterable[str | None]) -> list[str | None]:
    return [value if value and len(value) <= LONGEST else None for value in values]


def _attributes(
    part: pd.DataFrame,
) -> tuple[list[str | None], dict[str, str], dict[str, list[str | None]]]:
    """JSON of all attributes, the kind of each, and what those fit to filter by show."""
    names = sorted((str(name), name) for name in part.columns if name not in _NAMES)
    kinds: dict[str, str] = {}
    shown: dict[str, list[str | None]] = {}
    pieces: list[list[str]] = []
    gaps = False
    for key, name in names:
        kind, values = _attribute(part, name)
        kinds[key] = kind
        head = json.dumps(key, ensure_ascii=False) + ":"
        made: dict[Any, str] = {None: ""}
        for value in dict.fromkeys(values):
            if value is not None:
                made[value] = head + json.dumps(value, ensure_ascii=False)
        gaps = gaps or None in values
        pieces.append([made[value] for value in values])
        if kind == "text":
            shown[key] = _short(values)
        elif kind == "integer":
            shown[key] = [None if value is None else str(value) for value in values]
    if not pieces:
        return [None] * len(part), kinds, shown
    rows = zip(*pieces, strict=True)
    if gaps:
        bodies = [",".join(filter(None, row)) for row in rows]
        return ["{" + body + "}" if body else None for body in bodies], kinds, shown
    return ["{" + ",".join(row) + "}" for row in rows], kinds, shown


def _attribute(part: pd.DataFrame, name: Any) -> tuple[str, list[Any]]:
    column = part[name]
    kind = column.dtype.kind if isinstance(column.dtype, np.dtype) else str(column.dtype)
    lowered = str(kind).lower()
    if lowered in "iu" or lowered.startswith(("int", "uint")):
        return "integer", _plain(column)
    if lowered == "f" or lowered.startswith("float"):
        numbers = column.to_numpy(float, na_value=math.nan)
        finite = np.isfinite(numbers)
        whole = bool(finite.any()) and bool((numbers[finite] == np.floor(numbers[finite])).all())
        whole = whole and bool((np.abs(numbers[finite]) < 2**53).all())
        values = [
            (int(value) if whole else value) if good else None
            for value, good in zip(numbers.tolist(), finite.tolist(), strict=True)
        ]
        return ("integer" if whole else "number"), values
    if str(column.dtype) in ("str", "string"):
        return "text", _texts(part, name)
    if lowered == "m":
        stamps = column.dt.strftime("%Y-%m-%dT%H:%M:%S").where(column.notna())
        return "text", _plain(stamps)
    raise FrameError(
        f"study.add: attribute {str(name)!r} holds {column.dtype}; attributes are text or numbers: "
        f"frame[{str(name)!r}] = frame[{str(name)!r}].astype('str')"
    )
