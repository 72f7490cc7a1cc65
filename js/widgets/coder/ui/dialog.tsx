// What lies over the widget and keeps the focus to itself until it is closed.

import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { View } from "../view";
import { Cross, focusDesk } from "./parts";

const STOPS = "button, input, select, textarea, [tabindex='0']";

export function Dialog(props: {
  view: View;
  title: string;
  class?: string;
  /** What stands beside the title. */
  tools?: ComponentChildren;
  children: ComponentChildren;
}): JSX.Element {
  const { view, title, tools, children } = props;
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = ref.current;
    const first = box?.querySelector<HTMLElement>("[data-first]") ?? box;
    first?.focus();
    const root = box?.closest(".cjm-coder")?.firstElementChild ?? null;
    // What lies below is inert until the dialog is drawn away.
    return () => queueMicrotask(() => focusDesk(root));
  }, []);
  // What had the focus may be gone with what was done: the next act begins where it ended.
  // A moment later, since on its way from field to field the focus is nowhere.
  useLayoutEffect(() => {
    const frame = requestAnimationFrame(() => ref.current && find(ref.current));
    return () => cancelAnimationFrame(frame);
  });
  const close = () => (view.panel.value = null);
  return (
    <div class="veil" onClick={(event) => event.target === event.currentTarget && close()}>
      <div
        ref={ref}
        class={`sheet ${props.class ?? ""}`}
        role="dialog"
        aria-modal="true"
        aria-label={title}
        tabIndex={-1}
        onKeyDown={(event) => ref.current && turnRound(event, ref.current)}
      >
        <div class="head">
          <b>{title}</b>
          <span class="acts">
            {tools}
            <Cross view={view} onClick={close} />
          </span>
        </div>
        {children}
      </div>
    </div>
  );
}

/** Give the focus to the dialog if nothing has it. */
function find(box: HTMLElement): void {
  if ((box.ownerDocument.activeElement ?? document.body) !== document.body) return;
  const near = box.querySelector<HTMLElement>(".leaf.on, [data-first]");
  (near ?? box).focus();
}

/** Tab goes round inside. */
function turnRound(event: JSX.TargetedKeyboardEvent<HTMLElement>, box: HTMLElement): void {
  if (event.key !== "Tab") return;
  const stops = [...box.querySelectorAll<HTMLElement>(STOPS)].filter(
    (stop) => stop.tabIndex >= 0 && stop.offsetParent !== null,
  );
  const now = stops.indexOf((box.getRootNode() as Document).activeElement as HTMLElement);
  const edge = event.shiftKey ? now <= 0 : now === stops.length - 1;
  if (!edge && now >= 0) return;
  event.preventDefault();
  stops[event.shiftKey ? stops.length - 1 : 0]?.focus();
}
