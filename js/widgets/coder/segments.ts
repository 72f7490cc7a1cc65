// How codings become drawable: lanes that keep overlapping passages apart, and a text cut where
// anything begins or ends.

import type { Offsets } from "../../shared/offsets";
import type { Shown } from "../../shared/outbox";

/** A coding in UTF-16 units with its lane: 0 is nearest the text. */
export interface Mark {
  uid: string;
  index: number;
  start: number;
  stop: number;
  lane: number;
  stage: string | null;
}

export interface Segment {
  start: number;
  stop: number;
  marks: readonly Mark[];
  /** Inside the present selection. */
  chosen: boolean;
  hit: boolean;
}

export interface Paragraph {
  start: number;
  stop: number;
}

/** Codings with lanes: of two that overlap, the one that begins first is nearer the text. */
export function marksOf(rows: readonly Shown[], offsets: Offsets, version: number): Mark[] {
  const free: number[] = []; // where each lane is free again
  return rows
    .filter((row) => row.version === version && row.start < offsets.length)
    .map((row, index) => {
      const start = offsets.toUnits(row.start);
      const stop = offsets.toUnits(row.stop);
      let lane = free.findIndex((end) => end <= start);
      if (lane < 0) lane = free.length;
      free[lane] = stop;
      return { uid: row.uid, index, start, stop, lane, stage: row.stage };
    });
}

/** Lines of a text, each with its line break. */
export function paragraphsOf(text: string): Paragraph[] {
  const found: Paragraph[] = [];
  let start = 0;
  for (const { index } of text.matchAll(/\n/g)) {
    found.push({ start, stop: index + 1 });
    start = index + 1;
  }
  if (start < text.length || found.length === 0) found.push({ start, stop: text.length });
  return found;
}

type Range = readonly [number, number];

/** One paragraph, cut wherever a coding, the selection or a search hit begins or ends. */
export function segmentsOf(
  { start, stop }: Paragraph,
  marks: readonly Mark[],
  chosen: Range | null,
  hits: readonly Range[],
): Segment[] {
  const cuts = new Set([start, stop]);
  const cut = (at: number) => at > start && at < stop && cuts.add(at);
  for (const mark of marks) cut(mark.start), cut(mark.stop);
  for (const [from, to] of hits) cut(from), cut(to);
  if (chosen) cut(chosen[0]), cut(chosen[1]);
  const at = [...cuts].sort((one, other) => one - other);
  return at.slice(0, -1).map((from, i) => {
    const to = at[i + 1] as number;
    const covers = ([a, b]: Range) => a <= from && b >= to;
    return {
      start: from,
      stop: to,
      marks: marks.filter((mark) => mark.start <= from && mark.stop >= to),
      chosen: chosen !== null && covers(chosen),
      hit: hits.some(covers),
    };
  });
}

/** What belongs to each paragraph, for ranges in ascending order of start. */
export function spread<T extends { start: number; stop: number }>(
  ranges: readonly T[],
  paragraphs: readonly Paragraph[],
): T[][] {
  const found: T[][] = paragraphs.map(() => []);
  for (const range of ranges) {
    let low = 0;
    let high = paragraphs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((paragraphs[middle] as Paragraph).stop <= range.start) low = middle + 1;
      else high = middle;
    }
    for (let at = low; at < paragraphs.length; at++) {
      if ((paragraphs[at] as Paragraph).start >= range.stop) break;
      found[at]?.push(range);
    }
  }
  return found;
}

/** Text as a search sees it: without accents and case, with where each unit came from. */
function folded(text: string): { text: string; from: number[] } {
  const from: number[] = [];
  let made = "";
  for (let at = 0; at < text.length; at++) {
    const plain = text.charAt(at).normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    for (let i = 0; i < plain.length; i++) from.push(at);
    made += plain;
  }
  from.push(text.length);
  return { text: made, from };
}

/** Where the words of a search begin in a text: accent-folded prefixes of words. */
export function hitsOf(text: string, search: string): [number, number][] {
  const words = folded(search).text.match(/[\p{L}\p{N}]+/gu);
  if (!words || text.length > 100_000) return [];
  const plain = folded(text);
  const found: [number, number][] = [];
  for (const word of new Set(words)) {
    let at = plain.text.indexOf(word);
    while (at >= 0 && found.length < 200) {
      const before = at > 0 ? plain.text.charAt(at - 1) : " ";
      if (!/[\p{L}\p{N}]/u.test(before)) {
        const start = plain.from[at] as number;
        const last = plain.from[at + word.length - 1] as number;
        found.push([start, last + 1]);
      }
      at = plain.text.indexOf(word, at + word.length);
    }
  }
  return found.sort((one, other) => one[0] - other[0]);
}
