// What the list and the grid share: the study as opened, the outbox, undo, what is told.

import { signal } from "@preact/signals";
import { newId } from "../../shared/ids";
import { Outbox, type Effect, type Entry } from "../../shared/outbox";
import { Transport, type Channel } from "../../shared/transport";
import type { Op, Opening, Receipt, Refusal, Top } from "../../shared/wire";
import { opened } from "./kit/opening";
import type { Notice } from "./kit/shell";

export interface Word {
  key: string;
  values?: Record<string, string | number>;
  n: number;
  loud: boolean;
}

export abstract class TableSession {
  readonly opening = signal<Opening | null>(null);
  readonly failure = signal<Refusal | null>(null);
  readonly top = signal<Top>({ undo: null, redo: null });
  readonly word = signal<Word | null>(null);
  readonly notice = signal<Notice | null>(null);
  readonly sheet = signal(false);
  readonly search = signal("");
  /** Key of the row the keys are at. */
  readonly active = signal<string | null>(null);
  readonly transport: Transport;
  readonly outbox: Outbox;
  #last = 0;

  constructor(channel: Channel, study: string, box: string) {
    this.transport = new Transport(channel, () => void this.look());
    this.outbox = new Outbox(this.transport, study, box, (entry, receipt) => {
      if (receipt.ok) this.top.value = receipt.top;
      else this.tell(`why.${receipt.why ?? "invalid"}`, {}, true);
      this.settled(entry, receipt);
    });
  }

  abstract look(): Promise<void>;
  abstract find(words: string): void;
  protected abstract begin(): Promise<void>;
  protected abstract settled(entry: Entry, receipt: Receipt): void;

  close(): void {
    this.outbox.close();
    this.transport.close();
  }

  async open(): Promise<void> {
    if (await opened(this)) await this.begin();
  }

  do(op: Omit<Op, "op">, effect: Effect | null = null, id = newId()): string {
    this.#last = Math.max(Date.now(), this.#last + 0.001);
    this.outbox.add({ at: this.#last, op: { op: id, ...op }, effect, title: "" });
    return id;
  }

  turn(act: "undo" | "redo"): void {
    const step = this.top.value[act];
    if (!step || this.outbox.pending.value.length > 0) {
      this.tell(act === "undo" ? "told.no_undo" : "told.no_redo");
      return;
    }
    this.do({ act, expect: step.op });
    this.tell(act === "undo" ? "told.undone" : "told.redone", { what: `labels.${step.label}` });
  }

  tell(key: string, values: Record<string, string | number> = {}, loud = false): void {
    this.word.value = { key, values, n: (this.word.peek()?.n ?? 0) + 1, loud };
  }
}

/** One step up or down the scale of five; the first step from nothing is mild. */
export function nudged(now: number | null, by: 1 | -1): number {
  const at = now ?? 0;
  const step = by > 0 ? Math.floor(at * 2) + 1 : Math.ceil(at * 2) - 1;
  return Math.min(Math.max(step, -2), 2) / 2;
}
