// Labels beside the text: each on the line where its passage begins, or as near to it as its
// neighbours allow.

import { Component, type JSX } from "preact";
import type { Shown } from "../../../shared/outbox";
import type { View } from "../view";
import { arrangeGuesses } from "./guess";
import { Icon } from "./icons";
import { Chip, colourOf, stepOf } from "./parts";

const GAP = 6;

interface LabelProps {
  view: View;
  row: Shown;
  on: boolean;
  linked: boolean;
  stages: object;
  codes: object;
}

/** One label; drawn again only when its coding or the names in it changed. */
export class Label extends Component<LabelProps> {
  override shouldComponentUpdate(next: LabelProps): boolean {
    const now = this.props;
    return (Object.keys(next) as (keyof LabelProps)[]).some((key) => now[key] !== next[key]);
  }

  override render({ view, row, on, linked }: LabelProps): JSX.Element {
    return drawn(view, row, on, linked);
  }
}

function drawn(view: View, row: Shown, on: boolean, linked: boolean): JSX.Element {
  const stage = row.stage === null ? undefined : view.stageOf.value.get(row.stage);
  const names = row.codes.map((key) => view.codeNames.value.get(key) ?? key);
  return (
    <button
      type="button"
      class={`saying ${on ? "on" : ""}`}
      data-n={row.uid}
      tabIndex={-1}
      aria-pressed={on}
      style={{ "--c": colourOf(stage) }}
      onClick={() => view.pick(row)}
      onPointerEnter={() => (view.hover.value = row.uid)}
      onPointerLeave={() => (view.hover.value = null)}
    >
      <span class="name">
        {stage && <Chip stage={stage} />}
        <b>{stage?.name ?? row.stage ?? view.say.value("no_stage")}</b>
        {linked && (
          <span class="joint" title={view.say.value("link.there")}>
            <Icon name="link" />
            <span class="unseen">{view.say.value("link.there")}</span>
          </span>
        )}
        {row.valence !== null && <span class="step" title={view.valenceWords(row.valence)}>{stepOf(view, row.valence)}</span>}
      </span>
      {names.length > 0 && <span class="muted">{names.join(", ")}</span>}
      {row.memo && (
        <span class="muted note" title={row.memo}>
          <Icon name="memo" />
          <span>{row.memo}</span>
        </span>
      )}
    </button>
  );
}

/** Put each label of a block on its passage's first line, or right below the label above it. */
export function arrange(block: HTMLElement): void {
  const gutter = block.querySelector<HTMLElement>(".gutter");
  if (!gutter) return;
  const labels = [...gutter.querySelectorAll<HTMLElement>(".saying")];
  const { top } = block.getBoundingClientRect(); // all is read before anything is written
  const anchors = new Map<string, number>();
  for (const span of block.querySelectorAll<HTMLElement>("[data-a]")) {
    const y = (span.getClientRects()[0]?.top ?? top) - top;
    for (const uid of span.dataset["a"]?.split(" ") ?? []) anchors.set(uid, y);
  }
  const heights = labels.map((label) => label.offsetHeight);
  const wanted = labels.map((label) => anchors.get(label.dataset["n"] ?? "") ?? 0);
  const floor = block.querySelector<HTMLElement>(".words")?.offsetHeight ?? 0;
  const places = above(stack(wanted, heights), heights, floor);
  labels.forEach((label, at) => {
    label.style.transform = `translateY(${Math.round(places[at] ?? 0)}px)`;
  });
  const end = (places.at(-1) ?? 0) + (heights.at(-1) ?? 0);
  const room = labels.length > 0 ? `${Math.ceil(end + GAP)}px` : "";
  if (gutter.style.minHeight !== room) gutter.style.minHeight = room;
  const taken = places.map((y, at): [number, number] => [y, y + (heights[at] ?? 0)]);
  arrangeGuesses(block, taken, Math.max(floor, end));
}

/** Labels pushed up so that they end with the words, where there is room for all of them. */
function above(places: number[], heights: readonly number[], floor: number): number[] {
  const pushed = [...places];
  let limit = floor;
  for (let at = places.length - 1; at >= 0; at--) {
    pushed[at] = Math.min(pushed[at] as number, limit - (heights[at] ?? 0));
    limit = (pushed[at] as number) - GAP;
  }
  return (pushed[0] ?? 0) < 0 ? places : pushed;
}

/**
 * Places without overlap, in order, with the least sum of squared distances from where each
 * label wants to be: isotonic regression by pooling adjacent violators, once the labels'
 * heights are taken out.
 */
export function stack(wanted: readonly number[], heights: readonly number[]): number[] {
  const pools: { sum: number; n: number }[] = [];
  let before = 0;
  wanted.forEach((y, at) => {
    let pool = { sum: y - before, n: 1 };
    before += (heights[at] ?? 0) + GAP;
    for (let last = pools.at(-1); last && last.sum / last.n > pool.sum / pool.n; last = pools.at(-1)) {
      pools.pop();
      pool = { sum: pool.sum + last.sum, n: pool.n + last.n };
    }
    pools.push(pool);
  });
  let offset = 0;
  return pools
    .flatMap(({ sum, n }) => Array<number>(n).fill(Math.max(0, sum / n)))
    .map((place, at) => {
      const y = place + offset;
      offset += (heights[at] ?? 0) + GAP;
      return y;
    });
}
