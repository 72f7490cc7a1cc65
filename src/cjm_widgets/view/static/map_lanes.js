// Lanes of the page: moved, hidden and renamed where the map is read. What is done here stays
// in this page, and is told to whoever embeds it as a message of the type "cjm-lane".
const cjmLanes = (() => {
  "use strict"
  const box = document.querySelector("[data-lanes]")
  const words = JSON.parse(document.getElementById("page-words").textContent)
  const labels = words.lane
  const KEY = `cjm-lanes:${words.map}`
  const state = {order: [], hidden: new Set(), names: {}, usual: {}, rows: [], apply: () => {}}
  let dragged = null

  const named = (key, lane) => labels[key].replace("{lane}", state.names[lane] ?? state.usual[lane])

  const strings = (given) => Array.isArray(given) ? given.filter((one) => typeof one === "string") : []

  // What was done here before this page was loaded again. A frame without an origin of its own,
  // such as a notebook's, keeps nothing; whoever owns it is told instead.
  function remembered() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY)) ?? {}
      state.order = strings(kept.order)
      state.hidden = new Set(strings(kept.hidden))
      state.names = Object.fromEntries(
        Object.entries(kept.names ?? {}).filter(([, name]) => typeof name === "string"))
    } catch {
      Object.assign(state, {order: [], hidden: new Set(), names: {}})
    }
  }

  // Tells beside the menu that lanes are not as the study has them, and how long that holds.
  function remember() {
    const {order, hidden, names} = state
    let kept = true
    try {
      if (changed()) localStorage.setItem(KEY, JSON.stringify({order, hidden: [...hidden], names}))
      else localStorage.removeItem(KEY)
    } catch {
      kept = false
    }
    const note = document.querySelector("[data-lanes-changed]")
    note.firstElementChild.textContent = labels[kept ? "kept" : "fleeting"]
    note.hidden = !changed()
  }

  function tell() {
    state.apply()
    remember()
    if (window.parent !== window) {
      const hidden = [...state.hidden]
      window.parent.postMessage({type: "cjm-lane", order: state.order, hidden, names: state.names}, "*")
    }
  }

  // A lane stays on its side of the map's lines.
  const partOf = (lane) => state.rows.find((row) => row.what === "lane" && row.lane === lane)?.part

  function move(lane, step) {
    const mates = state.order.filter((other) => partOf(other) === partOf(lane))
    const place = mates.indexOf(lane) + step
    if (place < 0 || place >= mates.length) return
    put(lane, mates[place], step > 0)
  }

  function put(lane, beside, after) {
    if (lane === beside || partOf(lane) !== partOf(beside)) return
    const rest = state.order.filter((other) => other !== lane)
    rest.splice(rest.indexOf(beside) + (after ? 1 : 0), 0, lane)
    state.order = rest
    draw()
    tell()
  }

  function button(text, label, act) {
    const made = document.createElement("button")
    made.type = "button"
    made.className = "small"
    made.textContent = text
    made.setAttribute("aria-label", label)
    made.addEventListener("click", () => {
      act()
      box.querySelector(`[aria-label="${CSS.escape(label)}"]`)?.focus()
    })
    return made
  }

  function item(lane) {
    const li = document.createElement("li")
    li.draggable = true
    const handle = document.createElement("span")
    handle.className = "handle"
    handle.textContent = "⠿"
    handle.setAttribute("aria-hidden", "true")
    const show = document.createElement("input")
    show.type = "checkbox"
    show.checked = !state.hidden.has(lane)
    show.setAttribute("aria-label", named("show", lane))
    show.addEventListener("change", () => {
      show.checked ? state.hidden.delete(lane) : state.hidden.add(lane)
      tell()
    })
    const name = document.createElement("input")
    name.type = "text"
    name.maxLength = 60
    name.value = state.names[lane] ?? state.usual[lane]
    name.setAttribute("aria-label", named("rename", lane))
    name.addEventListener("change", () => {
      const given = name.value.trim()
      if (given && given !== state.usual[lane]) state.names[lane] = given
      else delete state.names[lane]
      name.value = state.names[lane] ?? state.usual[lane]
      tell()
    })
    li.append(handle, show, name,
      button("↑", named("up", lane), () => move(lane, -1)),
      button("↓", named("down", lane), () => move(lane, 1)))
    const below = () => state.order.indexOf(dragged) < state.order.indexOf(lane)
    const unmarked = () => li.classList.remove("over", "under")
    li.addEventListener("dragstart", (event) => {
      dragged = lane
      event.dataTransfer.effectAllowed = "move"
      event.dataTransfer.setData("text/plain", "")
    })
    li.addEventListener("dragover", (event) => {
      if (!dragged || dragged === lane || partOf(dragged) !== partOf(lane)) return
      event.preventDefault()
      li.classList.add(below() ? "under" : "over")
    })
    li.addEventListener("dragleave", unmarked)
    li.addEventListener("dragend", () => { dragged = null })
    li.addEventListener("drop", (event) => {
      event.preventDefault()
      unmarked()
      if (dragged) put(dragged, lane, below())
      dragged = null
    })
    return li
  }

  // Lanes of the view that is shown; those that only other views have keep their places.
  const there = () => state.rows.filter((row) => row.what === "lane").map((row) => row.lane)
  const ordered = () => {
    const here = new Set(there())
    return state.order.filter((lane) => here.has(lane))
  }

  function draw() {
    box.replaceChildren(...ordered().map(item))
  }

  // What a view brings: its rows and the usual names of its lanes. Tells whether the reader has
  // changed any of them.
  function take(given, apply) {
    state.rows = given.rows
    state.usual = given.lanes
    state.apply = apply
    there().forEach((lane, i, lanes) => {
      if (!state.order.includes(lane)) state.order.splice(state.order.indexOf(lanes[i - 1]) + 1, 0, lane)
    })
    draw()
    remember()
    return changed()
  }

  const changed = () => {
    const order = ordered()
    return state.hidden.size > 0 || Object.keys(state.names).length > 0 ||
      there().some((lane, i) => order[i] !== lane)
  }

  // Numbers of the grid's rows in the order in which they are to be drawn.
  function wanted() {
    const place = (row) => row.what === "line" ? -1 : state.order.indexOf(row.lane)
    const parts = [...new Set(state.rows.map((row) => row.part))]
    return parts.flatMap((part) =>
      state.rows
        .map((row, number) => ({row, number}))
        .filter(({row}) => row.part === part && !(row.what !== "line" && state.hidden.has(row.lane)))
        .sort((a, b) => place(a.row) - place(b.row) || a.number - b.number)
        .map(({number}) => number))
  }

  document.querySelectorAll("[data-lanes-reset]").forEach((button) => button.addEventListener("click", () => {
    state.hidden.clear()
    state.names = {}
    state.order = there()
    draw()
    tell()
  }))

  remembered()

  return {state, take, wanted}
})()
