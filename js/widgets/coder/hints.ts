// What the kernel proposes for the open text. Suggestions are no codings: they are kept apart,
// never counted, and gone as soon as their words are coded or they are refused.

import { computed, signal } from "@preact/signals";
import type { Suggestion, Worth } from "../../shared/wire";
import type { HintHost } from "./host";

/** Texts that are only leafed through are not asked about. */
const SETTLE = 80;
/** After a coding what was learned is new; nobody waits for it. */
const LEARNED = 700;
/** Texts of more units are asked about once: many sentences take the kernel a while. */
const LARGE = 12_000;
/** What suggestions are worth changes slowly. */
const SELDOM = 15_000;
const SOON = 3_000;
const NONE: readonly Suggestion[] = [];

interface Range {
  start: number;
  stop: number;
}

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
  #judged = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly session: HintHost) {}

  /** Another text is on the desk. */
  turned(): void {
    this.#later(SETTLE);
  }

  /** Something was coded: more may be known now. */
  learned(): void {
    const text = this.session.text.value;
    if (text && (text.sheet.text.length < LARGE || !this.known.value)) this.#later(LEARNED);
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
    if (this.on.value) this.#timer = setTimeout(() => void this.#ask(), wait);
  }

  async #ask(): Promise<void> {
    const { session } = this;
    const text = session.text.value?.sheet.id;
    if (text === undefined) return;
    // What is being saved goes first, and would change the answer.
    if (session.outbox.pending.value.length > 0 && this.known.value) return this.#later(LEARNED);
    const answer = await session.transport.ask("suggest", { text });
    if (answer["ok"] !== true || session.text.value?.sheet.id !== text) return;
    const list = (answer["suggestions"] ?? NONE) as readonly Suggestion[];
    void this.#judge();
    const was = this.#found.value;
    if (was?.text === text && JSON.stringify(was.list) === JSON.stringify(list)) return;
    this.#found.value = { text, list };
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
