// What is shown of the codings: what the kernel has confirmed, with what still waits in the
// outbox laid over it. Counts follow what is shown.

import { signal, type Signal } from "@preact/signals";
import type { Effect, Entry, Shown } from "../../shared/outbox";
import type { CodeItem, Opening, Row } from "../../shared/wire";

const inOrder = (a: Shown, b: Shown) => a.start - b.start || b.stop - a.stop || (a.uid < b.uid ? -1 : 1);

export function confirmed(row: Row): Shown {
  return { ...row, base: row.rev };
}

export interface Counts {
  stages: Record<string, number>;
  codes: Record<string, number>;
  done: number;
}

export class Ledger {
  /** Grows with every change of any text, for lists that show counts of several texts. */
  readonly version = signal(0);
  readonly counts = signal<Counts>({ stages: {}, codes: {}, done: 0 });
  /** Stages on texts whose codings were seen, in order, newer than any page of the queue. */
  readonly dots = new Map<number, readonly string[]>();
  readonly #server = new Map<number, Map<string, Shown>>();
  readonly #shown = new Map<number, Signal<readonly Shown[]>>();
  readonly #waiting: () => readonly Entry[];

  constructor(waiting: () => readonly Entry[]) {
    this.#waiting = waiting;
  }

  /** Counts as the kernel has them, with what waits added. */
  recount(opening: Opening): void {
    this.counts.value = {
      stages: Object.fromEntries(opening.stages.map((stage) => [stage.key, stage.n])),
      codes: Object.fromEntries(opening.codes.map((code) => [code.key, code.n])),
      done: opening.done,
    };
    for (const [feedback, rows] of this.#shown) {
      const server = [...(this.#server.get(feedback)?.values() ?? [])];
      this.#count(server, rows.value);
    }
  }

  /** Counts of codes as the kernel has them, with what waits added. */
  recode(codes: readonly CodeItem[]): void {
    const stages = this.counts.value.stages;
    const done = this.counts.value.done;
    const plain = Object.fromEntries(codes.map((code) => [code.key, code.n]));
    this.counts.value = { stages: {}, codes: plain, done: 0 };
    for (const [feedback, rows] of this.#shown) {
      this.#count([...(this.#server.get(feedback)?.values() ?? [])], rows.value);
    }
    this.counts.value = { stages, codes: this.counts.value.codes, done };
  }

  knows(feedback: number): boolean {
    return this.#server.has(feedback);
  }

  rows(feedback: number): Signal<readonly Shown[]> {
    let found = this.#shown.get(feedback);
    if (!found) this.#shown.set(feedback, (found = signal([])));
    return found;
  }

  find(feedback: number, uid: string): Shown | null {
    return this.rows(feedback).value.find((row) => row.uid === uid) ?? null;
  }

  /** A text's codings as just read from the kernel. */
  load(feedback: number, rows: readonly Row[]): void {
    const first = !this.#server.has(feedback);
    const live = rows.filter((row) => !row.gone).map(confirmed);
    this.#server.set(feedback, new Map(live.map((row) => [row.uid, row])));
    if (first) this.rows(feedback).value = [...live].sort(inOrder);
    this.refresh(feedback);
  }

  /** Rows the kernel says are so now. */
  confirm(rows: readonly Row[]): void {
    const touched = new Map<number, string[]>();
    for (const row of rows) {
      const known = this.#server.get(row.feedback);
      if (!known) {
        this.dots.delete(row.feedback);
        continue;
      }
      if (row.gone) known.delete(row.uid);
      else known.set(row.uid, confirmed(row));
      touched.set(row.feedback, [...(touched.get(row.feedback) ?? []), row.uid]);
    }
    for (const [feedback, uids] of touched) this.refresh(feedback, uids);
  }

  forget(feedback: number): void {
    this.#server.delete(feedback);
    this.#shown.delete(feedback);
  }

  /** Draw a text's codings anew, or some of them, from what is confirmed and what waits. */
  refresh(feedback: number, uids?: readonly string[]): void {
    const server = this.#server.get(feedback);
    if (!server) return;
    const shown = this.rows(feedback);
    const before = shown.value;
    const waiting = this.#waiting().flatMap(({ effect }) =>
      effect?.feedback === feedback ? [effect] : [],
    );
    if (uids) {
      const now = [...before];
      for (const uid of uids) this.#patch(now, uid, server.get(uid), waiting);
      shown.value = now;
    } else {
      const rows = new Map(server);
      for (const effect of waiting) lay(rows, effect);
      shown.value = [...rows.values()].sort(inOrder);
      this.#count(before, shown.value);
    }
    const stages = new Set<string>();
    for (const row of shown.value) if (row.stage !== null) stages.add(row.stage);
    this.dots.set(feedback, [...stages]);
    this.version.value += 1;
  }

  /** One coding of many put right: a text may have thousands. */
  #patch(rows: Shown[], uid: string, known: Shown | undefined, waiting: readonly Effect[]): void {
    const one = new Map(known ? [[uid, known]] : []);
    for (const effect of waiting) if (effect.uid === uid) lay(one, effect);
    const now = one.get(uid);
    const at = rows.findIndex((row) => row.uid === uid);
    const left = rows.length;
    const was = at < 0 ? [] : rows.splice(at, 1);
    if (now) {
      const next = rows.findIndex((row) => inOrder(now, row) < 0);
      rows.splice(next < 0 ? rows.length : next, 0, now);
    }
    this.#tally(was, now ? [now] : []);
    const done = Number(rows.length > 0) - Number(left > 0);
    if (done !== 0) this.counts.value = { ...this.counts.value, done: this.counts.value.done + done };
  }

  #count(before: readonly Shown[], after: readonly Shown[]): void {
    this.#tally(before, after);
    const done = Number(after.length > 0) - Number(before.length > 0);
    this.counts.value = { ...this.counts.value, done: this.counts.value.done + done };
  }

  #tally(before: readonly Shown[], after: readonly Shown[]): void {
    const was = this.counts.value;
    const now: Counts = { stages: { ...was.stages }, codes: { ...was.codes }, done: was.done };
    const add = (to: Record<string, number>, key: string, n: number) => {
      to[key] = (to[key] ?? 0) + n;
    };
    for (const [rows, n] of [[before, -1] as const, [after, 1] as const]) {
      for (const row of rows) {
        if (row.stage !== null) add(now.stages, row.stage, n);
        for (const code of row.codes) add(now.codes, code, n);
      }
    }
    this.counts.value = now;
  }
}

function lay(rows: Map<string, Shown>, effect: Effect): void {
  if (effect.after) rows.set(effect.uid, effect.after);
  else rows.delete(effect.uid);
}
