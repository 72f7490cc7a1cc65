// What a queue is asked for, taken apart: words, the coder's own stages and codes, attributes.
// Stages and codes travel inside the search, as `code:fees` and `stage:"Use and service"`.

import { fold } from "../../shared/words";
import type { Query, Status } from "../../shared/wire";

export type Mine = "stage" | "code";

/** One thing that a text must be to stand in the queue. */
export type Term =
  | { kind: Mine; given: string }
  | { kind: "filter"; key: string; value: string }
  | { kind: "words"; words: string }
  | { kind: "status"; status: Exclude<Status, "all"> };

/** What a term may be that is shown as a chip of the search. */
export type ChipTerm = Exclude<Term, { kind: "words" | "status" }>;

// The kernel reads searches by the same rule.
const SAID = /(?<!\S)(code|stage|étape|etape):("[^"]*"|\S+)/giu;
const BEGUN = /(?<!\S)(code|stage|étape|etape):("[^"]*|[^\s"]*)$/iu;

export interface Sought {
  words: string;
  mine: { kind: Mine; given: string }[];
}

const kindOf = (written: string): Mine => (written.toLowerCase() === "code" ? "code" : "stage");

/** A search as words, and stages and codes. */
export function soughtIn(search: string): Sought {
  const mine = [...search.matchAll(SAID)].map(([, what = "", given = ""]) => ({
    kind: kindOf(what),
    given: given.replace(/^"|"$/g, ""),
  }));
  return { words: search.replace(SAID, " ").replace(/\s+/g, " ").trim(), mine };
}

/** Words, stages and codes as one search. */
export function searchFor({ words, mine }: Sought): string {
  const written = mine.map(({ kind, given }) => {
    const plain = given.replaceAll('"', "");
    return `${kind}:${/\s/.test(plain) ? `"${plain}"` : plain}`;
  });
  return [...written, words].filter(Boolean).join(" ");
}

/** What is written, without the stage or code at its end that is not written to its end yet. */
export function withoutBegun(written: string): string {
  return written.replace(BEGUN, "");
}

/** The last word that is being written, and what it may be a name of. */
export function begunIn(written: string): { kind: Mine | null; part: string; from: number } {
  const said = BEGUN.exec(written);
  if (said) {
    const [, what = "", part = ""] = said;
    return { kind: kindOf(what), part: part.replace(/^"/, ""), from: said.index };
  }
  const [part = ""] = /\S*$/u.exec(written) ?? [];
  return { kind: null, part, from: written.length - part.length };
}

/** All that a queue is asked for. */
export function termsOf({ search, status, filters }: Query): Term[] {
  const { words, mine } = soughtIn(search);
  return [
    ...chipsOf({ mine, filters }),
    ...(words ? [{ kind: "words" as const, words }] : []),
    ...(status === "all" ? [] : [{ kind: "status" as const, status }]),
  ];
}

/** Its terms that are chips. */
export function chipsOf(asked: { mine: Sought["mine"]; filters: Query["filters"] }): ChipTerm[] {
  const filters = Object.entries(asked.filters);
  return [
    ...asked.mine,
    ...filters.map(([key, value]) => ({ kind: "filter" as const, key, value })),
  ];
}

export const same = (one: Term, other: Term): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** A queue that some terms ask for, in an order. */
export function queryOf(terms: readonly Term[], order: Query["order"]): Query {
  const query: Query = { status: "all", search: "", filters: {}, ...(order ? { order } : {}) };
  const sought: Sought = { words: "", mine: [] };
  for (const term of terms) {
    if (term.kind === "words") sought.words = term.words;
    else if (term.kind === "status") query.status = term.status;
    else if (term.kind === "filter") query.filters = { ...query.filters, [term.key]: term.value };
    else sought.mine.push(term);
  }
  return { ...query, search: searchFor(sought) };
}

/** Whether a name fits what is being written: its beginning, or that of one of its words. */
export function begins(name: string, part: string): boolean {
  const wanted = fold(part);
  const words = fold(name);
  return words.startsWith(wanted) || words.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted));
}
