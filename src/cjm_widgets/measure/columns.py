"""What the measures take from frames: columns, numbers, groups and respondents."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cjm_widgets.errors import ArgumentError, UnknownName


def column(frame: pd.DataFrame, name: str, argument: str) -> pd.Series[Any]:
    """One column of a frame.

    Parameters
    ----------
    frame
        Any frame.
    name
        Name of the column.
    argument
        Which argument of the caller gave the name, for the message.

    Raises
    ------
    UnknownName
        If there is no such column; the message names one that is near.
    ArgumentError
        If two columns have the name, or `frame` is none.
    """
    if not isinstance(frame, pd.DataFrame):
        raise ArgumentError(f"a pandas DataFrame is needed, not {type(frame).__name__}")
    if name not in frame.columns:
        raise UnknownName(f"column (argument {argument!r})", name, map(str, frame.columns))
    if (same := int((frame.columns == name).sum())) > 1:
        raise ArgumentError(
            f"{argument}={name!r}: {same} columns have this name; rename all but one"
        )
    return frame[name]


def numbers(
    values: ArrayLike | Iterable[object],
    what: str,
    bounds: tuple[float, float] | None = None,
    remedy: str = "",
) -> NDArray[np.float64]:
    """Numbers as float64, NaN where one is missing.

    Parameters
    ----------
    values
        A series, an array or any iterable of numbers; None, NaN and pandas.NA are missing.
    what
        What they are, for the message.
    bounds
        Least and greatest value allowed.
    remedy
        What to do about a value outside the bounds, as a clause.

    Raises
    ------
    ArgumentError
        If a value is text, a truth value, infinite or outside the bounds. The message names
        the first one and its place, counted from 0.
    """
    series = values if isinstance(values, pd.Series) else _series(values, what)
    if pd.api.types.is_bool_dtype(series.dtype) and not series.empty:
        raise ArgumentError(f"{what}: numbers are needed, not true and false")
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(series.cat.categories.dtype)
    if pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_complex_dtype(
        series.dtype
    ):
        found = series.to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        found = _from_objects(series, what)
    wrong = np.isinf(found)
    if bounds is not None:
        # A mean of numbers that lie at the end of the scale may pass it by a rounding.
        slack = 1e-9 * (bounds[1] - bounds[0])
        wrong |= (found < bounds[0] - slack) | (found > bounds[1] + slack)
    if wrong.any():
        place = int(wrong.argmax())
        allowed = (
            "only finite numbers are allowed"
            if bounds is None
            else f"allowed is {bounds[0]:g} to {bounds[1]:g}"
        )
        raise ArgumentError(
            f"{what}: {_place(series, place)} has {found[place]:g}; {allowed}"
            + (f"; {remedy}" if remedy else "")
        )
    return np.clip(found, *bounds) if bounds is not None else found


def _series(values: ArrayLike | Iterable[object], what: str) -> pd.Series[Any]:
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise ArgumentError(f"{what}: a series or list of numbers is needed, not {values!r}")
    array = values if isinstance(values, np.ndarray) else list(values)
    try:
        return pd.Series(array, dtype=None if len(array) else "float64")
    except ValueError as error:
        raise ArgumentError(f"{what}: a plain list of numbers is needed ({error})") from error


def _from_objects(series: pd.Series[Any], what: str) -> NDArray[np.float64]:
    found = np.full(len(series), np.nan)
    gone = series.isna().to_numpy()
    for place, value in enumerate(series.array):
        if gone[place]:
            continue
        try:
            if isinstance(value, str | bytes | bool | np.bool_):
                raise TypeError
            found[place] = float(value)
        except (TypeError, ValueError) as error:
            raise ArgumentError(
                f"{what}: {_place(series, place)} has {value!r}, which is not a number; turn "
                f"text into numbers first, with pandas.to_numeric(…, errors='coerce') where "
                f"what is no number may be left out"
            ) from error
    return found


def _place(series: pd.Series[Any], place: int) -> str:
    label = series.index[place]
    named = "" if label == place else f" (index {label!r})"
    return f"row {place}, counted from 0{named},"


@dataclass(frozen=True, slots=True)
class Levels:
    """The different values of a column, and which of them each row has."""

    codes: NDArray[np.int64]
    """Number of the level, −1 where the value is missing."""
    names: pd.Index[Any]
    """The levels in order."""


def levels(series: pd.Series[Any], *, text: bool) -> Levels:
    """Levels of a column: its categories, or its values in order of first appearance.

    Parameters
    ----------
    series
        Any column. Text of nothing but white space is missing.
    text
        Whether names become text (a whole number loses its ``.0``). Otherwise they keep their
        type, and numbers and times are sorted.
    """
    if isinstance(series.dtype, pd.CategoricalDtype):
        codes = series.cat.codes.to_numpy().astype(np.int64)
        names: pd.Index[Any] = series.cat.categories
    else:
        found, unique = pd.factorize(series)
        codes, names = found.astype(np.int64), pd.Index(unique)
        if not text and not pd.api.types.is_object_dtype(names.dtype) and not _is_text(names):
            order = names.argsort()
            place = np.empty(len(order) + 1, dtype=np.int64)
            place[order], place[-1] = np.arange(len(order)), -1
            codes, names = place[codes], names[order]
    blank = np.array([isinstance(name, str) and not name.strip() for name in names], dtype=bool)
    if blank.any():
        place = np.append(np.cumsum(~blank) - 1, -1)
        place[:-1][blank] = -1
        codes, names = place[codes], names[~blank]
    return Levels(codes, pd.Index([_as_text(n) for n in names], dtype="str") if text else names)


def _is_text(names: pd.Index[Any]) -> bool:
    return bool(pd.api.types.is_string_dtype(names.dtype))


def _as_text(name: object) -> str:
    if isinstance(name, float) and math.isfinite(name) and name == int(name):
        return str(int(name))
    return str(name)


def cluster_codes(respondents: pd.Series[Any]) -> NDArray[np.int64]:
    """Number of each row's respondent; a missing or blank one is a respondent of its own."""
    if isinstance(respondents.dtype, pd.CategoricalDtype):
        found, unique = (
            respondents.cat.codes.to_numpy().astype(np.int64),
            respondents.cat.categories,
        )
    else:
        codes, unique = pd.factorize(respondents)
        found = codes.astype(np.int64)
    names = pd.Index(unique)
    if _is_text(names) and (blank := names.str.strip() == "").any():
        found[np.isin(found, np.flatnonzero(blank))] = -1
    alone = found < 0
    found[alone] = len(unique) + np.arange(int(alone.sum()))
    return found
