// What one view keeps for itself: where the cursor is, what is selected, what is open.

import { batch, computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import type { Shown } from "../../shared/outbox";
import { COLOURS } from "../../shared/theme";
import { speaker, type Say } from "../../shared/words";
import type { Patch, Session } from "./session";

/** A stage as the widget draws it. */
export interface StageLook {
  key: string;
  /** Its number, from 1, in the journey's order; sub-stages count too. */
  n: number;
  name: string;
  /** Which colour; sub-stages have their stage's. */
  colour: number;
  part: boolean;
}

export interface Range {
  start: number;
  stop: number;
}

export type Panel = "queue" | "codes" | "keys" | "saved" | "filters" | null;

export class View {
  readonly range = signal<Range | null>(null);
  readonly selected = signal<string | null>(null);
  readonly hover = signal<string | null>(null);
  readonly panel = signal<Panel>(null);
  /** What a screen reader is told. */
  readonly told = signal("");
  readonly say: ReadonlySignal<Say> = computed(() => speaker(this.language.value));
  readonly row = computed<Shown | null>(
    () => this.session.rows.value.find((row) => row.uid === this.selected.value) ?? null,
  );
  readonly sentences = computed<readonly (readonly [number, number])[]>(() => {
    const text = this.session.text.value;
    if (!text) return [];
    if (text.sheet.sentences.length > 0) return text.sheet.sentences;
    const whole = text.snapper.range(0, text.sheet.text.length);
    return whole ? [[text.offsets.toPoints(whole[0]), text.offsets.toPoints(whole[1])]] : [];
  });
  readonly stages = computed<readonly StageLook[]>(() => {
    let top = -1;
    return (this.session.opening.value?.stages ?? []).map((stage, at) => {
      if (stage.parent === null) top += 1;
      const names = stage.names;
      const name = names[this.language.value] ?? names["en"] ?? Object.values(names)[0];
      const colour = Math.max(top, 0) % COLOURS;
      return { key: stage.key, n: at + 1, name: name ?? stage.key, colour, part: !!stage.parent };
    });
  });
  readonly stageOf = computed(
    () => new Map(this.stages.value.map((stage) => [stage.key, stage] as const)),
  );
  readonly codeNames = computed(
    () => new Map((this.session.opening.value?.codes ?? []).map((code) => [code.key, code.name])),
  );
  /** The sentence the cursor is in, and where a range that is being extended ends. */
  readonly sentence = signal(0);
  #anchor = 0;
  #shown = -1;
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

  tell(text: string): void {
    // The same words twice are told twice.
    this.told.value = this.told.peek() === text ? `${text}\u00a0` : text;
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
    this.#choose(found ? { start: found[0], stop: found[1] } : null);
  }

  #extend(to: number): void {
    this.sentence.value = to;
    const [from, until] = [Math.min(this.#anchor, to), Math.max(this.#anchor, to)];
    const first = this.sentences.value[from];
    const last = this.sentences.value[until];
    if (first && last) this.#choose({ start: first[0], stop: last[1] });
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
      this.#choose({ start, stop });
      this.#follow(stop - 1);
    });
  }

  /** A click without a range: the passage under it, or its sentence. */
  point(at: number): void {
    const under = this.session.rows.value
      .filter((row) => row.start <= at && at < row.stop)
      .sort((a, b) => a.stop - a.start - (b.stop - b.start));
    const now = under.findIndex((row) => row.uid === this.selected.value);
    const row = under[(now + 1) % (under.length || 1)];
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
      this.#follow(row.start);
    });
    this.tellRow(row);
  }

  /** The next coding that touches the selection. */
  cycle(): void {
    const range = this.range.value;
    if (!range) return;
    const rows = this.session.rows.value.filter(
      (row) => row.start < range.stop && row.stop > range.start,
    );
    const now = rows.findIndex((row) => row.uid === this.selected.value);
    const row = rows[(now + 1) % (rows.length || 1)];
    if (row) this.pick(row);
    else this.tell(this.say.value("told.none"));
  }

  /** Let go of the coding, so that the next act makes another on the same range. */
  fresh(): void {
    this.selected.value = null;
    this.tell(this.say.value("told.another"));
  }

  #choose(range: Range | null): void {
    this.range.value = range;
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

  // -- coding ----------------------------------------------------------------------------

  /** Change the selected coding, or begin one on the selection. */
  act(patch: Patch, another = false): void {
    const row = another ? null : this.row.value;
    const range = this.range.value;
    if (row) {
      this.session.edit(row, patch);
      return;
    }
    if (!range) return;
    batch(() => {
      this.selected.value = this.session.code(range.start, range.stop, patch);
    });
  }

  stage(key: string | null, another = false): void {
    if (key === null && !this.row.value) return;
    if (!another && this.row.value && this.row.value.stage === key) return;
    this.act({ stage: key }, another);
    const stage = key === null ? null : this.stageOf.value.get(key);
    this.tell(stage ? `${stage.n} ${stage.name}` : this.say.value("told.no_stage"));
  }

  valence(value: number | null): void {
    if (this.row.value ? this.row.value.valence === value : value === null) return;
    this.act({ valence: value });
    this.tell(value === null ? this.say.value("told.no_valence") : this.valenceWords(value));
  }

  /** One step up or down the scale of five; the first step from nothing is mild. */
  nudge(by: 1 | -1): void {
    const now = this.row.value?.valence ?? 0;
    const step = by > 0 ? Math.floor(now * 2) + 1 : Math.ceil(now * 2) - 1;
    this.valence(Math.min(Math.max(step, -2), 2) / 2);
  }

  code(key: string): void {
    const codes = this.row.value?.codes ?? [];
    const has = codes.includes(key);
    this.act({ codes: has ? codes.filter((code) => code !== key) : [...codes, key] });
    const name = this.codeNames.value.get(key) ?? key;
    this.tell(this.say.value(has ? "told.code_off" : "told.code_on", { name }));
  }

  memo(text: string): void {
    if ((this.row.value?.memo ?? "") !== text) this.act({ memo: text });
  }

  remove(): void {
    const range = this.range.value;
    const row =
      this.row.value ??
      this.session.rows.value
        .filter((other) => range && other.start < range.stop && other.stop > range.start)
        .sort((a, b) => a.stop - a.start - (b.stop - b.start))[0];
    if (!row) return this.tell(this.say.value("told.none"));
    batch(() => {
      this.session.remove(row);
      this.#choose(range);
    });
    this.tell(this.say.value("told.removed"));
  }

  turn(act: "undo" | "redo"): void {
    const step = act === "undo" ? this.session.undo() : this.session.redo();
    if (!step) return this.tell(this.say.value(act === "undo" ? "told.no_undo" : "told.no_redo"));
    const effect = step.effect;
    const after = act === "undo" ? effect?.before : effect?.after;
    if (effect && effect.feedback === this.session.text.value?.sheet.id) {
      if (after) {
        const now = this.session.ledger.find(effect.feedback, effect.uid);
        if (now) this.pick(now);
      } else if (this.selected.value === effect.uid) this.#choose(this.range.value);
    }
    const what = this.say.value(`step.${step.label}`);
    this.tell(this.say.value(act === "undo" ? "told.undone" : "told.redone", { what }));
  }

  // -- telling ---------------------------------------------------------------------------

  valenceWords(value: number): string {
    const step = Math.round(value * 2);
    return this.say.value(`valences.${step}`);
  }

  rowWords(row: Shown): string {
    const stage = row.stage === null ? null : this.stageOf.value.get(row.stage);
    const parts = [
      stage ? `${stage.n} ${stage.name}` : (row.stage ?? this.say.value("no_stage")),
      row.valence === null ? "" : this.valenceWords(row.valence),
      ...row.codes.map((key) => this.codeNames.value.get(key) ?? key),
      row.memo,
    ];
    return parts.filter(Boolean).join(", ");
  }

  tellRow(row: Shown): void {
    const words = this.session.text.value?.offsets.slice(row.start, row.stop) ?? "";
    this.tell(`${this.rowWords(row)}: ${words}`);
  }

  tellRange(): void {
    const range = this.range.value;
    const text = this.session.text.value;
    if (!range || !text) return;
    const at = this.say.value("told.sentence", {
      i: this.sentence.value + 1,
      n: this.sentences.value.length,
    });
    const row = this.row.value;
    const words = text.offsets.slice(range.start, range.stop);
    this.tell([at, row ? this.rowWords(row) : "", words].filter(Boolean).join(". "));
  }
}
