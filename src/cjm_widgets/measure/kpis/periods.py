"""Dates and periods as people write them in tables."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "january janvier jan janv",
            "february fevrier feb fev fevr",
            "march mars mar",
            "april avril apr avr",
            "may mai",
            "june juin jun",
            "july juillet jul juil",
            "august aout aug",
            "september septembre sep sept",
            "october octobre oct",
            "november novembre nov",
            "december decembre dec",
        ),
        start=1,
    )
    for name in names.split()
}
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_QUARTER = r"[qt](?P<quarter>[1-4])"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?:[t ]\d\d:\d\d.*)?",
        rf"(?P<first>\d{{1,2}})[-/.](?P<second>\d{{1,2}})[-/.]{_YEAR}(?: \d\d:\d\d.*)?",
        rf"{_YEAR}[-/. ]?{_QUARTER}",
        rf"{_QUARTER}[-/. ]?{_YEAR}",
        rf"(?P<quarter>[1-4])(?:er|e|eme|st|nd|rd|th) (?:trimestre|quarter) (?:de )?{_YEAR}",
        rf"{_YEAR}[-/. ]?[hs](?P<half>[12])",
        rf"[hs](?P<half>[12])[-/. ]?{_YEAR}",
        rf"{_YEAR}[- ]?w(?P<week>\d{{1,2}})",
        rf"{_YEAR}[-/.](?P<month>\d{{1,2}})",
        rf"(?P<month>\d{{1,2}})[-/.]{_YEAR}",
        rf"(?P<name>[a-z]+)\.?[-/ ]{_YEAR}",
        rf"(?P<day>\d{{1,2}})(?:er)? (?P<name>[a-z]+)\.? {_YEAR}",
        rf"{_YEAR}",
    )
)


def period_start(text: str, *, month_first: bool = False) -> dt.datetime | None:
    """First day of the period that a text names; None where it names none.

    Parameters
    ----------
    text
        A day (``2025-04-01``, ``01/04/2025``, ``1 avril 2025``), a week (``2025-W14``), a
        month (``2025-04``, ``04/2025``, ``April 2025``), a quarter (``2025-Q2``, ``T2 2025``,
        ``2e trimestre 2025``), a half-year (``H1 2025``, ``S1 2025``) or a year.
    month_first
        Whether ``04/01/2025`` is the first of April, as in the United States, not the fourth
        of January.

    Examples
    --------
    >>> [str(period_start(t))[:10] for t in ("T2 2025", "2025-04", "01/04/2025", "avr. 2025")]
    ['2025-04-01', '2025-04-01', '2025-04-01', '2025-04-01']
    """
    plain = plain_text(text)
    for pattern in _PATTERNS:
        if found := pattern.fullmatch(plain):
            try:
                return _start({k: v for k, v in found.groupdict().items() if v}, month_first)
            except (ValueError, KeyError):
                return None
    return None


def period_bounds(text: str) -> tuple[dt.datetime, dt.datetime] | None:
    """First moment of the period a text names, and the first one after it; None for no period.

    Parameters
    ----------
    text
        As for `period_start`.

    Examples
    --------
    >>> [tuple(str(end)[:10] for end in period_bounds(t)) for t in ("2026-Q1", "mars 2026")]
    [('2026-01-01', '2026-04-01'), ('2026-03-01', '2026-04-01')]
    """
    start = period_start(text)
    if start is None:
        return None
    plain = plain_text(text)
    found = next(match for pattern in _PATTERNS if (match := pattern.fullmatch(plain)))
    parts = {name for name, value in found.groupdict().items() if value}
    days = 1 if parts & {"day", "first"} else 7 if "week" in parts else 0
    if days:
        return start, start + dt.timedelta(days=days)
    months = 3 if "quarter" in parts else 6 if "half" in parts else 1 if parts - {"year"} else 12
    after = start.month - 1 + months
    return start, start.replace(year=start.year + after // 12, month=after % 12 + 1)


def _start(parts: dict[str, str], month_first: bool) -> dt.datetime:
    year = int(parts["year"])
    if "week" in parts:
        return dt.datetime.combine(
            dt.date.fromisocalendar(year, int(parts["week"]), 1), dt.time.min
        )
    month, day = int(parts.get("month", 1)), int(parts.get("day", 1))
    if "quarter" in parts:
        month = 3 * int(parts["quarter"]) - 2
    elif "half" in parts:
        month = 6 * int(parts["half"]) - 5
    elif "name" in parts:
        month = _MONTHS[parts["name"]]
    elif "first" in parts:
        day, month = int(parts["first"]), int(parts["second"])
        if month_first:
            day, month = month, day
    return dt.datetime.combine(dt.date(year, month, day), dt.time.min)


def is_month_first(texts: list[str]) -> bool:
    """Whether dates such as ``04/25/2025`` show that the month stands first."""
    return any(
        (found := _PATTERNS[1].fullmatch(plain_text(text))) is not None
        and int(found["second"]) > 12 >= int(found["first"])
        for text in texts
    )


def plain_text(text: str) -> str:
    """A text in small letters, without accents, with single plain spaces.

    Examples
    --------
    >>> plain_text(" Étape\\u202fN° 1 ")
    'etape n° 1'
    """
    small = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(c for c in small if not unicodedata.combining(c)).split())
