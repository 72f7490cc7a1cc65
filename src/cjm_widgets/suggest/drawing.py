"""Drawing texts to rate: stratified, with the chance that each had of being drawn."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

POOL = 50_000
"""Up to so many texts are sorted into strata; from larger studies a random pool is."""


def pool_of(texts: NDArray[np.int64], seed: int, most: int = POOL) -> NDArray[np.int64]:
    """All texts, or where there are too many a random part of them, ascending."""
    if len(texts) <= most:
        return texts
    return np.sort(np.random.default_rng([seed, 1]).choice(texts, most, replace=False))


def allocated(sizes: Mapping[str, int], n: int, least: int) -> dict[str, int]:
    """How many texts each stratum gives.

    Each gives `least` (or all it has); what is left goes to the strata by their size.

    >>> allocated({"buy": 80, "use": 20, "return": 3}, 30, 5)
    {'buy': 19, 'use': 8, 'return': 3}
    """
    given = {name: min(size, least) for name, size in sizes.items()}
    if (over := sum(given.values()) - n) > 0:  # not even the least fits: equal shares
        return _equal(sizes, n) if over else given
    while (rest := n - sum(given.values())) > 0:
        room = {name: sizes[name] - given[name] for name in sizes if sizes[name] > given[name]}
        if not room:
            break
        whole = sum(room.values())
        share = {name: min(room[name], rest * room[name] / whole) for name in room}
        for name, part in share.items():
            given[name] += int(part)
        left = n - sum(given.values())
        order = sorted(room, key=lambda name: (int(share[name]) - share[name], -sizes[name], name))
        for name in order[:left]:
            given[name] += given[name] < sizes[name]
    return given


def _equal(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    given = dict.fromkeys(sizes, 0)
    while sum(given.values()) < n:
        open_ = [name for name in sizes if given[name] < sizes[name]]
        if not open_:
            break
        for name in open_[: n - sum(given.values())]:
            given[name] += 1
    return given


def drawn(
    strata: pd.Series[str], n: int, *, seed: int, least: int, share: float = 1.0
) -> pd.DataFrame:
    """Draw texts from each stratum.

    Parameters
    ----------
    strata
        Stratum of each text (index: `feedback`).
    n
        How many texts.
    seed
        The same seed draws the same texts.
    least
        Texts of each stratum, as far as there are any.
    share
        Chance of a text to be among these at all, where they are a random part of all.

    Returns
    -------
    pandas.DataFrame
        Columns `feedback`, `stratum`, `probability` (above 0, at most 1), in the order in which
        to rate them: whoever stops early has rated about the same share of every stratum, drawn
        at random.
    """
    chance = np.random.default_rng([seed, 2])
    sizes = {str(name): int(size) for name, size in strata.value_counts().items()}
    sizes = dict(sorted(sizes.items()))
    wanted = allocated(sizes, n, least)
    parts = []
    for name, count in wanted.items():
        if not count:
            continue
        texts = np.sort(strata.index[strata == name].to_numpy(dtype=np.int64))
        chosen = chance.choice(texts, count, replace=False)
        place = (np.arange(count) + chance.random(count)) / count
        parts.append(
            pd.DataFrame(
                {
                    "feedback": chosen,
                    "stratum": pd.array([name] * count, dtype="str"),
                    "probability": share * count / sizes[name],
                    "place": place,
                }
            )
        )
    made = pd.concat(parts, ignore_index=True)
    made = made.sort_values(["place", "feedback"], ignore_index=True)
    return made.drop(columns="place")
