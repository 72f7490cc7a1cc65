"""A page that holds the widget's real bundle, wired to the real model in this Python."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, Page
from standin import StandIn, Study

from browser import Troubles
from cjm_widgets.model.desk import Desk
from cjm_widgets.widgets.coder import CoderWidget, built

# The least an anywidget host must do. `hold` keeps answers back (all of them, or those to one
# question), `dead` is a kernel that is gone.
HOST = """
const wires = new Map();
window.cjm = { hold: false, dead: false, held: [], sent: [], wires,
  release() { this.hold = false; for (const go of this.held.splice(0)) go(); },
  receive(id, message) { for (const f of wires.get(id)?.heard ?? []) f(message, []); },
  drop() { this.dead = true;
    for (const w of wires.values()) {
      for (const el of w.els) el.classList.add('jupyter-widgets-disconnected');
      w.fire('comm_live_update'); } },
  async mount(id, traits, source, width) {
    const heard = [], events = {}, els = [];
    const fire = name => (events[name] ?? []).forEach(f => f());
    const model = {
      get: name => traits[name],
      set(name, value) { traits[name] = value; fire('change:' + name); },
      save_changes() {},
      send: async content => {
        window.cjm.sent.push(content);
        if (window.cjm.dead) return;
        const answers = await window.kernel(id, content);
        const go = () => answers.forEach(a => heard.slice().forEach(f => f(a, [])));
        [true, content.do].includes(window.cjm.hold) ? window.cjm.held.push(go) : go();
      },
      on(name, f) { name === 'msg:custom' ? heard.push(f) : (events[name] ??= []).push(f); },
      off(name, f) {
        const list = name === 'msg:custom' ? heard : events[name] ?? [];
        if (list.includes(f)) list.splice(list.indexOf(f), 1); },
    };
    const url = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
    const made = (await import(url)).default;
    const widget = typeof made === 'function' ? await made() : made;
    const wire = { model, heard, els, fire, ends: [] };
    wires.set(id, wire);
    wire.end = await widget.initialize?.({model});
    wire.view = async (width) => {
      const el = document.createElement('div');
      el.className = 'view'; el.style.width = width;
      document.querySelector('#here').append(el); els.push(el);
      wire.ends.push(await widget.render({model, el}));
    };
    await wire.view(width);
  },
  unmount(id) { const w = wires.get(id); w.ends.forEach(f => f()); w.end?.();
    w.els.forEach(el => el.remove()); wires.delete(id); },
};
"""

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Coder</title>
<style>body{{margin:20px;background:{background};font:14px sans-serif}}
.view{{margin-bottom:16px}}</style>
<style>{css}</style></head><body data-jp-theme-light="{light}">
<div id="here"></div><script>{host}</script></body></html>"""


def blank(dark: bool = False) -> str:
    """The page, with the widget's style sheet."""
    return PAGE.format(
        background="#0d0f13" if dark else "#e9ebef",
        light="false" if dark else "true",
        css=built("coder.css"),
        host=HOST,
    )


class Coder:
    """The widget in its page, as a user sees and handles it."""

    def __init__(self, page: Page, study: Study, troubles: Troubles) -> None:
        self.page, self.study, self.troubles = page, study, troubles
        self.widgets: dict[str, tuple[CoderWidget, list[Any]]] = {}
        page.expose_function("kernel", self._kernel)

    def _kernel(self, id: str, content: Any) -> list[Any]:
        widget, told = self.widgets[id]
        told.clear()
        widget._handle_custom_msg(content, [])
        return json.loads(json.dumps(told))  # only what JSON carries

    def mount(
        self,
        id: str = "a",
        *,
        coder: str = "ana",
        desk: Desk | None = None,
        width: str = "100%",
        **options: Any,
    ) -> CoderWidget:
        told: list[Any] = []
        widget = CoderWidget(desk or StandIn(self.study, coder), **options)
        widget.send = lambda content, buffers=None: told.append(content)  # type: ignore[method-assign]
        self.widgets[id] = (widget, told)
        traits = {
            name: getattr(widget, name)
            for name in ("protocol", "study", "coder", "language", "theme")
        }
        self.page.evaluate(
            "([id, traits, source, width]) => cjm.mount(id, traits, source, width)",
            [id, traits, built("coder.js"), width],
        )
        self.root.first.wait_for()
        return widget

    @property
    def root(self) -> Locator:
        return self.page.locator(".cjm-coder")

    @property
    def desk(self) -> Locator:
        return self.root.locator("[data-desk]").first

    def ready(self) -> None:
        self.root.locator("[data-desk]").first.wait_for()
        self.desk.focus()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def find(self, selector: str, has_text: str | None = None) -> Locator:
        return self.root.locator(selector, has_text=has_text)

    def settled(self) -> None:
        """Wait until everything is saved."""
        self.find(".state[data-state=saved]").first.wait_for()

    @property
    def chosen(self) -> str:
        """The selected words, as drawn."""
        words: str = self.page.evaluate(
            """[...document.querySelectorAll('.cjm-coder .chosen.w')]
              .map(e => e.textContent).join('')"""
        )
        return words

    @property
    def labels(self) -> list[str]:
        return [text.strip() for text in self.find(".saying").all_inner_texts()]

    def drag(self, start: int, stop: int) -> None:
        """Select by the browser's own selection from one UTF-16 unit to another."""
        self.page.evaluate(
            """([start, stop]) => {
              const point = at => {
                const spans = [...document.querySelectorAll('.cjm-coder .w')];
                for (const span of spans.reverse()) {
                  const s = Number(span.dataset.s);
                  if (s <= at) return [span.firstChild, Math.min(at - s, span.firstChild.length)];
                } };
              const [a, b] = [point(start), point(stop)];
              const words = document.querySelector(".cjm-coder .words");
              words.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true, button: 0}));
              getSelection().setBaseAndExtent(a[0], a[1], b[0], b[1]);
              words.dispatchEvent(new PointerEvent('pointerup', {bubbles: true, button: 0}));
              return new Promise(done => setTimeout(done, 5)); }""",
            [start, stop],
        )

    def codings(self, coder: str = "ana") -> list[Any]:
        return self.study.live(coder)
