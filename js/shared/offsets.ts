// The one place where UTF-16 units (what JavaScript and the DOM count in) and Unicode code
// points (what Python and the study count in) are turned into each other.

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;

/**
 * Conversions for one text. Only the places of characters outside the basic plane are kept,
 * so a text without emoji costs nothing and one of 300,000 characters little.
 */
export class Offsets {
  /** UTF-16 positions of the first halves of surrogate pairs, ascending. */
  readonly #pairs: number[] = [];
  readonly length: number;

  constructor(readonly text: string) {
    for (let at = 0; at < text.length - 1; at++) {
      if (isHigh(text.charCodeAt(at)) && isLow(text.charCodeAt(at + 1))) this.#pairs.push(at++);
    }
    this.length = text.length - this.#pairs.length;
  }

  /** Code points before a UTF-16 position; one inside a pair counts as the pair's start. */
  toPoints(units: number): number {
    const at = Math.min(Math.max(units, 0), this.text.length);
    return at - this.#count((pair) => pair < at);
  }

  /** The UTF-16 position of a code point. */
  toUnits(points: number): number {
    const at = Math.min(Math.max(points, 0), this.length);
    // The k-th pair lies at code point pairs[k] − k.
    return at + this.#count((pair, k) => pair - k < at);
  }

  slice(start: number, stop: number): string {
    return this.text.slice(this.toUnits(start), this.toUnits(stop));
  }

  #count(before: (pair: number, index: number) => boolean): number {
    let low = 0;
    let high = this.#pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (before(this.#pairs[middle] as number, middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
