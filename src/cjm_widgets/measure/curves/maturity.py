"""How mature an organisation's work with journey maps is: five levels, from sixteen statements.

The levels are those of the maturity of journey mapping: no maps, maps within teams, shared maps
with customer figures, maps with operational figures that are revised often, maps that lead.
Each of four dimensions has a statement for each level from the second on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.measure.columns import column
from cjm_widgets.words import LANGUAGES, texts

DIMENSIONS = ("maps", "voice", "figures", "people")
LEVELS = (2, 3, 4, 5)
"""Levels that have statements; the first is where everybody starts."""
QUESTIONS = tuple(f"{dimension}{level}" for level in LEVELS for dimension in DIMENSIONS)
MOST = 2.0
"""Points of a statement that is true; ``partly`` gives one."""
REACHED = 0.75
"""Share of a level's points from which it is reached."""

Answers = Mapping[str, object] | Sequence[object] | pd.DataFrame


@dataclass(frozen=True, slots=True)
class Maturity:
    """A level, and what it rests on."""

    level: int
    """1…5."""
    dimensions: pd.DataFrame
    """A dimension a row: `dimension`, `score` (1…5)."""
    steps: pd.DataFrame
    """Statements that stand between here and the next level, lower levels first: `question`,
    `dimension`, `level`, `answer` (0…2)."""
    people: int
    """Who answered."""


def points(answers: Answers) -> tuple[dict[str, float], int]:
    """Points of each statement, 0…2, the mean of all who answered it; and how many they are.

    Parameters
    ----------
    answers
        Key of a statement to its answer; or the answers in the order of the statements; or a
        frame with columns `question`, `answer` and, of several people, `who`. An answer is 0, 1
        or 2, or ``no``, ``partly``, ``yes`` in English or French, or True or False.

    Raises
    ------
    UnknownName
        If there is no such statement or answer.
    ArgumentError
        If a statement has no answer, or somebody answers twice.
    """
    table = _table(answers)
    unknown = [key for key in table["question"] if key not in QUESTIONS]
    if unknown:
        raise UnknownName("statement", str(unknown[0]), QUESTIONS)
    twice = table.duplicated(["question", "who"])
    if twice.any():
        raise ArgumentError(
            f"the statement {table.loc[twice, 'question'].iloc[0]!r} is answered twice by one "
            f"person; tell people apart with a column 'who'"
        )
    table["points"] = [_points(answer) for answer in table["answer"]]
    means = table.groupby("question")["points"].mean()
    missing = [key for key in QUESTIONS if key not in means or math.isnan(means[key])]
    if missing:
        raise ArgumentError(
            f"{len(missing)} of {len(QUESTIONS)} statements have no answer: "
            f"{', '.join(missing)}; where it is not so, answer 'no'"
        )
    return {key: float(means[key]) for key in QUESTIONS}, int(table["who"].nunique())


def maturity(answers: Answers) -> Maturity:
    """The level that answers give: the highest of which, and of each level below, three quarters
    of the points are reached.

    Parameters
    ----------
    answers
        See `points`.

    Examples
    --------
    >>> maturity([2] * 8 + [1] * 8).level
    3
    """
    given, people = points(answers)
    level = 1
    for one in LEVELS:
        share = np.mean([given[f"{dimension}{one}"] for dimension in DIMENSIONS]) / MOST
        if share < REACHED:
            break
        level = one
    scores = [
        1 + sum(given[f"{dimension}{one}"] for one in LEVELS) / MOST for dimension in DIMENSIONS
    ]
    open_ = [
        (f"{dimension}{one}", dimension, one, given[f"{dimension}{one}"])
        for one in LEVELS
        for dimension in DIMENSIONS
        if one <= level + 1 and given[f"{dimension}{one}"] < MOST
    ]
    steps = pd.DataFrame(open_, columns=["question", "dimension", "level", "answer"])
    kinds = {"question": "str", "dimension": "str", "level": "int64", "answer": "float64"}
    dimensions = pd.DataFrame({"dimension": DIMENSIONS, "score": scores})
    return Maturity(level, dimensions.astype({"dimension": "str"}), steps.astype(kinds), people)


def _table(answers: Answers) -> pd.DataFrame:
    if isinstance(answers, pd.DataFrame):
        who = column(answers, "who", "who") if "who" in answers else ""
        made = {name: column(answers, name, name).tolist() for name in ("question", "answer")}
        return pd.DataFrame({**made, "who": who if isinstance(who, str) else who.tolist()})
    if isinstance(answers, Mapping):
        keys, values = list(answers), list(answers.values())
    else:
        keys, values = list(QUESTIONS), [] if isinstance(answers, str) else list(answers)
        if len(values) != len(keys):
            raise ArgumentError(
                f"answers: {len(keys)} are needed, one for each statement in order, not "
                f"{len(values)}; cjm.maturity().questions lists them"
            )
    return pd.DataFrame({"question": keys, "answer": pd.Series(values, dtype="object"), "who": ""})


def _points(answer: Any) -> float:
    if answer is None or answer is pd.NA or (isinstance(answer, float) and math.isnan(answer)):
        return math.nan
    if isinstance(answer, bool | np.bool_):
        return MOST if answer else 0.0
    if isinstance(answer, int | float | np.number) and float(answer) in (0.0, 1.0, 2.0):
        return float(answer)
    known = {
        str(word): float(value)
        for language in LANGUAGES
        for value, word in texts(language)["maturity"]["answers"].items()
    } | {"0": 0.0, "1": 1.0, "2": 2.0}
    said = str(answer).strip().casefold()
    if said not in known:
        raise UnknownName("answer", str(answer), known)
    return known[said]
