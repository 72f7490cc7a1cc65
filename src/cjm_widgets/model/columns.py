"""The contracts of the frames that pass between rooms.

A contract is a tuple of `Column`; `check` holds a frame against it at a room's border.
Frames may carry more columns than their contract names: a feedback frame carries its
attributes that way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from cjm_widgets.errors import FrameError

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["text", "integer", "number", "time", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a frame that passes between rooms."""

    name: str
    dtype: Kind
    """``text``: pandas' string; ``integer``: int64 or Int64; ``number``: float64;
    ``time``: datetime64 without zone, in UTC; ``flag``: bool."""
    meaning: str
    nullable: bool = False


FEEDBACK = (
    Column("row", "integer", "row in the file as a spreadsheet counts, 1 being its first line"),
    Column("id", "text", "the source's own id of the text", nullable=True),
    Column("text", "text", "the words of the respondent"),
    Column("respondent", "text", "who said it", nullable=True),
    Column("at", "time", "when it was said", nullable=True),
    Column("channel", "text", "how it was collected: survey, call, review…", nullable=True),
    Column("touchpoint", "text", "where the customer met the company", nullable=True),
    Column("language", "text", "ISO 639-1 code", nullable=True),
    Column("stage", "text", "stage a column of the source gives", nullable=True),
    Column("valence", "number", "human rating the source gives, −1…1", nullable=True),
)
"""What `cjm.read` gives; every further column is an attribute, as text or number."""

CODINGS = (
    Column("uid", "text", "public name of the coding"),
    Column("feedback", "integer", "number of the text in the study"),
    Column("source", "text", "file or frame the text came from"),
    Column("source_id", "text", "the source's own id of the text"),
    Column("version", "integer", "version of the text the offsets count in"),
    Column("respondent", "text", "who said it", nullable=True),
    Column("start", "integer", "first code point of the passage"),
    Column("stop", "integer", "code point after the last"),
    Column("passage", "text", "the words"),
    Column("coder", "text", "who coded"),
    Column("stage", "text", "key of the stage", nullable=True),
    Column("valence", "number", "−1…1", nullable=True),
    Column("codes", "text", "keys of the codes, joined by '; '"),
    Column("memo", "text", "the coder's note"),
    Column("origin", "text", "human, suggestion or import"),
    Column("at", "time", "when it was last changed"),
)

SCORES = (
    Column("feedback", "integer", "number of the text in the study"),
    Column("version", "integer", "version of the text"),
    Column("start", "integer", "first code point of what was scored"),
    Column("stop", "integer", "code point after the last"),
    Column("unit", "text", "text, sentence or passage"),
    Column("scorer", "text", "name of the scorer"),
    Column("scorer_version", "text", "its version"),
    Column("valence", "number", "the score, −1…1"),
    Column("known", "flag", "whether the scorer knew any word"),
)

UNITS = (
    Column("feedback", "integer", "number of the text in the study"),
    Column("stage", "text", "key of the stage; missing where no stage is known", nullable=True),
    Column("valence", "number", "−1…1; missing where there is none", nullable=True),
    Column("known", "flag", "false where a scorer knew no word"),
    Column("respondent", "text", "who said it; units of one respondent are one cluster"),
    Column("predicted", "flag", "whether the stage was predicted, not given by people or data"),
)
"""What a curve is computed from: one row per text (or sentence) and stage."""

CURVE = (
    Column("stage", "text", "key of the stage"),
    Column("n", "integer", "units"),
    Column("respondents", "integer", "different respondents"),
    Column("mean", "number", "mean valence, −1…1; missing without evidence", nullable=True),
    Column("low", "number", "lower end of the 95 % interval", nullable=True),
    Column("high", "number", "upper end of the 95 % interval", nullable=True),
)

KPIS = (
    Column("kpi", "text", "name of the KPI"),
    Column("stage", "text", "key of the stage; missing for the whole journey", nullable=True),
    Column("segment", "text", "part of the customers it holds for", nullable=True),
    Column("at", "time", "first day of the period", nullable=True),
    Column("value", "number", "the figure, in `unit`"),
    Column("n", "number", "observations behind it", nullable=True),
    Column("low", "number", "lower end of its 95 % interval", nullable=True),
    Column("high", "number", "upper end of its 95 % interval", nullable=True),
    Column("unit", "text", "%, points, EUR, minutes…", nullable=True),
    Column("target", "number", "the value aimed at", nullable=True),
    Column("direction", "text", "up or down: which way is good"),
)

_FITS = {
    "text": ("string", "str"),
    "integer": ("int64", "Int64", "int32", "Int32"),
    "number": ("float64", "Float64"),
    "flag": ("bool", "boolean"),
}


def check(frame: pd.DataFrame, contract: Iterable[Column], where: str) -> pd.DataFrame:
    """Hold a frame against a contract and give it back unchanged.

    Parameters
    ----------
    frame
        The frame at the border of a room.
    contract
        The columns it must have.
    where
        What is being checked, for the message: ``"read"``, ``"emotion_curve"``…

    Raises
    ------
    FrameError
        If a column is missing, of another kind, or has gaps it must not have.
    """
    for column in contract:
        if column.name not in frame.columns:
            raise FrameError(
                f"{where}: the frame lacks the column {column.name!r} ({column.meaning}); "
                f"it has: {', '.join(map(str, frame.columns))}"
            )
        values = frame[column.name]
        kind = str(values.dtype)
        fits = (
            kind.startswith("datetime64[") and "," not in kind
            if column.dtype == "time"
            else kind in _FITS[column.dtype]
        )
        if not fits:
            raise FrameError(
                f"{where}: column {column.name!r} holds {kind}, but {column.dtype} is needed "
                f"({column.meaning})"
            )
        if not column.nullable and bool(values.isna().any()):
            row = int(values.isna().to_numpy().argmax())
            raise FrameError(
                f"{where}: column {column.name!r} must have no gaps, but row {row} has one "
                f"({column.meaning})"
            )
    return frame


def tuples(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame, each with its columns as attributes of their own types."""
    yield from frame.itertuples(index=False)
