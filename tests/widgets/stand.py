"""A page that holds any widget of the package, wired to the real model in this Python."""

from __future__ import annotations

import json
from typing import Any

from host import HOST, PAGE
from playwright.sync_api import Locator, Page

from browser import Troubles
from cjm_widgets.widgets.coder import CoderWidget, built

TRAITS = ("protocol", "study", "coder", "language", "theme")


def page_of(name: str, dark: bool = False) -> str:
    """The page with the style sheet of a widget."""
    return PAGE.format(
        background="#0d0f13" if dark else "#e9ebef",
        light="false" if dark else "true",
        css=built(f"{name}.css"),
        host=HOST,
    )


class Stand:
    """A widget in its page, as a user sees and handles it."""

    def __init__(self, page: Page, troubles: Troubles) -> None:
        self.page, self.troubles = page, troubles
        self.widgets: dict[str, tuple[CoderWidget, list[Any]]] = {}
        page.expose_function("kernel", self._kernel)

    def _kernel(self, id: str, content: Any) -> list[Any]:
        widget, told = self.widgets[id]
        told.clear()
        widget._handle_custom_msg(content, [])
        return json.loads(json.dumps(told))  # only what JSON carries

    def mount(self, widget: CoderWidget, id: str = "a", width: str = "100%", **more: str) -> None:
        told: list[Any] = []
        widget.send = lambda content, buffers=None: told.append(content)  # type: ignore[method-assign]
        self.widgets[id] = (widget, told)
        traits = {name: getattr(widget, name) for name in TRAITS} | more
        self.page.evaluate(
            "([id, traits, source, width]) => cjm.mount(id, traits, source, width)",
            [id, traits, built(f"{widget._bundle}.js"), width],
        )
        self.root.first.wait_for()

    @property
    def root(self) -> Locator:
        return self.page.locator(".cjm-coder")

    @property
    def told(self) -> str:
        """What a screen reader was told last."""
        return self.find("[role=log]").inner_text().strip("\u00a0 ")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def find(self, selector: str, has_text: str | None = None) -> Locator:
        return self.root.locator(selector, has_text=has_text)

    def saved(self) -> None:
        """Wait until everything is saved."""
        self.find(".state[data-state=saved]").first.wait_for()
