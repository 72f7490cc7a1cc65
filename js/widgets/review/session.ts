// What the review knows and does: the texts with differences, the one on the desk, what is
// settled. Everything done goes through the outbox; what is shown is what the kernel has, with
// what still waits laid over it.

import { batch, computed, signal } from "@preact/signals";
import { newId } from "../../shared/ids";
import { Offsets } from "../../shared/offsets";
import { Outbox, type Entry } from "../../shared/outbox";
import { Refused, Transport, type Channel } from "../../shared/transport";
import type { Op, Opening, Receipt, Refusal, Top } from "../../shared/wire";
import { opened } from "../table/kit/opening";
import type { Notice } from "../table/kit/shell";
import type { Case, Cases, How, On, Own, Place, Progress, ReviewSheet, Side, Status } from "./wire";

const CALM = 700;
const NONE: Top = { undo: null, redo: null };

/** Something that is to be said, in the words of whoever shows it. */
export interface Word {
  key: string;
  values?: Record<string, string | number>;
}

export interface Desk extends ReviewSheet {
  offsets: Offsets;
}

export class ReviewSession {
  readonly opening = signal<Opening | null>(null);
  readonly failure = signal<Refusal | null>(null);
  readonly status = signal<Status>("open");
  readonly cases = signal<readonly Case[]>([]);
  readonly more = signal<number | null>(null);
  readonly desk = signal<Desk | null>(null);
  readonly at = signal(0);
  readonly progress = signal<Progress | null>(null);
  readonly counting = signal(false);
  readonly top = signal<Top>(NONE);
  readonly word = signal<(Word & { n: number; loud: boolean }) | null>(null);
  readonly notice = signal<Notice | null>(null);
  /** The own answer that is being put together; null where none is. */
  readonly own = signal<Own | null>(null);
  readonly sheet = signal(false);
  readonly transport: Transport;
  readonly outbox: Outbox;
  /** Places of the text in which its coders differ. */
  readonly places = computed(() =>
    (this.desk.value?.places ?? []).filter((place) => place.differs.includes(this.on)),
  );
  readonly same = computed(() =>
    (this.desk.value?.places ?? []).filter((place) => !place.differs.includes(this.on)),
  );
  readonly place = computed<Place | null>(() => this.places.value[this.at.value] ?? null);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = 0;

  constructor(
    channel: Channel,
    study: string,
    who: string,
    readonly on: On,
  ) {
    this.transport = new Transport(channel, () => void this.look());
    // A person may code and settle: what waits is kept apart.
    this.outbox = new Outbox(this.transport, study, `review/${who}`, (entry, receipt) =>
      this.#receipt(entry, receipt),
    );
    void this.open();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.outbox.close();
    this.transport.close();
  }

  async open(): Promise<void> {
    if (!(await opened(this))) return;
    await this.list();
    const first = this.cases.value[0];
    if (!this.desk.value && first) await this.go(first.id);
    else if (!this.desk.value && this.status.value === "open" && this.opening.value?.total) {
      await this.choose("all"); // all is settled: show what was
    }
    this.recount(0);
  }

  /** Other kernels have done something. */
  async look(): Promise<void> {
    if (!this.opening.value) return this.open();
    await this.#again();
  }

  async list(): Promise<void> {
    const cases = await this.transport
      .read<Cases>("cases", "cases", { status: this.status.value })
      .catch(() => null);
    if (!cases) return;
    batch(() => {
      this.cases.value = cases.items;
      this.more.value = cases.after;
    });
  }

  async later(): Promise<void> {
    const after = this.more.value;
    if (after === null) return;
    this.more.value = null;
    const cases = await this.transport
      .read<Cases>("cases", "cases", { status: this.status.value, after })
      .catch(() => null);
    if (!cases) return;
    batch(() => {
      this.cases.value = [...this.cases.value, ...cases.items];
      this.more.value = cases.after;
    });
  }

