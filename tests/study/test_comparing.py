"""Comparisons, sensitivity, peak and end, moments of truth, weights and layouts of a study."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.study import Study

Make = Callable[..., Study]
STAGES = ["find", "pay", "use", "tell"]


def ratings(n: int = 160, seed: int = 1, **columns: object) -> pd.DataFrame:
    """Every person speaks once in each quarter; paying gets better by 0.8 for everybody."""
    rng = np.random.default_rng(seed)
    half = n // 2
    stage = np.tile(np.arange(4), n)[:half]
    base = np.array([0.25, -0.75, 0.0, 0.5])[stage]
    early = np.clip(base + rng.choice([-0.25, 0.0, 0.25], half), -1, 1)
    late = np.clip(early + 0.75 * (stage == 1), -1, 1)
    frame = pd.DataFrame(
        {
            "id": [f"t{i}" for i in range(2 * half)],
            "words": [f"Some words number {i} that nobody scores" for i in range(2 * half)],
            "step": np.array(STAGES)[np.tile(stage, 2)],
            "mark": np.concatenate([early, late]),
            "who": [f"p{i % half}" for i in range(2 * half)],
            "when": ["2026-01-15"] * half + ["2026-04-20"] * half,
            "persona": np.tile(np.where(np.arange(half) % 8 < 4, "new", "old"), 2),
            "weight": np.tile(np.where(np.arange(half) % 8 < 4, 3.0, 1.0), 2),
        }
    )
    return frame.assign(**columns)


def filled(study: Study, frame: pd.DataFrame) -> Study:
    study.set_journey(STAGES)
    study.add(
        frame,
        text="words",
        id="id",
        stage="step",
        valence="mark",
        valence_scale=(-1, 1),
        respondent="who",
        at="when",
    )
    return study


def test_two_quarters_are_compared_in_pairs_and_said_in_words(study: Study) -> None:
    found = filled(study, ratings()).compare("2026-Q1", "2026-Q2")
    frame = found.frame.set_index("stage")
    assert list(frame.index) == STAGES
    assert frame["paired"].tolist() == [20] * 4
    assert frame.loc["pay", "difference"] == pytest.approx(0.75)
    assert frame.loc["pay", "p_holm"] < 0.001
    assert frame.drop("pay")["difference"].abs().max() == pytest.approx(0)
    parts = found.parts.set_index("part")["value"]
    assert parts["overall"] == pytest.approx(0.75 / 4)
    assert parts["mix"] == pytest.approx(0)
    told = repr(found)
    assert "Clear differences, adjusted for the number of stages: pay +0.75." in told
    assert "80 people speak on both sides" in told
    html = found.html()
    assert "▲ better" in html
    assert "no clear difference" in html
    assert "not why" in html


def test_personas_other_studies_and_frames_are_compared_too(new: Make) -> None:
    study = filled(new("a.cjm"), ratings())
    groups = study.compare({"persona": "new"}, {"persona": "old"})
    assert groups.frame["n_before"].sum() == groups.frame["n_after"].sum() == 80
    assert groups.frame["paired"].sum() == 0
    study.persona("beginner", name="Beginner", filter={"persona": "new"})
    described = study.compare({"persona": "beginner"}, {"persona": "old"})
    pd.testing.assert_frame_equal(described.frame, groups.frame)

    other = filled(new("b.cjm"), ratings(seed=2))
    between = study.compare(study, other)
    assert (between.before, between.after) == ("a", "b")
    assert between.frame["n_after"].tolist() == [40] * 4
    mine = pd.DataFrame({"stage": ["Pay"] * 30, "valence": [0.5, 1.0, 0.75] * 10})
    own = study.compare("2026-Q1", mine.assign(stage="pay")).frame.set_index("stage")
    assert own.loc["pay", "n_after"] == 30
    assert own.loc["find", "n_after"] == 0


def test_a_comparison_within_groups_and_with_a_minimum(study: Study) -> None:
    filled(study, ratings())
    within = study.compare("2026-Q1", "2026-Q2", by="persona")
    assert within.frame["persona"].tolist() == ["new"] * 4 + ["old"] * 4
    assert within.parts["persona"].tolist() == ["new"] * 3 + ["old"] * 3
    hidden = study.compare("2026-Q1", "2026-Q2", by="persona", minimum=25).frame
    assert hidden["suppressed"].all()
    assert hidden["n_before"].sum() == 0
    assert hidden["difference"].isna().all()


def test_what_cannot_be_compared_is_said(study: Study) -> None:
    filled(study, ratings())
    with pytest.raises(ArgumentError, match="'2026-Q1'"):
        study.compare("last summer", "2026-Q1")
    with pytest.raises(NoEvidence, match="after: no text has a date in '2027'"):
        study.compare("2026", "2027")
    with pytest.raises(ArgumentError, match="nothing to pair"):
        study.compare("2026-Q1", "2026-Q2", estimate="calibrated")
    with pytest.raises(UnknownName, match="estimate"):
        study.compare("2026-Q1", "2026-Q2", estimate="guessed")
    with pytest.raises(ArgumentError, match="leave by out"):
        study.compare("2026-Q1", pd.DataFrame({"stage": ["pay"], "valence": [0.1]}), by="persona")


def test_comparing_leaves_the_study_s_choice_as_it_is(study: Study) -> None:
    filled(study, ratings())
    study.score()
    study.curve("coded")
    study.sensitivity()
    study.compare("2026-Q1", "2026-Q2", estimate="coded")
    assert study.default_estimate() == "coded"


def test_a_table_of_sensitivity_names_its_variants(study: Study) -> None:
    frame = ratings()
    frame["who"] = ["chatty"] * 60 + frame["who"].tolist()[60:]
    filled(study, frame)
    found = study.sensitivity(weights="weight")
    kinds = found.frame["kind"].tolist()
    assert kinds[0] == "chosen"
    assert {"weighting", "respondent"} <= set(kinds)
    assert found.frame["worst"].iloc[0] == "pay"
    assert "The worst stage is pay in all" in repr(found)
    assert "weighted by weight" in found.frame["variant"].tolist()
    assert "Could not be computed: scores only" in found.html()
    assert set(found.means.columns) == {"variant", "stage", "n", "mean", "low", "high"}
    with pytest.raises(NoEvidence, match="fewer than two stages"):
        Study.sensitivity(filled_with_one(study))


def test_a_variant_without_evidence_is_not_counted(study: Study) -> None:
    frame = ratings()
    frame["words"] = [f"Line {i}, table, chair and lamp" for i in range(len(frame))]
    filled(study, frame).score()
    found = study.sensitivity()
    table = found.frame
    assert table["worst"].isna().sum() == 1
    assert f"in all {len(table) - 1} " in repr(found)


def filled_with_one(study: Study) -> Study:
    study.set_journey(["find"])
    return study


def test_coders_are_left_out_one_by_one_and_their_disagreement_stands_on_the_curve(
    sample: Study,
) -> None:
    curve = sample.curve("coded")
    assert curve.frame["shared"].sum() > 50
    assert "Coders differ by" in curve.html()
    assert 'class="coders"' in curve.svg()
    variants = sample.sensitivity().frame
    assert variants["kind"].tolist().count("coder") == 2


def test_peak_and_end_are_those_of_each_respondent(study: Study) -> None:
    filled(study, ratings())
    found = study.peak_end()
    assert found.frame["n"].tolist() == [80] * 5
    assert len(found.people) == 80
    assert "Peak and end" in found.html()


def test_moments_need_a_loyalty_figure_and_say_so(study: Study) -> None:
    filled(study, ratings())
    with pytest.raises(NoEvidence, match="need a tie to loyalty") as refused:
        study.moments()
    assert "stand apart" in str(refused.value)


def test_a_moment_of_truth_is_found_in_a_study(study: Study) -> None:
    frame = ratings(400)
    pay = (frame["mark"] * 4).where(frame["step"] == "pay", 0)
    rng = np.random.default_rng(4)
    frame["nps"] = np.clip(np.round(6 + pay + rng.normal(0, 0.7, len(frame))), 0, 10).astype(int)
    filled(study, frame)
    found = study.moments()
    assert found.of == "nps"
    assert found.frame.set_index("stage")["moment"].to_dict()["pay"]
    assert "strongest tie to nps first: pay" in repr(found)
    assert "moment of truth" in found.html()


def test_survey_weights_change_the_curve_and_are_named_on_it(study: Study) -> None:
    filled(study, ratings())
    curve = study.curve("coded", weights="weight")
    assert (curve.frame["effective_n"] < curve.frame["n"]).all()
    assert "Weighted by “weight”" in curve.html()
    assert "Effective n" in curve.html()
    by = study.curve("coded", weights="weight", by="persona").frame
    # Within a persona all weights are equal.
    assert by["effective_n"].tolist() == pytest.approx(by["n"].tolist())
    with pytest.raises(UnknownName, match="'wieght'"):
        study.curve("coded", weights="wieght")
    with pytest.raises(ArgumentError, match="holds text"):
        study.curve("coded", weights="persona")
    with pytest.raises(ArgumentError, match="calibrated curve counts each text once"):
        study.curve("calibrated", weights="weight")


def test_a_text_without_weight_is_named(study: Study) -> None:
    frame = ratings()
    frame.loc[3, "weight"] = np.nan
    filled(study, frame)
    with pytest.raises(ArgumentError, match="1 of 160 rows have no weight"):
        study.curve("coded", weights="weight")


def test_groups_by_period_have_a_granularity_and_say_what_is_undated(study: Study) -> None:
    frame = ratings()
    frame.loc[0, "when"] = None
    filled(study, frame)
    quarters = study.curve("coded", by="period", layout="heat")
    assert list(dict.fromkeys(quarters.frame["period"])) == ["2026-Q1", "2026-Q2"]
    html = quarters.html()
    assert "Q1 2026" in html
    assert "1 text without a date is left out" in html
    months = study.curve("coded", by="period", freq="M").frame
    assert list(dict.fromkeys(months["period"])) == ["2026-01", "2026-04"]
    with pytest.raises(UnknownName, match="freq"):
        study.curve("coded", by="period", freq="W")  # type: ignore[arg-type]


def test_overlapping_personas_both_count_a_text(study: Study) -> None:
    filled(study, ratings())
    study.persona("all", filter={"persona": ["new", "old"]})
    study.persona("new", filter={"persona": "new"})
    frame = study.curve("coded", by="persona").frame.groupby("persona", observed=True)["n"].sum()
    assert frame["all"] == 160
    assert frame["new"] == 80


def test_an_overlay_refuses_more_curves_than_can_be_told_apart(study: Study) -> None:
    filled(study, ratings())
    assert study.curve("coded", by="persona", layout="overlay").svg().count("<svg") == 1
    with pytest.raises(ArgumentError, match="at most 6"):
        study.curve("coded", by="respondent", layout="overlay")
    with pytest.raises(UnknownName, match="'heat'"):
        study.curve("coded", by="persona", layout="hot")  # type: ignore[arg-type]
