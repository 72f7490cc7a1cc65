// The dashboard of one view: heading, KPI panels, coding widget, map, and what is behind a figure.

import { effect, type ReadonlySignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Look } from "../../shared/theme";
import { App } from "../coder/ui/app";
import { focusDesk } from "../coder/ui/parts";
import type { View } from "../coder/view";
import { BehindPanel } from "./behind";
import type { Board } from "./board";
import { guardDeep } from "./guard";
import { Kpis } from "./kpis";
import { LaneMenu } from "./lanes";
import type { Parts } from "./parts";
import { hitOf } from "./picture";
import type { Passage } from "./types";
import { teller } from "./words";

export function Dashboard(props: {
  view: View;
  board: Board;
  look: ReadonlySignal<Look>;
}): JSX.Element {
  const { view, board, look } = props;
  const root = useRef<HTMLElement>(null);
  const say = teller(view.language.value);
  const { theme } = look.value;
  const face = board.face.value;
  useLayoutEffect(() => (root.current ? guardDeep(root.current) : undefined), []);
  useEffect(() => board.paint(theme), [theme]);
  // Colours as the map's own style sheets name them, a house's among them.
  const colours = `.cjm-board[data-theme="${theme}"]{${face?.colours[theme] ?? ""}}`;
  const parts = { view, board, say };
  return (
    <section
      ref={root}
      class="cjm-board"
      data-theme={theme}
      lang={view.language.value}
      dir="ltr"
      aria-label={say("name")}
    >
      <style>{colours}</style>
      <Heading {...parts} />
      {face?.kpis && <Kpis {...parts} />}
      <div class="work">
        <div class="coding">
          <App view={view} look={look} />
        </div>
        <div class="evidence">
          <Map {...parts} />
          <BehindPanel {...parts} open={(passage) => void read(props, root.current, passage)} />
        </div>
      </div>
    </section>
  );
}

/** Put a passage's text on the coder's desk, with the passage selected where it is theirs. */
async function read(
  { view }: { view: View },
  root: HTMLElement | null,
  passage: Passage,
): Promise<void> {
  if (passage.feedback === null || !(await view.session.go(passage.feedback))) return;
  const row = view.rows.value.find(({ uid }) => uid === passage.uid);
  if (row) view.pick(row);
  const coder = root?.querySelector(".cjm-coder") ?? null;
  coder?.scrollIntoView({ block: "nearest" });
  focusDesk(coder);
}

function Heading({ view, board, say }: Parts): JSX.Element {
  const face = board.face.value;
  const fresh = board.fresh.value;
  const lost = view.session.transport.link.value === "closed";
  const clock = new Intl.DateTimeFormat(view.language.value, { timeStyle: "medium" });
  const at = fresh ? clock.format(fresh) : "";
  return (
    <header class="heading">
      <h2>{face?.title ?? say("name")}</h2>
      {face && <span class="facts">{face.facts}</span>}
      {fresh && (
        <span class={lost ? "live lost" : "live"} role="status">
          {lost ? say("lost", { at }) : say("live", { at })}
        </span>
      )}
      {face && (
        <div class="choices">
          <label>
            {say("estimate")}
            <select
              value={board.wished.value ?? face.estimate}
              onChange={(event) => board.estimate(event.currentTarget.value)}
            >
              {face.estimates.map(({ key, name }) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <LaneMenu view={view} board={board} say={say} />
        </div>
      )}
      {(board.trouble.value || face?.warning) && (
        <p class="warning" role="status">
          {board.trouble.value || face?.warning}
        </p>
      )}
    </header>
  );
}

function Map({ view, board, say }: Parts): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const face = board.face.value;
  useEffect(() => {
    if (!place.current) return;
    board.begin(place.current);
    // After a kernel's restart, or a connection's, everything may have changed.
    let closed = false;
    return effect(() => {
      const now = view.session.transport.link.value === "closed";
      if (closed && !now && place.current) board.begin(place.current);
      closed = now;
    });
  }, []);
  return (
    <div class="map">
      {!board.drawn.value && !board.trouble.value && <p class="waiting">{say("drawing")}</p>}
      <div
        ref={place}
        class="picture"
        // Scrolls, so the keyboard must reach it.
        tabIndex={0}
        role="region"
        aria-label={face ? `${say("map")}. ${face.spoken}` : say("map")}
        onClick={(event) => {
          const stages = board.face.value?.stages ?? [];
          const marked = document.getSelection();
          const hit = hitOf(event, stages.length);
          const stage = hit ? stages[hit.stage] : undefined;
          // Who marks words to copy them does not mean to select the stage.
          if (!stage || !hit || (hit.key === null && marked && !marked.isCollapsed)) return;
          board.choose(stage.key, hit.key);
        }}
        onKeyDown={(event) => event.key === "Escape" && board.let()}
      />
      {face && (
        <table class="unseen">
          <caption>{say("table")}</caption>
          <tbody>
            {face.rows.map(([stage, ...figures]) => (
              <tr key={stage}>
                <th scope="row">{stage}</th>
                {figures.map((figure, at) => (
                  <td key={at}>{figure}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {face && face.notes.length > 0 && <p class="notes">{face.notes.join(" · ")}</p>}
    </div>
  );
}
