"""JSONL, and JSON files that hold one list: of objects, or of texts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cjm_widgets.errors import ReadError
from cjm_widgets.read import encoding as encodings
from cjm_widgets.read import headers
from cjm_widgets.read.cells import FORBIDDEN, clean, shown
from cjm_widgets.read.encoding import Encoding
from cjm_widgets.read.report import Guess, Problems
from cjm_widgets.read.table import Spool, Table
from cjm_widgets.read.wish import Wish

_DEPTH = 4


def read_json_lines(path: Path, wish: Wish) -> Table:
    """One JSON object per line; a line that is none is noted and left out.

    Raises
    ------
    ReadError
        If no line holds an object or a text.
    """
    found = encodings.find(path, wish.encoding, wish.file)
    gathered = _Gathered(wish, found)
    with path.open("r", encoding=found.codec, errors="replace", newline="\n") as file:
        for number, line in enumerate(file, 1):
            wish.limits.hold("cell", len(line), "a line has characters:", wish.file, number)
            if not line.strip("\ufeff \t\r\n"):
                continue
            try:
                value = json.loads(line.strip("\ufeff"))
            except (ValueError, RecursionError):
                gathered.refuse(number, line.strip())
            else:
                gathered.add(number, value)
    return gathered.table("JSONL")


def read_json(path: Path, wish: Wish) -> Table:
    """A JSON file that holds a list, or an object in which exactly one list of objects is.

    Raises
    ------
    ReadError
        If it is not JSON or holds no such list.
    """
    found = encodings.find(path, wish.encoding, wish.file)
    text = path.read_text(encoding=found.codec, errors="replace").removeprefix("\ufeff")
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and "\n" in text.strip():
            return read_json_lines(path, wish)
        raise ReadError(
            f"this is not JSON: {error.msg}", file=wish.file, row=error.lineno
        ) from None
    except RecursionError:
        raise ReadError("the JSON is nested too deeply to be read", file=wish.file) from None
    except ValueError as error:
        raise ReadError(f"this is not JSON: {error}", file=wish.file) from None
    gathered = _Gathered(wish, found)
    if isinstance(whole, dict):
        lists = [
            (key, value)
            for key, value in whole.items()
            if isinstance(value, list) and value and isinstance(value[0], dict)
        ]
        if len(lists) != 1:
            raise ReadError(
                "the JSON is an object with "
                f"{len(lists)} lists of objects in it; one list is needed: "
                '[{"text": "…"}, …], or one object per line in a .jsonl file',
                file=wish.file,
            )
        gathered.guessed.append(Guess("list", lists[0][0], "only_list"))
        whole = lists[0][1]
    if not isinstance(whole, list):
        raise ReadError('the JSON is no list; [{"text": "…"}, …] is needed', file=wish.file)
    for number, one in enumerate(whole, 1):
        gathered.add(number, one)
    return gathered.table("JSON")


def _flat(value: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[Any, Any]]:
    """The keys of an object as paths, those of objects in it too; lists stay what they are."""
    for key, cell in value.items():
        path = (*above, key)
        if isinstance(cell, dict) and cell and len(path) < _DEPTH:
            yield from _flat(cell, path)
        else:
            yield path, cell


class _Gathered:
    """Objects as rows; a column is there from the first object that has it."""

    def __init__(self, wish: Wish, found: Encoding) -> None:
        self.wish, self.found = wish, found
        self.problems = Problems(wish.limits.problems)
        self.guessed: list[Guess] = []
        self.spool = Spool()
        self.columns: dict[tuple[str, ...], int] = {}
        self.lost = self.replaced = 0

    def add(self, number: int, value: Any) -> None:
        """Keep one object, or a text as the only cell of its row."""
        if isinstance(value, str):
            value = {"text": value}
        if not isinstance(value, dict):
            self.refuse(number, json.dumps(value))
            return
        cells = dict(_flat(value))
        for path in cells:
            self.columns.setdefault(path, len(self.columns))
        self.wish.limits.hold(
            "columns", len(self.columns), "the objects have keys:", self.wish.file
        )
        row: list[str | None] = [None] * len(self.columns)
        for path, cell in cells.items():
            row[self.columns[path]] = self._text(cell, number, ".".join(path))
        self.spool.add(number, row)
        self.wish.limits.hold("rows", self.spool.count, "there are at least rows:", self.wish.file)

    def _text(self, cell: Any, number: int, key: str) -> str | None:
        text = shown(cell)
        if text is None:
            return None
        self.wish.limits.hold("cell", len(text), "a cell has characters:", self.wish.file, number)
        if FORBIDDEN.search(text):
            text, count = clean(text)
            self.replaced += count
            self.problems.add("replaced", number, clean(key)[0], text)
        return text

    def refuse(self, number: int, line: str) -> None:
        """Note a line that is no object."""
        self.lost += 1
        self.problems.add("not_json", number, None, clean(line)[0])

    def table(self, name: str) -> Table:
        """What was gathered."""
        if not self.spool.count:
            raise ReadError(
                "no JSON object was found: "
                + ("every line is something else" if self.lost else "the file is empty"),
                file=self.wish.file,
            )
        width = len(self.columns)
        header = headers.named([clean(".".join(path))[0] for path in self.columns], 0)
        spool = self.spool
        spool.flush()

        def batches() -> Iterator[Any]:
            return spool.batches(width)

        return Table(
            columns=header.names,
            batches=batches,
            format=name,
            problems=self.problems,
            blank=header.blank,
            encoding=self.found.name,
            replaced=self.found.replaced + self.replaced,
            guessed=self.guessed,
            lost=self.lost,
        )
