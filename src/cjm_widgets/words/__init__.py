"""Interface texts in English and French, and the colours; one place for Python and the browser.

``en.json`` and ``fr.json`` hold the same keys, ``palette.json`` the colours. The front
end's bundler reads the same files, so a word is written once.
"""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import Any

LANGUAGES = ("en", "fr")
"""Languages of the interface; feedback may be in any language."""


@functools.cache
def texts(language: str) -> dict[str, Any]:
    """All interface texts of a language, nested by room; English where it is unknown."""
    name = language if language in LANGUAGES else "en"
    source = resources.files(__package__).joinpath(f"{name}.json")
    loaded: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return loaded


@functools.cache
def palette() -> dict[str, Any]:
    """The colours, ``light`` and ``dark``; see ``palette.json``."""
    source = resources.files(__package__).joinpath("palette.json")
    loaded: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return loaded


def say(key: str, language: str = "en", /, **values: object) -> str:
    """One interface text.

    Parameters
    ----------
    key
        Dotted path in the language file, such as ``"coder.saved"``.
    language
        ``"en"`` or ``"fr"``; any other shows English.
    values
        What stands in the text's braces. An ``n`` chooses between the forms ``one``
        and ``other`` where the text has both; floats and integers are written as the
        language does.

    Raises
    ------
    KeyError
        If no such text exists: a programming error.

    Examples
    --------
    >>> say("units.texts", "en", n=1)
    '1 text'
    >>> say("units.texts", "fr", n=1200)
    '1\\u202f200 textes'
    """
    found: Any = texts(language)
    for part in key.split("."):
        found = found[part]
    if isinstance(found, dict):
        n = values.get("n", 2)
        single = isinstance(n, int) and (n == 1 or (n == 0 and language == "fr"))
        found = found["one" if single else "other"]
    shown = {
        name: number(value, language)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else value
        for name, value in values.items()
    }
    return str(found).format(**shown)


def number(
    value: float, language: str = "en", *, digits: int | None = None, sign: bool = False
) -> str:
    """A number as the language writes it, with a true minus sign.

    Parameters
    ----------
    value
        Any finite number.
    digits
        Decimals shown; by default none for integers and up to two otherwise.
    sign
        Whether a positive number shows its ``+``.

    Examples
    --------
    >>> number(-0.24, "en", digits=2), number(1234.5, "fr")
    ('\\u22120.24', '1\\u202f234,5')
    """
    if digits is None:
        text = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")
    else:
        text = f"{value:,.{digits}f}"
    if text.lstrip("-").strip("0.,") == "":
        text = text.lstrip("-")
    elif sign and value > 0:
        text = "+" + text
    if language == "fr":
        text = text.replace(",", "\u202f").replace(".", ",")
    return text.replace("-", "\u2212")
