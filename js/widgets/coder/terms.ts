// What the queue may be asked for, with its names: stages, codes, attributes, as this view
// calls them.

import type { Query } from "../../shared/wire";
import { begins, begunIn, chipsOf, queryOf, same, searchFor, soughtIn, termsOf } from "./sieve";
import type { ChipTerm, Mine, Sought, Term } from "./sieve";
import type { StageLook, View } from "./view";
import { ask } from "./walk";

/** The name of an attribute. */
export function filterName(view: View, key: string): string {
  const named = ["channel", "touchpoint", "language"].includes(key);
  return named ? view.say.value(`attribute.${key}`) : key;
}

export interface Called {
  /** What kind of thing it is: Stage, Code, Channel… */
  what: string;
  name: string;
  stage?: StageLook;
  /** Nothing in the study is called so. */
  unknown?: boolean;
}

/** A term as it is called here. */
export function called(view: View, term: Term): Called {
  const say = view.say.value;
  if (term.kind === "filter") return { what: filterName(view, term.key), name: term.value };
  if (term.kind === "words") return { what: say("find.words"), name: say("hint.word", { word: term.words }) };
  if (term.kind === "status") return { what: say("status"), name: say(term.status) };
  const what = say(term.kind);
  if (term.kind === "stage") {
    const stage = stageBy(view, term.given);
    return stage ? { what, name: stage.name, stage } : { what, name: term.given, unknown: true };
  }
  const name = codeBy(view, term.given);
  return name === undefined ? { what, name: term.given, unknown: true } : { what, name };
}

const alike = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

function stageBy(view: View, given: string): StageLook | undefined {
  const all = view.session.opening.value?.stages ?? [];
  const found = all.find(
    ({ key, names }) => alike(key, given) || Object.values(names).some((name) => alike(name, given)),
  );
  return found && view.stageOf.value.get(found.key);
}

function codeBy(view: View, given: string): string | undefined {
  const all = view.session.book.codes.value;
  return all.find(({ key, name }) => alike(key, given) || alike(name, given))?.name;
}

export interface Option {
  term: ChipTerm;
  called: Called;
}

const MOST: Record<ChipTerm["kind"], number> = { stage: 4, code: 5, filter: 4 };

/** What may be meant by the word that is being written; with nothing written, what there is. */
export function optionsFor(view: View, written: string): Option[] {
  const { kind, part } = begunIn(written);
  const taken = chips(view);
  const fits = ({ term, called }: Option) =>
    begins(called.name, part) && !taken.some((other) => same(other, term));
  const some = (options: Option[]) => {
    const [first] = options;
    const most = kind === null && part && first ? MOST[first.term.kind] : 12;
    return options.filter(fits).slice(0, most);
  };
  const mine = (one: Mine, keys: readonly string[]) =>
    some(keys.map((given) => optionOf(view, { kind: one, given })));
  const { session } = view;
  return [
    ...(kind === "code" ? [] : mine("stage", view.stages.value.map(({ key }) => key))),
    ...(kind === "stage" ? [] : mine("code", session.book.live.value.map(({ key }) => key))),
    ...(kind === null ? some(attributes(view)) : []),
  ];
}

function attributes(view: View): Option[] {
  const filters = view.session.opening.value?.filters ?? [];
  return filters.flatMap(({ key, values }) =>
    values.map((value) => optionOf(view, { kind: "filter", key, value })),
  );
}

const optionOf = (view: View, term: ChipTerm): Option => ({ term, called: called(view, term) });

// -- asking ------------------------------------------------------------------------------

/** The chips of the search in force. */
export function chips(view: View): ChipTerm[] {
  const { search, filters } = view.session.query.value;
  return chipsOf({ mine: soughtIn(search).mine, filters });
}

/** Ask for other words; stages and codes that are written out become chips. */
export function askWords(view: View, written: string, open: boolean): void {
  const { session } = view;
  const before = soughtIn(session.query.value.search);
  const now = soughtIn(written);
  const more = now.mine.filter((one) => !before.mine.some((other) => same(one, other)));
  const search = searchFor({ words: now.words, mine: [...before.mine, ...more] });
  if (search === session.query.value.search && !open) return;
  void ask(session, { search }, open);
}

/** Ask for a term more; of one attribute, and of one stage in a list of stages, another value. */
export function askTerm(view: View, term: ChipTerm, words?: string): void {
  const { query } = view.session;
  const now = query.value;
  if (term.kind === "filter") {
    const search = words === undefined ? now.search : searchFor({ ...soughtIn(now.search), words });
    return void ask(view.session, { search, filters: { ...now.filters, [term.key]: term.value } }, true);
  }
  const sought = soughtIn(now.search);
  const mine: Sought["mine"] = [...sought.mine.filter((other) => !same(other, term)), term];
  void ask(view.session, { search: searchFor({ words: words ?? sought.words, mine }) }, true);
}

/** The stage or code that is chosen from a list, in the place of those before. */
export function askOnly(view: View, kind: Mine, given: string): void {
  const sought = soughtIn(view.session.query.value.search);
  const others = sought.mine.filter((one) => one.kind !== kind);
  const mine = given ? [...others, { kind, given }] : others;
  void ask(view.session, { search: searchFor({ ...sought, mine }) }, true);
}

/** Ask for a term less. */
export function drop(view: View, term: Term): void {
  const { query } = view.session;
  const left = termsOf(query.value).filter((other) => !same(other, term));
  const { status, search, filters } = queryOf(left, query.value.order);
  void ask(view.session, { status, search, filters }, false);
  const { what, name } = called(view, term);
  view.tell(view.say.value("find.dropped", { what, name }));
}

// -- what hides everything ---------------------------------------------------------------

export interface Verdict {
  term: Term;
  /** Whether it fits no text even alone, or hides all that the others would show. */
  why: "alone" | "last";
}

/** Which terms are to blame for an empty queue; none where only several together are. */
export async function blame(view: View, query: Query): Promise<Verdict[]> {
  const { library } = view.session;
  const terms = termsOf(query);
  const some = async (wanted: readonly Term[]) =>
    (await library.next(queryOf(wanted, undefined), -1).catch(() => null)) !== null;
  const verdicts = await Promise.all(
    terms.map(async (term): Promise<Verdict | null> => {
      if (!(await some([term]))) return { term, why: "alone" };
      const others = terms.filter((other) => other !== term);
      return others.length > 0 && (await some(others)) ? { term, why: "last" } : null;
    }),
  );
  return verdicts.filter((verdict) => verdict !== null);
}
