"""Orders of the queue beside the study's own: drawn at random, listed, by disagreement.

The place of a text in such an order counts from 1 and is the queue's cursor. A random order of
a million texts is computed, not stored; a list is short. Texts that a query leaves out are
passed over: by looking up which of the next thousand fit, or, where only few texts fit at all,
by putting these in order.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from cjm_widgets.store.engine import schema
from cjm_widgets.store.engine.database import Tx
from cjm_widgets.store.engine.statement import Statement
from cjm_widgets.store.queues import queue
from cjm_widgets.store.tables import search

Numbers = NDArray[np.int64]

BLOCK = 1_000
"""Texts looked up at once on the way through an order."""
NARROW = 20_000
"""Up to so many fitting texts are put in order; where more fit, the next is never far."""
ROUNDS = 6
_TERM = re.compile(r"[\"']([^\"']+)[\"']")
"""A word in what the engines are asked for, see `search.wanted`."""

_A, _C, _F, _P = schema.actor, schema.coding, schema.feedback, schema.progress
_LAST = Statement(sa.select(sa.func.max(_F.c.id)))


class Listing(Protocol):
    """Texts in an order of their own."""

    def block(self, first: int, n: int) -> Numbers:
        """The texts at the places first, first + 1, …; fewer than n at the end."""
        ...

    def places(self, texts: Numbers) -> Numbers:
        """The place of each text; 0 for one that is not in the order."""
        ...


class Listed:
    """An order that is a list."""

    def __init__(self, texts: Sequence[int]) -> None:
        self.texts = np.array(texts, dtype=np.int64)
        self._by = np.argsort(self.texts, kind="stable")
        self._sorted = self.texts[self._by]

    def block(self, first: int, n: int) -> Numbers:
        return self.texts[max(first, 1) - 1 : first - 1 + n]

    def places(self, texts: Numbers) -> Numbers:
        if not len(self.texts):
            return np.zeros(len(texts), dtype=np.int64)
        at = np.minimum(np.searchsorted(self._sorted, texts), len(self.texts) - 1)
        return np.where(self._sorted[at] == texts, self._by[at] + 1, 0)


class Shuffled:
    """The numbers 1…size in a random order that needs no memory.

    A Feistel network on the least power of four that holds them, walked until it lands inside;
    every order is a permutation, and the same seed gives the same.

    Parameters
    ----------
    seed
        Any text.
    ends
        Last numbers of the parts that are shuffled each for itself, ascending: texts that came
        after the order was begun follow behind it, so that no place ever moves.
    """

    def __init__(self, seed: str, ends: Sequence[int]) -> None:
        self.ends = np.array(ends, dtype=np.int64)
        starts = np.concatenate([[0], self.ends[:-1]]) if len(self.ends) else self.ends
        self._parts = [
            _Feistel(f"{seed}/{number}", int(end - start))
            for number, (start, end) in enumerate(zip(starts, self.ends, strict=True))
        ]
        self._starts = starts

    def block(self, first: int, n: int) -> Numbers:
        last = int(self.ends[-1]) if len(self.ends) else 0
        places = np.arange(max(first, 1), min(first + n, last + 1), dtype=np.int64)
        return self._each(places, back=False)

    def places(self, texts: Numbers) -> Numbers:
        return self._each(texts, back=True)

    def _each(self, numbers: Numbers, *, back: bool) -> Numbers:
        found = np.zeros(len(numbers), dtype=np.int64)
        part = np.searchsorted(self.ends, numbers)
        for number in np.unique(part):
            if number == len(self.ends):
                continue
            here = (part == number) & (numbers > 0)
            start = self._starts[number]
            found[here] = self._parts[number].walk(numbers[here] - 1 - start, back) + start + 1
        return found


class _Feistel:
    """A permutation of 0…size − 1."""

    def __init__(self, seed: str, size: int) -> None:
        self.size = size
        self.half = max(1, (max(size - 1, 1).bit_length() + 1) // 2)
        self.mask = np.uint64((1 << self.half) - 1)
        digest = hashlib.blake2b(seed.encode(), digest_size=8 * ROUNDS).digest()
        self.keys = np.frombuffer(digest, dtype="<u8").astype(np.uint64)

    def walk(self, numbers: Numbers, back: bool) -> Numbers:
        now = numbers.astype(np.uint64)
        out = np.ones(len(now), dtype=bool)
        while out.any():
            now[out] = self._once(now[out], back)
            out = now >= self.size
        return now.astype(np.int64)

    def _once(self, numbers: NDArray[np.uint64], back: bool) -> NDArray[np.uint64]:
        half = np.uint64(self.half)
        left, right = numbers >> half, numbers & self.mask
        if back:
            for key in self.keys[::-1]:
                left, right = right ^ self._mixed(left, key), left
        else:
            for key in self.keys:
                left, right = right, left ^ self._mixed(right, key)
        return (left << half) | right

    def _mixed(self, numbers: NDArray[np.uint64], key: np.uint64) -> NDArray[np.uint64]:
        """The finishing steps of SplitMix64: every bit of what comes in moves every bit."""
        with np.errstate(over="ignore"):
            x = numbers + key
            x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return (x ^ (x >> np.uint64(31))) & self.mask


def last(tx: Tx) -> int:
    """The highest number of a text."""
    return int(tx.one(_LAST)[0] or 0)


Pairs = list[tuple[int, int]]
"""Place and text."""


def page(
    tx: Tx,
    coder: int,
    wanted: queue.Search,
    listing: Listing,
    mark: int,
    limit: int,
    *,
    back: bool = False,
    dense: set[queue.Search] | None = None,
) -> Pairs:
    """Fitting texts after (or before) a place, in order of distance from it.

    `dense` remembers what many texts fit: finding that out again would take the longest.
    """
    few = None if dense and wanted in dense else _few(tx, coder, wanted)
    if few is None:
        if dense is not None:
            dense.add(wanted)
        return _walked(tx, coder, wanted, listing, mark, limit, back)
    places = listing.places(few)
    here = (places > 0) & ((places < mark) if back else (places > mark))
    order = np.argsort(places[here], kind="stable")
    order = (order[::-1] if back else order)[:limit]
    return list(zip(places[here][order].tolist(), few[here][order].tolist(), strict=True))


def _few(tx: Tx, coder: int, wanted: queue.Search) -> Numbers | None:
    """All fitting texts, where there are few of them; None where there are many."""
    if not wanted.labels and wanted.words is None and wanted.status != "done":
        return None
    found = queue.numbers(tx, coder, wanted, -1, NARROW + 1)
    return None if len(found) > NARROW else np.array(found, dtype=np.int64)


def _walked(
    tx: Tx,
    coder: int,
    wanted: queue.Search,
    listing: Listing,
    mark: int,
    limit: int,
    back: bool,
) -> Pairs:
    found: Pairs = []
    size = min(BLOCK, 4 * limit + 20)
    while len(found) < limit:
        first = max(mark - size, 1) if back else mark + 1
        texts = listing.block(first, mark - first if back else size)
        if not len(texts):
            break
        fitting = _fitting(tx, coder, wanted, texts.tolist())
        here = [
            (first + at, number) for at, number in enumerate(texts.tolist()) if number in fitting
        ]
        found += here[::-1] if back else here
        mark = first if back else first + len(texts) - 1
        size = BLOCK
    return found[:limit]


def _fitting(tx: Tx, coder: int, wanted: queue.Search, texts: list[int]) -> set[int]:
    """Which of some texts fit; words are looked up in the texts themselves, for an index of
    words would go through all texts that have them."""
    bare = dataclasses.replace(wanted, words=None)
    found = queue.numbers(tx, coder, bare, -1, len(texts), among=texts)
    if wanted.words is None or not found:
        return set(found)
    rows = tx.fetch(sa.select(_F.c.id, _F.c.text).where(_F.c.id.in_(found)))
    terms = _TERM.findall(wanted.words)
    return {number for number, text in rows if _has(search.words(text), terms)}


def _has(words: list[str], terms: list[str]) -> bool:
    return all(any(word.startswith(term) for word in words) for term in terms)


_NOBODY = sa.select(_A.c.id).where(sa.or_(_A.c.kind == "consensus", _A.c.kind == "training"))
"""Whose codings are no opinion: what was settled, and what was coded to learn."""
_SHARED = (
    sa.select(_P.c.feedback)
    .where(_P.c.n > 0, _P.c.coder.not_in(_NOBODY))
    .group_by(_P.c.feedback)
    .having(sa.func.count() > 1)
    .subquery()
)
_OPINIONS = Statement(
    sa.select(_C.c.feedback, _C.c.coder, _C.c.stage, _C.c.valence)
    .where(
        _C.c.gone == 0,
        _C.c.coder.not_in(_NOBODY),
        _C.c.feedback.in_(sa.select(_SHARED.c.feedback)),
    )
    .order_by(_C.c.feedback)
)


def disputed(tx: Tx) -> list[int]:
    """Texts that two coders or more coded differently, the most different first.

    The consensus is no coder here, nor is somebody who trains.

    Two coders differ by the share of stages that only one of them sees, and by how far their
    mean valences lie apart.
    """
    said: dict[int, dict[int, tuple[set[int], list[float]]]] = {}
    for text, coder, stage, valence in tx.all(_OPINIONS):
        stages, valences = said.setdefault(text, {}).setdefault(coder, (set(), []))
        if stage is not None:
            stages.add(stage)
        if valence is not None:
            valences.append(valence)
    apart = {text: _apart(list(coders.values())) for text, coders in said.items()}
    return sorted((t for t, much in apart.items() if much > 0), key=lambda t: (-apart[t], t))


def _apart(coders: list[tuple[set[int], list[float]]]) -> float:
    most = 0.0
    for at, (stages, valences) in enumerate(coders):
        for others, theirs in coders[:at]:
            union = stages | others
            far = len(stages ^ others) / len(union) if union else 0.0
            if valences and theirs:
                mine, other = sum(valences) / len(valences), sum(theirs) / len(theirs)
                far += abs(mine - other) / 2
            most = max(most, far)
    return most


def pairs_of(found: Any) -> Pairs:
    """Numbers of the study's own order, where a text's number is its place."""
    return [(number, number) for number in found]
