// The KPI panels: Python's own markup, escaped there, in a shadow root that holds its style.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Parts } from "./parts";

export function Kpis({ board, say }: Parts): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const face = board.face.value;
  useLayoutEffect(() => {
    if (!host.current || !face) return;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: "open" });
    const html = `<style>${face.sheet}${ROW}</style>${face.kpis}`;
    if (shown.get(root) !== html) {
      shown.set(root, html);
      // Parsed apart, where no script of it could run.
      const page = new DOMParser().parseFromString(html, "text/html");
      root.replaceChildren(...page.head.childNodes, ...page.body.childNodes);
    }
  }, [face?.kpis]);
  useLayoutEffect(() => {
    const buttons = host.current?.shadowRoot?.querySelectorAll<HTMLElement>("button[data-kpi]");
    for (const button of buttons ?? []) {
      const on = button.dataset["kpi"] === board.kpi.value;
      button.setAttribute("aria-pressed", String(on));
      button.closest(".kpi")?.classList.toggle("sel", on);
    }
  }, [face?.kpis, board.kpi.value]);
  return (
    <div
      ref={host}
      class="panels"
      role="group"
      aria-label={say("kpis")}
      onClick={(event) => {
        for (const node of event.composedPath()) {
          const kpi = node instanceof HTMLElement ? node.dataset["kpi"] : undefined;
          if (kpi !== undefined) return board.figure(kpi);
        }
      }}
    />
  );
}

/** As many in a row as have room; where that makes many rows, they scroll. */
const ROW = `:host{display:block}.kpis{margin:0;max-height:420px;overflow:auto;scrollbar-width:thin;
grid-template-columns:repeat(auto-fit,minmax(180px,1fr))}.kpi{padding:8px 12px}`;
/** What each shadow root holds. */
const shown = new WeakMap<ShadowRoot, string>();
