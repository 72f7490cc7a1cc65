// Which sentences of a text the kernel has judged: what is near is asked about first, the rest
// when somebody comes near it.

export interface Range {
  start: number;
  stop: number;
}

/** So many sentences are asked about at once; the kernel judges no more than 120. */
const MOST = 100;
/** So many of them stand before what is seen, so that going back a little asks nothing. */
const BEFORE = 15;

type Sentences = readonly (readonly [number, number])[];

/** Whether ranges, in order and not touching, hold all of another. */
export function covers(ranges: readonly Range[], { start, stop }: Range): boolean {
  return ranges.some((range) => range.start <= start && stop <= range.stop);
}

/** Ranges with one more, in order; those that touch are one. */
export function joined(ranges: readonly Range[], more: Range): Range[] {
  let { start, stop } = more;
  const apart = ranges.filter((range) => {
    if (range.stop < start || range.start > stop) return true;
    start = Math.min(start, range.start);
    stop = Math.max(stop, range.stop);
    return false;
  });
  return [...apart, { start, stop }].sort((one, other) => one.start - other.start);
}

/** The sentences to ask about where a range is seen, as a range from sentence to sentence. */
export function windowAt(sentences: Sentences, seen: Range, length: number): Range {
  if (sentences.length <= MOST) return { start: 0, stop: length };
  const first = sentences.findIndex(([, stop]) => stop > seen.start);
  const last = sentences.length - MOST;
  const from = Math.max(0, Math.min(first < 0 ? last : first - BEFORE, last));
  const to = from + MOST;
  // A window ends where the next sentence begins, so that windows touch.
  return {
    start: from === 0 ? 0 : (sentences[from]?.[0] ?? 0),
    stop: sentences[to]?.[0] ?? length,
  };
}

/** The first sentences after a place that have not been judged; null: all have been. */
export function ahead(
  sentences: Sentences,
  judged: readonly Range[],
  after: number,
  length: number,
): Range | null {
  const found = sentences.findIndex(
    ([start, stop]) => start > after && !covers(judged, { start, stop }),
  );
  if (found < 0) return null;
  const start = sentences[found]?.[0] ?? 0;
  return { start, stop: sentences[found + MOST]?.[0] ?? length };
}
