// The text with its places, and below it what each coder says of the one that is chosen.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { factOf, Tool } from "../../coder/ui/parts";
import { isDone, type Desk as Open } from "../session";
import type { Place } from "../wire";
import { OwnAnswer } from "./own";
import { SideCard } from "./side";
import type { ReviewView } from "./view";

/** Of a longer text only what is around the place is shown. */
const LONG = 5_000;
const AROUND = 1_200;

export function Desk({ view }: { view: ReviewView }): JSX.Element {
  const { session, say } = view;
  const desk = session.desk.value;
  const place = session.place.value;
  const done = session.progress.value;
  if (!desk) {
    return (
      <div class="rv-desk" data-desk tabIndex={-1}>
        {done && done.settled === done.total && <p class="nothing">{say("all_settled")}</p>}
      </div>
    );
  }
  return (
    <div class="rv-desk" role="group" data-desk tabIndex={0} aria-label={say("text", { title: desk.sheet.title })}>
      <div class="rv-words">
        <h3>{desk.sheet.title}</h3>
        <p class="muted rv-facts">
          {desk.sheet.attributes.map(([name, value]) => factOf(name, value, name)).join(" · ")}
        </p>
        <Words view={view} desk={desk} />
      </div>
      {place && <Present view={view} place={place} />}
    </div>
  );
}

function Present({ view, place }: { view: ReviewView; place: Place }): JSX.Element {
  const { session, say } = view;
  const { settled } = place;
  const n = session.places.value.length;
  const kinds = place.differs.map((on) => say(`on.${on}`)).join(", ");
  return (
    <section class="rv-present" aria-label={say("sides")}>
      <div class="rv-bar">
        <b>{say("place", { i: session.at.value + 1, n })}</b>
        <span class="muted">
          {say("differs")} {kinds}
        </span>
        <span class="rv-gap" />
        <Tool icon="previous" label={say("previous")} keys="↑" onClick={() => void session.move(-1)} />
        <Tool icon="next" label={say("next")} keys="↓" onClick={() => void session.move(1)} />
      </div>
      {settled && (
        <p class={`rv-state ${isDone(place) ? "good" : ""}`}>
          {say(settled.how === "undecided" ? "is_undecided" : "is_settled", { who: settled.by })}
          {place.news && <b> {say("news")}</b>}
        </p>
      )}
      <div class="rv-sides">
        {place.sides.map((side, at) => (
          <SideCard key={side.coder} view={view} place={place} side={side} n={at + 1} />
        ))}
        <OwnAnswer view={view} place={place} />
      </div>
    </section>
  );
}

interface Piece {
  start: number;
  stop: number;
  kind: string;
  place: number;
}

/** The text cut where places begin and end. */
function pieces(desk: Open, view: ReviewView): Piece[] {
  const { session } = view;
  const here = session.place.value;
  const length = desk.offsets.length;
  let [from, to] = [0, length];
  if (length > LONG && here) {
    from = Math.max(0, here.start - AROUND);
    to = Math.min(length, here.stop + AROUND);
  }
  const marked = [
    ...session.same.value.map((place) => ({ place, at: -1 })),
    ...session.places.value.map((place, at) => ({ place, at })),
  ].filter(({ place }) => place.start < to && place.stop > from);
  const cuts = new Set([from, to]);
  for (const { place } of marked) {
    cuts.add(Math.max(place.start, from));
    cuts.add(Math.min(place.stop, to));
  }
  const ends = [...cuts].sort((one, other) => one - other);
  return ends.slice(1).map((stop, k) => {
    const start = ends[k] as number;
    const over = marked.filter(({ place }) => place.start < stop && place.stop > start);
    const now = over.find(({ place }) => place === here);
    const left = over.find(({ place, at }) => at >= 0 && !isDone(place));
    const done = over.find(({ at }) => at >= 0);
    const kind = now ? "now" : left ? "open" : done ? "done" : over.length ? "same" : "";
    return { start, stop, kind, place: (now ?? left ?? done)?.at ?? -1 };
  });
}

function Words({ view, desk }: { view: ReviewView; desk: Open }): JSX.Element {
  const { session, say } = view;
  const box = useRef<HTMLParagraphElement>(null);
  const id = session.place.value?.id;
  useLayoutEffect(() => {
    box.current?.querySelector(".now")?.scrollIntoView({ block: "nearest" });
  }, [id, desk.sheet.id]);
  const found = pieces(desk, view);
  const same = session.same.value.length;
  return (
    <>
      <p ref={box} class="rv-text" dir="auto" lang={desk.sheet.language || undefined}>
        {(found[0]?.start ?? 0) > 0 && "… "}
        {found.map(({ start, stop, kind, place }) => {
          const words = desk.offsets.slice(start, stop);
          if (!kind) return words;
          return (
            <mark
              key={start}
              class={kind}
              onClick={() => {
                if (place < 0) return;
                session.own.value = null;
                session.at.value = place;
                session.tellPlace();
              }}
            >
              {words}
            </mark>
          );
        })}
        {(found.at(-1)?.stop ?? 0) < desk.offsets.length && " …"}
      </p>
      {same > 0 && <p class="muted rv-small">{say("same_rest", { n: same })}</p>}
    </>
  );
}
