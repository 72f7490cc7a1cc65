"""XLSX: each table a real one with filters, and the curve as a native chart with intervals."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cjm_widgets.errors import ArgumentError
from cjm_widgets.export.atomic import written_bytes
from cjm_widgets.export.options import Options
from cjm_widgets.export.tables import guarded
from cjm_widgets.words import say

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

ROWS = 50_000
"""Rows of a sheet; what is beyond is said on the first sheet, and CSV holds it all."""
LONGEST = 32_000
"""Characters of a cell; spreadsheets allow 32,767."""
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_WIDE, _NARROW, _MOST = 60, 9, 40


def write(what: Any, target: Path, options: Options) -> list[Path]:
    """One workbook: a sheet that says what is in it, then a sheet per table."""
    tables = frames_of(what)
    facts = getattr(what, "facts", None)
    language = options.language or str(getattr(facts, "language", "en"))
    with written_bytes(target) as file:
        file.write(book(tables, title=getattr(facts, "title", target.stem), language=language))
    return [target]


def frames_of(what: Any) -> Mapping[str, pd.DataFrame]:
    """The tables of a mapping or of a view.

    Raises
    ------
    ArgumentError
        If there are none.
    """
    found = getattr(what, "frames", what)
    if not isinstance(found, Mapping) or not found:
        raise ArgumentError(
            f"a .xlsx file needs tables: a view with frames, such as a MapView, or a mapping of "
            f"name to frame, not {type(what).__name__}"
        )
    for name, frame in found.items():
        if not hasattr(frame, "itertuples"):
            raise ArgumentError(f"table {name!r} is a {type(frame).__name__}, not a frame")
    return found


def book(tables: Mapping[str, pd.DataFrame], *, title: str = "", language: str = "en") -> bytes:
    """A workbook of tables.

    Parameters
    ----------
    tables
        Name to frame; one called ``stages`` with `mean`, `low` and `high` gets a chart.
    title
        On the first sheet.
    language
        ``en`` or ``fr``, of the first sheet and the chart.

    Notes
    -----
    Every text passes `tables.guarded`, so that no cell runs; numbers and times stay such.
    """
    import openpyxl

    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    front = made.create_sheet(_sheet_name(say("export.contents", language), []))
    listed: list[tuple[str, int, int]] = []
    for name, frame in tables.items():
        sheet = made.create_sheet(_sheet_name(str(name), made.sheetnames))
        _fill(sheet, frame.iloc[:ROWS], len(made.sheetnames))
        listed.append((sheet.title, len(frame), min(len(frame), ROWS)))
        if name == "stages" and {"name", "mean", "low", "high"} <= set(frame.columns):
            _chart(sheet, frame, language)
    _contents(front, title, listed, language)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _sheet_name(name: str, taken: Sequence[str]) -> str:
    plain = re.sub(r"[\[\]:*?/\\'\x00-\x1f]", " ", name).strip()[:28] or "table"
    folded = {other.casefold() for other in taken}
    found, number = plain, 1
    while found.casefold() in folded:
        number += 1
        found = f"{plain} {number}"
    return found


def _contents(
    sheet: Worksheet, title: str, listed: Sequence[tuple[str, int, int]], language: str
) -> None:
    from openpyxl.styles import Alignment, Font

    sheet["A1"] = _text(title)
    sheet["A1"].font = Font(bold=True, size=16)
    row = 3
    for name, rows, kept in listed:
        cell = sheet.cell(row, 1, _text(name))
        cell.hyperlink = f"#'{name}'!A1"
        cell.font = Font(underline="single", color="17607A")
        told = say("export.rows", language, n=rows)
        if kept < rows:
            told = say("export.rows_kept", language, n=rows, kept=kept)
        sheet.cell(row, 2, told)
        row += 1
    for key in ("export.private", "export.guarded"):
        row += 1
        sheet.cell(row, 1, say(key, language)).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        sheet.row_dimensions[row].height = 48
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 60
    sheet.sheet_view.showGridLines = False
    _paper(sheet)


def _fill(sheet: Worksheet, frame: pd.DataFrame, number: int) -> None:
    """Heads, rows, and the table around them."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableStyleInfo

    heads = _heads(frame)
    looks = _looks(sheet, len(heads) + 8)
    for column, head in enumerate(heads, start=1):
        sheet.cell(1, column, head).data_type = "s"
    widths = [len(head) + 4 for head in heads]
    for row, values in enumerate(frame.itertuples(index=False, name=None), start=2):
        for column, value in enumerate(values, start=1):
            shown = cell_value(value)
            if shown is None:
                continue
            cell: Any = sheet.cell(row, column)
            cell.value = shown
            look = "plain"
            if isinstance(shown, str):
                cell.data_type = "s"  # "#N/A" and the like are words here
                widths[column - 1] = max(widths[column - 1], min(len(shown), _WIDE))
            elif isinstance(shown, float) and abs(shown) <= 1:
                look = "share"
            elif isinstance(shown, datetime):
                look = "time"
            # Setting a look by its parts takes ten times as long.
            cell._style = copy(looks[look])
    for column, width in enumerate(widths, start=1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = min(_WIDE, max(_NARROW, width))
    sheet.freeze_panes = "A2"
    _paper(sheet)
    if not heads:
        return
    last = f"{get_column_letter(len(heads))}{max(2, len(frame) + 1)}"
    table = Table(displayName=f"table{number}", ref=f"A1:{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(table)


def _looks(sheet: Worksheet, beside: int) -> dict[str, Any]:
    """Looks of cells, made once in a cell that stays empty."""
    from openpyxl.styles import Alignment

    made: dict[str, Any] = {}
    formats = {"plain": "General", "share": "0.00", "time": "yyyy-mm-dd hh:mm"}
    for place, (name, shape) in enumerate(formats.items()):
        cell: Any = sheet.cell(1, beside + place)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cell.number_format = shape
        made[name] = copy(cell._style)
        del sheet._cells[1, beside + place]
    return made


def _paper(sheet: Worksheet) -> None:
    """Landscape, as wide as the sheet, as many pages down as it takes."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def _heads(frame: pd.DataFrame) -> list[str]:
    """Names of the columns, each once, as a table wants them."""
    heads: list[str] = []
    for name in frame.columns:
        head = found = _text(str(name)) or "column"
        number = 1
        while found.casefold() in {other.casefold() for other in heads}:
            number += 1
            found = f"{head} {number}"
        heads.append(found)
    return heads


def _text(text: str) -> str:
    return guarded(_UNWRITABLE.sub(" ", text))[:LONGEST]


def cell_value(value: Any) -> str | int | float | bool | datetime | None:
    """What a cell holds: guarded text, numbers, times without zone; None where nothing is."""
    import pandas as pd

    if value is None or value is pd.NaT or value is pd.NA or value != value:  # noqa: PLR0124  # NaN
        return None
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, pd.Timestamp):
        return value.tz_localize(None).to_pydatetime()
    if isinstance(value, datetime | bool):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001  # a day has no zone
    if hasattr(value, "item"):
        return cell_value(value.item())
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return None
    return value if isinstance(value, int | float) else _text(str(value))


def _chart(sheet: Worksheet, frame: pd.DataFrame, language: str) -> None:
    """The curve below its table, drawn by the spreadsheet from two columns beside it."""
    from openpyxl.chart import LineChart, Reference
    from openpyxl.chart.data_source import NumDataSource, NumRef
    from openpyxl.chart.error_bar import ErrorBars
    from openpyxl.utils import get_column_letter

    count = len(frame)
    if not count:
        return
    places = [str(name) for name in frame.columns]
    at = {name: places.index(name) + 1 for name in ("name", "mean")}
    helper = len(frame.columns) + 2
    ends = (("high", helper), ("low", helper + 1))
    for row, values in enumerate(frame[["mean", "low", "high"]].to_numpy(), start=2):
        mean, low, high = (float(value) for value in values)
        for (_, column), size in zip(ends, (high - mean, mean - low), strict=True):
            sheet.cell(row, column, cell_value(size))
    for name, column in ends:
        sheet.cell(1, column, f"{name} ±")
    chart = LineChart()
    chart.title = say("curve.title", language)
    chart.y_axis.title = say("curve.axis", language)
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = -1, 1
    chart.y_axis.delete = chart.x_axis.delete = False
    chart.x_axis.tickLblPos = "low"
    chart.legend = None
    chart.height, chart.width = 9, max(14, 4 * count)
    chart.display_blanks = "gap"
    chart.add_data(
        Reference(sheet, min_col=at["mean"], min_row=1, max_row=count + 1), titles_from_data=True
    )
    chart.set_categories(Reference(sheet, min_col=at["name"], min_row=2, max_row=count + 1))
    series = chart.series[0]
    series.smooth = False
    series.marker.symbol, series.marker.size = "circle", 8
    refs = [
        NumDataSource(numRef=NumRef(f=f"'{sheet.title}'!${letter}$2:${letter}${count + 1}"))
        for letter in (get_column_letter(column) for _, column in ends)
    ]
    series.errBars = ErrorBars(
        errDir="y", errBarType="both", errValType="cust", plus=refs[0], minus=refs[1]
    )
    sheet.add_chart(chart, f"B{count + 4}")
