"""Where people feel one thing of a stage and its figures say another."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from cjm_widgets.measure.kpis.contradictions import (
    against_target,
    clear_change,
    contradiction,
    contradictions,
)
from cjm_widgets.measure.kpis.kpi_latest import latest
from cjm_widgets.measure.kpis.kpi_table import read_kpis

BAD, GOOD, OPEN = (-0.7, -0.5), (0.2, 0.6), (-0.2, 0.1)


@pytest.mark.parametrize(
    ("felt", "on_target", "change", "said"),
    [
        (BAD, "good", "", "felt_bad"),
        (BAD, "", "good", "felt_bad"),
        (BAD, "good", "good", "felt_bad"),
        (BAD, "good", "bad", ""),
        (BAD, "bad", "good", ""),
        (BAD, "bad", "", ""),
        (BAD, "", "", ""),
        (GOOD, "bad", "", "felt_good"),
        (GOOD, "", "bad", "felt_good"),
        (GOOD, "bad", "good", ""),
        (GOOD, "good", "", ""),
        (OPEN, "good", "good", ""),
        (OPEN, "bad", "bad", ""),
        ((math.nan, math.nan), "good", "", ""),
    ],
)
def test_it_is_said_only_where_neither_is_open(
    felt: tuple[float, float], on_target: str, change: str, said: str
) -> None:
    assert contradiction(felt, on_target, change) == said  # type: ignore[arg-type]


def test_a_target_within_the_interval_leaves_it_open() -> None:
    nan = (math.nan, math.nan)
    assert against_target(80, (78, 82), 75, "up") == "good"
    assert against_target(80, (78, 82), 79, "up") == ""
    assert against_target(80, (78, 82), 85, "up") == "bad"
    assert against_target(80, (78, 82), 85, "down") == "good"
    assert against_target(80, nan, 80, "up") == against_target(80, nan, 80, "down") == "good"
    assert against_target(79, nan, 80, "up") == "bad"
    assert against_target(79, nan, math.nan, "up") == ""


def test_a_change_within_chance_counts_for_nothing() -> None:
    assert clear_change("better", tested=True) == "good"
    assert clear_change("better", tested=False) == ""
    assert clear_change("unchanged", tested=True) == ""


def test_every_kpi_of_a_stage_with_a_valence_has_its_row() -> None:
    curve = pd.DataFrame(
        {
            "stage": ["pay", "use", "tell"],
            "mean": [-0.6, 0.4, None],
            "low": [-0.7, 0.2, None],
            "high": [-0.5, 0.6, None],
            "respondents": [40, 30, 0],
        }
    )
    table = pd.DataFrame(
        {
            "kpi": ["on time", "wait", "wait", "NPS", "shares"],
            "stage": ["pay", "use", "use", None, "tell"],
            "date": ["2026-Q1", "2025-Q4", "2026-Q1", "2026-Q1", "2026-Q1"],
            "value": [98, 10, 14, 30, 5],
            "low": [97, 9, 13, 20, 4],
            "high": [99, 11, 15, 40, 6],
            "target": [95, None, None, 20, 9],
            "unit": ["%", "min", "min", "points", "%"],
        }
    )
    made = contradictions(curve, latest(read_kpis(table)))
    assert made["stage"].tolist() == ["pay", "use"]
    assert made["contradiction"].tolist() == ["felt_bad", "felt_good"]
    assert made.loc[1, "verdict"] == "worse"
    assert all(str(kind) != "object" for kind in made.dtypes)
