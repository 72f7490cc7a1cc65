"""Words that must not leave the study, looked for in every kind of file."""

from __future__ import annotations

import base64
import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import cjm_widgets as cjm

SUFFIXES = (".html", ".svg", ".xlsx", ".pptx", ".md", ".mmd", ".json", ".csv")
SECRETS = {
    "name": "Zorblax",
    "mail": "gribble",
    "words": "Quixotic",
    "end": "Tailword",
    "lonely": "Lonelyquote",
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> cjm.Study:
    """Eight people at two stages, whose texts' ids tell who they are, and one alone at a third."""
    rows: list[dict[str, Any]] = [
        {
            "text": f"Quixotic {i} wombles about the parcel, write to gribble{i}@example.org, and "
            f"on it goes for longer than eighty characters until the very end Tailword",
            "id": f"Zorblax{i % 8}/{i}",
            "who": f"Zorblax{i % 8}",
            "stage": ("discovery", "purchase")[(i // 8) % 2],
            "valence": (-1) ** i * 0.5,
            "at": f"2026-0{1 + i % 6}-11",
        }
        for i in range(24)
    ]
    alone = {"text": "Lonelyquote of one voice", "id": "x", "who": "Zorblax99", "valence": -1.0}
    rows.append({**alone, "stage": "decision", "at": "2026-01-02"})
    made = cjm.Study(tmp_path_factory.mktemp("leaks") / "a.cjm", journey="six", name="T")
    made.add(
        pd.DataFrame(rows), text="text", id="id", respondent="who", at="at", stage="stage",
        valence="valence", valence_scale=(-1, 1),
    )  # fmt: skip
    return made


def inside(data: bytes) -> Iterator[bytes]:
    """What a file holds, packed parts and parts within parts unpacked."""
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            for name in parts.namelist():
                yield from inside(parts.read(name))
        return
    yield data
    for packed in re.findall(rb'"data":"([A-Za-z0-9+/=]{100,})"', data):
        yield gzip.decompress(base64.b64decode(packed))
    for drawn in re.findall(rb"svg\+xml;base64,([A-Za-z0-9+/=]+)", data):
        yield base64.b64decode(drawn)


def found(study: cjm.Study, folder: Path) -> dict[str, set[str]]:
    """File to the secrets it holds."""
    study.export(*(folder / f"m{suffix}" for suffix in SUFFIXES), estimate="coded")
    view = study.map()._repr_mimebundle_()
    (folder / "notebook.html").write_text(view["text/html"], "utf-8")
    (folder / "notebook.svg").write_text(view["image/svg+xml"], "utf-8")
    (folder / "paths.html").write_text(study.paths().page(), "utf-8")
    made = {}
    for file in folder.iterdir():
        text = b"\n".join(inside(file.read_bytes())).decode("utf-8", "replace")
        made[file.name] = {name for name, secret in SECRETS.items() if secret in text}
    return made


@pytest.mark.parametrize(
    ("choice", "gone"),
    [
        ({}, {"mail"}),
        ({"respondents": "pseudonym"}, {"mail", "name"}),
        ({"respondents": "hide"}, {"mail", "name"}),
        ({"quotes": "short"}, {"mail", "end"}),
        ({"quotes": "hide"}, {"mail", "words", "end", "lonely"}),
        ({"minimum": 3}, {"mail", "lonely"}),
    ],
)
def test_no_file_of_any_kind_holds_what_privacy_hides(
    study: cjm.Study, tmp_path: Path, choice: dict[str, Any], gone: set[str]
) -> None:
    usual: dict[str, Any] = {"quotes": "show", "respondents": "show", "minimum": 1}
    study.privacy(**(usual | choice))
    files = found(study, tmp_path)
    assert {name: held & gone for name, held in files.items() if held & gone} == {}
    shown = set(SECRETS) - gone - {"mail"}
    assert shown <= set().union(*files.values()), "the search itself finds what may be shown"
