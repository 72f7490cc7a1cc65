"""Text that XML can hold."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")


def xml_text(text: str) -> str:
    """A text in which what XML 1.0 has no way to write is shown as a replacement character.

    >>> xml_text("bell\\x07")
    'bell�'
    """
    return _FORBIDDEN.sub("\ufffd", text)
