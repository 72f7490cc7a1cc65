// From a key to what it does.

import { digitOf, isTyping, letterOf } from "../../shared/keys";
import type { View } from "./view";
import { nextToDo, step } from "./walk";

/** Do what a key means; true if it meant something. */
export function press(view: View, event: KeyboardEvent, root: HTMLElement): boolean {
  if (event.isComposing || event.defaultPrevented) return false;
  const target = event.composedPath()[0] as HTMLElement;
  if (event.key === "Escape") return escape(view, root, target);
  if (view.panel.value === "keys") return false;
  if (isTyping(target) || target instanceof HTMLSelectElement) return false;
  if (event.ctrlKey || event.metaKey) return chord(view, event);
  if (event.altKey) return false;
  return arrow(view, event, target) || sign(view, event, root) || letter(view, event, root);
}

function chord(view: View, event: KeyboardEvent): boolean {
  if (event.altKey) return false;
  const key = letterOf(event);
  if (key === "z") view.turn(event.shiftKey ? "redo" : "undo");
  else if (key === "y" && !event.shiftKey) view.turn("redo");
  else return false;
  return true;
}

function arrow(view: View, event: KeyboardEvent, target: HTMLElement): boolean {
  // Lists, bars and the tree use the arrows themselves, buttons Enter and Space.
  if (target.closest("[data-arrows]")) return false;
  switch (event.key) {
    case "ArrowDown":
      view.move(1, event.shiftKey);
      return true;
    case "ArrowUp":
      view.move(-1, event.shiftKey);
      return true;
    case "ArrowRight":
      if (!event.shiftKey) view.nudge(1);
      return !event.shiftKey;
    case "ArrowLeft":
      if (!event.shiftKey) view.nudge(-1);
      return !event.shiftKey;
    case "Enter":
      if (target.closest("button")) return false;
      view.cycle();
      return true;
    default:
      return false;
  }
}

function sign(view: View, event: KeyboardEvent, root: HTMLElement): boolean {
  // Before the digits: on some keyboards "/" is Shift and 7.
  if (event.key === "/") return find(view, root, "codes");
  if (event.key === "?") {
    view.panel.value = "keys";
    return true;
  }
  if (event.key === "Delete" || event.key === "Backspace") {
    view.remove();
    return true;
  }
  // With NumLock off the number pad moves.
  const digit = event.code.startsWith("Numpad") && !/^\d$/.test(event.key) ? null : digitOf(event);
  if (digit === null) return false;
  if (digit === 0) view.stage(null);
  const stage = view.stages.value[digit - 1];
  if (stage) view.stage(stage.key, event.shiftKey);
  return true;
}

function letter(view: View, event: KeyboardEvent, root: HTMLElement): boolean {
  if (event.shiftKey) return false;
  switch (letterOf(event)) {
    case "a":
      view.whole();
      return true;
    case "n":
      void nextToDo(view.session);
      return true;
    case "j":
      void step(view.session, 1);
      return true;
    case "k":
      void step(view.session, -1);
      return true;
    case "m":
      return find(view, root, "memo");
    case "s":
      return find(view, root, "stages");
    case "f":
      return find(view, root, "texts");
    default:
      return false;
  }
}

/** Go to a field, opening the sheet it is on where that is hidden. */
function find(view: View, root: HTMLElement, what: string): boolean {
  const field = () => root.querySelector<HTMLElement>(`[data-find="${what}"]`);
  const visible = () => !!field()?.offsetParent;
  if (!visible() && what !== "texts") view.panel.value = "codes";
  const go = () => {
    const found = field();
    found?.focus();
    if (found instanceof HTMLInputElement) found.select();
  };
  if (visible()) go();
  else requestAnimationFrame(go); // after the sheet is drawn
  return true;
}

function escape(view: View, root: HTMLElement, target: HTMLElement): boolean {
  const desk = root.querySelector<HTMLElement>("[data-desk]");
  if (isTyping(target)) {
    desk?.focus({ preventScroll: true });
    return true;
  }
  if (view.panel.value !== null) {
    view.panel.value = null;
    desk?.focus({ preventScroll: true });
    return true;
  }
  if (view.selected.value !== null) {
    view.selected.value = null;
    return true;
  }
  desk?.focus({ preventScroll: true });
  return true;
}
