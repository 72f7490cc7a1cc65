"""Courses of emotion: they keep the shape, align texts, and leave out what has no evidence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cjm_widgets.errors import NoEvidence, UnknownName
from cjm_widgets.measure.courses.arcs import arcs, hours

METHODS = ("average", "loess", "dct")


def interview(values, text: str = "I1", who: str = "r1") -> pd.DataFrame:
    values = np.asarray(values, dtype=float)
    return pd.DataFrame(
        {
            "text": text,
            "progress": np.linspace(0, 1, len(values)),
            "valence": values,
            "respondent": who,
            "feedback": 1,
            "start": np.arange(len(values)) * 10,
            "stop": np.arange(len(values)) * 10 + 9,
            "words": [f"unit {i}" for i in range(len(values))],
        }
    ).astype({"text": "str", "respondent": "str", "words": "str"})


@pytest.mark.parametrize("method", METHODS)
def test_a_flat_text_stays_flat(method):
    found = arcs(interview([0.3] * 30), method)
    assert found.frame["valence"].to_numpy() == pytest.approx(0.3)


@pytest.mark.parametrize("method", METHODS)
def test_a_valley_keeps_its_place_and_its_words(method):
    values = 0.8 * np.cos(np.linspace(0, 2 * np.pi, 41))
    found = arcs(interview(values), method)
    trough = found.extremes.set_index("kind").loc["trough"]
    assert trough["progress"] == pytest.approx(0.5, abs=0.05)
    assert trough["words"] in {f"unit {i}" for i in range(18, 23)}
    assert trough["unit_valence"] == pytest.approx(-0.8, abs=0.05)


def test_loess_follows_a_straight_line_exactly_where_an_average_bends_at_the_ends():
    rising = np.linspace(-0.9, 0.9, 40)
    loess, average = (arcs(interview(rising), m).frame["valence"] for m in ("loess", "average"))
    assert loess.to_numpy() == pytest.approx(np.linspace(-0.9, 0.9, 21), abs=1e-9)
    assert average.iloc[0] > -0.85


def test_units_without_a_valence_have_no_part():
    values = np.full(30, 0.5)
    values[10:20] = np.nan
    assert arcs(interview(values)).frame["valence"].to_numpy() == pytest.approx(0.5)


def test_texts_are_aligned_with_an_interval_by_respondent():
    texts = [interview([0.5] * 8, f"I{k}", f"r{k}") for k in range(5)]
    texts += [interview([-0.5] * 20, f"J{k}", f"q{k}") for k in range(5)]
    mean = arcs(pd.concat(texts, ignore_index=True)).mean
    assert mean["n"].eq(10).all()
    assert mean["mean"].to_numpy() == pytest.approx(0)
    assert (mean["low"] < 0).all()
    assert (mean["high"] > 0).all()


def test_one_text_alone_has_no_interval():
    assert arcs(interview([0.1] * 9)).mean["low"].isna().all()


def test_short_texts_are_named_and_if_all_are_short_it_is_said():
    mixed = pd.concat([interview([0.2] * 9), interview([0.2] * 5, "short")])
    assert arcs(mixed).short == ("short",)
    with pytest.raises(NoEvidence, match="by='"):
        arcs(interview([0.2] * 5))


def test_an_unknown_method_is_answered_with_the_known_ones():
    with pytest.raises(UnknownName, match="loess"):
        arcs(interview([0.2] * 9), "loes")  # type: ignore[arg-type]


def a_day() -> tuple[pd.DataFrame, pd.Series]:
    at = pd.Series(
        pd.to_datetime(
            ["2026-01-01 08:15", "2026-01-02 09:45", "2026-01-02 20:00", "2026-01-03 00:00"]
        ),
        index=[1, 2, 3, 4],
    )
    units = pd.DataFrame(
        {"feedback": [1, 2, 3, 4], "valence": [-1.0, -0.5, 1.0, 0.9], "respondent": list("abcd")}
    )
    return units, at


def test_hours_go_together_and_a_bare_date_has_no_time():
    frame = hours(*a_day(), width=12).set_index("hour")
    assert frame["n"].tolist() == [2, 1]
    assert frame.loc[0, "mean"] == pytest.approx(-0.75)
    assert hours(*a_day(), width=3)["mean"].isna().sum() == 5


def test_dates_without_times_are_refused():
    units, at = a_day()
    with pytest.raises(NoEvidence, match="times"):
        hours(units, at.dt.normalize())


def test_a_width_that_does_not_divide_the_day_is_refused():
    with pytest.raises(UnknownName, match="width"):
        hours(*a_day(), width=5)
