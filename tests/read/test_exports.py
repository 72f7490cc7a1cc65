"""What survey tools, help desks and app stores export is read as it comes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from cjm_widgets.read import ReadReport, read
from cjm_widgets.read.dates import one

APP_STORE = (
    "Package Name,App Version Code,Reviewer Language,Review Submit Date and Time,"
    "Review Submit Millis Since Epoch,Star Rating,Review Title,Review Text,Developer Reply Text\n"
    "com.x,12,en,2025-03-04T10:00:01Z,1741082401000,1,,Crashes always 😡,\n"
    "com.x,12,ar,2025-03-05T10:00:01Z,1741182401000,5,,تطبيق رائع جدا,\n"
)
ZENDESK = (
    "Ticket ID,Subject,Description,Requester,Requester email,Created at,Via,Satisfaction Score\n"
    '10231,Late,"Hello,\n\nit has not come.",Ann,ann@example.org,'
    "2025-03-04 10:00:01 +0100,web,bad\n"
    "10232,Refund,Please refund me.,Bo,bo@example.org,2025-03-04 11:00:01 +0100,email,\n"
)
TRUSTPILOT = (
    "Review Id,Review Created (UTC),Review Username,Review Content,Review Stars,Company Reply\n"
    "abc,2025-03-04 10:00:01,Ann,Great and fast,5,\n"
    "def,2025-03-05 10:00:01,Bob,Never again,1,Sorry\n"
)
TYPEFORM = (
    "#,How likely are you to recommend us?,Why did you give this score?,Response Type,"
    "Start Date (UTC),Submit Date (UTC),Network ID\n"
    "8c0a,9,Great and fast delivery,completed,2025-03-04 10:00:01,2025-03-04 10:02:10,a1\n"
    "9c0a,2,It broke after a week,completed,2025-03-05 10:00:01,2025-03-05 10:02:10,a2\n"
)
FORMS = (
    "ID;Heure de début;Heure de fin;Adresse de messagerie;Nom;Que faut-il améliorer ?\n"
    "1;03/04/2025 10:00:01;03/04/2025 10:02:10;a@example.org;A;Plus de caisses ouvertes\n"
    "2;15/04/2025 10:00:01;15/04/2025 10:02:10;b@example.org;B;Rien du tout, parfait\n"
)
KNOWN = {
    "app store": (APP_STORE, {"text": "Review Text", "at": "Review Submit Date and Time",
                              "language": "Reviewer Language"}),
    "help desk": (ZENDESK, {"text": "Description", "id": "Ticket ID", "respondent": "Requester",
                            "at": "Created at", "channel": "Via"}),
    "review site": (TRUSTPILOT, {"text": "Review Content", "id": "Review Id",
                                 "respondent": "Review Username", "at": "Review Created (UTC)"}),
    "form": (TYPEFORM, {"text": "Why did you give this score?", "id": "#",
                        "at": "Submit Date (UTC)"}),
    "French form": (FORMS, {"text": "Que faut-il améliorer ?", "id": "ID",
                            "respondent": "Adresse de messagerie", "at": "Heure de fin"}),
}  # fmt: skip


def told(report: ReadReport, about: str) -> str | None:
    """What the report says of one thing it decided."""
    return next((guess.chosen for guess in report.guessed if guess.about == about), None)


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("name", KNOWN)
def test_the_columns_of_known_exports_are_found(tmp_path: Path, name: str) -> None:
    content, columns = KNOWN[name]
    (tmp_path / "export.csv").write_text(content, encoding="utf-8")
    frame, report = read(tmp_path / "export.csv")
    assert report.columns == columns
    assert len(frame) == 2
    assert frame["at"].notna().all()


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025/03/04 2:05:09 PM GMT+1", "2025-03-04 13:05:09"),
        ("2025/03/04 2:05:09 PM UTC-03:30", "2025-03-04 17:35:09"),
        ("2025-03-04 10:00:01 +0100", "2025-03-04 09:00:01"),
        ("2025-03-04T10:00-5", "2025-03-04 15:00:00"),
        ("45750", "2025-04-03"),
        ("45752.5", "2025-04-05 12:00"),
        ("1741082401", "2025-03-04 10:00:01"),
        ("1741082401500", "2025-03-04 10:00:01.5"),
    ],
)
def test_dates_with_zones_and_counted_ones_are_moments_in_utc(written: str, moment: str) -> None:
    assert one(written, True) == pd.Timestamp(moment).to_pydatetime()


@pytest.mark.parametrize("written", ["12345", "90210", "174108240", "17410824010", "5", "45750a"])
def test_other_numbers_are_no_dates(written: str) -> None:
    assert one(written, True) is None


def test_days_that_excel_counts_are_dates_and_the_report_says_so(tmp_path: Path) -> None:
    rows: list[list[object]] = [["comment", "date"], ["Slow", 45750], ["Fast", 45752.5]]
    workbook(tmp_path / "numbers.xlsx", answers=rows)
    frame, report = read(tmp_path / "numbers.xlsx")
    assert frame["at"].tolist() == [
        pd.Timestamp("2025-04-03"),
        pd.Timestamp("2025-04-05 12:00"),
    ]
    assert any(guess.because == "dates_counted" for guess in report.guessed)
    as_frame = pd.DataFrame({"comment": ["Slow", "Fast"], "date": [1741082401, 1741082402]})
    read_again, _ = read(as_frame)
    assert read_again["at"].notna().all()


SURVEY_MONKEY = (
    "Respondent ID,Collector ID,End Date,Recommend us?,What do you like?,Which channels?,,\n"
    ",,,Response,Open-Ended Response,Website,App,Other (please specify)\n"
    "114,4,03/14/2025 02:09:09 PM,9,The photos are great,Website,,\n"
    "115,4,03/15/2025 02:09:09 PM,3,Nothing really to be honest,,App,a leaflet\n"
)


def test_the_second_header_row_of_surveymonkey_is_no_feedback(tmp_path: Path) -> None:
    (tmp_path / "monkey.csv").write_text(SURVEY_MONKEY, encoding="utf-8")
    frame, report = read(tmp_path / "monkey.csv")
    assert frame["text"].tolist() == ["The photos are great", "Nothing really to be honest"]
    assert frame["row"].tolist() == [3, 4]
    assert frame["respondent"].tolist() == ["114", "115"]
    assert frame["Recommend us?"].tolist() == [9, 3]
    choices = ("Which channels? / Website", "Which channels? / App")
    assert report.attributes[-3:] == (*choices, "Which channels? / Other (please specify)")
    assert not report.counts


def test_other_columns_in_which_people_wrote_are_named(tmp_path: Path) -> None:
    (tmp_path / "form.csv").write_text(
        "Timestamp,How was your visit?,How satisfied are you?,What should we improve?,Shop\n"
        "2025-03-04,Nice and friendly staff,4,Longer opening hours please,Paris Nord Est\n"
        "2025-03-05,Crowded,2,,Paris Nord Est\n"
        "2025-03-06,Fine,5,More people at the till,Paris Nord Est\n",
        encoding="utf-8",
    )
    _, report = read(tmp_path / "form.csv")
    assert report.columns["text"] == "What should we improve?"
    assert told(report, "other_texts") == "How was your visit?"
    _, asked = read(tmp_path / "form.csv", text="What should we improve?")
    assert told(asked, "other_texts") is None


def test_a_title_page_is_passed_over_and_other_sheets_are_named(tmp_path: Path) -> None:
    answers = [["id", "comment"], *([i, f"The {i}th comment"] for i in range(3))]
    cover: list[list[object]] = [["Survey 2025"], ["Made on", "12 May"], ["not for sharing"]]
    path = workbook(tmp_path / "book.xlsx", Cover=cover, Answers=answers, Codes=answers)
    frame, report = read(path)
    assert len(frame) == 3
    assert report.sheet == "Answers"
    assert told(report, "other_sheets") == "Cover, Codes"
    listed: list[list[object]] = [["comment"], *([f"A longer comment {i}"] for i in range(20))]
    path = workbook(tmp_path / "list.xlsx", List=listed, Codes=answers)
    assert read(path)[1].sheet == "List"
    assert len(read(path, sheet="Codes")[0]) == 3


def test_merged_header_rows_below_a_title_make_one_header(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    rows: list[list[object]] = [
        ["Feedback of 2025"],
        [],
        ["Respondent", None, "Feedback", None],
        ["id", "segment", "comment", "rating"],
        ["r1", "A", "The checkout was slow", 2],
        ["r2", "B", "The photos are nice", 4],
    ]
    for row in rows:
        sheet.append(row)
    for merged in ("A1:D1", "A3:B3", "C3:D3"):
        sheet.merge_cells(merged)
    book.save(tmp_path / "merged.xlsx")
    frame, report = read(tmp_path / "merged.xlsx")
    assert frame["text"].tolist() == ["The checkout was slow", "The photos are nice"]
    assert report.columns["text"] == "Feedback / comment"


def test_objects_in_objects_are_columns_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "talks.json").write_text(
        '{"type": "list", "conversations": ['
        '{"id": "1", "created_at": 1741082401, "source": {"body": "It crashes", "author":'
        ' {"id": "u1"}}, "tags": ["a", "b"], "source.body": "kept too", "none": {}},'
        '{"id": "2", "created_at": 1741082402, "source": {"body": "It is slow"}}]}',
        encoding="utf-8",
    )
    frame, report = read(tmp_path / "talks.json")
    assert frame["text"].tolist() == ["It crashes", "It is slow"]
    assert report.columns["respondent"] == "source.author.id"
    assert frame["tags"].tolist()[0] == '["a", "b"]'
    assert frame["source.body_2"].tolist()[0] == "kept too"
    assert frame["at"].notna().all()


@pytest.mark.parametrize("name", ["export.xlsx", "export.xls", "export", "export.dat", "a.parquet"])
def test_a_table_under_a_wrong_name_is_read_and_that_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes("id;avis\r\n1;Très bien\r\n2;Déçu, hélas\r\n".encode("cp1252"))
    frame, report = read(tmp_path / name)
    assert frame["text"].tolist() == ["Très bien", "Déçu, hélas"]
    assert told(report, "format") == "CSV"
    (tmp_path / name).write_text('{"id": 1, "comment": "Good"}\n{"id": 2, "comment": "Bad"}\n')
    assert read(tmp_path / name)[0]["text"].tolist() == ["Good", "Bad"]


def test_texts_that_were_decoded_wrongly_once_are_pointed_out(tmp_path: Path) -> None:
    wrong = "Très déçu, l’été… « à éviter »".encode().decode("cp1252", errors="replace")
    fine = ["Très déçu, l’été… « à éviter »", "NÃO, São João, Ângela, â", "5 € — Ålesund"]
    frame = pd.DataFrame({"comment": [*fine, wrong, "cafÃ©"]})
    read_again, report = read(frame)
    assert report.rows_of("garbled") == [4, 5]
    assert read_again["text"].tolist() == frame["comment"].tolist()


def test_what_is_no_document_in_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "ann.txt").write_text("INT: How was it?\nAnn: Good.\n", encoding="utf-8")
    (tmp_path / "budget.ods").write_text("x", encoding="utf-8")
    _, report = read(tmp_path)
    assert "budget.ods" in str(report)
