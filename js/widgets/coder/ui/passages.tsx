// The text with its passages: each stretch a span that knows where it begins, drawn with a
// tint behind the words and a bar below them for every coding that covers it.

import { Component, type JSX } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { hitsOf, marksOf, paragraphsOf, segmentsOf, spread } from "../segments";
import type { Mark, Paragraph, Segment } from "../segments";
import type { OpenText } from "../library";
import type { View } from "../view";
import { colourOf } from "./parts";

const LANE = 4;
const BAR = 2;

interface Look {
  selected: string | null;
  hover: string | null;
  colour(stage: string | null): string;
}

/** Where the DOM says a point is, in UTF-16 units of the text; null outside of it. */
export function unitsAt(node: Node | null, offset: number): number | null {
  if (!node) return null;
  if (node instanceof Text) {
    const start = node.parentElement?.closest<HTMLElement>("[data-s]")?.dataset["s"];
    return start === undefined ? null : Number(start) + offset;
  }
  if (!(node instanceof Element)) return null;
  const after = node.childNodes[offset];
  const inside = after instanceof Element ? after : null;
  const first = inside?.matches("[data-s]") ? inside : inside?.querySelector("[data-s]");
  if (first instanceof HTMLElement) return Number(first.dataset["s"]);
  const spans = node.querySelectorAll<HTMLElement>("[data-s]");
  const last = offset > 0 ? spans[spans.length - 1] : spans[0];
  const own = last ?? node.closest<HTMLElement>("[data-s]");
  if (!own) return null;
  return Number(own.dataset["s"]) + (offset > 0 ? (own.textContent?.length ?? 0) : 0);
}

export function Passages({ view, text }: { view: View; text: OpenText }): JSX.Element {
  const { session } = view;
  const { sheet, offsets } = text;
  const rows = session.rows.value;
  const range = view.range.value;
  const search = session.query.value.search;
  const paragraphs = useMemo(() => paragraphsOf(sheet.text), [sheet]);
  const hits = useMemo(() => hitsOf(sheet.text, search), [sheet, search]);
  const marks = useMemo(() => marksOf(rows, offsets, sheet.version), [rows, sheet]);
  const perMarks = useMemo(() => spread(marks, paragraphs), [marks, paragraphs]);
  const perHits = useMemo(
    () => spread(hits.map(([start, stop]) => ({ start, stop })), paragraphs),
    [hits, paragraphs],
  );
  const chosen: [number, number] | null = range && [
    offsets.toUnits(range.start),
    offsets.toUnits(range.stop),
  ];
  const look: Look = {
    selected: view.selected.value,
    hover: view.hover.value,
    colour: (stage) => colourOf(stage === null ? undefined : view.stageOf.value.get(stage)),
  };
  const depth = marks.reduce((most, mark) => Math.max(most, mark.lane), 0);
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (ref.current) reveal(ref.current);
  }, [range, sheet]);
  return (
    <div
      ref={ref}
      class="words"
      lang={sheet.language || undefined}
      style={{ lineHeight: `${1.9 + 0.25 * Math.max(0, depth - 1)}` }}
    >
      {paragraphs.map((paragraph, at) => (
        <Line
          key={paragraph.start}
          text={sheet.text}
          paragraph={paragraph}
          marks={perMarks[at] ?? []}
          chosen={chosen && within(chosen, paragraph)}
          hits={(perHits[at] ?? []).map((hit) => [hit.start, hit.stop] as const)}
          look={look}
        />
      ))}
    </div>
  );
}

function within(range: [number, number], { start, stop }: Paragraph): [number, number] | null {
  const from = Math.max(range[0], start);
  const to = Math.min(range[1], stop);
  return from < to ? range : null;
}

/** Scroll the pane, and only the pane, so that what is selected can be seen. */
function reveal(words: HTMLElement): void {
  const pane = words.closest<HTMLElement>(".scroll");
  const chosen = words.querySelectorAll<HTMLElement>(".chosen");
  const first = chosen[0]?.getBoundingClientRect();
  const last = chosen[chosen.length - 1]?.getBoundingClientRect();
  if (!pane || !first || !last) return;
  const box = pane.getBoundingClientRect();
  const margin = 24;
  if (first.top < box.top + margin) pane.scrollTop -= box.top + margin - first.top;
  else if (last.bottom > box.bottom - margin) {
    const down = last.bottom - box.bottom + margin;
    pane.scrollTop += Math.min(down, first.top - box.top - margin);
  }
}

