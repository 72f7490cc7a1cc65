"""pandas frames of any dtypes, Parquet, JSONL; what streams and reports promise."""

from __future__ import annotations

import decimal
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cjm_widgets.read as room
from cjm_widgets.errors import ArgumentError, FileMissing, ReadError
from cjm_widgets.model.columns import FEEDBACK, check
from cjm_widgets.read import Limits, read, stream


def many(rows: int = 53) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [f"r{i:03d}" for i in range(rows)],
            "date": [f"2024-01-{i % 28 + 1:02d}" for i in range(rows)],
            "note": [f"{i},5" if i % 7 else "" for i in range(rows)],
            "commentaire": [f"texte numéro {i}" if i % 5 else "  " for i in range(rows)],
        }
    )


def test_frames_of_any_dtype_are_read() -> None:
    zone = pd.Timestamp("2024-03-31 10:00", tz="Europe/Paris")
    table = pd.DataFrame(
        {
            "comment": pd.Series(["a b", None, np.nan, pd.NA, "é\ud800x\x00"], dtype=object),
            "customer": pd.Categorical([1, 2, 2, 1, 3]),
            "when": pd.Series([zone] * 5),
            "float": [1.0, 2.5, np.nan, np.inf, 3.0],
            "whole": pd.array([1, None, 3, 4, 5], dtype="Int64"),
            "flag": [True, False, True, False, True],
            "mixed": pd.Series([1, "x", 2.0, None, pd.Timestamp("2024-01-01")], dtype=object),
            "money": [decimal.Decimal("1.50")] * 5,
            "period": pd.period_range("2024-01", periods=5, freq="M"),
            "span": pd.to_timedelta([1] * 5, unit="h"),
            ("a", 1): range(5),
            7: list("abcde"),
        }
    )
    frame, report = read(table, text="comment", respondent="customer", at="when")
    check(frame, FEEDBACK, "test")
    assert frame["text"].tolist() == ["a b", "é\ufffdx\ufffd"]
    assert frame["row"].tolist() == [1, 5]
    assert frame["respondent"].tolist() == ["1", "3"]
    assert str(frame["at"].tolist()[0]) == "2024-03-31 08:00:00"
    assert frame["float"].tolist() == [1.0, 3.0]
    assert frame["whole"].tolist() == [1, 5]
    assert frame["flag"].tolist() == ["true", "true"]
    assert frame["mixed"].tolist() == ["1", "2024-01-01"]
    assert frame["money"].tolist() == [1.5, 1.5]
    assert frame["period"].tolist() == ["2024-01", "2024-05"]
    assert frame["a / 1"].tolist() == [0, 4]
    assert frame["7"].tolist() == ["a", "e"]
    assert report.replaced == 2
    assert report.rows_of("replaced") == [5]
    assert report.source == "frame"
    assert "object" not in set(map(str, frame.dtypes))


def test_the_argument_is_not_changed_and_its_index_is_no_trap() -> None:
    table = many().set_index("id").sample(frac=1, random_state=1)
    before = table.copy(deep=True)
    _, report = read(table)
    pd.testing.assert_frame_equal(table, before)
    assert report.columns["id"] == "id"
    doubled = pd.concat([many(), many()])
    assert len(read(doubled)[0]) == 2 * len(read(many())[0])
    series = pd.Series(["one thing", "another thing"])
    assert read(series)[0]["text"].tolist() == ["one thing", "another thing"]


def test_every_format_gives_the_same_rows(tmp_path: Path) -> None:
    table = many()
    wanted, _ = read(table)
    table.to_csv(tmp_path / "a.csv", index=False)
    table.to_csv(tmp_path / "a.tsv", index=False, sep="\t")
    table.to_excel(tmp_path / "a.xlsx", index=False)
    table.to_parquet(tmp_path / "a.parquet")
    table.to_json(tmp_path / "a.jsonl", orient="records", lines=True, force_ascii=False)
    table.to_json(tmp_path / "a.json", orient="records")
    for path in sorted(tmp_path.iterdir()):
        frame, report = read(path)
        pd.testing.assert_frame_equal(frame.drop(columns="row"), wanted.drop(columns="row"))
        assert report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert (report.rows, report.kept, report.left_out) == (53, 42, 11)
        for chunk in (1, 7, 1000):
            streamed = stream(path, chunk=chunk)
            parts = list(streamed)
            assert {tuple(map(str, part.dtypes)) for part in parts} == {
                tuple(map(str, frame.dtypes))
            }
            pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), frame)
            assert streamed.report == report
            assert streamed.total == report.rows


