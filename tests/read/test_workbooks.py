"""XLSX as people make it and as attackers would."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from cjm_widgets.errors import ReadError
from cjm_widgets.read import Limits, read


def save(path: Path, rows: list[list[Any]], merge: tuple[str, ...] = ()) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for one in merge:
        sheet.merge_cells(one)
    book.save(path)
    return path


def moment(*parts: int) -> datetime.datetime:
    """A moment without zone, as a spreadsheet has it."""
    return datetime.datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 — sheets know none


def test_french_workbook_reads_right(tmp_path: Path) -> None:
    path = tmp_path / "enquête.xlsx"
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Identifiant", "Date", "Note", "Montant", "Commentaire", "Part"])
    sheet.append([7, moment(2024, 4, 3), 8.0, 1234.5, "=1+1 c’est peu", 0.125])
    sheet.append([8, "25/12/2023", 7, "1 234,5", "Déçu", 0.5])
    sheet.append([9, moment(2024, 1, 2, 15, 30), None, 3, "Ça va", 1])
    sheet.append([10, None, None, None, "#N/A", None])
    for row in (2, 3, 4, 5):
        sheet.cell(row, 1).number_format = "00000"
        sheet.cell(row, 6).number_format = "0.0%"
    # Text that looks like a formula, as openpyxl writes it for a cell of type string.
    sheet.cell(2, 5).data_type = "s"
    book.save(path)
    frame, report = read(path)
    assert frame["id"].tolist() == ["00007", "00008", "00009"]
    assert [str(one) for one in frame["at"]] == [
        "2024-04-03 00:00:00",
        "2023-12-25 00:00:00",
        "2024-01-02 15:30:00",
    ]
    assert frame["Note"].tolist()[:2] == [8, 7]
    assert str(frame["Note"].dtype) == "Int64"
    assert frame["text"].tolist() == ["=1+1 c’est peu", "Déçu", "Ça va"]
    assert frame["Part"].tolist()[:2] == ["12.5%", "50.0%"]
    assert report.sheet == "Sheet"
    assert report.rows_of("cell_error") == report.rows_of("no_text") == [5]


def test_a_comment_written_as_a_formula_is_not_lost(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", [["id", "comment"], ["a", "=cmd|' /C calc'!A0"], ["b", "ok"]])
    frame, report = read(path)
    assert frame["text"].tolist() == ["=cmd|' /C calc'!A0", "ok"]
    assert report.rows_of("formula") == [2]


def test_merged_cells_repeat_their_value_but_never_a_text(tmp_path: Path) -> None:
    rows = [
        ["respondent", "channel", "comment"],
        ["ana", "shop", "first of ana"],
        [None, "web", "second of ana"],
        ["bob", "web", "one text of bob"],
        [None, "shop", None],
    ]
    path = save(tmp_path / "a.xlsx", rows, ("A2:A3", "A4:A5", "C4:C5"))
    frame, report = read(path)
    assert frame["respondent"].tolist() == ["ana", "ana", "bob"]
    assert frame["text"].tolist() == ["first of ana", "second of ana", "one text of bob"]
    assert report.rows_of("merged_text") == [5]


def test_group_headers_above_the_header_are_joined(tmp_path: Path) -> None:
    rows = [["id", "scores", None, "comment"], [None, "ease", "speed", None], ["a", 1, 2, "good"]]
    path = save(tmp_path / "a.xlsx", rows, ("A1:A2", "B1:C1", "D1:D2"))
    frame, _ = read(path)
    assert frame[["scores / ease", "scores / speed", "text", "row"]].values.tolist() == [
        [1, 2, "good", 3]
    ]


def test_a_title_across_the_sheet_is_no_header(tmp_path: Path) -> None:
    rows = [["Survey 2024", None, None], [None] * 3, ["id", "comment", "n"], ["a", "good", 1]]
    frame, _ = read(save(tmp_path / "a.xlsx", rows, ("A1:C1",)))
    assert frame[["row", "id", "text", "n"]].values.tolist() == [[4, "a", "good", 1]]


def test_sheets_are_chosen_by_name_number_or_content(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for name in ("first", "second"):
        sheet = book.create_sheet(name)
        sheet.append(["id", "comment"])
        sheet.append(["1", f"of the {name}"])
    hidden = book.create_sheet("hidden", 0)
    hidden.append(["comment"])
    hidden.append(["secret words"])
    hidden.sheet_state = "hidden"
    path = tmp_path / "a.xlsx"
    book.save(path)
    frame, report = read(path)
    assert (report.sheet, frame["text"].tolist()) == ("first", ["of the first"])
    assert any(one.about == "sheet" for one in report.guessed)
    assert read(path, sheet="second")[0]["text"].tolist() == ["of the second"]
    assert read(path, sheet=0)[0]["text"].tolist() == ["secret words"]
    with pytest.raises(ReadError, match="did you mean 'second'"):
        read(path, sheet="secnd")
    with pytest.raises(ReadError, match="counted from 0"):
        read(path, sheet=9)


def test_empty_rows_below_the_table_are_no_rows(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["id", "comment"], ["1", "good"], ["", ""], ["2", "bad"]]
    path = save(tmp_path / "a.xlsx", rows + [[None, ""]] * 50)
    frame, report = read(path)
    assert frame["row"].tolist() == [2, 4]
    assert report.rows == 3
    assert report.rows_of("blank_row") == [3]


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", [["comment"], ["good"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/zeros.bin", b"\0" * 30_000_000)
    with pytest.raises(ReadError, match=r"Limits\(unpacked="):
        read(path, limits=Limits(unpacked=10_000_000))
    assert len(read(path)[0]) == 1


def test_entities_in_the_xml_are_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", [["comment"], ["good"]])
    evil = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(evil, "w") as new:
        for one in old.infolist():
            data = old.read(one)
            if one.filename.endswith("sheet1.xml"):
                data = (
                    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + data.split(b"?>")[-1]
                )
            new.writestr(one, data)
    with pytest.raises(ReadError, match="entities"):
        read(evil)


def test_a_damaged_workbook_is_refused_in_our_words(tmp_path: Path) -> None:
    whole = save(tmp_path / "a.xlsx", [["comment"], ["good"]]).read_bytes()
    for length in (10, 100, len(whole) // 2, len(whole) - 30):
        path = tmp_path / "cut.xlsx"
        path.write_bytes(whole[:length])
        with pytest.raises(ReadError):
            read(path)
    damaged = bytearray(whole)
    damaged[200:260] = b"x" * 60
    path.write_bytes(bytes(damaged))
    with pytest.raises(ReadError):
        read(path)


def test_a_workbook_named_csv_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", [["id", "comment"], ["1", "good"]]).rename(tmp_path / "a.csv")
    frame, report = read(path)
    assert frame["text"].tolist() == ["good"]
    assert report.format == "XLSX"
    assert any(one.about == "format" for one in report.guessed)
