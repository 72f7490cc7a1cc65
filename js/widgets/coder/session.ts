// One session per model, shared by all its views: the study as opened, the queue, the text on
// the desk, what the coder does to it. A view adds only cursor, selection and scroll.

import { batch, computed, signal } from "@preact/signals";
import { newId } from "../../shared/ids";
import { Outbox, type Effect, type Entry, type Shown } from "../../shared/outbox";
import { Refused, Transport, type Channel } from "../../shared/transport";
import type {
  Body,
  Bookmark,
  Changes,
  Op,
  Opening,
  Query,
  Receipt,
  Refusal,
} from "../../shared/wire";
import { History, type Past } from "./history";
import { Ledger } from "./ledger";
import { Library, type OpenText } from "./library";

export type Patch = Pick<Body, "stage" | "valence" | "codes" | "memo" | "start" | "stop">;

/** What the views tell the coder about: a key of the words and its values. */
export interface Notice {
  key: string;
  values?: Record<string, string | number>;
  n: number;
}

const CALM = 400;
const LOOK_AGAIN = 30_000;
const EMPTY: Query = { status: "all", search: "", filters: {} };

export class Session {
  readonly opening = signal<Opening | null>(null);
  readonly failure = signal<Refusal | null>(null);
  readonly query = signal<Query>(EMPTY);
  readonly text = signal<OpenText | null>(null);
  readonly loading = signal(false);
  readonly notice = signal<Notice | null>(null);
  readonly history = new History();
  readonly transport: Transport;
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  readonly library: Library;
  readonly rows = computed(() => {
    const text = this.text.value;
    return text ? this.ledger.rows(text.sheet.id).value : [];
  });
  /** Where views begin in a text that was left in the middle. */
  resume: { text: number; sentence: number } | null = null;
  #seq = 0;
  #asked = 0;
  #opening: Promise<void> | null = null;
  #mark: ReturnType<typeof setTimeout> | undefined;
  #bookmark: Bookmark = {};
  #unknown = false;
  #worked = Date.now();
  #last = 0;
  readonly #clock: ReturnType<typeof setInterval>;

