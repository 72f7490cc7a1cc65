"""The units of a calibrated curve: scores of all texts beside people's ratings of some."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cjm_widgets.errors import NoEvidence
from cjm_widgets.measure.curves.calibrated_curve import calibrated_units, unlike
from cjm_widgets.measure.curves.units import coded_units
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store
from cjm_widgets.study.evidence import evidence, placing
from cjm_widgets.study.evidence.designs import Bases, Basis, bases
from cjm_widgets.study.evidence.evidence import Evidence
from cjm_widgets.study.evidence.learning import LEARNED, features_of

KNOWN = 0.9
"""From this share of the texts on, the stages that codings name are those of the study; below
it they are those of the texts that somebody coded, and all others' are predicted."""
FAINT = 0.02
"""A learned membership below this is none. Any rule would do that treats rated and unrated
texts alike; this one keeps the units few."""


def calibrated(store: Store, journey: Journey, language: str, scorer: str | None) -> Evidence:
    """Scores of all texts, and ratings of those that people rated.

    Raises
    ------
    NoEvidence
        If nothing is scored or rated, or a kind of text was left out by the ratings.
    """
    codings = evidence.judged(store, journey, places=True)
    coded = coded_units(codings, journey)
    if coded["valence"].notna().sum() == 0:
        raise NoEvidence(
            "nobody has rated a text yet: draw some with study.sample(…) and give each a stage "
            "and a valence; a calibrated curve needs ten ratings of every stage"
        )
    chosen = bases(store)
    if not list(chosen):
        raise NoEvidence(
            f"all {chosen.doubtful} rated texts were chosen because the classifier was unsure of "
            f"them (order 'uncertain'); nobody knows the chance each had, so they cannot stand "
            f"for the others. Draw texts with study.sample(…) and rate these"
        )
    named = coded.loc[coded["stage"].notna(), "feedback"].nunique()
    known = named >= KNOWN * store.text_count()
    if known:
        given = codings.loc[codings["stage"].notna(), evidence.PLACE]
        places = given.drop_duplicates().assign(predicted=False)
        places["stage"] = places["stage"].map(journey.top_of).astype("str")
    else:
        places = placing.predicted_places(store, journey, language)

    newest = evidence.newest_scorers(store, None if scorer == LEARNED else scorer)
    scored = evidence.scored_units(store, newest, places, journey, unknown="keep")
    scored = _believed(scored, places, journey)
    made_by = ", ".join(f"{name} {version}" for name, version in newest.items())
    if scorer == LEARNED:
        scored = _learned(store, journey, scored, coded, known=known)
        if not known:
            coded = _of_texts(coded, scored)
        made_by = f"{LEARNED} ({made_by})"
    refusals: list[NoEvidence] = []
    for basis in chosen:
        units = calibrated_units(scored, coded[coded["feedback"].isin(basis.texts)])
        found = Evidence("calibrated", units, places, made_by, basis.probability)
        try:
            _like(store, units, basis)
            evidence.curve(journey, found)
        except NoEvidence as why:
            refusals.append(why)
            continue
        return found
    raise NoEvidence(f"{refusals[0]}{_left_out(chosen)}") from refusals[0]


def _of_texts(coded: pd.DataFrame, scored: pd.DataFrame) -> pd.DataFrame:
    """Ratings of whole texts: what is learned is learned of texts, not of those who speak in
    them, so that the speakers of a focus group are one respondent."""
    whole = scored.drop_duplicates("feedback").set_index("feedback")["respondent"]
    who = coded["feedback"].map(whole).astype("str").fillna(coded["respondent"])
    keys = ["feedback", "stage"]
    mean = coded.groupby(keys, dropna=False, sort=False)["valence"].transform("mean")
    return coded.assign(respondent=who, valence=mean).drop_duplicates(keys, ignore_index=True)


def _believed(scored: pd.DataFrame, places: pd.DataFrame, journey: Journey) -> pd.DataFrame:
    """Units with `member`: how probable it is that the text speaks of the stage."""
    if "member" not in places or (places["member"] == 1).all():
        return scored
    top = places["stage"].map({s.key: journey.top_of(s.key) for s in journey}).astype("str")
    likely = places.assign(stage=top).groupby(["feedback", "stage"])["member"].max()
    found = scored.join(likely, on=["feedback", "stage"])
    return found.assign(member=found["member"].fillna(1.0))


