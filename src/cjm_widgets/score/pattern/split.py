"""One word into tokens, as the tokenizer of textblob and textblob-fr would, ten times faster."""

from __future__ import annotations

import re
from itertools import pairwise

from cjm_widgets.score.pattern.engine import Engine

_QUOTES = str.maketrans({quote: f" {quote} " for quote in "“”‘’'\""})
_ELISION = re.compile("(l|c|d|j|m|n|qu|s|t|jusqu|lorsqu|puisqu)’")
_CAPITALS = re.compile("(L|C|D|J|M|N|QU|S|T|JUSQU|LORSQU|PUISQU)’")


class Splitter:
    """The tokens of a word, which is what stands between white space.

    It follows `find_tokens` of both packages, and asks it where an emoticon or "(!)" would be
    put together from several tokens.
    """

    def __init__(self, engine: Engine, tails: dict[str, frozenset[str]]) -> None:
        self._engine = engine
        self._tails = tails
        self._marks = engine.punctuation
        self._leading = engine.punctuation.replace(".", "")
        self._split_up = self._french if engine.language == "fr" else self._english

    def __call__(self, word: str) -> list[str]:
        """The tokens, in their own case."""
        return self._split_up(word)

    def _english(self, word: str) -> list[str]:
        if "n't" in word:
            word = word.replace("n't", " n't")
        return self._tokens(word, word)

    def _french(self, word: str) -> list[str]:
        if "’" not in word and "&rsquo" not in word:
            return self._tokens(word, word)
        # The tokenizer writes ’ as "&rsquo;" for a while.
        spelled = _CAPITALS.sub(r"\1&RSQUO; ", _ELISION.sub(r"\1&rsquo; ", word))
        return " ".join(self._tokens(word, spelled)).replace("&rsquo ;", "’").split()

    def _tokens(self, word: str, spelled: str) -> list[str]:
        parts = spelled.translate(_QUOTES).split()
        tokens = [token for part in parts for token in self._parted(part)]
        for before, token in pairwise(tokens):
            if token in self._tails and before[-1] in self._tails[token]:
                return self._engine.tokens(word)
        return tokens

    def _parted(self, part: str) -> list[str]:
        """Marks before, what stands between them, marks after it."""
        body = part.lstrip(self._leading)
        tokens = list(part[: len(part) - len(body)])
        tail: list[str] = []
        while body and body[-1] in self._marks:
            if body[-1] != ".":
                tail.append(body[-1])
                body = body[:-1]
            if body.endswith("..."):
                tail.append("...")
                body = body[:-3].rstrip(".")
            if body.endswith("."):
                if self._engine.shortened(body):
                    break
                tail.append(".")
                body = body[:-1]
        if body:
            tokens.append(body)
        return tokens + tail[::-1]


def tails(engine: Engine) -> dict[str, frozenset[str]]:
    """Every proper ending of an emoticon, with the characters that may stand before it."""
    found: dict[str, set[str]] = {")": {"!"}, "!": {"("}}  # ( ! ) is joined as well
    for face in engine.typed:
        for at in range(1, len(face)):
            found.setdefault(face[at:], set()).add(face[at - 1])
    return {tail: frozenset(heads) for tail, heads in found.items()}
