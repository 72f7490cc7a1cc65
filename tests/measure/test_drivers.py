"""Drivers: shares that sum, hold the truth, and are refused where chance would do."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from cjm_widgets.errors import NoEvidence
from cjm_widgets.measure.outlook.drivers import drivers
from cjm_widgets.measure.outlook.shapley import _sampled, group_shares

STAGES = [f"s{k}" for k in range(6)]


def people(
    n: int, ties: list[float], seed: int, noise: float = 2.0
) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(seed)
    spoke = rng.random((n, len(ties))) < 0.35
    felt = rng.normal(0, 0.5, spoke.shape).clip(-1, 1)
    y = 7 + (spoke * felt) @ np.array(ties) + rng.normal(0, noise, n)
    who, stage = np.nonzero(spoke)
    units = pd.DataFrame(
        {
            "feedback": np.arange(len(who)),
            "stage": [f"s{k}" for k in stage],
            "valence": felt[who, stage],
            "known": True,
            "respondent": [f"r{k}" for k in who],
            "predicted": False,
        }
    ).astype({"stage": "str", "respondent": "str"})
    return units, pd.Series(y, index=[f"r{k}" for k in range(n)])


def by_all_orders(cov: np.ndarray, groups: int) -> np.ndarray:
    """LMG as it is defined: mean gain in R² over all orders, by plain regressions."""
    y = cov.shape[0] - 1

    def r2(columns: list[int]) -> float:
        if not columns:
            return 0.0
        side = cov[columns, y]
        return float(side @ np.linalg.pinv(cov[np.ix_(columns, columns)]) @ side / cov[y, y])

    found = np.zeros(groups)
    orders = list(itertools.permutations(range(groups)))
    for order in orders:
        inside: list[int] = []
        for group in order:
            before = r2(inside)
            inside = [*inside, 2 * group, 2 * group + 1]
            found[group] += r2(inside) - before
    return found / len(orders)


def a_covariance(columns: int = 8, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(300, columns))
    x[:, 3] = x[:, 2]  # a column that says nothing new
    x[:, 5] += x[:, 0]
    y = x @ rng.normal(size=columns) + rng.normal(size=300) * 3
    return np.cov(np.column_stack([x, y]).T)


def test_shares_are_the_mean_gain_over_all_orders_even_with_a_redundant_column():
    cov = a_covariance()
    parts, r2 = group_shares(cov[None])
    assert parts[0] == pytest.approx(by_all_orders(cov, 4), abs=1e-9)
    assert parts[0].sum() == pytest.approx(r2[0])


def test_sampled_orders_come_close_to_all_orders():
    cov = a_covariance()
    exact, _ = group_shares(cov[None])
    assert _sampled(cov[None], 4)[0] == pytest.approx(exact[0], abs=0.01)


def test_thirteen_stages_are_measured_too():
    units, outcome = people(800, [3.0, *[0.0] * 12], seed=4)
    found = drivers(units, outcome, [f"s{k}" for k in range(13)])
    assert found.frame["stage"].iloc[0] == "s0"
    assert found.frame["share"].sum() == pytest.approx(1)


def test_the_stage_that_counts_leads_and_effects_hold_the_truth():
    units, outcome = people(600, [3.0, 1.5, 0.5, 0, 0, 0], seed=2)
    frame = drivers(units, outcome, STAGES).frame.set_index("stage")
    assert frame.index[0] == "s0"
    for stage, tie in zip(STAGES, [3.0, 1.5, 0.5, 0, 0, 0], strict=True):
        assert frame.loc[stage, "effect_low"] <= tie <= frame.loc[stage, "effect_high"]
    assert frame["share"].sum() == pytest.approx(1)


def test_pure_noise_is_refused_with_what_would_help():
    refused = []
    for seed in range(20):
        try:
            drivers(*people(150, [0.0] * 6, seed), STAGES)
        except NoEvidence as error:
            refused.append(str(error))
    assert len(refused) >= 17
    assert all("chance" in said and "more respondents" in said for said in refused)


def test_intervals_hold_the_true_shares():
    ties = [3.0, 1.5, 0.5, 0, 0, 0]
    big = drivers(*people(100_000, ties, seed=99), STAGES).frame.set_index("stage")["share"]
    held = []
    for seed in range(12):
        frame = drivers(*people(400, ties, seed=1000 + seed), STAGES).frame.set_index("stage")
        held.append((frame["low"] - 1e-3 <= big[frame.index]) & (big[frame.index] <= frame["high"]))
    assert np.mean(held) >= 0.9


def test_a_stage_few_spoke_of_stands_last_without_a_share():
    units, outcome = people(400, [3.0, 0, 0, 0, 0, 0], seed=3)
    rare = units[(units["stage"] != "s5") | (units["respondent"].isin(["r1", "r2"]))]
    found = drivers(rare, outcome, STAGES).frame
    assert found["stage"].iloc[-1] == "s5"
    assert np.isnan(found["share"].iloc[-1])


def test_several_texts_of_one_person_count_as_one():
    units, outcome = people(400, [3.0, 0, 0, 0, 0, 0], seed=3)
    twice = pd.concat([units, units.assign(feedback=units["feedback"] + 10_000)])
    assert drivers(twice, outcome, STAGES).n == drivers(units, outcome, STAGES).n


@pytest.mark.parametrize(
    ("n", "ties", "says"),
    [(12, [3.0] * 6, "spoke of it"), (50, [3.0] * 6, "need 60 respondents")],
)
def test_too_few_people_are_told_how_many_are_needed(n, ties, says):
    with pytest.raises(NoEvidence, match=says):
        drivers(*people(n, ties, seed=1), STAGES)


def test_an_outcome_that_never_differs_is_told():
    units, outcome = people(400, [3.0, 0, 0, 0, 0, 0], seed=3)
    with pytest.raises(NoEvidence, match="same value"):
        drivers(units, outcome * 0 + 9, STAGES)
