// What the parts of a session need of the session they belong to, so that none of them has to
// know the session itself.

import type { ReadonlySignal, Signal } from "@preact/signals";
import type { Entry, Outbox, Shown } from "../../shared/outbox";
import type { Transport } from "../../shared/transport";
import type { Bookmark, CodeItem, LinkBody, MemoBody, Opening } from "../../shared/wire";
import type { Book } from "./book";
import type { Ledger } from "./ledger";
import type { OpenText } from "./library";

/** The text on the desk, who codes, and the way to the kernel. */
export interface Host {
  readonly opening: ReadonlySignal<Opening | null>;
  readonly text: ReadonlySignal<OpenText | null>;
  readonly transport: Transport;
  readonly outbox: Outbox;
}

/** What suggestions need. */
export interface HintHost extends Host {
  readonly rows: ReadonlySignal<readonly Shown[]>;
  mark(values: Bookmark): void;
}

/** What memos and links need. */
export interface ThreadHost extends Host {
  readonly deeds: { note(act: "memo" | "link", row: string, body: MemoBody | LinkBody): void };
}

/** What the deeds of a coder need. */
export interface DeedHost extends Host {
  readonly opening: Signal<Opening | null>;
  readonly ledger: Ledger;
  readonly book: Book;
  readonly hints: {
    refused(uid: string, op: string): void;
    offered(op: string): void;
    learned(): void;
  };
  readonly threads: { settled(entry: Entry): void };
  /** Codes that are known to be gone. */
  readonly missed: Set<string>;
  seq: number;
  go(id: number): Promise<boolean>;
  look(): Promise<void>;
  open(): Promise<void>;
  recode(codes: CodeItem[]): void;
  say(key: string, values?: Record<string, string | number>): void;
}
