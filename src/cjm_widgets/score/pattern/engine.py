"""The pattern analysers inside textblob and textblob-fr, without the rest of these packages."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import re
import sys
import threading
import types
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any

Assessment = tuple[list[str], float, float, str | None]
"""Words that were assessed together, their polarity, subjectivity, and a label."""

LONGEST_WORD = 10_000
"""Of a "word" longer than this only the beginning is read: their tokenizer is quadratic in
the length of a word, and no word has ten thousand characters."""

_HOMES = {"en": ("textblob", "textblob.en"), "fr": ("textblob_fr", "textblob_fr.fr")}
_loading = threading.Lock()


@dataclass(frozen=True, slots=True)
class Engine:
    """One language's analyser."""

    language: str
    version: str
    """Version of the package the analyser comes from."""
    sentiment: Any
    """Its lexicon: a dictionary of words that can also assess tokens."""
    punctuation: str
    abbreviations: frozenset[str] = field(repr=False)
    """Words whose full stop is not a token of its own."""
    initials: tuple[re.Pattern[str], ...] = field(repr=False)
    """Patterns of further such words: T., U.S., Mr."""
    emoticons: dict[str, float]
    """Emoticon in lower case to polarity."""
    typed: frozenset[str] = field(repr=False)
    """Emoticons as they are typed, in their own case."""

    def shortened(self, word: str) -> bool:
        """Whether the full stop at the end of a word belongs to it."""
        return word in self.abbreviations or any(one.match(word) for one in self.initials)

    def tokens(self, text: str) -> list[str]:
        """The tokens of a text, as the analyser sees them, in their own case."""
        if len(text) > LONGEST_WORD and max(map(len, text.split()), default=0) > LONGEST_WORD:
            text = " ".join(word[:LONGEST_WORD] for word in text.split())
        return " ".join(self.sentiment.tokenizer(text)).split()

    def assessments(self, text: str) -> list[Assessment]:
        """What the analyser finds in a text.

        Its own entry takes texts such as ``c_267`` for the number of a word sense and
        fails on them; here every text is words.
        """
        words = ((token.lower(), None) for token in self.tokens(text))
        found: list[Assessment] = self.sentiment.assessments(words, True)
        return found

    def polarity(self, text: str) -> tuple[float, bool]:
        """The polarity of a text, −1…1, and whether anything was assessed."""
        found = self.assessments(text)
        total: float = 0
        for _, polarity, _, _ in found:
            total += polarity
        return total / float(len(found) or 1), bool(found)


@functools.cache
def engine(language: str) -> Engine:
    """The analyser of ``"en"`` or ``"fr"``."""
    package, module = _HOMES[language]
    with _loading, _bare(package) as load:
        own = load(module)
        shared = load(f"{package}._text")
    analyser = own.sentiment
    len(analyser)  # their lexicon loads itself when it is first asked for something
    first: dict[str, float] = {}
    for (_, polarity), faces in shared.EMOTICONS.items():
        for face in faces:
            first.setdefault(face.lower(), polarity)
    return Engine(
        language,
        metadata.version(package.replace("_", "-")),
        analyser,
        shared.PUNCTUATION,
        frozenset(getattr(own, "ABBREVIATIONS", shared.ABBREVIATIONS)),
        (shared.RE_ABBR1, shared.RE_ABBR2, shared.RE_ABBR3),
        first,
        frozenset(face for faces in shared.EMOTICONS.values() for face in faces),
    )


@contextmanager
def _bare(package: str) -> Iterator[Any]:
    """Import from inside a package without running what the package itself imports.

    ``import textblob`` loads nltk, and with it scipy and scikit-learn where they are
    installed: up to two seconds for what a lexicon and a regular expression do. So the
    modules are loaded under an empty parent, as copies of our own, and forgotten again: a
    later ``import textblob`` finds everything as if this had not happened. Where textblob
    is loaded already, its own modules serve.
    """
    if package in sys.modules:
        yield importlib.import_module
        return
    spec = importlib.util.find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        yield importlib.import_module  # says what is missing
        return
    parent = types.ModuleType(package)
    parent.__path__ = list(spec.submodule_search_locations)
    sys.modules[package] = parent
    try:
        with warnings.catch_warnings():
            # their regular expressions are not raw strings, which newer Pythons mind
            warnings.simplefilter("ignore")
            yield importlib.import_module
    finally:
        for name in [n for n in sys.modules if n == package or n.startswith(f"{package}.")]:
            del sys.modules[name]
