"""Where the sentences of a text are: rules of our own, no model, nothing to download.

A line break always ends a sentence (lists, turns, paragraphs). Within a line, a run of
stops ends one when white space follows (or a capital glued to a lower-case word, as hasty
writers have it) and no abbreviation, number or quotation speaks against it. Every step
looks at a bounded stretch of text, so the whole is linear.
"""

from __future__ import annotations

import re

from cjm_widgets.text.abbreviations import Abbreviations, abbreviations

_LINE = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_STOP = ".!?\u2026\u203d\u061f\u0964\u3002\uff01\uff1f\uff0e"
_GAP = " \t\xa0\u2009\u202f"
_EMOJI = (
    "\u00a9\u00ae\u200d\u203c\u2049\u20e3\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf"
    "\u2b00-\u2bff\ufe0e\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f"
)
_EMOTICON = r"(?:[:;=8xX][\-'^o]?[)(\]\[DPpOo/\\|3*]|<3|\^\^|:'\()(?=[\s.!?…]|\Z)"

# A line break, a bullet within a line, or a run of stops with what belongs to it: closing
# quotes and brackets, stops set apart by spaces ("Vraiment ? !"), emoji and emoticons after.
_BREAK = re.compile(
    rf"(?P<line>[{_LINE}]+)"
    rf"|(?P<bullet>(?<=[{_GAP}])[\u2022\u25aa\u25e6\u2023\u25cf](?=[{_GAP}]))"
    rf"|(?P<stop>[{_STOP}]+(?:[{_GAP}]{{1,2}}[{_STOP}]+)*)"
    rf"(?P<close>[\"'\u201d\u2019\u00bb\u203a)\]}}]*(?:[{_GAP}]?[\u00bb\u203a])*)"
    rf"(?P<after>(?:[{_GAP}]*(?:[{_EMOJI}]+|{_EMOTICON})[{_STOP}]*)*)"
)
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"[\w'\u2019]{1,24}")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_MAIL_AHEAD = re.compile(r"[\w.+\-]{0,64}@\w")
_OPENERS = "([{\"'\u00ab\u2018\u201c\u2039\u00bf\u00a1*-\u2013\u2014\u2022"
_QUOTES = "\"'\u201d\u2019\u00bb\u203a)]}"
_REACH = 24
"""Code points looked back for an abbreviation; none is longer."""


def sentences(text: str, language: str = "en") -> list[tuple[int, int]]:
    """The sentences of a text.

    Parameters
    ----------
    text
        Any text.
    language
        ISO 639-1 code; chooses the abbreviations. A language without a table of its own
        uses the English and the French one.

    Returns
    -------
    list of (int, int)
        Half-open ranges in code points, in order, not overlapping, without white space at
        their ends. Every character that is not white space is in one of them.

    Examples
    --------
    >>> text = "Mme Dupont a rappelé à 9.30 h, etc. Rien ! Pas même « merci. »"
    >>> [text[a:b] for a, b in sentences(text, "fr")]
    ['Mme Dupont a rappelé à 9.30 h, etc.', 'Rien !', 'Pas même « merci. »']
    """
    table = abbreviations(language)
    found: list[tuple[int, int]] = []
    end = len(text)
    start = _skip(text, 0)
    for match in _BREAK.finditer(text):
        at = match.start()
        if at < start:
            continue  # a stop before the first word of a sentence belongs to it
        kind = match.lastgroup
        if kind in ("line", "bullet"):
            if at > start:
                found.append((start, _trim(text, start, at)))
            start = _skip(text, match.end() if kind == "line" else at)
            continue
        stop = match.end()
        if at > start and stop < end and _ends(text, match, start, table):
            found.append((start, stop))
            start = _skip(text, stop)
    if start < end:
        found.append((start, _trim(text, start, end)))
    return found


def _skip(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _trim(text: str, start: int, stop: int) -> int:
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    return stop


def _ends(text: str, match: re.Match[str], start: int, table: Abbreviations) -> bool:
    """Whether a run of stops ends a sentence; something follows it in the text."""
    at, stop = match.start(), match.end()
    marks = match["stop"]
    if marks[-1] in "\u3002\uff01\uff1f":
        return True
    if not text[stop].isspace() and not match["after"]:
        return _glued(text, at, stop, match["close"])
    ahead = _skip(text, stop)
    if ahead == len(text) or any(c in _LINE for c in text[stop:ahead]):
        return True  # the line break decides
    following = text[ahead]
    if following in ",;:)]}\u00bb":
        return False
    if match["after"]:
        return True
    if match["close"] and following.islower():
        return False  # "Really?" she asked
    if marks[0] == "\u2026" or marks.startswith(".."):
        return not following.islower()
    if marks != ".":
        return True
    return not _abbreviated(text, at, ahead, start, table)


def _glued(text: str, at: int, stop: int, close: str) -> bool:
    """Whether a sentence ends where no space was typed: ``too cold.The staff …``"""
    if close or not text[stop].isupper() or at < 2:
        return False
    if not (text[at - 1].islower() and text[at - 2].isalpha()):
        return False
    if stop + 1 < len(text) and not (text[stop + 1].islower() or text[stop + 1] in " '\u2019"):
        return False
    before = text[max(0, at - 64) : at].rsplit(maxsplit=1)[-1]
    if "@" in before or "/" in before or before.lower().startswith("www"):
        return False
    return _MAIL_AHEAD.match(text, stop) is None


def _abbreviated(text: str, at: int, ahead: int, start: int, table: Abbreviations) -> bool:
    """Whether a single full stop at `at` belongs to an abbreviation; `ahead`: what follows."""
    behind = text[max(start, at - _REACH) : at]
    parts = behind.split()
    if not parts or behind[-1].isspace():
        return False
    last = parts[-1].lstrip(_OPENERS)
    word = last.lower()
    following = text[ahead]
    opens = following.isupper() or following in _OPENERS
    if at - start == len(parts[0]) and _numbers(word):
        return True  # "1. First point", "a. First point": the head of a list's item
    if word in table.always:
        return True
    if following.isdigit() and word in table.number:
        return True
    if (word == "p" and text.startswith("ex", ahead)) or (
        word == "ex" and len(parts) > 1 and parts[-2].lower().lstrip(_OPENERS) == "p."
    ):
        return True  # p. ex.
    if len(last) == 1 and last.isalpha() and last.isupper():
        # an initial: "J. Dupont"; "plan B. Then" and "him and I. Then" end a sentence
        return following.isupper() and last != "I" and not _starts(text, ahead, table)
    if _INITIALS.fullmatch(last) or word in table.capital:
        return not opens or (word != "etc" and not _starts(text, ahead, table))
    return False


def _numbers(word: str) -> bool:
    return (word.isdigit() and len(word) <= 3) or (len(word) == 1 and word.isalpha())


def _starts(text: str, at: int, table: Abbreviations) -> bool:
    if text[at] in _OPENERS:
        return True
    word = _WORD.match(text, at)
    if word is None or word[0] == "I":  # "at 5 p.m. I called": always a capital, so no sign
        return False
    first = word[0].lower().replace("\u2019", "'")
    return first in table.starters or first.split("'")[0] in table.starters
