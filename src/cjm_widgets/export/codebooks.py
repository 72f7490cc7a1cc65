"""Codebooks as files: REFI-QDA's ``.qdc`` for other tools, JSON and CSV."""

from __future__ import annotations

import csv
import json
import os
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

from cjm_widgets.errors import ArgumentError
from cjm_widgets.export.atomic import written
from cjm_widgets.export.tables import guarded
from cjm_widgets.export.xml_text import xml_text
from cjm_widgets.model.codebook import CODE_KINDS, Codebook, guid_of

_URN = "urn:QDA-XML:codebook:1.0"
_FIELDS = ("code", "parent", "kind", "name", "definition", "colour")


def write_codebook(book: Codebook, path: str | os.PathLike[str]) -> Path:
    """Write a codebook; the suffix says how.

    Parameters
    ----------
    book
        The codes.
    path
        ``.qdc``: for NVivo, ATLAS.ti, MAXQDA, QualCoder, Taguette and others; kinds of codes
        are written as sets, since the format has none. ``.json``: everything. ``.csv``:
        everything, with cells guarded against formulas.

    Raises
    ------
    ArgumentError
        If the suffix is another one, the folder is missing, or a ``.qdc`` would be empty,
        which the format does not allow.
    """
    target = Path(path).expanduser()
    writer = _WRITERS.get(target.suffix.casefold())
    if writer is None:
        raise ArgumentError(
            f"a codebook is written to {', '.join(_WRITERS)}, not to "
            f"{target.suffix or target.name!r}"
        )
    if not target.parent.is_dir():
        raise ArgumentError(f"the folder {str(target.parent)!r} does not exist; create it first")
    if target.suffix.casefold() == ".qdc" and not len(book):
        raise ArgumentError("a .qdc holds one code at least; add codes first (study.add_code)")
    writer(book, target)
    return target


def _rows(book: Codebook) -> list[dict[str, str | None]]:
    return [
        dict(zip(_FIELDS, (c.key, c.parent, c.kind, c.name, c.definition, c.colour), strict=True))
        for c in book
    ]


def _json(book: Codebook, target: Path) -> None:
    with written(target) as file:
        json.dump({"codes": _rows(book)}, file, ensure_ascii=False, indent=2)


def _csv(book: Codebook, target: Path) -> None:
    with written(target, "utf-8-sig") as file:
        table = csv.DictWriter(file, _FIELDS)
        table.writeheader()
        for row in _rows(book):
            table.writerow({name: guarded(value or "") for name, value in row.items()})


def _qdc(book: Codebook, target: Path) -> None:
    root = ET.Element("CodeBook", {"xmlns": _URN, "origin": "cjm-widgets"})
    codes = ET.SubElement(root, "Codes")
    made: dict[str, ET.Element] = {}
    for code in book:
        parent = codes if code.parent is None else made[code.parent]
        about = {"guid": guid_of(code.key), "name": xml_text(code.name), "isCodable": "true"}
        if code.colour:
            about["color"] = code.colour
        made[code.key] = ET.SubElement(parent, "Code", about)
        if code.definition:
            ET.SubElement(made[code.key], "Description").text = xml_text(code.definition)
    sets = ET.SubElement(root, "Sets")
    for kind in CODE_KINDS:
        members = [code for code in book if code.kind == kind]
        if members:
            name = f"kind: {kind}"
            one = ET.SubElement(sets, "Set", {"guid": guid_of(name), "name": name})
            for code in members:
                ET.SubElement(one, "MemberCode", {"guid": guid_of(code.key)})
    ET.indent(root)
    with written(target) as file:
        file.write('<?xml version="1.0" encoding="utf-8"?>\n')
        file.write(ET.tostring(root, encoding="unicode"))
        file.write("\n")


_WRITERS: dict[str, Callable[[Codebook, Path], None]] = {
    ".qdc": _qdc,
    ".json": _json,
    ".csv": _csv,
}
