// What one view keeps for itself: what is chosen, what is open, and what a coder does to it.

import { batch, computed, signal } from "@preact/signals";
import { newId } from "../../shared/ids";
import type { Shown } from "../../shared/outbox";
import { COLOURS } from "../../shared/theme";
import { Choice } from "./choice";
import type { Suggestion } from "../../shared/wire";
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

export type Panel = "queue" | "codes" | "keys" | "saved" | "filters" | "book" | "memos" | null;

/** What lies over all else and keeps the focus to itself. */
export const DIALOGS: readonly Panel[] = ["keys", "book", "memos"];

export class View extends Choice {
  /** Begins the ids of this view's elements. */
  readonly id = `cjm-${newId()}`;
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

  /** The suggestion for the selected words, where these are not coded. */
  readonly hint = computed<Suggestion | null>(() => {
    const range = this.range.value;
    if (!range || this.row.value) return null;
    const all = this.session.hints.shown.value;
    return all.find(({ start, stop }) => start < range.stop && stop > range.start) ?? null;
  });

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
    // Who codes the very words a suggestion is for has seen it: taken, or put right.
    const hint = this.hint.value;
    const same = hint?.start === range.start && hint.stop === range.stop;
    const from = hint && same ? hint : undefined;
    batch(() => {
      this.selected.value = this.session.deeds.code(range.start, range.stop, patch, from);
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

  /** Take the suggestion for the selected words; without one go to the next. */
  accept(): void {
    const { hints, deeds } = this.session;
    const hint = this.hint.value;
    if (!hint) {
      const after = this.range.value?.start ?? -1;
      if (!hints.on.value) return this.tell(this.say.value("hint.off"));
      const next = hints.shown.value.find(({ start }) => start > after);
      if (next || hints.whole.value) return this.#propose(next ?? hints.shown.value[0]);
      return void hints.further(after).then((found) => this.#propose(found ?? hints.shown.peek()[0]));
    }
    const { start, stop, stage, valence, codes } = hint;
    this.tell(this.say.value("hint.taken", { what: this.hintWords(hint) }));
    batch(() => {
      this.range.value = { start, stop };
      this.selected.value = deeds.code(start, stop, { stage, valence, codes }, hint);
    });
  }

  /** Go to a suggestion, where there is one. */
  #propose(next: Suggestion | undefined): void {
    if (!next) return this.tell(this.say.value("hint.none"));
    this.take(next.start, next.stop);
    this.tellRange();
  }

  remove(): void {
    settle(this);
    const range = this.range.value;
    const hint = this.hint.value;
    if (hint) {
      this.session.deeds.refuse(hint);
      return this.tell(this.say.value("hint.refused"));
    }
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

  /** What is suggested, with how probable it is. */
  hintWords({ stage, valence, codes, probability }: Suggestion): string {
    const look = stage === null ? undefined : this.stageOf.value.get(stage);
    const parts = [
      look ? `${look.n} ${look.name}` : "",
      valence === null ? "" : this.valenceWords(valence),
      ...codes.map((key) => this.codeNames.value.get(key) ?? key),
      probability === null ? "" : this.share(probability),
    ];
    return parts.filter(Boolean).join(", ");
  }

  /** A share as the language writes it. */
  share(value: number): string {
    return this.say.value("hint.percent", { n: Math.round(value * 100) });
  }

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
    const hint = this.hint.value;
    const proposed = hint ? this.say.value("hint.told", { what: this.hintWords(hint) }) : "";
    const turns = text.sheet.turns ?? [];
    const speaker = turns.find(({ start, stop }) => start < range.stop && stop > range.start)?.speaker;
    this.tell([at, row ? this.rowWords(row) : "", speaker ?? "", words, proposed].filter(Boolean).join(". "));
  }
}
