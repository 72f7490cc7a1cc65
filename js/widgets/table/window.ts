// A window on rows without end: some pages of them, more at either end when it is near, and
// those far away let go. Only these rows are drawn.

import { batch, signal } from "@preact/signals";

export interface PageOf<R> {
  rows: R[];
  before: unknown;
  after: unknown;
  total?: number | null;
  /** Texts in which a search has not looked yet. */
  unsearched?: number;
}

export type Ask<R> = (at: { mark: unknown; back: boolean }) => Promise<PageOf<R>>;

const KEPT = 240;

export class RowWindow<R> {
  readonly rows = signal<readonly R[]>([]);
  readonly total = signal<number | null>(null);
  readonly loaded = signal(false);
  /** The last page that began the rows. */
  readonly latest = signal<PageOf<R> | null>(null);
  #before: unknown = null;
  #after: unknown = null;
  #asked = 0;
  #busy: Promise<boolean> | null = null;

  constructor(
    private readonly ask: Ask<R>,
    private readonly markOf: (row: R) => unknown,
  ) {}

  get ends(): { first: boolean; last: boolean } {
    return { first: this.#before === null, last: this.#after === null };
  }

  /** From the beginning. */
  async begin(): Promise<void> {
    const mine = ++this.#asked;
    this.#busy = null;
    const page = await this.ask({ mark: null, back: false }).catch(() => null);
    if (!page || mine !== this.#asked) return;
    batch(() => {
      this.rows.value = page.rows;
      this.total.value = page.total ?? null;
      this.loaded.value = true;
      this.latest.value = page;
    });
    this.#before = null;
    this.#after = page.after ?? null;
  }

  /** More rows at one end; false where there are none. */
  more(back: boolean): Promise<boolean> {
    this.#busy ??= this.#more(back).finally(() => (this.#busy = null));
    return this.#busy;
  }

  async #more(back: boolean): Promise<boolean> {
    const mark = back ? this.#before : this.#after;
    if (mark === null) return false;
    const mine = this.#asked;
    const page = await this.ask({ mark, back }).catch(() => null);
    if (!page || mine !== this.#asked) return false;
    const all = back ? [...page.rows, ...this.rows.value] : [...this.rows.value, ...page.rows];
    const kept = back ? all.slice(0, KEPT) : all.slice(-KEPT);
    const cut = all.length - kept.length;
    if (back) {
      this.#before = page.before ?? null;
      if (cut > 0) this.#after = this.markOf(kept.at(-1) as R);
    } else {
      this.#after = page.after ?? null;
      if (cut > 0) this.#before = this.markOf(kept[0] as R);
    }
    this.rows.value = kept;
    return page.rows.length > 0;
  }
}
