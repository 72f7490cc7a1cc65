"""SPSS files (.sav, .zsav): labels as values, questions as labels, sets of answers joined."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from cjm_widgets._optional import need
from cjm_widgets.errors import MissingExtra, ReadError
from cjm_widgets.read.cells import shown
from cjm_widgets.read.frames import read_frame
from cjm_widgets.read.table import Table
from cjm_widgets.read.wish import Wish


def read_spss(path: Path, wish: Wish) -> Table:
    """A data file of SPSS as a table; rows are counted from 1.

    A variable is shown by its labels where every value that occurs has one; a scale of which
    only the ends are labelled stays numbers. Values declared missing are missing. Each set of
    multiple answers becomes a column beside its variables, with the answers given, joined by
    ``; ``.

    Raises
    ------
    ReadError
        If it is no such file, or damaged.
    MissingExtra
        If pyreadstat is not installed.
    """
    try:
        library = need("pyreadstat", extra="spss")
        frame, about = library.read_sav(str(path), encoding=wish.encoding)
    except MissingExtra:
        raise
    except Exception as error:
        # pyreadstat raises errors of its own, and what pandas raises.
        raise ReadError(
            f"this is no SPSS file, or it is damaged ({error}); save it as CSV or XLSX",
            file=wish.file,
        ) from error
    known: dict[str, dict[Any, str]] = about.variable_value_labels
    columns = {name: _shown(frame[name], known.get(name, {})) for name in frame.columns}
    columns |= _sets(frame, about, known)
    table = read_frame(pd.DataFrame(columns, index=frame.index), wish)
    questions = {name: text for name, text in about.column_names_to_labels.items() if text}
    sets = {_free(name): one["label"] for name, one in about.mr_sets.items() if one["label"]}
    table.format, table.encoding = "SPSS", about.file_encoding
    table.labels = {name: text for name, text in (questions | sets).items() if text != name}
    return table


def _shown(column: pd.Series[Any], labels: dict[Any, str]) -> pd.Series[Any]:
    """A variable as an analyst sees it."""
    found = column.dropna()
    if labels and len(found) and found.isin(list(labels)).all():
        return column.map(labels).astype("str")
    if str(column.dtype) == "object":
        return _days(column)
    if str(column.dtype) in ("str", "string"):
        return column.mask(column.str.strip() == "")
    return column


def _days(column: pd.Series[Any]) -> pd.Series[Any]:
    """Dates as moments; times of day and what else SPSS has as text."""
    found = column.dropna()
    if len(found) and all(hasattr(value, "year") for value in found):
        return column.astype("datetime64[us]")
    return column.map(str, na_action="ignore").astype("str")


def _sets(frame: pd.DataFrame, about: Any, labels: dict[str, dict[Any, str]]) -> dict[str, Any]:
    """A column for each set of multiple answers."""
    made: dict[str, Any] = {}
    for name, one in about.mr_sets.items():
        answers = []
        for variable in one["variable_list"]:
            column = frame[variable]
            if one["is_dichotomy"]:
                given = column.astype("str") == str(one["counted_value"])
                if str(column.dtype).startswith("float"):
                    given = column == float(one["counted_value"])
                said = about.column_names_to_labels.get(variable) or variable
                answers.append(given.map({True: said, False: None}))
            else:
                answers.append(_shown(column, labels.get(variable, {})))
        rows = zip(*[answer.tolist() for answer in answers], strict=True)
        joined = ["; ".join(filter(None, map(shown, row))) for row in rows]
        made[_free(name)] = pd.Series([text or None for text in joined], frame.index, dtype="str")
    return made


def _free(name: str) -> str:
    """A set's name without its dollar sign."""
    return name.removeprefix("$")
