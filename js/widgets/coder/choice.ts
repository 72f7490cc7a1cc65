// What is chosen in one view: where the cursor is, which words, which coding of them.

import { batch, computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import type { Shown } from "../../shared/outbox";
import { speaker, type Say } from "../../shared/words";
import type { Session } from "./session";

export interface Range {
  start: number;
  stop: number;
}

/** So many characters of a passage are told to a screen reader. */
const TOLD = 400;

export abstract class Choice {
  readonly range = signal<Range | null>(null);
  readonly selected = signal<string | null>(null);
  readonly hover = signal<string | null>(null);
  /** What a screen reader is told. */
  readonly told = signal("");
  readonly say: ReadonlySignal<Say> = computed(() => speaker(this.language.value));
  /** New ends of a coding that are being moved and not yet given to the study. */
  readonly draft = signal<(Range & { uid: string }) | null>(null);
  /** The codings of the text, with the draft's ends. */
  readonly rows = computed<readonly Shown[]>(() => {
    const rows = this.session.rows.value;
    const draft = this.draft.value;
    if (!draft) return rows;
    const { uid, start, stop } = draft;
    return rows
      .map((row) => (row.uid === uid ? { ...row, start, stop } : row))
      .sort((a, b) => a.start - b.start || b.stop - a.stop);
  });
  readonly row = computed<Shown | null>(
    () => this.rows.value.find((row) => row.uid === this.selected.value) ?? null,
  );
  /** The mouse is held down over the text. */
  held = false;
  readonly sentences = computed<readonly (readonly [number, number])[]>(() => {
    const text = this.session.text.value;
    if (!text) return [];
    if (text.sheet.sentences.length > 0) return text.sheet.sentences;
    const whole = text.snapper.range(0, text.sheet.text.length);
    return whole ? [[text.offsets.toPoints(whole[0]), text.offsets.toPoints(whole[1])]] : [];
  });
  /** The sentence the cursor is in, and where a range that is being extended ends. */
  readonly sentence = signal(0);
  #anchor = 0;
  #shown = -1;
  /** The words whose codings are being gone through. */
  #around: Range | null = null;
  readonly #stop: () => void;

  constructor(
    readonly session: Session,
    readonly language: ReadonlySignal<string>,
  ) {
    this.#stop = effect(() => {
      const id = this.session.text.value?.sheet.id ?? -1;
      if (id === this.#shown) return;
      this.#shown = id;
      const resume = this.session.resume;
      this.session.resume = null;
      batch(() => this.#land(resume?.text === id ? resume.sentence : 0));
    });
  }

  close(): void {
    this.#stop();
  }

  abstract tellRow(row: Shown): void;
  abstract tellRange(): void;

  tell(text: string): void {
    // The same words twice are told twice.
    this.told.value = this.told.peek() === text ? `${text}\u00a0` : text;
  }

  /** The words of a range; of a long one its beginning and its end. */
  words({ start, stop }: Range): string {
    const offsets = this.session.text.value?.offsets;
    if (!offsets) return "";
    if (stop - start <= TOLD) return offsets.slice(start, stop);
    return `${offsets.slice(start, start + TOLD / 2)} … ${offsets.slice(stop - TOLD / 2, stop)}`;
  }

  // -- moving ----------------------------------------------------------------------------

  move(by: 1 | -1, extend: boolean): void {
    const last = this.sentences.value.length - 1;
    if (last < 0) return;
    const to = Math.min(Math.max(this.sentence.value + by, 0), last);
    batch(() => {
      if (extend) this.#extend(to);
      else this.#land(to);
    });
    this.session.mark({ sentence: this.#anchor });
    this.tellRange();
  }

  #land(at: number): void {
    const sentences = this.sentences.peek();
    const to = Math.min(at, Math.max(sentences.length - 1, 0));
    this.sentence.value = to;
    this.#anchor = to;
    const found = sentences[to];
    this.choose(found ? { start: found[0], stop: found[1] } : null);
  }

  #extend(to: number): void {
    this.sentence.value = to;
    const [from, until] = [Math.min(this.#anchor, to), Math.max(this.#anchor, to)];
    const first = this.sentences.value[from];
    const last = this.sentences.value[until];
    if (first && last) this.choose({ start: first[0], stop: last[1] });
  }

  whole(): void {
    const text = this.session.text.value;
    const found = text?.snapper.range(0, text.sheet.text.length);
    if (!text || !found) return;
    this.take(text.offsets.toPoints(found[0]), text.offsets.toPoints(found[1]));
    this.tellRange();
  }

  /** A range given by mouse, in code points. */
  take(start: number, stop: number): void {
    batch(() => {
      this.choose({ start, stop });
      this.#follow(stop - 1);
    });
  }

  /** A click without a range: the passage under it, or its sentence. */
  point(at: number): void {
    const under = this.rows.value
      .filter((row) => row.start <= at && at < row.stop)
      .sort((a, b) => a.stop - a.start - (b.stop - b.start));
    const row = this.#after(under);
    if (row) return this.pick(row);
    const sentence = this.sentences.value.findIndex(([, stop]) => at < stop);
    batch(() => this.#land(sentence < 0 ? this.sentences.value.length - 1 : sentence));
    this.tellRange();
  }

  /** Select a coding for editing. */
  pick(row: Shown): void {
    batch(() => {
      this.range.value = { start: row.start, stop: row.stop };
      this.selected.value = row.uid;
      this.#around = null;
      this.#follow(row.start);
    });
    this.tellRow(row);
  }

  /** The next of the codings that touch the words that were selected when this began. */
  cycle(): void {
    const around = this.#around ?? this.range.value;
    if (!around) return;
    const touching = this.rows.value.filter(
      (row) => row.start < around.stop && row.stop > around.start,
    );
    const row = this.#after(touching);
    if (!row) return this.tell(this.say.value("told.none"));
    this.pick(row);
    this.#around = around;
  }

  #after(rows: readonly Shown[]): Shown | undefined {
    const now = rows.findIndex((row) => row.uid === this.selected.value);
    return rows[(now + 1) % (rows.length || 1)];
  }

  /** Let go of the coding, so that the next act makes another on the same range. */
  fresh(): void {
    this.selected.value = null;
    this.tell(this.say.value("told.another"));
  }

  /** Select words, and the coding that lies exactly on them. */
  protected choose(range: Range | null): void {
    this.range.value = range;
    this.#around = null;
    const same = range
      ? this.session.rows
          .peek()
          .filter((row) => row.start === range.start && row.stop === range.stop)
      : [];
    this.selected.value = same.at(-1)?.uid ?? null;
  }

  #follow(point: number): void {
    const at = this.sentences.value.findIndex(([, stop]) => point < stop);
    this.sentence.value = at < 0 ? Math.max(this.sentences.value.length - 1, 0) : at;
    this.#anchor = this.sentence.value;
  }
}
