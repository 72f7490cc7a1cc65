"""The whole thing in JupyterLab and Notebook 7, by keyboard and by mouse."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Route, expect
from tests_lab import ROOT, Notebook, Server

from cjm_widgets.study.demo import make_demo

pytestmark = [pytest.mark.browser, pytest.mark.lab]

OPEN = """import cjm_widgets as cjm
from cjm_widgets.study.demo import sample_study
study = cjm.Study("{name}.cjm", journey="six", name="Maison Alder")
_ = study.add(cjm.sample_data() / "comments.csv", text="comment", id="id",
              respondent="respondent", at="date")"""
CODER = 'study.coder("zoe")'
DONE = 'print("DO" + "NE")'
BOTH = pytest.mark.parametrize("application", ["lab", "notebook"])


def desk(notebook: Notebook) -> Locator:
    found = notebook.page.locator(".cjm-coder [data-desk]").first
    found.wait_for(timeout=60_000)
    return found


def saved(notebook: Notebook) -> Locator:
    return notebook.page.locator(".cjm-coder .saved .state").first


def coded(notebook: Notebook, coder: str = "zoe") -> int:
    return int(notebook.python(f"print(len(study.codings({coder!r})))"))


def code_ten(notebook: Notebook) -> None:
    """Ten texts, each with its first sentence at a stage and with a valence, by keys only."""
    press = notebook.page.keyboard.press
    desk(notebook).focus()
    for i in range(10):
        press("ArrowDown")
        press(f"Digit{1 + i % 6}")
        press("ArrowRight" if i % 2 else "ArrowLeft")
        press("j")
        notebook.page.wait_for_timeout(60)
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
        for key in ("d", "d", "Shift+Enter", "a", "b", "x", "m", "Escape", "y", "0", "0", "Escape"):
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


SHOWN = """study.add_kpis(cjm.sample_data() / "kpis.csv")
import pandas as pd
study.set_codebook(pd.read_csv(cjm.sample_data() / "codebook.csv"))
_ = study.add_codings(cjm.sample_data() / "codings.csv")"""


def test_map_curve_and_summary_stand_in_a_reopened_notebook_without_a_kernel(
    make_notebook: Callable[..., Path], open_notebook: Callable[..., Notebook], server: Server
) -> None:
    views = ("study.curve()", "study.kpis()", "study.map()")
    cells = (OPEN.format(name="shown"), SHOWN, CODER, *views, DONE)
    path = make_notebook("shown.ipynb", *cells)
    notebook = open_notebook("shown.ipynb", height=1600)
    notebook.run_all()
    desk(notebook)
    expect(notebook.page.locator(".cjm-coder-summary")).to_be_hidden()
    panels = notebook.page.locator(".cjm-kpis .kpis").first
    look = panels.evaluate(
        "e => [getComputedStyle(e.children[0]).listStyleType, getComputedStyle(e).paddingLeft]"
    )
    assert look == ["none", "0px"], "JupyterLab's rules for lists do not reach the panels"
    notebook.screenshot("kpis_lab", panels)
    notebook.save()
    for kernel in server.kernels():
        request = urllib.request.Request(
            f"{server.url}/api/kernels/{kernel['id']}", method="DELETE"
        )
        urllib.request.urlopen(request, timeout=20).close()
    assert path.stat().st_size < 4_000_000

    again = open_notebook("shown.ipynb", height=1600)
    page = again.page
    summary = page.locator(".cjm-coder-summary")
    expect(summary).to_be_visible()
    expect(summary).to_contain_text("zoe")
    frame = page.frame_locator("iframe").first
    frame.get_by_role("button", name=re.compile("Purchase")).first.click()
    expect(frame.locator("[aria-pressed=true]").first).to_contain_text("Purchase")
    assert page.locator(".jp-Notebook svg").count()
    again.screenshot("reopened_without_kernel")
    assert again.requests == []


def test_a_notebook_turned_into_html_works_from_disk_without_a_network(
    make_notebook: Callable[..., Path], browser: Browser, server: Server, tmp_path: Path
) -> None:
    path = make_notebook(
        "page.ipynb", OPEN.format(name="page"), SHOWN, CODER, "study.curve()", "study.map()"
    )
    run = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--execute"]
    subprocess.run(
        [*run, f"--output-dir={tmp_path}", str(path)], check=True, capture_output=True, timeout=240
    )
    page = browser.new_page(viewport={"width": 1300, "height": 1600})
    asked: list[str] = []

    def only_disk(route: Route) -> None:
        url = route.request.url
        if url.startswith(("file:", "data:", "blob:", "about:")):
            route.continue_()
        else:
            asked.append(url)
            route.abort()

    page.route("**/*", only_disk)
    page.goto((tmp_path / "page.html").as_uri())
    expect(page.locator(".cjm-coder-summary")).to_be_visible()
    expect(page.locator(".cjm-curve svg, svg.cjm-curve, figure svg").first).to_be_visible()
    frame = page.frame_locator("iframe").first
    frame.get_by_role("button", name=re.compile("Purchase")).first.click()
    expect(frame.locator("[aria-pressed=true]").first).to_contain_text("Purchase")
    page.screenshot(path=ROOT / "artefacts/nbconvert.png")
    # nbconvert's own template asks for its scripts; nothing of ours asks for anything.
    own = [url for url in asked if not re.search(r"require|mathjax|embed-amd|jupyter-widgets", url)]
    assert own == []
    page.close()


@pytest.mark.parametrize(
    ("theme", "width"),
    [("JupyterLab Dark", 1500), ("JupyterLab Light", 900), ("JupyterLab Light", 1500)],
)
def test_the_widget_looks_right_in_dark_and_at_900_pixels(
    make_notebook: Callable[..., Path],
    open_notebook: Callable[..., Notebook],
    theme: str,
    width: int,
) -> None:
    name = f"looks_{theme.split()[-1].lower()}_{width}"
    make_notebook(f"{name}.ipynb", OPEN.format(name=name), SHOWN, 'study.coder("ben")', DONE)
    notebook = open_notebook(f"{name}.ipynb", width=width)
    notebook.page.evaluate(
        f"jupyterapp.commands.execute('apputils:change-theme', {{theme: {theme!r}}})"
    )
    notebook.run_all()
    desk(notebook).focus()
    for key in (*("j",) * 12, "Enter"):  # a comment with several passages; on to the first
        notebook.page.keyboard.press(key)
        notebook.page.wait_for_timeout(150)
    expect(notebook.page.locator(".cjm-coder .gutter button").first).to_be_visible()
    widget = notebook.page.locator(".cjm-coder")
    box = widget.bounding_box()
    assert box is not None
    assert box["width"] <= width
    inside = notebook.page.evaluate(
        "() => { const e = document.querySelector('.cjm-coder');"
        " return e.scrollWidth - e.clientWidth }"
    )
    assert inside <= 1, "nothing sticks out sideways"
    notebook.screenshot(f"coder_{theme.split()[-1].lower()}_{width}", widget)
    ink = notebook.page.evaluate(
        "() => getComputedStyle(document.querySelector('.cjm-coder .reading h3')).color"
    )
    brightness = sum(float(part) for part in re.findall(r"[\d.]+", ink)[:3]) / 3
    assert (brightness < 128) == (theme == "JupyterLab Light"), ink


def test_the_map_of_the_sample_study_is_one_offline_page(browser: Browser, tmp_path: Path) -> None:
    made = make_demo(tmp_path)
    assert made.map.stat().st_size < 2_500_000
    context = browser.new_context(viewport={"width": 1400, "height": 900}, offline=True)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on(
        "request",
        lambda request: (
            troubles.append(request.url) if not request.url.startswith(("file:", "data:")) else None
        ),
    )
    page.goto(made.map.as_uri())
    purchase = page.get_by_role("button", name=re.compile("Purchase")).first
    purchase.click()
    expect(purchase).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(purchase).to_have_attribute("aria-pressed", "false")
    (ROOT / "artefacts").mkdir(exist_ok=True)
    page.screenshot(path=ROOT / "artefacts/map_sample.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 1180})
    page.screenshot(path=ROOT / "artefacts/map_top.png")
    assert troubles == []
    context.close()
