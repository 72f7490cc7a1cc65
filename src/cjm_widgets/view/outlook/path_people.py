"""The people of each flow between stages, as far as others may know them."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cjm_widgets.measure.courses.paths import END, START, Paths
from cjm_widgets.model.columns import tuples
from cjm_widgets.words import number, say

NAMES = 40
"""People of one way that are named; the rest is counted."""
WAYS = 30
"""Ways of one flow that stand on their own; the rest is counted together."""

Step = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Telling:
    """What may be told of people."""

    named: Callable[[str], str]
    """From a respondent's id to what stands for it; empty where it is hidden."""
    minimum: int = 1
    """Flows and ways of fewer people are not told apart."""


@dataclass(frozen=True, slots=True)
class Way:
    """People who took the same way."""

    count: str
    way: str
    who: str


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow to be chosen, and its people."""

    place: int
    step: Step
    title: str
    count: str
    ways: tuple[Way, ...]
    note: str


def flows(found: Paths, telling: Telling, names: Callable[[str], str], language: str) -> list[Flow]:
    """Every step between stages, and every last one, with its people.

    Parameters
    ----------
    found
        The ways.
    telling
        What may be told of them.
    names
        From the key of a stage to its name.
    language
        ``en`` or ``fr``.
    """
    people = _people(found)
    made = []
    rows = [row for row in tuples(found.flows) if row.start != START]
    for place, row in enumerate(rows):
        step = str(row.start), str(row.stop)
        held = row.respondents < telling.minimum
        note = say("paths.held", language, n=telling.minimum) if held else ""
        ways = () if held else _ways(people[step], telling, names, language)
        title = f"{names(step[0])} → {names(step[1])}"
        count = number(int(row.respondents), language)
        made.append(Flow(place, step, title, count, ways, note))
    return made


def _people(found: Paths) -> Mapping[Step, list[tuple[str, str]]]:
    """Step to who took it, each with the whole way."""
    made: defaultdict[Step, list[tuple[str, str]]] = defaultdict(list)
    for row in tuples(found.ways):
        keys = [START, *str(row.way).split(" → "), END]
        for step in set(itertools.pairwise(keys)):
            made[step].append((str(row.respondent), str(row.way)))
    return made


def _ways(
    people: list[tuple[str, str]], telling: Telling, names: Callable[[str], str], language: str
) -> tuple[Way, ...]:
    """The ways of a flow's people, the most frequent first."""
    counted = Counter(way for _, way in people)
    apart = [way for way, n in counted.most_common() if n >= telling.minimum][:WAYS]
    made = []
    for way in apart:
        who = [telling.named(one) for one, took in people if took == way]
        called = " → ".join(names(key) for key in way.split(" → "))
        made.append(Way(number(len(who), language), called, _listed(who, language)))
    rest = sum(n for way, n in counted.items() if way not in apart)
    if rest:
        made.append(Way(number(rest, language), say("paths.others", language), ""))
    return tuple(made)


def _listed(who: list[str], language: str) -> str:
    known: list[Any] = sorted(filter(None, who))
    more = [say("paths.more_people", language, n=len(known) - NAMES)] if known[NAMES:] else []
    return ", ".join([*known[:NAMES], *more])
