"""Stages told from a column: a touchpoint, a question or a channel that stands for one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.model.journey import Journey
from cjm_widgets.suggest.vocabulary import Matcher
from cjm_widgets.text.fold import fold

if TYPE_CHECKING:
    import pandas as pd

_WORD = re.compile(r"\w+")
_SMALL = frozenset(("the", "a", "an", "of", "and", "le", "la", "les", "l", "de", "d", "du", "des"))


def guess_mapping(
    values: Iterable[object], journey: Journey, language: str = "en"
) -> dict[str, str]:
    """Which stage each value of a column stands for, as far as that can be told.

    A value is compared, in this order, with the stages' keys and names, with their
    touchpoints ("search" finds "search engine" if no other stage has such), and with their
    vocabulary; first in the language given, then in the others. Case, accents and plurals
    do not matter. Of several stages that fit equally, the earlier one in the journey is
    taken.

    Parameters
    ----------
    values
        The column, or its distinct values; missing ones are passed over.
    journey
        Whose stages.
    language
        ISO 639-1 code of the values.

    Returns
    -------
    dict of str to str
        Value, as it stands in the column, to key of the stage; values that tell nothing are
        left out.

    Examples
    --------
    >>> guess_mapping(["Payment page", "customer service", "survey"], Journey.preset("six"))
    {'Payment page': 'purchase', 'customer service': 'retention'}
    """
    spoken = {code for stage in journey for code in (*stage.names, *stage.touchpoints)}
    languages = [language, *sorted(spoken - {language})]
    names = [(stage.key, fold(name)) for stage in journey for name in _names(journey, stage.key)]
    touchpoints = {code: _touchpoints(journey, code) for code in languages}
    matcher = Matcher(journey)
    found: dict[str, str] = {}
    for value in dict.fromkeys(str(v) for v in values if isinstance(v, str) and v.strip()):
        plain = fold(value.strip())
        key = next((key for key, name in names if name == plain), None)
        for code in languages:
            key = key or _touchpoint(plain, touchpoints[code])
        for code in languages:
            if key is None and (stages := matcher.stages(value, code)):
                key = stages[0][0]
        if key is not None:
            found[value] = key
    return found


def by_mapping(
    values: Iterable[object], mapping: Mapping[str, str], journey: Journey | None = None
) -> pd.Series[str]:
    """The stage of each row, by what a column of it says.

    Parameters
    ----------
    values
        A column: touchpoints, questions, channels…
    mapping
        Value to stage; a value is found whatever its case, accents and outer white space.
    journey
        Where given, stages may be keys or names in any language, and are checked.

    Returns
    -------
    pandas.Series
        Key of the stage, dtype `str`, with the index of the column; missing where the value
        is, or is not in the mapping.

    Raises
    ------
    UnknownName
        If the mapping names a stage that the journey does not have.
    ArgumentError
        If the mapping is no mapping of texts to texts, or says two things of one value.
    """
    import pandas as pd

    table = _checked(mapping, journey)
    column = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype="object")
    keys = [
        table.get(_folded(value)) if value is not None and value == value else None  # noqa: PLR0124 # NaN differs from itself
        for value in column.astype("object").where(column.notna(), None)
    ]
    return pd.Series(keys, index=column.index, name="stage", dtype="str")


def _checked(mapping: Mapping[str, str], journey: Journey | None) -> dict[str, str]:
    if not isinstance(mapping, Mapping):
        raise ArgumentError(
            f"a mapping is written {{'value of the column': 'stage', …}}, "
            f"not {type(mapping).__name__}"
        )
    table: dict[str, str] = {}
    for value, stage in mapping.items():
        if not isinstance(stage, str):
            raise ArgumentError(f"the mapping gives {stage!r} for {value!r}; a stage is a text")
        try:
            key = journey.stage(stage).key if journey is not None else stage
        except UnknownName as error:
            error.args = (f"the mapping of {value!r}: {error}",)
            raise
        if table.setdefault(_folded(value), key) != key:
            raise ArgumentError(f"the mapping gives two stages for {value!r}; keep one of them")
    return table


def _folded(value: object) -> str:
    return " ".join(fold(str(value)).split())


def _names(journey: Journey, key: str) -> list[str]:
    return [key, *journey.stage(key).names.values()]


def _stems(text: str) -> frozenset[str]:
    """Its words without articles and plurals."""
    words = _WORD.findall(text)
    return frozenset(
        word[:-1] if len(word) > 3 and word[-1] in "sx" else word
        for word in words
        if word not in _SMALL
    )


def _touchpoints(journey: Journey, language: str) -> list[tuple[str, frozenset[str]]]:
    """Key of the stage and words of each touchpoint."""
    return [
        (stage.key, words)
        for stage in journey
        for touchpoint in stage.touchpoints.get(language, ())
        if (words := _stems(fold(touchpoint)))
    ]


def _touchpoint(value: str, touchpoints: list[tuple[str, frozenset[str]]]) -> str | None:
    """The stage with a touchpoint of the same words; else with one whose words are among
    those of the value; else the only one with touchpoints that have all words of the value.
    """
    wanted = _stems(value)
    if not wanted:
        return None
    for key, words in touchpoints:
        if words == wanted:
            return key
    for key, words in touchpoints:
        if words < wanted:
            return key
    around = {key for key, words in touchpoints if wanted < words}
    return around.pop() if len(around) == 1 else None
