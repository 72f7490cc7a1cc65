"""How often codes occur, and what occurs together with what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.measure.passages.queries import bears, pairs

Count = Literal["passages", "texts", "respondents"]
Meeting = Literal["same", "overlap", "text"]
"""``same``: one coding bears both; ``overlap``: two codings that overlap do, whoever made them;
``text``: both occur in one text."""


def frequencies(codings: pd.DataFrame, below: Mapping[str, set[str]], texts: int) -> pd.DataFrame:
    """How often each code occurs.

    Parameters
    ----------
    codings
        Columns of `cjm_widgets.model.columns.CODINGS`.
    below
        Key of each code, in the codebook's order, to the keys of all codes under it.
    texts
        Texts in the study, of which `share` is a part.

    Returns
    -------
    pandas.DataFrame
        A code a row: `code`, `passages`, `texts`, `respondents`, `coders`, `share` (of all
        texts, 0…1), `valence` (mean, −1…1; missing where none was given), and
        `passages_below` (its own and those of the codes under it, each passage once).
    """
    rows = []
    for key, under in below.items():
        mine = codings[bears(codings, {key})]
        rows.append(
            {
                "code": key,
                "passages": len(mine),
                "texts": mine["feedback"].nunique(),
                "respondents": mine["respondent"].nunique(),
                "coders": mine["coder"].nunique(),
                "share": mine["feedback"].nunique() / texts if texts else np.nan,
                "valence": mine["valence"].mean() if len(mine) else np.nan,
                "passages_below": int(bears(codings, {key, *under}).sum()) if under else len(mine),
            }
        )
    columns = ["code", "passages", "texts", "respondents", "coders", "share", "valence",
               "passages_below"]  # fmt: skip
    made = pd.DataFrame(rows, columns=columns)
    whole = ["passages", "texts", "respondents", "coders", "passages_below"]
    kinds = dict.fromkeys(whole, "int64") | {"share": "float64", "valence": "float64"}
    return made.astype({"code": "str", **kinds})


def crossed(
    rows: pd.DataFrame,
    columns: pd.DataFrame,
    passages: pd.DataFrame,
    meeting: Meeting = "same",
) -> pd.DataFrame:
    """Which passages stand behind each cell of a table of two kinds of labels.

    Parameters
    ----------
    rows, columns
        A label of a passage a row: `row` (place of the passage in `passages`), `label`.
    passages
        `feedback`, `version`, `start`, `stop`.
    meeting
        When a row's and a column's label meet; see `Meeting`.

    Returns
    -------
    pandas.DataFrame
        `row`, `column` (labels) and `passage` (place in `passages` of the one that bears the
        row's label), each combination once.

    Raises
    ------
    UnknownName
        If `meeting` is unknown.
    """
    if meeting not in get_args(Meeting):
        raise UnknownName("kind of meeting", meeting, get_args(Meeting))
    left = rows.rename(columns={"row": "passage", "label": "row"})
    right = columns.rename(columns={"row": "passage", "label": "column"})
    same = left.merge(right, on="passage")
    if meeting == "same":
        met = same
    else:
        links = _links(passages, left["passage"], right["passage"], meeting)
        other = left.merge(links, on="passage").merge(right.rename(columns={"passage": "other"}))
        met = pd.concat([same, other[["passage", "row", "column"]]], ignore_index=True)
    return met[["row", "column", "passage"]].drop_duplicates(ignore_index=True)


def _links(
    passages: pd.DataFrame, left: pd.Series[int], right: pd.Series[int], meeting: Meeting
) -> pd.DataFrame:
    place = np.arange(len(passages))
    masks = np.isin(place, left), np.isin(place, right)
    parts = [pd.DataFrame({"passage": [], "other": []}, dtype="int64")]
    for a, b in pairs(passages, *masks):
        keep = np.ones(len(a.row), dtype=np.bool_)
        if meeting == "overlap":
            keep = (a.start < b.stop) & (b.start < a.stop)
        parts.append(pd.DataFrame({"passage": a.row[keep], "other": b.row[keep]}))
    return pd.concat(parts, ignore_index=True)


def counted(
    cells: pd.DataFrame,
    passages: pd.DataFrame,
    row_labels: Sequence[str],
    column_labels: Sequence[str],
    count: Count = "passages",
) -> pd.DataFrame:
    """Counts of a crossed table, labels in the given order.

    Parameters
    ----------
    cells
        As `crossed` gives it.
    passages
        `feedback`, `respondent`, in the places that `cells` names.
    count
        ``passages``, different ``texts`` or different ``respondents``.

    Raises
    ------
    UnknownName
        If `count` is unknown.
    ArgumentError
        If the table would have more than a million cells.
    """
    if count not in get_args(Count):
        raise UnknownName("thing to count", count, get_args(Count))
    if len(row_labels) * len(column_labels) > 1_000_000:
        raise ArgumentError(
            f"the table would have {len(row_labels):,} × {len(column_labels):,} cells; choose an "
            f"attribute with fewer values"
        )
    unit = cells["passage"].to_numpy()
    if count != "passages":
        unit = passages[{"texts": "feedback", "respondents": "respondent"}[count]].array[unit]
    sized = cells.assign(unit=unit).groupby(["row", "column"])["unit"].nunique()
    table = sized.unstack("column", fill_value=0)
    return table.reindex(index=list(row_labels), columns=list(column_labels), fill_value=0).astype(
        "int64"
    )
