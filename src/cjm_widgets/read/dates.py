"""Dates as people and programs write them, told on the whole column."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cjm_widgets.read.arrowed import texts

_TIME = (
    r"(?:[T ,]+(?:à |at )?(\d{1,2})\s?[:hH]\s?(\d{2})?(?::?(\d{2})(?:[.,](\d+))?)?"
    r"\s*([AaPp])?\.?(?:[Mm]\.?)?)?"
)
_ZONE = r"\s*((?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|Z|UTC|GMT)?"
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME + _ZONE + "$")
_BASIC = re.compile(r"(19\d{2}|20\d{2})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?Z?)?$")
_SLASH = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})" + _TIME + _ZONE + "$")
_DAY_MONTH = re.compile(
    r"(?:[^\W\d]+\.?,? )?(\d{1,2})(?:er|st|nd|rd|th)?[ \-]([^\W\d]+)\.?,?[ \-](\d{4})"
    + _TIME
    + _ZONE
    + "$"
)
_MONTH_DAY = re.compile(
    r"(?:[^\W\d]+\.?, )?([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})" + _TIME + _ZONE + "$"
)
_SERIAL = re.compile(r"([2-7]\d{4})(?:\.(\d+))?$")
_EPOCH = re.compile(r"([1-4]\d{9})(?:\.0|(\d{3}))?$")
_LOOKED = 1_000
_TURN = "^([0-9]{2})/([0-9]{2})/([0-9]{4})"
_NOON = re.compile(r"\d\s*[ap]\.?m\b", re.IGNORECASE)

_NAMES = (
    "january/janvier/jan/janv february/fevrier/feb/fev/fevr march/mars/mar april/avril/apr/avr "
    "may/mai june/juin/jun july/juillet/jul/juil august/aout/aug september/septembre/sep/sept "
    "october/octobre/oct november/novembre/nov december/decembre/dec"
)
_MONTHS = {
    name: number for number, names in enumerate(_NAMES.split(" "), 1) for name in names.split("/")
}


@dataclass(slots=True)
class Order:
    """What a column tells about the order of day and month."""

    day_first: int = 0
    """Values that only day/month/year explains."""
    month_first: int = 0
    """Values that only month/day/year explains."""
    either: int = 0
    """Values that both explain."""
    noon: bool = False
    """Whether times have AM or PM, as Americans write them."""
    counted: bool = False
    """Whether some values are numbers that count days or seconds."""

    def look(self, column: Any) -> None:
        """Take in some values of the column."""
        if not self.counted and not pa.types.is_timestamp(column.type):
            first = texts(column.slice(0, _LOOKED)).drop_null().to_pylist()
            self.counted = any(_counted(value.strip()) is not None for value in first)
        if not pa.types.is_string(column.type):
            return
        starts = pc.utf8_slice_codeunits(pc.utf8_ltrim_whitespace(column.drop_null()), 0, 10)
        for counted in pc.value_counts(starts).to_pylist():
            match = re.match(r"(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{2}", counted["values"])
            if match is None:
                continue
            first, second = int(match.group(1)), int(match.group(2))
            if first > 12 >= second:
                self.day_first += counted["counts"]
            elif second > 12 >= first:
                self.month_first += counted["counts"]
            else:
                self.either += counted["counts"]
        if not self.noon and self.either + self.month_first:
            self.noon = any(
                _NOON.search(value) for value in column[:_LOOKED].to_pylist() if value is not None
            )

    @property
    def is_day_first(self) -> bool:
        """The order the whole column is read in."""
        if self.day_first == self.month_first:
            return not self.noon
        return self.day_first > self.month_first

    @property
    def because(self) -> str | None:
        """Key of the reason; none where the column has no such dates."""
        if self.day_first != self.month_first:
            return "dates_forced"
        if not self.day_first + self.month_first + self.either:
            return None
        return "dates_noon" if self.noon else "dates_usual"


def parsed(column: Any, day_first: bool) -> tuple[Any, Any]:
    """A column as moments in UTC, and which values are no dates.

    Parameters
    ----------
    column
        Arrow text, or moments already.
    day_first
        Whether 03/04/2024 is the third of April.

    Returns
    -------
    tuple
        Microsecond timestamps without zone, and a mask of values that stand there and
        could not be read.
    """
    stamp = pa.timestamp("us")
    if pa.types.is_timestamp(column.type):
        return column, pa.array([False] * len(column), pa.bool_())
    column = texts(column)
    values = pc.utf8_trim_whitespace(column)
    values = pc.if_else(pc.equal(pc.binary_length(values), 0), pa.scalar(None, pa.string()), values)
    # A cast reads ISO ten times as fast as Python does, and refuses days that do not exist.
    turned = pc.replace_substring_regex(values, _TURN, r"\3-\2-\1" if day_first else r"\3-\1-\2")
    for written, target in ((values, stamp), (values, pa.timestamp("us", "UTC")), (turned, stamp)):
        try:
            return written.cast(target).cast(stamp), pa.array([False] * len(column), pa.bool_())
        except pa.ArrowInvalid:
            continue
    coded = values.dictionary_encode()
    found = [one(value, day_first) for value in coded.dictionary.to_pylist()]
    moments = pa.array(found, stamp).take(coded.indices)
    return moments, pc.and_(pc.is_valid(values), pc.is_null(moments))


def one(text: str, day_first: bool) -> datetime.datetime | None:
    """A single date in UTC without zone, or nothing where the text is none."""
    text = " ".join(text.split())
    try:
        return _read(text, day_first)
    except (ValueError, OverflowError):
        return None


def _read(text: str, day_first: bool) -> datetime.datetime | None:
    if match := _ISO.match(text):
        year, month, day, *rest = match.groups()
        return _moment(int(year), int(month), int(day), rest)
    if match := _SLASH.match(text):
        first, _, second, year, *rest = match.groups()
        day, month = (first, second) if day_first else (second, first)
        return _moment(_century(year), int(month), int(day), rest)
    if match := _BASIC.match(text):
        year, month, day, hour, minute, second = match.groups()
        return _moment(int(year), int(month), int(day), [hour, minute, second, None, None, None])
    if match := _DAY_MONTH.match(text):
        day, name, year, *rest = match.groups()
        return _named(int(year), name, int(day), rest)
    if match := _MONTH_DAY.match(text):
        name, day, year, *rest = match.groups()
        return _named(int(year), name, int(day), rest)
    return _counted(text)


def _named(year: int, name: str, day: int, rest: list[str | None]) -> datetime.datetime | None:
    plain = "".join(
        one
        for one in unicodedata.normalize("NFKD", name.casefold())
        if not unicodedata.combining(one)
    )
    month = _MONTHS.get(plain)
    return None if month is None else _moment(year, month, day, rest)


def _century(year: str) -> int:
    """A year of two digits lies between 1969 and 2068, as POSIX has it."""
    number = int(year)
    if len(year) == 4:
        return number
    return number + (2000 if number <= 68 else 1900)


def _moment(year: int, month: int, day: int, rest: list[str | None]) -> datetime.datetime:
    hour, minute, second, fraction, half, zone = rest
    hours = int(hour or 0)
    if half is not None:
        if not 1 <= hours <= 12:
            raise ValueError("no hour of a half day")
        hours = hours % 12 + (12 if half in "Pp" else 0)
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    # The zone is subtracted below; frames between rooms hold UTC without one.
    found = datetime.datetime(  # noqa: DTZ001  # times of feedback are UTC without a zone
        year, month, day, hours, int(minute or 0), int(second or 0), micro
    )
    if zone is None or zone in ("Z", "UTC", "GMT"):
        return found
    zone = zone.removeprefix("UTC").removeprefix("GMT")
    sign = -1 if zone[0] == "-" else 1
    digits = zone[1:].replace(":", "")
    away = int(digits) * 60 if len(digits) < 3 else int(digits[:-2]) * 60 + int(digits[-2:])
    return found - sign * datetime.timedelta(minutes=away)


def _counted(text: str) -> datetime.datetime | None:
    """A date that a program wrote as a number.

    Five digits are Excel's days since the end of 1899, for 1954 to 2119; ten are Unix's
    seconds and thirteen its milliseconds since 1970, from 2001 on.
    """
    if match := _SERIAL.match(text):
        days = float(match[0])
        start = datetime.datetime(1899, 12, 30)  # noqa: DTZ001  # as above
        return start + datetime.timedelta(seconds=round(days * 86_400))
    if match := _EPOCH.match(text):
        start = datetime.datetime(1970, 1, 1)  # noqa: DTZ001  # as above
        return start + datetime.timedelta(seconds=int(match[1]), milliseconds=int(match[2] or 0))
    return None
