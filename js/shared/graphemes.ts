// Ranges as a person means them: whole characters as they are seen, no white space at the ends.

const WHITE = /\s/u;

interface Boundaries {
  containing(at: number): { index: number; segment: string } | undefined;
}

/** Snaps UTF-16 ranges of one text to what a person can see. */
export class Snapper {
  readonly #seen: Boundaries | null;

  constructor(readonly text: string) {
    this.#seen =
      typeof Intl.Segmenter === "function"
        ? (new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text) as Boundaries)
        : null;
  }

  /** The range grown to whole characters and trimmed; null where nothing is left. */
  range(from: number, to: number): [number, number] | null {
    let start = this.#edge(Math.min(from, to), false);
    let stop = this.#edge(Math.max(from, to), true);
    while (start < stop && WHITE.test(this.text.charAt(start))) start++;
    while (stop > start && WHITE.test(this.text.charAt(stop - 1))) stop--;
    return start < stop ? [start, stop] : null;
  }

  /** The border between characters nearest to a place. */
  near(at: number): number {
    const [before, after] = [this.#edge(at, false), this.#edge(at, true)];
    return at - before <= after - at ? before : after;
  }

  /** A character further to the right (1) or the left (−1); null at the text's end. */
  step(at: number, by: 1 | -1): number | null {
    if (by > 0) return at >= this.text.length ? null : this.#edge(at + 1, true);
    return at <= 0 ? null : this.#edge(at - 1, false);
  }

  #edge(at: number, up: boolean): number {
    if (at <= 0 || at >= this.text.length) return Math.min(Math.max(at, 0), this.text.length);
    const found = this.#seen?.containing(at);
    if (!found) {
      // A browser without Intl.Segmenter: at least never cut a surrogate pair.
      const low = this.text.charCodeAt(at);
      return low >= 0xdc00 && low <= 0xdfff ? at + (up ? 1 : -1) : at;
    }
    if (found.index === at) return at;
    return up ? found.index + found.segment.length : found.index;
  }
}
