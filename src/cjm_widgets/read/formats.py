"""The formats, and which one a file has: by what is in it first, by its name second."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cjm_widgets.errors import FileMissing, ReadError
from cjm_widgets.read import sniff
from cjm_widgets.read.arrowed import read_parquet
from cjm_widgets.read.delimited import read_delimited
from cjm_widgets.read.documents import read_captions, read_folder, read_whole, read_word
from cjm_widgets.read.encoding import blocks
from cjm_widgets.read.excel import read_excel
from cjm_widgets.read.jsonlines import read_json, read_json_lines
from cjm_widgets.read.plain import read_plain
from cjm_widgets.read.report import Guess
from cjm_widgets.read.spss import read_spss
from cjm_widgets.read.table import Table
from cjm_widgets.read.wish import Wish


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file this room reads."""

    name: str
    suffixes: tuple[str, ...]
    open: Callable[[Path, Wish], Table]


FORMATS = (
    Format("CSV", (".csv",), read_delimited),
    Format("TSV", (".tsv", ".tab"), partial(read_delimited, tabs=True)),
    Format("XLSX", (".xlsx", ".xlsm"), read_excel),
    Format("JSONL", (".jsonl", ".ndjson"), read_json_lines),
    Format("JSON", (".json",), read_json),
    Format("Parquet", (".parquet", ".pq"), read_parquet),
    Format("text", (".txt",), read_plain),
    Format("DOCX", (".docx",), read_word),
    Format("captions", (".vtt", ".srt", ".sbv"), read_captions),
    Format("document", (".md",), read_whole),
    Format("SPSS", (".sav", ".zsav"), read_spss),
)
"""Every format with its suffixes; frames need none."""

_BY_SUFFIX = {suffix: one for one in FORMATS for suffix in one.suffixes}
_BY_NAME = {one.name: one for one in FORMATS}

_REFUSED = (
    (b"%PDF", "this is a PDF; export the data as CSV or XLSX"),
    (b"\x1f\x8b", "this is compressed with gzip; unpack it first"),
    (b"\x89PNG", "this is a picture"),
    (b"\xff\xd8\xff", "this is a picture"),
    (b"SQLite format 3\x00", "this is an SQLite database; a study is opened by cjm.Study(…)"),
    (
        b'{"SurveyEntry"',
        "this is a questionnaire of Qualtrics, not its answers; export the data as CSV",
    ),
    (b"{\\rtf", "this is a rich text document; save it as plain text"),
)

# A path of Python's has lost one of an address's two strokes.
_ADDRESS = re.compile(r"[A-Za-z][\w+.\-]+://|(?:https?|ftp|file|s3|gs):/")


def open_file(path: Path, wish: Wish) -> Table:
    """A file as a table, whatever its format.

    Raises
    ------
    FileMissing
        If there is no such file.
    ReadError
        If it is too large, or of a format nobody here reads.
    """
    if _ADDRESS.match(wish.file):
        raise ReadError(
            "this is an address, not a file of this machine; download it and give its path",
            file=wish.file,
        )
    if path.is_dir():
        return read_folder(path, wish)
    _regular(path, wish)
    with path.open("rb") as file:
        start = file.read(4096)
    if not start:
        raise ReadError("the file is empty (0 bytes)", file=wish.file)
    named = _BY_SUFFIX.get(path.suffix.lower())
    found = _by_content(path, start, named, wish)
    if found is None and path.suffix.lower() == ".qdc":
        raise ReadError("this is a codebook; study.load_codebook(…) reads it", file=wish.file)
    if found is None:
        known = ", ".join(_BY_SUFFIX)
        raise ReadError(
            f"the suffix {path.suffix!r} is not known; readable are {known}; save the data as "
            "one of these, or rename the file if it is one",
            file=wish.file,
        )
    digest = hashlib.sha256()
    for block in blocks(path):
        digest.update(block)
    table = found.open(path, wish)
    table.sha256 = digest.hexdigest()
    if found is not named:
        table.guessed.insert(0, Guess("format", found.name, "content"))
    return table


def _regular(path: Path, wish: Wish) -> None:
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise FileMissing(_missing(path), file=wish.file) from None
    except (OSError, ValueError) as error:
        raise ReadError(f"the file cannot be opened: {error}", file=wish.file) from None
    if not stat.S_ISREG(status.st_mode):
        raise ReadError("this is no regular file", file=wish.file)
    if not os.access(path, os.R_OK):
        raise ReadError("the file may not be read: no permission", file=wish.file)
    wish.limits.hold("bytes", status.st_size, "the file has bytes:", wish.file)


def _missing(path: Path) -> str:
    say = "there is no such file"
    try:
        near = difflib.get_close_matches(
            path.name, [one.name for one in path.parent.iterdir()], n=1
        )
    except OSError:
        return f"{say}, nor its folder"
    return f"{say}; did you mean {near[0]!r}?" if near else say


def _by_content(path: Path, start: bytes, named: Format | None, wish: Wish) -> Format | None:
    for mark, why in _REFUSED:
        if start.startswith(mark):
            raise ReadError(why, file=wish.file)
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise ReadError(_ole(path), file=wish.file)
    if start.startswith(b"PAR1"):
        return _BY_NAME["Parquet"]
    if start.startswith(b"PK\x03\x04"):
        return _packed(path, wish)
    if start.startswith((b"$FL2", b"$FL3")):
        return _BY_NAME["SPSS"]
    if start.startswith((b"WEBVTT", b"\xef\xbb\xbfWEBVTT")):
        return _BY_NAME["captions"]
    page = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if page.startswith((b"<html", b"<!doctype html", b"<table")) and named is not _BY_NAME["text"]:
        raise ReadError(
            "this is a web page, whatever its name says; open it in a spreadsheet and save it "
            "as XLSX",
            file=wish.file,
        )
    binary = named in (_BY_NAME["XLSX"], _BY_NAME["Parquet"], _BY_NAME["DOCX"], _BY_NAME["SPSS"])
    if binary or named is None:
        told = sniff.kind(path, wish)
        if told is not None:
            return _BY_NAME[told]
    if binary:
        raise ReadError(
            f"the name says {path.suffix}, but the file is none; export it again, or give it "
            "the suffix of what it is (.csv, .jsonl)",
            file=wish.file,
        )
    return named


def _ole(path: Path) -> str:
    """What to say of a file in Microsoft's old container: encrypted XLSX or old XLS."""
    mark = "EncryptedPackage".encode("utf-16-le")
    with path.open("rb") as file:
        if mark in file.read(1 << 20):
            return "the file is protected by a password; open it and save it without one"
    if path.suffix.lower() in (".doc", ".ppt", ".msg"):
        return "this is an old Office document; save its data as XLSX or CSV"
    return (
        "this is the old Excel format (.xls), or a workbook protected by a password; "
        "open it and save it as XLSX without a password"
    )


def _packed(path: Path, wish: Wish) -> Format:
    try:
        with zipfile.ZipFile(path) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ReadError(
            f"the file is damaged: {error}; save it as XLSX again", file=wish.file
        ) from None
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        if "xl/workbook.bin" in names:
            raise ReadError("this is an XLSB workbook; save it as XLSX", file=wish.file)
        return _BY_NAME["XLSX"]
    if any(name.startswith("word/") for name in names):
        return _BY_NAME["DOCX"]
    if "mimetype" in names and "content.xml" in names:
        raise ReadError("this is an OpenDocument file; save it as XLSX or CSV", file=wish.file)
    raise ReadError("this is a zip archive; unpack it and read a file of it", file=wish.file)
