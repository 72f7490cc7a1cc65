// The mouse over the text: selecting words, pointing at passages, dragging a passage's ends.

import type { End } from "../../shared/edges";
import type { Range } from "./choice";
import type { OpenText } from "./library";
import { dragged, letGo, settle, stretch } from "./resize";
import type { View } from "./view";

/** So near to the pane's edge a drag scrolls it. */
const EDGE = 28;

/** Where the DOM says a point is, in UTF-16 units of the text; null outside of it. */
export function unitsAt(node: Node | null, offset: number): number | null {
  if (!node) return null;
  if (node instanceof Text) {
    const start = node.parentElement?.closest<HTMLElement>("[data-s]")?.dataset["s"];
    return start === undefined ? null : Number(start) + offset;
  }
  if (!(node instanceof Element)) return null;
  const after = node.childNodes[offset];
  const inside = after instanceof Element ? after : null;
  const first = inside?.matches("[data-s]") ? inside : inside?.querySelector("[data-s]");
  if (first instanceof HTMLElement) return Number(first.dataset["s"]);
  const spans = node.querySelectorAll<HTMLElement>("[data-s]");
  const last = offset > 0 ? spans[spans.length - 1] : spans[0];
  const own = last ?? node.closest<HTMLElement>("[data-s]");
  if (!own) return null;
  return Number(own.dataset["s"]) + (offset > 0 ? (own.textContent?.length ?? 0) : 0);
}

/** Watch the mouse over a text; returns what ends that. */
export function watchMouse(view: View, text: OpenText, page: HTMLElement): () => void {
  let down = false;
  const begin = (event: PointerEvent) => {
    const at = event.target as Element | null;
    if (event.button !== 0 || !at) return;
    const grip = at.closest<HTMLElement>(".grip");
    if (grip) return drag(view, page, grip, event);
    down = !!at.closest(".words");
    if (down) {
      settle(view);
      view.held = true;
    }
  };
  const end = () => {
    view.held = false;
    if (!down) return;
    down = false;
    // The browser settles its selection after the event.
    setTimeout(() => take(view, text, page));
  };
  page.addEventListener("pointerdown", begin);
  window.addEventListener("pointerup", end);
  window.addEventListener("pointercancel", end);
  return () => {
    page.removeEventListener("pointerdown", begin);
    window.removeEventListener("pointerup", end);
    window.removeEventListener("pointercancel", end);
  };
}

/** The browser's own selection, taken over and let go. */
function take(view: View, text: OpenText, page: HTMLElement): void {
  const root = page.getRootNode() as Document & { getSelection?(): Selection | null };
  const selection = root.getSelection?.() ?? document.getSelection();
  if (!selection || selection.rangeCount === 0) return;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(page)) return;
  const start = placeOf(page, text, range.startContainer, range.startOffset);
  const stop = placeOf(page, text, range.endContainer, range.endOffset);
  if (range.collapsed) return view.point(text.offsets.toPoints(start));
  const found = text.snapper.range(start, stop);
  selection.removeAllRanges();
  if (!found) return;
  view.take(text.offsets.toPoints(found[0]), text.offsets.toPoints(found[1]));
  view.tellRange();
}

/** A point of the page as a place of the text; one beside the words belongs to those above it. */
function placeOf(page: HTMLElement, text: OpenText, node: Node, offset: number): number {
  const at = node instanceof Element ? node : node.parentElement;
  if (at?.closest(".words")) return unitsAt(node, offset) ?? 0;
  const beside = at?.closest(".block")?.querySelector(".words");
  if (beside) return unitsAt(beside, beside.childNodes.length) ?? 0;
  // In the page or a chapter of it: the words that follow.
  const next = node instanceof Element && page.contains(node) ? node.childNodes[offset] : null;
  const words = next instanceof Element ? next.querySelector(".words") : null;
  if (words) return unitsAt(words, 0) ?? 0;
  const before = page.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING;
  return before && node !== page && !page.contains(node) ? 0 : text.sheet.text.length;
}

interface Caret {
  offsetNode: Node;
  offset: number;
}

/** The place of the text under a point of the screen. */
function placeUnder(page: HTMLElement, x: number, y: number): number | null {
  const at = document as Document & {
    caretPositionFromPoint?(x: number, y: number): Caret | null;
    caretRangeFromPoint?(x: number, y: number): globalThis.Range | null;
  };
  const caret = at.caretPositionFromPoint?.(x, y);
  const range = caret ? null : at.caretRangeFromPoint?.(x, y);
  const node = caret?.offsetNode ?? range?.startContainer;
  const offset = caret?.offset ?? range?.startOffset ?? 0;
  if (!node || !page.contains(node)) return null;
  const element = node instanceof Element ? node : node.parentElement;
  return element?.closest(".words") ? unitsAt(node, offset) : null;
}

/** Drag one end of the selected passage until the mouse lets go; Esc leaves it as it was. */
function drag(view: View, page: HTMLElement, grip: HTMLElement, first: PointerEvent): void {
  first.preventDefault();
  settle(view);
  const pane = page.closest<HTMLElement>(".scroll");
  const end = grip.dataset["end"] as End;
  const before = view.range.peek();
  let last = first;
  let frame = 0;
  const follow = () => {
    // The grip itself lies under the mouse; the words beside it are meant.
    const units = placeUnder(page, last.clientX, last.clientY);
    const range = units === null ? null : dragged(view, end, units, last.altKey);
    const now = view.range.peek();
    if (range && now && range[end] !== now[end]) stretch(view, range);
  };
  const scroll = () => {
    frame = requestAnimationFrame(scroll);
    const box = pane?.getBoundingClientRect();
    if (!pane || !box) return;
    const over = Math.max(last.clientY - (box.bottom - EDGE), 0);
    const under = Math.max(box.top + EDGE - last.clientY, 0);
    if (over === 0 && under === 0) return;
    pane.scrollTop += Math.min(over, EDGE) / 2 - Math.min(under, EDGE) / 2;
    follow();
  };
  const move = (event: PointerEvent) => {
    last = event;
    follow();
  };
  const stop = (event: Event) => {
    if (event instanceof KeyboardEvent && event.key !== "Escape") return;
    cancelAnimationFrame(frame);
    for (const name of ENDS) window.removeEventListener(name, stop, true);
    window.removeEventListener("pointermove", move);
    page.classList.remove("dragging");
    if (event.type === "pointerup") settle(view);
    else undone(view, before);
    event.stopPropagation();
    view.tellRange();
  };
  page.classList.add("dragging");
  window.addEventListener("pointermove", move);
  for (const name of ENDS) window.addEventListener(name, stop, true);
  frame = requestAnimationFrame(scroll);
}

const ENDS = ["pointerup", "pointercancel", "keydown"] as const;

function undone(view: View, before: Range | null): void {
  letGo(view);
  view.range.value = before;
}
