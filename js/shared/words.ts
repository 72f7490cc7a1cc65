// Interface texts: the same files as Python reads, chosen when drawing.

import { coder as enCoder, history as enHistory, kinds as enKinds, units as enUnits } from "../../src/cjm_widgets/words/en.json";
import { coder as frCoder, history as frHistory, kinds as frKinds, units as frUnits } from "../../src/cjm_widgets/words/fr.json";

type Forms = { one: string; other: string };
export type Texts = { [key: string]: string | Forms | Texts };

const TEXTS: Record<string, Texts> = {
  en: { ...enCoder, kinds: enKinds, units: enUnits, labels: enHistory.labels },
  fr: { ...frCoder, kinds: frKinds, units: frUnits, labels: frHistory.labels },
};

export type Say = (key: string, values?: Record<string, string | number>) => string;

const FORMATS: Record<string, Intl.NumberFormat> = {
  en: new Intl.NumberFormat("en-US"),
  fr: new Intl.NumberFormat("fr-FR"),
};

/** A number as the language writes it, with a true minus sign. */
export function numberOf(language: string, value: number, sign = false): string {
  const text = (FORMATS[language] ?? FORMATS["en"])?.format(Math.abs(value)) ?? "";
  return (value < 0 ? "−" : sign && value > 0 ? "+" : "") + text;
}

/** The coding widget's texts of one language; English where it is unknown. */
export const speaker = (language: string): Say => speakerOf(TEXTS, language);

/** Some texts by language as one language says them; English where it is unknown. */
export function speakerOf(texts: Record<string, Texts>, language: string): Say {
  const spoken = language in texts ? language : "en";
  return (key, values = {}) => {
    let found: string | Forms | Texts | undefined = texts[spoken];
    for (const part of key.split(".")) {
      found = typeof found === "object" ? (found as Texts)[part] : undefined;
    }
    if (typeof found === "object") {
      const n = Number(values["n"] ?? 2);
      const forms = found as Forms;
      found = n === 1 || (n === 0 && spoken === "fr") ? forms.one : forms.other;
    }
    return (found ?? key).replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      return typeof value === "number" ? numberOf(spoken, value) : String(value ?? "");
    });
  };
}

/** Without accents and capitals, for finding. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
