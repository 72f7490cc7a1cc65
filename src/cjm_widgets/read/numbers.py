"""Columns of numbers written in any of the usual ways, told on the whole column."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

NOTHING = pa.array(["", "NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null", "None"])
"""What statistics programs write where a number is missing."""

_INT = "(?:0|[1-9][0-9]{0,14})"
_SPACE = "[ \u00a0\u202f\u2009]"
_GROUPED = "[1-9][0-9]{{0,2}}(?:{0}[0-9]{{3}}){{1,4}}"

STYLES = {
    "int": f"^-?{_INT}$",
    "dot": rf"^-?(?:{_INT}|{_INT}?\.[0-9]+(?:[eE][+-]?[0-9]{{1,3}})?)$",
    "comma": f"^-?(?:{_INT}|{_INT}?,[0-9]+)$",
    "space_comma": f"^-?(?:{_INT}|{_GROUPED.format(_SPACE)}|{_INT})(?:,[0-9]+)?$",
    "comma_dot": rf"^-?(?:{_INT}|{_GROUPED.format(',')}|{_INT})(?:\.[0-9]+)?$",
    "dot_comma": rf"^-?(?:{_INT}|{_GROUPED.format('[.]')}|{_INT})(?:,[0-9]+)?$",
    "space_dot": rf"^-?(?:{_INT}|{_GROUPED.format(_SPACE)}|{_INT})(?:\.[0-9]+)?$",
}
"""Ways to write a number. Leading zeros and more than 15 digits are an identifier's, not a
number's, and no style allows them."""

_FRENCH = ("int", "dot", "comma", "space_comma", "dot_comma", "comma_dot", "space_dot")
_ENGLISH = ("int", "dot", "comma_dot", "comma", "space_comma", "space_dot", "dot_comma")


def fitting(column: Any, styles: tuple[str, ...]) -> tuple[str, ...]:
    """Those styles that every value of a text column has; missing values have any.

    Parameters
    ----------
    column
        An Arrow array of text.
    styles
        The styles still possible.
    """
    values = pc.utf8_trim_whitespace(column.drop_null())
    values = values.filter(pc.invert(pc.is_in(values, value_set=NOTHING)))
    if not len(values):
        return styles
    first = values[0].as_py()
    return tuple(
        style
        for style in styles
        # Most columns are no numbers, which their first value shows without a full look.
        if re.match(STYLES[style], first)
        and pc.all(pc.match_substring_regex(values, STYLES[style])).as_py()
    )


def best(styles: tuple[str, ...], semicolons: bool) -> str | None:
    """The likeliest of the styles; ``1,234`` is 1.234 only where semicolons part the cells."""
    return next((one for one in (_FRENCH if semicolons else _ENGLISH) if one in styles), None)


def parsed(column: Any, style: str) -> Any:
    """A text column of one style as int64 or float64; missing where nothing stands."""
    values = pc.utf8_trim_whitespace(column)
    values = pc.if_else(pc.is_in(values, value_set=NOTHING), pa.scalar(None, pa.string()), values)
    if style == "int":
        return values.cast(pa.int64())
    if style.startswith("space"):
        values = pc.replace_substring_regex(values, _SPACE, "")
    elif style == "comma_dot":
        values = pc.replace_substring(values, ",", "")
    elif style == "dot_comma":
        values = pc.replace_substring(values, ".", "")
    if style.endswith("comma"):
        values = pc.replace_substring(values, ",", ".")
    return values.cast(pa.float64())


def one(text: str) -> float | None:
    """A single number, with decimal point or comma and any minus sign; or nothing."""
    tidy = re.sub(_SPACE, "", text.strip()).replace("−", "-").replace("–", "-")
    if not re.fullmatch(r"[+-]?(?:[0-9]{1,15}(?:[.,][0-9]{0,17})?|[.,][0-9]{1,17})", tidy):
        return None
    return float(tidy.replace(",", "."))
