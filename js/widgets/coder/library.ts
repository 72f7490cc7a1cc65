// What has been read of the study: the page of the queue on screen with its neighbours, and
// the last texts. Nothing else of the study is kept in the browser.

import { signal } from "@preact/signals";
import { Snapper } from "../../shared/graphemes";
import { Offsets } from "../../shared/offsets";
import type { Transport } from "../../shared/transport";
import type { Item, Page, Query, Sheet } from "../../shared/wire";

export const PAGE = 30;
const KEPT_TEXTS = 40;
const KEPT_PAGES = 8;

/** A text with what is needed to point into it. */
export interface OpenText {
  sheet: Sheet;
  offsets: Offsets;
  snapper: Snapper;
}

export class Library {
  readonly page = signal<Page | null>(null);
  readonly #transport: Transport;
  readonly #texts = new Map<number, OpenText>();
  readonly #asked = new Map<number, Promise<OpenText>>();
  readonly #pages = new Map<string, Page>();
  readonly #loaded: (text: OpenText) => void;
  readonly #forgotten: (id: number) => void;
  #turn = 0;

  constructor(
    transport: Transport,
    loaded: (text: OpenText) => void,
    forgotten: (id: number) => void,
  ) {
    this.#transport = transport;
    this.#loaded = loaded;
    this.#forgotten = forgotten;
  }

  cached(id: number): OpenText | null {
    return this.#texts.get(id) ?? null;
  }

  /** A text, from what is kept or from the kernel. */
  text(id: number): Promise<OpenText> {
    const known = this.#texts.get(id);
    if (known) {
      this.#texts.delete(id);
      this.#texts.set(id, known); // the latest last
      return Promise.resolve(known);
    }
    let asked = this.#asked.get(id);
    if (!asked) {
      asked = this.#transport
        .read<Sheet>("text", "sheet", { text: id })
        .then((sheet) => this.#keep(sheet))
        .finally(() => this.#asked.delete(id));
      this.#asked.set(id, asked);
    }
    return asked;
  }

  prefetch(ids: readonly number[]): void {
    for (const id of ids) if (!this.#texts.has(id)) this.text(id).catch(() => undefined);
  }

  /** The page after or before a cursor; the first page without one. Null: overtaken. */
  async turn(
    query: Query,
    at: { after?: number; before?: number; around?: number } = {},
  ): Promise<Page | null> {
    const mine = ++this.#turn;
    const page = await this.#read(query, at);
    if (mine !== this.#turn) return null;
    this.page.value = page;
    if (page.after !== null) void this.#read(query, { after: page.after }).catch(() => undefined);
    if (page.before !== null) void this.#read(query, { before: page.before }).catch(() => undefined);
    return page;
  }

  /** A neighbour page that was fetched ahead, at once. */
  turnNow(query: Query, at: { after?: number; before?: number }): Page | null {
    const page = this.#pages.get(keyOf(query, at));
    if (!page) return null;
    void this.turn(query, at);
    this.page.value = page;
    return page;
  }

  next(query: Query, pos: number): Promise<Item | null> {
    return this.#transport.read<Item | null>("next", "item", { query, pos });
  }

  /** Forget pages (a query's answer may have changed) and, if told, texts. */
  stale(texts: boolean): void {
    this.#pages.clear();
    if (!texts) return;
    for (const id of this.#texts.keys()) this.#forgotten(id);
    this.#texts.clear();
  }

  async #read(
    query: Query,
    at: { after?: number; before?: number; around?: number },
  ): Promise<Page> {
    const key = keyOf(query, at);
    const known = this.#pages.get(key);
    if (known) return known;
    const page =
      at.around === undefined
        ? await this.#transport.read<Page>("page", "page", { query, ...at, limit: PAGE })
        : await this.#transport.read<Page>("around", "page", {
            query,
            pos: at.around,
            limit: PAGE,
          });
    page.items.sort((one, other) => one.pos - other.pos);
    this.#pages.set(key, page);
    if (this.#pages.size > KEPT_PAGES) this.#pages.delete(first(this.#pages));
    return page;
  }

  #keep(sheet: Sheet): OpenText {
    const text = { sheet, offsets: new Offsets(sheet.text), snapper: new Snapper(sheet.text) };
    this.#texts.set(sheet.id, text);
    if (this.#texts.size > KEPT_TEXTS) {
      const oldest = first(this.#texts);
      this.#texts.delete(oldest);
      this.#forgotten(oldest);
    }
    this.#loaded(text);
    return text;
  }
}

const keyOf = (query: Query, at: object) => JSON.stringify([query, at]);

function first<K>(map: Map<K, unknown>): K {
  return map.keys().next().value as K;
}
