"""Which text speaks of which stage, and with which valence: the units behind every figure.

Coded: what people said. Automatic: scores of sentences, at the stages that codings name,
else at the stage a column of the feedback maps to, else where the journey's vocabulary
points, else, once enough is coded, where a classifier sees one; the last three are marked as
predicted, and a classifier's probability stands beside its guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd

from cjm_widgets.errors import NoEvidence
from cjm_widgets.measure.calibrated_curve import calibrated_curve
from cjm_widgets.measure.consensus import as_settled
from cjm_widgets.measure.curve import curve_of_units
from cjm_widgets.measure.units import automatic_units, coded_units
from cjm_widgets.model.journey import Journey
from cjm_widgets.score import PREFERRED
from cjm_widgets.store import Store
from cjm_widgets.store.consensus import settled
from cjm_widgets.store.training import trainees
from cjm_widgets.study.staging import Classifier, told_of
from cjm_widgets.suggest.mapping import by_mapping, guess_mapping
from cjm_widgets.suggest.passages import LIKELY
from cjm_widgets.suggest.vocabulary import Matcher
from cjm_widgets.text.sentences import sentences

CHUNK = 20_000
MAPPED = ("touchpoint", "question")
"""Columns that may tell a text's stage, the most telling first. A channel is how feedback was
collected ("chat", "review") and is taken for a stage only where somebody says so."""

PLACE = ["feedback", "start", "stop", "stage"]

Row = tuple[int, int, int, str, bool, str, float]

Mappings = dict[str, dict[str, str]]
"""Column to value to key of the stage."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The units of a curve and what is known about them."""

    estimate: str
    units: pd.DataFrame
    """Columns of `cjm_widgets.model.columns.UNITS`; of a calibrated curve those of
    `cjm_widgets.measure.calibrated_curve.calibrated_units`."""
    places: pd.DataFrame
    """Ranges that speak of a stage: `feedback`, `start`, `stop` (of the coded estimate without
    these two), `stage`, `predicted`, and of predicted ones `by` (who says so) and `member` (how
    probable it is, 0…1)."""
    scorer: str = ""
    """Name and version of the scorers; empty for people's ratings."""
    probability: pd.Series[float] | None = None
    """Of a calibrated curve: chance that each rated text had of being drawn, by number of the
    text, up to one factor for all; None where all had the same."""
    said: pd.DataFrame | None = None
    """The codings that a coded curve rests on, as `judged` gives them."""

    @property
    def without_stage(self) -> int:
        """Texts for which no stage is known."""
        return int(self.units.loc[self.units["stage"].isna(), "feedback"].nunique())


def order(journey: Journey, units: pd.DataFrame) -> list[str]:
    """Keys of the stages that curve and map show, in order.

    A stage of whose sub-stages any has evidence gives way to them; it stays beside them where
    something was said of it as a whole.
    """
    seen = set(units["stage"].dropna().unique())
    keys: list[str] = []
    for stage in journey.top:
        parts = [part.key for part in journey.parts(stage.key)]
        if seen.isdisjoint(parts):
            keys.append(stage.key)
        else:
            keys += [stage.key] * (stage.key in seen) + parts
    return keys


def curve(journey: Journey, found: Evidence) -> pd.DataFrame:
    """The curve that the units give, a row per stage.

    Raises
    ------
    NoEvidence
        If a calibrated curve would show a stage with fewer than ten ratings.
    """
    stages = order(journey, found.units)
    if found.estimate == "calibrated":
        return calibrated_curve(found.units, stages, probability=found.probability)
    return curve_of_units(found.units, stages)


def coded(store: Store, journey: Journey, codings: pd.DataFrame | None = None) -> Evidence:
    """What people said of the texts; `codings` are those of `judged`, where they are at hand."""
    codings = judged(store, journey) if codings is None else codings
    places = codings.loc[codings["stage"].notna(), ["feedback", "stage"]]
    units = coded_units(codings)
    return Evidence("coded", units, places.assign(predicted=False), said=codings)


