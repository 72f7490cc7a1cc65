"""Which stages go with loyalty: shares of R², with intervals, or a refusal.

A respondent is a row. Complete cases, people who spoke of every stage, would be a handful, so
each stage is a group of two columns: whether they spoke of it, and how they felt if they did.
What is found is association: a study of feedback cannot tell causes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from cjm_widgets.errors import NoEvidence
from cjm_widgets.measure.outlook.shapley import group_shares
from cjm_widgets.model.columns import UNITS, check

Floats = NDArray[np.float64]

LEAST_SPEAKERS = 10
"""A stage of which fewer respondents spoke is no driver one could measure."""
LEAST_ROWS = 30
ROWS_A_COLUMN = 5
"""Respondents needed for each column of the regression."""
COLUMNS = 2
"""Columns of a stage: whether it was mentioned, and its valence."""
GROUPS = 200
"""Random groups of respondents that are drawn again as wholes."""
RESAMPLES = 1_000
LEVEL = 0.05
_SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Drivers:
    """What goes with an outcome."""

    frame: pd.DataFrame
    """A stage a row, the greatest share first: `stage`, `n` (respondents who spoke of it),
    `mean` (their valence), `share` of R² (0…1) with `low` and `high`, `effect` (outcome per
    unit of valence, the other stages held) with `effect_low` and `effect_high`. Stages too
    few spoke of have no share and stand last."""
    r2: float
    """Part of the outcome's variance that all stages explain together, 0…1."""
    r2_adjusted: float
    f: float
    df: tuple[int, int]
    p: float
    """Of the joint F test."""
    n: int
    """Respondents."""
    outcome: float
    """Mean outcome."""


def drivers(
    units: pd.DataFrame,
    outcome: pd.Series[Any],
    stages: Sequence[str],
    *,
    named: str = "the outcome",
) -> Drivers:
    """Shares of the explained variance of an outcome that each stage brings.

    Parameters
    ----------
    units
        Columns of `cjm_widgets.model.columns.UNITS`; valences −1…1.
    outcome
        A number per respondent (its index): a recommendation 0–10, say.
    stages
        Keys of the stages, in order.
    named
        What the outcome is called in messages.

    Returns
    -------
    Drivers

    Raises
    ------
    NoEvidence
        If too few respondents have an outcome, it never differs, too few spoke of any stage,
        or the stages together explain no more than chance would: shares would then be
        invented, since on pure noise the leading stage still seems to hold half of R².

    Notes
    -----
    LMG shares of R² (`cjm_widgets.measure.outlook.shapley`), each less what a stage without any tie
    would bring by chance; intervals by the bootstrap over 200 random groups of respondents,
    whose cross-products are drawn again. With 500 respondents of simulated ties of .78, .20,
    .02 and three of none, plain shares were held by their intervals in .73 of the samples for
    the leading stage, these in .975 or more for every stage.
    """
    check(units, UNITS, "drivers")
    wide, speakers = _columns(units, outcome, stages)
    used = [stage for stage in stages if speakers[stage] >= LEAST_SPEAKERS]
    _enough(wide, used, speakers, named)
    x, y = _matrix(wide, used)
    cross = _crossed(x, y)
    total = cross.sum(axis=0)
    n = len(y)
    parts, explained = group_shares(_centred(total[None]))
    r2 = float(explained[0])
    rank = int(np.linalg.matrix_rank(x - x.mean(axis=0)))
    df = (rank, n - rank - 1)
    f = (r2 / df[0]) / max((1 - r2) / df[1], 1e-12)
    p = float(stats.f.sf(f, *df))
    if p > LEVEL:
        raise NoEvidence(
            f"drivers of {named}: all stages together explain {100 * r2:.1f} % of it among {n} "
            f"respondents, which chance alone would too (F({df[0]}, {df[1]}) = {f:.2f}, "
            f"p = {p:.2f}), so no stage can be said to drive it; more respondents with both "
            f"{named} and feedback would help, or fewer stages"
        )
    drawn = _resampled(cross)
    noise = COLUMNS * (1 - r2) / df[1]
    # A resample adds as much noise again as the sample has.
    shares = _shares(parts, noise)[0]
    drawn_shares = _shares(group_shares(drawn)[0], 2 * noise)
    effects, drawn_effects = _effects(_centred(total[None]))[0], _effects(drawn)
    found = pd.DataFrame(
        {
            "stage": used,
            "n": [speakers[stage] for stage in used],
            "mean": [_spoken_mean(wide, stage) for stage in used],
            "share": shares,
            "low": np.nanquantile(drawn_shares, LEVEL / 2, axis=0),
            "high": np.nanquantile(drawn_shares, 1 - LEVEL / 2, axis=0),
            "effect": effects,
            "effect_low": np.nanquantile(drawn_effects, LEVEL / 2, axis=0),
            "effect_high": np.nanquantile(drawn_effects, 1 - LEVEL / 2, axis=0),
        }
    ).sort_values("share", ascending=False, ignore_index=True)
    rest = [stage for stage in stages if stage not in used]
    few = pd.DataFrame(
        {
            "stage": pd.Series(rest, dtype="str"),
            "n": [speakers[stage] for stage in rest],
            "mean": [_spoken_mean(wide, stage) for stage in rest],
        }
    )
    frame = pd.concat([found, few], ignore_index=True) if rest else found
    adjusted = 1 - (1 - r2) * (n - 1) / df[1]
    return Drivers(
        frame.astype({"stage": "str", "n": "int64"}),
        r2,
        float(adjusted),
        float(f),
        df,
        p,
        n,
        float(y.mean()),
    )


