"""Settling differences and coding in tables in JupyterLab, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect
from tests_lab import DONE, OPEN, SHOWN, Notebook

LIST = 'study.recoder("zoe")'
pytestmark = [pytest.mark.browser, pytest.mark.lab]


def opened(notebook: Notebook, at: int, ready: str) -> Locator:
    """The widget of one of the notebook's cells, with the focus at its desk."""
    cell = notebook.page.locator(".jp-Notebook .jp-CodeCell").nth(at)
    cell.locator(ready).first.wait_for(timeout=60_000)
    cell.locator("[data-desk]").first.focus()
    return cell


def test_a_difference_is_settled_and_an_answer_coded_by_keyboard_and_no_cell_goes(
    make_notebook: Callable[..., Path], open_notebook: Callable[..., Notebook]
) -> None:
    begin = f"{OPEN.format(name='review')}\n{SHOWN}"
    make_notebook("review.ipynb", begin, 'study.review(who="zoe")', 'study.grid("zoe")', LIST, DONE)
    notebook = open_notebook("review.ipynb")
    notebook.run_all()
    cells, press = notebook.cells, notebook.page.keyboard.press

    review = opened(notebook, 1, ".rv-side")
    press("1")
    expect(review.locator(".rv-state")).to_have_text("Settled by zoe")
    press("d")
    press("d")
    expect(review.locator(".saved .state").first).to_have_attribute("data-state", "saved")
    notebook.screenshot("review_lab", review)
    made = notebook.python("print(*study.settled()['settled_by'].unique())")
    assert made == "zoe"
    assert notebook.python("print('consensus' in set(study.coders()['coder']))") == "True"

    grid = opened(notebook, 2, "tr[data-key]")
    press("2")
    press("-")
    press("d")
    press("d")
    expect(grid.locator("tr[data-key]").first.locator(".tb-stage")).to_have_count(1)
    expect(grid.locator(".saved .state").first).to_have_attribute("data-state", "saved")
    notebook.screenshot("grid_lab", grid)
    found = notebook.python("print(study.codings('zoe')[['stage', 'valence']].to_numpy().tolist())")
    assert found == "[['consideration', -0.5]]"

    listed = opened(notebook, 3, ".tb-count")
    press("3")
    press("d")
    press("d")
    expect(listed.locator("tr[data-key]").first.locator(".tb-stage")).to_contain_text("Decision")
    expect(listed.locator(".saved .state").first).to_have_attribute("data-state", "saved")
    notebook.screenshot("list_lab", listed)
    assert notebook.cells == cells
    assert notebook.requests == []
    assert notebook.errors == []
