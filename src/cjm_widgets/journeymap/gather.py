"""Quotes out of a frame: candidates of each column, and which of them stand for it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from cjm_widgets.journeymap import cells
from cjm_widgets.journeymap.facts import Quote
from cjm_widgets.journeymap.quotes import Candidates, finished, pick

if TYPE_CHECKING:
    import pandas as pd

MOST_CANDIDATES = 2_000
"""Quotes weighed per stage."""


def gathered(
    frame: pd.DataFrame | None,
    top: Mapping[str, str],
    shown: list[str],
    figures: Mapping[str, cells.Row],
    most: int,
    pins: Mapping[str, bool],
) -> tuple[dict[str, tuple[Quote, ...]], dict[str, int]]:
    """The quotes of each column, and how many there were to choose from.

    Parameters
    ----------
    frame
        See `build.build`.
    top
        Key of a stage to the column it is drawn in.
    shown
        The columns in order.
    figures
        Column to its row of the curve.
    most
        Quotes kept on the whole map.
    pins
        Uid of a coding to True where it is pinned, False where it is banned.
    """
    sizes = dict.fromkeys(shown, 0)
    found: dict[str, tuple[pd.DataFrame, Candidates]] = {}
    for key, size, rows in _sampled(frame, top, pins):
        sizes[key] = size
        found[key] = _candidates(rows, pins)
    rooms = _shared_out({key: len(found[key][0]) if key in found else 0 for key in shown}, most)
    chosen: dict[str, tuple[Quote, ...]] = dict.fromkeys(shown, ())
    for key, (rows, candidates) in found.items():
        mean = cells.number(figures.get(key, {}), "mean")
        picked = pick(candidates, mean, most=rooms[key])
        few = cells.rows(rows.iloc[[one.place for one in picked]])
        chosen[key] = tuple(
            finished(_quote(row, pins), one) for row, one in zip(few, picked, strict=True)
        )
    return chosen, sizes


def _sampled(
    frame: pd.DataFrame | None, top: Mapping[str, str], pins: Mapping[str, bool]
) -> Iterator[tuple[str, int, pd.DataFrame]]:
    """Each column, how many quotes it has, and those that are weighed: of very many an even
    sample that is always the same."""
    if frame is None or not len(frame):
        return
    pinned = [uid for uid, chosen in pins.items() if chosen]
    for key, part in frame.groupby(frame["stage"].map(top), sort=False):
        step = -(-len(part) // MOST_CANDIDATES)
        sample = part.iloc[::step]
        if pinned and "uid" in part.columns and step > 1:
            import pandas as pd

            chosen = part[part["uid"].isin(pinned) & ~part.index.isin(sample.index)]
            sample = pd.concat([chosen, sample])
        yield str(key), len(part), sample


def _candidates(rows: pd.DataFrame, pins: Mapping[str, bool]) -> tuple[pd.DataFrame, Candidates]:
    """The rows that have words and are not banned, and what they are weighed by."""
    uids = _words(rows, "uid")
    passages, texts = _words(rows, "passage"), _words(rows, "text")
    said = [passage or text for passage, text in zip(passages, texts, strict=True)]
    kept = [i for i, text in enumerate(said) if text and pins.get(uids[i]) is not False]
    codes = {joined: _codes(joined) for joined in set(_words(rows, "codes"))}
    felt = rows["valence"].to_numpy(dtype=float, na_value=math.nan) if "valence" in rows else None
    candidates = Candidates(
        said,
        np.full(len(rows), math.nan) if felt is None else felt,
        _words(rows, "respondent"),
        [codes[joined] for joined in _words(rows, "codes")],
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
