"""What survey tools, help desks and app stores export is read as it comes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from cjm_widgets.read import read
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
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["comment", "date"], ["Slow", 45750], ["Fast", 45752.5]):
        sheet.append(row)
    book.save(tmp_path / "numbers.xlsx")
    frame, report = read(tmp_path / "numbers.xlsx")
    assert frame["at"].tolist() == [
        pd.Timestamp("2025-04-03"),
        pd.Timestamp("2025-04-05 12:00"),
    ]
    assert any(guess.because == "dates_counted" for guess in report.guessed)
    as_frame = pd.DataFrame({"comment": ["Slow", "Fast"], "date": [1741082401, 1741082402]})
    read_again, _ = read(as_frame)
    assert read_again["at"].notna().all()
