"""One value of any kind -> the text an analyst would see, or nothing."""

from __future__ import annotations

import datetime
import decimal
import json
import math
import re
from typing import Any

import pandas as pd

FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
"""NUL and lone surrogates, which neither SQLite's tools, PostgreSQL nor UTF-8 can hold."""

REPLACEMENT = "\ufffd"


def clean(text: str) -> tuple[str, int]:
    """A text without what the engines cannot hold, and how many characters were replaced."""
    return FORBIDDEN.subn(REPLACEMENT, text)


def shown(value: Any) -> str | None:
    """A value as text; nothing for what is missing.

    Whole floats lose their ``.0``, dates are ISO, lists and objects are JSON.
    """
    if isinstance(value, str):
        return value
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, datetime.datetime):
        return moment(value)
    if isinstance(value, decimal.Decimal):
        return format(value.normalize(), "f") if value.is_finite() else None
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def number(value: float) -> str | None:
    """A float as short as it can be told apart, without an exponent where it is whole."""
    if not math.isfinite(value):
        return None
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def moment(value: datetime.datetime) -> str:
    """A date as ISO text; midnight shows as the day alone."""
    if value.tzinfo is not None:
        value = value.astimezone(datetime.UTC).replace(tzinfo=None)
    if value.time() == datetime.time():
        return value.date().isoformat()
    return value.isoformat(sep=" ")
