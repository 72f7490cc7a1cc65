"""The front end's modules, read as text: no browser is needed to see what imports what."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

JS = Path(__file__).resolve().parent.parent.parent / "js"
ROOMS = ("shared", "widgets/coder", "widgets/review", "widgets/table")


def imports() -> dict[Path, set[Path]]:
    """Each module with the modules of ours that it imports, types included."""
    if not JS.is_dir():
        pytest.skip("the front end's sources are not here")
    files = [file for room in ROOMS for file in (JS / room).rglob("*.ts*")]
    found: dict[Path, set[Path]] = {}
    for file in files:
        named = re.findall(r'from "(\.[^"]+)"', file.read_text(encoding="utf-8"))
        near = [(file.parent / name).resolve() for name in named]
        ends = [path.with_name(path.name + end) for path in near for end in (".ts", ".tsx")]
        found[file.resolve()] = {path for path in ends if path.exists()}
    return found


def test_no_module_imports_itself_by_way_of_others() -> None:
    left = imports()
    assert len(left) > 60
    while free := [file for file, needs in left.items() if not needs & left.keys()]:
        for file in free:
            del left[file]
    assert sorted(str(file.relative_to(JS)) for file in left) == []


def test_modules_are_small() -> None:
    long = {
        file.name: lines
        for file in imports()
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > 420
    }
    assert long == {}
