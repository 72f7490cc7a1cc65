// The tree of the codebook's editor: walked and rearranged by keys, rearranged by dragging.

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Leaf, Shelf } from "../shelf";
import { roam } from "./parts";

const FAR = 5;

type Zone = "before" | "into" | "after";
interface Target {
  key: string;
  zone: Zone;
}

export function BookTree(props: { shelf: Shelf; leaves: readonly Leaf[]; flat: boolean }): JSX.Element {
  const { shelf, leaves, flat } = props;
  const { view } = shelf;
  const say = view.say.value;
  const counts = view.session.ledger.counts.value.codes;
  const selected = shelf.selected.value;
  const box = useRef<HTMLDivElement>(null);
  const [target, setTarget] = useState<Target | null>(null);
  const stop = leaves.some(({ code }) => code.key === selected) ? selected : leaves[0]?.code.key;
  return (
    <>
      <div
        ref={box}
        class="tree"
        role="tree"
        aria-label={say("book.title")}
        data-arrows
        onKeyDown={(event) => keys(shelf, event, box.current)}
        onPointerDown={(event) => !flat && box.current && drag(shelf, box.current, event, setTarget)}
      >
        {leaves.length === 0 && <p class="muted">{say(flat ? "codes_no_match" : "book.empty")}</p>}
        {leaves.map(({ code, level, parent }) => (
          <div
            key={code.key}
            role="treeitem"
            class={`leaf ${code.key === selected ? "on" : ""}`}
            data-stop
            data-key={code.key}
            data-zone={target?.key === code.key ? target.zone : undefined}
            tabIndex={code.key === stop ? 0 : -1}
            aria-level={flat ? 1 : level}
            aria-selected={code.key === selected}
            aria-expanded={parent && !flat ? true : undefined}
            style={{ paddingInlineStart: `${(flat ? 0 : level - 1) * 16 + 6}px` }}
            onClick={() => (shelf.selected.value = code.key)}
            onFocus={() => (shelf.selected.value = code.key)}
          >
            <span class="dot" style={{ "--k": code.colour || "var(--cjm-field)" }} aria-hidden="true" />
            <span class="name">{code.name}</span>
            <em>{counts[code.key] || ""}</em>
          </div>
        ))}
      </div>
      {!flat && leaves.length > 1 && <p class="muted how">{say("book.how")}</p>}
    </>
  );
}

const WAYS: Record<string, "up" | "down" | "out" | "in"> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "out",
  ArrowRight: "in",
};

function keys(shelf: Shelf, event: JSX.TargetedKeyboardEvent<HTMLElement>, box: HTMLElement | null): void {
  const key = (event.target as Element).closest<HTMLElement>("[data-key]")?.dataset["key"];
  const code = shelf.find(key ?? null);
  if (!code || !box) return;
  const way = WAYS[event.key];
  if (way && (event.ctrlKey || event.metaKey) && event.shiftKey) {
    event.preventDefault();
    event.stopPropagation();
    shelf.shift(code.key, way);
    // The line is drawn at its new place; the focus goes with it.
    requestAnimationFrame(() => lineOf(box, code.key)?.focus());
    return;
  }
  if (event.key === "Delete") {
    event.preventDefault();
    const at = shelf.siblings(code.parent).findIndex((other) => other.key === code.key);
    shelf.retire(code, true);
    const near = shelf.siblings(code.parent)[at] ?? shelf.siblings(code.parent)[at - 1];
    if (near) requestAnimationFrame(() => lineOf(box, near.key)?.focus());
    return;
  }
  if (event.key === "Enter" || event.key === "F2") {
    event.preventDefault();
    const field = box.closest(".shelf")?.querySelector<HTMLInputElement>("[data-name]");
    field?.focus();
    field?.select();
    return;
  }
  roam(event);
}

function lineOf(box: HTMLElement, key: string): HTMLElement | null {
  return box.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
}

/** Drag a code before, under or behind another one. */
function drag(
  shelf: Shelf,
  box: HTMLElement,
  first: PointerEvent,
  show: (target: Target | null) => void,
): void {
  const line = (first.target as Element).closest<HTMLElement>("[data-key]");
  const key = line?.dataset["key"];
  if (first.button !== 0 || !line || key === undefined) return;
  let target: Target | null = null;
  let moving = false;
  const move = (event: PointerEvent) => {
    moving ||= Math.abs(event.clientY - first.clientY) > FAR;
    if (!moving) return;
    event.preventDefault();
    line.classList.add("moving");
    target = under(box, event, key);
    show(target);
  };
  const end = (event: Event) => {
    if (event instanceof KeyboardEvent && event.key !== "Escape") return;
    for (const name of ENDS) window.removeEventListener(name, end, true);
    window.removeEventListener("pointermove", move);
    line.classList.remove("moving");
    show(null);
    if (event.type === "keydown") return event.stopPropagation();
    if (event.type === "pointerup" && target) drop(shelf, key, target);
  };
  window.addEventListener("pointermove", move);
  for (const name of ENDS) window.addEventListener(name, end, true);
}

const ENDS = ["pointerup", "pointercancel", "keydown"] as const;

function under(box: HTMLElement, { clientX, clientY }: PointerEvent, moved: string): Target | null {
  const root = box.getRootNode() as Document;
  const line = root.elementFromPoint(clientX, clientY)?.closest<HTMLElement>("[data-key]");
  const key = line?.dataset["key"];
  if (!line || key === undefined || key === moved || !box.contains(line)) return null;
  const { top, height } = line.getBoundingClientRect();
  const share = (clientY - top) / height;
  return { key, zone: share < 0.3 ? "before" : share > 0.7 ? "after" : "into" };
}

function drop(shelf: Shelf, key: string, { key: on, zone }: Target): void {
  const code = shelf.find(on);
  if (!code) return;
  if (zone === "into") return shelf.move(key, on, null);
  if (zone === "before") return shelf.move(key, code.parent, on);
  const family = shelf.siblings(code.parent).filter((other) => other.key !== key);
  const next = family[family.findIndex((other) => other.key === on) + 1];
  shelf.move(key, code.parent, next?.key ?? null);
}
