// The list of all passages: sorted, filtered, chosen, recoded in bulk.

import { computed, signal } from "@preact/signals";
import type { Entry } from "../../shared/outbox";
import type { Channel } from "../../shared/transport";
import type { Receipt } from "../../shared/wire";
import { nudged, TableSession } from "./base";
import { RowWindow, type PageOf } from "./window";

export interface Passage {
  uid: string;
  feedback: number;
  source: string;
  id: string;
  respondent: string;
  passage: string;
  ahead: string;
  behind: string;
  coder: string;
  stage: string | null;
  valence: number | null;
  memo: string;
  codes: string[];
  at: string;
  /** Its place in the order asked for. */
  mark: unknown;
}

export interface Query {
  sort: string;
  down: boolean;
  stage: string;
  code: string;
  coder: string;
}

export interface Change {
  set?: { stage?: string | null; valence?: number | null };
  add_codes?: string[];
  remove_codes?: string[];
  remove?: true;
}

const QUERY: Query = { sort: "text", down: false, stage: "", code: "", coder: "" };

export class ListSession extends TableSession {
  readonly query = signal<Query>(QUERY);
  readonly chosen = signal<ReadonlySet<string>>(new Set());
  readonly coders = signal<readonly string[]>([]);
  readonly window = new RowWindow<Passage>(
    ({ mark, back }) =>
      this.transport.read<PageOf<Passage>>("rows", "page", { query: this.#asked(), mark, back }),
    (row) => row.mark,
  );
  /** Rows with what waits laid over them. */
  readonly rows = computed(() => {
    const waiting = this.outbox.pending.value.filter((entry) => entry.op.act === "bulk");
    if (waiting.length === 0) return this.window.rows.value;
    return this.window.rows.value
      .filter((row) => !waiting.some((entry) => removes(entry, row)))
      .map((row) => waiting.reduce(laid, row));
  });
  #anchor: string | null = null;
  #removed = false;

  constructor(channel: Channel, study: string, who: string) {
    super(channel, study, `list/${who}`);
    void this.open();
  }

  #asked(): object {
    return { ...this.query.value, search: this.search.value };
  }

  protected async begin(): Promise<void> {
    const coders = this.transport.read<string[]>("coders", "coders").catch(() => []);
    await this.window.begin();
    this.active.value ??= this.rows.value[0]?.uid ?? null;
    this.coders.value = await coders;
  }

  async look(): Promise<void> {
    if (!this.opening.value) return this.open();
    await this.refresh();
  }

  find(words: string): void {
    this.search.value = words;
    void this.again();
  }

  /** All passages, whatever was asked for. */
  anything(): void {
    this.search.value = "";
    this.ask({ stage: "", code: "", coder: "" });
  }

  ask(patch: Partial<Query>): void {
    this.query.value = { ...this.query.value, ...patch };
    void this.again();
  }

  /** Sort by a column; by the same once more, the other way round. */
  sortBy(sort: string): void {
    const now = this.query.value;
    this.ask({ sort, down: now.sort === sort ? !now.down : false });
  }

  async again(): Promise<void> {
    this.chosen.value = new Set();
    await this.window.begin();
    this.active.value = this.rows.value[0]?.uid ?? null;
    this.tell("told.found", { n: this.window.total.value ?? this.rows.value.length });
  }

  // -- choosing --------------------------------------------------------------------------

  toggle(uid: string): void {
    const chosen = new Set(this.chosen.value);
    if (!chosen.delete(uid)) chosen.add(uid);
    this.chosen.value = chosen;
    this.#anchor = uid;
    this.tell("told.chosen", { n: chosen.size });
  }

  /** All rows from the last one chosen to this. */
  extend(uid: string): void {
    const rows = this.rows.value;
    const from = rows.findIndex((row) => row.uid === (this.#anchor ?? uid));
    const to = rows.findIndex((row) => row.uid === uid);
    const [first, last] = from < to ? [from, to] : [to, from];
    const some = rows.slice(Math.max(first, 0), last + 1).map((row) => row.uid);
    this.chosen.value = new Set([...this.chosen.value, ...some]);
    this.tell("told.chosen", { n: this.chosen.value.size });
  }

  async all(): Promise<void> {
    const uids = await this.transport
      .read<string[]>("uids", "uids", { query: this.#asked() })
      .catch(() => null);
    if (!uids) return;
    this.chosen.value = new Set(uids);
    this.tell("told.chosen", { n: uids.length });
  }

  none(): void {
    this.chosen.value = new Set();
    this.tell("told.chosen", { n: 0 });
  }

  // -- recoding --------------------------------------------------------------------------

  /** The passages that are meant: those chosen, else the one the keys are at. */
  get meant(): string[] {
    if (this.chosen.value.size > 0) return [...this.chosen.value];
    return this.active.value === null ? [] : [this.active.value];
  }

  change(change: Change): void {
    const codings = this.meant;
    if (codings.length === 0) return;
    this.do({ act: "bulk", body: { codings, ...change } as never });
    this.tell(change.remove ? "told.removed" : "told.changed", { n: codings.length }, change.remove);
    if (!change.remove) return;
    this.#removed = true;
    this.chosen.value = new Set();
  }

  nudge(by: 1 | -1): void {
    const row = this.rows.value.find((one) => one.uid === this.meant[0]);
    if (row) this.change({ set: { valence: nudged(row.valence, by) } });
  }

  protected settled(entry: Entry, receipt: Receipt): void {
    if (receipt.why === "conflict" || receipt.why === "moved") this.outbox.dismiss(entry.op.op);
    const turned = entry.op.act === "undo" || entry.op.act === "redo";
    // What was removed is not among the rows: only the study knows where it stood.
    if (turned && this.#removed) void this.window.begin();
    else void this.refresh();
  }

  /** The rows shown, as they are now. */
  async refresh(): Promise<void> {
    const shown = this.window.rows.value.map((row) => row.uid);
    const now = await this.transport
      .read<Passage[]>("some", "rows", { uids: shown })
      .catch(() => null);
    if (!now) return;
    const fresh = new Map(now.map((row) => [row.uid, row]));
    const rows = this.window.rows.value;
    this.window.rows.value = rows.flatMap((row) => {
      const found = fresh.get(row.uid);
      return found ? [{ ...found, mark: row.mark }] : shown.includes(row.uid) ? [] : [row];
    });
  }
}

function removes({ op }: Entry, { uid }: Passage): boolean {
  const body = op.body as unknown as Change & { codings: string[] };
  return body.remove === true && body.codings.includes(uid);
}

/** A passage as a change that waits will have it. */
function laid(row: Passage, entry: Entry): Passage {
  const body = entry.op.body as unknown as Change & { codings: string[] };
  if (!body.codings.includes(row.uid)) return row;
  const off = new Set(body.remove_codes ?? []);
  const codes = [...row.codes.filter((key) => !off.has(key))];
  for (const key of body.add_codes ?? []) if (!codes.includes(key)) codes.push(key);
  return { ...row, ...body.set, codes };
}
