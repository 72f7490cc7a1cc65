"""Valences and stages learned from people's ratings, cross-fitted by respondent."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, NoEvidence
from cjm_widgets.suggest import learned
from cjm_widgets.suggest.learned import cross_fitted, features, memberships, valences

GOOD = ["lovely helpful staff", "quick and friendly", "great care", "so kind"]
BAD = ["rude staff", "waited for hours", "dirty room", "nobody answered"]


def _texts(count=240, seed=0):
    rng = np.random.default_rng(seed)
    y = np.where(rng.uniform(size=count) < 0.5, 0.6, -0.6)
    texts = [f"{rng.choice(GOOD if v > 0 else BAD)} {rng.choice(GOOD + BAD)}" for v in y]
    rating = np.where(np.arange(count) < 120, y, np.nan)
    return texts, y, rating


def test_it_learns_which_words_are_good_and_bad():
    texts, y, rating = _texts()
    found = valences(features(texts), rating)
    assert np.corrcoef(found[120:], y[120:])[0, 1] > 0.6
    assert (np.abs(found) <= 1).all()


def test_the_same_words_mean_the_opposite_under_another_question():
    asked = np.array(["best?", "improve?"])[np.arange(200) % 2]
    texts = ["Nothing", "Nothing"] * 100
    y = np.where(asked == "improve?", 0.8, -0.4)
    rating = np.where(np.arange(200) < 60, y, np.nan)
    blind = valences(features(texts), rating)
    frame = pd.DataFrame({"question": asked})
    seeing = valences(features(texts, attributes=frame, within=["question"]), rating)
    assert np.ptp(blind[100:]) < 0.1
    assert seeing[100:][asked[100:] == "improve?"].min() > 0.6
    assert seeing[100:][asked[100:] == "best?"].max() < -0.2


def test_a_lexicons_score_and_a_number_are_learned_from():
    rng = np.random.default_rng(1)
    y = rng.uniform(-1, 1, 300)
    rating = np.where(np.arange(300) < 100, y, np.nan)
    texts = ["the same words"] * 300
    by_score = valences(features(texts, scores=[0.5 * y]), rating)
    stars = pd.DataFrame({"stars": np.round(3 + 2 * y)})
    by_stars = valences(features(texts, attributes=stars), rating)
    for found in (by_score, by_stars):
        assert np.corrcoef(found[100:], y[100:])[0, 1] > 0.9


def test_nobody_is_predicted_from_their_own_ratings():
    # Each respondent has a word of their own that gives the valence away.
    rng = np.random.default_rng(2)
    who = np.repeat(np.arange(60), 3)
    y = rng.choice([-0.8, 0.8], 60)[who]
    texts = [f"word{person}" for person in who]
    rating = y.copy()
    rating[2::3] = np.nan
    found = cross_fitted(features(texts), rating, who)
    assert abs(np.corrcoef(found.values[:, 0], y)[0, 1]) < 0.4
    alone = cross_fitted(features(texts), rating)
    assert np.corrcoef(alone.values[:, 0], y)[0, 1] > 0.6


def test_all_texts_of_a_respondent_are_in_one_fold_and_strangers_in_none():
    texts, _, rating = _texts()
    who = np.arange(240) % 80
    found = cross_fitted(features(texts), rating, who)
    folds = pd.Series(found.fold).groupby(who)
    assert (folds.nunique() == 1).all()
    assert set(found.fold) == {0, 1, 2, 3, 4}
    strangers = cross_fitted(features(texts), rating)
    assert (strangers.fold[120:] == -1).all()
    assert (strangers.fold[:120] >= 0).all()


def test_a_missing_respondent_is_one_of_its_own():
    texts, _, rating = _texts()
    found = cross_fitted(features(texts), rating, pd.Series([None] * 240, dtype="str"))
    plain = cross_fitted(features(texts), rating)
    np.testing.assert_allclose(found.values, plain.values)


def test_the_same_seed_gives_the_same_predictions():
    texts, _, rating = _texts()
    matrix = features(texts)
    one, same, other = (valences(matrix, rating, seed=seed) for seed in (1, 1, 2))
    assert (one == same).all()
    assert not np.allclose(one, other)


def test_many_ratings_are_learned_from_as_few_are(monkeypatch):
    texts, _, rating = _texts()
    matrix = features(texts)
    exact = valences(matrix, rating)
    monkeypatch.setattr(learned, "_DUAL", 10)
    np.testing.assert_allclose(valences(matrix, rating), exact, atol=1e-3)


def test_memberships_are_probabilities_that_find_the_stage():
    rng = np.random.default_rng(4)
    stage = rng.integers(0, 3, 300)
    words = np.array([["search", "compare"], ["pay", "basket"], ["parcel", "late"]])
    texts = [f"it was the {rng.choice(words[k])}" for k in stage]
    member = np.eye(3)[stage]
    member[150:] = np.nan
    found = memberships(features(texts), member)
    assert found.shape == (300, 3)
    assert ((found >= 0) & (found <= 1)).all()
    assert (found[150:].argmax(axis=1) == stage[150:]).mean() > 0.95


def test_identifiers_and_constants_are_no_kind_of_text():
    texts, _, _ = _texts()
    frame = pd.DataFrame({"id": [f"n{k}" for k in range(240)], "shop": "one", "size": 3.0})
    assert features(texts, attributes=frame, within=["id"]).shape == features(texts).shape


def test_missing_attributes_and_empty_texts_are_borne():
    texts, _, rating = _texts()
    texts[5], texts[130] = "", "🙂"
    frame = pd.DataFrame(
        {
            "channel": ["app", None, "mail"] * 80,
            "stars": [1.0, np.nan, 5.0, 3.0] * 60,
        }
    )
    found = valences(
        features(texts, scores=[np.full(240, np.nan)], attributes=frame, within=["channel"]), rating
    )
    assert np.isfinite(found).all()


def test_ratings_of_one_respondent_are_refused():
    texts, _, rating = _texts()
    with pytest.raises(NoEvidence, match="1 respondents"):
        valences(features(texts), rating, ["me"] * 240)


def test_what_does_not_fit_the_texts_is_refused():
    with pytest.raises(ArgumentError, match="scores: 1 rows for 2 texts"):
        features(["a", "b"], scores=[[0.1]])
    with pytest.raises(ArgumentError, match="attributes"):
        features(["a", "b"], attributes=pd.DataFrame({"x": [1]}))
    with pytest.raises(ArgumentError, match="within: 'why'"):
        features(["a", "b"], attributes=pd.DataFrame({"x": [1, 2]}), within=["why"])
    texts, _, rating = _texts()
    with pytest.raises(ArgumentError, match="respondents: 1 rows for 240 texts"):
        valences(features(texts), rating, ["me"])


def test_scikit_learn_is_loaded_only_when_something_is_learned():
    code = (
        "import sys, cjm_widgets.suggest, cjm_widgets.suggest.learned; "
        "sys.exit('sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
