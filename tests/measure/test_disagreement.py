"""How far coders differ, and whether what a curve says holds otherwise."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from cjm_widgets.measure.curves.disagreement import coder_spread, overall_disagreement
from cjm_widgets.measure.curves.sensitivity import Variant, compared_stages, sensitivity_frame


def codings(rows: list[tuple[int, str, str, float | None]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["feedback", "coder", "stage", "valence"])
    return frame.astype({"valence": "float64"})


def test_disagreement_is_the_mean_difference_of_two_coders_on_the_same_text():
    found = coder_spread(
        codings(
            [
                (1, "ana", "pay", 0.5),
                (1, "ben", "pay", -0.5),
                (2, "ana", "pay", 1.0),
                (2, "ben", "pay", 1.0),
                (3, "ana", "pay", -1.0),
                (4, "ana", "use", 0.0),
                (4, "ben", "use", None),
            ]
        ),
        ["find", "pay", "use"],
    ).set_index("stage")
    assert found["coders"].tolist() == [0, 2, 1]
    assert found["shared"].tolist() == [0, 2, 0]
    assert found.loc["pay", "disagreement"] == pytest.approx(0.5)
    assert math.isnan(found.loc["use", "disagreement"])
    assert overall_disagreement(found.reset_index()) == (0.5, 2)


def test_of_three_coders_every_two_are_compared():
    rows = [(1, coder, "pay", value) for coder, value in zip("abc", (0.0, 0.2, 1.0), strict=True)]
    found = coder_spread(codings(rows), ["pay"]).iloc[0]
    assert found["disagreement"] == pytest.approx((0.2 + 1.0 + 0.8) / 3)


def test_leanings_come_from_shared_texts_only():
    """Ben is milder by 0.2; the angry letters that only Ana read say nothing of her."""
    rng = np.random.default_rng(1)
    rows: list[tuple[int, str, str, float | None]] = []
    for text in range(20):
        felt = float(rng.uniform(-0.5, 0.5))
        rows += [(text, "ana", "pay", felt - 0.1), (text, "ben", "pay", felt + 0.1)]
    rows += [(text, "ana", "pay", -1.0) for text in range(20, 60)]
    found = coder_spread(codings(rows), ["pay"]).iloc[0]
    assert found["coder_low"] == pytest.approx(-0.1)
    assert found["coder_high"] == pytest.approx(0.1)


def test_passages_of_one_coder_are_averaged_before_coders_are_compared():
    rows = [(1, "ana", "pay", 1.0), (1, "ana", "pay", 0.0), (1, "ben", "pay", 0.5)]
    assert coder_spread(codings(rows), ["pay"]).iloc[0]["disagreement"] == pytest.approx(0)


def curve(means: dict[str, float], people: int = 30) -> pd.DataFrame:
    return pd.DataFrame(
        {"stage": list(means), "n": people, "respondents": people, "mean": list(means.values())}
    )


def test_a_table_of_sensitivity_says_where_the_worst_stage_changes():
    base = {"find": 0.2, "pay": -0.4, "use": 0.5}
    found = sensitivity_frame(
        [
            Variant("chosen", "as shown", curve(base)),
            Variant("coder", "without ana", curve(base | {"pay": -0.3})),
            Variant("scorer", "vader", curve(base | {"find": -0.6})),
        ]
    )
    assert found["worst"].tolist() == ["pay", "pay", "find"]
    assert found["same_worst"].tolist() == [True, True, False]
    assert found["gap"].tolist() == pytest.approx([0.6, 0.5, 0.2])
    assert found["best"].tolist() == ["use"] * 3
    assert found["order"].tolist() == pytest.approx([1, 1, 0.5])


def test_a_stage_of_few_people_is_not_called_the_worst():
    few = curve({"find": 0.2, "pay": -0.4, "use": 0.5})
    few.loc[1, "respondents"] = 1
    assert compared_stages(few) == ["find", "use"]
    assert sensitivity_frame([Variant("chosen", "", few)])["worst"].tolist() == ["find"]
    assert compared_stages(few.assign(respondents=2)) == ["find", "pay", "use"]


def test_a_variant_without_evidence_is_no_agreement():
    empty = curve({"find": math.nan, "pay": math.nan})
    full = curve({"find": 0.1, "pay": 0.2})
    found = sensitivity_frame([Variant("chosen", "", full), Variant("coder", "x", empty)])
    assert found["same_worst"].tolist() == [True, False]
    assert found["stages"].tolist() == [2, 0]
