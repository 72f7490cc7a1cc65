// What the kernel proposes for the open text. Suggestions are no codings: they are kept apart,
// never counted, and gone as soon as their words are coded or they are refused.

import { computed, signal } from "@preact/signals";
import type { Suggestion, Worth } from "../../shared/wire";
import type { HintHost } from "./host";
import { ahead, covers, joined, windowAt, type Range } from "./windows";

/** Texts that are only leafed through are not asked about. */
const SETTLE = 80;
/** After a coding what was learned is new; nobody waits for it. */
const LEARNED = 700;
/** What suggestions are worth changes slowly. */
const SELDOM = 15_000;
const SOON = 3_000;
/** So many windows of a long text are looked through for the next suggestion at one press. */
const FURTHER = 4;
const NONE: readonly Suggestion[] = [];

/** Whether anything of some ranges, in order of their starts, lies in another one. */
function reachOf(ranges: readonly Range[]): (other: Range) => boolean {
  let most = 0;
  const reach = ranges.map(({ stop }) => (most = Math.max(most, stop)));
  return ({ start, stop }) => {
    let [low, high] = [0, ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranges[middle] as Range).start < stop) low = middle + 1;
      else high = middle;
    }
    return low > 0 && (reach[low - 1] as number) > start;
  };
}

interface Found {
  text: number;
  list: readonly Suggestion[];
  /** What of the text the kernel was asked about. */
  judged: readonly Range[];
}

export class Hints {
  readonly on = signal(true);
  /** What suggestions are worth, as far as the kernel knows. */
  readonly worth = signal<Worth | null>(null);
  /** The kernel's last answer. */
  readonly #found = signal<Found | null>(null);
  /** Suggestions refused here, with the op that did it. */
  readonly #refused = signal<ReadonlyMap<string, string>>(new Map());
  /** Whether the open text's suggestions are known. */
  readonly known = computed(
    () => this.on.value && this.#found.value?.text === this.session.text.value?.sheet.id,
  );
  /** Whether that is so of all its sentences. */
  readonly whole = computed(() => {
    const found = this.#found.value;
    return this.known.value && found !== null && covers(found.judged, this.#all());
  });
  /** Suggestions for the open text whose words are neither coded nor refused, in order. */
  readonly shown = computed<readonly Suggestion[]>(() => {
    if (!this.known.value) return NONE;
    const all = this.#found.value?.list ?? NONE;
    const coded = reachOf(this.session.rows.value);
    const left = all.filter((one) => !this.#refused.value.has(one.uid) && !coded(one));
    // The same suggestions are the same list: nothing is drawn anew for them.
    const same = left.length === this.#left.length && left.every((one, at) => one === this.#left[at]);
    if (!same) this.#left = left;
    return this.#left;
  });
  #left: readonly Suggestion[] = NONE;
  /** What a view shows of the open text. */
  #near: Range = { start: 0, stop: 0 };
  /** What was judged since the kernel last learned something. */
  #fresh: readonly Range[] = [];
  #judged = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly session: HintHost) {}

  /** Another text is on the desk. */
  turned(): void {
    this.#near = { start: 0, stop: 0 };
    this.#fresh = [];
    this.#later(SETTLE);
  }

  /** Something was coded: more may be known now. */
  learned(): void {
    this.#fresh = [];
    this.#later(LEARNED);
  }

  /** A view shows this range of the open text. */
  seen(near: Range): void {
    this.#near = near;
    if (this.known.peek() && this.#missing()) this.#later(SETTLE);
  }

  /** Look through what has not been judged yet, until there is a suggestion after a place. */
  async further(after: number): Promise<Suggestion | null> {
    for (let tries = 0; tries < FURTHER; tries++) {
      const next = this.shown.peek().find(({ start }) => start > after);
      const text = this.session.text.peek();
      const found = this.#found.peek();
      if (next || !text || found?.text !== text.sheet.id) return next ?? null;
      const where = ahead(text.sheet.sentences, found.judged, after, text.offsets.length);
      if (!where || !(await this.#ask(where))) return null;
      after = Math.max(after, where.start - 1);
    }
    return this.shown.peek().find(({ start }) => start > after) ?? null;
  }

  #all(): Range {
    return { start: 0, stop: this.session.text.value?.offsets.length ?? 0 };
  }

  toggle(): void {
    this.on.value = !this.on.value;
    this.session.mark({ suggest: this.on.value });
    if (this.on.value) this.#later(0);
  }

  refused(uid: string, op: string): void {
    this.#refused.value = new Map([...this.#refused.value, [uid, op]]);
  }

  /** A refusal was undone, or never came to be. */
  offered(op: string): void {
    this.#refused.value = new Map([...this.#refused.value].filter(([, by]) => by !== op));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #later(wait: number): void {
    clearTimeout(this.#timer);
    if (this.on.value) this.#timer = setTimeout(() => void this.#look(), wait);
  }

  async #look(): Promise<void> {
    const { session } = this;
    const text = session.text.peek();
    if (!text) return;
    // What is being saved goes first, and would change the answer.
    if (session.outbox.pending.value.length > 0 && this.known.peek()) return this.#later(LEARNED);
    const where = this.#missing();
    const answered = where !== null && (await this.#ask(where));
    void this.#judge();
    if (answered && this.#missing()) this.#later(SETTLE);
  }

  /** What is near and was not judged with what the kernel knows now. */
  #missing(): Range | null {
    const text = this.session.text.peek();
    if (!text || covers(this.#fresh, this.#near)) return null;
    const { sentences } = text.sheet;
    const wanted = windowAt(sentences, this.#near, text.offsets.length);
    if (!covers(this.#fresh, wanted)) return wanted;
    const rest = ahead(sentences, this.#fresh, this.#near.start - 1, text.offsets.length);
    return rest && rest.start < this.#near.stop ? rest : null;
  }

  /** Ask about a range of the open text; false where there is no answer to it. */
  async #ask(where: Range): Promise<boolean> {
    const { session } = this;
    const text = session.text.peek()?.sheet.id;
    if (text === undefined) return false;
    const answer = await session.transport.ask("suggest", { text, ...where });
    if (answer["ok"] !== true || session.text.peek()?.sheet.id !== text) return false;
    const fresh = (answer["suggestions"] ?? NONE) as readonly Suggestion[];
    const was = this.#found.peek();
    const before = was?.text === text ? was : { text, list: NONE, judged: [] };
    const outside = before.list.filter(({ start, stop }) => stop <= where.start || start >= where.stop);
    const list = [...outside, ...fresh].sort((one, other) => one.start - other.start);
    const same = JSON.stringify(list) === JSON.stringify(before.list);
    this.#fresh = joined(this.#fresh, where);
    this.#found.value = {
      text,
      list: same ? before.list : list,
      judged: joined(before.judged, where),
    };
    return true;
  }

  /** Ask what suggestions are worth, now and then. */
  async #judge(): Promise<void> {
    if (Date.now() - this.#judged < SELDOM) return;
    this.#judged = Date.now();
    const answer = await this.session.transport.ask("worth");
    const worth = answer["worth"] as Worth | undefined;
    if (!worth) return;
    this.worth.value = worth;
    // The first answer comes before anybody has looked; soon it is known.
    if (worth.accuracy === null) this.#judged += SOON - SELDOM;
  }
}
