// The text in blocks, of which only those near what is seen are drawn with their passages. The
// others are bare words, which the browser lays out when they come near (`content-visibility`):
// its own search, its selection and screen readers still have the whole text.

import type { JSX, RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { soughtIn } from "../sieve";
import { blockAt, blocksOf, guessesOf, marksOf, share, voicesOf } from "../segments";
import type { Block, Mark } from "../segments";
import type { OpenText } from "../library";
import type { View } from "../view";
import { BlockView } from "./block";

/** How far above and below the pane passages are drawn, in pixels. */
const AHEAD = 600;
/** A line's height, in pixels. */
const LINE = 30;
/** So many blocks are laid out together. */
const CHAPTER = 6;

export interface Area {
  pane: RefObject<HTMLDivElement>;
  page: RefObject<HTMLDivElement>;
}

export function Passages(props: { view: View; text: OpenText; area: Area }): JSX.Element {
  const { view, text, area } = props;
  const { sheet, offsets } = text;
  const rows = view.rows.value;
  const range = view.range.value;
  const blocks = useMemo(() => blocksOf(sheet.text), [sheet.text]);
  const marks = useMemo(() => marksOf(rows, offsets, sheet.version), [rows, offsets, sheet.version]);
  const kept = useRef<(readonly Mark[])[]>([]);
  const shared = useMemo(
    () => (kept.current = share(marks, blocks, kept.current)),
    [marks, blocks],
  );
  const hints = view.session.hints.shown.value;
  const guessed = useRef<ReturnType<typeof guessesOf>>([]);
  const guesses = useMemo(
    () => (guessed.current = guessesOf(hints, offsets, blocks, guessed.current)),
    [hints, offsets, blocks],
  );
  const voices = useMemo(() => voicesOf(sheet.turns ?? [], text, blocks), [text, blocks]);
  const links = view.session.threads.links();
  const ends = links.map((link) => `${link.start} ${link.stop}`).join(" ");
  const linked = useMemo(() => new Set(ends.split(" ")), [ends]);
  const from = range && offsets.toUnits(range.start);
  const to = range && offsets.toUnits(range.stop);
  useLayoutEffect(() => {
    if (area.pane.current) area.pane.current.scrollTop = 0;
  }, [sheet.id]);
  const { first, last, wide } = useNear(view, area, `${sheet.id}:${blocks.length}`);
  // The ends of the selection are drawn wherever they are: they are what is scrolled to.
  const held = from === null || to === null ? [] : [blockAt(blocks, from), blockAt(blocks, to - 1)];
  useLayoutEffect(() => {
    if (area.pane.current && area.page.current) reveal(area.pane.current, area.page.current);
  }, [range, sheet]);
  const search = useMemo(
    () => soughtIn(view.session.query.value.search).words,
    [view.session.query.value.search],
  );
  useEffect(() => {
    const [top, end] = [blocks[first], blocks[Math.min(last, blocks.length - 1)]];
    if (!top || !end) return;
    const near = { start: offsets.toPoints(top.start), stop: offsets.toPoints(end.stop) };
    view.session.hints.seen(near);
  }, [first, last, blocks, offsets]);
  const selected = view.selected.value;
  const hover = view.hover.value;
  const has = (at: number, uid: string | null) =>
    uid !== null && shared[at]?.some((mark) => mark.uid === uid) ? uid : null;
  const drawn = blocks.map((block, at) => {
    const rich = (at >= first && at <= last) || held.includes(at);
    const inside = rich && from !== null && to !== null && from < block.stop && to > block.start;
    return (
      <BlockView
        key={`${sheet.id}:${at}`}
        view={view}
        text={text}
        block={block}
        marks={shared[at] ?? []}
        guesses={guesses[at] ?? []}
        voices={voices[at] ?? []}
        rich={rich}
        from={inside ? Math.max(from, block.start - 1) : null}
        to={inside ? Math.min(to, block.stop + 1) : null}
        selected={rich ? has(at, selected) : null}
        hover={rich ? has(at, hover) : null}
        linked={linked}
        search={search}
        stages={view.stageOf.value}
        codes={view.codeNames.value}
        wide={wide}
      />
    );
  });
  return <>{chapters(drawn, blocks)}</>;
}

/** Blocks in groups, which the browser lays out when they come near. */
function chapters(drawn: readonly JSX.Element[], blocks: readonly Block[]): JSX.Element[] {
  const found: JSX.Element[] = [];
  for (let at = 0; at < drawn.length; at += CHAPTER) {
    const high = blocks.slice(at, at + CHAPTER).reduce((sum, block) => sum + guess(block), 0);
    found.push(
      <div key={at} class="chapter" style={{ containIntrinsicBlockSize: `auto ${high}px` }}>
        {drawn.slice(at, at + CHAPTER)}
      </div>,
    );
  }
  return found;
}

/** About how high a block will be, before the browser has measured it. */
function guess(block: Block): number {
  const lines = block.paragraphs.reduce((n, p) => n + Math.ceil((p.stop - p.start) / 62), 0);
  return lines * LINE;
}

interface Near {
  first: number;
  last: number;
  /** The page's width: labels are arranged anew when it changes. */
  wide: number;
}

/** The blocks near what is seen, as the pane scrolls and changes its size. */
function useNear(view: View, { pane, page }: Area, text: string): Near {
  const [near, setNear] = useState<Near>({ first: 0, last: 1, wide: 0 });
  useLayoutEffect(() => {
    const [box, list] = [pane.current, page.current];
    if (!box || !list) return;
    const look = () => {
      const now = seen(box, list);
      setNear((was) => {
        // While the mouse draws a selection nothing under it may be drawn anew.
        if (view.held && was.wide === now.wide) {
          now.first = Math.min(was.first, now.first);
          now.last = Math.max(was.last, now.last);
        }
        const same = was.first === now.first && was.last === now.last && was.wide === now.wide;
        return same ? was : now;
      });
    };
    look();
    box.addEventListener("scroll", look, { passive: true });
    const observer = typeof ResizeObserver === "function" ? new ResizeObserver(look) : null;
    observer?.observe(box);
    observer?.observe(list);
    return () => {
      box.removeEventListener("scroll", look);
      observer?.disconnect();
    };
  }, [text]);
  return near;
}

function seen(pane: HTMLElement, page: HTMLElement): Near {
  const { top, bottom } = pane.getBoundingClientRect();
  const at = (y: number) => {
    const chapter = below(page.children, y);
    const blocks = page.children[chapter]?.children;
    return chapter * CHAPTER + (blocks ? below(blocks, y) : 0);
  };
  return { first: at(top - AHEAD), last: at(bottom + AHEAD), wide: page.clientWidth };
}

/** The last of some elements, one below the other, that begins above a height. */
function below(elements: HTMLCollection, y: number): number {
  let low = 0;
  let high = Math.max(elements.length - 1, 0);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((elements[middle] as Element).getBoundingClientRect().top <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Scroll the pane, and only the pane, so that what is selected can be seen. */
function reveal(pane: HTMLElement, page: HTMLElement): void {
  const chosen = page.querySelectorAll<HTMLElement>(".w.chosen");
  const first = chosen[0]?.getBoundingClientRect();
  const last = chosen[chosen.length - 1]?.getBoundingClientRect();
  if (!first || !last) return;
  const box = pane.getBoundingClientRect();
  const margin = 24;
  if (first.top < box.top + margin) pane.scrollTop -= box.top + margin - first.top;
  else if (last.bottom > box.bottom - margin) {
    const down = last.bottom - box.bottom + margin;
    pane.scrollTop += Math.min(down, first.top - box.top - margin);
  }
}
