// How codings become drawable: lanes that keep overlapping passages apart, and a text cut where
// anything begins or ends.

import type { Offsets } from "../../shared/offsets";
import type { Shown } from "../../shared/outbox";
import type { SpokenTurn, Suggestion } from "../../shared/wire";

/** A coding in UTF-16 units with its lane: 0 is nearest the text. */
export interface Mark {
  row: Shown;
  uid: string;
  start: number;
  stop: number;
  lane: number;
  stage: string | null;
}

/** A suggestion in UTF-16 units. */
export interface Guess {
  hint: Suggestion;
  start: number;
  stop: number;
}

/** Words of an interviewer, or a speaker's name, in UTF-16 units. */
export interface Voice {
  start: number;
  stop: number;
  what: "asks" | "speaker";
}

export interface Segment {
  voice: Voice["what"] | undefined;
  start: number;
  stop: number;
  guess: Guess | undefined;
  marks: readonly Mark[];
  /** Inside the present selection. */
  chosen: boolean;
  hit: boolean;
}

export interface Paragraph {
  start: number;
  stop: number;
}

/** Some paragraphs that are drawn together, so that an act draws little anew. */
export interface Block extends Paragraph {
  paragraphs: readonly Paragraph[];
}

/** Units that a block holds, and lines: less than a screen. */
const UNITS = 900;
const LINES = 14;
/** A paragraph of more units is drawn in pieces, each beginning a line. */
const LONG = 2_400;

/** Codings with lanes: of two that overlap, the one that begins first is nearer the text. */
export function marksOf(rows: readonly Shown[], offsets: Offsets, version: number): Mark[] {
  const free: number[] = []; // where each lane is free again
  const found: Mark[] = [];
  for (const row of rows) {
    if (row.version !== version || row.start >= offsets.length) continue;
    const start = offsets.toUnits(row.start);
    const stop = offsets.toUnits(row.stop);
    let lane = free.findIndex((end) => end <= start);
    if (lane < 0) lane = free.length;
    free[lane] = stop;
    found.push({ row, uid: row.uid, start, stop, lane, stage: row.stage });
  }
  return found;
}

/** The suggestions of each block; one whose suggestions are as they were keeps its list. */
export function guessesOf(
  hints: readonly Suggestion[],
  offsets: Offsets,
  blocks: readonly Block[],
  before: readonly (readonly Guess[])[],
): (readonly Guess[])[] {
  const guesses = hints.map((hint) => ({
    hint,
    start: offsets.toUnits(hint.start),
    stop: offsets.toUnits(hint.stop),
  }));
  return perBlock(guesses, blocks).map((now, at) => {
    const was = before[at];
    const same = was?.length === now.length && was.every(({ hint }, i) => hint === now[i]?.hint);
    return was && same ? was : now;
  });
}

/** What interviewers say, and the names of speakers, which stand before their words. */
export function voicesOf(
  turns: readonly SpokenTurn[],
  { sheet, offsets }: { sheet: { text: string }; offsets: Offsets },
  blocks: readonly Block[],
): (readonly Voice[])[] {
  let last = 0;
  const voices = turns.flatMap((turn): Voice[] => {
    const [start, stop] = [offsets.toUnits(turn.start), offsets.toUnits(turn.stop)];
    const at = sheet.text.slice(last, start).lastIndexOf(turn.speaker);
    const name: Voice[] = at < 0 ? [] : [{ start: last + at, stop: start, what: "speaker" }];
    last = stop;
    return turn.role === "interviewer" ? [...name, { start, stop, what: "asks" }] : name;
  });
  return perBlock(voices, blocks);
}

/** What lies in each block; blocks in which nothing lies share one list. */
function perBlock<T extends Paragraph>(all: readonly T[], blocks: readonly Block[]): (readonly T[])[] {
  const found: (readonly T[])[] = blocks.map(() => NOTHING);
  for (const one of all) {
    for (let at = blockAt(blocks, one.start); at < blocks.length; at++) {
      if ((blocks[at] as Block).start >= one.stop) break;
      found[at] = [...(found[at] ?? []), one];
    }
  }
  return found;
}

const NOTHING: readonly never[] = [];

