"""What stands where in the drawn curve, measured in the browser."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

MEASURE = """() => {
  const doc = Bokeh.documents[0]
  const find = (name) => doc.get_model_by_name(name)
  const view = Bokeh.index.find_one(find('curve'))
  const box = view.canvas.el.getBoundingClientRect()
  const X = (x) => box.x + view.frame.x_scale.compute(x)
  const Y = (y) => box.y + view.frame.y_scale.compute(y)
  const pen = document.createElement('canvas').getContext('2d')
  const texts = [], lines = [], points = [], whiskers = []
  const all = [...doc._all_models.values()]
  for (const model of all) {
    if (model.type !== 'GlyphRenderer') continue
    const data = model.data_source.data, glyph = model.glyph
    const list = (name) => [...data[name]]
    if (glyph.type === 'Text') {
      const size = glyph.text_font_size.value
      const style = glyph.text_font_style.value
      pen.font = `${style} ${size} ${glyph.text_font.value}`
      const align = glyph.text_align.value, high = parseFloat(size) * 0.72
      list('text').forEach((text, i) => {
        if (text === '') return
        const wide = pen.measureText(text).width
        const at = X(list('x')[i]) + (data.dx ? list('dx')[i] : 0)
        const left = at - {left: 0, center: wide / 2, right: wide}[align]
        const middle = Y(list('y')[i]) + (data.dy ? list('dy')[i] : 0)
        texts.push({text, name: model.data_source.name, column: Math.floor(list('x')[i]),
          left, right: left + wide, top: middle - high / 2, bottom: middle + high / 2})
      })
    } else if (glyph.type === 'MultiLine') {
      const xs = list('xs'), ys = list('ys')
      xs.forEach((line, k) => lines.push([...line].map((x, i) => [X(x), Y([...ys[k]][i])])))
    } else if (glyph.type === 'Segment' && data.high) {
      list('x').forEach((x, i) => whiskers.push([X(x), Y(list('high')[i]), Y(list('low')[i])]))
    } else if (model.data_source.name === 'points') {
      list('x').forEach((x, i) => points.push([X(x), Y(list('y')[i]), Math.floor(x)]))
    }
  }
  function* deep(root) {
    for (const e of root.querySelectorAll('*')) {
      yield e
      if (e.shadowRoot) yield* deep(e.shadowRoot)
    }
  }
  const rect = (e) => { const r = e.getBoundingClientRect(); return [r.x, r.y, r.right, r.bottom] }
  const heads = [], lanes = [], cells = []
  for (const e of deep(document)) {
    if (e.classList.contains('bk-Div') && e.classList.contains('head')) heads.push(rect(e))
    if (e.classList.contains('bk-Div') && e.classList.contains('lane')) lanes.push(rect(e))
    if (e.classList.contains('bk-Div') && e.classList.contains('cell')) {
      cells.push([e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight])
    }
  }
  const scroll = document.querySelector('.scroll')
  return {texts, lines, points, whiskers, heads, lanes, cells,
          canvas: [box.x, box.y, box.right, box.bottom],
          scroll: rect(scroll), wide: document.documentElement.scrollWidth}
}"""


def settled(page: Page) -> None:
    """Wait for the map; asked again and again, since the page's policy allows no eval."""
    for _ in range(200):
        if page.evaluate("window.cjmReady === true && Bokeh.documents[0].is_idle"):
            return
        page.wait_for_timeout(50)
    raise AssertionError("the map was not drawn within ten seconds")


def measured(page: Page) -> dict[str, Any]:
    """Where everything of the curve is, in pixels of the window."""
    settled(page)
    page.evaluate("document.fonts.ready.then(() => true)")
    found: dict[str, Any] = page.evaluate(MEASURE)
    return found


def troubles(found: dict[str, Any]) -> list[str]:
    """What breaks the rules of the drawing; empty if nothing does."""
    told = []
    for i, (left, _, right, _) in enumerate(found["heads"]):
        if right - left < 119.5:
            told.append(f"column {i} is {right - left:.1f} px wide")
    for x, _, column in found["points"]:
        left, _, right, _ = found["heads"][column]
        if abs(x - (left + right) / 2) > 1:
            told.append(
                f"point {column} is {x - (left + right) / 2:+.1f} px off its column's middle"
            )
    for text in found["texts"]:
        left, _, right, _ = found["heads"][text["column"]]
        if text["left"] < left - 0.5 or text["right"] > right + 0.5:
            told.append(f"{text['text']!r} leaves its column")
        if text["top"] < found["canvas"][1] or text["bottom"] > found["canvas"][3]:
            told.append(f"{text['text']!r} leaves the drawing")
        told += [
            f"{text['text']!r} crosses the curve" for line in found["lines"] if _crossed(text, line)
        ]
        for x, high, low in found["whiskers"]:
            if (
                text["left"] < x + 5
                and text["right"] > x - 5
                and text["top"] < low
                and text["bottom"] > high
            ):
                told.append(f"{text['text']!r} lies on a whisker")
    for i, one in enumerate(found["texts"]):
        for other in found["texts"][i + 1 :]:
            if (
                one["left"] < other["right"]
                and other["left"] < one["right"]
                and one["top"] < other["bottom"]
                and other["top"] < one["bottom"]
            ):
                told.append(f"{one['text']!r} and {other['text']!r} overlap")
    told += [f"a cell's content is too wide by {wide} px" for wide, _ in found["cells"] if wide > 1]
    told += [f"a cell's content is too tall by {tall} px" for _, tall in found["cells"] if tall > 1]
    return told


def _crossed(text: dict[str, Any], line: list[list[float]]) -> bool:
    for (x0, y0), (x1, y1) in pairwise(line):
        steps = max(2, int(abs(x1 - x0) + abs(y1 - y0)))
        for k in range(steps + 1):
            x, y = x0 + (x1 - x0) * k / steps, y0 + (y1 - y0) * k / steps
            if (
                text["left"] - 1 <= x <= text["right"] + 1
                and text["top"] - 1 <= y <= text["bottom"] + 1
            ):
                return True
    return False