  constructor(channel: Channel, study: string, coder: string) {
    this.transport = new Transport(channel, () => void this.look());
    this.outbox = new Outbox(this.transport, study, coder, (entry, receipt) =>
      this.#receipt(entry, receipt),
    );
    this.ledger = new Ledger(() => this.outbox.pending.value);
    this.library = new Library(
      this.transport,
      (text) => this.ledger.load(text.sheet.id, text.sheet.codings),
      (id) => this.ledger.forget(id),
    );
    // Only while somebody works here: a question counts as activity, and a kernel that nobody
    // uses must be able to look idle.
    this.#clock = setInterval(() => {
      if (document.visibilityState === "visible" && Date.now() - this.#worked < LOOK_AGAIN) {
        void this.look();
      }
    }, LOOK_AGAIN);
    void this.open();
  }

  /** Somebody is at work in a view; after a pause it is asked what happened meanwhile. */
  attend(): void {
    const pause = Date.now() - this.#worked;
    this.#worked = Date.now();
    if (pause > LOOK_AGAIN) void this.look();
  }

  close(): void {
    clearInterval(this.#clock);
    clearTimeout(this.#mark);
    this.outbox.close();
    this.transport.close();
  }

  /** Open the study; what an earlier page left in the outbox goes first. */
  open(): Promise<void> {
    this.#opening ??= this.#open().finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #open(): Promise<void> {
    this.outbox.flush();
    let opening: Opening;
    try {
      opening = await this.transport.read<Opening>("open", "opening");
    } catch (error) {
      this.failure.value = error instanceof Refused ? error.failure.why : "invalid";
      return;
    }
    const again = this.opening.value !== null;
    batch(() => {
      this.failure.value = null;
      this.#seq = Math.max(this.#seq, opening.seq);
      this.opening.value = opening;
      this.ledger.recount(opening);
      if (this.outbox.pending.value.length === 0) this.history.settle(opening.top);
    });
    if (again) await this.#refetch();
    else await this.#resume(opening);
  }

  async #resume(opening: Opening): Promise<void> {
    const mark = opening.bookmark;
    const known = new Set(opening.filters.map((filter) => filter.key));
    this.query.value = {
      status: mark.status === "todo" || mark.status === "done" ? mark.status : "all",
      search: typeof mark.search === "string" ? mark.search : "",
      filters: Object.fromEntries(
        Object.entries(mark.filters ?? {}).filter(([key]) => known.has(key)),
      ),
    };
    if (typeof mark.text === "number" && typeof mark.sentence === "number") {
      this.resume = { text: mark.text, sentence: mark.sentence };
    }
    const around = typeof mark.pos === "number" ? { around: mark.pos } : {};
    const here = typeof mark.text === "number" ? this.go(mark.text) : Promise.resolve(false);
    const page = await this.library.turn(this.query.value, around).catch(() => null);
    if (!(await here) && page?.items[0]) await this.go(page.items[0].id);
  }

  async #refetch(): Promise<void> {
    const open = this.text.value?.sheet;
    this.library.stale(true);
    if (open) {
      const fresh = await this.library.text(open.id).catch(() => null);
      if (fresh && this.text.value?.sheet.id === open.id) this.text.value = fresh;
    }
    const first = this.library.page.value?.items[0];
    await this.library.turn(this.query.value, first ? { around: first.pos } : {}).catch(() => null);
  }

  // -- reading ---------------------------------------------------------------------------

  /** Put a text on the desk: at once if it was fetched ahead. False: there is no such text. */
  async go(id: number): Promise<boolean> {
    const mine = ++this.#asked;
    const cached = this.library.cached(id);
    if (cached) {
      this.#show(cached);
      return true;
    }
    const slow = setTimeout(() => (this.loading.value = true), CALM);
    try {
      const text = await this.library.text(id);
      if (mine === this.#asked) this.#show(text);
      return true;
    } catch (error) {
      if (mine === this.#asked && error instanceof Refused) this.#refusedToRead(error);
      return false;
    } finally {
      clearTimeout(slow);
      if (mine === this.#asked) this.loading.value = false;
    }
  }

  #refusedToRead(error: Refused): void {
    this.say(`why.${error.failure.why}`);
  }

  #show(text: OpenText): void {
    this.text.value = text;
    this.loading.value = false;
    this.mark({ text: text.sheet.id, pos: text.sheet.pos });
    const items = this.library.page.value?.items ?? [];
    const at = items.findIndex((item) => item.id === text.sheet.id);
    const near = [items[at + 1], at > 0 ? items[at - 1] : undefined];
    if (at >= 0) this.library.prefetch(near.flatMap((item) => (item ? [item.id] : [])));
  }

  /** Keep where the coder is, a little later. */
  mark(values: Bookmark): void {
    this.#bookmark = { ...this.#bookmark, ...values };
    clearTimeout(this.#mark);
    this.#mark = setTimeout(() => {
      void this.transport.ask("mark", { values: this.#bookmark });
      this.#bookmark = {};
    }, CALM);
  }

  // -- doing -----------------------------------------------------------------------------

  /** A new coding on a range of the open text; its uid. */
  code(start: number, stop: number, patch: Patch): string | null {
    const text = this.text.value;
    const coder = this.opening.value?.coder;
    if (!text || coder === undefined) return null;
    const { id, version } = text.sheet;
    const op = newId();
    const row: Shown = {
      uid: newId(),
      feedback: id,
      version,
      start,
      stop,
      coder,
      stage: null,
      valence: null,
      codes: [],
      memo: "",
      origin: "human",
      rev: 0,
      gone: false,
      base: op,
      ...patch,
    };
    const body: Body = { feedback: id, start, stop, origin: "human", ...patch };
    this.#do(
      { op, act: "code", row: row.uid, seen_version: version, body },
      { feedback: id, uid: row.uid, before: null, after: row },
      "code",
    );
    return row.uid;
  }

  edit(row: Shown, patch: Patch): void {
    const op = newId();
    this.#do(
      { op, act: "edit", row: row.uid, base: row.base, seen_version: row.version, body: patch },
      { feedback: row.feedback, uid: row.uid, before: row, after: { ...row, ...patch, base: op } },
      "edit",
    );
  }

  remove(row: Shown): void {
    const op = newId();
    this.#do(
      { op, act: "remove", row: row.uid, base: row.base, seen_version: row.version },
      { feedback: row.feedback, uid: row.uid, before: row, after: null },
      "remove",
    );
  }

  /** Take back the last action; the effect it had, if known here. */
  undo(): Past | null {
    const step = this.history.nextUndo();
    if (!step || this.#unknown) return null;
    const effect = step.effect && turned(step.effect);
    batch(() => {
      this.history.undid(step);
      this.#turn("undo", step, effect);
    });
    return step;
  }

  redo(): Past | null {
    const step = this.history.nextRedo();
    if (!step || this.#unknown) return null;
    batch(() => {
      this.history.redid(step);
      this.#turn("redo", step, step.effect);
    });
    return step;
  }

  #turn(act: "undo" | "redo", step: Past, effect: Effect | null): void {
    this.#unknown = effect === null; // until its receipt nobody knows what lies below it
    this.#enter({ op: newId(), act, expect: step.op }, effect);
    if (effect && effect.feedback !== this.text.value?.sheet.id) void this.go(effect.feedback);
  }

  /** The time; later at each call, so that ops of one millisecond keep their order. */
  #now(): number {
    this.#last = Math.max(Date.now(), this.#last + 0.001);
    return this.#last;
  }

  #do(op: Op, effect: Effect, label: string): void {
    batch(() => {
      this.history.did({ op: op.op, label, effect });
      this.#enter(op, effect);
    });
  }

  #enter(op: Op, effect: Effect | null): void {
    const title = this.text.value?.sheet.title ?? "";
    this.outbox.add({ at: this.#now(), op, effect, title });
    if (effect) this.ledger.refresh(effect.feedback);
  }

  /** Forget what is unsaved on this computer; what the kernel has is what counts. */
  forget(): void {
    batch(() => {
      const gone = this.outbox.clear();
      this.history.forget();
      for (const entry of gone) if (entry.effect) this.ledger.refresh(entry.effect.feedback);
    });
    void this.look();
  }

  /** Do a refused op again on what is there now. */
  again(entry: Entry): void {
    const { effect, op } = entry;
    this.outbox.dismiss(op.op);
    if (!effect || (this.text.value && effect.feedback !== this.text.value.sheet.id)) {
      if (effect) void this.go(effect.feedback).then(() => this.#again(entry));
      return;
    }
    this.#again(entry);
  }

  #again({ op, effect }: Entry): void {
    if (!effect) return;
    const now = this.ledger.find(effect.feedback, effect.uid);
    const body = op.body ?? {};
    if (op.act === "remove") {
      if (now) this.remove(now);
      return;
    }
    const { feedback: _, origin: __, ...patch } = body;
    if (now) return this.edit(now, patch);
    const row = effect.after;
    if (!row) return;
    const { stage, valence, codes, memo } = row;
    this.code(row.start, row.stop, { stage, valence, codes, memo });
  }

  #receipt(entry: Entry, receipt: Receipt): void {
    batch(() => {
      const turning = entry.op.act === "undo" || entry.op.act === "redo";
      if (turning && !entry.effect) this.#unknown = false;
      this.ledger.confirm(receipt.rows);
      if (entry.effect) this.ledger.refresh(entry.effect.feedback);
      if (receipt.ok) {
        if (receipt.stale) this.say("stale");
        const first = receipt.rows[0];
        if (turning && !entry.effect && first && first.feedback !== this.text.value?.sheet.id) {
          void this.go(first.feedback);
        }
        if (receipt.seq > this.#seq + 1) void this.look();
        else this.#seq = Math.max(this.#seq, receipt.seq);
      } else {
        if (turning) this.history.forget();
        else this.history.drop(entry.op.op);
        this.say(`why.${receipt.why ?? "invalid"}`);
        void this.look();
      }
      if (this.outbox.pending.value.length === 0) this.history.settle(receipt.top);
    });
  }

  /** Learn what other kernels of this coder did. */
  async look(): Promise<void> {
    if (!this.opening.value) return void this.open();
    let changes: Changes;
    try {
      changes = await this.transport.read<Changes>("since", "changes", { seq: this.#seq });
    } catch {
      return;
    }
    batch(() => {
      this.#seq = Math.max(this.#seq, changes.seq);
      this.ledger.confirm(changes.rows);
      if (changes.rows.length > 0) this.library.stale(false);
      if (this.outbox.pending.value.length === 0) this.history.settle(changes.top);
    });
    if (changes.reopen) await this.open();
  }

  say(key: string, values: Record<string, string | number> = {}): void {
    this.notice.value = { key, values, n: (this.notice.value?.n ?? 0) + 1 };
  }
}

function turned(effect: Effect): Effect {
  return { ...effect, before: effect.after, after: effect.before };
}
