"""The notebooks run from the first cell to the last, as a reader would run them."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TOURS = ("tour", "visite")
SHOWS = {
    "tour": ("<iframe", "<svg"),
    "visite": ("<iframe", "<svg"),
    "coding_as_a_team": ("cjm-passages", "cjm-matrix", "cjm-agreement"),
    "curves_you_can_defend": ("<iframe", "<svg", "cjm-curve", "cjm-figures"),
    "map_gallery": ("<iframe", "class='drawn'", "cjm-check", "cjm-figures"),
}
"""What is to be seen in each notebook."""


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_without_an_error(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = str(ROOT / "src")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([source, os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    book = nbformat.read(path, as_version=4)
    client = NotebookClient(book, timeout=120, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    outputs = [out for cell in book.cells if cell.cell_type == "code" for out in cell.outputs]
    assert all(out.output_type != "error" for out in outputs)
    assert not [out for out in outputs if out.get("name") == "stderr"], "nothing is complained of"
    pages = [out["data"].get("text/html", "") for out in outputs if "data" in out]
    for shown in SHOWS[path.stem]:
        assert any(shown in page for page in pages), shown
    assert list(tmp_path.rglob("*.html")), "a page is exported"
    size = len(nbformat.writes(book))
    assert size < 6_000_000, "a map and its curves stay small"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_without_outputs(path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)


def test_both_tours_lead_through_the_same_steps() -> None:
    steps = {
        path.stem: [
            verb
            for cell in nbformat.read(path, as_version=4).cells
            if cell.cell_type == "code"
            for verb in (
                "add(",
                "coder(",
                "curve(",
                "kpis(",
                "note(",
                "map(",
                "export(",
                "privacy(",
            )
            if verb in cell.source
        ]
        for path in NOTEBOOKS
        if path.stem in TOURS
    }
    assert set(steps["tour"]) == set(steps["visite"])
