"""What words and phrases say: TextBlob's lexicon, mended by lists of our own."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, NamedTuple

from cjm_widgets.score.lexical.tokens import pattern, plain, unaccented
from cjm_widgets.score.pattern.engine import engine

PACKAGE = "cjm_widgets.score.lexical"
STEM, AGREES = "*", "~"
_ENDINGS = ("", "e", "s", "es")
"""What `AGREES` stands for: abîmé, abîmée, abîmés, abîmées."""
_SHORT = 5
"""Words below this length may be others without their accents: sûr and sur."""


class Entry(NamedTuple):
    """What a word or phrase does."""

    value: float = 0.0
    """Its valence, −1…1; 0 for none."""
    negates: bool = False
    """Whether it turns round the words after it."""
    factor: float = 1.0
    """What it multiplies the valence of the words after it by."""
    contrast: bool = False
    """Whether what comes after it counts for more than what came before."""


@dataclass(slots=True)
class Node:
    """The phrases that begin with the same words."""

    entry: Entry | None = None
    """What these words mean, if they are a phrase themselves."""
    after: dict[str, Node] = field(default_factory=dict)
    """The next word to the longer phrases."""
    stems: dict[str, Node] = field(default_factory=dict)
    """As `after`, by what the next word begins with."""

    def step(self, word: str) -> Node | None:
        """The phrases that go on with this word."""
        found = self.after.get(word)
        if found is None and self.stems:
            begins = (word[:stop] for stop in range(len(word), 1, -1))
            found = next((self.stems[begin] for begin in begins if begin in self.stems), None)
        return found


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's words, and what finds them in a text."""

    words: Node
    faces: dict[str, float]
    tokens: re.Pattern[str]
    reach: int
    """Words after a negation that it may turn round."""


@functools.cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of ``"en"`` or ``"fr"``."""
    faces = dict(_listed("faces.tsv", " "))
    tokens = pattern(language, frozenset(faces))
    root = Node()

    def put(phrase: str, entry: Entry) -> None:
        for variant in _variants(phrase):
            _put(root, [plain(word) for word in tokens.findall(variant)], entry, phrase)

    for word, value in _textblob(language):
        put(word, Entry(value))
    doing: dict[str, Entry] = {}
    rules: dict[str, Any] = tomllib.loads(_text(f"{language}.toml"))
    for factor, words in rules["stronger"].items():
        doing |= dict.fromkeys(words, Entry(factor=float(factor)))
    doing |= dict.fromkeys(rules["negations"], Entry(negates=True))
    doing |= dict.fromkeys(rules["contrasts"], Entry(contrast=True))
    doing |= dict.fromkeys(rules["idle"], Entry())
    for word, entry in doing.items():
        put(word, entry)
    for word, value in _listed(f"{language}.tsv", ", "):
        put(word, doing.get(word, Entry())._replace(value=value))
    _alias(root)
    return Lexicon(root, faces, tokens, rules["reach"])


def _text(name: str) -> str:
    return resources.files(PACKAGE).joinpath(name).read_text(encoding="utf-8")


def _listed(name: str, between: str) -> list[tuple[str, float]]:
    """What a list holds, each with its valence."""
    found: list[tuple[str, float]] = []
    for line in _text(name).splitlines():
        if line and not line.startswith("#"):
            value, _, words = line.partition("\t")
            found += [(word, float(value)) for word in words.split(between)]
    return found


def _textblob(language: str) -> list[tuple[str, float]]:
    sentiment = engine(language).sentiment
    found: list[tuple[str, float]] = []
    for word in dict.keys(sentiment):
        senses = dict.__getitem__(sentiment, word)
        # It gives "isn't" and the like a valence of their own, and lets them negate nothing.
        if None in senses and senses[None][0] and word[:1].isalpha() and "n't" not in word:
            found.append((word, float(senses[None][0])))
    return found


def _variants(phrase: str) -> list[str]:
    endings = _ENDINGS if AGREES in phrase else ("",)
    return [phrase.replace(AGREES, ending) for ending in endings]


def _put(root: Node, words: list[str], entry: Entry, phrase: str) -> None:
    node = root
    for word in words[:-1]:
        node = node.after.setdefault(word, Node())
    branch = node.stems if phrase.endswith(STEM) else node.after
    branch.setdefault(words[-1], Node()).entry = entry


def _alias(node: Node) -> None:
    """Let words be found without their accents too, where that is no other word."""
    for word, after in list(node.after.items()):
        bare = unaccented(word)
        if bare != word and len(word) >= _SHORT:
            node.after.setdefault(bare, after)
        _alias(after)
