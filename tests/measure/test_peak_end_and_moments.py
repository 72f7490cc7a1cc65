"""Peak and end of each respondent, moments of truth, and scales given the wrong way round."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cjm_widgets.errors import NoEvidence
from cjm_widgets.measure.curves.moments import loyalty_ties
from cjm_widgets.measure.curves.peak_end import peak_end, peak_end_means
from cjm_widgets.measure.curves.scale_direction import direction


def course(who: str, *valences: float, first: str = "2026-01-01") -> pd.DataFrame:
    at = pd.date_range(first, periods=len(valences), freq="D")
    return pd.DataFrame({"respondent": who, "at": at, "valence": list(valences)})


def test_the_peak_is_the_strongest_and_the_end_the_last_whatever_the_order_of_rows():
    rows = pd.concat([course("ana", 0.2, -0.8, 0.4), course("ben", 0.1, 1.0, -0.2)])
    found = peak_end(rows.sample(frac=1, random_state=1)).set_index("respondent")
    assert found.loc["ana", ["peak", "end", "peak_end"]].tolist() == pytest.approx(
        [-0.8, 0.4, -0.2]
    )
    assert found.loc["ben", ["peak", "end", "gap"]].tolist() == pytest.approx([1.0, -0.2, 0.1])
    assert found["n"].tolist() == [3, 3]


def test_only_people_with_two_times_count_and_undated_units_do_not():
    undated = course("cem", 0.5, 0.9)
    undated.loc[1, "at"] = pd.NaT
    same_day = course("dia", 0.5, 0.9).assign(at=pd.Timestamp("2026-01-01"))
    found = peak_end(pd.concat([course("ana", 0.5, 0.1), course("ben", 0.3), undated, same_day]))
    assert found["respondent"].tolist() == ["ana"]
    with pytest.raises(NoEvidence, match="two or more dated units"):
        peak_end(course("ben", 0.3))


def test_equally_strong_peaks_and_units_of_the_last_time_are_averaged():
    rows = course("ana", 0.8, -0.8, 0.2)
    rows = pd.concat([rows, rows.tail(1).assign(valence=0.6)])
    found = peak_end(rows).iloc[0]
    assert found["peak"] == pytest.approx(0)
    assert found["end"] == pytest.approx(0.4)


def test_it_is_not_read_off_the_mean_of_all():
    """Two people with opposite peaks on different days: nobody lived through a mild peak."""
    rows = pd.concat([course("ana", 1.0, 0.0, 0.0), course("ben", 0.0, 1.0, 0.0)])
    means = peak_end_means(peak_end(rows)).set_index("part")
    assert means.loc["peak", "value"] == 1
    assert means.loc["gap", "value"] == pytest.approx(0.5 - 1 / 3)
    assert means["n"].tolist() == [2] * 5


def panel(seed: int, slope: float, n: int = 120) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(seed)
    people = [f"p{i}" for i in range(n)]
    parts = []
    for stage in ("find", "pay", "use"):
        parts.append(
            pd.DataFrame({"stage": stage, "respondent": people, "valence": rng.uniform(-1, 1, n)})
        )
    rows = pd.concat(parts, ignore_index=True)
    pay = rows.loc[rows["stage"] == "pay", "valence"].to_numpy()
    loyalty = pd.Series(5 + slope * pay + rng.normal(0, 2, n), index=people)
    rows["feedback"] = np.arange(len(rows))
    rows = rows.assign(known=True, predicted=False)
    return rows.astype({"stage": "str", "respondent": "str"}), loyalty


CURVE = pd.DataFrame({"stage": ["find", "pay", "use"], "stands_apart": [True, True, False]})


def test_a_moment_of_truth_stands_apart_and_goes_with_loyalty():
    found = loyalty_ties(*panel(1, 3.0), CURVE).set_index("stage")
    assert found["moment"].to_dict() == {"find": False, "pay": True, "use": False}
    assert found.loc["pay", "rank"] == 1
    assert found.loc["pay", "low"] > 0.4
    assert found.loc["pay", "slope"] == pytest.approx(1.5, abs=0.4)
    calm = CURVE.assign(stands_apart=False)
    assert not loyalty_ties(*panel(1, 3.0), calm)["moment"].any()


def test_a_tie_against_loyalty_makes_no_moment():
    assert not loyalty_ties(*panel(1, -3.0), CURVE)["moment"].any()


def test_noise_makes_hardly_any_moment():
    wrong = sum(bool(loyalty_ties(*panel(seed, 0.0), CURVE)["moment"].any()) for seed in range(100))
    assert wrong <= 6


def test_too_few_answers_are_said_with_their_number():
    rows, loyalty = panel(1, 3.0)
    with pytest.raises(NoEvidence, match="the most at one stage: 12"):
        loyalty_ties(rows, loyalty.iloc[:12], CURVE)
    with pytest.raises(NoEvidence, match="varies"):
        loyalty_ties(rows, loyalty * 0 + 9, CURVE)


def test_ratings_against_the_words_are_told_and_weak_or_few_ones_are_not():
    rng = np.random.default_rng(3)
    felt = rng.uniform(-1, 1, 200)
    words = felt * 0.5 + rng.normal(0, 0.4, 200)
    assert direction(-felt, words).turned
    assert not direction(felt, words).turned
    assert not direction(-felt[:15], words[:15]).turned
    assert not direction(rng.uniform(-1, 1, 200), words).turned
    assert not direction(np.zeros(200), words).turned
    gaps = np.where(np.arange(200) % 2, np.nan, -felt)
    assert direction(gaps, words).n == 100
