// Moving the ends of what is selected, by word or by character. A coding's new ends are a draft
// until the keys rest or the mouse lets go: one change, one undo.

import { batch } from "@preact/signals";
import { nearEdge, nextEdge, type End } from "../../shared/edges";
import type { Choice, Range } from "./choice";

/** How long keys rest before the new ends are given to the study. */
const REST = 700;

const resting = new WeakMap<Choice, ReturnType<typeof setTimeout>>();

/** Move one end by a word, or by a character. */
export function moveEnd(view: Choice, end: End, by: 1 | -1, fine: boolean): void {
  const range = view.range.value;
  const text = view.session.text.value;
  if (!range || !text) return;
  const { offsets, snapper, sheet } = text;
  const at = offsets.toUnits(range[end]);
  const to = fine ? snapper.step(at, by) : nextEdge(sheet.text, at, by, end);
  if (to === null) return;
  if (!stretch(view, { ...range, [end]: offsets.toPoints(to) })) return;
  clearTimeout(resting.get(view));
  resting.set(view, setTimeout(() => settle(view), REST));
  const now = view.range.value;
  if (now) view.tell(view.say.value("told.resized", { words: view.words(now) }));
}

/** Where an end that is dragged to a place would stand. */
export function dragged(view: Choice, end: End, units: number, fine: boolean): Range | null {
  const range = view.range.value;
  const text = view.session.text.value;
  if (!range || !text) return null;
  const at = fine ? text.snapper.near(units) : nearEdge(text.sheet.text, units, end);
  return { ...range, [end]: text.offsets.toPoints(at) };
}

/** Show new ends; false where no words would be left between them. */
export function stretch(view: Choice, range: Range): boolean {
  const text = view.session.text.value;
  if (!text || range.start >= range.stop) return false;
  const left = text.offsets.slice(range.start, range.stop).trim();
  if (!left) return false;
  const row = view.row.peek();
  batch(() => {
    if (row) view.draft.value = { uid: row.uid, ...range };
    view.range.value = range;
  });
  return true;
}

/** Give the drafted ends to the study. */
export function settle(view: Choice): void {
  clearTimeout(resting.get(view));
  const draft = view.draft.peek();
  if (!draft) return;
  const row = view.session.rows.peek().find((other) => other.uid === draft.uid);
  batch(() => {
    view.draft.value = null;
    const { start, stop } = draft;
    if (row && (row.start !== start || row.stop !== stop)) {
      view.session.deeds.edit(row, { start, stop });
    }
  });
}

/** Forget the drafted ends; what is selected is as it was. */
export function letGo(view: Choice): void {
  clearTimeout(resting.get(view));
  const draft = view.draft.peek();
  if (!draft) return;
  const row = view.session.rows.peek().find((other) => other.uid === draft.uid);
  batch(() => {
    view.draft.value = null;
    if (row) view.range.value = { start: row.start, stop: row.stop };
  });
}
