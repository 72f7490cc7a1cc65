// From a key to what it does.

import { digitOf, isTyping, letterOf } from "../../shared/keys";
import { inVivo } from "./invivo";
import { commandOf, type Command } from "./keymap";
import { letGo, moveEnd, settle } from "./resize";
import { join } from "./joining";
import { DIALOGS, type View } from "./view";
import { nextToDo, step } from "./walk";

const MODIFIERS = ["Shift", "Control", "Alt", "AltGraph", "Meta"];

/** Do what a key means; true if it meant something. */
export function press(view: View, event: KeyboardEvent, root: HTMLElement): boolean {
  if (event.isComposing || event.defaultPrevented || MODIFIERS.includes(event.key)) return false;
  const target = event.composedPath()[0] as HTMLElement;
  if (event.key === "Escape") return escape(view, root, target);
  if (DIALOGS.includes(view.panel.value)) return false;
  if (isTyping(target) || target instanceof HTMLSelectElement) return false;
  // Ends that are being moved may be moved by characters with Alt.
  const plain = event.altKey ? without(event) : event;
  const command = commandOf(plain, view.session.own.value);
  if (event.altKey && !(command && command in MOVES)) return false;
  if (command && !leaves(command, event, target)) {
    if (!(command in MOVES)) settle(view);
    return run(view, command, root, event.altKey);
  }
  settle(view);
  return chord(view, event) || digit(view, event);
}

const MOVES: Partial<Record<Command, readonly ["start" | "stop", 1 | -1]>> = {
  end_left: ["stop", -1],
  end_right: ["stop", 1],
  start_left: ["start", -1],
  start_right: ["start", 1],
};

/** The event as it would be without Alt. */
function without(event: KeyboardEvent): KeyboardEvent {
  const { key, code, ctrlKey, metaKey, shiftKey } = event;
  return new KeyboardEvent("keydown", { key, code, ctrlKey, metaKey, shiftKey });
}

/** Lists, bars and the tree use the arrows themselves, buttons Enter. */
function leaves(command: Command, event: KeyboardEvent, target: HTMLElement): boolean {
  if (event.key === "Enter") return !!target.closest("button, [data-arrows]");
  const bare = !event.ctrlKey && !event.metaKey;
  return bare && event.key.startsWith("Arrow") && !!target.closest("[data-arrows]") && command !== "help";
}

function chord(view: View, event: KeyboardEvent): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
  const key = letterOf(event);
  if (key === "z") view.turn(event.shiftKey ? "redo" : "undo");
  else if (key === "y" && !event.shiftKey) view.turn("redo");
  else return false;
  return true;
}

function digit(view: View, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  // With NumLock off the number pad moves.
  const found = event.code.startsWith("Numpad") && !/^\d$/.test(event.key) ? null : digitOf(event);
  if (found === null) return false;
  if (found === 0) view.stage(null);
  const stage = view.stages.value[found - 1];
  if (stage) view.stage(stage.key, event.shiftKey);
  return true;
}

type Deed = (view: View, root: HTMLElement) => unknown;

const DEEDS: Partial<Record<Command, Deed>> = {
  sentence_next: (view) => view.move(1, false),
  sentence_previous: (view) => view.move(-1, false),
  extend_next: (view) => view.move(1, true),
  extend_previous: (view) => view.move(-1, true),
  whole: (view) => view.whole(),
  cycle: (view) => view.cycle(),
  text_next: (view) => step(view.session, 1),
  text_previous: (view) => step(view.session, -1),
  todo: (view) => nextToDo(view.session),
  valence_down: (view) => view.nudge(-1),
  valence_up: (view) => view.nudge(1),
  in_vivo: (view) => inVivo(view),
  accept: (view) => view.accept(),
  memos: (view) => (view.panel.value = "memos"),
  link: (view) => join(view),
  remove: (view) => view.remove(),
  book: (view) => (view.panel.value = "book"),
  help: (view) => (view.panel.value = "keys"),
  stage_find: (view, root) => find(view, root, "stages"),
  codes: (view, root) => find(view, root, "codes"),
  memo: (view, root) => find(view, root, "memo"),
  search: (view, root) => find(view, root, "texts"),
};

function run(view: View, command: Command, root: HTMLElement, fine: boolean): boolean {
  const move = MOVES[command];
  if (move) moveEnd(view, move[0], move[1], fine);
  else void DEEDS[command]?.(view, root);
  return true;
}

/** Go to a field, opening the sheet it is on where that is hidden. */
function find(view: View, root: HTMLElement, what: string): void {
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
}

function escape(view: View, root: HTMLElement, target: HTMLElement): boolean {
  const desk = root.querySelector<HTMLElement>("[data-desk]");
  if (view.tip.value !== null) {
    view.tip.value = null;
    return true;
  }
  if (view.draft.value) {
    letGo(view);
    return true;
  }
  const dialog = target.closest("[role=dialog][aria-modal]");
  if (isTyping(target) && !dialog) {
    desk?.focus({ preventScroll: true });
    return true;
  }
  if (view.panel.value === null && view.session.threads.from.value) {
    view.session.threads.from.value = null;
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
