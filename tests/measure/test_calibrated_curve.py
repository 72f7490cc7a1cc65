"""From scored and rated units to a calibrated curve."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, FrameError, NoEvidence
from cjm_widgets.measure.curves.calibrated_curve import calibrated_curve, calibrated_units, unlike
from cjm_widgets.measure.curves.curve import curve_of_units

STAGES = ["search", "buy", "use"]


def _units(stages, valences, *, feedback=None, predicted=False, respondents=None):
    n = len(stages)
    frame = pd.DataFrame(
        {
            "feedback": np.arange(n) if feedback is None else feedback,
            "stage": stages,
            "valence": valences,
            "known": True,
            "respondent": [f"r{k}" for k in range(n)] if respondents is None else respondents,
            "predicted": predicted,
        }
    )
    return frame.astype({"stage": "str", "respondent": "str", "valence": "float64"})


def _study(rated=90, size=600, seed=0, predicted=False):
    """Scores of all, ratings of some."""
    rng = np.random.default_rng(seed)
    stage = np.array(STAGES)[np.arange(size) % 3]
    y = np.round(np.clip(rng.normal(0.2, 0.4, size), -1, 1), 2)
    scored = _units(stage, np.clip(0.7 * y + 0.2, -1, 1), predicted=predicted)
    return scored, _units(stage, y).head(rated), y


@pytest.mark.parametrize("predicted", [False, True])
def test_the_frame_has_all_that_a_curve_shows(predicted):
    scored, coded, _ = _study(predicted=predicted)
    curve = calibrated_curve(calibrated_units(scored, coded), STAGES)
    shown = curve_of_units(coded, STAGES)
    assert list(curve.columns) == [*shown.columns, "units", "weight"]
    assert (curve.dtypes[shown.columns] == shown.dtypes).all()
    assert curve["stage"].tolist() == STAGES
    assert (curve["n"] == 30).all()
    assert curve["units"].tolist() == pytest.approx([200, 200, 200])
    shares = ["share_negative", "share_neutral", "share_positive"]
    pd.testing.assert_frame_equal(curve[shares], shown[shares])
    assert (curve["predicted"] == float(predicted)).all()
    assert curve["low"].lt(curve["mean"]).all()
    assert curve["mean"].lt(curve["high"]).all()


@pytest.mark.parametrize("predicted", [False, True])
def test_scores_bring_the_means_nearer_to_the_truth_and_the_ends_nearer_to_them(predicted):
    scored, coded, y = _study(predicted=predicted)
    curve = calibrated_curve(calibrated_units(scored, coded), STAGES)
    alone = curve_of_units(coded, STAGES)
    truth = np.array([y[k::3].mean() for k in range(3)])
    assert np.abs(curve["mean"] - truth).mean() < 0.5 * np.abs(alone["mean"] - truth).mean()
    assert ((curve["high"] - curve["low"]) < 0.6 * (alone["high"] - alone["low"])).all()


def test_a_stage_with_nine_ratings_is_refused_and_named():
    scored, coded, _ = _study()
    short = coded.drop(coded.index[coded["stage"] == "buy"][9:])
    with pytest.raises(NoEvidence, match=r"buy \(9 of 10\)") as refused:
        calibrated_curve(calibrated_units(scored, short), STAGES)
    assert "search (" not in str(refused.value)
    ten = coded.drop(coded.index[coded["stage"] == "buy"][10:])
    assert calibrated_curve(calibrated_units(scored, ten), STAGES)["n"].tolist() == [30, 10, 30]


def test_a_stage_that_nobody_speaks_of_is_a_gap_and_no_reason_to_refuse():
    scored, coded, _ = _study()
    curve = calibrated_curve(calibrated_units(scored, coded), [*STAGES, "leave"])
    last = curve.iloc[-1]
    assert (last["n"], last["grade"], last["units"]) == (0, "none", 0)
    assert np.isnan(last["mean"])


def test_no_stage_at_all_is_refused():
    scored, coded, _ = _study()
    with pytest.raises(NoEvidence, match="no scored text has a stage"):
        calibrated_curve(calibrated_units(scored, coded), ["elsewhere"])


def test_what_people_saw_and_nothing_predicted_has_membership_zero():
    scored = _units(["buy", None, "buy"], [0.1, 0.4, 0.3], predicted=True)
    coded = _units(["use", "use", None], [0.5, -0.5, 0.2])
    units = calibrated_units(scored, coded).set_index(["feedback", "stage"])
    assert units.loc[(0, "use"), ["member", "rating", "valence"]].tolist() == [0, 0.5, 0.1]
    assert units.loc[(1, "use"), ["member", "rating", "valence"]].tolist() == [0, -0.5, 0.4]
    assert np.isnan(units.loc[(0, "buy"), "rating"])
    # People found no stage in the last one: that is a rating of membership, too.
    assert np.isnan(units.loc[(2, "buy"), "rating"])
    assert units["rated"].all()


def test_a_stage_named_without_a_valence_is_no_rating():
    scored = _units(["buy", "buy"], [0.1, 0.4])
    coded = _units(["buy"], [None])
    units = calibrated_units(scored, coded)
    assert units["rating"].isna().all()
    assert not units["rated"].any()


def test_predictions_that_put_texts_at_the_wrong_stage_do_not_move_the_curve():
    rng = np.random.default_rng(3)
    size = 3000
    true = np.array(STAGES)[np.arange(size) % 3]
    level = {"search": -0.5, "buy": 0.0, "use": 0.5}
    y = np.clip(np.array([level[s] for s in true]) + rng.normal(0, 0.2, size), -1, 1)
    wrong = rng.uniform(size=size) < 0.4
    guess = np.where(wrong, "use", true)
    scored = _units(guess, y, predicted=True)
    coded = _units(true, y).sample(600, random_state=1)
    curve = calibrated_curve(calibrated_units(scored, coded), STAGES).set_index("stage")
    for stage, mean in level.items():
        assert curve.loc[stage, "mean"] == pytest.approx(mean, abs=0.05)
    raw = curve_of_units(scored, STAGES).set_index("stage")
    assert raw.loc["use", "mean"] < 0.3


def test_probabilities_go_by_text():
    scored, coded, _ = _study(size=900, rated=300)
    angry = coded["valence"] < 0
    chance = pd.Series(np.where(angry, 0.8, 0.2), index=coded["feedback"])
    units = calibrated_units(scored, coded)
    weighed = calibrated_curve(units, STAGES, probability=chance)
    plain = calibrated_curve(units, STAGES)
    assert (weighed["share_negative"] < plain["share_negative"]).all()
    assert not np.allclose(weighed["mean"], plain["mean"])


def test_a_unit_without_a_score_is_refused():
    scored, coded, _ = _study()
    scored.loc[3, "valence"] = np.nan
    with pytest.raises(ArgumentError, match="unknown='keep'"):
        calibrated_curve(calibrated_units(scored, coded), STAGES)


def test_frames_that_break_the_contract_are_refused():
    scored, coded, _ = _study()
    with pytest.raises(FrameError, match="known"):
        calibrated_units(scored.drop(columns="known"), coded)


def test_kinds_of_text_that_nobody_rated_are_named():
    kinds = pd.Series(["en"] * 800 + ["fr"] * 190 + ["de"] * 10)
    rated = np.arange(1000) < 100
    assert unlike(rated, kinds) == ["fr"]
    few = np.arange(1000) < 10
    assert unlike(few, kinds) == []
    spread = np.arange(1000) % 10 == 0
    assert unlike(spread, kinds) == []
