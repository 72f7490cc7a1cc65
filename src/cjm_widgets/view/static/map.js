// Selecting a stage, and the two themes, in the page itself: no kernel, no eval.
(() => {
  "use strict"
  const json = (id) => JSON.parse(document.getElementById(id).textContent)
  const words = json("words")
  const one = (selector) => document.querySelector(selector)
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const FIRST = words.first

  const state = {stage: null, shown: FIRST, models: null}

  // Everything inside open shadow roots too: Bokeh's cards live there.
  function* deep(root) {
    for (const element of root.querySelectorAll("*")) {
      yield element
      if (element.shadowRoot) yield* deep(element.shadowRoot)
    }
  }

  function paintQuotes() {
    const mine = all(".quotes > li").filter((li) => state.stage === null || +li.dataset.of === state.stage)
    const keep = new Set(mine.slice(0, state.shown))
    all(".quotes > li").forEach((li) => { li.hidden = !keep.has(li) })
    const more = one("[data-more]")
    if (more) {
      const left = mine.length - keep.size
      more.hidden = left <= 0
      more.textContent = left === 1 ? words.more_one : words.more.replace("{n}", words.counts[left] ?? left)
    }
  }

  function paint() {
    const i = state.stage
    const stage = i === null ? null : words.stages[i]
    one('[data-slot="name"]').textContent = stage ? stage.name : words.all
    one('[data-slot="count"]').textContent = stage ? stage.count : words.count
    one('[data-slot="hint"]').hidden = stage !== null
    one("[data-clear]").hidden = stage === null
    all(".detail").forEach((part) => { part.hidden = +part.dataset.of !== i })
    all(".sheet > .kpis > .kpi[data-of]").forEach((panel) => {
      panel.classList.toggle("sel", +panel.dataset.of === i)
    })
    paintQuotes()
    const models = state.models
    if (models) {
      models.band.visible = i !== null
      if (i !== null) models.band.setv({left: i, right: i + 1})
      models.cells.forEach((column, place) => column.forEach((cell) => {
        const selected = cell.css_classes.includes("sel")
        if (selected !== (place === i)) {
          const rest = cell.css_classes.filter((name) => name !== "sel")
          cell.css_classes = place === i ? [...rest, "sel"] : rest
        }
      }))
    }
    for (const element of deep(document)) {
      if (element.tagName === "BUTTON" && element.dataset.stage !== undefined) {
        element.setAttribute("aria-pressed", String(+element.dataset.stage === i))
      }
    }
  }

  function select(i) {
    state.stage = state.stage === i ? null : i
    state.shown = FIRST
    paint()
    one('[role="status"]').textContent =
      state.stage === null ? words.all : `${words.stages[i].said}. ${words.stages[i].count}`
  }

  function stageOf(event) {
    for (const node of event.composedPath()) {
      if (!(node instanceof Element)) continue
      if (node.dataset && node.dataset.stage !== undefined) return +node.dataset.stage
      if (node.classList.contains("cell")) {
        const inner = node.shadowRoot && node.shadowRoot.querySelector("[data-stage]")
        return inner ? +inner.dataset.stage : null
      }
      if (node.classList.contains("bk-Figure")) {
        const box = node.getBoundingClientRect()
        const place = Math.floor(((event.clientX - box.left) / box.width) * words.stages.length)
        return Math.min(Math.max(place, 0), words.stages.length - 1)
      }
    }
    return null
  }

  document.addEventListener("click", (event) => {
    const target = event.composedPath()[0]
    if (target.closest && target.closest("[data-clear]")) return clear()
    if (target.closest && target.closest("[data-more]")) {
      state.shown = Infinity
      return paintQuotes()
    }
    // Who marks words to copy them does not mean to select the stage.
    const marked = document.getSelection()
    const button = event.composedPath().some((node) => node.tagName === "BUTTON")
    if (!button && marked && !marked.isCollapsed) return
    const i = stageOf(event)
    if (i !== null) select(i)
  })
  function clear() {
    if (state.stage !== null) select(state.stage)
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clear()
  })

  const dark = window.matchMedia("(prefers-color-scheme: dark)")
  function recolour(models) {
    const mode = words.theme === "auto" ? (dark.matches ? 1 : 0) : words.theme === "dark" ? 1 : 0
    for (const model of models) {
      for (const tag of model.tags ?? []) {
        if (!tag || !tag.paint) continue
        for (const [name, both] of Object.entries(tag.paint)) model[name] = both[mode]
      }
    }
  }

  const host = document.getElementById("map")
  Bokeh.set_log_level("error")
  Bokeh.embed.embed_item(json("item"), host).then(() => {
    const doc = Bokeh.documents[Bokeh.documents.length - 1]
    const models = [...doc._all_models.values()]
    const named = (name) => models.find((model) => model.name === name)
    state.models = {
      band: named("band"),
      cells: words.stages.map((_, i) =>
        models.filter((model) => model.name === `head-${i}` || (model.name ?? "").startsWith(`cell-${i}-`))),
    }
    recolour(models)
    dark.addEventListener("change", () => recolour(models))
    paint()
    window.cjmReady = true
  })
})()
