"""Codes and places counted: in how many texts of each stage each was found, and how it felt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cjm_widgets.journeymap import cells
from cjm_widgets.journeymap.facts import LANES, Entry
from cjm_widgets.journeymap.lanes import Lanes, lane_name

if TYPE_CHECKING:
    import pandas as pd

    from cjm_widgets.model.codebook import Code, Codebook

LANE_OF_KIND = {
    "touchpoint": "touchpoints",
    "pain": "pains",
    "emotion": "emotions",
    "opportunity": "opportunities",
    "theme": "themes",
}
"""Kind of code to the lane where its counts stand."""


def counted_codes(
    codings: pd.DataFrame | None, codebook: Codebook, top: Mapping[str, str]
) -> Lanes:
    """Different texts per stage and code, in the lanes of the codes' kinds.

    Parameters
    ----------
    codings
        Columns `stage`, `feedback` and `codes` (keys joined by ``'; '``), a coding a row, and
        `valence` where there is any; or, counted already, `stage`, `code` and `n`, with
        `valence` and `passages` where known.
    codebook
        Gives names and kinds; a code it does not hold counts as a theme. A code under one that
        bears the name of a lane (goals, actions, obstacles…) stands in that lane.
    top
        Key of a stage to the column it is drawn in.
    """
    if codings is None or not len(codings):
        return {}
    counted = codings if {"code", "n"} <= set(codings.columns) else code_counts(codings, top)
    sums: dict[tuple[str, str], Entry] = {}
    known = {code.key: code for code in codebook}
    made: Lanes = defaultdict(lambda: defaultdict(list))
    for row in cells.rows(counted):
        column, key = top.get(cells.text(row, "stage")), cells.text(row, "code")
        if column is None:
            continue
        code = known.get(key)
        fresh = Entry(
            code.name if code else key,
            "coded",
            cells.integer(row, "n") or 0,
            key=key,
            valence=cells.number(row, "valence"),
            passages=cells.integer(row, "passages"),
        )
        sums[column, key] = _sum(sums.get((column, key)), fresh)
    for (stage, key), entry in sums.items():
        made[stage][lane_of_code(key, known)].append(entry)
    return _by_size(made)


def _sum(one: Entry | None, other: Entry) -> Entry:
    """Two counts of one code as one, as where sub-stages are folded into their stage."""
    if one is None:
        return other
    sizes = [(e.passages or e.n or 0, e.valence) for e in (one, other) if e.valence is not None]
    weight = sum(n for n, _ in sizes)
    mean = (
        sum(n * valence for n, valence in sizes if valence is not None) / weight if weight else None
    )
    passages = [e.passages for e in (one, other) if e.passages is not None]
    return replace(
        one,
        n=(one.n or 0) + (other.n or 0),
        valence=mean,
        passages=sum(passages) if passages else None,
    )


def lane_of_code(key: str, known: Mapping[str, Code]) -> str:
    """The lane in which a code is counted: that of an ancestor's name, else of its kind.

    >>> from cjm_widgets.model.codebook import Code
    >>> book = {"o": Code("o", "Obstacles"), "s": Code("s", "Stairs", parent="o")}
    >>> lane_of_code("s", book), lane_of_code("x", book)
    ('obstacles', 'themes')
    """
    code = known.get(key)
    kind = code.kind if code else "theme"
    while code is not None:
        named = lane_name(code.name)
        if named in LANES:
            return named
        code = known.get(code.parent) if code.parent else None
    return LANE_OF_KIND.get(kind, "themes")


def code_counts(codings: pd.DataFrame, top: Mapping[str, str]) -> pd.DataFrame:
    """Codings counted: per column and code different texts, passages and their mean valence.

    Returns
    -------
    pandas.DataFrame
        `stage` (the column's key), `code`, `n` (different texts), `passages`, `valence`
        (−1…1, missing where nobody gave one).
    """
    import numpy as np
    import pandas as pd

    borne = codings["codes"].notna() & (codings["codes"] != "") & codings["stage"].notna()
    frame = codings.loc[borne, ["stage", "feedback", "codes"]]
    frame = frame.assign(
        column=frame["stage"].map(top),
        valence=codings.loc[borne, "valence"] if "valence" in codings.columns else np.nan,
    ).dropna(subset=["column"])
    # The same few sets of codes come again and again: each is split once.
    numbers, sets = pd.factorize(frame["codes"])
    split = [[c for part in str(s).split(";") if (c := part.strip())] for s in sets]
    sizes = np.array([len(codes) for codes in split], dtype=np.int64)
    flat = np.array([code for codes in split for code in codes], dtype=object)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]) if len(sizes) else np.zeros(0, np.int64)
    repeats = sizes[numbers] if len(numbers) else np.zeros(0, np.int64)
    within = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    codes, names = pd.factorize(flat[np.repeat(starts[numbers], repeats) + within])
    rows = np.repeat(np.arange(len(frame)), repeats)
    columns, keys = pd.factorize(frame["column"])
    places = columns[rows] * max(len(names), 1) + codes
    long = pd.DataFrame(
        {
            "place": places,
            "feedback": frame["feedback"].to_numpy()[rows],
            "valence": frame["valence"].to_numpy(dtype=float)[rows],
        }
    )
    sized = long.groupby("place", sort=True)["valence"].agg(["size", "mean"])
    different = long.drop_duplicates(["place", "feedback"]).groupby("place", sort=True).size()
    found = sized.index.to_numpy()
    return pd.DataFrame(
        {
            "stage": [str(keys[p // max(len(names), 1)]) for p in found],
            "code": [str(names[p % max(len(names), 1)]) for p in found],
            "n": different.to_numpy(),
            "passages": sized["size"].to_numpy(),
            "valence": sized["mean"].to_numpy(),
        }
    )


def counted_places(
    frames: Iterable[pd.DataFrame | None], top: Mapping[str, str], lane: str = "touchpoints"
) -> Lanes:
    """Touchpoints and channels with their volume, in a lane.

    Parameters
    ----------
    frames
        Each with `stage`, `n` and either `touchpoint` or `channel`, and `valence` (the mean
        of the texts that came by it, −1…1) where it is known.
    top
        Key of a stage to the column it is drawn in.
    lane
        Where they stand.
    """
    made: Lanes = defaultdict(lambda: defaultdict(list))
    for frame in frames:
        if frame is None:
            continue
        name = "touchpoint" if "touchpoint" in frame.columns else "channel"
        sums: dict[tuple[str, str], Entry] = {}
        for row in cells.rows(frame):
            column, place = top.get(cells.text(row, "stage")), cells.text(row, name)
            if column is not None and place:
                fresh = Entry(
                    place,
                    "counted",
                    cells.integer(row, "n") or 0,
                    valence=cells.number(row, "valence"),
                    place=name,
                )
                sums[column, place] = _sum(sums.get((column, place)), fresh)
        for (column, _), entry in sums.items():
            made[column][lane].append(entry)
    return _by_size(made)


def _by_size(lanes: Lanes) -> Lanes:
    return {
        stage: {
            lane: sorted(entries, key=lambda entry: (-(entry.n or 0), entry.text.casefold()))
            for lane, entries in found.items()
        }
        for stage, found in lanes.items()
    }
