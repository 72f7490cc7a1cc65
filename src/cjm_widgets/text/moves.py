"""Where the passages of a text are in a corrected version of it.

A diff of words that is quick on long texts: what is equal at both ends is left out; runs of
words that occur once in each version are anchors (the longest rising sequence of them); what
lies between anchors is done in the same way with shorter runs, and what is short in the end
by the longest common subsequence. Words that were only spelt otherwise count as kept, letter
by letter. All offsets are code points.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

KEPT = 0.6
"""Share of a passage's letters and digits that must still be there for it to move along."""
GROWN = 2.0
"""How many times as long a passage may become, besides `SLACK` code points."""
SLACK = 40

# Scripts without spaces between words: each character is a word of its own.
_SINGLE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_SINGLE}]|[^\W{_SINGLE}]+|\s+|[^\w\s]")
_RUNS = (12, 5, 2, 1)
"""Lengths of anchors that are tried one after the other, in tokens."""
_PRODUCT = 40_000
"""Old times new tokens up to which a gap is compared word by word."""
_SPELLING = 200
"""Code points up to which two stretches are compared letter by letter."""
_ALIKE = 0.5
"""How alike such stretches must be to be the same words, spelt otherwise."""

Why = Literal["gone", "changed", "grown"]
Block = tuple[int, int, int]
"""Begin in the old text, begin in the new one, length."""


@dataclass(frozen=True, slots=True)
class Move:
    """Where a passage went."""

    start: int
    stop: int
    """The range in the new text; the best guess if it does not fit."""
    kept: float
    """Share of its letters and digits that are still there, 0 to 1."""
    why: Why | None = None
    """Why it does not fit: the words are ``gone``, too much of them ``changed``, or so much
    was put between that they have ``grown``; None if it fits."""

    @property
    def fits(self) -> bool:
        """Whether a coding may follow."""
        return self.why is None


class Moves:
    """The way from one version of a text to another.

    Parameters
    ----------
    old, new
        The two versions.

    Examples
    --------
    >>> moves = Moves("The chekout was slow.", "Well: the page said the checkout was slow.")
    >>> move = moves.of(4, 20)
    >>> move.start, move.stop, move.fits
    (24, 41, True)
    """

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self._blocks = _joined(_letters(old, new, _words(old, new)))
        self._begins = [block[0] for block in self._blocks]
        self._ends = [block[0] + block[2] for block in self._blocks]

    def of(self, start: int, stop: int) -> Move:
        """Where the passage ``[start, stop)`` of the old text is in the new one."""
        if (start, stop) == (0, len(self.old)):
            kept = self._kept(start, stop)
            return Move(0, len(self.new), kept, None if kept >= KEPT else "changed")
        begin, end = self._begin(start), self._end(stop)
        kept = self._kept(start, stop)
        if end <= begin or not kept:
            at = min(begin, len(self.new))
            return Move(at, max(at, min(end, len(self.new))), kept, "gone")
        why: Why | None = None
        if kept < KEPT:
            why = "changed"
        elif end - begin > GROWN * (stop - start) + SLACK:
            why = "grown"
        return Move(begin, end, kept, why)

    def _begin(self, start: int) -> int:
        """Where what begins at `start` begins now."""
        at = bisect_right(self._begins, start) - 1
        if at >= 0 and start < self._ends[at]:
            return self._blocks[at][1] + start - self._blocks[at][0]
        if start == (self._ends[at] if at >= 0 else 0):
            # Just behind what is equal: what stands there instead belongs to the passage,
            # unless the passage goes on with what is equal too.
            return self._blocks[at][1] + self._blocks[at][2] if at >= 0 else 0
        return self._blocks[at + 1][1] if at + 1 < len(self._blocks) else len(self.new)

    def _end(self, stop: int) -> int:
        """Where what ends at `stop` ends now."""
        at = bisect_left(self._ends, stop)
        if at < len(self._blocks) and self._begins[at] < stop:
            return self._blocks[at][1] + stop - self._blocks[at][0]
        behind = self._blocks[at] if at < len(self._blocks) else None
        if stop == (behind[0] if behind else len(self.old)):
            return behind[1] if behind else len(self.new)
        before = self._blocks[at - 1] if at else None
        return before[1] + before[2] if before else 0

    def _kept(self, start: int, stop: int) -> float:
        whole = _said(self.old[start:stop])
        if not whole:
            whole = stop - start
            return self._shared(start, stop, plain=False) / whole if whole else 0.0
        return self._shared(start, stop, plain=True) / whole

    def _shared(self, start: int, stop: int, *, plain: bool) -> int:
        shared = 0
        at = max(bisect_right(self._begins, start) - 1, 0)
        for begin, _, length in self._blocks[at:]:
            if begin >= stop:
                break
            low, high = max(begin, start), min(begin + length, stop)
            if low < high:
                shared += _said(self.old[low:high]) if plain else high - low
        return shared


def _said(text: str) -> int:
    """Letters and digits of a text."""
    return sum(map(str.isalnum, text))


