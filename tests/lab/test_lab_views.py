"""What is shown in notebooks: live, saved, reopened without a kernel, turned into HTML."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect
from tests_lab import CODER, DONE, OPEN, ROOT, SHOWN, Notebook, Server, desk

from cjm_widgets.study.demo import make_demo

pytestmark = [pytest.mark.browser, pytest.mark.lab]


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
    inner = next(one for one in page.frames if one.query_selector("#page-words"))
    # The page's height in whole pixels, rounded up: nothing scrolls inside the map's frame.
    tall = "Math.ceil(document.body.getBoundingClientRect().height)"
    inner.wait_for_function(f"innerHeight === {tall}")
    assert inner.evaluate(f"document.documentElement.scrollHeight === {tall}")
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
