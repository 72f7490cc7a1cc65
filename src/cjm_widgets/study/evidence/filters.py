"""Which filters a map carries with it, so that they work without a kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cjm_widgets.errors import ArgumentError
from cjm_widgets.journeymap import Persona
from cjm_widgets.view.parts.figures import period as called

MOST = 24
"""Filters of one map; each is the whole map once more: about 25 kB and a third of a second."""
MOST_OF_LARGE = 6
"""Filters of a map of very many texts, each of which takes seconds."""
LARGE = 100_000
"""Texts from which a study is large."""
MOST_VALUES = 12
"""Different values beyond which a column is no filter unless somebody asks for it."""
USUAL = (
    "segment",
    "product",
    "product_line",
    "product line",
    "produit",
    "gamme",
    "channel",
    "canal",
    "region",
    "région",
)
"""Columns that become filters by themselves, where they have 2 to 12 different values."""
PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter: a column and a value, and the texts that have it."""

    column: str
    value: str
    numbers: pd.Index[Any]
    persona: Persona | None = None


def choices(
    wanted: bool | Sequence[str],
    personas: Sequence[Persona],
    numbers_of: Callable[[Persona], pd.Index[Any]],
    known: Iterable[str],
    values_of: Callable[[str], pd.Series[Any]],
    language: str,
) -> tuple[list[Choice], int]:
    """The filters of a map, and how many more there would have been.

    Parameters
    ----------
    wanted
        True: personas, the usual columns, quarters (months within one quarter). Else columns,
        ``"persona"`` and ``"period"`` among them. False: none.
    personas, numbers_of
        Those of the study, and the texts of one.
    known
        Columns of the feedback.
    values_of
        A column's values by text.
    language
        Of the periods' names.
    """
    if wanted is False:
        return [], 0
    named = list(wanted) if not isinstance(wanted, bool) else None
    columns = {str(column).casefold(): str(column) for column in known}
    asked = named if named is not None else ["persona", *USUAL, PERIOD]
    found: list[Choice] = []
    for name in asked:
        if name.casefold() == "persona" and personas:
            found += [Choice("persona", p.name, numbers_of(p), p) for p in personas]
        elif name.casefold() == PERIOD and PERIOD not in columns:
            found += _periods(values_of("at").dropna(), language)
        elif name.casefold() in columns:
            found += _values(columns[name.casefold()], values_of, usual=named is None)
        elif named is not None:
            raise ArgumentError(
                f"filters: the feedback has no column {name!r}; it has: persona, period, "
                f"{', '.join(columns.values())}"
            )
    found = [choice for choice in found if len(choice.numbers)]
    most = MOST if len(values_of("at")) <= LARGE else MOST_OF_LARGE
    return found[:most], max(0, len(found) - most)


def _values(
    column: str, values_of: Callable[[str], pd.Series[Any]], *, usual: bool
) -> Iterator[Choice]:
    values = values_of(column).dropna()
    sizes = values.value_counts()
    if len(sizes) < 2 or (usual and len(sizes) > MOST_VALUES):
        return
    for value in sizes.index:
        name = f"{value:.15g}" if isinstance(value, float) else str(value)
        yield Choice(column, name, values.index[values == value])


def _periods(at: pd.Series[pd.Timestamp], language: str) -> Iterator[Choice]:
    for length in ("Q", "M"):
        periods = at.dt.to_period(length)
        starts = sorted(periods.unique())
        if len(starts) > 1:
            break
    else:
        return
    days = [start.start_time.date() for start in starts]
    # The newest first, and no more than two years back.
    for start, day in list(zip(starts, days, strict=True))[:-9:-1]:
        yield Choice(PERIOD, called(day, days, language), at.index[periods == start])
