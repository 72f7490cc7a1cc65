"""Quotes out of a frame: candidates of each column, and which of them stand for it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cjm_widgets.journeymap import cells
from cjm_widgets.journeymap.facts import Quote
from cjm_widgets.journeymap.quotes import Candidates, finished, pick

if TYPE_CHECKING:
    import pandas as pd

MOST_CANDIDATES = 2_000
"""Quotes weighed per stage."""


class Pool:
    """The quotes of one stage to choose from, and what was chosen of them last.

    Parameters
    ----------
    rows
        A row per candidate: see `build.build`. Of very many an even sample is weighed that is
        always the same, with all that are pinned.
    pins
        Uid of a coding to True where it is pinned, False where it is banned.
    """

    def __init__(self, rows: pd.DataFrame, pins: Mapping[str, bool]) -> None:
        self.rows, self._pins = rows, pins
        self._last: tuple[object, tuple[Quote, ...]] = (None, ())

    @cached_property
    def _weighed(self) -> tuple[pd.DataFrame, Candidates]:
        return _candidates(_sampled(self.rows, self._pins), self._pins)

    @property
    def candidates(self) -> int:
        """How many are weighed."""
        return len(self._weighed[0])

    def chosen(self, mean: float | None, most: int) -> tuple[Quote, ...]:
        """The best; the very same tuple as long as mean and number are the same."""
        if self._last[0] != (mean, most):
            rows, candidates = self._weighed
            picked = pick(candidates, mean, most=most)
            few = cells.rows(rows.iloc[[one.place for one in picked]])
            made = [finished(_quote(r, self._pins), p) for r, p in zip(few, picked, strict=True)]
            self._last = (mean, most), tuple(made)
        return self._last[1]


Pools = Mapping[str, Pool]
"""Key of a stage to its quotes."""


def pools(frame: pd.DataFrame | None, pins: Mapping[str, bool]) -> dict[str, Pool]:
    """The quotes of each stage.

    Parameters
    ----------
    frame
        See `build.build`.
    pins
        As for `Pool`.
    """
    if frame is None or not len(frame):
        return {}
    parts = frame.groupby("stage", sort=False)
    return {str(key): Pool(part, pins) for key, part in parts}


def gathered(
    given: Pools,
    top: Mapping[str, str],
    shown: list[str],
    figures: Mapping[str, cells.Row],
    most: int,
    pins: Mapping[str, bool],
) -> tuple[dict[str, tuple[Quote, ...]], dict[str, int]]:
    """The quotes of each column, and how many there were to choose from.

    Parameters
    ----------
    given
        The quotes of each stage.
    top
        Key of a stage to the column it is drawn in.
    shown
        The columns in order.
    figures
        Column to its row of the curve.
    most
        Quotes kept on the whole map.
    pins
        As for `Pool`.
    """
    by_column: dict[str, list[Pool]] = {key: [] for key in shown}
    for stage, pool in given.items():
        if stage in top:
            by_column[top[stage]].append(pool)
    found = {key: _together(some, pins) for key, some in by_column.items() if some}
    rooms = _shared_out({key: found[key].candidates if key in found else 0 for key in shown}, most)
    chosen: dict[str, tuple[Quote, ...]] = dict.fromkeys(shown, ())
    for key, pool in found.items():
        chosen[key] = pool.chosen(cells.number(figures.get(key, {}), "mean"), rooms[key])
    return chosen, {key: sum(len(one.rows) for one in some) for key, some in by_column.items()}


def _together(some: list[Pool], pins: Mapping[str, bool]) -> Pool:
    """The quotes of a stage and of those folded into it, in the order of the frame they are of."""
    if len(some) == 1:
        return some[0]
    import pandas as pd

    return Pool(pd.concat([pool.rows for pool in some]).sort_index(kind="stable"), pins)


def _sampled(rows: pd.DataFrame, pins: Mapping[str, bool]) -> pd.DataFrame:
    step = -(-len(rows) // MOST_CANDIDATES)
    sample = rows.iloc[::step]
    pinned = [uid for uid, chosen in pins.items() if chosen]
    if not pinned or "uid" not in rows.columns or step == 1:
        return sample
    import pandas as pd

    chosen = rows[rows["uid"].isin(pinned) & ~rows.index.isin(sample.index)]
    return pd.concat([chosen, sample])


def _candidates(rows: pd.DataFrame, pins: Mapping[str, bool]) -> tuple[pd.DataFrame, Candidates]:
    """The rows that have words and are not banned, and what they are weighed by."""
    uids = _words(rows, "uid")
    passages, texts = _words(rows, "passage"), _words(rows, "text")
    said = [passage or text for passage, text in zip(passages, texts, strict=True)]
    kept = [i for i, text in enumerate(said) if text and pins.get(uids[i]) is not False]
    joined = _words(rows, "codes")
    codes = {one: _codes(one) for one in set(joined)}
    felt = np.full(len(rows), math.nan)
    if "valence" in rows:
        felt = rows["valence"].to_numpy(dtype=float, na_value=math.nan)
    candidates = Candidates(
        said,
        felt,
        _words(rows, "respondent"),
        [codes[one] for one in joined],
        [pins.get(uid) is True for uid in uids],
    )
    if len(kept) == len(rows):
        return rows, candidates
    return rows.iloc[kept], candidates.only(kept)


def _words(rows: pd.DataFrame, name: str) -> list[str]:
    """A column of text, empty where something is missing."""
    if name not in rows:
        return [""] * len(rows)
    return ["" if cells.missing(value) else str(value).strip() for value in rows[name].tolist()]


def _codes(joined: str) -> tuple[str, ...]:
    return tuple(c for part in joined.split(";") if (c := part.strip()))


def _quote(row: cells.Row, pins: Mapping[str, bool]) -> Quote:
    words, uid = cells.text(row, "passage") or cells.text(row, "text"), cells.text(row, "uid")
    return Quote(
        text=words,
        short=words,
        valence=cells.number(row, "valence"),
        respondent=cells.text(row, "respondent"),
        channel=cells.text(row, "channel"),
        at=cells.day(row.get("at")),
        language=cells.text(row, "language"),
        coder=cells.text(row, "coder"),
        feedback=cells.integer(row, "feedback"),
        predicted=cells.flag(row, "predicted"),
        uid=uid,
        codes=_codes(cells.text(row, "codes")),
        memo=cells.text(row, "memo"),
        touchpoint=cells.text(row, "touchpoint"),
        source=cells.text(row, "source"),
        source_id=cells.text(row, "source_id"),
        pinned=pins.get(uid) is True,
    )


def _shared_out(sizes: Mapping[str, int], most: int) -> dict[str, int]:
    """Room per stage: equal shares, what small stages leave going to the others."""
    rooms = dict.fromkeys(sizes, 0)
    left, waiting = most, sorted(sizes, key=lambda key: sizes[key])
    while waiting:
        key = waiting.pop(0)
        rooms[key] = min(sizes[key], left // (len(waiting) + 1))
        left -= rooms[key]
    return rooms
