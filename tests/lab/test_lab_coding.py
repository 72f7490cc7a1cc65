"""Coding in JupyterLab and Notebook 7, by keyboard and by mouse, over restarts and kills."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests_lab import CODER, DONE, OPEN, Notebook, Server, desk, saved

pytestmark = [pytest.mark.browser, pytest.mark.lab]

BOTH = pytest.mark.parametrize("application", ["lab", "notebook"])


def coded(notebook: Notebook, coder: str = "zoe") -> int:
    return int(notebook.python(f"print(len(study.codings({coder!r})))"))


def code_ten(notebook: Notebook) -> None:
    """Ten texts, each with its first sentence at a stage and with a valence, by keys only."""
    press = notebook.page.keyboard.press
    desk(notebook).focus()
    words = notebook.page.locator(".cjm-coder .page .words").first
    for i in range(10):
        press("ArrowDown")
        press(f"Digit{1 + i % 6}")
        press("ArrowRight" if i % 2 else "ArrowLeft")
        before = words.inner_text()
        press("j")
        expect(words).not_to_have_text(before)
    expect(saved(notebook)).to_have_attribute("data-state", "saved", timeout=20_000)


@BOTH
def test_ten_passages_coded_by_keyboard_outlive_an_undo_and_a_restart(
    make_notebook: Callable[..., Path], open_notebook: Callable[..., Notebook], application: str
) -> None:
    name = f"coding_{application}"
    make_notebook(f"{name}.ipynb", OPEN.format(name=name), CODER, DONE)
    notebook = open_notebook(f"{name}.ipynb", application)
    notebook.run_all()
    code_ten(notebook)
    assert coded(notebook) == 10
    for _ in range(3):  # a valence, a stage and a valence: each key is an action of its own
        notebook.page.keyboard.press("Control+z")
        notebook.page.wait_for_timeout(150)
    expect(saved(notebook)).to_have_attribute("data-state", "saved", timeout=20_000)
    left = notebook.python("print(study.codings('zoe')[['feedback', 'stage', 'valence']].values)")
    assert coded(notebook) == 9
    title = notebook.page.locator(".cjm-coder .reading h3").first.inner_text()
    notebook.screenshot(f"coder_{application}", notebook.page.locator(".cjm-coder"))
    notebook.page.wait_for_timeout(1500)  # where the coder is goes to the study after a moment

    notebook.restart()
    notebook.run_all()
    desk(notebook)
    again = notebook.python("print(study.codings('zoe')[['feedback', 'stage', 'valence']].values)")
    assert again == left
    expect(notebook.page.locator(".cjm-coder .reading h3").first).to_have_text(title)
    assert notebook.requests == []
    # Notebook 7 itself asks for settings of plug-ins it does not have.
    own = [error for error in notebook.errors if not re.search("schema|registered", error)]
    assert own == []


@BOTH
def test_keys_pressed_in_the_widget_do_not_reach_the_notebook(
    make_notebook: Callable[..., Path], open_notebook: Callable[..., Notebook], application: str
) -> None:
    name = f"keys_{application}"
    path = make_notebook(f"{name}.ipynb", OPEN.format(name=name), CODER, DONE)
    notebook = open_notebook(f"{name}.ipynb", application)
    notebook.run_all()
    before, prompts = notebook.cells, notebook.prompts()
    press = notebook.page.keyboard.press
    spots = (desk(notebook), notebook.page.locator(".cjm-coder button.tool").first)
    for spot in spots if spots[1].count() else spots[:1]:
        spot.focus()
        keys = ["d", "d", "Shift+Enter", "a", "b", "x", "m", "Escape", "y", "0", "0", "Escape"]
        ends = ["Shift+ArrowLeft", "Control+Shift+ArrowRight", "Alt+Shift+ArrowLeft"]
        for key in [*keys, *ends, "c", "Tab", "Control+Shift+ArrowDown", "d", "d", "Escape"]:
            press(key)
            notebook.page.wait_for_timeout(40)
    assert (notebook.cells, notebook.prompts()) == (before, prompts)
    assert "jp-mod-editMode" not in (
        notebook.page.locator(".jp-Notebook").first.get_attribute("class") or ""
    )

    notebook.page.evaluate("jupyterapp.shell.currentWidget.context.model.dirty = true")
    desk(notebook).focus()
    press("Control+s")
    notebook.page.wait_for_function(
        "!jupyterapp.shell.currentWidget.context.model.dirty", timeout=10_000
    )
    assert json.loads(path.read_text())["cells"]

    notebook.page.locator(".jp-Notebook .jp-Cell").last.locator(".jp-InputPrompt").click()
    press("d")
    press("d")
    notebook.page.wait_for_timeout(300)
    assert notebook.cells == before - 1, "outside the widget the notebook's keys work"


def test_a_killed_kernel_loses_nothing_that_was_coded_meanwhile(
    make_notebook: Callable[..., Path],
    open_notebook: Callable[..., Notebook],
    server: Server,
) -> None:
    make_notebook("killed.ipynb", OPEN.format(name="killed"), CODER, DONE)
    notebook = open_notebook("killed.ipynb")
    notebook.run_all()
    press = notebook.page.keyboard.press
    desk(notebook).focus()
    press("1")
    expect(saved(notebook)).to_have_attribute("data-state", "saved", timeout=20_000)
    os.kill(int(notebook.python("import os; print(os.getpid())")), signal.SIGKILL)
    press("j")
    press("2")
    press("ArrowLeft")
    notebook.page.wait_for_timeout(1000)
    expect(saved(notebook)).not_to_have_attribute("data-state", "saved")
    notebook.screenshot("coder_kernel_gone", notebook.page.locator(".cjm-coder"))
    # The server starts the kernel anew by itself; the user runs the cells again.
    dialog = notebook.page.locator(".jp-Dialog .jp-mod-accept")
    if dialog.count():
        dialog.first.click()
    notebook.page.wait_for_timeout(4000)
    notebook.restart()
    notebook.run_all()
    desk(notebook)
    expect(saved(notebook)).to_have_attribute("data-state", "saved", timeout=30_000)
    assert coded(notebook) == 2
    assert notebook.python("print(*study.codings('zoe')['stage'])") == "discovery consideration"
    assert notebook.python("print(study.codings('zoe')['valence'].notna().sum())") == "1"


def test_two_notebooks_code_one_study_at_once(
    make_notebook: Callable[..., Path], open_notebook: Callable[..., Notebook]
) -> None:
    first = OPEN.format(name="two")
    make_notebook("two_a.ipynb", first, 'study.coder("ana")', DONE)
    make_notebook("two_b.ipynb", first, 'study.coder("ben")', DONE)
    one = open_notebook("two_a.ipynb")
    one.run_all()
    two = open_notebook("two_b.ipynb")
    two.run_all()
    for key in ("1", "j", "2", "j", "3"):
        for notebook in (one, two):
            if key == "1":
                desk(notebook).focus()
            notebook.page.keyboard.press(key)
            notebook.page.wait_for_timeout(120)
    for notebook, who in ((one, "ana"), (two, "ben")):
        expect(saved(notebook)).to_have_attribute("data-state", "saved", timeout=20_000)
        assert coded(notebook, who) == 3
    assert one.python("print(sorted(study.coders()['coder']))") == "['ana', 'ben']"
