"""A small language to find passages: who bears which code, near what, in which texts.

Conditions speak of one passage. Relations speak of two passages of the same text::

    fees AND NOT joy
    stage:purchase (fees OR "hidden costs") valence<0
    fees NEAR/200 stage:support
    fees INSIDE stage:purchase            word:refund* persona:"first-time buyer"
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cjm_widgets.errors import ArgumentError

Mask = NDArray[np.bool_]
Resolve = Callable[[str, str], "Mask | None"]
"""Field and wanted value to the passages that have it; None where nobody knows the field. A
term without a field comes with an empty one."""

_TOKEN = re.compile(
    r"\s*(?:"
    r"(?P<open>\()|(?P<close>\))"
    r"|(?P<relation>(?:NEAR|BEFORE|AFTER)/\d{1,6}|OVERLAPS|INSIDE|HOLDS)(?=[\s(]|$)"
    r"|(?P<and>AND|ET)(?=[\s(]|$)|(?P<or>OR|OU)(?=[\s(]|$)|(?P<not>NOT|NON|SAUF)(?=[\s(]|$)"
    r"|(?P<compare>valence|n_codes)\s*(?P<sign><=|>=|=|<|>)\s*(?P<figure>[+\-−]?\d*[.,]?\d+)"
    r"|(?:(?P<field>[\w.\-]+|\"[^\"]+\"):)?(?P<term>\"[^\"]*\"|[^\s()\":]+)"
    r")"
)
_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
_SMALL = ("and", "or", "not", "et", "ou", "sauf")
LONGEST = 2_000
"""Code points a query may have."""


@dataclass(frozen=True, slots=True)
class _Term:
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class _Compare:
    column: str
    sign: str
    figure: float


@dataclass(frozen=True, slots=True)
class _Not:
    of: _Node


@dataclass(frozen=True, slots=True)
class _Both:
    """``and``, ``or``, or a relation such as ``near``."""

    how: str
    left: _Node
    right: _Node
    within: int = 0


_Node = _Term | _Compare | _Not | _Both


def select(passages: pd.DataFrame, query: str, resolve: Resolve) -> Mask:
    """Which passages a query finds.

    Parameters
    ----------
    passages
        A coding a row: `feedback`, `version`, `start`, `stop`, `valence`, `codes` (keys joined
        by ``; ``).
    query
        Terms joined by ``AND`` (or nothing between them), ``OR``, ``NOT``, brackets. A term is a
        code, or ``field:value``; ``valence<0`` and ``n_codes>=2`` compare. ``A NEAR/200 B``: A
        lies within 200 characters of a passage that is B; ``BEFORE/n``, ``AFTER/n``: and before
        or after it; ``OVERLAPS``; ``INSIDE``: within it; ``HOLDS``: around it. French: ``ET``,
        ``OU``, ``SAUF``. Operators are capitals.
    resolve
        What terms mean; see `Resolve`.

    Returns
    -------
    numpy.ndarray
        A truth value per row. A relation finds its left side.

    Raises
    ------
    ArgumentError
        If the query cannot be understood; the message shows the place.

    Examples
    --------
    >>> passages = pd.DataFrame({"feedback": 1, "version": 1, "start": [0, 40, 900],
    ...     "stop": [10, 50, 910], "valence": [-1, 1, 0.5], "codes": ["fees", "joy", "joy"]})
    >>> bears = lambda field, value: passages["codes"].eq(value).to_numpy()
    >>> select(passages, "joy NEAR/100 fees", bears).tolist()
    [False, True, False]
    """
    return _meet(parse(query), passages, resolve)


def parse(query: str) -> _Node:
    """The tree of a query.

    Raises
    ------
    ArgumentError
        If it cannot be understood.
    """
    if not isinstance(query, str):
        raise ArgumentError(f'a query is a text such as "fees AND NOT joy", not {query!r}')
    if not query.strip():
        raise ArgumentError('a query is a text such as "fees AND NOT joy"; it is empty')
    if len(query) > LONGEST:
        raise ArgumentError(f"a query has at most {LONGEST:,} characters, not {len(query):,}")
    reader = _Reader(query)
    tree = reader.any()
    if reader.kind:
        raise reader.wrong("nothing more was expected here")
    return tree


class _Reader:
    """Recursive descent over the tokens of one query."""

    def __init__(self, query: str) -> None:
        self.query, self.at, self.depth = query, 0, 0
        self.kind, self.found = "", re.match("", "")
        self.start = 0
        self._next()

    def _next(self) -> None:
        rest = self.query[self.at :]
        if not rest.strip():
            self.kind, self.start = "", len(self.query)
            return
        found = _TOKEN.match(self.query, self.at)
        self.start = self.at + len(rest) - len(rest.lstrip())
        if found is None:
            raise self.wrong("this is no word, bracket or operator")
        kinds = ("open", "close", "relation", "and", "or", "not", "compare", "term")
        self.kind = next(kind for kind in kinds if found[kind] is not None)
        self.found, self.at = found, found.end()

    def wrong(self, what: str) -> ArgumentError:
        """What is wrong at the present place, which the message shows."""
        shown = f"{self.query[: self.start]}⟨here⟩{self.query[self.start :]}"
        return ArgumentError(
            f"the query cannot be understood at ⟨here⟩: {what} ({shown}). Operators are AND, OR, "
            f"NOT, NEAR/200, BEFORE/200, AFTER/200, OVERLAPS, INSIDE, HOLDS in capitals; names "
            f'with spaces stand in "quotes"'
        )

    def any(self) -> _Node:
        node = self._all()
        while self.kind == "or":
            self._next()
            node = _Both("or", node, self._all())
        return node

    def _all(self) -> _Node:
        node = self._one()
        while self.kind in ("and", "open", "not", "compare", "term"):
            if self.kind == "and":
                self._next()
            node = _Both("and", node, self._one())
        return node

    def _one(self) -> _Node:
        if self.kind == "not":
            self._deeper()
            self._next()
            node: _Node = _Not(self._one())
            self.depth -= 1
            return node
        node = self._atom()
        while self.kind == "relation":
            name, _, within = str(self.found and self.found["relation"]).partition("/")
            self._next()
            node = _Both(name.casefold(), node, self._atom(), int(within or 0))
        return node

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > 100:
            raise self.wrong("brackets are too deep")

    def _atom(self) -> _Node:
        found = self.found
        if self.kind == "open":
            self._deeper()
            self._next()
            node = self.any()
            if self.kind != "close":
                raise self.wrong("a bracket is not closed")
            self.depth -= 1
            self._next()
            return node
        if found is None or self.kind not in ("compare", "term"):
            raise self.wrong("a code or a condition was expected")
        if not found["field"] and found["term"] in _SMALL:
            raise self.wrong(f"{found['term'].upper()} is written in capitals")
        if self.kind == "compare":
            figure = found["figure"].replace(",", ".").replace("−", "-")
            made: _Node = _Compare(found["compare"], found["sign"], float(figure))
        else:
            made = _Term((found["field"] or "").strip().strip('"'), found["term"].strip('"'))
        self._next()
        return made


def _meet(node: _Node, passages: pd.DataFrame, resolve: Resolve) -> Mask:
    if isinstance(node, _Not):
        return ~_meet(node.of, passages, resolve)
    if isinstance(node, _Compare):
        return _compared(node, passages)
    if isinstance(node, _Term):
        mask = resolve(node.field, node.value)
        if mask is None:
            raise ArgumentError(
                f"the query asks for {node.field!r}, which is no field; fields are code, stage, "
                f"coder, word, memo, source, id, respondent, origin, and the attributes of the "
                f"feedback; numbers are compared: valence<0, n_codes>=2"
            )
        return mask
    left, right = _meet(node.left, passages, resolve), _meet(node.right, passages, resolve)
    if node.how == "and":
        return left & right
    if node.how == "or":
        return left | right
    return related(passages, left, right, node.how, node.within)


def _compared(node: _Compare, passages: pd.DataFrame) -> Mask:
    if node.column == "valence":
        values = passages["valence"].to_numpy(dtype=np.float64)
    else:
        codes = passages["codes"].fillna("")
        values = np.where(codes == "", 0, codes.str.count("; ") + 1)
    with np.errstate(invalid="ignore"):
        return np.asarray(_SIGNS[node.sign](values, node.figure), dtype=np.bool_)


def related(passages: pd.DataFrame, left: Mask, right: Mask, how: str, within: int = 0) -> Mask:
    """Which passages of `left` stand in a relation to another passage of `right`.

    Parameters
    ----------
    passages
        `feedback`, `version`, `start`, `stop`.
    left, right
        Truth values per row.
    how
        ``near``, ``before``, ``after``, ``overlaps``, ``inside`` or ``holds``.
    within
        Code points between the two, at most, for the first three.
    """
    found = np.zeros(len(passages), dtype=np.bool_)
    for a, b in pairs(passages, left, right):
        if how == "overlaps":
            fits = (a.start < b.stop) & (b.start < a.stop)
        elif how == "inside":
            fits = (b.start <= a.start) & (a.stop <= b.stop)
        elif how == "holds":
            fits = (a.start <= b.start) & (b.stop <= a.stop)
        else:
            before, after = b.start - a.stop, a.start - b.stop
            gap = {"near": np.maximum(before, after), "before": before, "after": after}[how]
            fits = gap <= within
            if how != "near":
                fits &= gap >= 0
        found[a.row[fits]] = True
    return found


@dataclass(frozen=True, slots=True)
class _Side:
    row: NDArray[np.int64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]


_AT_ONCE = 500_000
"""Pairs looked at together."""


def pairs(passages: pd.DataFrame, left: Mask, right: Mask) -> Iterator[tuple[_Side, _Side]]:
    """Pairs of a left and another right passage in the same version of a text, in portions."""
    place = passages[["feedback", "version", "start", "stop"]].reset_index(drop=True)
    a, b = place[left], place[right]
    sizes = (
        a.groupby(["feedback", "version"])
        .size()
        .mul(b.groupby(["feedback", "version"]).size(), fill_value=0)
    )
    sizes = sizes[sizes > 0]
    portion = (sizes.cumsum() // _AT_ONCE).rename("portion")
    a = a.assign(row=a.index).join(portion, on=["feedback", "version"], how="inner")
    b = b.assign(row=b.index).join(portion, on=["feedback", "version"], how="inner")
    for number, some in a.groupby("portion"):
        met = some.merge(
            b[b["portion"] == number], on=["feedback", "version"], suffixes=("_a", "_b")
        )
        met = met[met["row_a"] != met["row_b"]]
        yield _side(met, "a"), _side(met, "b")


def _side(met: pd.DataFrame, side: str) -> _Side:
    return _Side(*(met[f"{name}_{side}"].to_numpy() for name in ("row", "start", "stop")))


def bears(passages: pd.DataFrame, keys: set[str]) -> Mask:
    """Which passages bear one of some codes."""
    if not keys:
        return np.zeros(len(passages), dtype=np.bool_)
    return np.array(
        [bool(keys.intersection(codes.split("; "))) for codes in passages["codes"].fillna("")],
        dtype=np.bool_,
    )


def word_pattern(words: str) -> re.Pattern[str]:
    """A pattern for folded text: words in this order; ``*`` at an end stands for any ending.

    >>> bool(word_pattern("refund*").search("no refunding"))
    True
    """
    parts = [
        re.escape(part[:-1]) + r"\w*" if part.endswith("*") and len(part) > 1 else re.escape(part)
        for part in words.split()
    ]
    return re.compile(r"(?<!\w)" + r"\W+".join(parts) + r"(?!\w)")
