// Where words begin and end, for moving the ends of a passage. A run without blanks counts as
// one word too, so that the full stop after a word can be had or left.

export type End = "start" | "stop";

/** So far to each side words are looked for. */
const WINDOW = 300;

interface Words {
  segment(text: string): Iterable<{ index: number; segment: string; isWordLike?: boolean }>;
}

const SEGMENTER: Words | null =
  typeof Intl.Segmenter === "function"
    ? (new Intl.Segmenter(undefined, { granularity: "word" }) as Words)
    : null;

/** Where words begin (or end) near a place of a text, ascending, in UTF-16 units. */
function edges(text: string, at: number, end: End): number[] {
  const low = Math.max(0, at - WINDOW);
  const high = Math.min(text.length, at + WINDOW);
  const part = text.slice(low, high);
  const found = new Set<number>();
  const add = (from: number, words: string) =>
    found.add(low + (end === "start" ? from : from + words.length));
  for (const run of part.matchAll(/\S+/g)) add(run.index, run[0]);
  for (const word of SEGMENTER?.segment(part) ?? []) {
    if (word.isWordLike) add(word.index, word.segment);
  }
  // What the window itself cut is no edge.
  return [...found]
    .filter((edge) => (edge > low || low === 0) && (edge < high || high === text.length))
    .sort((one, other) => one - other);
}

/** The edge nearest to a place; the place itself where there is none. */
export function nearEdge(text: string, at: number, end: End): number {
  return edges(text, at, end).reduce(
    (best, edge) => (Math.abs(edge - at) < Math.abs(best - at) ? edge : best),
    edges(text, at, end)[0] ?? at,
  );
}

/** The next edge to the right (1) or the left (−1) of a place; null at the text's end. */
export function nextEdge(text: string, at: number, by: 1 | -1, end: End): number | null {
  const found = edges(text, at, end);
  const next = by > 0 ? found.find((edge) => edge > at) : found.findLast((edge) => edge < at);
  return next ?? null;
}
