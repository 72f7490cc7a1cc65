// Memos and links: what the kernel has told of them, with what still waits laid over it.

import { signal } from "@preact/signals";
import { newId } from "../../shared/ids";
import type { Entry } from "../../shared/outbox";
import type { Act, Link, LinkBody, LinkEnd, Memo, MemoBody, MemoKind } from "../../shared/wire";
import type { ThreadHost } from "./host";

/** Texts that are only leafed through are not asked about. */
const SETTLE = 150;
/** So many threads are kept up to date. */
const KEPT = 6;

const keyOf = (kind: MemoKind, uid: string) => `${kind}/${uid}`;

/** What a thread is on, by its key. */
export function placeOf(key: string): [MemoKind, string] {
  const at = key.indexOf("/");
  return [key.slice(0, at) as MemoKind, key.slice(at + 1)];
}

/** Acts that may change memos or links, or put them in or out of sight. */
const TOUCHES: readonly Act[] = ["memo", "link", "remove", "undo", "redo"];

/** A thread with what an op does to it. */
function lay(
  list: readonly Memo[],
  { op, at }: Entry,
  [kind, on]: [MemoKind, string],
  author: string,
): readonly Memo[] {
  if (op.act !== "memo" || !op.row) return list;
  const uid = op.row;
  const body = op.body as MemoBody;
  if (body.do === "remove") return list.filter((memo) => memo.uid !== uid);
  if (body.do === "change") {
    return list.map((memo) => (memo.uid === uid ? { ...memo, text: body.text } : memo));
  }
  if (keyOf(...body.on) !== keyOf(kind, on) || list.some((memo) => memo.uid === uid)) return list;
  const time = new Date(at).toISOString();
  return [...list, { uid, on_kind: kind, on, author, text: body.text, at: time, mine: true }];
}

export class Threads {
  /** The passage a link is being made from. */
  readonly from = signal<LinkEnd | null>(null);
  /** What is written and not yet given to the study, by what it is on. */
  readonly drafts = new Map<string, string>();
  readonly #memos = signal<ReadonlyMap<string, readonly Memo[]>>(new Map());
  readonly #links = signal<{ text: number; list: readonly Link[] }>({ text: -1, list: [] });
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly session: ThreadHost) {}

  /** Another text is on the desk. */
  turned(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const id = this.session.text.peek()?.sheet.id;
      if (id === undefined) return;
      void this.ask("text", String(id));
      void this.#askLinks();
    }, SETTLE);
  }

  /** An op went through: what it did stands until the kernel has told everything anew. */
  settled(entry: Entry): void {
    const { op } = entry;
    if (!TOUCHES.includes(op.act)) return;
    if (op.act === "memo") {
      const coder = this.session.opening.peek()?.coder ?? "";
      const laid = [...this.#memos.peek()].map(
        ([key, list]) => [key, lay(list, entry, placeOf(key), coder)] as const,
      );
      this.#memos.value = new Map(laid);
    }
    if (op.act === "link" && (op.body as LinkBody).do === "remove") {
      const { text, list } = this.#links.peek();
      this.#links.value = { text, list: list.filter((link) => link.uid !== op.row) };
    }
    this.#stale();
  }

  #stale(): void {
    for (const key of this.#memos.peek().keys()) {
      void this.ask(...placeOf(key));
    }
    void this.#askLinks();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  // -- memos -----------------------------------------------------------------------------

  /** The thread on something, the oldest first; null as long as it is not known. */
  memos(kind: MemoKind, uid: string): readonly Memo[] | null {
    const known = this.#memos.value.get(keyOf(kind, uid));
    if (!known) return null;
    const coder = this.session.opening.value?.coder ?? "";
    const { pending } = this.session.outbox;
    return pending.value.reduce((list, entry) => lay(list, entry, [kind, uid], coder), known);
  }

  async ask(kind: MemoKind, uid: string): Promise<void> {
    const answer = await this.session.transport.ask("memos", { kind, uid });
    if (answer["ok"] !== true) return;
    const key = keyOf(kind, uid);
    const others = [...this.#memos.value].filter(([other]) => other !== key).slice(1 - KEPT);
    this.#memos.value = new Map([...others, [key, answer["memos"] as readonly Memo[]]]);
  }

  write(kind: MemoKind, uid: string, text: string): void {
    this.session.deeds.note("memo", newId(), { do: "add", on: [kind, uid], text });
  }

  rewrite(memo: Memo, text: string): void {
    if (text && text !== memo.text) this.session.deeds.note("memo", memo.uid, { do: "change", text });
  }

  remove(memo: Memo): void {
    this.session.deeds.note("memo", memo.uid, { do: "remove" });
  }

  // -- links -----------------------------------------------------------------------------

  /** Links that begin or end at the codings of the open text. */
  links(): readonly Link[] {
    const { text, list } = this.#links.value;
    if (text !== this.session.text.value?.sheet.id) return [];
    const gone = new Set(
      this.session.outbox.pending.value.flatMap(({ op }) =>
        op.act === "link" && (op.body as LinkBody).do === "remove" ? [op.row] : [],
      ),
    );
    return list.filter((link) => !gone.has(link.uid));
  }

  link(from: string, to: string): void {
    this.session.deeds.note("link", newId(), { do: "add", from, to });
  }

  relabel(link: Link, text: string): void {
    if (text !== link.text) this.session.deeds.note("link", link.uid, { do: "change", text });
  }

  unlink(link: Link): void {
    this.session.deeds.note("link", link.uid, { do: "remove" });
  }

  async #askLinks(): Promise<void> {
    const text = this.session.text.peek()?.sheet.id;
    if (text === undefined) return;
    const answer = await this.session.transport.ask("links", { text });
    if (answer["ok"] !== true) return;
    const list = answer["links"] as readonly Link[];
    const was = this.#links.peek();
    if (was.text !== text || JSON.stringify(was.list) !== JSON.stringify(list)) {
      this.#links.value = { text, list };
    }
  }
}