/** Lines of a text, each with its line break; very long ones in pieces. */
export function paragraphsOf(text: string): Paragraph[] {
  const found: Paragraph[] = [];
  let start = 0;
  const close = (stop: number) => {
    while (stop - start > LONG) {
      const cut = cutOf(text, start);
      found.push({ start, stop: cut });
      start = cut;
    }
    found.push({ start, stop });
    start = stop;
  };
  for (const { index } of text.matchAll(/\n/g)) close(index + 1);
  if (start < text.length || found.length === 0) close(text.length);
  return found;
}

/** Where a long paragraph is best cut: after a sentence, else after a word. */
function cutOf(text: string, start: number): number {
  const part = text.slice(start, start + UNITS);
  for (const end of [/[.!?…。！？]['"’”»)]*\s+(?=\S)/gu, /\s+(?=\S)/gu, /[。、，；]/gu]) {
    const last = [...part.matchAll(end)].at(-1);
    if (last && last.index > UNITS / 4) return start + last.index + last[0].length;
  }
  const low = text.charCodeAt(start + UNITS);
  return start + UNITS - (low >= 0xdc00 && low <= 0xdfff ? 1 : 0);
}

/** A text's paragraphs in blocks of half a screen or so. */
export function blocksOf(text: string): Block[] {
  const found: Block[] = [];
  let held: Paragraph[] = [];
  const close = () => {
    const [first, last] = [held[0], held.at(-1)];
    if (first && last) found.push({ start: first.start, stop: last.stop, paragraphs: held });
    held = [];
  };
  for (const paragraph of paragraphsOf(text)) {
    const size = paragraph.stop - (held[0]?.start ?? paragraph.start);
    if (held.length >= LINES || (held.length > 0 && size > UNITS)) close();
    held.push(paragraph);
  }
  close();
  return found;
}

/** Which block holds a UTF-16 unit. */
export function blockAt(blocks: readonly Paragraph[], unit: number): number {
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle] as Paragraph).stop <= unit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The marks of each block, in ascending order of start. A block whose marks are as they were
 * keeps its list, so that it is seen not to have changed.
 */
export function share(
  marks: readonly Mark[],
  blocks: readonly Block[],
  before: readonly (readonly Mark[])[],
): (readonly Mark[])[] {
  const found: Mark[][] = blocks.map(() => []);
  for (const mark of marks) {
    for (let at = blockAt(blocks, mark.start); at < blocks.length; at++) {
      if ((blocks[at] as Block).start >= mark.stop) break;
      found[at]?.push(mark);
    }
  }
  return found.map((now, at) => {
    const was = before[at];
    return was && same(was, now) ? was : now;
  });
}

const SEEN = ["uid", "start", "stop", "stage", "valence", "memo"] as const;

function same(was: readonly Mark[], now: readonly Mark[]): boolean {
  return was.length === now.length && was.every((mark, at) => alike(mark, now[at] as Mark));
}

/** Whether two marks look the same; a receipt changes what cannot be seen. */
function alike(one: Mark, other: Mark): boolean {
  const [a, b] = [one.row, other.row];
  if (one.lane !== other.lane) return false;
  if (a === b) return true;
  return (
    SEEN.every((field) => a[field] === b[field]) &&
    a.codes.length === b.codes.length &&
    a.codes.every((code, at) => code === b.codes[at])
  );
}

type Range = readonly [number, number];

/** What lies over the words of a block. */
export interface Layers {
  marks: readonly Mark[];
  chosen: Range | null;
  hits: readonly Range[];
  guesses: readonly Guess[];
  voices: readonly Voice[];
}

/** One paragraph, cut wherever a coding, the selection, a suggestion or a hit begins or ends. */
export function segmentsOf({ start, stop }: Paragraph, layers: Layers): Segment[] {
  const here = <T extends { start: number; stop: number }>(all: readonly T[]) =>
    all.filter((one) => one.start < stop && one.stop > start);
  const [marks, guesses, voices] = [here(layers.marks), here(layers.guesses), here(layers.voices)];
  const hits = layers.hits.filter(([from, to]) => from < stop && to > start);
  const { chosen } = layers;
  const cuts = new Set([start, stop]);
  const cut = (at: number) => at > start && at < stop && cuts.add(at);
  for (const layer of [...marks, ...guesses, ...voices]) cut(layer.start), cut(layer.stop);
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
      voice: voices.find((voice) => voice.start <= from && voice.stop >= to)?.what,
      guess: guesses.find((guess) => guess.start <= from && guess.stop >= to),
    };
  });
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
  if (!words) return [];
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