@dataclass(frozen=True, slots=True)
class _Tokens:
    words: list[str]
    places: list[int]
    """Where each begins, and the end of the text."""


def _tokens(text: str) -> _Tokens:
    found = list(_TOKEN.finditer(text))
    return _Tokens([one[0] for one in found], [*(one.start() for one in found), len(text)])


def _words(old: str, new: str) -> Iterator[Block]:
    """Stretches of equal tokens, in order."""
    a, b = _tokens(old), _tokens(new)
    for i, j, length in _between(a.words, b.words, (0, len(a.words), 0, len(b.words)), 0):
        yield a.places[i], b.places[j], a.places[i + length] - a.places[i]


Gap = tuple[int, int, int, int]


def _between(a: Sequence[str], b: Sequence[str], gap: Gap, depth: int) -> Iterator[Block]:
    """Equal runs of tokens within a gap, in order."""
    i, i_end, j, j_end = gap
    head = i
    while i < i_end and j < j_end and a[i] == b[j]:
        i, j = i + 1, j + 1
    if i > head:
        yield head, j - (i - head), i - head
    tail = 0
    while i < i_end - tail and j < j_end - tail and a[i_end - tail - 1] == b[j_end - tail - 1]:
        tail += 1
    yield from _inside(a, b, (i, i_end - tail, j, j_end - tail), depth)
    if tail:
        yield i_end - tail, j_end - tail, tail


def _inside(a: Sequence[str], b: Sequence[str], gap: Gap, depth: int) -> Iterator[Block]:
    i, i_end, j, j_end = gap
    if i == i_end or j == j_end:
        return
    if (i_end - i) * (j_end - j) <= _PRODUCT:
        match = SequenceMatcher(None, a[i:i_end], b[j:j_end], autojunk=False)
        for x, y, length in match.get_matching_blocks():
            # A blank that happens to be in both says nothing.
            if length > 1 or (length and a[i + x].isalnum()):
                yield i + x, j + y, length
        return
    for step in range(depth, len(_RUNS)):
        anchors = _anchors(a, b, gap, _RUNS[step])
        if anchors:
            for x, y in [*anchors, (i_end, j_end)]:
                if x >= i and y >= j:
                    yield from _between(a, b, (i, x, j, y), step)
                    i, j = x, y
            return


def _anchors(a: Sequence[str], b: Sequence[str], gap: Gap, run: int) -> list[tuple[int, int]]:
    """Beginnings of runs that occur once on each side, in the same order on both."""
    i, i_end, j, j_end = gap
    mine, theirs = _once(a, i, i_end, run), _once(b, j, j_end, run)
    pairs = sorted((at, theirs[what]) for what, at in mine.items() if what in theirs)
    return _rising(pairs)


def _once(words: Sequence[str], begin: int, end: int, run: int) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    twice: set[tuple[str, ...]] = set()
    shifted = [words[begin + k : end] for k in range(run)]
    for at, what in enumerate(zip(*shifted, strict=False), begin):
        if what in found:
            twice.add(what)
        found[what] = at
    return {
        what: at for what, at in found.items() if what not in twice and any(map(str.isalnum, what))
    }


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence in which both numbers rise (patience sorting)."""
    tops: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for n, (_, y) in enumerate(pairs):
        place = bisect_left(tops, y)
        before.append(at[place - 1] if place else -1)
        if place == len(tops):
            tops.append(y)
            at.append(n)
        else:
            tops[place], at[place] = y, n
    made = []
    n = at[-1] if at else -1
    while n >= 0:
        made.append(pairs[n])
        n = before[n]
    return made[::-1]


def _letters(old: str, new: str, blocks: Iterator[Block]) -> Iterator[Block]:
    """The blocks, and between them those of words that were only spelt otherwise."""
    i = j = 0
    for block in [*blocks, (len(old), len(new), 0)]:
        yield from _spelt(old[i : block[0]], new[j : block[1]], i, j)
        if block[2]:
            yield block
        i, j = block[0] + block[2], block[1] + block[2]


def _spelt(old: str, new: str, i: int, j: int) -> Iterator[Block]:
    if not old or not new or len(old) > _SPELLING or len(new) > _SPELLING:
        return
    match = SequenceMatcher(None, old.casefold(), new.casefold(), autojunk=False)
    same_length = len(old.casefold()) == len(old) and len(new.casefold()) == len(new)
    if same_length and match.ratio() >= _ALIKE:
        for x, y, length in match.get_matching_blocks():
            if length:
                yield i + x, j + y, length


def _joined(blocks: Iterator[Block]) -> list[Block]:
    """Blocks that touch on both sides as one."""
    made: list[Block] = []
    for i, j, length in blocks:
        if made and made[-1][0] + made[-1][2] == i and made[-1][1] + made[-1][2] == j:
            made[-1] = (*made[-1][:2], made[-1][2] + length)
        else:
            made.append((i, j, length))
    return made
