"""Texts into words, faces and marks."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff"
_ACCENTS = "\u0300-\u036f"
_LETTER = "[^\\W_]"
_WITHIN = f"(?:[^\\W_]|[{_ACCENTS}{_INVISIBLE}])"
_WORD = {
    # "don't" is one word, "l'attente" two; a hyphen always parts words.
    "en": f"{_LETTER}{_WITHIN}*(?:['’ʼ]{_WITHIN}+)*",
    "fr": f"{_LETTER}{_WITHIN}*['’ʼ]?",
}
_MARKS = "[!?]+|[.,;:…()\n]"
_REMOVED = dict.fromkeys(map(ord, _INVISIBLE))


@functools.cache
def pattern(language: str, faces: frozenset[str]) -> re.Pattern[str]:
    """What finds the tokens of a text.

    A face is one only where it stands alone: neither "Rating:3" nor "http://" holds any.
    """
    return re.compile(f"{_WORD[language]}|{_alone(faces)}|{_MARKS}")


def _alone(faces: Iterable[str]) -> str:
    typed = sorted((face for face in faces if face.isascii()), key=len, reverse=True)
    drawn = "".join(face for face in faces if not face.isascii())
    first = re.escape("".join({face[0] for face in typed}))
    # The look at the first character spares most places in a text the look at all faces.
    alone = f"(?=[{first}])(?<![\\w:;=])(?:{'|'.join(map(re.escape, typed))})(?![\\w/])"
    return f"{alone}|[{re.escape(drawn)}]"


def plain(word: str) -> str:
    """A word as it is looked up: small letters, no invisible characters, one apostrophe."""
    if word.isascii():
        return word.lower()
    word = unicodedata.normalize("NFKC", word.translate(_REMOVED).lower())
    return word.replace("’", "'").replace("ʼ", "'")


def unaccented(word: str) -> str:
    """A word without its accents, as typed in haste."""
    parts = unicodedata.normalize("NFD", word)
    return "".join(part for part in parts if not unicodedata.combining(part))


def unstretched(word: str) -> tuple[str, str] | None:
    """What "sooo" and "goooood" may stand for: two of a repeated letter, or one."""
    twice = re.sub(r"(.)\1{2,}", r"\1\1", word)
    return None if twice == word else (twice, re.sub(r"(.)\1+", r"\1", word))
