"""CSV and TSV of any encoding, delimiter and line end."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from cjm_widgets.errors import ArgumentError, ReadError
from cjm_widgets.read import Limits, read, stream

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252")
# Many control characters make a file binary, so only those of texts are drawn.
SIGNS = st.one_of(
    st.characters(exclude_characters="\ufffd\ufeff", exclude_categories=["Cs", "Cc"]),
    st.sampled_from(",;\t|\n\r\"\\'#= \x1f"),
)
WIDE = st.text(SIGNS, max_size=12)


def write(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path


def as_csv(rows: list[list[str]], delimiter: str, end: str = "\r\n") -> str:
    held = io.StringIO(newline="")
    # Python 3.11 quotes only the line end it writes itself.
    quoting = csv.QUOTE_MINIMAL if end == "\r\n" else csv.QUOTE_ALL
    csv.writer(held, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return held.getvalue()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.tuples(WIDE, WIDE), min_size=1, max_size=12),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "utf-16")),
    end=st.sampled_from(("\n", "\r\n", "\r")),
    chunk=st.integers(1, 7),
)
def test_any_table_of_texts_reads_back_equal(
    tmp_path: Path,
    rows: list[tuple[str, str]],
    delimiter: str,
    encoding: str,
    end: str,
    chunk: int,
) -> None:
    table = [["key", "said", "more"]]
    table += [[f"k{i}", said, more] for i, (said, more) in enumerate(rows)]
    path = write(tmp_path / "any.csv", as_csv(table, delimiter, end), encoding)
    wanted = [(i + 2, f"k{i}", said, more) for i, (said, more) in enumerate(rows) if said.strip()]
    if not wanted:
        with pytest.raises(ReadError, match="no row has a text"):
            read(path, text="said")
        return
    frame, report = read(path, text="said")
    assert report.delimiter == delimiter
    assert frame["row"].tolist() == [row for row, *_ in wanted]
    assert frame["key"].tolist() == [key for _, key, *_ in wanted]
    assert frame["text"].tolist() == [said for *_, said, _ in wanted]
    if str(frame["more"].dtype) == "str":
        assert frame["more"].fillna("").tolist() == [more for *_, more in wanted]
    else:
        assert all(more.strip().lstrip("-")[:1] in "0123456789.,nN#" for *_, more in rows if more)
    assert report.rows == len(rows)
    assert report.left_out == len(rows) - len(wanted)
    streamed = stream(path, text="said", chunk=chunk)
    texts = [text for part in streamed for text in part["text"]]
    assert texts == frame["text"].tolist()
    assert streamed.report == report


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(WIDE, min_size=1, max_size=10), quote=st.booleans())
@example(texts=["\x1f", "0\x1f"], quote=False)
def test_one_column_of_texts_with_any_signs_is_one_column(
    tmp_path: Path, texts: list[str], quote: bool
) -> None:
    # A file with many control characters is refused as none of text.
    assume(sum(sign < " " or sign == "\x7f" for text in texts for sign in text) <= 3)
    held = io.StringIO(newline="")
    writer = csv.writer(held, quoting=csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL)
    writer.writerows([["comment"], *([one] for one in texts)])
    path = write(tmp_path / "one.csv", held.getvalue(), "utf-8")
    wanted = [one for one in texts if one.strip()]
    if wanted:
        assert read(path, text="comment")[0]["text"].tolist() == wanted


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings_are_found_and_said(tmp_path: Path, encoding: str) -> None:
    path = write(
        tmp_path / "a.csv", "id;avis\r\n1;Très déçu, « à éviter »\r\n2;Ça va\r\n", encoding
    )
    frame, report = read(path)
    assert frame["text"].tolist() == ["Très déçu, « à éviter »", "Ça va"]
    assert report.encoding == encoding.removesuffix("-sig")
    assert report.replaced == 0


def test_bytes_that_cp1252_leaves_undefined_are_latin_1(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id;avis\n1;déjà\x81 vu\n".encode("latin-1"))
    frame, report = read(path)
    assert report.encoding == "latin-1"
    assert frame["text"].tolist() == ["déjà\x81 vu"]


def test_a_few_broken_bytes_do_not_turn_utf_8_into_mojibake(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,avis\n" + "1,déçu été à côté\n".encode() * 20 + b"2,caf\xe9!\n")
    frame, report = read(path)
    assert (report.encoding, report.replaced) == ("utf-8", 1)
    assert frame["text"].tolist()[0] == "déçu été à côté"
    assert frame["text"].tolist()[-1] == "caf\ufffd!"


def test_nul_is_replaced_and_reported_with_its_row(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,comment\n1,good\n2,b\x00d\n3,fine indeed\n")
    frame, report = read(path)
    assert frame["text"].tolist() == ["good", "b\ufffdd", "fine indeed"]
    assert report.replaced == 1
    assert report.rows_of("replaced") == [3]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(tmp_path: Path, end: str) -> None:
    content = end.join(["id,comment", "1,good", "", '2,"not' + end + 'good"', "3,well", ""])
    frame, report = read(write(tmp_path / "a.csv", content))
    assert frame["text"].tolist() == ["good", f"not{end}good", "well"]
    assert frame["row"].tolist() == [2, 4, 5]
    assert report.rows_of("blank_row") == [3]


def test_french_excel_reads_right(tmp_path: Path) -> None:
    content = (
        "Numéro;Date de réponse;Canal;Note;Montant;Commentaire\r\n"
        "007;03/04/2024;Téléphone;8,5;1 234,50;Très bien, merci\r\n"
        "008;25/12/2023 18:30;Magasin;7;12\u202f345,5;Bof ; déçu\r\n"
    ).replace("Bof ; déçu", '"Bof ; déçu"')
    path = write(tmp_path / "a.csv", content.replace("\u202f", "\xa0"), "cp1252")
    frame, report = read(path)
    assert frame["id"].tolist() == ["007", "008"]
    assert [str(one) for one in frame["at"]] == ["2024-04-03 00:00:00", "2023-12-25 18:30:00"]
    assert frame["channel"].tolist() == ["Téléphone", "Magasin"]
    assert frame["text"].tolist() == ["Très bien, merci", "Bof ; déçu"]
    assert frame["Note"].tolist() == [8.5, 7.0]
    assert frame["Montant"].tolist() == [1234.5, 12345.5]
    assert (report.delimiter, report.encoding) == (";", "cp1252")
    assert "dd/mm/yyyy" in str(report)
    narrow = write(tmp_path / "b.csv", content, "utf-8")
    assert read(narrow)[0]["Montant"].tolist() == [1234.5, 12345.5]


def test_sep_line_of_excel_is_no_row(tmp_path: Path) -> None:
    frame, report = read(write(tmp_path / "a.csv", 'sep=;\r\nid;avis\r\n1;"a;b"\r\n'))
    assert frame[["row", "text"]].values.tolist() == [[2, "a;b"]]
    assert report.delimiter == ";"


def test_lines_before_the_table_are_told_from_its_header(tmp_path: Path) -> None:
    content = "Survey of spring;;\r\n;;\r\nid;comment;score\r\n1;good;3\r\n2;bad;4\r\n"
    frame, report = read(write(tmp_path / "a.csv", content))
    assert frame["row"].tolist() == [4, 5]
    assert frame["score"].tolist() == [3, 4]
    assert any(one.because == "preamble" for one in report.guessed)


def test_a_question_with_a_comma_is_one_column(tmp_path: Path) -> None:
    content = "What did you like, and why?\nThe food, the staff, the view\nNothing\nAll, really\n"
    frame, _ = read(write(tmp_path / "a.csv", content))
    assert frame["text"].tolist() == ["The food, the staff, the view", "Nothing", "All, really"]


def test_ragged_rows_are_kept_and_reported_wherever_they_stand(tmp_path: Path) -> None:
    lines = [f"{i},text number {i},x" for i in range(2, 5002)]
    lines[3000] = "3002,text number 3002"
    lines[4000] = "4002,text number 4002,x,extra"
    frame, report = read(write(tmp_path / "a.csv", "id,comment,tag\n" + "\n".join(lines)))
    assert len(frame) == 5000
    assert (frame["row"].astype(str) == frame["id"]).all()
    assert report.rows_of("too_few_cells") == [3002]
    assert report.rows_of("too_many_cells") == [4002]


def test_a_quote_that_is_never_closed_is_refused_with_its_row(tmp_path: Path) -> None:
    good = "".join(f"{i},fine text\n" for i in range(50))
    path = write(tmp_path / "a.csv", f'id,comment\n{good}50,"never closed\n51,x\n')
    with pytest.raises(ReadError, match=r"row 52.*never closed"):
        read(path)
    path.write_text(f'id,comment\n{good}50,"never closed\n51,a "quoted" word\n{good}', "utf-8")
    assert read(path)[1].rows_of("stray_quote") == [52]
    path = write(tmp_path / "b.csv", f'id,comment\n{good}50,"open' + "word, " * 300_000)
    with pytest.raises(ReadError, match=r"row 52.*never closed"):
        read(path)


def test_a_stray_quote_inside_a_cell_is_a_letter_like_any_other(tmp_path: Path) -> None:
    frame, _ = read(write(tmp_path / "a.csv", 'id,comment\n1,a 5" screen\n2,fine by me\n'))
    assert frame["text"].tolist() == ['a 5" screen', "fine by me"]


def test_a_text_longer_than_a_block_is_read(tmp_path: Path) -> None:
    long = "word " * 190_000
    frame, _ = read(write(tmp_path / "a.csv", f'id,comment\n1,"{long}"\n2,short\n'))
    assert frame["text"].tolist() == [long, "short"]
    with pytest.raises(ReadError, match=r"Limits\(cell="):
        read(tmp_path / "a.csv", limits=Limits(cell=1000))


def test_the_delimiter_and_the_encoding_can_be_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id~avis\n1~déjà\n", "mac_roman")
    frame, _ = read(path, delimiter="~", encoding="mac_roman")
    assert frame["text"].tolist() == ["déjà"]
    for wrong in ("", ";;", '"', "\n", "é"):
        with pytest.raises(ArgumentError, match="delimiter="):
            read(path, delimiter=wrong)
    for wrong in ("klingon", "rot13", "base64"):
        with pytest.raises(ArgumentError, match="encoding="):
            read(path, encoding=wrong)


def test_a_tab_parted_text_file_is_a_table(tmp_path: Path) -> None:
    frame, report = read(write(tmp_path / "a.txt", "id\tcomment\n01\tgood\n02\tnot good\n"))
    assert frame["id"].tolist() == ["01", "02"]
    assert report.format == "TSV"


def test_plain_text_is_read_by_line_or_by_paragraph(tmp_path: Path) -> None:
    frame, report = read(write(tmp_path / "a.txt", "one\n\n two, \nthree\t\n"))
    assert frame[["row", "text"]].values.tolist() == [[1, "one"], [3, " two, \nthree\t"]]
    assert "paragraph" in str(report)
    frame, report = read(write(tmp_path / "b.txt", "one\r\n\r\ntwo\r\n"))
    assert frame[["row", "text"]].values.tolist() == [[1, "one"], [3, "two"]]
    lines = "\n".join(f"line {i}" for i in range(100))
    assert len(read(write(tmp_path / "c.txt", lines + "\n\nlast"))[0]) == 101
