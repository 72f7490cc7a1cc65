"""Which text speaks of which stage, and with which valence: the units behind every figure.

Coded: what people said. Automatic: scores of sentences, at the stages that codings name,
else at the stage a column of the feedback maps to, else where the journey's vocabulary
points, else, once enough is coded, where a classifier sees one; the last three are marked as
predicted, and a classifier's probability stands beside its guess.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from cjm_widgets.errors import NoEvidence
from cjm_widgets.measure.agreement.consensus import as_settled
from cjm_widgets.measure.curves.calibrated_curve import calibrated_curve
from cjm_widgets.measure.curves.curve import curve_of_units
from cjm_widgets.measure.curves.units import automatic_units, coded_units
from cjm_widgets.model.journey import Journey
from cjm_widgets.score import PREFERRED
from cjm_widgets.store import Store
from cjm_widgets.store.contents.training import trainees
from cjm_widgets.store.desks.consensus import settled
from cjm_widgets.study.evidence.placing import predicted_places

PLACE = ["feedback", "start", "stop", "stage"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The units of a curve and what is known about them."""

    estimate: str
    units: pd.DataFrame
    """Columns of `cjm_widgets.model.columns.UNITS`; of a calibrated curve those of
    `cjm_widgets.measure.curves.calibrated_curve.calibrated_units`."""
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


def judged(
    store: Store,
    journey: Journey,
    *,
    places: bool = False,
    texts: Collection[int] | None = None,
) -> pd.DataFrame:
    """What people said, at the stages of now; where a difference was settled, the consensus.

    Parameters
    ----------
    places
        Whether the columns `version`, `start` and `stop` are wanted.
    texts
        Numbers of the texts whose codings are wanted; None for all.

    Returns
    -------
    pandas.DataFrame
        Columns of `Store.marks`: the passages without their words.
    """
    found = store.marks({stage.key for stage in journey}, places=places, texts=texts)
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


def with_codes(
    store: Store, found: pd.DataFrame, texts: Collection[int] | None = None
) -> pd.DataFrame:
    """Codings of `judged` with a column `codes`: keys joined by ``'; '``, empty for none."""
    pairs = store.code_pairs(texts)
    code, names = pd.factorize(pairs["code"], sort=True)
    order = np.lexsort((code, pairs["coding"]))
    numbers, first, several = np.unique(
        pairs["coding"].to_numpy()[order], return_index=True, return_counts=True
    )
    label = code[order][first]
    # Most codings have one code, which needs no joining.
    sets: dict[tuple[int, ...], int] = {}
    for at in np.flatnonzero(several > 1):
        bears = tuple(code[order][first[at] : first[at] + several[at]].tolist())
        label[at] = len(names) + sets.setdefault(bears, len(sets))
    words = [*names, *("; ".join(names[i] for i in bears) for bears in sets), ""]
    if not len(numbers):
        return found.assign(codes=pd.array([""], dtype="str").take(np.zeros(len(found), int)))
    place = np.searchsorted(numbers, found["coding"]).clip(max=len(numbers) - 1)
    label = np.where(numbers[place] == found["coding"], label[place], len(words) - 1)
    return found.assign(codes=pd.array(words, dtype="str").take(label))


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


def all_places(store: Store, journey: Journey, language: str) -> pd.DataFrame:
    """Where any stage is spoken of: as people coded it, else as it is predicted."""
    codings = judged(store, journey, places=True)
    given = codings.loc[codings["stage"].notna(), PLACE]
    rest = predicted_places(store, journey, language, given["feedback"])
    said = given.drop_duplicates().assign(predicted=False, by="people", member=1.0)
    return pd.concat([said.astype({"by": "str"}), rest], ignore_index=True)
