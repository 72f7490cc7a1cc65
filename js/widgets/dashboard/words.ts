// The dashboard's own words: the same files as Python reads.

import { dashboard as en } from "../../../src/cjm_widgets/words/en.json";
import { dashboard as fr } from "../../../src/cjm_widgets/words/fr.json";

const TEXTS: Record<string, Record<string, string>> = { en, fr };

export type Told = (key: keyof typeof en, values?: Record<string, string>) => string;

/** The words of one language; English where it is unknown. */
export function teller(language: string): Told {
  const texts = TEXTS[language] ?? en;
  return (key, values = {}) =>
    (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}