def judged(store: Store, journey: Journey, *, places: bool = False) -> pd.DataFrame:
    """What people said, at the stages of now; where a difference was settled, the consensus.

    Parameters
    ----------
    places
        Whether the columns `version`, `start` and `stop` are wanted.

    Returns
    -------
    pandas.DataFrame
        Columns of `Store.marks`: the passages without their words.
    """
    found = store.marks({stage.key for stage in journey}, places=places)
    if learners := trainees(store.base):
        found = found[~found["coder"].isin(learners)].reset_index(drop=True)
    made = [one.body for one in settled(store.base)]
    if not made:
        return found
    # The consensus names codings by their uids; here they go by their numbers.
    named = store.coding_numbers(uid for one in made for uid in (*one["from"], *one["codings"]))
    told = [
        {
            **one,
            "from": [str(named[uid]) for uid in one["from"] if uid in named],
            "codings": [str(named[uid]) for uid in one["codings"] if uid in named],
        }
        for one in made
    ]
    both = as_settled(found.assign(uid=found["coding"].astype("str")), told)
    return both.drop(columns="uid")


def with_codes(store: Store, found: pd.DataFrame) -> pd.DataFrame:
    """Codings of `judged` with a column `codes`: keys joined by ``'; '``, empty for none."""
    pairs = store.code_pairs()
    pairs = pairs[pairs["coding"].isin(found["coding"])].sort_values(["coding", "code"])
    # Most codings have one code, which needs no joining.
    several = pairs["coding"].duplicated(keep=False)
    joined = pairs[several].groupby("coding")["code"].agg("; ".join)
    codes = pd.concat([pairs[~several].set_index("coding")["code"], joined.astype("str")])
    return found.assign(codes=codes.reindex(found["coding"]).fillna("").astype("str").array)


def current(codings: pd.DataFrame, journey: Journey) -> pd.DataFrame:
    """Codings without the stages that the journey has no more: their texts have no stage now."""
    known = [stage.key for stage in journey]
    return codings.assign(stage=codings["stage"].where(codings["stage"].isin(known)))


def automatic(store: Store, journey: Journey, language: str, scorer: str | None) -> Evidence:
    """What the scorers say of the texts.

    Raises
    ------
    NoEvidence
        If there are no texts, or nothing has been scored.
    """
    newest = newest_scorers(store, scorer)
    places = all_places(store, journey, language)
    units = scored_units(store, newest, places)
    named = ", ".join(f"{name} {version}" for name, version in newest.items())
    return Evidence("automatic", units, places, named)


def scored_units(
    store: Store,
    newest: Mapping[str, str],
    places: pd.DataFrame,
    journey: Journey | None = None,
    *,
    unknown: Literal["gap", "keep"] = "gap",
) -> pd.DataFrame:
    """Units of the sentences' scores by some scorers, of each the version that is named."""
    respondents = store.values_of("respondent")
    parts = []
    for name, version in newest.items():
        scores = store.scores(name, "sentence", version=version)
        parts.append(
            automatic_units(
                scores,
                places,
                respondents,
                journey,
                unknown=unknown,
                speakers=speakers(store, scores),
            )
        )
    return pd.concat(parts, ignore_index=True)


def speakers(store: Store, scores: pd.DataFrame) -> pd.Series[Any] | None:
    """Who says the words of scores, where they stand in transcripts; None without any of those."""
    if not store.has_turns():
        return None
    spoken = scores[scores["feedback"].isin(store.turns()["feedback"])]
    nobody = pd.array([None] * len(spoken), dtype="str")
    return store.respondents_of(spoken.assign(respondent=nobody))


def newest_scorers(store: Store, scorer: str | None) -> dict[str, str]:
    """Scorers to draw a curve from, each with the version of its latest scores.

    Raises
    ------
    NoEvidence
        If there are no texts, or nothing has been scored.
    """
    if not store.has_texts():
        raise NoEvidence("the study holds no feedback yet: bring some in with study.add(…)")
    made = dict(store.scorers())
    # Of each language the best that has scores: an older study may hold TextBlob's alone.
    best = [next((n for n in names if n in made), names[0]) for names in PREFERRED.values()]
    wanted = best if scorer is None else [scorer]
    last = store.setting("scored_with") or {}
    newest = {name: last.get(name, made[name]) for name in made if name in wanted}
    if not newest:
        call = "study.score()" if scorer is None else f"study.score({scorer!r})"
        others = f" (there are scores by {', '.join(made)})" if made else ""
        raise NoEvidence(
            f"{'nothing' if scorer is None else f'nothing by {scorer!r}'} has been scored yet"
            f"{others}: run {call} first"
        )
    return newest


