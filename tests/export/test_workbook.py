"""XLSX files read back: live tables, numbers, no formula."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from shop_example import shop

from cjm_widgets.errors import ArgumentError
from cjm_widgets.export import workbook, write
from cjm_widgets.view import MapView


@pytest.fixture
def book(tmp_path: Path) -> Path:
    [path] = write(MapView(shop(6)), tmp_path / "map.xlsx")
    return path


def test_every_table_of_the_map_is_a_live_table_with_a_filter(book: Path) -> None:
    made = openpyxl.load_workbook(book)
    assert made.sheetnames[0] == "Contents"
    frames = MapView(shop(6)).frames
    assert set(frames) <= set(made.sheetnames)
    for name, frame in frames.items():
        sheet = made[name]
        [table] = sheet.tables.values()
        assert table.autoFilter is not None
        assert sheet.freeze_panes == "A2"
        assert [cell.value for cell in sheet[1]][: len(frame.columns)] == list(frame.columns)


def test_figures_stay_numbers_and_what_is_missing_stays_empty(book: Path) -> None:
    sheet = openpyxl.load_workbook(book)["stages"]
    heads = [cell.value for cell in sheet[1]]
    means = [row[heads.index("mean")] for row in sheet.iter_rows(2, 7, values_only=True)]
    assert means == [-0.24, 0.35, 0.06, -0.61, 0.26, None]


def test_the_curve_is_a_native_chart_with_error_bars(book: Path) -> None:
    with zipfile.ZipFile(book) as packed:
        [chart] = [name for name in packed.namelist() if "charts/chart" in name]
        xml = packed.read(chart).decode()
    assert "errBars" in xml
    assert "'stages'!$E$2:$E$7" in xml.replace("&apos;", "'")
    assert "'stages'!$B$2:$B$7" in xml.replace("&apos;", "'")


def test_known_payloads_are_words(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "nasty/csv-injection-payload.txt"
    payloads = source.read_text(encoding="utf-8").splitlines()
    frame = pd.DataFrame({"passage": payloads, "=evil()": payloads})
    [path] = write({"codings": frame}, tmp_path / "s.xlsx")
    for row in openpyxl.load_workbook(path)["codings"].iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "n")
            assert not str(cell.value).startswith(("=", "+", "-", "@"))


def test_what_looks_like_an_error_or_cannot_be_written_is_kept_as_words(tmp_path: Path) -> None:
    words = ["#N/A", "#REF!", "a\x00b\x0bc", "x" * 40_000, "\ud800", "'quoted", "TRUE"]
    [path] = write(
        {"t": pd.DataFrame({"w": pd.array(words[:4], dtype="str")})}, tmp_path / "s.xlsx"
    )
    cells = [cell for (cell,) in openpyxl.load_workbook(path)["t"].iter_rows(2)]
    assert [cell.data_type for cell in cells] == ["s"] * 4
    assert [cell.value for cell in cells] == ["#N/A", "#REF!", "a b c", "x" * workbook.LONGEST]


def test_times_dates_and_odd_names_find_their_place(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "at": pd.to_datetime(["2026-01-02 03:04:05", None]),
            "n": pd.array([3, None], dtype="Int64"),
            "yes": pd.array([True, None], dtype="boolean"),
        }
    )
    twice = pd.concat([frame, frame], axis=1)
    [path] = write({"a/b:c*[d]'e" + "x" * 40: twice, "empty": frame.iloc[:0]}, tmp_path / "s.xlsx")
    made = openpyxl.load_workbook(path)
    sheet = made[made.sheetnames[1]]
    assert [cell.value for cell in sheet[1]] == ["at", "n", "yes", "at 2", "n 2", "yes 2"]
    assert sheet["A2"].value == pd.Timestamp("2026-01-02 03:04:05")
    assert (sheet["B2"].value, sheet["C2"].value, sheet["B3"].value) == (3, True, None)
    assert len(made["empty"].tables) == 1


def test_rows_beyond_the_most_are_told_on_the_first_sheet(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(workbook, "ROWS", 3)
    [path] = write({"t": pd.DataFrame({"n": range(9)})}, tmp_path / "s.xlsx")
    made = openpyxl.load_workbook(path)
    assert made["t"].max_row == 4
    assert "the first 3 of 9 rows" in str(made["Contents"]["B3"].value)


def test_what_has_no_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="tables"):
        write({}, tmp_path / "s.xlsx")
    with pytest.raises(ArgumentError, match="not a frame"):
        write({"a": 3}, tmp_path / "s.xlsx")  # type: ignore[dict-item]