def _left_out(chosen: Bases) -> str:
    """What a refusal says of ratings that could not help."""
    said = []
    others = chosen.unsaid.texts - chosen.known.texts if chosen.known and chosen.unsaid else ()
    if others:
        said.append(
            f"{len(others)} rated texts that were not drawn are not used beside those that were"
        )
    if chosen.doubtful:
        said.append(
            f"{chosen.doubtful} rated texts are not used because they were chosen where the "
            f"classifier was unsure, which is no random choice"
        )
    return "".join(f". {part[0].upper()}{part[1:]}" for part in said)


def _like(store: Store, units: pd.DataFrame, basis: Basis) -> None:
    """Refuse where ratings leave out a language, touchpoint, question or year, or texts that
    came after they were drawn.

    A correction does not travel: one hospital's, applied to another, errs by .25.
    """
    if basis.upto is not None:
        there = units.drop_duplicates("feedback")
        later = (there["feedback"] > basis.upto).astype("str")
        if unlike(there["rated"].to_numpy(dtype=bool), later):
            n = int((there["feedback"] > basis.upto).sum())
            raise NoEvidence(
                f"{n:,} texts came into the study after texts were drawn for rating, so they had "
                f"no chance to be; draw again with study.sample(…) and rate these"
            )
    texts = units.drop_duplicates("feedback")
    rated = texts["rated"].to_numpy(dtype=bool)
    known = set(store.attributes()["attribute"])
    for what in ("language", "touchpoint", "question", "at"):
        if what == "question" and what not in known:
            continue
        values = texts["feedback"].map(store.values_of(what))
        kinds = values.dt.year.astype("Int64").astype("str") if what == "at" else values
        left_out = unlike(rated, kinds)
        if left_out:
            named = "year" if what == "at" else what
            raise NoEvidence(
                f"people rated no text of {named} {', '.join(map(repr, left_out))}, which ratings "
                f"drawn at random would hold; a correction does not travel from one kind of "
                f"text to another. Rate some of these texts, or take them out of the study"
            )


def _learned(
    store: Store, journey: Journey, scored: pd.DataFrame, coded: pd.DataFrame, *, known: bool
) -> pd.DataFrame:
    """Units with learned valences, and learned memberships where stages are not known."""
    from cjm_widgets.suggest import learned

    texts = store.feedback_frame(text=True).set_index("feedback")
    texts = texts[texts.index.isin(scored["feedback"])]
    by_text = scored.groupby("feedback").agg(valence=("valence", "mean"), known=("known", "any"))
    score = by_text["valence"].reindex(texts.index).to_numpy(dtype=np.float64)
    matrix = features_of(store, texts, score)
    rating = coded.groupby("feedback")["valence"].mean().reindex(texts.index)
    who = texts["respondent"]
    f = pd.Series(learned.valences(matrix, rating.to_numpy(dtype=np.float64), who), texts.index)
    if known:
        return scored.assign(valence=scored["feedback"].map(f))

    keys = [stage.key for stage in journey.top]
    seen = coded[coded["valence"].notna()]
    member = np.full((len(texts), len(keys)), np.nan)
    member[texts.index.isin(seen["feedback"])] = 0.0
    placed = seen[seen["stage"].notna() & seen["feedback"].isin(texts.index)]
    text = texts.index.get_indexer(pd.Index(placed["feedback"]))
    member[text, pd.Index(keys).get_indexer(pd.Index(placed["stage"]))] = 1.0
    p = learned.memberships(matrix, member, who)
    p[p < FAINT] = 0.0
    row, column = np.nonzero(p)
    # A text of no stage keeps a row, so that it is counted.
    alone = np.flatnonzero(~p.any(axis=1))
    row = np.concatenate([row, alone])
    stage = pd.array([*np.array(keys, dtype=object)[column], *[None] * len(alone)], dtype="str")
    feedback = texts.index.to_numpy()[row]
    units = pd.DataFrame(
        {
            "feedback": feedback,
            "stage": stage,
            "valence": f.to_numpy()[row],
            "known": by_text["known"].reindex(feedback).to_numpy(dtype=bool),
            "respondent": scored.drop_duplicates("feedback")
            .set_index("feedback")["respondent"]
            .reindex(feedback)
            .to_numpy(),
            "predicted": True,
            "member": np.concatenate([p[p > 0], np.zeros(len(alone))]),
        }
    )
    return units.astype({"respondent": "str"})
