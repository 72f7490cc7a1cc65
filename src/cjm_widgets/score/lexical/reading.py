"""What each word of a text adds to its valence."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cjm_widgets.score.chunks import chunk, pieces
from cjm_widgets.score.lexical.bulk import spread
from cjm_widgets.score.lexical.lexicon import Entry, Lexicon, Node
from cjm_widgets.score.lexical.tokens import plain, unstretched

START = "."
"""Begins the phrases that only stand at the beginning of a sentence, or ends those at its end."""
STOPS, ENDS, CRIES = 1, 2, 4
"""What a mark does: ends a clause, ends a sentence, makes the words before it stronger."""

NEGATED = -0.8
"""What a negation makes of praise: "not good" is bad, though less than "bad" is."""
EXCUSED = -0.3
"""What it makes of a complaint: "not bad" is some praise."""
NEAR = 2
"""Words after "very" that it may make stronger."""
BEFORE, AFTER = 0.4, 1.4
"""What "but" makes of the words before and after it in a sentence."""
CRY = 1.15
"""What each of up to three exclamation marks makes of the word before it."""
CRIED, STRETCHED = 1.2, 1.2
"""What capital letters and repeated ones make of a word."""

_MOST = 300_000
"""Distinct tokens kept in memory, some 60 MB."""
_LONGEST = 64
"""No word that says anything is longer."""

Found = tuple[float, int, int]
"""What words add, and where they stand: the first token and the one after the last."""


class Token(NamedTuple):
    """What a token does, and what it is called in phrases."""

    entry: Entry
    key: str | None = None
    """None for what no phrase can hold."""
    mark: int = 0
    node: Node | None = None
    """Longer phrases that begin here."""
    cries: int = 0
    """Exclamation marks."""

    @property
    def does(self) -> bool:
        """Whether it does anything by itself."""
        return bool(self.mark) or self.entry != _IDLE

    @property
    def acts(self) -> bool:
        """Whether it does anything, or begins a phrase that may."""
        return self.node is not None or self.does


_IDLE = Entry()
END = Token(_IDLE)
"""Stands after all tokens: no phrase goes on with it."""


class Memory(dict[str, Token]):
    """Tokens to what they do, worked out once for each."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self.lexicon = lexicon

    def __missing__(self, seen: str) -> Token:
        if len(seen) > _LONGEST:
            return Token(_IDLE)
        token = self[seen] = self._token(seen)
        return token

    def _token(self, seen: str) -> Token:
        words = self.lexicon.words
        face = self.lexicon.faces.get(seen)
        if face is not None:
            # A sentence may end in a face: "too :)".
            return Token(Entry(face), plain(seen) if seen[0].isalnum() else START)
        if not seen[0].isalnum():
            mark = _mark(seen)
            cries = len(seen) if mark & CRIES else 0
            if mark & ENDS:  # in phrases all that ends a sentence is one
                return Token(_IDLE, START, mark, words.after.get(START), cries)
            return Token(_IDLE, seen, mark, None, cries)
        word = plain(seen)
        stronger = CRIED if len(seen) > 1 and seen.isupper() else 1.0
        node = words.step(word)
        # "xxxx" stands for a name that was taken out, not for kisses.
        if node is None and len(set(word)) > 1 and (meant := unstretched(word)):
            stronger *= STRETCHED
            node = words.step(meant[0]) or words.step(meant[1])
        if node is None and word.endswith("'s"):
            node = words.step(word[:-2])
        node = node or Node()
        entry = node.entry or Entry(negates=word.endswith("n't"))
        if stronger != 1.0 and entry.value:
            entry = entry._replace(value=max(-1.0, min(1.0, entry.value * stronger)))
        return Token(entry, word, 0, node if node.after or node.stems else None)


def _mark(seen: str) -> int:
    if seen in ",;:()":
        return STOPS
    return STOPS | ENDS | (CRIES if "!" in seen else 0)


