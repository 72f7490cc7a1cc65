"""The package as a whole: its public names, what importing it costs, its import law."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import cjm_widgets

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("pandas", "bokeh", "sqlalchemy", "ipywidgets", "anywidget", "sklearn", "textblob", "nltk")


def in_a_fresh_process(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_every_public_name_can_be_loaded_and_is_listed() -> None:
    for name in cjm_widgets._HOMES:
        assert getattr(cjm_widgets, name) is not None
        assert name in dir(cjm_widgets)
    with pytest.raises(AttributeError):
        cjm_widgets.no_such_name  # noqa: B018  # the attribute access is the test


def test_the_list_of_public_names_is_the_table_of_homes() -> None:
    assert cjm_widgets.__all__ == sorted([*cjm_widgets._HOMES, "__version__"])


def test_the_imports_for_type_checkers_are_the_table_of_homes() -> None:
    tree = ast.parse((ROOT / "src/cjm_widgets/__init__.py").read_text(encoding="utf-8"))
    block = next(
        node
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    seen = {
        alias.name: statement.module.removeprefix("cjm_widgets.")
        for statement in block.body
        if isinstance(statement, ast.ImportFrom) and statement.module
        for alias in statement.names
    }
    assert seen == cjm_widgets._HOMES


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = f"""
import sys, json
import cjm_widgets
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
"""
    assert json.loads(in_a_fresh_process(code)) == []


def test_importing_the_package_loads_nothing_but_itself_and_the_standard_library() -> None:
    code = """
import sys, json
before = set(sys.modules)
import cjm_widgets
print(json.dumps(sorted({name.partition(".")[0] for name in set(sys.modules) - before})))
"""
    loaded = set(json.loads(in_a_fresh_process(code)))
    assert loaded <= {"cjm_widgets", *sys.stdlib_module_names}


def test_the_model_and_the_words_load_no_heavy_library_either() -> None:
    code = f"""
import sys, json
import cjm_widgets as cjm
cjm.Journey.preset("six"); cjm.Codebook(); cjm.Estimate(1, 0, 2, 3); cjm.Kpi("NPS")
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
"""
    assert json.loads(in_a_fresh_process(code)) == []


def test_rooms_import_only_the_rooms_below_them() -> None:
    program = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert program, "import-linter is not installed: pip install '.[test]'"
    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_room_imports_the_root_package() -> None:
    found = []
    for path in (ROOT / "src/cjm_widgets").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names if alias.name != "__version__"]
                if isinstance(node, ast.ImportFrom) and node.module == "cjm_widgets"
                else [a.name for a in node.names if a.name == "cjm_widgets"]
                if isinstance(node, ast.Import)
                else []
            )
            found += [f"{path.name}:{node.lineno} imports {name}" for name in names]
    assert found == []


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for folder in ("src", "js/shared", "js/widgets")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".ts", ".tsx", ".css"} and "static" not in path.parts
        if (count := path.read_text(encoding="utf-8").count("\n")) > 420
    }
    assert long == {}


def test_nothing_committed_names_a_registry_or_a_path_of_a_machine() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    hosts = ("registry." + "npmjs", "files." + "pythonhosted", "pypi" + ".org")
    forbidden = (*hosts, "/work" + "/main", "/root" + "/")
    found = [
        (name, word)
        for name in listed
        if name and (ROOT / name).is_file() and not name.endswith(".png")
        for word in forbidden
        if word in (ROOT / name).read_text(encoding="utf-8", errors="replace")
    ]
    assert found == []
