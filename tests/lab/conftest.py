"""Fixtures of the tests in JupyterLab; what they hand out stands in tests_lab.py."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from tests_lab import Notebook, Server  # noqa: E402  # the folder is on the path only now


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("jupyter"))
    yield running
    running.stop()


@pytest.fixture
def make_notebook(server: Server) -> Callable[..., Path]:
    """Write a notebook of these cells into the server's folder."""

    def make(name: str, *cells: str) -> Path:
        book = nbformat.v4.new_notebook()
        book.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
        book.metadata.kernelspec = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        path = server.work / name
        nbformat.write(book, path)
        return path

    return make


@pytest.fixture
def open_notebook(server: Server, browser: Browser) -> Iterator[Callable[..., Notebook]]:
    """Open a notebook of the server's folder in JupyterLab or Notebook 7."""
    pages: list[Page] = []

    def open_it(
        name: str, application: str = "lab", width: int = 1500, height: int = 1200
    ) -> Notebook:
        page = browser.new_page(viewport={"width": width, "height": height})
        pages.append(page)
        notebook = Notebook(page, server, application)
        notebook.open(name)
        return notebook

    yield open_it
    for page in pages:
        page.close()
    server.end_kernels()
