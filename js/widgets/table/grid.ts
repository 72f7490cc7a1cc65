// The grid of short texts: a coding of the whole text on each row.

import { signal } from "@preact/signals";
import { newId } from "../../shared/ids";
import { Offsets } from "../../shared/offsets";
import type { Entry, Shown } from "../../shared/outbox";
import type { Channel } from "../../shared/transport";
import type { Body, Receipt, Sheet, Status } from "../../shared/wire";
import { untilSearched } from "../coder/indexing";
import { Ledger } from "../coder/ledger";
import { searchFor, soughtIn } from "../coder/sieve";
import { nudged, TableSession } from "./base";
import { RowWindow, type PageOf } from "./window";

export type Answer = Sheet & { length: number };
type Patch = Pick<Body, "stage" | "valence" | "codes">;

export class GridSession extends TableSession {
  readonly status = signal<Status>("all");
  /** Stage and code that this coder gave, and attributes: what the rows must have. */
  readonly given = signal<{ stage: string; code: string }>({ stage: "", code: "" });
  readonly filters = signal<Readonly<Record<string, string>>>({});
  readonly hidden = signal<ReadonlySet<string>>(new Set());
  readonly ledger = new Ledger(() => this.outbox.pending.value);
  readonly window = new RowWindow<Answer>(
    async ({ mark, back }) => {
      const query = { status: this.status.value, search: this.#search(), filters: this.filters.value };
      const at = mark === null ? {} : back ? { before: mark } : { after: mark };
      const page = await this.transport.read<PageOf<Sheet>>("rows", "page", { query, ...at });
      for (const sheet of page.rows) this.ledger.load(sheet.id, sheet.codings);
      const rows = page.rows.map((sheet) => ({ ...sheet, length: new Offsets(sheet.text).length }));
      return { ...page, rows };
    },
    (row) => row.pos,
  );

  readonly #searched: () => void;

  constructor(channel: Channel, study: string, coder: string) {
    // What waits is the same as the coding widget's: either may send it.
    super(channel, study, coder);
    this.#searched = untilSearched(this.window.latest, () => void this.window.begin());
    void this.open();
  }

  override close(): void {
    this.#searched();
    super.close();
  }

  #search(): string {
    const { words, mine } = soughtIn(this.search.value);
    const given = (["stage", "code"] as const).flatMap((kind) => {
      const key = this.given.value[kind];
      return key ? [{ kind, given: key }] : [];
    });
    return searchFor({ words, mine: [...mine, ...given] });
  }

  protected async begin(): Promise<void> {
    const opening = this.opening.value;
    if (opening) this.ledger.recount(opening);
    await this.window.begin();
    this.active.value ??= keyOf(this.window.rows.value[0]);
  }

  async look(): Promise<void> {
    if (!this.opening.value) return this.open();
    await this.window.begin();
  }

  find(words: string): void {
    this.search.value = words;
    void this.again();
  }

  /** Only texts with a stage or code of this coder's; none for any. */
  only(kind: "stage" | "code", key: string): void {
    this.given.value = { ...this.given.value, [kind]: key };
    void this.again();
  }

  /** Only texts with a value of an attribute; none for any. */
  filter(key: string, value: string): void {
    const { [key]: _, ...others } = this.filters.value;
    this.filters.value = value ? { ...others, [key]: value } : others;
    void this.again();
  }

  /** All texts, whatever was asked for. */
  anything(): void {
    this.search.value = "";
    this.given.value = { stage: "", code: "" };
    this.filters.value = {};
    this.choose("all");
  }

  choose(status: Status): void {
    this.status.value = status;
    void this.again();
  }

  async again(): Promise<void> {
    await this.window.begin();
    this.active.value = keyOf(this.window.rows.value[0]);
  }

  row(): Answer | null {
    return this.window.rows.value.find((row) => keyOf(row) === this.active.value) ?? null;
  }

  /** The coding of a whole text, where there is one. */
  whole(row: Answer): Shown | null {
    const rows = this.ledger.rows(row.id).value;
    return rows.find((one) => one.start === 0 && one.stop === row.length) ?? null;
  }

  /** Change the coding of the row the keys are at, or begin one. */
  act(patch: Patch): void {
    const row = this.row();
    if (!row || row.length === 0) return;
    const now = this.whole(row);
    const op = newId();
    if (now) {
      const effect = { feedback: row.id, uid: now.uid, before: now, after: { ...now, ...patch, base: op } };
      const edit = { act: "edit" as const, row: now.uid, base: now.base, body: patch };
      this.do({ ...edit, seen_version: now.version }, effect, op);
    } else {
      const coder = this.opening.value?.coder ?? "";
      const fresh: Shown = {
        uid: newId(),
        feedback: row.id,
        version: row.version,
        start: 0,
        stop: row.length,
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
      const body: Body = { feedback: row.id, start: 0, stop: row.length, origin: "human", ...patch };
      const effect = { feedback: row.id, uid: fresh.uid, before: null, after: fresh };
      this.do({ act: "code", row: fresh.uid, seen_version: row.version, body }, effect, op);
    }
    this.ledger.refresh(row.id);
  }

  nudge(by: 1 | -1): void {
    const row = this.row();
    if (row) this.act({ valence: nudged(this.whole(row)?.valence ?? null, by) });
  }

  toggleCode(key: string): void {
    const row = this.row();
    if (!row) return;
    const codes = this.whole(row)?.codes ?? [];
    this.act({ codes: codes.includes(key) ? codes.filter((one) => one !== key) : [...codes, key] });
  }

  remove(): void {
    const row = this.row();
    const now = row && this.whole(row);
    if (!row || !now) return;
    const effect = { feedback: row.id, uid: now.uid, before: now, after: null };
    this.do({ act: "remove", row: now.uid, base: now.base, seen_version: now.version }, effect);
    this.ledger.refresh(row.id);
  }

  protected settled(entry: Entry, receipt: Receipt): void {
    this.ledger.confirm(receipt.rows);
    if (entry.effect) this.ledger.refresh(entry.effect.feedback);
    if (receipt.reopen) void this.look();
  }
}

export function keyOf(row: Answer | undefined): string | null {
  return row ? String(row.id) : null;
}