def _columns(
    units: pd.DataFrame, outcome: pd.Series[Any], stages: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """A row per respondent with an outcome: mean valence by stage, and the outcome as ``y``."""
    y = pd.to_numeric(outcome, errors="coerce").groupby(level=0).mean().dropna()
    felt = units[units["stage"].isin(stages) & units["valence"].notna()]
    means = felt.groupby(["respondent", "stage"])["valence"].mean().unstack("stage")
    wide = means.reindex(index=y.index, columns=list(stages))
    speakers = {stage: int(wide[stage].notna().sum()) for stage in stages}
    # People who spoke of no stage say nothing about stages.
    wide = wide.assign(**{"(y)": y}).loc[wide.notna().any(axis=1).to_numpy()]
    return wide, speakers


def _enough(wide: pd.DataFrame, used: Sequence[str], speakers: dict[str, int], named: str) -> None:
    n = len(wide)
    if len(used) < 1:
        most = max(speakers.values(), default=0)
        raise NoEvidence(
            f"drivers of {named}: a stage needs {LEAST_SPEAKERS} respondents who spoke of it and "
            f"have {named}, and the stage with most has {most}; code or score more texts of "
            f"people who gave {named}, or bring {named} as a column of the feedback"
        )
    needed = max(LEAST_ROWS, ROWS_A_COLUMN * COLUMNS * len(used))
    if n < needed:
        raise NoEvidence(
            f"drivers of {named}: {len(used)} stages need {needed} respondents with {named} and "
            f"feedback, and there are {n}; add more, or take a journey with fewer stages"
        )
    if wide["(y)"].nunique() < 2:
        raise NoEvidence(
            f"drivers of {named}: all {n} respondents have the same value "
            f"({wide['(y)'].iloc[0]:g}), so nothing can go with it"
        )


def _spoken_mean(wide: pd.DataFrame, stage: str) -> float:
    return float(wide[stage].mean())


def _matrix(wide: pd.DataFrame, used: Sequence[str]) -> tuple[Floats, Floats]:
    valence = wide[list(used)].to_numpy(dtype=np.float64)
    spoke = ~np.isnan(valence)
    x = np.stack([spoke.astype(np.float64), np.where(spoke, valence, 0.0)], axis=2)
    return x.reshape(len(wide), -1), wide["(y)"].to_numpy(dtype=np.float64)


def _crossed(x: Floats, y: Floats) -> Floats:
    """Cross-products with an intercept, of each random group of respondents."""
    rows = np.column_stack([np.ones(len(y)), x, y])
    group = np.random.default_rng(_SEED).permutation(len(y)) % min(GROUPS, len(y))
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(min(GROUPS, len(y))))
    ends = [*starts[1:], len(y)]
    parts = [rows[order[a:b]] for a, b in zip(starts, ends, strict=True)]
    return np.stack([part.T @ part for part in parts])


def _centred(raw: Floats) -> Floats:
    """Take the intercept out of raw cross-products: those of deviations from the mean."""
    side = raw[:, :1, 1:]
    return np.asarray(raw[:, 1:, 1:] - np.swapaxes(side, 1, 2) @ side / raw[:, :1, :1])


def _resampled(cross: Floats) -> Floats:
    rng = np.random.default_rng(_SEED + 1)
    size = len(cross)
    times = rng.multinomial(size, np.full(size, 1 / size), RESAMPLES).astype(np.float64)
    flat = times @ cross.reshape(size, -1)
    return _centred(flat.reshape(RESAMPLES, *cross.shape[1:]))


def _shares(parts: Floats, noise: float) -> Floats:
    """Shares once the part of R² that a stage without any tie would bring is taken off."""
    left = np.clip(parts - noise, 0.0, None)
    total = left.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(total > 0, left / total, np.nan))


def _effects(centred: Floats) -> Floats:
    """Outcome per unit of valence of each stage, the other columns held."""
    inverse = np.linalg.pinv(centred[:, :-1, :-1], rcond=1e-10, hermitian=True)
    slopes = (inverse @ centred[:, :-1, -1:])[..., 0]
    return np.asarray(slopes[:, 1::2])
