// Labels beside the text: each on the line where its passage begins, or as near to it as its
// neighbours allow.

import { Component, type JSX, type RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { numberOf } from "../../../shared/words";
import type { Shown } from "../../../shared/outbox";
import type { OpenText } from "../library";
import type { View } from "../view";
import { Icon } from "./icons";
import { Chip, colourOf } from "./parts";

const GAP = 6;

export function Gutter(props: {
  view: View;
  text: OpenText;
  page: RefObject<HTMLDivElement>;
}): JSX.Element {
  const { view, text, page } = props;
  const ref = useRef<HTMLDivElement>(null);
  const rows = view.session.rows.value.filter(
    (row) => row.version === text.sheet.version && row.start < text.offsets.length,
  );
  useLayoutEffect(() => {
    const place = () => page.current && ref.current && arrange(page.current, ref.current);
    place();
    if (!page.current || typeof ResizeObserver !== "function") return;
    const observer = new ResizeObserver(place);
    observer.observe(page.current);
    return () => observer.disconnect();
  }, [view.session.rows.value, text, view.language.value, view.session.opening.value]);
  return (
    <div class="gutter" ref={ref} role="group" aria-label={view.say.value("passages")}>
      {rows.map((row, index) => (
        <Label
          key={row.uid}
          view={view}
          row={row}
          index={index}
          on={view.selected.value === row.uid}
        />
      ))}
    </div>
  );
}

interface LabelProps {
  view: View;
  row: Shown;
  index: number;
  on: boolean;
}

/** One label; drawn again only when its coding changed, for there may be thousands. */
class Label extends Component<LabelProps> {
  override shouldComponentUpdate({ row, index, on }: LabelProps): boolean {
    const now = this.props;
    return row !== now.row || index !== now.index || on !== now.on;
  }

  override render({ view, row, index, on }: LabelProps): JSX.Element {
    return drawn(view, row, index, on);
  }
}

function drawn(view: View, row: Shown, index: number, on: boolean): JSX.Element {
  const stage = row.stage === null ? undefined : view.stageOf.value.get(row.stage);
  const names = row.codes.map((key) => view.codeNames.value.get(key) ?? key);
  return (
    <button
      type="button"
      class={`saying ${on ? "on" : ""}`}
      data-n={index}
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

export function stepOf(view: View, valence: number): string {
  return numberOf(view.language.value, Math.round(valence * 20) / 10, true);
}

/** Put each label on its passage's first line, or right below the label above it. */
function arrange(page: HTMLElement, gutter: HTMLElement): void {
  const top = page.getBoundingClientRect().top;
  const anchors = new Map<string, number>();
  for (const span of page.querySelectorAll<HTMLElement>("[data-a]")) {
    const y = (span.getClientRects()[0]?.top ?? top) - top;
    for (const index of span.dataset["a"]?.split(" ") ?? []) anchors.set(index, y);
  }
  const labels = [...gutter.children] as HTMLElement[];
  const heights = labels.map((label) => label.offsetHeight); // all read before any is written
  const wanted = labels.map((label) => anchors.get(label.dataset["n"] ?? "") ?? 0);
  const places = stack(wanted, heights);
  labels.forEach((label, at) => {
    label.style.transform = `translateY(${Math.round(places[at] ?? 0)}px)`;
  });
  const end = (places.at(-1) ?? 0) + (heights.at(-1) ?? 0);
  gutter.style.minHeight = `${Math.ceil(end + GAP)}px`;
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
