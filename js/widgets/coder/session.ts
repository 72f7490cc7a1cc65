// One session per model, shared by all its views: the study as opened, the queue, the text on
// the desk, what the coder does to it. A view adds only cursor, selection and scroll.

import { batch, computed, signal } from "@preact/signals";
import { Outbox } from "../../shared/outbox";
import { Refused, Transport, type Channel } from "../../shared/transport";
import type { Bookmark, Changes, CodeItem, Opening, Page, Query, Refusal } from "../../shared/wire";
import { Book } from "./book";
import { Deeds } from "./deeds";
import { Hints } from "./hints";
import type { Own } from "./keymap";
import { Ledger } from "./ledger";
import { untilSearched } from "./indexing";
import { Threads } from "./threads";
import { Library, type OpenText } from "./library";

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
  readonly transport: Transport;
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  readonly library: Library;
  readonly deeds: Deeds;
  readonly book: Book;
  readonly hints: Hints;
  readonly threads: Threads;
  readonly rows = computed(() => {
    const text = this.text.value;
    return text ? this.ledger.rows(text.sheet.id).value : [];
  });
  /** Keys this coder has chosen: a command and its chord. */
  readonly own = signal<Own>({});
  /** Codes that are known to be gone. */
  readonly missed = new Set<string>();
  /** Where views begin in a text that was left in the middle. */
  resume: { text: number; sentence: number } | null = null;
  /** Somebody learns here: what they code counts in no figure. */
  training = false;
  /** The journal's last number that is known here. */
  seq = 0;
  /** Place of the open text in the order the queue is in, as far as it is known. */
  #place: { text: number; pos: number } = { text: -1, pos: -1 };
  #asked = 0;
  #opening: Promise<void> | null = null;
  #mark: ReturnType<typeof setTimeout> | undefined;
  #bookmark: Bookmark = {};
  #worked = Date.now();
  readonly #indexed: () => void;
  readonly #clock: ReturnType<typeof setInterval>;

  constructor(channel: Channel, study: string, coder: string) {
    this.transport = new Transport(channel, () => void this.look());
    this.outbox = new Outbox(this.transport, study, coder, (entry, receipt) =>
      this.deeds.receipt(entry, receipt),
    );
    this.book = new Book(this.opening, this.outbox);
    this.deeds = new Deeds(this);
    this.hints = new Hints(this);
    this.threads = new Threads(this);
    this.ledger = new Ledger(() => this.outbox.pending.value);
    this.library = new Library(
      this.transport,
      (text) => this.ledger.load(text.sheet.id, text.sheet.codings),
      (id) => this.ledger.forget(id),
    );
    this.#indexed = untilSearched(this.library.page, () => void this.#searchOn());
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
    this.#indexed();
    clearTimeout(this.#mark);
    this.hints.close();
    this.threads.close();
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
    const before = this.opening.value;
    const again = before !== null;
    batch(() => {
      this.failure.value = null;
      this.seq = Math.max(this.seq, opening.seq);
      this.opening.value = opening;
      this.ledger.recount(opening);
      if (this.outbox.pending.value.length === 0) this.deeds.history.settle(opening.top);
    });
    if (before) this.#missing(before.codes, opening.codes);
    if (again) await this.#refetch();
    else await this.#resume(opening);
  }

  /** Say which codes somebody else has taken out of the codebook; codings keep them. */
  #missing(before: readonly CodeItem[], now: readonly CodeItem[]): void {
    const there = new Set(now.map((code) => code.key));
    const gone = before.filter(({ key }) => !there.has(key) && !this.missed.has(key));
    const names = gone.map((code) => code.name);
    if (names.length > 0) {
      this.say("gone.codes", { names: names.slice(0, 3).join(", "), n: names.length });
    }
  }

  async #resume(opening: Opening): Promise<void> {
    const mark = opening.bookmark;
    this.own.value = mark.keys ?? {};
    this.hints.on.value = mark.suggest !== false;
    const known = new Set(opening.filters.map((filter) => filter.key));
    this.query.value = {
      order: opening.orders?.find((order) => order === mark.order) ?? "order",
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

  /** The same page again, where a search had not seen all texts. */
  async #searchOn(): Promise<void> {
    const before = this.library.page.value;
    const first = before?.items[0];
    this.library.stale(false);
    const at = before?.before != null && first ? { around: first.pos } : {};
    const page = await this.library.turn(this.query.value, at).catch(() => null);
    if (page) this.sayFound(page);
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
    this.hints.turned();
    this.threads.turned();
    const items = this.library.page.value?.items ?? [];
    const at = items.findIndex((item) => item.id === text.sheet.id);
    const pos = this.placeOf(text.sheet.id);
    this.mark({ text: text.sheet.id, ...(pos === null ? {} : { pos }) });
    const near = [items[at + 1], at > 0 ? items[at - 1] : undefined];
    if (at >= 0) this.library.prefetch(near.flatMap((item) => (item ? [item.id] : [])));
  }

  /** Remember that a text stands at a place of the queue's order. */
  placed({ id, pos }: { id: number; pos: number }): void {
    this.#place = { text: id, pos };
  }

  /** The place of a text in the order of the queue; null: not known. */
  placeOf(id: number): number | null {
    const item = this.library.page.value?.items.find((other) => other.id === id);
    if (item) this.placed(item);
    if (this.#place.text === id) return this.#place.pos;
    const sheet = this.text.value?.sheet;
    const own = (this.query.value.order ?? "order") === "order" && !this.sampled.value;
    return own && sheet?.id === id ? sheet.pos : null;
  }

  /** Whether the queue goes through a sample. */
  readonly sampled = computed(() => this.opening.value?.orders?.length === 0);

  /** Keep where the coder is, a little later. */
  mark(values: Bookmark): void {
    this.#bookmark = { ...this.#bookmark, ...values };
    clearTimeout(this.#mark);
    this.#mark = setTimeout(() => {
      void this.transport.ask("mark", { values: this.#bookmark });
      this.#bookmark = {};
    }, CALM);
  }

  /** Learn what other kernels of this coder did. */
  async look(): Promise<void> {
    if (!this.opening.value) return void this.open();
    let changes: Changes;
    try {
      changes = await this.transport.read<Changes>("since", "changes", { seq: this.seq });
    } catch {
      return;
    }
    batch(() => {
      this.seq = Math.max(this.seq, changes.seq);
      this.ledger.confirm(changes.rows);
      if (changes.rows.length > 0) this.library.stale(false);
      if (this.outbox.pending.value.length === 0) this.deeds.history.settle(changes.top);
    });
    if (changes.reopen) await this.open();
  }

  /** Keep the keys this coder has chosen. */
  rekey(own: Own): void {
    this.own.value = own;
    this.mark({ keys: { ...own } });
  }

  /** The codes as the kernel has them after an edit of the codebook. */
  recode(codes: CodeItem[]): void {
    const opening = this.opening.value;
    if (!opening) return;
    this.opening.value = { ...opening, codes };
    this.ledger.recode(codes);
  }

  /** How many texts fit, once all have been searched. */
  sayFound({ items, after, unsearched = 0 }: Page): void {
    if (unsearched > 0) return;
    if (items.length === 0) this.say("queue_empty");
    else this.say("found", { n: items.length, more: after === null ? "" : "+" });
  }

  say(key: string, values: Record<string, string | number> = {}): void {
    this.notice.value = { key, values, n: (this.notice.value?.n ?? 0) + 1 };
  }
}
