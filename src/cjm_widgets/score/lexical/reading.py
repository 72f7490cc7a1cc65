"""What each word of a text adds to its valence."""

from __future__ import annotations

import threading
from typing import NamedTuple

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


class Step(NamedTuple):
    """What a token does."""

    entry: Entry
    mark: int = 0
    node: Node | None = None
    """Longer phrases that begin here."""


class Memory(dict[str, Step | None]):
    """Tokens to what they do, worked out once for each; None for nothing."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self.lexicon = lexicon
        self.called: dict[str, str] = {}
        """What each token is called in phrases."""

    def __missing__(self, token: str) -> Step | None:
        step = self._step(token)
        if len(token) <= _LONGEST:
            self[token] = step
            self.called[token] = _key(token)
        return step

    def tidy(self) -> None:
        """Forget all when there are too many; only between texts."""
        if len(self) > _MOST:
            self.clear()
            self.called.clear()

    def _step(self, token: str) -> Step | None:
        if len(token) > _LONGEST:
            return None
        face = self.lexicon.faces.get(token)
        if face is not None:
            return Step(Entry(face))
        if not token[0].isalnum():
            mark = _mark(token)
            return Step(Entry(), mark, self.lexicon.words.after.get(START) if mark & ENDS else None)
        word = plain(token)
        stronger = CRIED if len(token) > 1 and token.isupper() else 1.0
        node = self.lexicon.words.step(word)
        if node is None and (meant := unstretched(word)):
            stronger *= STRETCHED
            node = self.lexicon.words.step(meant[0]) or self.lexicon.words.step(meant[1])
        if node is None and word.endswith("'s"):
            node = self.lexicon.words.step(word[:-2])
        node = node or Node()
        entry = node.entry or Entry(negates=word.endswith("n't"))
        if stronger != 1.0 and entry.value:
            entry = entry._replace(value=max(-1.0, min(1.0, entry.value * stronger)))
        longer = node if node.after or node.stems else None
        if longer is None and entry == Entry():
            return None
        return Step(entry, 0, longer)


def _mark(seen: str) -> int:
    if seen in ",;:()":
        return STOPS
    return STOPS | ENDS | (CRIES if "!" in seen else 0)


class Reader:
    """One language's words at work. Safe to call from several threads."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.tokens = lexicon.tokens
        self._memory = Memory(lexicon)
        self._reach = lexicon.reach
        self._lock = threading.Lock()

    def __call__(self, text: str) -> list[Found]:
        """What the words of a text add, in order."""
        tokens = [START, *self.tokens.findall(text), START]
        if text.isupper():  # capital letters stress nothing where all are
            tokens = [token.lower() if token[0].isalnum() else token for token in tokens]
        with self._lock:
            self._memory.tidy()
            steps = list(map(self._memory.__getitem__, tokens))
            keys = list(map(self._memory.called.get, tokens))
        return _read(tokens, steps, keys, self._reach)

    def explain(self, text: str) -> list[Found]:
        """As reading it gives, with code points of the text for the numbers of the tokens."""
        places = [(0, 0), *(match.span() for match in self.tokens.finditer(text))]
        places.append((len(text), len(text)))
        return [(added, places[first][0], places[stop - 1][1]) for added, first, stop in self(text)]


def _key(token: str) -> str:
    """What a token is called in phrases: all marks that end a sentence are one."""
    return plain(token) if token[0].isalnum() else START if _mark(token) & ENDS else token


def _meaning(step: Step, keys: list[str | None], at: int) -> tuple[Entry, int]:
    """What the longest phrase that begins at a token does, and where it ends."""
    entry, _, node = step
    stop = at + 1
    if node is None or stop == len(keys) or not (node.stems or keys[stop] in node.after):
        return entry, stop
    for after in range(stop, len(keys)):
        key = keys[after]
        node = None if key is None else node.step(key)
        if node is None:
            break
        if node.entry is not None:
            entry, stop = node.entry, after + 1
    return entry, stop


def _further(step: Step | None, keys: list[str | None], at: int, stop: int) -> bool:
    """Whether a longer phrase begins with the first word of a sentence: "could not fault"."""
    return step is not None and _meaning(step, keys, at)[1] > stop


def _cry(found: list[Found], at: int, marks: int) -> None:
    """Make the word before exclamation marks stronger."""
    if found and found[-1][2] == at:
        added, first, stop = found[-1]
        found[-1] = (added * CRY ** min(3, marks), first, stop)


def _read(
    tokens: list[str], steps: list[Step | None], keys: list[str | None], reach: int
) -> list[Found]:
    found: list[Found] = []
    first = 0  # of the sentence, or of what follows "but"
    negated = strong = resume = -1  # the last token of their reach
    factor = weight = 1.0
    for at, step in enumerate(steps):
        if step is None or at < resume:
            continue
        mark = step.mark
        if mark:
            negated = strong = -1
            if mark & CRIES:
                _cry(found, at, len(tokens[at]))
            if mark & ENDS:
                first, weight = len(found), 1.0
        (value, negates, times, contrast), resume = _meaning(step, keys, at)
        if mark and resume > at + 1 and _further(steps[at + 1], keys, at + 1, resume):
            resume = at + 1
            continue
        if value:
            if at <= strong:
                value *= factor
            # "n'a jamais" and "not no" are one negation, said twice.
            if at <= negated and not step.entry.negates:
                value *= NEGATED if value > 0 else EXCUSED
            found.append((max(-1.0, min(1.0, value)) * weight, at + bool(mark), resume))
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