def mappings(store: Store, journey: Journey, language: str) -> Mappings:
    """Column to mapping: those the user gave, and guesses for the others that can be guessed."""
    live = {stage.key for stage in journey}
    chosen: Mappings = {
        column: {value: key for value, key in mapping.items() if key in live}
        for column, mapping in (store.setting("stages_from") or {}).items()
    }
    known = {*store.attributes()["attribute"], "touchpoint", "channel"}
    for column in MAPPED:
        if column in known and column not in chosen:
            values = store.attribute_values(column)["value"]
            guessed = guess_mapping(values, journey, language)
            # Several questions that all seem to mean one stage share a word that means nothing
            # ("Trust A, question 1"): such a guess would hide what the texts themselves say.
            if guessed and (column == "touchpoint" or len(set(guessed.values())) > 1):
                chosen[column] = guessed
    return chosen


def all_places(store: Store, journey: Journey, language: str) -> pd.DataFrame:
    """Where any stage is spoken of: as people coded it, else as it is predicted."""
    codings = judged(store, journey, places=True)
    given = codings.loc[codings["stage"].notna(), PLACE]
    rest = predicted_places(store, journey, language, given["feedback"])
    said = given.drop_duplicates().assign(predicted=False, by="people", member=1.0)
    return pd.concat([said.astype({"by": "str"}), rest], ignore_index=True)


def predicted_places(
    store: Store, journey: Journey, language: str, but: pd.Series[int] | None = None
) -> pd.DataFrame:
    """Where a column, the vocabulary or the classifier say that a stage is spoken of, in all
    texts `but` some; what tells a text's stage first is believed."""
    # The first part gives the columns their kinds where no text has a stage.
    parts = [_table([])]
    placed = pd.Index([] if but is None else but.unique())
    known = mappings(store, journey, language)
    matcher, classifier = Matcher(journey), Classifier(store, journey)
    for chunk in store.feedback(chunk=CHUNK, text=True):
        rest = chunk[~chunk["feedback"].isin(placed)]
        for column, mapping in known.items():
            stages = by_mapping(rest[column], mapping, journey)
            parts.append(_whole(rest[stages.notna()], stages.dropna()))
            rest = rest[stages.isna()]
        spoken = _by_words(rest, matcher, language)
        rest = rest[~rest["feedback"].isin(spoken["feedback"])]
        parts += [spoken, _by_classifier(rest, classifier, language)]
    return pd.concat(parts, ignore_index=True)


def _whole(rows: pd.DataFrame, stages: pd.Series[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "feedback": rows["feedback"],
            "start": 0,
            "stop": rows["text"].str.len().astype("int64"),
            "stage": stages,
            "predicted": True,
            "by": pd.array(["column"] * len(rows), dtype="str"),
            "member": 1.0,
        }
    )


def _by_words(rows: pd.DataFrame, matcher: Matcher, fallback: str) -> pd.DataFrame:
    """Sentences in which the journey's vocabulary finds a stage."""

    def found() -> Iterator[Row]:
        columns = (rows[name] for name in ("feedback", "language", "text"))
        for feedback, language, text in zip(*columns, strict=True):
            spoken = language if isinstance(language, str) else fallback
            for start, stop in sentences(text, spoken):
                stages = matcher.stages(text[start:stop], spoken)
                if stages:
                    yield feedback, start, stop, stages[0][0], True, "vocabulary", 1.0

    return _table(list(found()))


def _by_classifier(rows: pd.DataFrame, classifier: Classifier, fallback: str) -> pd.DataFrame:
    """Sentences in which the classifier sees a stage, by models that do not know who speaks."""
    if rows.empty or not classifier.ready:
        return _table([])
    pieces = [
        (text, start, stop)
        for text in told_of(rows, fallback)
        for start, stop in sentences(text.text, text.language)
    ]
    said = [replace(text, text=text.text[start:stop]) for text, start, stop in pieces]
    return _table(
        [
            (text.feedback, start, stop, stage, True, "classifier", p)
            for (text, start, stop), (stage, p) in zip(pieces, classifier.stages(said), strict=True)
            if p >= LIKELY
        ]
    )


def _table(rows: list[Row]) -> pd.DataFrame:
    columns = ["feedback", "start", "stop", "stage", "predicted", "by", "member"]
    kinds = {"feedback": "int64", "start": "int64", "stop": "int64", "stage": "str"}
    return pd.DataFrame(rows, columns=columns).astype(
        {**kinds, "predicted": "bool", "by": "str", "member": "float64"}
    )
