// Stages and codes as they are drawn, and what goes with them.

import { COLOURS } from "../../../shared/theme";
import type { CodeItem, Opening } from "../../../shared/wire";
import { fold, numberOf, speakerOf, type Say, type Texts } from "../../../shared/words";
import type { StageLook } from "../../coder/view";

export const VALENCES = [-1, -0.5, 0, 0.5, 1] as const;

/** Stages with their numbers, names and colours; sub-stages have their stage's colour. */
export function stageLooks(opening: Opening | null, language: string): StageLook[] {
  let top = -1;
  return (opening?.stages ?? []).map((stage, at) => {
    if (stage.parent === null) top += 1;
    const { names } = stage;
    const name = names[language] ?? names["en"] ?? Object.values(names)[0] ?? stage.key;
    return {
      key: stage.key,
      n: at + 1,
      name,
      colour: Math.max(top, 0) % COLOURS,
      part: stage.parent !== null,
    };
  });
}

/** What all parts of a view share: its words, and stages and codes by their names. */
export interface Names {
  language: string;
  say: Say;
  stages: readonly StageLook[];
  stageOf: ReadonlyMap<string, StageLook>;
  codes: readonly CodeItem[];
  codeName: (key: string) => string;
}

export function namesIn(opening: Opening | null, language: string, texts: Record<string, Texts>): Names {
  const stages = stageLooks(opening, language);
  const codes = opening?.codes ?? [];
  const names = new Map(codes.map((code) => [code.key, code.name]));
  return {
    language,
    say: (key, values) => speakerOf(texts, language)(key, values),
    stages,
    stageOf: new Map(stages.map((stage) => [stage.key, stage])),
    codes,
    codeName: (key) => names.get(key) ?? key,
  };
}

/** A valence as a coder's step, such as +1 or −2; in between with its decimals. */
export function stepOf(language: string, valence: number): string {
  return numberOf(language, Math.round(valence * 200) / 100, true);
}

/** The code that some typed words mean: by its whole name, else by the beginning of a word. */
export function codeOf(codes: readonly CodeItem[], typed: string): CodeItem | null {
  const wanted = fold(typed);
  if (!wanted) return null;
  const exact = codes.find((code) => fold(code.name) === wanted || code.key === typed.trim());
  if (exact) return exact;
  return codes.find((code) => ` ${fold(code.name)}`.includes(` ${wanted}`)) ?? null;
}
