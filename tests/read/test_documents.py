"""Interviews as files: Word, subtitles, text, and folders of them."""

from __future__ import annotations

import contextlib
import io
import zipfile
from pathlib import Path

import docx
import pytest

import cjm_widgets as cjm
from cjm_widgets.errors import ReadError
from cjm_widgets.read import Limits, read, stream
from cjm_widgets.read.captions import as_text


def one(path: Path, **options: object) -> str:
    """The only text of a file."""
    frame, _ = read(path, **options)  # type: ignore[arg-type]
    assert len(frame) == 1
    return str(frame["text"].iloc[0])


def test_a_text_file_that_is_an_interview_is_one_text(tmp_path: Path) -> None:
    path = tmp_path / "anna.txt"
    path.write_text("Interview\n\nINT: How was it?\n\nAnna: Slow.\n\nVery slow.\n", "utf-8")
    frame, report = read(path)
    assert frame["id"].tolist() == ["anna.txt"]
    assert frame["respondent"].tolist() == ["anna"]
    assert report.guessed[0].because == "transcript"
    path.write_text("Too slow\n\nNobody came: a shame\n\nGood photos\n", "utf-8")
    assert read(path)[0]["text"].tolist() == ["Too slow", "Nobody came: a shame", "Good photos"]


def test_speakers_named_by_the_caller_make_a_file_one_text(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_text("dan: So: what?\nthe boss: Fine.", "utf-8")
    assert len(read(path)[0]) == 2
    assert len(read(path, interviewer="Dan", speakers={"the boss": "c1"})[0]) == 1
    with pytest.raises(cjm.ArgumentError, match="speaker"):
        read(path, interviewer=[""])


def test_voices_of_webvtt_are_turns() -> None:
    text, names = as_text(
        "WEBVTT\n\nNOTE hidden\n\nSTYLE\n::cue{}\n\n1\n00:01.500 --> 00:02.000 align:start\n"
        "<v.loud Ana &amp; Bo>It <b>was</b> <00:01.700>slow.</v>\n\n"
        "00:02.000 --> 00:03.000\n<v Ana &amp; Bo>Really.\n\n"
        "01:00:03.000 --> 01:00:04.000\n<v ted>R&amp;D &lt;3"
    )
    assert text == "[00:00:01] Ana & Bo: It was slow. Really.\n\n[01:00:03] ted: R&D <3"
    assert names == ("Ana & Bo", "ted")


def test_names_in_srt_are_turns_and_lower_case_ones_too(tmp_path: Path) -> None:
    path = tmp_path / "talk.srt"
    path.write_text(
        "1\n00:00:01,000 --> 00:00:02,000\nann: hello\n\n"
        "2\n00:00:02,000 --> 00:00:03,000\nann: there\n\n"
        "3\n00:00:03,000 --> 00:00:04,000\nbob: hi\n\n4\n00:00:04,000 --> 00:00:05,000\nann: so\n",
        "utf-8",
    )
    flow = stream(path)
    assert next(iter(flow))["text"].iloc[0].split("\n\n") == [
        "[00:00:01] ann: hello there",
        "[00:00:03] bob: hi",
        "[00:00:04] ann: so",
    ]
    assert flow.speech.labels == ("ann", "bob")


def test_captions_without_speakers_run_on_with_paragraphs_at_pauses() -> None:
    text, names = as_text(
        "0:00:00.000,0:00:01.000\nfirst\n\n0:00:01.000,0:00:02.000\nsecond\nline\n\n"
        "0:00:09.000,0:00:10.000\nafter a pause\n"
    )
    assert (text, names) == ("first second line\n\nafter a pause", ())


def test_real_subtitles_are_read(shared_data: Path) -> None:
    folder = shared_data / "transcripts" / "webvtt-py"
    assert one(folder / "youtube_dl.vtt") == "yeah what this will happen is I'm telling"
    assert one(folder / "cue_tags.vtt").startswith("When the moon hits your eye")
    assert one(folder / "styles.vtt") == "- Hello world."
    assert "Kyle" not in one(folder / "comments.vtt")
    for name in ("sample.srt", "sample.sbv", "captions_with_bom.vtt", "using_identifiers.vtt"):
        assert one(folder / name).count("Caption text") >= 4
    zoom = one(shared_data / "transcripts" / "zoom_meeting001_transcript.vtt")
    assert zoom.startswith("[00:00:04] Andrew Knight: Okay, so we're recording.")


def word(*paragraphs: str, table: list[list[str]] | None = None) -> bytes:
    """A Word document."""
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    if table:
        grid = made.add_table(len(table), len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def test_a_word_document_is_one_text_with_its_tables(tmp_path: Path) -> None:
    path = tmp_path / "interview.docx"
    path.write_bytes(
        word("INT : Bonjour ?", "Zoé : Très lent.\tVraiment.",
             table=[["00:12", "INT", "Et après ?"], ["00:20", "Zoé", "Rien."]])
    )  # fmt: skip
    assert one(path).split("\n") == [
        "INT : Bonjour ?",
        "Zoé : Très lent.\tVraiment.",
        "[00:12] INT: Et après ?",
        "[00:20] Zoé: Rien.",
    ]
    assert read(path)[0]["respondent"].tolist() == ["interview"]


def test_tracked_deletions_are_left_out_and_insertions_read(tmp_path: Path) -> None:
    path = tmp_path / "tracked.docx"
    path.write_bytes(
        changed(
            word("PLACE"),
            "<w:t>PLACE</w:t></w:r>",
            "<w:t>It was </w:t></w:r><w:del w:id='1' w:author='x'><w:r><w:delText>fine</w:delText>"
            "</w:r></w:del><w:ins w:id='2' w:author='x'><w:r><w:t>slow</w:t></w:r></w:ins>",
        )
    )
    assert one(path) == "It was slow"


def changed(document: bytes, old: str, new: str, head: str = "") -> bytes:
    """A document with other XML in it."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as source, zipfile.ZipFile(held, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                text = content.decode()
                assert old in text
                content = text.replace(old, new, 1).encode()
                if head:
                    begin = content.index(b"?>") + 2
                    content = content[:begin] + head.encode() + content[begin:]
            target.writestr(name, content)
    return held.getvalue()


def test_entities_of_a_word_document_are_never_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hush", "utf-8")
    path = tmp_path / "evil.docx"
    head = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}"><!ENTITY a "ha">]>'
    path.write_bytes(changed(word("PLACE and more"), "PLACE", "&s;&a;", head))
    with contextlib.suppress(ReadError):  # refusing it altogether is as good
        assert "hush" not in one(path)


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 nothing", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"plain"]
)
def test_what_only_looks_like_word_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.docx"
    path.write_bytes(content)
    with pytest.raises(ReadError):
        read(path)


def test_a_document_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    path.write_bytes(changed(word("PLACE"), "PLACE", "a" * 200_000))
    with pytest.raises(ReadError, match="unpacked"):
        read(path, limits=Limits(unpacked=100_000))
    with pytest.raises(ReadError, match="characters"):
        read(path, limits=Limits(cell=100_000))


def test_a_folder_is_a_text_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "interviews"
    folder.mkdir()
    (folder / "b.txt").write_text("INT: So?\nBo: Fine.", "utf-8")
    (folder / "a.docx").write_bytes(word("INT: So?", "Ana: Slow.", "Cy: Fine."))
    (folder / "c.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Di>Oh.\n", "utf-8")
    (folder / "notes.csv").write_text("a,b\n1,2\n", "utf-8")
    (folder / ".hidden.txt").write_text("hidden", "utf-8")
    (folder / "empty.txt").write_text(" \n", "utf-8")
    frame, report = read(folder)
    assert frame["id"].tolist() == ["a.docx", "b.txt", "c.vtt"]
    assert frame["respondent"].fillna("–").tolist() == ["–", "b", "c"]
    assert sorted(one.kind for one in report.problems) == ["no_document", "no_text"]
    again = stream(folder)
    assert again.sha256 == report.sha256
    assert again.source == "interviews"
    (folder / "b.txt").write_text("INT: So?\nBo: Bad.", "utf-8")
    assert stream(folder).sha256 != report.sha256


def test_a_folder_without_documents_says_what_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n", "utf-8")
    with pytest.raises(ReadError, match=r"\.docx"):
        read(tmp_path)
