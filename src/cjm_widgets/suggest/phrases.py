"""Words and phrases found in texts, quickly: what a journey's vocabulary is matched with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cjm_widgets.text.fold import fold, fold_map

_WORD = re.compile(r"\w+")
_ENTRY = re.compile(r"\w+\*?")
_MOST = 200_000
"""Distinct words remembered."""

_Piece = tuple[str, bool]
"""A folded word, and whether any ending may follow it."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One entry of a vocabulary."""

    entry: str
    """As it is written in the vocabulary."""
    pieces: tuple[_Piece, ...]
    stages: tuple[str, ...]
    """Keys of the stages it points to."""

    @property
    def weight(self) -> float:
        """What a hit counts for each of its stages: long phrases more, shared ones less."""
        return (1 + 0.5 * (len(self.pieces) - 1)) / len(self.stages)

    @property
    def rank(self) -> tuple[int, int, bool]:
        """Which of several phrases at one place is meant: the longest, the most exact."""
        letters = sum(len(stem) for stem, _ in self.pieces)
        return len(self.pieces), letters, not self.pieces[-1][1]


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in a text."""

    phrase: Phrase
    start: int
    """First code point."""
    stop: int
    """Code point after the last."""


class Phrases:
    """The phrases of one language, ready to be found.

    Texts and phrases are folded (case and accents do not matter) and taken apart into
    words; hyphens and apostrophes part words. At each word the longest phrase that fits
    is taken and the search goes on behind it. What may begin with a word is remembered,
    so that a text costs little more than one look-up a word.

    Parameters
    ----------
    entries
        Pairs of an entry and the key of its stage; a word's trailing ``*`` allows any
        ending.
    """

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        stages: dict[tuple[_Piece, ...], dict[str, None]] = {}
        written: dict[tuple[_Piece, ...], str] = {}
        for entry, stage in entries:
            pieces = tuple(
                (word.removesuffix("*"), word.endswith("*")) for word in _ENTRY.findall(fold(entry))
            )
            if pieces:
                stages.setdefault(pieces, {})[stage] = None
                written.setdefault(pieces, entry)
        self._exact: dict[str, list[Phrase]] = {}
        self._stems: dict[str, list[Phrase]] = {}
        for pieces, keys in stages.items():
            stem, open_ended = pieces[0]
            table = self._stems if open_ended else self._exact
            table.setdefault(stem, []).append(Phrase(written[pieces], pieces, tuple(keys)))
        self._lengths = sorted({len(stem) for stem in self._stems})
        self._memory: dict[str, tuple[Phrase, ...]] = {}

    def found(self, text: str) -> list[tuple[Phrase, int, int]]:
        """The phrases in a text, each with the number of its first word and the one after."""
        words = _WORD.findall(fold(text))
        memory = self._memory
        taken: list[tuple[Phrase, int, int]] = []
        free = 0
        for at, word in enumerate(words):
            candidates = memory.get(word)
            if candidates is None:
                candidates = self._beginning_with(word)
            if not candidates or at < free:
                continue
            for phrase in candidates:
                if _fits(phrase, words, at):
                    free = at + len(phrase.pieces)
                    taken.append((phrase, at, free))
                    break
        return taken

    def hits(self, text: str) -> list[Hit]:
        """The phrases in a text, with their places in code points."""
        taken = self.found(text)
        if not taken:
            return []
        folded, back = fold_map(text)
        spans = [match.span() for match in _WORD.finditer(folded)]
        return [
            Hit(phrase, back[spans[first][0]], back[spans[after - 1][1] - 1] + 1)
            for phrase, first, after in taken
        ]

    def _beginning_with(self, word: str) -> tuple[Phrase, ...]:
        """The phrases whose first word this may be, those to be preferred first."""
        found = list(self._exact.get(word, ()))
        for length in self._lengths:
            if length > len(word):
                break
            found += self._stems.get(word[:length], ())
        found.sort(key=lambda phrase: phrase.rank, reverse=True)
        if len(self._memory) >= _MOST:
            self._memory.clear()
        candidates = self._memory[word] = tuple(found)
        return candidates


def _fits(phrase: Phrase, words: list[str], at: int) -> bool:
    if at + len(phrase.pieces) > len(words):
        return False
    for offset, (stem, open_ended) in enumerate(phrase.pieces[1:], at + 1):
        word = words[offset]
        if not (word.startswith(stem) if open_ended else word == stem):
            return False
    return True
