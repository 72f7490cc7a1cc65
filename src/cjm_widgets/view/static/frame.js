// Beside a map's frame, where a host runs scripts: the frame is as tall as its page says, and
// what the page wants seen is scrolled to, which a page of its own origin cannot do itself.
(() => {
  "use strict"
  if (window.cjmFrames) return
  window.cjmFrames = true
  const LEAST = 200, MOST = 20000
  const kept = (height) => Math.min(Math.max(height, LEAST), MOST)

  function show(frame, top, height) {
    const spot = document.createElement("div")
    spot.style.cssText = `position:absolute;width:1px;top:${kept(top)}px;height:${kept(height)}px`
    frame.parentElement.append(spot)
    spot.scrollIntoView({block: "nearest"})
    spot.remove()
  }

  window.addEventListener("message", ({data, source}) => {
    if (!data || !Number.isFinite(data.height) || data.height <= 0) return
    const frames = [...document.querySelectorAll(".cjm-map>iframe")]
    const frame = frames.find((one) => one.contentWindow === source)
    if (!frame) return
    if (data.type === "cjm-height") frame.style.height = `${kept(data.height)}px`
    if (data.type === "cjm-show" && Number.isFinite(data.top)) show(frame, data.top, data.height)
  })
})()
