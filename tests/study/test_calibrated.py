"""Calibrated curves of a study: refused until there is enough, then right."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, NoEvidence

STAGES = {"Search": -0.5, "Pay": 0.0, "Use": 0.5}
GOOD = ["great and helpful", "excellent", "very good", "lovely"]
BAD = ["terrible", "awful and slow", "bad", "horrible"]


def _comments(size=600, seed=0, stage_of_all=False):
    """Comments whose valence is known; their words tell it roughly, and with a bias."""
    rng = np.random.default_rng(seed)
    names = np.array(list(STAGES))[np.arange(size) % 3]
    y = np.clip(np.array([STAGES[n] for n in names]) + rng.normal(0, 0.4, size), -1, 1).round(2)
    texts = []
    for number, (name, valence) in enumerate(zip(names, y, strict=True)):
        kind = GOOD if valence > -0.3 else BAD
        texts.append(f"The {name.lower()} was {rng.choice(kind)}, said number {number}.")
    frame = pd.DataFrame({"id": np.arange(size).astype(str), "text": texts, "touchpoint": names})
    if stage_of_all:
        frame["stage"] = names
    return frame, names, y


def _study(new, rated=150, **options):
    frame, names, y = _comments(**options)
    study = new(journey=list(STAGES))
    study.add(frame)
    drawn = np.random.default_rng(1).permutation(len(frame))[:rated]
    codings = pd.DataFrame({"id": frame["id"], "stage": names, "valence": y, "coder": "Ann"}).iloc[
        drawn
    ]
    study.add_codings(codings, valence_scale=(-1, 1))
    study.score()
    truth = pd.Series({k: y[names == k].mean() for k in STAGES})
    return study, truth


def _means(study, frame):
    names = {stage.key: stage.name("en") for stage in study.journey}
    return frame.set_index(frame["stage"].map(names))


@pytest.mark.parametrize("scorer", [None, "learned"])
@pytest.mark.parametrize("known", [False, True])
def test_a_calibrated_curve_is_near_the_truth_where_scores_are_far(new, scorer, known):
    study, truth = _study(new, stage_of_all=known)
    curve = _means(study, study.curve("calibrated", scorer=scorer).frame)
    assert curve["n"].sum() == 150
    assert (curve["predicted"] == (0 if known else 1)).all()
    assert (curve["mean"] - truth).abs().max() < 0.12
    assert ((curve["low"] <= truth) & (truth <= curve["high"])).sum() >= 2
    raw = _means(study, study.curve("automatic").frame)
    assert (raw["mean"] - truth).abs().max() > 0.2
    coded = _means(study, study.curve("coded").frame)
    assert ((curve["high"] - curve["low"]) < (coded["high"] - coded["low"])).all()


def test_the_choice_is_kept_and_named_and_a_map_is_drawn_from_it(new):
    study, _ = _study(new)
    shown = study.curve("calibrated")
    assert study.curve().estimate == "calibrated"
    assert "corrected by people" in shown._repr_mimebundle_()["text/html"]
    facts = study.map()
    assert "corrected by people" in facts.page()


def test_a_stage_with_too_few_ratings_is_named_and_the_choice_stays_as_it_was(new):
    study, _ = _study(new, rated=20)
    study.curve("coded")
    with pytest.raises(NoEvidence, match="of 10"):
        study.curve("calibrated")
    assert study.curve().estimate == "coded"


def test_without_ratings_or_scores_it_says_what_is_missing(new):
    study = new(journey=list(STAGES))
    study.add(_comments(60)[0])
    with pytest.raises(NoEvidence, match="nobody has rated"):
        study.curve("calibrated")
    frame, names, y = _comments(60)
    study.add_codings(
        pd.DataFrame({"id": frame["id"], "stage": names, "valence": y, "coder": "Ann"}),
        valence_scale=(-1, 1),
    )
    with pytest.raises(NoEvidence, match=r"study\.score\(\)"):
        study.curve("calibrated")


def test_ratings_of_one_kind_of_text_are_not_carried_to_another(new):
    frame, names, y = _comments(600)
    frame["question"] = np.where(np.arange(600) < 300, "What was good?", "What was bad?")
    study = new(journey=list(STAGES))
    study.add(frame)
    study.add_codings(
        pd.DataFrame({"id": frame["id"], "stage": names, "valence": y, "coder": "Ann"}).head(120),
        valence_scale=(-1, 1),
    )
    study.score()
    with pytest.raises(NoEvidence, match="'What was bad\\?'"):
        study.curve("calibrated")


def test_each_group_is_corrected_by_its_own_ratings_and_too_few_leave_a_gap(new):
    frame, names, y = _comments(900)
    frame["team"] = np.where(np.arange(900) < 450, "North", "South")
    # People of the South felt worse than their words say.
    y = np.where(frame["team"] == "South", np.clip(y - 0.5, -1, 1), y)
    study = new(journey=list(STAGES))
    study.add(frame)
    rated = np.r_[0:200, 450:650]
    codings = pd.DataFrame({"id": frame["id"], "stage": names, "valence": y, "coder": "Ann"})
    study.add_codings(codings.iloc[rated], valence_scale=(-1, 1))
    study.score()
    found = study.curve("calibrated", by="team").frame.set_index(["team", "stage"])
    for team in ("North", "South"):
        for stage, part in pd.DataFrame({"stage": names, "y": y})[frame["team"] == team].groupby(
            "stage"
        ):
            key = study.journey.stage(stage).key
            assert abs(found.loc[(team, key), "mean"] - part["y"].mean()) < 0.25
    study.undo("Ann")
    study.add_codings(codings.iloc[np.r_[0:400, 450:453]], valence_scale=(-1, 1))
    view = study.curve("calibrated", by="team")
    south = view.frame[view.frame["team"] == "South"]
    assert south["mean"].isna().all()
    assert south["n"].sum() == 3
    assert (south["grade"] == "none").all()
    assert "fewer than ten" in view.html()
    # Too few people are hidden, with their number, whichever way they are too few.
    few = study.curve("calibrated", by="team", minimum=4).frame.set_index("team")
    assert few.loc["South", "suppressed"].tolist() == (south["n"] > 0).tolist()
    assert few.loc["South", ["n", "respondents"]].to_numpy().sum() == 0
    none = study.curve("calibrated", by="team", minimum=1_000)
    assert none.frame["n"].sum() == 0
    shown = ["mean", "share_negative", "unknown", "units", "weight"]
    assert none.frame[shown].isna().all(axis=None)
    assert "hidden" in none.html()


def test_survey_weights_are_refused_for_a_calibrated_curve(new):
    study, _ = _study(new)
    with pytest.raises(ArgumentError, match="counts each text once"):
        study.curve("calibrated", weights="row")


def test_a_sample_not_rated_yet_takes_nothing_from_earlier_ratings(sample):
    before = sample.curve("calibrated").frame
    sample.sample(60, by="stage", min_per=8)
    pd.testing.assert_frame_equal(sample.curve("calibrated").frame, before)
