"""Quotes out of a frame: candidates of each column, and which of them stand for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cjm_widgets.journeymap import cells
from cjm_widgets.journeymap.facts import Quote
from cjm_widgets.journeymap.quotes import choose

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
    found: dict[str, list[Quote]] = defaultdict(list)
    sizes = dict.fromkeys(shown, 0)
    for column, row in _candidates(frame, top, sizes, pins):
        words = cells.text(row, "passage") or cells.text(row, "text")
        uid = cells.text(row, "uid")
        if not words or pins.get(uid) is False:
            continue
        codes = tuple(c for part in cells.text(row, "codes").split(";") if (c := part.strip()))
        found[column].append(
            Quote(
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
                codes=codes,
                memo=cells.text(row, "memo"),
                touchpoint=cells.text(row, "touchpoint"),
                source=cells.text(row, "source"),
                source_id=cells.text(row, "source_id"),
                pinned=pins.get(uid) is True,
            )
        )
    rooms = _shared_out({key: len(found[key]) for key in shown}, most)
    chosen = {
        key: choose(found[key], cells.number(figures.get(key, {}), "mean"), most=rooms[key])
        for key in shown
    }
    return chosen, sizes


def _candidates(
    frame: pd.DataFrame | None,
    top: Mapping[str, str],
    sizes: dict[str, int],
    pins: Mapping[str, bool],
) -> Iterator[tuple[str, cells.Row]]:
    """Column and row of each candidate; of very many, an even sample that is always the same."""
    if frame is None or not len(frame):
        return
    pinned = [uid for uid, chosen in pins.items() if chosen]
    for key, part in frame.groupby(frame["stage"].map(top), sort=False):
        sizes[str(key)] = len(part)
        step = -(-len(part) // MOST_CANDIDATES)
        sample = part.iloc[::step]
        if pinned and "uid" in part.columns and step > 1:
            import pandas as pd

            chosen = part[part["uid"].isin(pinned) & ~part.index.isin(sample.index)]
            sample = pd.concat([chosen, sample])
        for row in cells.rows(sample):
            yield str(key), row


def _shared_out(sizes: Mapping[str, int], most: int) -> dict[str, int]:
    """Room per stage: equal shares, what small stages leave going to the others."""
    rooms = dict.fromkeys(sizes, 0)
    left, waiting = most, sorted(sizes, key=lambda key: sizes[key])
    while waiting:
        key = waiting.pop(0)
        rooms[key] = min(sizes[key], left // (len(waiting) + 1))
        left -= rooms[key]
    return rooms
