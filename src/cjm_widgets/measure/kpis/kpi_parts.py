"""Detractors, passives and promoters behind an NPS: kept as KPIs of their own, shown as its parts.

A part is a KPI called ``NPS (promoters)``. So tables of figures keep their one shape, and a
table that has such rows from the start means the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cjm_widgets.errors import ReadError
from cjm_widgets.measure.loyalty import nps_of_counts

PARTS = ("detractors", "passives", "promoters")
_NAMED = re.compile(rf"(.+) \(({'|'.join(PARTS)})\)", re.S)
_PERCENT, _ANSWERS = "%", "answers"
_ROUNDING = 1.0
"""How far shares may miss 100, and a score its parts, in points: tables are rounded."""


def shares_of(ratings: NDArray[np.float64]) -> dict[str, float]:
    """Share of each part among answers 0–10, 0…1; NaN where there are none."""
    if not len(ratings):
        return dict.fromkeys(PARTS, math.nan)
    low, high = float((ratings <= 6).mean()), float((ratings >= 9).mean())
    return {"detractors": low, "passives": max(0.0, 1 - low - high), "promoters": high}


def completed(
    row: dict[str, Any], given: dict[str, float], *, percent: bool, number: int
) -> list[dict[str, Any]]:
    """A row of an NPS with what its parts tell, and a row for each part.

    Parameters
    ----------
    row
        By the contract KPIS; its `value`, `n`, `low` and `high` may be NaN.
    given
        `PARTS` as the table has them: counts, or shares in per cent. One may be NaN. Those that
        add up to 100 are shares, unless n is 100.
    percent
        Whether the cells bear a percent sign.
    number
        Of the row, for messages.

    Raises
    ------
    ReadError
        If the parts do not add up, or contradict the value or n.
    """
    parts = {name: given[name] for name in PARTS}
    if all(math.isnan(value) for value in parts.values()):
        return [row]
    n = float(row["n"])
    total = sum(value for value in parts.values() if not math.isnan(value))
    open_ = [name for name, value in parts.items() if math.isnan(value)]
    shares = percent or (not open_ and abs(total - 100) <= _ROUNDING and not _same(total, n))
    whole = 100.0 if shares else n
    if len(open_) > 1 or (open_ and math.isnan(whole)):
        raise ReadError(
            f"of detractors, passives and promoters {' and '.join(open_)} are missing; give all "
            f"three, or two and n",
            row=number,
        )
    if open_:
        parts[open_[0]] = whole - total
        total = whole
    if min(parts.values()) < 0 or total <= 0:
        raise ReadError("detractors, passives and promoters are counts from 0", row=number)
    if not math.isnan(whole) and abs(total - whole) > (_ROUNDING if shares else 0.5):
        raise ReadError(
            f"detractors, passives and promoters add up to {total:g}, not to {whole:g}", row=number
        )
    n = total if math.isnan(n) and not shares else n
    value = 100 * (parts["promoters"] - parts["detractors"]) / total
    said = float(row["value"])
    if not math.isnan(said) and abs(said - value) > _ROUNDING:
        raise ReadError(
            f"the value is {said:g}, but promoters less detractors give {value:.1f}", row=number
        )
    made = {**row, "value": value if math.isnan(said) else said, "n": n}
    made["unit"] = row["unit"] or "points"
    if math.isnan(float(row["low"])) and n >= 1:
        counts = {name: found * n / total for name, found in parts.items()}
        ends = nps_of_counts(counts["promoters"], counts["detractors"], round(n))
        made |= {"low": min(ends.low, made["value"]), "high": max(ends.high, made["value"])}
    rest: dict[str, Any] = {"low": math.nan, "high": math.nan, "target": math.nan}
    unit = _PERCENT if shares else _ANSWERS
    return [made] + [
        {**made, **rest, "kpi": f"{row['kpi']} ({name})", "value": found, "unit": unit}
        for name, found in parts.items()
    ]


def _same(total: float, n: float) -> bool:
    return not math.isnan(n) and abs(total - n) <= 0.5


def folded(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures with the shares of their parts as columns `detractors`, `passives`,
    `promoters` (0…1); rows of parts whose KPI is there give way."""
    made = figures.reset_index(drop=True)
    for name in PARTS:
        if name not in made:
            made[name] = np.nan
    rows = made.to_dict("records")
    places = {_key(str(row["kpi"]), row): place for place, row in enumerate(rows)}
    groups: dict[int, dict[str, tuple[int, float]]] = {}
    for place, row in enumerate(rows):
        found = _NAMED.fullmatch(str(row["kpi"]))
        whole = None if found is None else places.get(_key(found[1], row))
        if found is not None and whole is not None:
            groups.setdefault(whole, {})[found[2]] = (place, float(row["value"]))
    gone: list[int] = []
    for whole, parts in groups.items():
        total = sum(value for _, value in parts.values())
        if set(parts) == set(PARTS) and total > 0:
            made.loc[whole, list(PARTS)] = [parts[name][1] / total for name in PARTS]
            gone += [place for place, _ in parts.values()]
    return made.drop(index=gone).reset_index(drop=True)


def _key(name: str, row: Mapping[Any, Any]) -> tuple[str, ...]:
    rest = (row["stage"], row["segment"], row["at"])
    return (name.casefold(), *("" if pd.isna(cell) else str(cell) for cell in rest))
