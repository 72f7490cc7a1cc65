// What one view keeps for itself: what is chosen, what is open, and what a coder does to it.

import { batch, computed, signal } from "@preact/signals";
import type { Shown } from "../../shared/outbox";
import { COLOURS } from "../../shared/theme";
import { Choice, type Range } from "./choice";
import type { Patch } from "./deeds";
import { settle } from "./resize";

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

export type Panel = "queue" | "codes" | "keys" | "saved" | "filters" | "book" | null;

/** So many characters of a passage are told to a screen reader. */
const TOLD = 400;

export class View extends Choice {
  readonly panel = signal<Panel>(null);
  /** The code whose definition is shown, and beside what. */
  readonly tip = signal<{ key: string; beside: HTMLElement } | null>(null);
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
  readonly codeNames = computed(() => this.session.book.names.value);

  // -- coding ----------------------------------------------------------------------------

  /** Change the selected coding, or begin one on the selection. */
  act(patch: Patch, another = false): void {
    settle(this);
    const row = another ? null : this.row.value;
    const range = this.range.value;
    if (row) {
      this.session.deeds.edit(row, patch);
      return;
    }
    if (!range) return;
    batch(() => {
      this.selected.value = this.session.deeds.code(range.start, range.stop, patch);
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
    settle(this);
    const range = this.range.value;
    const row =
      this.row.value ??
      this.session.rows.value
        .filter((other) => range && other.start < range.stop && other.stop > range.start)
        .sort((a, b) => a.stop - a.start - (b.stop - b.start))[0];
    if (!row) return this.tell(this.say.value("told.none"));
    batch(() => {
      this.session.deeds.remove(row);
      this.choose(range);
    });
    this.tell(this.say.value("told.removed"));
  }

  turn(act: "undo" | "redo"): void {
    settle(this);
    const step = act === "undo" ? this.session.deeds.undo() : this.session.deeds.redo();
    if (!step) return this.tell(this.say.value(act === "undo" ? "told.no_undo" : "told.no_redo"));
    const effect = step.effect;
    const after = act === "undo" ? effect?.before : effect?.after;
    if (effect && effect.feedback === this.session.text.value?.sheet.id) {
      if (after) {
        const now = this.session.ledger.find(effect.feedback, effect.uid);
        if (now) this.pick(now);
      } else if (this.selected.value === effect.uid) this.choose(this.range.value);
    }
    const short = this.say.value(`step.${step.label}`);
    const what = short.startsWith("step.") ? this.say.value(`labels.${step.label}`) : short;
    this.tell(this.say.value(act === "undo" ? "told.undone" : "told.redone", { what }));
  }

  // -- telling ---------------------------------------------------------------------------

  valenceWords(value: number): string {
    const step = Math.round(value * 2);
    return this.say.value(`valences.${step}`);
  }

  /** The words of a range; of a long one its beginning and its end. */
  words({ start, stop }: Range): string {
    const offsets = this.session.text.value?.offsets;
    if (!offsets) return "";
    if (stop - start <= TOLD) return offsets.slice(start, stop);
    return `${offsets.slice(start, start + TOLD / 2)} … ${offsets.slice(stop - TOLD / 2, stop)}`;
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
    this.tell(`${this.rowWords(row)}: ${this.words(row)}`);
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
    const words = this.words(range);
    this.tell([at, row ? this.rowWords(row) : "", words].filter(Boolean).join(". "));
  }
}
