"""Contracts of frames: held at the border, with the column and the row named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cjm_widgets.errors import FrameError
from cjm_widgets.model.columns import (
    CODINGS,
    CURVE,
    FEEDBACK,
    KPIS,
    SCORES,
    UNITS,
    Column,
    check,
)

CONTRACT = (
    Column("t", "text", "words"),
    Column("i", "integer", "a number"),
    Column("x", "number", "a figure", nullable=True),
    Column("at", "time", "when", nullable=True),
    Column("f", "flag", "whether"),
)


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "t": pd.Series(["a", "b"], dtype="str"),
            "i": np.array([1, 2]),
            "x": [0.5, np.nan],
            "at": pd.to_datetime(["2025-01-01", None]),
            "f": [True, False],
            "more": ["x", "y"],
        }
    )


def test_a_frame_that_keeps_its_contract_comes_back_itself() -> None:
    given = frame()
    assert check(given, CONTRACT, "here") is given
    assert check(given.iloc[:0], CONTRACT, "here").empty


def test_a_missing_column_is_named_with_what_there_is() -> None:
    with pytest.raises(FrameError, match=r"here: the frame lacks the column 'x'.*it has: t, i, at"):
        check(frame().drop(columns="x"), CONTRACT, "here")


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("t", [1, 2]),
        ("t", pd.Series(["a", "b"], dtype="object")),
        ("i", [1.0, 2.0]),
        ("x", ["1", "2"]),
        ("at", pd.to_datetime(["2025-01-01", "2025-01-02"], utc=True)),
        ("f", [0, 1]),
    ],
)
def test_a_column_of_another_kind_is_refused(column: str, values: object) -> None:
    wrong = frame().assign(**{column: values})
    with pytest.raises(FrameError, match=f"here: column '{column}' holds"):
        check(wrong, CONTRACT, "here")


def test_a_gap_where_none_may_be_is_named_by_row() -> None:
    wrong = frame().assign(t=pd.Series(["a", None], dtype="str"))
    with pytest.raises(FrameError, match="column 't' must have no gaps, but row 1"):
        check(wrong, CONTRACT, "here")


@pytest.mark.parametrize("contract", [FEEDBACK, CODINGS, SCORES, UNITS, CURVE, KPIS])
def test_every_contract_names_each_column_once_and_says_what_it_means(
    contract: tuple[Column, ...],
) -> None:
    names = [column.name for column in contract]
    assert len(set(names)) == len(names)
    assert all(column.meaning for column in contract)