  async choose(status: Status): Promise<void> {
    this.status.value = status;
    await this.list();
    const here = this.desk.value?.sheet.id;
    const first = this.cases.value[0];
    if (first && !this.cases.value.some((one) => one.id === here)) await this.go(first.id);
  }

  /** Put a text on the desk, at its first open difference, or at its last from behind. */
  async go(id: number, back = false): Promise<void> {
    const mine = ++this.#asked;
    const desk = await this.#read(id);
    if (!desk || mine !== this.#asked) return;
    batch(() => {
      this.desk.value = desk;
      const places = this.places.value;
      const first = places.findIndex((place) => !isDone(place));
      this.at.value = back ? Math.max(places.length - 1, 0) : Math.max(first, 0);
      this.own.value = null;
    });
    this.tellPlace();
  }

  async #read(id: number): Promise<Desk | null> {
    try {
      const found = await this.transport.read<ReviewSheet>("sheet", "sheet", { text: id });
      return { ...found, offsets: new Offsets(found.sheet.text) };
    } catch (error) {
      if (error instanceof Refused) this.say(`why.${error.failure.why}`);
      return null;
    }
  }

  /** The next or previous difference, in this text or another. */
  async move(by: 1 | -1): Promise<void> {
    const to = this.at.value + by;
    if (to >= 0 && to < this.places.value.length) {
      batch(() => {
        this.at.value = to;
        this.own.value = null;
      });
      this.tellPlace();
      return;
    }
    await this.turn(by);
  }

  /** The next or previous text with differences. */
  async turn(by: 1 | -1): Promise<void> {
    const after = this.desk.value?.sheet.id ?? 0;
    const fields = { status: this.status.value, after, back: by < 0 };
    const id = await this.transport
      .read<number | null>("next", "text", fields)
      .catch(() => null);
    if (id === null) this.tell({ key: "told.end" });
    else await this.go(id, by < 0);
  }

  words(start: number, stop: number): string {
    return this.desk.value?.offsets.slice(start, stop) ?? "";
  }

  tellPlace(): void {
    const place = this.place.value;
    if (!place) return;
    const words = this.words(place.start, Math.min(place.stop, place.start + 300));
    this.tell({
      key: "told.place",
      values: { i: this.at.value + 1, n: this.places.value.length, words },
    });
  }

  // -- doing -----------------------------------------------------------------------------

  /** What waits to be settled so, where anything does. */
  waiting(place: Place): { how: How; chosen: string } | null {
    const found = this.outbox.pending.value.findLast((entry) => bodyOf(entry)["place"] === place.id);
    return found ? (bodyOf(found) as unknown as { how: How; chosen: string }) : null;
  }

  take(side: Side): void {
    if (side.codings.length === 0) return;
    this.#settle({ how: "coder", chosen: side.coder });
    this.tell({ key: "told.settled", values: { coder: side.coder } });
  }

  undecided(): void {
    this.#settle({ how: "undecided" });
    this.tell({ key: "told.undecided" });
  }

  /** Begin an own answer: blank, or from the one that was settled. */
  edit(): void {
    const place = this.place.value;
    if (!place) return;
    const settled = place.settled?.how === "own" ? place.settled.codings[0] : undefined;
    this.own.value = ownOf(place, settled);
  }

  fill(side: Side): void {
    const place = this.place.value;
    const memo = this.own.value?.memo ?? "";
    if (!place) return;
    this.own.value = { ...ownOf(place, side.codings[0]), memo };
    this.tell({ key: "told.filled", values: { coder: side.coder } });
  }

  saveOwn(): void {
    const own = this.own.value;
    if (!own) return;
    this.#settle({ how: "own", ...own });
    this.own.value = null;
    this.tell({ key: "told.own" });
  }

