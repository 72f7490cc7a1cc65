"""What a word does to the assessment of a text, worked out once per distinct word.

A *step* is one of

- an `int` of flags: a token the lexicon does not know, and what it does all the same;
- a `float`: an emoticon, or the ``(!)`` of sarcasm; an assessment of its own;
- a `Known` tuple: a token of the lexicon.

`None` stands for the commonest case by far, a word that only ends the reach of a negation
and of a modifier before it.
"""

from __future__ import annotations

from itertools import accumulate, pairwise

from cjm_widgets.score.pattern.engine import Engine
from cjm_widgets.score.pattern.split import Splitter, tails

NEGATES, ENDS_NEGATION, ENDS_MODIFIER, BOOSTS = 1, 2, 4, 8
ENDS_BOTH = ENDS_NEGATION | ENDS_MODIFIER
ADVERB = 2
"""A modifier (1) that is an adverb by its ending too: it takes a negation after it."""

Known = tuple[float, float, int, int]
"""Polarity, intensity, modifier (0, 1 or `ADVERB`), whether it negates."""
Step = int | float | Known
Steps = tuple[Step, ...] | None

ENDING: tuple[Steps, ...] = ((), (), (ENDS_NEGATION,), (), (ENDS_MODIFIER,), (), None)
"""The steps of a word that only ends something, by its flags; odd flags do not occur."""
_SENTENCE = "END-OF-SENTENCE"
"""The tokenizer's own mark; a customer who writes it confuses it."""
_REMEMBERED = 64
"""Longest word kept in memory."""
_MOST = 300_000
"""Distinct words kept in memory, some 60 MB."""
_MARKS = ',.;:?"'
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
        self._special = special(engine)
        self._tails = tails(engine)
        self._split = Splitter(engine, self._tails)
        if engine.language == "fr":  # "&rsquo" and ";" become ’, whoever wrote them
            self._tails = self._tails | {";": frozenset("o")}
        self._begins = {tail[0] for tail in self._tails}
        # Marks after a word with which it can make no emoticon, and which do nothing.
        self._idle_marks = {m for m in _MARKS if not any(map(str.isalpha, self._tails.get(m, ())))}
        self._reach = max(map(len, self._tails))

    def __missing__(self, word: str) -> Steps:
        if self._idle(word):
            self[word] = None
            return None
        kept = len(word) <= _REMEMBERED
        if word.isalpha():
            tokens = [word]
        else:
            tokens = self._split(word) if kept else self.engine.tokens(word)
        steps = self._together(tokens)
        before = self._before(word, tokens)
        if before or before is None:
            self.careful[word] = before if kept else None
        if kept:
            self[word] = steps
        return steps

    def tidy(self) -> None:
        """Forget all words when there are too many; only between texts."""
        if len(self) > _MOST or len(self.careful) > _MOST:
            self.clear()
            self.careful.clear()

    def joins(self, words: list[str]) -> bool:
        """Whether an emoticon may span two of these words, so that only their code knows."""
        first, careful = words[0], self.careful
        return (first in careful and self.joined("", first)) or any(
            self.joined(before, word) for before, word in pairwise(words) if word in careful
        )

    def joined(self, before: str, word: str) -> bool:
        """Whether an emoticon may span a word and a careful one after it."""
        heads = self.careful[word]
        if heads is None:
            return True
        return before[-1:] in heads or (before.endswith("’") and ";" in heads)

    def _idle(self, word: str) -> bool:
        """Whether all of `__missing__` would find nothing, as in most words by far."""
        body = word[:-1] if word[-1] in self._idle_marks else word
        if not (self._reach < len(body) < _REMEMBERED and body.isalpha()):
            return False
        return body.lower() not in self._special and not (
            word[-1] == "." and self.engine.shortened(word)
        )

    def _together(self, tokens: list[str]) -> Steps:
        if len(tokens) == 1:
            steps = self._steps(tokens[0].lower())
        else:
            steps = tuple(step for token in tokens for step in self._steps(token.lower()))
        flags = 0
        for step in steps:
            if type(step) is not int or step & (NEGATES | BOOSTS):
                return steps
            flags |= step
        return ENDING[flags]

    def _steps(self, piece: str) -> tuple[Step, ...]:
        return self._special.get(piece) or (_ends(piece),)

    def _before(self, word: str, tokens: list[str]) -> frozenset[str] | None:
        """Last characters of a word before, with which this one would make an emoticon."""
        if _SENTENCE in word or not tokens:  # their code finds no word in some signs
            return None
        if tokens[0][0] not in self._begins:
            return _NEVER
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


def special(engine: Engine) -> dict[str, tuple[Step, ...]]:
    """The steps of all tokens that do more than end something because of their length."""
    found: dict[str, tuple[Step, ...]] = {"!": (BOOSTS,), "(!)": (ENDS_BOTH, 0.0)}
    for face, polarity in engine.emoticons.items():
        if len(face) <= 5 and not face.isalpha() and face not in engine.punctuation:
            found[face] = (_ends(face), polarity)
    for word in engine.sentiment.negations:
        found[word] = (NEGATES | _ends(word),)
    return found | {word: (known,) for word, known in _known(engine).items()}


def _ends(token: str) -> int:
    """What a token ends by its length."""
    negation = ENDS_NEGATION if len(token.strip("'")) > 1 else 0
    return negation | (ENDS_MODIFIER if len(token) > 2 else 0)
