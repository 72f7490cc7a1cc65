"""Whole documents as texts: interviews and focus groups, one in a file or a folder of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from cjm_widgets.errors import ReadError
from cjm_widgets.read import encoding as encodings
from cjm_widgets.read.captions import as_text
from cjm_widgets.read.cells import clean
from cjm_widgets.read.report import Guess, Problems
from cjm_widgets.read.table import Spool, Table
from cjm_widgets.read.wish import Wish
from cjm_widgets.read.word import word_text
from cjm_widgets.text.turns import Speech, Turn, turns

CAPTIONS = (".vtt", ".srt", ".sbv")
WORD = (".docx",)
PLAIN = (".txt", ".md", ".text")
COLUMNS = ["id", "respondent", "text"]
"""Of the table that documents make: the file's name, whose it is, and what it says."""


def read_captions(path: Path, wish: Wish) -> Table:
    """A subtitle file as a table of one text."""
    return _Documents(wish).table(path, "captions")


def read_word(path: Path, wish: Wish) -> Table:
    """A Word document as a table of one text."""
    return _Documents(wish).table(path, "DOCX")


def read_whole(path: Path, wish: Wish) -> Table:
    """A text file as a table of one text."""
    return _Documents(wish).table(path, "text")


def transcript(path: Path, wish: Wish, codec: str) -> bool:
    """Whether a text file is one transcript, not a list of texts."""
    if path.stat().st_size > 4 * wish.limits.cell:
        return False
    with path.open("r", encoding=codec, errors="replace", newline=None) as file:
        return bool(turns(file.read(), wish.speech))


def read_folder(path: Path, wish: Wish) -> Table:
    """The documents of a folder as a table, a text a file, in order of their names.

    Raises
    ------
    ReadError
        If no file in it is a document, or one of them cannot be read.
    """
    made = _Documents(wish)
    digest = hashlib.sha256()
    for one in sorted(path.iterdir(), key=lambda one: one.name):
        if one.name.startswith((".", "~$")):
            continue
        if one.is_file() and one.suffix.lower() in (*CAPTIONS, *WORD, *PLAIN):
            digest.update(one.name.encode("utf-8", "surrogateescape") + b"\0")
            digest.update(made.add(one))
        else:
            made.problems.add("no_document", None, None, one.name)
    if not made.spool.count:
        known = ", ".join((*PLAIN, *CAPTIONS, *WORD))
        raise ReadError(
            f"no text stands in this folder; its files ending in {known} are read, a text each; "
            "name a single file to read a table",
            file=wish.file,
        )
    table = made.finished("folder")
    table.sha256 = digest.hexdigest()
    return table


class _Documents:
    """Files as rows."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.spool = Spool(gather=200)
        self.problems = Problems(wish.limits.problems)
        self.labels: dict[str, None] = {}
        self.replaced = self.spoken = 0
        self.encoding: str | None = None

    def add(self, path: Path) -> bytes:
        """Read one file; gives its digest."""
        wish = self.wish if self.wish.file.endswith(path.name) else self._within(path)
        wish.limits.hold("bytes", path.stat().st_size, "the file has bytes:", wish.file)
        text, labels = self._text(path, wish)
        text, count = clean(text)
        self.replaced += count
        wish.limits.hold("cell", len(text), "a text has characters:", wish.file)
        if text.strip():
            self.labels.update(dict.fromkeys(labels))
            known = replace(wish.speech or Speech(), labels=labels)
            said = turns(text, known)
            self.spoken += bool(said)
            self.spool.add(self.spool.count + 1, [path.name, _only_one(path, said), text])
            wish.limits.hold("rows", self.spool.count, "there are at least files:", wish.file)
        else:
            self.problems.add("no_text", None, None, path.name)
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()

    def _within(self, path: Path) -> Wish:
        return replace(self.wish, file=f"{self.wish.file.rstrip('/')}/{path.name}")

    def _text(self, path: Path, wish: Wish) -> tuple[str, tuple[str, ...]]:
        suffix = path.suffix.lower()
        with path.open("rb") as file:
            start = file.read(16)
        if suffix in WORD or start.startswith(b"PK\x03\x04"):
            return word_text(path, wish), ()
        found = encodings.find(path, wish.encoding, wish.file)
        self.encoding, self.replaced = found.name, self.replaced + found.replaced
        with path.open("r", encoding=found.codec, errors="replace", newline=None) as file:
            content = file.read()
        encodings.refuse_binary(content[:8192], found, wish.file)
        if suffix in CAPTIONS or content.lstrip("\ufeff").startswith("WEBVTT"):
            return as_text(content)
        return content.strip("\n"), ()

    def table(self, path: Path, name: str) -> Table:
        """One file as a table."""
        self.add(path)
        if not self.spool.count:
            raise ReadError("the file is empty: it has no text", file=self.wish.file)
        return self.finished(name)

    def finished(self, name: str) -> Table:
        """What was gathered."""
        self.spool.flush()
        spool = self.spool

        def batches() -> Iterator[object]:
            return spool.batches(len(COLUMNS))

        because = "transcript" if self.spoken else "document"
        return Table(
            columns=list(COLUMNS),
            batches=batches,  # type: ignore[arg-type]  # a Spool gives batches
            format=name,
            problems=self.problems,
            encoding=self.encoding,
            replaced=self.replaced,
            guessed=[Guess("kind", name, because)],
            speakers=tuple(self.labels),
            documents=True,
        )


def _only_one(path: Path, said: list[Turn]) -> str | None:
    """The file's name as its respondent; a focus group has no one respondent."""
    answering = {turn.speaker for turn in said if turn.role == "respondent"}
    return None if len(answering) > 1 else path.stem
