"""The documentation stays true: its code runs, its links lead somewhere, its keys exist."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import cjm_widgets as cjm

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), ROOT / "README.md"])
OUTSIDE = ("ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")

_BLOCK = re.compile(
    r"(<!-- illustration[^\n]*-->\n)?^```python\n(.*?)^```"
    r"(?:\n+[^\n`#]*:\n+^```text\n(.*?)^```)?",
    re.S | re.M,
)
"""A block of Python, the mark of one that cannot run here, and the output shown below it."""
_FENCE = re.compile(r"^```.*?^```", re.S | re.M)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _blocks(page: Path) -> list[str]:
    """Python of a page, each block moved down to the line where it stands in the page."""
    text = page.read_text(encoding="utf-8")
    return [
        "\n" * text.count("\n", 0, found.start(2)) + found[2] + _commented(found[3] or "")
        for found in _BLOCK.finditer(text)
        if not found[1]
    ]


def _commented(shown: str) -> str:
    return "".join(f"# {line}\n" for line in shown.splitlines())


def _promised(lines: list[str], node: ast.stmt) -> str:
    """What the comments at and below a statement say it shows; empty where they say nothing."""
    end = node.end_lineno or 0
    behind = lines[end - 1].partition(")  # ")[2] if lines[end - 1].startswith("print(") else ""
    below = []
    for line in lines[end:]:
        if not line.startswith("#"):
            break
        below.append(line.removeprefix("#"))
    return behind or "\n".join(below)


def _words(text: str) -> str:
    return " ".join(text.split())


def _assert_shows(shown: str, promised: str, where: str) -> None:
    """Every promised line is what was shown; an ellipsis at its end stands for the rest."""
    lines = [_words(line) for line in shown.splitlines() if line.strip()]
    wanted = [_words(line) for line in promised.splitlines() if line.strip()]
    assert len(lines) == len(wanted), f"{where} shows:\n{shown}"
    for line, want in zip(lines, wanted, strict=True):
        if want.endswith("…"):
            assert line.startswith(want.removesuffix("…").rstrip()), f"{where} shows:\n{shown}"
        else:
            assert line == want, f"{where} shows:\n{shown}"


def _run(block: str, page: str, names: dict[str, Any]) -> None:
    """Run a block as a notebook would, statement by statement, and hold it to its comments."""
    lines = block.splitlines()
    for node in ast.parse(block).body:
        said = io.StringIO()
        value = None
        with contextlib.redirect_stdout(said):
            if isinstance(node, ast.Expr):
                code: Any = ast.Expression(node.value)
                value = eval(compile(code, page, "eval"), names)
            else:
                code = ast.Module([node], [])
                exec(compile(code, page, "exec"), names)
        promised = _promised(lines, node)
        if promised:
            shown = said.getvalue() or (repr(value) if isinstance(value, str) else str(value))
            _assert_shows(shown, promised, f"{page}:{node.lineno}")


@pytest.mark.parametrize("page", [page for page in PAGES if _blocks(page)], ids=_name)
def test_the_code_of_a_page_runs_from_top_to_bottom_and_shows_what_it_says(
    page, tmp_path, monkeypatch, sample_data
):
    for file in sample_data.iterdir():
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    try:
        for block in _blocks(page):
            _run(block, _name(page), names)
    finally:
        for value in names.values():
            if isinstance(value, cjm.Study):
                value.close()


def _anchors(page: Path) -> set[str]:
    """What a heading is called in a link, as GitHub makes it."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", text, re.M):
        plain = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        found.add(plain)
    return found


