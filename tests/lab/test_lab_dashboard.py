"""The dashboard in JupyterLab, and served by Voilà without a network."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from tests_lab import ARTEFACTS, DONE, OPEN, ROOT, SHOWN, Notebook, desk

pytestmark = [pytest.mark.browser, pytest.mark.lab]

BOARD = 'board = study.dashboard("zoe")\nboard'
# Milliseconds from "saved" to the first frame in which the curve's picture is another one.
WATCH = """() => {
  const board = document.querySelector('.cjm-board');
  const find = (root, selector) => { for (const e of root.querySelectorAll('*')) {
    if (e.matches(selector)) return e;
    const inner = e.shadowRoot && find(e.shadowRoot, selector); if (inner) return inner; } };
  const canvas = find(board, 'canvas'), before = canvas.toDataURL();
  window.seen = { canvas, saved: null, drawn: null, table: null };
  const rows = () => board.querySelector('table.unseen').textContent;
  const told = rows(), state = board.querySelector('.state');
  const look = () => {
    const now = performance.now(), seen = window.seen;
    if (seen.saved === null && state.dataset.state === 'saved' && seen.begun) seen.saved = now;
    if (state.dataset.state !== 'saved') seen.begun = true;
    if (seen.table === null && rows() !== told) seen.table = now;
    if (seen.drawn === null && canvas.toDataURL() !== before) seen.drawn = now;
    if (seen.drawn === null || seen.table === null) requestAnimationFrame(look);
  };
  board.addEventListener('keydown', () => { window.seen.key ??= performance.now(); }, true);
  requestAnimationFrame(look); }"""
SAME = """() => { const find = (root, selector) => { for (const e of root.querySelectorAll('*')) {
    if (e.matches(selector)) return e;
    const inner = e.shadowRoot && find(e.shadowRoot, selector); if (inner) return inner; } };
  return find(document.querySelector('.cjm-board'), 'canvas') === window.seen.canvas; }"""


def shown(page: Page) -> None:
    page.locator(".cjm-board canvas").first.wait_for(timeout=60_000)
    page.locator(".cjm-board [data-desk]").first.wait_for()


def rated(page: Page, stage: str) -> str:
    row = page.locator(".cjm-board table.unseen tr", has_text=stage)
    return row.locator("td").first.text_content() or ""


def code_by_keyboard(page: Page) -> dict[str, float]:
    """Code the first sentence at the last stage; gives what was seen, in milliseconds."""
    page.evaluate(WATCH)
    before = rated(page, "Advocacy")
    page.locator(".cjm-board [data-desk]").first.focus()
    page.keyboard.press("Digit6")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("window.seen.drawn !== null && window.seen.table !== null")
    assert rated(page, "Advocacy") != before
    assert page.evaluate(SAME), "the very canvas that was there"
    seen: dict[str, float] = page.evaluate(
        "() => { const { key, saved, drawn, table } = window.seen;"
        " return { drawn: drawn - key, table: table - key, saved: (saved ?? key) - key }; }"
    )
    return seen


def test_a_passage_coded_by_keyboard_moves_the_curves_point_in_the_same_canvas(
    make_notebook: Callable[..., Path], open_notebook: Callable[..., Notebook]
) -> None:
    make_notebook("dashboard.ipynb", OPEN.format(name="dashboard"), SHOWN, BOARD, DONE)
    notebook = open_notebook("dashboard.ipynb", width=1500, height=1300)
    notebook.run_all()
    page = notebook.page
    shown(page)
    cells, prompts = notebook.cells, notebook.prompts()
    expect(page.locator(".cjm-coder-summary")).to_be_hidden()
    seen = code_by_keyboard(page)
    print(f"milliseconds after the first key: {seen}")
    notebook.screenshot("dashboard_lab", page.locator(".cjm-board"))

    page.locator(".cjm-board .head-button", has_text="Purchase").click()
    expect(page.locator(".cjm-board .behind q").first).to_be_visible()
    assert notebook.python("print(board.selected)") == "purchase"
    assert notebook.python("board.selected = 'discovery'\nprint('set')") == "set"
    expect(page.locator(".cjm-board .behind h3")).to_have_text("1 Discovery")
    notebook.python("study.note('goals', 'purchase', 'Written in another cell')")
    page.locator(".cjm-board .cell-text", has_text="Written in another cell").wait_for()

    for spot in (".head-button", ".panels button", ".lanes summary", "button.chip"):
        page.locator(f".cjm-board {spot}").first.focus()
        for key in ("d", "d", "a", "b", "x", "m", "0", "0", "Escape"):
            page.keyboard.press(key)
    assert (notebook.cells, notebook.prompts()) == (cells, prompts)
    assert notebook.requests == []
    assert [e for e in notebook.errors if not re.search("schema|registered", e)] == []


def test_a_killed_kernel_is_told_and_the_figures_stay(
    make_notebook: Callable[..., Path], open_notebook: Callable[..., Notebook]
) -> None:
    make_notebook("gone.ipynb", OPEN.format(name="gone"), SHOWN, BOARD, DONE)
    notebook = open_notebook("gone.ipynb", width=1500, height=1300)
    notebook.run_all()
    page = notebook.page
    shown(page)
    os.kill(int(notebook.python("import os; print(os.getpid())")), signal.SIGKILL)
    desk(notebook).focus()
    page.keyboard.press("Digit1")
    expect(page.locator(".cjm-board .live")).to_contain_text("Not connected", timeout=60_000)
    expect(page.locator(".cjm-board canvas").first).to_be_visible()
    expect(page.locator(".cjm-board .head-button").first).to_be_visible()
    notebook.screenshot("dashboard_kernel_gone", page.locator(".cjm-board"))


@pytest.fixture
def voila(make_notebook: Callable[..., Path], tmp_path: Path) -> Iterator[str]:
    """A Voilà server on a notebook with the dashboard; its address."""
    program = Path(sys.executable).parent / "voila"
    if not program.exists() and shutil.which("voila") is None:
        pytest.skip("Voilà is not installed: pip install cjm-widgets[voila]")
    name = OPEN.format(name=str(tmp_path / "voila"))
    path = make_notebook("voila.ipynb", name, SHOWN, BOARD)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    homes = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    environment = os.environ | {home: str(tmp_path / home.lower()) for home in homes}
    environment |= {"PYTHONPATH": str(ROOT / "src"), "JUPYTER_PATH": str(ROOT / "share/jupyter")}
    with (tmp_path / "voila.log").open("w") as log:
        server = subprocess.Popen(
            [
                *(str(program if program.exists() else "voila"), str(path), "--no-browser"),
                *(f"--port={port}", "--Voila.ip=127.0.0.1", "--Voila.port_retries=0"),
                "--template=cjm",
            ],
            env=environment,
            cwd=path.parent,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            for _ in range(300):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert server.poll() is None, (tmp_path / "voila.log").read_text()[-2000:]
                time.sleep(0.2)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()


def test_voila_serves_the_dashboard_offline(voila: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1500, "height": 1050})
    asked: list[str] = []
    errors: list[str] = []

    def only_here(route: Route) -> None:
        if route.request.url.startswith((voila, "data:", "blob:")):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    page.route("**/*", only_here)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_default_timeout(30_000)
    try:
        page.goto(voila, timeout=120_000)
        shown(page)
        seen = code_by_keyboard(page)
        print(f"milliseconds after the first key, under Voilà: {seen}")
        page.locator(".cjm-board .head-button", has_text="Purchase").click()
        expect(page.locator(".cjm-board .behind q").first).to_be_visible()
        ARTEFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTEFACTS / "dashboard_voila.png")
        assert asked == [], "nothing is fetched but from the server"
        assert errors == []
    finally:
        page.close()
