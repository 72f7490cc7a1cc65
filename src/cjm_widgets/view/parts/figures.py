"""Numbers, dates and periods as a reader of English or French writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date

from cjm_widgets.words import number, say, texts

_CURRENCIES = {"EUR": "€", "€": "€", "USD": "$", "$": "$", "GBP": "£", "£": "£"}
_POINTS = ("points", "point", "pts", "pt")


def plain(value: float, language: str, *, sign: bool = False, digits: int | None = None) -> str:
    """A figure with `digits` decimals, or else with as many as its size asks for.

    >>> plain(48200.0, "en"), plain(4.86, "en"), plain(71.26, "en"), plain(-0.004, "en")
    ('48,200', '4.86', '71.3', '0')
    >>> plain(57, "en", digits=1), plain(-3.38, "fr", digits=0)
    ('57.0', '−3')
    """
    if digits is not None:
        return number(round(value, digits), language, digits=digits, sign=sign)
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = number(round(value, digits), language, digits=digits, sign=sign)
    mark = "," if language == "fr" else "."
    if digits and mark in text:
        text = text.rstrip("0").rstrip(mark)
    return text


def decimals(value: float | None, low: float | None, high: float | None) -> int | None:
    """How many decimals a figure and the ends of its interval are worth, the same for all three.

    A wide interval asks for few. None where there is no interval: the size decides then, see
    `plain`.

    >>> decimals(25.9, 18.9, 32.8), decimals(71.5, 68.2, 74.6), decimals(2.98, 2.91, 3.06)
    (0, 1, 2)
    >>> decimals(78, 74, 82), decimals(4.9, None, None)
    (0, None)
    """
    if value is None or low is None or high is None or not math.isfinite(high - low):
        return None
    half = (high - low) / 2
    most = 0 if half >= 5 else 1 if half >= 0.15 else 2 if half >= 0.015 else 3
    for digits in range(most):
        if all(abs(end - round(end, digits)) < 0.5 * 10**-most for end in (value, low, high)):
            return digits
    return most


def amount(
    value: float, unit: str, language: str, *, sign: bool = False, digits: int | None = None
) -> str:
    """A figure with its unit, in one text.

    >>> amount(184, "EUR", "en"), amount(184, "EUR", "fr"), amount(21, "points", "en")
    ('€\xa0184', '184\xa0€', '+21')
    >>> amount(78, "%", "fr"), amount(3.5, "minutes", "en"), amount(4.9, "1-7", "en")
    ('78\u202f%', '3.5\xa0minutes', '4.9\xa0(1–7)')
    """
    figure, rest = amount_parts(value, unit, language, sign=sign, digits=digits)
    return f"{figure}\xa0{rest}" if rest else figure


def amount_parts(
    value: float, unit: str, language: str, *, sign: bool = False, digits: int | None = None
) -> tuple[str, str]:
    """A figure, and what of its unit may stand smaller beside it.

    >>> amount_parts(14.2, "minutes", "fr"), amount_parts(71, "%", "en")
    (('14,2', 'minutes'), ('71\u202f%', ''))
    """
    unit = unit.strip()
    text = plain(value, language, sign=sign or unit.casefold() in _POINTS, digits=digits)
    if unit.casefold() in _POINTS or not unit:
        return text, ""
    if unit == "%":
        return f"{text}\u202f%", ""
    if unit in _CURRENCIES:
        mark = _CURRENCIES[unit]
        return (f"{text}\xa0{mark}" if language == "fr" else f"{mark}\xa0{text}"), ""
    if scale := re.fullmatch(r"(\d+)\s*[-–—]\s*(\d+)", unit):
        return text, f"({scale[1]}–{scale[2]})"
    return text, unit


def valence(value: float | None, language: str) -> str:
    """A valence with its sign and two decimals; empty where there is none.

    >>> valence(-0.24, "fr"), valence(0.0, "en"), valence(None, "en")
    ('−0,24', '0.00', '')
    """
    return "" if value is None else number(value, language, digits=2, sign=True)


def percent(share: float, language: str) -> str:
    """A share 0…1 in per cent, without the sign."""
    scaled = share * 100
    return number(scaled, language, digits=0 if scaled >= 1 or scaled == 0 else 1)


def month(at: date, language: str) -> str:
    """The short name of a date's month."""
    return str(texts(language)["map"]["months"][at.month - 1])


def day(at: date, language: str) -> str:
    """A date in words: ``14 Mar 2026``."""
    return say("map.date", language, day=str(at.day), month=month(at, language), year=str(at.year))


def period(at: date, others: Iterable[date], language: str) -> str:
    """What a period that starts at a date is called, from how the others are spaced.

    >>> period(date(2026, 1, 1), [date(2025, 10, 1)], "en")
    'Q1 2026'
    >>> period(date(2026, 2, 1), [date(2026, 1, 1)], "fr")
    'févr. 2026'
    """
    days = {at, *others}
    if len(days) > 1 and all(d.day == 1 and d.month % 3 == 1 for d in days):
        return say("map.quarter", language, n=(at.month + 2) // 3, year=str(at.year))
    if all(d.day == 1 for d in days):
        return f"{month(at, language)} {at.year}"
    return day(at, language)


def span(first: date | None, last: date | None, language: str) -> str:
    """From when to when: ``Jan–Mar 2026``; empty where neither is known."""
    if first is None or last is None:
        known = first or last
        return "" if known is None else f"{month(known, language)} {known.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{month(last, language)} {last.year}"
    year = f" {first.year}" if first.year != last.year else ""
    return f"{month(first, language)}{year}–{month(last, language)} {last.year}"
