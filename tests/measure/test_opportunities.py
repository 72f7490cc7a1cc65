"""Impact beside effort."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, NoEvidence
from cjm_widgets.measure.outlook.opportunities import opportunities
from cjm_widgets.model.columns import CODINGS


def codings(rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["feedback", "respondent", "stage", "valence", "codes"])
    for column in CODINGS:
        if column.name not in frame:
            frame[column.name] = pd.Timestamp("2026-01-01") if column.name == "at" else ""
    return frame.astype({"respondent": "str", "stage": "str", "codes": "str"})


def shop() -> pd.DataFrame:
    """Ten texts at Purchase, four of which bear `fees` and feel −1, the rest +0.5."""
    rows = [(i, f"r{i}", "buy", -1.0, "fees; slow" if i == 0 else "fees") for i in range(4)]
    rows += [(i, f"r{i}", "buy", 0.5, "") for i in range(4, 10)]
    return codings(rows)


def test_impact_is_what_the_mean_would_gain_if_texts_with_the_pain_felt_like_the_others():
    row = opportunities(shop(), ["fees"]).iloc[0]
    assert row["n"] == 4
    assert row["share"] == pytest.approx(0.4)
    assert row["impact"] == pytest.approx(0.5 - (-0.1))
    assert row["low"] < row["impact"] < row["high"]


def test_a_code_of_fewer_than_three_texts_is_not_listed():
    assert opportunities(shop(), ["fees", "slow"])["code"].tolist() == ["fees"]


def test_where_every_text_bears_the_pain_its_impact_is_unknown():
    everywhere = shop().query("feedback < 4")
    row = opportunities(everywhere, ["fees"]).iloc[0]
    assert math.isnan(row["impact"])
    assert pd.isna(row["quadrant"])


def test_effort_decides_the_quadrant():
    assert opportunities(shop(), ["fees"], {"fees": 2})["quadrant"].tolist() == ["quick"]
    assert opportunities(shop(), ["fees"], {"fees": 3})["quadrant"].tolist() == ["big"]
    assert opportunities(shop(), ["fees"])["quadrant"].isna().all()


def test_nothing_coded_says_what_to_do():
    with pytest.raises(NoEvidence, match="code more passages"):
        opportunities(shop(), ["nothing"])


@pytest.mark.parametrize("effort", [0, 6, "much", True, math.nan])
def test_an_effort_off_the_scale_is_refused(effort):
    with pytest.raises(ArgumentError, match="from 1"):
        opportunities(shop(), ["fees"], {"fees": effort})