def test_a_stream_can_be_left_and_begun_again(tmp_path: Path) -> None:
    many().to_csv(tmp_path / "a.csv", index=False)
    streamed = stream(tmp_path / "a.csv", chunk=5)
    next(iter(streamed))
    assert streamed.report.rows == 5
    first = [text for part in streamed for text in part["text"]]
    assert first == [text for part in streamed for text in part["text"]]
    assert streamed.report.kept == len(first)
    assert streamed.source == "a.csv"


def test_the_hash_of_a_frame_is_of_its_content() -> None:
    table = many()
    assert stream(table).sha256 == stream(table.copy(), chunk=3).sha256
    other = table.copy()
    other.loc[3, "commentaire"] = "autre chose"
    assert stream(other).sha256 != stream(table).sha256


def test_parquet_of_many_types(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "comment": ["a b", "c d"],
            "at": pd.to_datetime(["2024-01-01", None]).astype("datetime64[ns]"),
            "big": np.array([2**63 + 1, 5], dtype="uint64"),
            "tags": [["x", "é"], []],
            "kind": pd.Categorical(["p", "q"]),
            "n": np.array([1, 2], dtype="int8"),
            "id": [10.0, 11.0],
        }
    )
    table.to_parquet(tmp_path / "a.parquet")
    frame, _ = read(tmp_path / "a.parquet")
    assert frame["id"].tolist() == ["10", "11"]
    assert frame["big"].tolist() == [str(2**63 + 1), "5"]
    assert json.loads(frame["tags"].tolist()[0]) == ["x", "é"]
    assert frame["kind"].tolist() == ["p", "q"]
    assert frame["at"].isna().tolist() == [False, True]
    whole = (tmp_path / "a.parquet").read_bytes()
    for cut in (whole[: len(whole) // 2], whole[:-3], b"PAR1" + b"x" * 50):
        (tmp_path / "cut.parquet").write_bytes(cut)
        with pytest.raises(ReadError):
            read(tmp_path / "cut.parquet")


def test_lines_that_are_no_json_are_left_out_by_row(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [
        '{"id": "01", "comment": "good \\ud800 one", "n": 1}',
        "not json",
        "",
        '{"id": "02", "comment": "bad one", "late": {"a": [1, 2]}, "n": 2.0}',
        "[1, 2]",
        '{"id": "03", "comment": null}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    frame, report = read(path)
    assert frame["row"].tolist() == [1, 4]
    assert frame["id"].tolist() == ["01", "02"]
    assert frame["text"].tolist() == ["good \ufffd one", "bad one"]
    assert frame["n"].tolist() == [1, 2]
    assert frame["late.a"].tolist()[1] == "[1, 2]"
    assert report.rows_of("not_json") == [2, 5]
    assert report.rows_of("no_text") == [6]
    assert (report.rows, report.kept, report.left_out) == (5, 2, 3)


@pytest.mark.parametrize(
    ("name", "content", "say"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\xef\xbb\xbf", "empty"),
        ("a.csv", b"\n\n\r\n", "empty"),
        ("a.csv", b",,,\n,,,\n", "empty"),
        ("a.csv", b"id,comment\n", "no row below"),
        ("a.csv", b"id,comment\n\n\n", "no row below"),
        ("a.csv", b"id,comment\n,\n,\n", "text"),
        ("a.csv", b"%PDF-1.7\n1 0 obj", "PDF"),
        ("a.csv", bytes(range(256)) * 20, "not a text file"),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
        ("a.csv", b"\x1f\x8b\x08" + bytes(100), "gzip"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"\.xls"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        ("a.qdc", b"<?xml version='1.0'?><CodeBook/>", "load_codebook"),
        ("a.cjm", b"SQLite format 3\x00" + bytes(99), r"cjm\.Study"),
        ("a.qsf", b'{"SurveyEntry": {}, "SurveyElements": [{"a": "b c"}]}', "questionnaire"),
        ("a.xls", b"<html><table><tr><td>x</td></tr></table></html>", "web page"),
        ("a.xlsx", b"id;good\nshop", "suffix of what it is"),
        ("a.parquet", b"one line, and no table\n", "suffix of what it is"),
        ("a.docx", b"hello", "suffix"),
        ("a", b"hello, you\nthere\n", "suffix"),
        (
            "a.xls",
            b"<?xml version='1.0'?>\n<Workbook a='1,2'>\n<b c='1,2'>\n",
            r"'\.xls' is not known",
        ),
        ("a.zip", b"PK\x03\x04" + bytes(30), "damaged"),
        ("a.json", b'{"a": 1}', "list"),
        ("a.json", b"[1, 2", "not JSON"),
        ("a.json", b"[" * 100_000, "nested|not JSON"),
        ("a.json", b"[]", "no JSON object"),
        ("a.jsonl", b"x\ny\n", "no JSON object"),
        ("a.txt", b" \n\n", "empty"),
    ],
)
def test_what_is_no_feedback_is_refused_in_plain_words(
    tmp_path: Path, name: str, content: bytes, say: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ReadError, match=say) as caught:
        read(path)
    assert str(path) in str(caught.value)


def test_places_that_are_no_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="folder"):
        read(tmp_path)
    (tmp_path / "survey.csv").write_text("id,comment\n1,x y\n", encoding="utf-8")
    with pytest.raises(FileMissing, match=r"did you mean 'survey\.csv'"):
        read(tmp_path / "survy.csv")
    with pytest.raises(FileMissing):
        read(str(tmp_path / "nowhere" / "x.csv"))
    with pytest.raises(ReadError, match="no regular file"):
        read("/dev/null")
    for address in ("https://example.org/survey.csv", "s3://bucket/survey.csv", "file:///a.csv"):
        with pytest.raises(ReadError, match="download it"):
            read(address)
        with pytest.raises(ReadError, match="download it"):
            read(Path(address))
    for nothing in ("", " "):
        with pytest.raises(ArgumentError, match="path"):
            read(nothing)
    with pytest.raises(ReadError):
        read("bad\x00name.csv")
    for wrong in (None, 3, ["a"], b"x"):
        with pytest.raises(ArgumentError, match="source="):
            read(wrong)  # type: ignore[arg-type]
    with pytest.raises(ReadError, match="0 rows"):
        read(pd.DataFrame({"text": []}))


@pytest.mark.parametrize(
    "limits", [{"bytes": 50}, {"rows": 3}, {"columns": 2}, {"cell": 5}], ids=str
)
@pytest.mark.parametrize("suffix", ["csv", "xlsx", "jsonl", "parquet"])
def test_every_bound_says_how_to_raise_it(
    tmp_path: Path, limits: dict[str, int], suffix: str
) -> None:
    path = tmp_path / f"a.{suffix}"
    writers: dict[str, Any] = {
        "csv": lambda: many().to_csv(path, index=False),
        "xlsx": lambda: many().to_excel(path, index=False),
        "jsonl": lambda: many().to_json(path, orient="records", lines=True),
        "parquet": lambda: many().to_parquet(path),
    }
    writers[suffix]()
    (name,) = limits
    with pytest.raises(ReadError, match=rf"Limits\({name}="):
        read(path, limits=Limits(**limits))
    with pytest.raises(ArgumentError, match=name):
        Limits(**{name: 0})


def test_the_report_is_bounded_escaped_and_speaks_french(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "<script>alert(1)</script>": ["{x}", "y z"] * 20,
            "comment": ["<img src=x onerror=alert(1)>", ""] * 20,
            "date": ["<b>never</b>"] * 40,
        }
    )
    _, report = read(table, at="date", limits=Limits(problems=7))
    assert len(report.problems) == 7
    assert report.counts == {"no_text": 20, "no_date": 20}
    page = report._repr_html_()
    assert "<script" not in page
    assert "&lt;script" in page
    assert report.frame.columns.tolist() == ["row", "column", "value", "why", "kind"]
    assert str(report.frame["row"].dtype) == "Int64"
    assert "40 rows read, 20 texts kept, 20 rows left out" in str(report)
    assert "20 textes gardés" in report.summary("fr")
    with pytest.raises(AttributeError):
        report.rows = 3  # type: ignore[misc]


def test_the_room_itself_can_be_called_as_the_function_it_is_named_after() -> None:
    frame, _ = room(pd.DataFrame({"comment": ["hello there"]}))  # type: ignore[operator]
    assert frame["text"].tolist() == ["hello there"]
