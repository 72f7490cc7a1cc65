// A block of the text: its words with their passages, and beside them the labels of those that
// begin in it. Far from what is seen a block is its bare words: they can be found by the
// browser's own search and read aloud, but cost nothing to draw.

import { Component, createRef, type JSX } from "preact";
import { hitsOf, segmentsOf } from "../segments";
import type { Block, Guess, Mark, Segment, Voice } from "../segments";
import type { OpenText } from "../library";
import type { View } from "../view";
import { Label, arrange } from "./gutter";
import { GuessLabel } from "./guess";
import { colourOf } from "./parts";
import { Grips, placeGrips } from "./grips";

const LANE = 4;
const BAR = 2;

export interface BlockProps {
  view: View;
  text: OpenText;
  block: Block;
  marks: readonly Mark[];
  guesses: readonly Guess[];
  voices: readonly Voice[];
  /** Whether passages are drawn. */
  rich: boolean;
  /** The selection's ends; what lies outside of the block is its border. */
  from: number | null;
  to: number | null;
  selected: string | null;
  hover: string | null;
  search: string;
  /** Codings that links begin or end at. */
  linked: ReadonlySet<string>;
  /** What labels are made of: another object, other labels. */
  stages: object;
  codes: object;
  wide: number;
}

export class BlockView extends Component<BlockProps> {
  readonly #ref = createRef<HTMLDivElement>();

  override shouldComponentUpdate(next: BlockProps): boolean {
    const now = this.props;
    if (!now.rich && !next.rich) return now.text.sheet.text !== next.text.sheet.text;
    return (Object.keys(next) as (keyof BlockProps)[]).some((key) => now[key] !== next[key]);
  }

  override componentDidMount(): void {
    this.#arrange();
  }

  override componentDidUpdate(): void {
    this.#arrange();
  }

  #arrange(): void {
    const box = this.#ref.current;
    if (!box || !this.props.rich) return;
    arrange(box);
    placeGrips(box);
  }

  override render(props: BlockProps): JSX.Element {
    const { text, block, marks, guesses, rich, view } = props;
    const depth = marks.reduce((most, mark) => Math.max(most, mark.lane), 0);
    const own = marks.filter((mark) => mark.start >= block.start);
    return (
      <div ref={this.#ref} class="block">
        <div
          class="words"
          lang={text.sheet.language || undefined}
          style={depth > 1 ? { lineHeight: `${1.9 + 0.25 * (depth - 1)}` } : undefined}
        >
          {rich ? <Rich {...props} /> : <Plain {...props} />}
        </div>
        <div
          class="gutter"
          role={own.length > 0 && rich ? "group" : undefined}
          aria-label={own.length > 0 && rich ? view.say.value("passages") : undefined}
        >
          {rich &&
            own.map((mark) => (
              <Label
                key={mark.uid}
                view={view}
                row={mark.row}
                on={props.selected === mark.uid}
                linked={props.linked.has(mark.uid)}
                stages={props.stages}
                codes={props.codes}
              />
            ))}
          {rich &&
            guesses
              .filter((guess) => guess.start >= block.start)
              .map(({ hint }) => <GuessLabel key={hint.uid} view={view} hint={hint} />)}
        </div>
        {rich && props.selected !== null && props.from !== null && <Grips />}
      </div>
    );
  }
}

function Plain({ text, block }: BlockProps): JSX.Element {
  return (
    <>
      {block.paragraphs.map(({ start, stop }) => (
        <p key={start} dir="auto" data-s={start}>
          {text.sheet.text.slice(start, stop)}
        </p>
      ))}
    </>
  );
}

function Rich(props: BlockProps): JSX.Element {
  const { text, block, marks, guesses, voices, from, to, search } = props;
  const words = text.sheet.text;
  const chosen = from === null || to === null ? null : ([from, to] as const);
  const hits = search
    ? hitsOf(words.slice(block.start, block.stop), search).map(
        ([start, stop]) => [start + block.start, stop + block.start] as const,
      )
    : [];
  return (
    <>
      {block.paragraphs.map((paragraph) => (
        <p key={paragraph.start} dir="auto">
          {segmentsOf(paragraph, { marks, chosen, hits, guesses, voices }).map((segment) => (
            <Stretch key={segment.start} segment={segment} props={props} />
          ))}
        </p>
      ))}
    </>
  );
}

function Stretch({ segment, props }: { segment: Segment; props: BlockProps }): JSX.Element {
  const { start, stop, marks } = segment;
  const { view, selected, hover } = props;
  const words = props.text.sheet.text.slice(start, stop);
  const names = ["w"];
  if (segment.chosen) names.push("chosen");
  if (segment.chosen && props.from === start) names.push("first");
  if (segment.chosen && props.to === stop) names.push("last");
  if (segment.hit) names.push("hit");
  if (segment.voice) names.push(segment.voice);
  const colour = (stage: string | null) =>
    colourOf(stage === null ? undefined : view.stageOf.value.get(stage));
  const { guess } = segment;
  if (guess && marks.length === 0) names.push("guessed");
  if (marks.length === 0) {
    return (
      <span
        class={names.join(" ")}
        data-s={start}
        data-g={guess?.start === start ? guess.hint.uid : undefined}
        style={guess ? { "--c": colour(guess.hint.stage) } : undefined}
      >
        {words}
      </span>
    );
  }
  names.push("seg");
  const near = marks.find((mark) => mark.uid === selected || mark.uid === hover);
  // The shortest coding is the innermost: its colour is behind the words.
  const inner = marks.reduce((a, b) => (b.stop - b.start < a.stop - a.start ? b : a));
  const starts = marks.filter((mark) => mark.start === start);
  if (near) names.push("near");
  return (
    <span
      class={names.join(" ")}
      data-s={start}
      data-a={starts.length > 0 ? starts.map((mark) => mark.uid).join(" ") : undefined}
      data-lanes={marks.length}
      style={bars(segment, colour((near ?? inner).stage), colour, selected)}
    >
      {words}
    </span>
  );
}

/** Stacked bars below the words, one for each coding, as layers of background. */
function bars(
  { start, stop, marks }: Segment,
  tint: string,
  colourOfStage: (stage: string | null) => string,
  selected: string | null,
): JSX.CSSProperties {
  const deepest = marks.reduce((most, mark) => Math.max(most, mark.lane), 0);
  const layers = marks.map((mark) => {
    const colour = colourOfStage(mark.stage);
    const thick = mark.uid === selected ? BAR + 1 : BAR;
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