interface LineProps {
  text: string;
  paragraph: Paragraph;
  marks: readonly Mark[];
  chosen: readonly [number, number] | null;
  hits: readonly (readonly [number, number])[];
  look: Look;
}

/** A paragraph; drawn again only when something in it changed. */
class Line extends Component<LineProps> {
  override shouldComponentUpdate(next: LineProps): boolean {
    return next.text !== this.props.text || signature(next) !== signature(this.props);
  }

  override render({ text, paragraph, marks, chosen, hits, look }: LineProps): JSX.Element {
    return (
      <p dir="auto">
        {segmentsOf(paragraph, marks, chosen, hits).map((segment) => (
          <Stretch key={segment.start} segment={segment} text={text} chosen={chosen} look={look} />
        ))}
      </p>
    );
  }
}

function signature({ paragraph, marks, chosen, hits, look }: LineProps): string {
  const drawn = marks.map(({ uid, index, start, stop, lane, stage }) =>
    [index, start, stop, lane, look.colour(stage), uid === look.selected, uid === look.hover].join(),
  );
  return [paragraph.start, chosen, ...hits, ...drawn].join(";");
}

function Stretch(props: {
  segment: Segment;
  text: string;
  chosen: readonly [number, number] | null;
  look: Look;
}): JSX.Element {
  const { segment, text, chosen, look } = props;
  const { start, stop, marks } = segment;
  const words = text.slice(start, stop);
  const names = ["w"];
  if (segment.chosen) names.push("chosen");
  if (segment.chosen && chosen?.[0] === start) names.push("first");
  if (segment.chosen && chosen?.[1] === stop) names.push("last");
  if (segment.hit) names.push("hit");
  if (marks.length === 0) {
    return (
      <span class={names.join(" ")} data-s={start}>
        {words}
      </span>
    );
  }
  names.push("seg");
  const near = marks.find((mark) => mark.uid === look.selected || mark.uid === look.hover);
  // The shortest coding is the innermost: its colour is behind the words.
  const inner = marks.reduce((a, b) => (b.stop - b.start < a.stop - a.start ? b : a));
  const starts = marks.filter((mark) => mark.start === start);
  if (near) names.push("near");
  return (
    <span
      class={names.join(" ")}
      data-s={start}
      data-a={starts.length > 0 ? starts.map((mark) => mark.index).join(" ") : undefined}
      data-lanes={marks.length}
      style={bars(segment, look.colour((near ?? inner).stage), look)}
    >
      {words}
    </span>
  );
}

/** Stacked bars below the words, one for each coding, as layers of background. */
function bars({ start, stop, marks }: Segment, tint: string, look: Look): JSX.CSSProperties {
  const deepest = marks.reduce((most, mark) => Math.max(most, mark.lane), 0);
  const layers = marks.map((mark) => {
    const colour = look.colour(mark.stage);
    const thick = mark.uid === look.selected ? BAR + 1 : BAR;
    const left = mark.start === start ? 1 : 0;
    const right = mark.stop === stop ? 1 : 0;
    return {
      image: `linear-gradient(${colour}, ${colour})`,
      size: `calc(100% - ${left + right}px) ${thick}px`,
      place: `${left}px calc(100% - ${(deepest - mark.lane) * LANE}px)`,
      clip: "border-box",
    };
  });
  return {
    "--c": tint,
    paddingBottom: `${BAR + 1 + deepest * LANE}px`,
    backgroundImage: [...layers.map((layer) => layer.image), "none"].join(","),
    backgroundSize: [...layers.map((layer) => layer.size), "auto"].join(","),
    backgroundPosition: [...layers.map((layer) => layer.place), "0 0"].join(","),
    backgroundClip: [...layers.map((layer) => layer.clip), "content-box"].join(","),
  } as JSX.CSSProperties;
}
