"""Tables of KPIs as people keep them, read into one shape."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cjm_widgets.errors import ReadError
from cjm_widgets.measure.kpis import kpi_cells
from cjm_widgets.measure.kpis.kpi_names import direction_of
from cjm_widgets.measure.kpis.kpi_parts import PARTS, completed
from cjm_widgets.measure.kpis.kpi_shape import Cells, shaped
from cjm_widgets.measure.kpis.periods import plain_text
from cjm_widgets.model.columns import KPIS, check
from cjm_widgets.model.journey import Journey

_NUMBERS = ("value", "n", "low", "high", "target", *PARTS)
_KINDS = {"text": "str", "number": "float64", "time": "datetime64[us]"}


def read_kpis(
    frame: pd.DataFrame,
    journey: Journey | None = None,
    columns: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Bring a table of KPIs into the columns of `KPIS`.

    Parameters
    ----------
    frame
        A value a row, with at least the columns of the KPI's name and its value; or one of the
        wide shapes of `kpis.kpi_shape.shaped`. Columns are found by their English
        or French names: kpi/indicateur, stage/étape, segment/persona, date/période,
        value/valeur, n/effectif, low/borne basse, high/borne haute, unit/unité, target/cible,
        direction/sens; of an NPS promoters/promoteurs, passives/passifs and
        detractors/détracteurs, as counts or in per cent, of which its value and n are computed
        where they are missing. Values may be text with a decimal comma, thousands separators
        and a unit (``"12,5 %"``, ``"€ 184"``); dates as `cjm_widgets.measure.kpis.periods` reads
        them. A column `row` gives the row numbers of messages; else the first row is 2, as in a
        spreadsheet with a header.
    journey
        Its stages are the ones allowed, by key or name. None: any.
    columns
        Which column is which (``{"value": "Taux"}``), where names do not tell.

    Returns
    -------
    pandas.DataFrame
        Columns of `cjm_widgets.model.columns.KPIS`, in order of the rows. `stage` is a key,
        missing for the whole journey (empty, ``total``, ``ensemble``…). `direction` is the
        one stated anywhere for the KPI, else what its name implies (churn, abandonment,
        waiting: down), else up; `unit` likewise. Promoters, passives and detractors are rows of
        their own, see `kpis.kpi_parts`. Rows without a value are left out; their row
        numbers are in ``.attrs["without_value"]``.

    Raises
    ------
    ReadError
        If there is no column of names or of values; a cell is not what its column holds; a
        stage is unknown; low and high do not enclose the value; two rows give a value for the
        same KPI, stage, segment and date; or a KPI has two directions or two units. The message
        names rows.
    ArgumentError
        If `columns` names something else.
    """
    cells = shaped(frame, columns or {})
    table = _read(cells, journey)
    rows: list[dict[str, Any]] = []
    for place, number in enumerate(cells.rows):
        row = {column.name: table[column.name][place] for column in KPIS} | {"row": number}
        parts = {name: table[name][place] for name in PARTS}
        percent = any("%" in str(cells.found[name][place]) for name in PARTS)
        rows += completed(row, parts, percent=percent, number=number)
    made = pd.DataFrame(
        {c.name: pd.Series([r[c.name] for r in rows], dtype=_KINDS[c.dtype]) for c in KPIS}
    )
    made.insert(0, "row", pd.Series([row["row"] for row in rows], dtype="int64"))
    missing = made["value"].isna()
    left_out = made.loc[missing, "row"].tolist()
    made = made[~missing].reset_index(drop=True)
    made["direction"] = _directions(made)
    _refuse_two_units(made)
    made["unit"] = made["unit"].fillna(made.groupby("kpi")["unit"].transform("first"))
    _refuse_contradictions(made, cells)
    made = made.drop(columns="row")
    made.attrs["without_value"] = left_out
    return check(made, KPIS, "read_kpis")