class Reader:
    """One language's words at work. Safe to call from several threads."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._pattern = lexicon.tokens
        self._memory = Memory(lexicon)
        self._words: dict[str, list[Token]] = {}
        """What stands between white space, as tokens."""
        self._reach = lexicon.reach
        self._lock = threading.Lock()

    def __call__(self, text: str) -> list[Found]:
        """What the words of a text add, in order."""
        seen = [START, *self._pattern.findall(text), START]
        if text.isupper():  # capital letters stress nothing where all are
            seen = [token.lower() if token[0].isalnum() else token for token in seen]
        with self._lock:
            self._tidy()
            tokens = [*map(self._memory.__getitem__, seen), END]
        places = [at for at, token in enumerate(tokens) if token.acts]
        return _read(tokens, places, self._reach)

    def many(self, texts: Sequence[str]) -> Iterator[list[Found]]:
        """As each text alone, in a fraction of the time, but for the places of what is found."""
        for _, piece in pieces(texts):
            loud = {at for at, text in enumerate(piece) if text.isupper()}
            words = chunk([_padded(text) for text in piece])
            if words is None:
                yield from map(self, piece)
                continue
            with self._lock:
                self._tidy()
                found = spread(words, [self._parted(word) for word in words.words], END)
            for at, places in enumerate(found.places()):
                yield self(piece[at]) if at in loud else _read(found.tokens, places, self._reach)

    def explain(self, text: str) -> list[Found]:
        """As reading it gives, with code points of the text for the numbers of the tokens."""
        places = [(0, 0), *(match.span() for match in self._pattern.finditer(text))]
        places.append((len(text), len(text)))
        return [(added, places[first][0], places[stop - 1][1]) for added, first, stop in self(text)]

    def _parted(self, word: str) -> list[Token]:
        tokens = self._words.get(word)
        if tokens is None:
            tokens = list(map(self._memory.__getitem__, self._pattern.findall(word)))
            if len(word) <= _LONGEST:
                self._words[word] = tokens
        return tokens

    def _tidy(self) -> None:
        """Forget all when there is too much; only between texts."""
        if len(self._memory) > _MOST or len(self._words) > _MOST:
            self._memory.clear()
            self._words.clear()


def _padded(text: str) -> str:
    """A text between two ends of sentences; a new line ends one, which white space would not."""
    return f"{START} {text} {START}".replace("\n", " … ")


def _meaning(tokens: Sequence[Token], at: int) -> tuple[Entry, int]:
    """What the longest phrase that begins at a token does, and where it ends."""
    node = tokens[at].node
    entry, stop, after = tokens[at].entry, at + 1, at
    while node is not None:
        if node.entry is not None and after > at:
            entry, stop = node.entry, after + 1
        after += 1
        key = tokens[after].key
        node = None if key is None else node.step(key)
    return entry, stop


def _phrase(tokens: Sequence[Token], at: int) -> tuple[Entry, int]:
    """As `_meaning`, but an end of a sentence yields to a longer phrase right after it."""
    entry, stop = _meaning(tokens, at)
    # "could not fault" begins as the wish "Could …" does.
    if tokens[at].mark and stop > at + 1 and _meaning(tokens, at + 1)[1] > stop:
        return tokens[at].entry, at + 1
    return entry, stop


def _cry(found: list[Found], at: int, marks: int) -> None:
    """Make the word before exclamation marks stronger."""
    if found and found[-1][2] == at:
        added, first, stop = found[-1]
        found[-1] = (added * CRY ** min(3, marks), first, stop)


def _read(tokens: Sequence[Token], places: Iterable[int], reach: int) -> list[Found]:
    """What words add; `places` are those of the tokens that act, in order. Ends in `END`."""
    found: list[Found] = []
    first = 0  # of the sentence, or of what follows "but"
    negated = strong = resume = -1  # the last token of their reach
    factor = weight = 1.0
    for at in places:
        if at < resume:
            continue
        entry, _, mark, node, cries = tokens[at]
        own, resume = entry, at + 1
        if mark:
            negated = strong = -1
            if cries:
                _cry(found, at, cries)
            if mark & ENDS:
                first, weight = len(found), 1.0
        if node is not None and (node.stems or tokens[resume].key in node.after):
            entry, resume = _phrase(tokens, at)
        if entry is _IDLE:
            continue
        value, negates, times, contrast = entry
        if value:
            if at <= strong:
                value = max(-1.0, min(1.0, value * factor))
            # "n'a jamais" and "not no" are one negation, said twice.
            if at <= negated and not own.negates:
                value *= NEGATED if value > 0 else EXCUSED
            found.append((value * weight, at + bool(mark), resume))
            strong = -1
        if negates:
            negated = resume - 1 + reach
        if times != 1.0:
            factor = factor * times if at <= strong else times
            strong = resume - 1 + NEAR
        if contrast:
            found[first:] = [(added * BEFORE, start, stop) for added, start, stop in found[first:]]
            weight, negated, strong, first = AFTER, -1, -1, len(found)
    return found
