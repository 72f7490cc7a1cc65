"""Pages for browser tests: no network, and every error of the page fails the test.

A room's conftest puts this folder on ``sys.path`` and says ``from browser import quiet_page``.
The ``browser`` fixture itself stands in tests/conftest.py.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Route

ROOT = Path(__file__).resolve().parent.parent
ARTEFACTS = ROOT / "artefacts"
ORIGIN = "http://coder.test"
"""An origin, so that the page has a localStorage; nothing is ever fetched from it."""

AXE = ROOT / "js/node_modules/axe-core/axe.min.js"

RUN_AXE = """async (selector) => {
  const found = await axe.run(selector, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: {region: {enabled: false}, 'page-has-heading-one': {enabled: false},
            'landmark-one-main': {enabled: false}}});
  return {
    violations: found.violations.map(v => [v.id, v.nodes.map(
      n => n.html.slice(0, 160) + ' ' + (n.any[0] || n.all[0] || n.none[0] || {}).message)]),
    contrasts: found.passes.filter(p => p.id === 'color-contrast')
      .reduce((n, p) => n + p.nodes.length, 0),
  };
}"""


class Troubles(list[str]):
    """What went wrong in a page; a test that expects trouble clears it."""


@contextlib.contextmanager
def quiet_page(
    browser: Browser, html: str, *, width: int = 1280, height: int = 860, **context: Any
) -> Iterator[tuple[Page, Troubles]]:
    """A page that may fetch nothing; console errors, dialogs and requests fail the test."""
    troubles = Troubles()
    opened = browser.new_context(viewport={"width": width, "height": height}, **context)
    opened.set_default_timeout(30_000)  # a busy machine is slow, not wrong

    def answer(route: Route) -> None:
        url = route.request.url
        if url == f"{ORIGIN}/":
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif url.endswith("/favicon.ico"):
            route.fulfill(status=204)
        else:
            troubles.append(f"request: {url}")
            route.abort()

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on(
            "console",
            lambda told: troubles.append(f"console: {told.text}") if told.type == "error" else None,
        )
        page.on(
            "dialog",
            lambda dialog: (troubles.append(f"dialog: {dialog.message}"), dialog.dismiss()),
        )

    opened.on("page", watch)
    opened.route("**/*", answer)
    try:
        page = opened.new_page()
        page.goto(f"{ORIGIN}/")
        yield page, troubles
        assert not troubles, "\n".join(troubles)
    finally:
        opened.close()


def axe(page: Page, selector: str = "body") -> dict[str, Any]:
    """What axe-core finds: ``violations``, and how many ``contrasts`` it could really check."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    found: dict[str, Any] = page.evaluate(RUN_AXE, selector)
    return found


def picture(of: Page | Locator, name: str) -> None:
    """Keep a screenshot among the tests' artefacts."""
    ARTEFACTS.mkdir(exist_ok=True)
    of.screenshot(path=ARTEFACTS / f"{name}.png")
