"""Names of languages as survey programs write them -> ISO 639-1."""

from __future__ import annotations

import re

_NAMES = {
    "en": "eng english anglais englisch ingles",
    "fr": "fra fre french francais französisch frances",
    "de": "deu ger german allemand deutsch",
    "es": "spa spanish espagnol espanol español",
    "it": "ita italian italien italiano",
    "pt": "por portuguese portugais portugues português pb",
    "nl": "nld dut dutch neerlandais néerlandais nederlands",
    "ar": "ara arabic arabe",
    "zh": "zho chi chinese chinois",
    "ja": "jpn japanese japonais",
    "ru": "rus russian russe",
    "pl": "pol polish polonais",
}
_TABLE = {name: code for code, names in _NAMES.items() for name in names.split()}
_TABLE |= {"français": "fr", "anglais": "en"}
_CODES = frozenset(
    [
        "af",
        "am",
        "ar",
        "az",
        "be",
        "bg",
        "bn",
        "bs",
        "ca",
        "cs",
        "cy",
        "da",
        "de",
        "el",
        "en",
        "eo",
        "es",
        "et",
        "eu",
        "fa",
        "fi",
        "fr",
        "ga",
        "gl",
        "gu",
        "he",
        "hi",
        "hr",
        "hu",
        "hy",
        "id",
        "is",
        "it",
        "ja",
        "ka",
        "kk",
        "km",
        "kn",
        "ko",
        "ky",
        "lb",
        "lo",
        "lt",
        "lv",
        "mg",
        "mk",
        "ml",
        "mn",
        "mr",
        "ms",
        "mt",
        "my",
        "nb",
        "ne",
        "nl",
        "nn",
        "no",
        "or",
        "pa",
        "pl",
        "ps",
        "pt",
        "ro",
        "ru",
        "rw",
        "sd",
        "si",
        "sk",
        "sl",
        "so",
        "sq",
        "sr",
        "sv",
        "sw",
        "ta",
        "te",
        "tg",
        "th",
        "ti",
        "tk",
        "tl",
        "tr",
        "uk",
        "ur",
        "uz",
        "vi",
        "wo",
        "xh",
        "yi",
        "yo",
        "zh",
        "zu",
    ]
)


def code(name: str) -> str | None:
    """The two-letter code of a language's name, code or locale; nothing where unknown.

    Examples
    --------
    >>> code("FR-CA"), code("English"), code("français"), code("klingon")
    ('fr', 'en', 'fr', None)
    """
    text = name.strip().casefold()
    if text in _TABLE:
        return _TABLE[text]
    first = re.split(r"[-_ (]", text, maxsplit=1)[0]
    return first if first in _CODES else _TABLE.get(first)
