"""A page that holds the dashboard's real bundle, wired to the real widget in this Python."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page

from browser import Troubles
from cjm_widgets.live import DashboardWidget
from cjm_widgets.widgets.coder import built

# The least an anywidget host must do; what a thread of the kernel sends is fetched meanwhile.
HOST = """
window.host = { dead: false, heard: [], events: {}, els: [],
  fire(name) { (this.events[name] ?? []).forEach(f => f()); },
  take(told) {
    if (this.dead) return;
    for (const message of told.messages) this.heard.slice().forEach(f => f(message, []));
    for (const [name, value] of Object.entries(told.traits)) {
      if (JSON.stringify(this.traits[name]) === JSON.stringify(value)) continue;
      this.traits[name] = value; this.fire('change:' + name); } },
  drop() { this.dead = true; this.fire('comm_live_update'); },
  async mount(traits, source) {
    this.traits = traits;
    const model = {
      get: name => traits[name],
      set: (name, value) => { traits[name] = value; this.fire('change:' + name); },
      save_changes: async () => { if (!this.dead) await window.kernel({set: {...traits}}); },
      send: async content => {
        if (this.dead) return;
        this.take(await window.kernel({message: content})); },
      on: (name, f) =>
        name === 'msg:custom' ? this.heard.push(f) : (this.events[name] ??= []).push(f),
      off: (name, f) => {
        const list = name === 'msg:custom' ? this.heard : this.events[name] ?? [];
        if (list.includes(f)) list.splice(list.indexOf(f), 1); },
    };
    const url = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
    const widget = await (await import(url)).default();
    await widget.initialize({model});
    const el = document.createElement('div');
    document.querySelector('#here').append(el);
    this.end = await widget.render({model, el});
    setInterval(async () => { if (!this.dead) this.take(await window.kernel({})); }, 20);
  },
};
"""

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Dashboard</title>
<style>body{{margin:16px;background:{background}}}</style><style>{css}</style></head>
<body data-jp-theme-light="{light}"><div id="here"></div><script>{host}</script></body></html>"""

SYNCED = ("protocol", "study", "coder", "language", "theme", "selected")


def blank(dark: bool = False) -> str:
    """The page, with the dashboard's style sheet."""
    return PAGE.format(
        background="#0d0f13" if dark else "#e9ebef",
        light="false" if dark else "true",
        css=built("dashboard.css"),
        host=HOST,
    )


class BoardPage:
    """The dashboard in its page, as a user sees and handles it."""

    def __init__(self, page: Page, widget: DashboardWidget, troubles: Troubles) -> None:
        self.page, self.widget, self.troubles = page, widget, troubles
        self._told: list[Any] = []
        self._changed: dict[str, Any] = {}
        self._setting = False
        widget.observe(self._noted, "selected")
        widget.send = lambda content, buffers=None: self._told.append(content)  # type: ignore[method-assign]
        page.expose_function("kernel", self._kernel)
        page.evaluate(
            "([traits, source]) => host.mount(traits, source)",
            [self._traits(), built("dashboard.js")],
        )

    def _traits(self) -> dict[str, Any]:
        return {name: getattr(self.widget, name) for name in SYNCED}

    def _noted(self, change: Any) -> None:
        """Python set a trait; what the page set itself comes not back to it."""
        if not self._setting:
            self._changed[change["name"]] = change["new"]

    def _kernel(self, asked: dict[str, Any]) -> dict[str, Any]:
        if "message" in asked:
            self.widget._handle_custom_msg(asked["message"], [])
        if "set" in asked:
            self._setting = True
            self.widget.set_state({"selected": asked["set"]["selected"]})
            self._setting = False
        told, self._told[:] = list(self._told), []
        traits, self._changed = self._changed, {}
        # Only what JSON carries.
        return json.loads(json.dumps({"messages": told, "traits": traits}))

    @property
    def root(self) -> Locator:
        return self.page.locator(".cjm-board")

    def find(self, selector: str, has_text: str | None = None) -> Locator:
        return self.root.locator(selector, has_text=has_text)

    def ready(self) -> None:
        """Wait for the drawing and for the coder's desk."""
        self.find("canvas").first.wait_for()
        self.find("[data-desk]").first.wait_for()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def head(self, stage: str) -> Locator:
        return self.find(".head-button", has_text=stage)

    def passages(self) -> list[str]:
        return self.find(".behind q").all_inner_texts()

    def until(self, true: Callable[[], bool], seconds: float = 10) -> None:
        """Wait, with the page alive, until something holds."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it did not come true"
            self.page.wait_for_timeout(20)
