"""Which records of a table are its header, and what its columns are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cjm_widgets.read.dialect import preamble
from cjm_widgets.read.report import Guess
from cjm_widgets.read.vocabulary import plain

_IMPORT_ID = re.compile(r"""^\s*\{\s*['"]ImportId['"]\s*:""")
_LETTER = re.compile(r"[^\W\d_]")
_YEAR = re.compile(r"(19|20)\d\d$")
_LEGACY = [f"V{i}" for i in range(1, 11)]
_RESPONDENT = frozenset(("respondent id", "id repondant", "id du repondant"))
_ONE_ANSWER = frozenset(
    ("response", "open ended response", "reponse", "reponse ouverte", "reponse libre")
)


@dataclass(slots=True)
class Header:
    """Names of the columns, and how many records stand before the data."""

    names: list[str]
    skip: int
    labels: dict[str, str] = field(default_factory=dict)
    blank: set[int] = field(default_factory=set)
    guessed: list[Guess] = field(default_factory=list)


def find(found: Sequence[Sequence[str]], whole: bool) -> Header | None:
    """The header of a table, from its first records; none where there is no record.

    Recognises lines before the table, tables without a header, and the two or three header
    rows of Qualtrics: names, question texts, ``{"ImportId": …}``; also its old form with
    V1…V10 in the first row; and the two of SurveyMonkey: questions, and choices below them.

    Parameters
    ----------
    found
        The first records, blank ones included.
    whole
        Whether these are all the records of the table.
    """
    rows = [list(map(str, row)) for row in found]
    start = preamble(rows)
    if start >= len(rows):
        return None
    guessed = [Guess("header", str(start + 1), "preamble")] if start else []
    first = [_tidy(cell) for cell in rows[start]]
    if not any(first):
        return None
    data = [row for row in rows[start + 1 :] if any(cell.strip() for cell in row)]
    width = max([len(first), *(len(row) for row in data[:1] if _headless(first, data))])
    qualtrics = _qualtrics(first, rows[start + 1 : start + 3])
    if qualtrics is not None:
        texts, depth = qualtrics
        names = [
            _tidy(text) if name in _LEGACY and first[:3] == _LEGACY[:3] else name
            for name, text in zip(first, [*texts, *[""] * len(first)], strict=False)
        ]
        header = named(names, start + depth)
        header.labels = {
            name: _tidy(text)
            for name, text in zip(header.names, texts, strict=False)
            if _tidy(text) and _tidy(text) != name
        }
        header.guessed = [*guessed, Guess("header", str(depth), "qualtrics")]
        return header
    choices = _choices(first, rows[start + 1 :])
    if choices is not None:
        header = named(choices, start + 2)
        header.guessed = [*guessed, Guess("header", "2", "surveymonkey")]
        return header
    if _headless(first, data):
        names = [f"column_{i + 1}" for i in range(width)]
        return Header(names, start, guessed=[*guessed, Guess("header", "0", "headless")])
    header = named(first, start + 1)
    header.guessed = guessed
    return header


def named(cells: Iterable[str], skip: int) -> Header:
    """A header whose names are unique and never empty."""
    tidied = [_tidy(cell) for cell in cells]
    blank = {i for i, name in enumerate(tidied) if not name}
    return Header(
        unique(name or f"column_{i + 1}" for i, name in enumerate(tidied)), skip, {}, blank
    )


def unique(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """The names with ``_2``, ``_3``… where one is there already."""
    wanted = list(names)
    used = set(taken)
    later = set(wanted)
    result = []
    for name in wanted:
        chosen, n = name, 1
        while chosen in used or (n > 1 and chosen in later):
            n += 1
            chosen = f"{name}_{n}"
        used.add(chosen)
        result.append(chosen)
    return result


def _tidy(cell: str) -> str:
    """A name in one line, composed and without control characters."""
    text = "".join(" " if unicodedata.category(one) in ("Cc", "Cs") else one for one in cell)
    return " ".join(unicodedata.normalize("NFC", text.replace("\ufeff", "")).split())


def _qualtrics(
    first: Sequence[str], following: Sequence[Sequence[str]]
) -> tuple[list[str], int] | None:
    """Question texts and the number of header rows, if this is an export of Qualtrics."""
    ids = [_is_import_row(row) for row in following]
    if len(ids) > 1 and ids[1]:
        return list(following[0]), 3
    if ids and ids[0]:
        return list(first), 2
    if not following:
        return None
    second = [_tidy(cell) for cell in following[0]]
    legacy = list(first[:10]) == _LEGACY and second[:1] == ["ResponseID"]
    repeated = (
        first[:1] in (["ResponseID"], ["ResponseId"], ["StartDate"]) and second[:5] == first[:5]
    )
    return (list(following[0]), 2) if legacy or repeated else None


def _choices(first: Sequence[str], following: Sequence[Sequence[str]]) -> list[str] | None:
    """Names of the columns of a SurveyMonkey export: question, or question and choice.

    Below the first cells, which tell who answered and when, its second row is empty; a
    question with several columns is named above the first of them only.
    """
    second = [_tidy(cell) for cell in following[0]] if following else []
    if plain(first[0]) not in _RESPONDENT or any(second[:2]) or not any(second):
        return None
    names, question = [], ""
    for j in range(max(len(first), len(second))):
        name = first[j] if j < len(first) else ""
        choice = second[j] if j < len(second) else ""
        question = name or question
        alone = not choice or plain(choice) in _ONE_ANSWER
        names.append(name if name and alone else f"{question} / {choice}" if choice else "")
    return names


def _is_import_row(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell.strip()]
    return bool(filled) and sum(bool(_IMPORT_ID.match(cell)) for cell in filled) >= 0.8 * len(
        filled
    )


def _headless(first: Sequence[str], data: Sequence[Sequence[str]]) -> bool:
    """Whether the first record looks like data: a cell without letters over such cells."""
    if not data or not all(first):
        return False
    bare = [j for j, cell in enumerate(first) if not _LETTER.search(cell)]
    if len(bare) > 1 and all(_YEAR.match(first[j]) for j in bare):
        return False
    for j in bare:
        below = [row[j] for row in data if j < len(row) and row[j].strip()]
        if len(below) >= 2 and not any(_LETTER.search(cell) for cell in below):
            return True
    return False
