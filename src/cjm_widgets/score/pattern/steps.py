"""What a word does to the assessment of a text, worked out once per distinct word.

A *step* is one of

- an `int` of flags: a token the lexicon does not know, and what it does all the same;
- a `float`: an emoticon, or the ``(!)`` of sarcasm; an assessment of its own;
- a `Known` tuple: a token of the lexicon.

`None` stands for the commonest case by far, a word that only ends the reach of a negation
and of a modifier before it.
"""

from __future__ import annotations

import re
from itertools import accumulate, pairwise

from cjm_widgets.score.pattern.engine import Engine

NEGATES, ENDS_NEGATION, ENDS_MODIFIER, BOOSTS = 1, 2, 4, 8
ADVERB = 2
"""A modifier (1) that is an adverb by its ending too: it takes a negation after it."""

Known = tuple[float, float, int, int]
"""Polarity, intensity, modifier (0, 1 or `ADVERB`), whether it negates."""
Step = int | float | Known
Steps = tuple[Step, ...] | None

_ENDS_BOTH = ENDS_NEGATION | ENDS_MODIFIER
_SENTENCE = "END-OF-SENTENCE"
"""The tokenizer's own mark; a customer who writes it confuses it."""
_REMEMBERED = 64
"""Longest word kept in memory."""
_MOST = 300_000
"""Distinct words kept in memory, some 60 MB."""


_KIND = re.compile(
    r"""([#("]?)([^\W\d_]{2,}(?:[-/][^\W\d_]+)*)('[^\W\d_]+|)(\.\.\.|[!?]+|[,;:)"]|\)?\.|)"""
)
"""A word with what may stand around it, in order: (user-friendly!), won't."""
_VOWELS = frozenset("aeiouy")
_NEVER: frozenset[str] = frozenset()


class Vocabulary(dict[str, Steps]):
    """Words, as white space separates them, to their steps; filled as words occur.

    A word's steps do not depend on its neighbours, but for one thing: the tokenizer joins
    an emoticon that spaces pull apart (``: -)``). `careful` holds the words an emoticon
    may end in, with the characters the word before would end in, or None if the whole
    text must go the long way.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        self.careful: dict[str, frozenset[str] | None] = {}
        self._known = _known(engine)
        self._negations = frozenset(engine.sentiment.negations)
        self._tails = _tails(engine)
        self._reach = max(map(len, self._tails))

    def __missing__(self, word: str) -> Steps:
        if self._reach < len(word) <= _REMEMBERED and word.isalpha():
            small = word.lower()
            if small not in self._known and small not in self._negations:
                self[word] = None  # as all of the below would find
                return None
        tokens = self._tokens(word)
        steps = self._together(tokens)
        before = self._before(word, tokens)
        if len(word) > _REMEMBERED:
            if before or before is None:
                self.careful[word] = None
            return steps
        if before or before is None:
            self.careful[word] = before
        self[word] = steps
        return steps

    def tidy(self) -> None:
        """Forget all words when there are too many; only between texts."""
        if len(self) > _MOST or len(self.careful) > _MOST:
            self.clear()
            self.careful.clear()

    def joins(self, words: list[str]) -> bool:
        """Whether an emoticon may span two of these words, so that only their code knows."""
        careful = self.careful
        if careful.get(words[0], ()) is None:
            return True
        for before, word in pairwise(words):
            if word in careful:
                heads = careful[word]
                if heads is None or before[-1] in heads or (before[-1] == "’" and ";" in heads):
                    return True
        return False

    def _tokens(self, word: str) -> list[str]:
        if word.isalpha():
            return [word]
        # Nearly all words with marks are of a few kinds: no need to ask, which takes ten times
        # as long.
        seen = _KIND.fullmatch(word)
        if seen is None:
            return self.engine.tokens(word)
        head, body, ending, tail = seen.groups()
        if tail == "." and (ending or self._shortened(body)):
            return self.engine.tokens(word)
        tokens = [*head, body]
        if ending:
            if self.engine.language == "en" and body[-1] == "n" and ending[1] == "t":
                tokens[-1:] = [body[:-1], "n"]
            tokens += ["'", ending[1:]]
        return [*tokens, *([tail] if tail == "..." else tail)]

    def _shortened(self, word: str) -> bool:
        """Whether a full stop after the word may be part of it."""
        capital = word[0].isupper() and _VOWELS.isdisjoint(word[1:])
        return capital or word + "." in self.engine.abbreviations

    def _together(self, tokens: list[str]) -> Steps:
        steps = [step for token in tokens for step in self._steps(token.lower())]
        if all(type(step) is int and not step & (NEGATES | BOOSTS) for step in steps):
            flags = 0
            for step in steps:
                flags |= step if type(step) is int else 0
            return None if flags == _ENDS_BOTH else (flags,) if flags else ()
        return tuple(steps)

    def _steps(self, piece: str) -> list[Step]:
        known = self._known.get(piece)
        if known is not None:
            return [known]
        flags = NEGATES if piece in self._negations else 0
        if len(piece.strip("'")) > 1:
            flags |= ENDS_NEGATION
        if len(piece) > 2:
            flags |= ENDS_MODIFIER
        if piece == "!":
            flags |= BOOSTS
        steps: list[Step] = [flags]
        if piece == "(!)":
            steps.append(0.0)
        if len(piece) <= 5 and not piece.isalpha() and piece not in self.engine.punctuation:
            face = self.engine.emoticons.get(piece)
            if face is not None:
                steps.append(face)
        return steps

    def _before(self, word: str, tokens: list[str]) -> frozenset[str] | None:
        """Last characters of a word before, with which this one would make an emoticon."""
        if _SENTENCE in word:
            return None
        if len(tokens[0]) > self._reach and tokens[0][: self._reach + 1].isalpha():
            return _NEVER  # no emoticon ends in so many letters
        start = "".join(tokens)[: self._reach + 1]
        ends = set(accumulate(map(len, tokens[: self._reach])))
        heads: set[str] = set()
        for at in range(1, min(len(start), self._reach) + 1):
            # A token may be an emoticon joined from others: it ends at its punctuation too.
            within = at < len(start) and start[at - 1].isalnum() and start[at].isalnum()
            if at in ends or not within:
                heads |= self._tails.get(start[:at], frozenset())
        return frozenset(heads)


def _known(engine: Engine) -> dict[str, Known]:
    """The lexicon, reduced to what a token without part of speech is looked up for."""
    sentiment = engine.sentiment
    found: dict[str, Known] = {}
    for word in dict.keys(sentiment):
        senses = dict.__getitem__(sentiment, word)
        if None not in senses:
            continue
        polarity, _, intensity = senses[None]
        modifier = 0
        if any(tag in senses for tag in sentiment.modifiers):
            modifier = ADVERB if sentiment.modifier(word) else 1
        negates = int(word in sentiment.negations)
        found[word] = (float(polarity), float(intensity), modifier, negates)
    return found


def _tails(engine: Engine) -> dict[str, frozenset[str]]:
    """Every proper ending of an emoticon, with the characters that may stand before it."""
    found: dict[str, set[str]] = {")": {"!"}, "!": {"("}}  # ( ! ) is joined as well
    for face in engine.typed:
        for at in range(1, len(face)):
            found.setdefault(face[at:], set()).add(face[at - 1])
    if engine.language == "fr":
        found.setdefault(";", set()).add("o")  # the tokenizer writes ’ as "&rsquo;" for a while
    return {tail: frozenset(heads) for tail, heads in found.items()}