  #settle(said: Record<string, unknown> & { how: How }): void {
    const place = this.place.value;
    const desk = this.desk.value;
    if (!place || !desk) return;
    const seen = Object.fromEntries(
      place.sides.flatMap((side) => side.codings.map((row) => [row.uid, row.rev])),
    );
    const body = { feedback: desk.sheet.id, place: place.id, seen, ...said };
    const row = place.settled?.uid ?? newId();
    this.#do({ act: "settle", row, seen_version: desk.sheet.version, body });
  }

  addMemo(on: [string, string], text: string): void {
    if (!text.trim()) return;
    this.#do({ act: "memo", row: newId(), body: { do: "add", on, text: text.trim() } });
    this.tell({ key: "told.memo" });
  }

  removeMemo(uid: string): void {
    this.#do({ act: "memo", row: uid, body: { do: "remove" } });
  }

  turnBack(act: "undo" | "redo"): void {
    const step = this.top.value[act];
    if (!step || this.outbox.pending.value.length > 0) {
      this.tell({ key: act === "undo" ? "told.no_undo" : "told.no_redo" });
      return;
    }
    this.#do({ act, expect: step.op });
    const key = act === "undo" ? "told.undone" : "told.redone";
    this.tell({ key, values: { what: `labels.${step.label}` } });
  }

  #do(op: { act: string } & Record<string, unknown>): void {
    this.#last = Math.max(Date.now(), this.#last + 0.001);
    const title = this.desk.value?.sheet.title ?? "";
    const whole = { op: newId(), ...op } as unknown as Op;
    this.outbox.add({ at: this.#last, op: whole, effect: null, title });
  }

  #receipt(entry: Entry, receipt: Receipt): void {
    if (receipt.ok) this.top.value = receipt.top;
    else {
      this.say(`why.${receipt.why ?? "invalid"}`);
      // Nothing was written and the place shows so: there is no more to decide about it.
      if (receipt.why === "conflict" || receipt.why === "moved") this.outbox.dismiss(entry.op.op);
    }
    void this.#again();
  }

  async #again(): Promise<void> {
    const here = this.desk.value;
    if (here) {
      const desk = await this.#read(here.sheet.id);
      if (desk && this.desk.value?.sheet.id === desk.sheet.id) {
        const place = this.place.value?.id;
        batch(() => {
          this.desk.value = desk;
          const at = this.places.value.findIndex((one) => one.id === place);
          if (at >= 0) this.at.value = at;
          this.at.value = Math.min(this.at.value, Math.max(this.places.value.length - 1, 0));
          this.cases.value = this.cases.value.map((one) =>
            one.id === desk.sheet.id ? { ...one, open: desk.open, total: desk.total } : one,
          );
        });
      }
    }
    this.recount(CALM);
  }

  /** Agreement, a little later: it takes a moment. */
  recount(after: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.counting.value = true;
      void this.transport
        .read<Progress>("progress", "progress")
        .then((progress) => (this.progress.value = progress))
        .catch(() => undefined)
        .finally(() => (this.counting.value = false));
    }, after);
  }

  // -- telling ---------------------------------------------------------------------------

  tell(word: Word): void {
    this.word.value = { ...word, n: (this.word.peek()?.n ?? 0) + 1, loud: false };
  }

  say(key: string): void {
    this.word.value = { key, n: (this.word.peek()?.n ?? 0) + 1, loud: true };
  }
}

export function isDone(place: Place): boolean {
  return place.settled !== null && place.settled.how !== "undecided" && !place.news;
}

function ownOf(place: Place, row: Place["sides"][0]["codings"][0] | undefined): Own {
  const { start, stop } = row ?? place;
  return {
    start,
    stop,
    stage: row?.stage ?? null,
    valence: row?.valence ?? null,
    codes: [...(row?.codes ?? [])],
    memo: row?.memo ?? "",
  };
}

function bodyOf(entry: Entry): Record<string, unknown> {
  return (entry.op.body ?? {}) as unknown as Record<string, unknown>;
}
