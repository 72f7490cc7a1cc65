"""Differences between two curves, and what an overall change is made of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.measure.curves.comparison import compare_curves, explain_change
from cjm_widgets.measure.curves.differences import Side, stage_differences

COLUMNS = [
    "stage",
    "before",
    "after",
    "difference",
    "low",
    "high",
    "p",
    "p_holm",
    "paired",
    "n_before",
    "n_after",
    "respondents_before",
    "respondents_after",
]


def one_stage(values, people=None) -> pd.DataFrame:
    who = range(len(values)) if people is None else people
    return pd.DataFrame({"stage": "pay", "valence": values, "who": [str(p) for p in who]})


def test_people_who_recur_are_compared_with_themselves():
    """Everybody a little better: certain in pairs, lost in the spread without them."""
    rng = np.random.default_rng(1)
    early = rng.uniform(-0.8, 0.8, 60)
    late = early + rng.normal(0.1, 0.05, 60)
    paired = compare_curves(one_stage(early), one_stage(late), respondent="who").iloc[0]
    alone = compare_curves(one_stage(early), one_stage(late)).iloc[0]
    assert paired["paired"] == 60
    assert alone["paired"] == 0
    assert paired["difference"] == pytest.approx(alone["difference"]) == (late - early).mean()
    assert paired["p"] < 1e-6 < 0.05 < alone["p"]
    known = stats.ttest_rel(late, early).confidence_interval()
    assert [paired["low"], paired["high"]] == pytest.approx([known.low, known.high], abs=0.002)


def test_different_people_are_compared_as_welch_does():
    rng = np.random.default_rng(2)
    early, late = rng.uniform(-1, 1, 50), rng.uniform(-0.4, 0.4, 90)
    found = compare_curves(one_stage(early), one_stage(late)).iloc[0]
    known = stats.ttest_ind(late, early, equal_var=False)
    ends = known.confidence_interval()
    assert [found["low"], found["high"]] == pytest.approx([ends.low, ends.high], abs=0.01)
    assert found["p"] == pytest.approx(known.pvalue, abs=0.02)


@pytest.mark.parametrize(
    ("people", "recurring", "stages", "units"),
    [
        (8, 8, 1, 1),
        (8, 0, 5, 3),
        (12, 5, 5, 2),
        (40, 40, 5, 3),
        (40, 20, 5, 1),
    ],
)
def test_intervals_hold_and_holm_keeps_the_family_where_nothing_changed(
    people, recurring, stages, units
):
    rng = np.random.default_rng(people + recurring)
    hits = tests = wrong = 0
    draws = 250
    for _ in range(draws):
        person = rng.normal(0, 0.28, 2 * people)
        sides = []
        for first in (0, people - recurring):
            who = np.tile(np.repeat(np.arange(people) + first, units), stages)
            at = np.repeat(np.arange(stages), people * units)
            sides.append(Side(person[who] + rng.normal(0, 0.28, len(who)), at, who))
        found = stage_differences(*sides, stages)
        hits += int(((found.low <= 0) & (found.high >= 0)).sum())
        tests += stages
        wrong += int((found.adjusted < 0.05).any())
    assert 0.92 <= hits / tests <= 0.99
    assert wrong / draws <= 0.09


def test_a_stage_that_one_side_lacks_has_no_difference():
    before = pd.DataFrame({"stage": ["a", "a", "b"], "valence": [0.1, 0.2, 0.3]})
    after = pd.DataFrame({"stage": ["a", "c"], "valence": [0.5, -0.5]})
    found = compare_curves(before, after)
    assert list(found.columns) == COLUMNS
    assert found["stage"].tolist() == ["a", "b", "c"]
    assert found["difference"].isna().tolist() == [False, True, True]
    assert found["p_holm"].isna().tolist() == [False, True, True]
    assert found["n_after"].tolist() == [1, 0, 1]


def test_stages_keep_the_order_of_their_categories():
    kind = pd.CategoricalDtype(["z", "a"])
    frame = pd.DataFrame({"stage": ["a", "z"], "valence": [0.0, 0.1]}).astype({"stage": kind})
    assert compare_curves(frame, frame)["stage"].tolist() == ["z", "a"]


def test_where_nothing_varies_there_is_an_honest_interval_and_no_p():
    found = compare_curves(one_stage([-1.0] * 20), one_stage([1.0] * 20)).iloc[0]
    assert found["difference"] == 2
    assert 1 < found["low"] < 1.7
    assert found["high"] == 2
    assert np.isnan(found["p"])


def test_weights_count_and_wrong_ones_are_named_with_their_side():
    before = one_stage([0.0, 1.0, 0.0, 1.0]).assign(w=[1, 3, 1, 3])
    after = one_stage([0.0, 1.0, 0.0, 1.0]).assign(w=[3, 1, 3, 1])
    found = compare_curves(before, after, respondent="who", weights="w").iloc[0]
    assert found["difference"] == pytest.approx(-0.5)
    with pytest.raises(ArgumentError, match="after, weights='w': 1 of 4 rows have a negative"):
        compare_curves(before, after.assign(w=[1, 1, 1, -1]), weights="w")
    with pytest.raises(UnknownName, match="valence"):
        compare_curves(before, after.drop(columns="valence"))
    with pytest.raises(ArgumentError, match=r"after, valence='valence'.*-1 to 1"):
        compare_curves(before, after.assign(valence=3))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_mix_and_change_within_add_up_to_the_change_of_the_mean(seed):
    rng = np.random.default_rng(seed)
    frames = []
    for _ in range(2):
        n = int(rng.integers(2, 30))
        frames.append(
            pd.DataFrame(
                {
                    "stage": rng.choice(list("abcd"), n),
                    "valence": rng.uniform(-1, 1, n),
                    "who": rng.integers(0, 8, n).astype(str),
                    "w": rng.uniform(0.1, 3, n),
                }
            )
        )
    before, after = frames
    found = explain_change(before, after, respondent="who", weights="w").set_index("part")["value"]
    change = np.average(after["valence"], weights=after["w"]) - np.average(
        before["valence"], weights=before["w"]
    )
    assert found["overall"] == pytest.approx(found["mix"] + found["within"])
    assert found["overall"] == pytest.approx(change)
    back = explain_change(after, before, respondent="who", weights="w").set_index("part")["value"]
    assert (back + found).abs().max() < 1e-12


def test_a_change_within_is_no_mix_and_a_mix_no_change_within():
    before = pd.DataFrame({"stage": ["a", "b"] * 10, "valence": [0.5, -0.5] * 10})
    warmer = before.assign(valence=before["valence"] + 0.2)
    parts = explain_change(before, warmer).set_index("part")["value"]
    assert parts[["mix", "within"]].tolist() == pytest.approx([0.0, 0.2])
    shifted = pd.concat([before, before[before["stage"] == "a"]])
    parts = explain_change(before, shifted).set_index("part")["value"]
    assert parts["within"] == pytest.approx(0)
    assert parts["mix"] == pytest.approx(1 / 6)


@pytest.mark.parametrize(("people", "recurring"), [(15, 15), (40, 10)])
def test_intervals_of_the_parts_hold_what_was_simulated(people, recurring):
    rng = np.random.default_rng(7)
    means, change = np.array([0.3, -0.4, 0.1]), np.array([0.2, 0.1, 0.0])
    early, late = np.array([0.5, 0.3, 0.2]), np.array([0.3, 0.5, 0.2])
    truth = {
        "mix": float((late - early) @ (means + means + change)) / 2,
        "within": float(change @ (early + late)) / 2,
    }
    truth["overall"] = truth["mix"] + truth["within"]
    hits, draws = dict.fromkeys(truth, 0), 150
    for _ in range(draws):
        person = rng.normal(0, 0.2, 2 * people)
        frames = []
        for first, share, moved in ((0, early, 0.0), (people - recurring, late, 1.0)):
            who = np.repeat(np.arange(people) + first, 4)
            stage = rng.choice(3, len(who), p=share)
            value = means[stage] + moved * change[stage] + person[who]
            value = np.clip(value + rng.normal(0, 0.2, len(who)), -1, 1)
            frames.append(pd.DataFrame({"stage": stage, "valence": value, "who": who}))
        found = explain_change(*frames, respondent="who").set_index("part")
        for part, value in truth.items():
            hits[part] += found.loc[part, "low"] <= value <= found.loc[part, "high"]
    assert all(0.89 <= hit / draws <= 0.99 for hit in hits.values()), hits


def test_nothing_on_a_side_is_said():
    empty = pd.DataFrame({"stage": ["a"], "valence": [np.nan]})
    with pytest.raises(NoEvidence, match="after: no unit"):
        explain_change(one_stage([0.1]), empty)


def test_one_person_on_a_side_gives_a_change_without_an_interval():
    one = pd.DataFrame({"stage": ["a", "b"], "valence": [0.5, -0.5], "who": ["x", "x"]})
    many = pd.DataFrame({"stage": ["a", "b"] * 3, "valence": np.linspace(-1, 1, 6)})
    found = explain_change(one, many.assign(who=list("uvwuvw")), respondent="who")
    assert found["value"].notna().all()
    assert found["low"].isna().all()
