// Stages and codes as they are drawn, and what goes with them.

import { COLOURS } from "../../../shared/theme";
import type { CodeItem, Opening } from "../../../shared/wire";
import { fold, numberOf } from "../../../shared/words";
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
