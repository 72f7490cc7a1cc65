// Everything a coder does waits here until the kernel's receipt says it is on disk. The outbox
// survives the page, the browser and the kernel in localStorage, one entry an operation, so
// that two pages of one coder never overwrite each other's.

import { computed, signal } from "@preact/signals";
import type { Transport } from "./transport";
import type { Op, Receipt, Refusal, Row } from "./wire";

/** A row as it is shown: `base` is the rev or the op that wrote it. */
export type Shown = Row & { base: number | string };

/** What an op does to what is shown: `after` null means that the coding is gone. */
export interface Effect {
  feedback: number;
  uid: string;
  before: Shown | null;
  after: Shown | null;
}

export interface Entry {
  at: number;
  op: Op;
  effect: Effect | null;
  /** For a list of what was not saved: where it is. */
  title: string;
  refused?: { why: Refusal; say: string };
}

/** Refusals that pass: the op is kept and tried again. */
const PASSING: readonly Refusal[] = ["busy", "lost_file", "newer_schema"];
const RETRIES = [1_000, 5_000, 10_000, 20_000];
const SLOW = 150;

export type Saved = "saved" | "pending" | "saving" | "unsaved" | "closed";

export class Outbox {
  readonly pending = signal<readonly Entry[]>([]);
  readonly refused = signal<readonly Entry[]>([]);
  /** Why the first op waits, where the kernel has said so. */
  readonly stuck = signal<Refusal | null>(null);
  readonly #slow = signal(false);
  readonly state = computed<Saved>(() => {
    const link = this.#transport.link.value;
    const waiting = this.pending.value.length;
    if (link === "closed") return "closed";
    if (this.refused.value.length > 0 || this.stuck.value) return "unsaved";
    if (waiting > 0 && link === "silent") return "unsaved";
    if (waiting === 0) return "saved";
    return this.#slow.value ? "saving" : "pending";
  });
  readonly #transport: Transport;
  readonly #prefix: string;
  readonly #receipt: (entry: Entry, receipt: Receipt) => void;
  #sending = false;
  #tries = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    transport: Transport,
    study: string,
    coder: string,
    receipt: (entry: Entry, receipt: Receipt) => void,
  ) {
    this.#transport = transport;
    this.#receipt = receipt;
    this.#prefix = `cjm-coder/1/${encodeURIComponent(study)}/${encodeURIComponent(coder)}/`;
    const kept = this.#load();
    this.pending.value = kept.filter((entry) => !entry.refused);
    this.refused.value = kept.filter((entry) => entry.refused);
  }

  add(entry: Entry): void {
    this.#keep(entry);
    this.pending.value = [...this.pending.value, entry];
    setTimeout(() => {
      if (this.pending.value.includes(entry)) this.#slow.value = true;
    }, SLOW);
    this.flush();
  }

  /** Send what waits, one op at a time: each builds on the one before. */
  flush(): void {
    if (!this.#sending && this.pending.value.length > 0) void this.#send();
  }

  /** Take a refused op off the list. */
  dismiss(op: string): void {
    this.#forget(op);
    this.refused.value = this.refused.value.filter((entry) => entry.op.op !== op);
  }

  /** Forget everything unsaved on this computer. */
  clear(): Entry[] {
    const all = [...this.pending.value, ...this.refused.value];
    for (const entry of all) this.#forget(entry.op.op);
    this.pending.value = [];
    this.refused.value = [];
    this.stuck.value = null;
    this.#slow.value = false;
    return all;
  }

  close(): void {
    clearTimeout(this.#retry);
  }

  async #send(): Promise<void> {
    const entry = this.pending.value[0];
    if (!entry) return;
    this.#sending = true;
    clearTimeout(this.#retry);
    const answer = await this.#transport.ask("apply", { ...entry.op });
    this.#sending = false;
    if (!this.pending.value.includes(entry)) return this.flush();
    const receipt = receiptOf(answer, entry.op.op);
    if (receipt.why && PASSING.includes(receipt.why)) {
      this.stuck.value = receipt.why;
      const wait = RETRIES[Math.min(this.#tries++, RETRIES.length - 1)];
      this.#retry = setTimeout(() => this.flush(), wait);
      return;
    }
    this.#tries = 0;
    this.stuck.value = null;
    const rest = this.pending.value.filter((other) => other !== entry);
    if (receipt.ok) {
      this.#forget(entry.op.op);
    } else if (entry.op.act === "undo" || entry.op.act === "redo") {
      this.#forget(entry.op.op); // nothing is lost by an undo that was not done
    } else {
      entry.refused = { why: receipt.why ?? "invalid", say: receipt.say };
      this.#keep(entry);
      this.refused.value = [...this.refused.value, entry];
    }
    this.pending.value = rest;
    if (rest.length === 0) this.#slow.value = false;
    this.#receipt(entry, receipt);
    this.flush();
  }

  #keep(entry: Entry): void {
    try {
      localStorage.setItem(this.#prefix + entry.op.op, JSON.stringify(entry));
    } catch {
      // No storage here (private window, full): the entry lives as long as the page.
    }
  }

  #forget(op: string): void {
    try {
      localStorage.removeItem(this.#prefix + op);
    } catch {
      // As above.
    }
  }

  #load(): Entry[] {
    const found: Entry[] = [];
    try {
      for (let at = 0; at < localStorage.length; at++) {
        const key = localStorage.key(at);
        if (!key?.startsWith(this.#prefix)) continue;
        const entry = JSON.parse(localStorage.getItem(key) ?? "null") as Entry | null;
        if (entry?.op?.op && typeof entry.at === "number") found.push(entry);
      }
    } catch {
      return found;
    }
    return found.sort((one, other) => one.at - other.at);
  }
}

function receiptOf(answer: Record<string, unknown>, op: string): Receipt {
  const none = { undo: null, redo: null };
  const blank: Receipt = {
    ok: false,
    op,
    seq: 0,
    rows: [],
    stale: false,
    top: none,
    why: null,
    say: "",
  };
  const receipt = { ...blank, ...(answer as Partial<Receipt>) };
  if (!receipt.ok && !receipt.why) receipt.why = "invalid";
  return receipt;
}