def _read(cells: Cells, journey: Journey | None) -> dict[str, list[Any]]:
    """What the cells of each column say."""
    numeric = [cell for what in _NUMBERS for cell in cells.found.get(what, [])]
    headers = {name for names in cells.columns.values() for name in names}
    comma = kpi_cells.decimal_comma(numeric, headers)
    places = range(len(cells.rows))
    pairs = {
        what: [
            kpi_cells.number_of(cells.found[what][i], comma, cells.rows[i], cells.columns[what][i])
            for i in places
        ]
        for what in _NUMBERS
        if what in cells.found
    }
    table: dict[str, list[Any]] = {
        what: [value for value, _ in told] for what, told in pairs.items()
    }
    if not cells.rows:
        return {column.name: [] for column in KPIS}
    table["kpi"] = _names(cells, table)
    table["segment"] = [kpi_cells.text_of(cell) for cell in cells.found["segment"]]
    table["at"] = kpi_cells.times_of(cells.found["at"], cells.rows, cells.columns["at"])
    table["unit"] = [
        kpi_cells.text_of(cell) or suffix or None
        for cell, (_, suffix) in zip(cells.found["unit"], pairs["value"], strict=True)
    ]
    for what, of in (
        ("stage", lambda *cell: kpi_cells.stage_of(cell[0], journey, *cell[1:])),
        ("direction", kpi_cells.direction_said),
    ):
        found = zip(cells.found[what], cells.rows, cells.columns[what], strict=True)
        table[what] = [of(*cell) for cell in found]
    return table


def _names(cells: Cells, table: Mapping[str, list[Any]]) -> list[str]:
    """Names as first written, so that ``nps`` and ``NPS`` are one KPI."""
    first: dict[str, str] = {}
    names = []
    for place, row in enumerate(cells.rows):
        name = kpi_cells.text_of(cells.found["kpi"][place])
        if name is None and not math.isnan(table["value"][place]):
            raise ReadError(
                "the value has no KPI name", row=row, column=cells.columns["kpi"][place]
            )
        names.append(first.setdefault(plain_text(name or ""), name or ""))
    return names


def _refuse_two_units(made: pd.DataFrame) -> None:
    """Minutes and seconds of one name would make a trend of their own."""
    said = made[made["unit"].notna()]
    for key, rows in said.groupby(["kpi", "stage", "segment"], sort=False, dropna=False):
        if rows["unit"].str.casefold().nunique() > 1:
            first = rows.drop_duplicates("unit").head(2)
            told = [f"{u!r} (row {r})" for u, r in zip(first["unit"], first["row"], strict=True)]
            raise ReadError(
                f"{key[0]} has two units, {' and '.join(told)}; if they are two KPIs, give each a "
                f"name of its own",
                row=int(first["row"].iloc[1]),
            )


def _directions(made: pd.DataFrame) -> pd.Series[Any]:
    said = made[made["direction"].notna()]
    stated: dict[str, str] = {}
    for name, rows in said.groupby("kpi", sort=False):
        if rows["direction"].nunique() > 1:
            raise ReadError(
                f"{name} has two directions, "
                f"{' and '.join(_each_with_row(rows))}; which way is good is one thing per KPI"
            )
        stated[str(name)] = str(rows["direction"].iloc[0])
    return made["kpi"].map(lambda name: stated.get(name, direction_of(name))).astype("str")


def _each_with_row(rows: pd.DataFrame) -> list[str]:
    first = rows.drop_duplicates("direction")
    pairs = zip(first["direction"], first["row"], strict=True)
    return [f"{direction!r} (row {row})" for direction, row in pairs]


def _refuse_contradictions(made: pd.DataFrame, cells: Cells) -> None:
    outside = (made["low"] > made["value"]) | (made["high"] < made["value"])
    if outside.any():
        one = made[outside].iloc[0]
        raise ReadError(
            f"the interval {one['low']:g} to {one['high']:g} does not hold the value "
            f"{one['value']:g}",
            row=int(one["row"]),
        )
    negative = made["n"] < 0
    if negative.any():
        one = made[negative].iloc[0]
        raise ReadError(
            f"n is {one['n']:g}; a number of observations is 0 or more",
            row=int(one["row"]),
            column=cells.columns["n"][cells.rows.index(int(one["row"]))],
        )
    key = ["kpi", "stage", "segment", "at"]
    again = made.duplicated(key, keep=False)
    if again.any():
        first = made[again].iloc[0]
        same = made[
            np.logical_and.reduce(
                [(made[k] == first[k]) | (made[k].isna() & pd.isna(first[k])) for k in key]
            )
        ]
        rows = " and ".join(str(row) for row in same["row"])
        place = "" if pd.isna(first["stage"]) else f" at stage {first['stage']!r}"
        when = "without a date" if pd.isna(first["at"]) else f"for {first['at']:%Y-%m-%d}"
        raise ReadError(
            f"{first['kpi']}{place} has more than one value {when}: rows {rows}; keep one, or "
            f"tell them apart by a segment",
            row=int(first["row"]),
        )
