"""Which text speaks of which stage, and with which valence: the units behind every figure.

Coded: what people said. Automatic: scores of sentences, at the stages that codings name,
else at the stage a column of the feedback maps to, else where the journey's vocabulary
points; the last two are marked as predicted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from cjm_widgets.errors import NoEvidence
from cjm_widgets.measure.units import automatic_units, coded_units
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store
from cjm_widgets.suggest.mapping import by_mapping, guess_mapping
from cjm_widgets.suggest.vocabulary import Matcher
from cjm_widgets.text.sentences import sentences

CHUNK = 20_000
MAPPED = ("touchpoint", "question", "channel")
"""Columns that may tell a text's stage, the most telling first."""
OWN_SCORERS = ("textblob", "textblob-fr")
"""Scorers of an automatic curve when none is named: one for each language."""

Mappings = dict[str, dict[str, str]]
"""Column to value to key of the stage."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The units of a curve and what is known about them."""

    estimate: str
    units: pd.DataFrame
    """Columns of `cjm_widgets.model.columns.UNITS`."""
    places: pd.DataFrame
    """Ranges that speak of a stage: `feedback`, `start`, `stop`, `stage`, `predicted`."""
    scorer: str = ""
    """Name and version of the scorers; empty for people's ratings."""

    @property
    def without_stage(self) -> int:
        """Texts for which no stage is known."""
        return int(self.units.loc[self.units["stage"].isna(), "feedback"].nunique())


def order(journey: Journey) -> list[str]:
    """Keys of the stages a curve shows, in order."""
    return [stage.key for stage in journey.top]


def coded(store: Store, journey: Journey) -> Evidence:
    """What people said of the texts."""
    codings = store.codings()
    places = codings.loc[codings["stage"].notna(), ["feedback", "start", "stop", "stage"]]
    return Evidence("coded", coded_units(codings, journey), places.assign(predicted=False))


def automatic(store: Store, journey: Journey, language: str, scorer: str | None) -> Evidence:
    """What the scorers say of the texts.

    Raises
    ------
    NoEvidence
        If nothing has been scored.
    """
    wanted = OWN_SCORERS if scorer is None else (scorer,)
    newest = {name: version for name, version in store.scorers() if name in wanted}
    if not newest:
        call = "study.score()" if scorer is None else f"study.score({scorer!r})"
        raise NoEvidence(f"nothing has been scored yet: run {call} first")
    places = _places(store, journey, language)
    respondents = store.values_of("respondent")
    units = [
        automatic_units(
            store.scores(name, "sentence", version=version), places, respondents, journey
        )
        for name, version in newest.items()
    ]
    named = ", ".join(f"{name} {version}" for name, version in newest.items())
    return Evidence("automatic", pd.concat(units, ignore_index=True), places, named)


def mappings(store: Store, journey: Journey, language: str) -> Mappings:
    """Column to mapping: those the user gave, and guesses for the others that can be guessed."""
    chosen: Mappings = dict(store.setting("stages_from") or {})
    known = {*store.attributes()["attribute"], "touchpoint", "channel"}
    for column in MAPPED:
        if column in known and column not in chosen:
            guessed = guess_mapping(store.attribute_values(column)["value"], journey, language)
            if guessed:
                chosen[column] = guessed
    return chosen


def _places(store: Store, journey: Journey, language: str) -> pd.DataFrame:
    codings = store.codings()
    given = codings.loc[codings["stage"].notna(), ["feedback", "start", "stop", "stage"]]
    parts = [given.drop_duplicates().assign(predicted=False)]
    placed = given["feedback"].unique()
    known = mappings(store, journey, language)
    matcher = Matcher(journey)
    for chunk in store.feedback(chunk=CHUNK, text=True):
        rest = chunk[~chunk["feedback"].isin(placed)]
        for column, mapping in known.items():
            stages = by_mapping(rest[column], mapping, journey)
            parts.append(_whole(rest[stages.notna()], stages.dropna()))
            rest = rest[stages.isna()]
        parts.append(_by_words(rest, matcher, language))
    return pd.concat(parts, ignore_index=True)


def _whole(rows: pd.DataFrame, stages: pd.Series[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "feedback": rows["feedback"],
            "start": 0,
            "stop": rows["text"].str.len().astype("int64"),
            "stage": stages,
            "predicted": True,
        }
    )


def _by_words(rows: pd.DataFrame, matcher: Matcher, fallback: str) -> pd.DataFrame:
    """Sentences in which the journey's vocabulary finds a stage."""

    def found() -> Iterator[tuple[int, int, int, str, bool]]:
        columns = (rows[name] for name in ("feedback", "language", "text"))
        for feedback, language, text in zip(*columns, strict=True):
            spoken = language if isinstance(language, str) else fallback
            for start, stop in sentences(text, spoken):
                stages = matcher.stages(text[start:stop], spoken)
                if stages:
                    yield feedback, start, stop, stages[0][0], True

    columns = ["feedback", "start", "stop", "stage", "predicted"]
    kinds = {"feedback": "int64", "start": "int64", "stop": "int64", "stage": "str"}
    return pd.DataFrame(list(found()), columns=columns).astype({**kinds, "predicted": "bool"})
