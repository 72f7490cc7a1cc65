// The page of a map: selecting, filters, lanes and the two themes; no kernel, no eval.
(() => {
  "use strict"
  const json = (id) => JSON.parse(document.getElementById(id).textContent)
  const words = json("page-words")
  const one = (selector) => document.querySelector(selector)
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const FIRST = words.first
  const views = json("views")
  const first = {
    top: one('[data-part="top"]').innerHTML,
    body: one('[data-part="body"]').innerHTML,
    ...json("content"),
  }
  const count = new Intl.NumberFormat(words.language)

  const state = {
    stage: null, key: null, kpi: null, shown: FIRST, models: null, view: null, now: first.words,
    down: words.arrangement === "down", turn: 0,
  }

  // Everything inside open shadow roots too: Bokeh's cards live there.
  function* deep(root) {
    for (const element of root.querySelectorAll("*")) {
      yield element
      if (element.shadowRoot) yield* deep(element.shadowRoot)
    }
  }

  function bears(li) {
    return state.key === null || (li.dataset.k ?? "").split(" ").includes(String(state.key))
  }

  function paintQuotes() {
    const mine = all(".quotes > li").filter(
      (li) => (state.stage === null || +li.dataset.of === state.stage) && bears(li))
    const keep = new Set(mine.slice(0, state.shown))
    all(".quotes > li").forEach((li) => { li.hidden = !keep.has(li) })
    const more = one("[data-more]")
    if (more) {
      const left = mine.length - keep.size
      more.hidden = left <= 0
      more.textContent = left === 1 ? words.more_one : words.more.replace("{n}", count.format(left))
    }
    return mine.length
  }

  function heading(found) {
    const stage = state.stage === null ? null : state.now.stages[state.stage]
    if (!stage) return [words.all, state.now.count]
    if (state.key === null) return [stage.name, stage.count]
    const title = state.now.evidence.titles[state.key]
    const size = state.now.evidence.sizes[`${state.stage}:${state.key}`] ?? found
    const behind = words.behind.replace("{shown}", count.format(found)).replace("{n}", count.format(size))
    return [`${stage.name} · ${title}`, behind]
  }

  function paint() {
    const i = state.stage
    const found = paintQuotes()
    const [name, told] = heading(found)
    one('[data-slot="name"]').textContent = name
    one('[data-slot="count"]').textContent = told
    one('[data-slot="hint"]').hidden = i !== null || state.kpi !== null
    one("[data-clear]").hidden = i === null && state.kpi === null
    one(".panel").classList.toggle("one", i !== null)
    all(".detail").forEach((part) => { part.hidden = +part.dataset.of !== i || state.key !== null })
    all(".history").forEach((part) => { part.hidden = part.dataset.kpi !== state.kpi })
    all(".top-row > .kpi").forEach((panel) => {
      const mine = panel.dataset.of !== undefined && +panel.dataset.of === i
      panel.classList.toggle("sel", mine || (state.kpi !== null && !!panel.querySelector(`[data-kpi="${CSS.escape(state.kpi)}"]`)))
    })
    all(".turned tr[data-stage]").forEach((row) => row.classList.toggle("sel", +row.dataset.stage === i))
    paintMap(i)
    for (const element of deep(document)) {
      if (element.tagName !== "BUTTON") continue
      if (element.dataset.kpi !== undefined) {
        element.setAttribute("aria-pressed", String(element.dataset.kpi === state.kpi))
      } else if (element.dataset.k !== undefined) {
        const here = element.closest("[data-stage]")
        const on = +element.dataset.k === state.key && +here?.dataset.stage === i
        element.classList.toggle("on", on)
        element.setAttribute("aria-pressed", String(on))
      } else if (element.dataset.stage !== undefined) {
        element.setAttribute("aria-pressed", String(+element.dataset.stage === i))
      }
    }
    return [name, told]
  }

  function paintMap(i) {
    const models = state.models
    if (!models) return
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

  function choose(stage, key = null, kpi = null) {
    const same = state.stage === stage && state.key === key && state.kpi === kpi
    Object.assign(state, same ? {stage: null, key: null, kpi: null} : {stage, key, kpi})
    state.shown = FIRST
    const [name, told] = paint()
    one('[role="status"]').textContent =
      state.stage === null ? name : `${words.shown.replace("{name}", name)}. ${told}`
    if (!same && (key !== null || kpi !== null)) see(one(".panel"))
  }

  // Whoever frames the page is told how tall it is, so that nothing scrolls inside the frame,
  // and which part of it should be seen.
  const tell = (message) => { if (window.parent !== window) window.parent.postMessage(message, "*") }
  const SEEN = 360
  function see(part) {
    part.scrollIntoView({block: "nearest"})
    // After the page has told its new height.
    requestAnimationFrame(() => setTimeout(() => {
      const box = part.getBoundingClientRect()
      tell({type: "cjm-show", top: box.top + window.scrollY, height: Math.min(box.height, SEEN)})
    }))
  }
  new ResizeObserver(() => {
    tell({type: "cjm-height", height: Math.ceil(document.body.getBoundingClientRect().height)})
  }).observe(document.body)

  function stageOf(event) {
    for (const node of event.composedPath()) {
      if (!(node instanceof Element)) continue
      if (node.dataset && node.dataset.stage !== undefined) return +node.dataset.stage
      if (node.classList.contains("cell")) {
        const inner = node.shadowRoot && node.shadowRoot.querySelector("[data-stage]")
        return inner ? +inner.dataset.stage : null
      }
      if (node.classList.contains("bk-Plot")) {
        const box = node.getBoundingClientRect()
        const size = state.now.stages.length
        const place = Math.floor(((event.clientX - box.left) / box.width) * size)
        return Math.min(Math.max(place, 0), size - 1)
      }
    }
    return null
  }

  function clear() {
    if (state.stage !== null || state.kpi !== null) choose(state.stage, state.key, state.kpi)
  }

  document.addEventListener("click", (event) => {
    const path = event.composedPath().filter((node) => node instanceof Element)
    const on = (selector) => path.find((node) => node.matches(selector))
    if (on("[data-clear]")) return clear()
    if (on("[data-more]")) {
      state.shown = Infinity
      return void paintQuotes()
    }
    if (on("[data-fold]")) return fold()
    if (on("[data-turn]")) {
      turn(!state.down)
      return void paint()
    }
    if (!on("[data-part]")) return
    // Who marks words to copy them does not mean to select the stage.
    const marked = document.getSelection()
    if (!on("button") && marked && !marked.isCollapsed) return
    const i = stageOf(event)
    const kpi = on("button[data-kpi]")
    const key = on("button[data-k]")
    if (kpi) choose(i, null, kpi.dataset.kpi)
    else if (key && i !== null) choose(i, +key.dataset.k)
    else if (i !== null && !on(".quotes, .detail, .history, details")) choose(i)
  })
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clear()
  })

  // Stages as columns, or a stage a row.
  function turn(down) {
    state.down = down
    one(".scroll").hidden = down
    one(".turned")?.remove()
    const sheet = one("[data-turned]")
    if (down) sheet.after(sheet.content.cloneNode(true))
    if (down) renamed()
    if (down) fit()
    all("button[data-turn]").forEach((button) => button.setAttribute("aria-pressed", String(down)))
    if (!down) window.dispatchEvent(new Event("resize"))
  }

  // A sheet wider than the page stacks its lanes instead of scrolling sideways.
  function fit() {
    const sheet = one(".turned")
    if (!sheet) return
    sheet.classList.remove("stacked")
    sheet.classList.toggle("stacked", sheet.scrollWidth > sheet.clientWidth)
  }
  window.addEventListener("resize", fit)

  // Filters: the map once more, computed beforehand.
  async function unpacked(data) {
    const bytes = Uint8Array.from(atob(data), (mark) => mark.charCodeAt(0))
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))
    return await new Response(plain).text()
  }

  async function show(place) {
    const turn_ = ++state.turn
    window.cjmReady = false
    const content = place === null ? first : JSON.parse(await unpacked(views[place].data))
    if (turn_ !== state.turn) return
    state.view = place
    // Both come out of escaping templates; no script can stand in them under this policy.
    one('[data-part="top"]').innerHTML = content.top
    const map = one("#map")
    one('[data-part="body"]').innerHTML = content.body
    one("#map").replaceWith(map)
    Object.assign(state, {stage: null, key: null, kpi: null, shown: FIRST, now: content.words})
    picked(place)
    fill(content)
    one('[role="status"]').textContent = one(".facts").textContent
  }

  function picked(place) {
    all("select[data-pick]").forEach((select) => {
      select.value = [...select.options].some((o) => o.value === String(place)) ? String(place) : ""
      select.closest(".pick").classList.toggle("on", select.value !== "")
    })
  }

  function fold() {
    const opened = state.view === null ? null : views[state.view].opened
    const whole = views.findIndex((view) => view.column === "" && view.opened !== null)
    if (whole < 0) return
    // A filter shows one of the two only: folding or opening goes back to the whole.
    const other = state.view === null || opened !== views[whole].opened ? whole : null
    show(other)
    all(".tools [data-fold]").forEach((b) => b.setAttribute("aria-pressed", String(other !== null)))
  }

  all("select[data-pick]").forEach((select) => select.addEventListener("change", () => {
    show(select.value === "" ? null : +select.value)
  }))

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
  let painted = []
  dark.addEventListener("change", () => recolour(painted))

  // Rows of the grid in the order and under the names that the reader chose.
  function arrange(box, children, labels) {
    const {state: lanes, wanted} = cjmLanes
    const order = wanted()
    const place = new Map(order.map((number, row) => [number, row]))
    box.children = children
      .filter(([, row]) => place.has(row))
      .map(([model, row, ...rest]) => [model, place.get(row), ...rest])
      .sort((a, b) => a[1] - b[1] || a[2] - b[2])
    for (const {model, lane, text} of labels) {
      const own = lanes.names[lane]
      const name = document.createElement("span")
      name.className = "lane-name"
      name.textContent = own ?? ""
      model.text = own === undefined ? text : text.replace(/<span class="lane-name">[^]*?<\/span>/, () => name.outerHTML)
    }
    renamed()
  }

  function renamed() {
    const lanes = cjmLanes.state
    for (const cell of all(".turned [data-lane]")) {
      cell.hidden = lanes.hidden.has(cell.dataset.lane)
      const own = lanes.names[cell.dataset.lane]
      const label = cell.querySelector(".of") ?? cell.firstChild
      label.textContent = own ?? lanes.usual[cell.dataset.lane]
    }
    if (state.down) fit()
  }

  // The grid, the figure and the card that all views of the map are drawn with.
  const bokeh = {box: null, plot: null, card: null, cards: new Map()}

  async function draw() {
    await Bokeh.embed.embed_item(json("item"), document.getElementById("map"))
    const doc = Bokeh.documents[Bokeh.documents.length - 1]
    const named = (name) => doc.get_model_by_name(name)
    Object.assign(bokeh, {box: named("map"), plot: named("curve"), card: named("card"), doc})
    painted = [...doc._all_models.values()]
    recolour(painted)
    fill(first)
  }

  const STICKY = {position: "sticky", left: "0", "z-index": "3"}
  function card([name, row, column, span, text, css_classes]) {
    const key = name || `${row}-${column}`
    const known = bokeh.cards.get(key)
    if (known) {
      known.setv({text, css_classes})
      return known
    }
    const {stylesheets, sizing_mode, margin, disable_math} = bokeh.card
    const styles = css_classes.includes("lane") ? STICKY : {}
    const made = new bokeh.card.constructor({
      name: name || null, text, css_classes, stylesheets, sizing_mode, margin, disable_math, styles})
    bokeh.cards.set(key, made)
    return made
  }

  // Bokeh fails when a source of texts becomes shorter while it draws: rows out of sight fill it.
  function lengthened(data, source) {
    if (!("text" in source.data)) return data
    const size = source.data.text.length
    const filler = {x: -9, y: 0, dx: 0, dy: 0, text: "", ground: 0}
    return Object.fromEntries(Object.entries(data).map(([name, values]) => {
      const more = Math.max(0, size - values.length)
      return [name, [...values, ...Array(more).fill(filler[name] ?? "#000")]]
    }))
  }

  // Gives a view's words and figures to the models that are there already.
  function fill(content) {
    const {box, plot} = bokeh
    state.now = content.words
    const sources = new Set(plot.renderers.map((drawn) => drawn.data_source))
    for (const source of sources) {
      const none = () => Object.fromEntries(Object.keys(source.data).map((name) => [name, []]))
      source.data = lengthened(content.data[source.name] ?? none(), source)
    }
    plot.x_range.end = Math.max(content.count, 1)
    plot.html_attributes = {role: "img", "aria-label": content.spoken}
    const children = content.cards.map((given) => {
      const [name, row, column, span] = given
      return [name === "curve" ? plot : card(given), row, column, 1, span]
    })
    // The columns first: they are laid out at once, with the fields that are there already.
    box.setv({cols: content.cols, styles: {"min-width": content.least}})
    const of = (model, i) => model.name === `head-${i}` || (model.name ?? "").startsWith(`cell-${i}-`)
    const cells = children.map(([model]) => model).filter((model) => model !== plot)
    state.models = {
      band: bokeh.doc.get_model_by_name("band"),
      cells: content.words.stages.map((_, i) => cells.filter((model) => of(model, i))),
    }
    const labels = content.words.rows.flatMap((row, number) => {
      const model = row.what === "lane" ? bokeh.cards.get(`label-${number}`) : null
      return model ? [{model, lane: row.lane, text: model.text}] : []
    })
    const arranged = () => arrange(box, children, labels)
    if (cjmLanes.take(content.words, arranged)) arranged()
    else box.children = children
    turn(state.down)
    paint()
    window.cjmReady = true
  }

  // A browser that cannot unpack shows the turned map, which needs no drawing library.
  function plain() {
    one(".tools").hidden = true
    turn(true)
    paint()
    window.cjmReady = true
  }

  async function start() {
    if (!("DecompressionStream" in window)) return plain()
    const library = document.createElement("script")
    library.textContent = await unpacked(json("libraries"))
    document.head.append(library)
    Bokeh.set_log_level("error")
    await draw()
  }
  start()
})()