def _in_git() -> set[str]:
    try:
        listed = subprocess.run(
            ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return set()
    return set(listed.stdout.splitlines())


def _links(page: Path) -> Iterator[str]:
    for link in _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        if not re.match(r"[a-z]+:", link):
            yield link


@pytest.mark.parametrize(
    "page", [*PAGES, *(ROOT / name for name in OUTSIDE if (ROOT / name).exists())], ids=_name
)
def test_every_link_of_a_page_leads_to_a_file_and_a_heading_that_are_there(page):
    known = _in_git()
    for link in _links(page):
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        inside = target.relative_to(ROOT)
        if inside.parts[:2] == ("docs", "images") and str(inside) not in known:
            continue  # pictures of the real thing are made once it stands
        assert target.exists(), f"{_name(page)}: {link}"
        if anchor:
            assert anchor in _anchors(target), f"{_name(page)}: {link}"


@pytest.fixture(scope="module")
def english() -> dict[str, Any]:
    """The interface's own words."""
    file = ROOT / "src" / "cjm_widgets" / "words" / "en.json"
    words: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return words


_SIGNS = {"ArrowUp": "↑", "ArrowDown": "↓", "ArrowLeft": "←", "ArrowRight": "→"}
_NAMED = {"Shift": "shift", "Ctrl": "ctrl", "Enter": "enter", "Delete": "delete"}


def _sheet(words: dict[str, str]) -> dict[str, list[str]]:
    """What the widget's own sheet of keys lists: what a key does, and the keys."""
    source = (ROOT / "js/widgets/coder/keymap.ts").read_text(encoding="utf-8")
    usual = {
        command: re.findall(r'"([^"]+)"', chords)
        for command, chords in re.findall(r"^  (\w+): \[(.*?)\],$", source, re.M)
    }
    named = _NAMED | {"Backspace": "backspace"}

    def written(chord: str) -> str:
        parts = [
            words[named[part]] if part in named else _SIGNS.get(part, part.upper())
            for part in chord.split("+")
        ]
        return " ".join(parts)

    sheet = {}
    lines = re.findall(r'what: "(\w+)", (commands|fixed): \[(.*?)\]', source)
    for what, kind, listed in lines:
        found = re.findall(r'"([^"]+)"', listed)
        if kind == "commands":
            keys = [written(chord) for command in found for chord in usual[command]]
        else:
            keys = [re.sub(r"\{(\w+)\}", lambda name: words[name[1]], key) for key in found]
        sheet[words[what]] = [key for key in keys if key != "…"]
    return sheet


def test_the_table_of_keys_is_the_widgets_own_sheet(english):
    page = (DOCS / "coding.md").read_text(encoding="utf-8")
    section = page.split("## All keys")[1].split("\n## ")[0]
    table = {
        what.strip(): re.findall(r"<kbd>([^<]+)</kbd>", keys)
        for keys, what in re.findall(r"^\| (.*?) \| (.*?) \|$", section, re.M)
        if "<kbd>" in keys
    }
    sheet = _sheet(english["coder"]["keys"])
    assert len(sheet) > 15
    assert table == sheet


def test_the_states_of_saving_are_called_as_in_the_widget(english):
    page = (DOCS / "coding.md").read_text(encoding="utf-8")
    section = page.split("## Saved or not")[1].split("\n## ")[0]
    coder = english["coder"]
    for said in (coder["saved"], coder["saving"], coder["closed"], coder["pending"]):
        assert f"| {said} " in section or f" {said} |" in section, said
    assert coder["unsaved"].format(n=3) in section
    for button in (coder["store"][name] for name in ("again", "dismiss", "forget")):
        assert f"*{button}*" in section


def test_the_reasons_of_the_reports_examples_are_the_readers_own(english):
    page = (DOCS / "reading.md").read_text(encoding="utf-8")
    section = page.split("## What is left out")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| .+? \|$", section, re.M)[1:]
    known = [*english["read"]["why"].values(), english["read"]["about"]["replaced"]]
    for row in rows:
        for reason in row.split(" / "):
            assert any(why.startswith(reason) for why in known) or any(
                reason in why for why in known
            ), reason


def _everything() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def test_every_public_name_stands_in_some_page():
    text = _everything()
    missing = [name for name in cjm.__all__ if not re.search(rf"\bcjm\.{name}\b", text)]
    assert not missing


def test_every_verb_of_a_study_stands_in_some_page():
    text = _everything()
    verbs = [name for name in dir(cjm.Study) if not name.startswith("_")]
    missing = [name for name in verbs if not re.search(rf"\b[A-Za-z]+\.{name}\b", text)]
    assert not missing
