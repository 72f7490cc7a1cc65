"""Codebooks of files: tables, JSON, and REFI-QDA's ``.qdc``, which other tools write."""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ET  # entities are refused before it sees the file
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from cjm_widgets.errors import CjmError, FileMissing, ReadError
from cjm_widgets.model.codebook import (
    CODE_KINDS,
    COLOURS,
    Code,
    Codebook,
    CodeKind,
    guid_of,
    key_of,
)
from cjm_widgets.read.whole import read_table

_GUARDED = re.compile(r"'\s*[=+\-@＝＋－＠﹢﹣﹦﹫−]")
"""A cell that this package, or a careful program, kept from being a formula."""
LARGEST = 20_000_000
"""Bytes a codebook may have."""
MOST = 20_000
DEEPEST = 60
_SYNONYMS = {
    "tag": "name", "label": "name", "nom": "name", "libelle": "name", "description": "definition",
    "color": "colour", "couleur": "colour", "type": "kind", "parent code": "parent", "key": "code",
    "id": "code",
}  # fmt: skip


def read_codebook(path: str | os.PathLike[str], known: Codebook | None = None) -> Codebook:
    """A codebook of a file; the suffix says what it is.

    Parameters
    ----------
    path
        ``.qdc`` (REFI-QDA codebook of NVivo, ATLAS.ti, MAXQDA, QualCoder, Taguette…),
        ``.json``, or a table (``.csv``, ``.tsv``, ``.xlsx``…) with a column `name`, `code` or
        `tag`.
    known
        The study's codebook: a code of a ``.qdc`` that this package wrote gets its key back,
        another one with the same name under the same parent keeps the key it has here.

    Returns
    -------
    Codebook

    Raises
    ------
    FileMissing, ReadError
        If the file is not there, is damaged, too large, or no codebook.
    """
    file = Path(path)
    if not file.is_file():
        raise FileMissing("there is no such file; check its name and folder", file=str(path))
    if file.stat().st_size > LARGEST:
        raise ReadError(f"a codebook has at most {LARGEST:,} bytes", file=file.name)
    suffix = file.suffix.casefold()
    try:
        if suffix == ".qdc":
            return _of_qdc(file, known or Codebook())
        if suffix == ".json":
            return _of_json(file)
        return _of_table(file)
    except ReadError:
        raise
    except CjmError as error:
        raise ReadError(str(error), file=file.name) from error


def _of_table(file: Path) -> Codebook:
    frame, _ = read_table(file)
    named: dict[str, str] = {}
    for name in frame.columns:
        plain = str(name).strip().casefold()
        wanted = _SYNONYMS.get(plain, plain)
        named[name] = wanted if wanted not in {*frame.columns, *named.values()} else plain
    plain_texts = frame.rename(columns=named).map(_unguarded)
    return Codebook.from_frame(plain_texts)


def _unguarded(value: Any) -> Any:
    """A cell without the apostrophe that keeps spreadsheets from running it.

    >>> _unguarded("'=1+1"), _unguarded("'tis late")
    ('=1+1', "'tis late")
    """
    return value[1:] if isinstance(value, str) and _GUARDED.match(value) else value


def _of_json(file: Path) -> Codebook:
    try:
        found = json.loads(file.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ReadError(f"this is no JSON ({error})", file=file.name) from error
    rows = found.get("codes") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ReadError(
            "a codebook in JSON is a list of codes, or an object with the list 'codes'; each code "
            "has 'name' and may have 'code', 'parent', 'kind', 'definition', 'colour'",
            file=file.name,
        )
    columns = ("code", "parent", "kind", "name", "definition", "colour")
    table = [{name: _text(row.get(name)) for name in columns} for row in rows]
    return Codebook.from_frame(pd.DataFrame(table, columns=list(columns)))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _of_qdc(file: Path, known: Codebook) -> Codebook:
    root = _root(file)
    if _local(root) != "codebook":
        raise ReadError(
            f"its root element is {_local(root)!r}, not CodeBook: this is no REFI-QDA codebook; "
            f"export the codebook (.qdc) again",
            file=file.name,
        )
    kinds = dict(_kinds(root))
    there = {guid_of(code.key): code.key for code in known}
    names = {(code.parent, code.name): code.key for code in known}
    taken: set[str] = set()
    made: list[Code] = []

    def add(element: ET.Element, parent: Code | None, depth: int) -> None:
        if depth > DEEPEST or len(made) >= MOST:
            raise ReadError(
                f"a codebook has at most {MOST:,} codes, {DEEPEST} deep", file=file.name
            )
        guid = (element.get("guid") or "").strip("{} ").casefold()
        name = (element.get("name") or "").strip()
        if not name:
            raise ReadError(f"code number {len(made) + 1} has no name", file=file.name)
        above = parent.key if parent else None
        key = there.get(guid) or names.get((above, name)) or _free(key_of(name), taken)
        if key in taken:
            key = _free(key, taken)
        taken.add(key)
        code = Code(
            key,
            name,
            kinds.get(guid) or (parent.kind if parent else "theme"),
            above,
            _description(element),
            _colour(element.get("color")) or COLOURS[len(made) % len(COLOURS)],
        )
        made.append(code)
        for child in _children(element, "code"):
            add(child, code, depth + 1)

    for holder in _children(root, "codes"):
        for element in _children(holder, "code"):
            add(element, None, 1)
    if not made:
        raise ReadError("the file holds no code", file=file.name)
    return Codebook(tuple(made))


def _root(file: Path) -> ET.Element:
    body = file.read_bytes()
    start = body[:4096].replace(b"\x00", b"").upper()
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start or b"<!ENTITY" in body.upper():
        raise ReadError("its XML declares entities, which no codebook does", file=file.name)
    try:
        return ET.fromstring(body)  # noqa: S314  # entities were refused above
    except (ET.ParseError, RecursionError, ValueError, LookupError) as error:
        raise ReadError(
            f"its XML is damaged ({error}); export the codebook again", file=file.name
        ) from error


def _local(element: ET.Element) -> str:
    """An element's name without its namespace, which tools write in several ways."""
    return str(element.tag).rsplit("}", 1)[-1].casefold()


def _children(element: ET.Element, name: str) -> Iterator[ET.Element]:
    return (child for child in element if _local(child) == name)


def _kinds(root: ET.Element) -> Iterator[tuple[str, CodeKind]]:
    """GUIDs and kinds, from the sets that this package writes one of for each kind."""
    for sets in _children(root, "sets"):
        for one in _children(sets, "set"):
            name = (one.get("name") or "").removeprefix("kind: ")
            kind = next((k for k in CODE_KINDS if k == name), None)
            if kind is None:
                continue
            for member in _children(one, "membercode"):
                target = member.get("guid") or member.get("targetGUID") or ""
                yield target.strip("{} ").casefold(), kind


def _description(element: ET.Element) -> str:
    found = next(_children(element, "description"), None)
    return "" if found is None else "".join(found.itertext()).strip()


def _colour(value: str | None) -> str:
    plain = (value or "").strip()
    if re.fullmatch(r"#[0-9a-fA-F]{3}", plain):
        plain = "#" + "".join(2 * digit for digit in plain[1:])
    return plain.lower() if re.fullmatch(r"#[0-9a-fA-F]{6}", plain) else ""


def _free(key: str, taken: set[str]) -> str:
    if key not in taken:
        return key
    number = 2
    while f"{key}-{number}" in taken:
        number += 1
    return f"{key}-{number}"
