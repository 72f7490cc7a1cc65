// Suggestions as they are drawn: chips beside the words, and a strip below the text that says
// what is proposed and why. Neither ever moves words or labels: suggestions come late and go.

import type { JSX } from "preact";
import { numberOf } from "../../../shared/words";
import type { Suggestion } from "../../../shared/wire";
import { chordsOf, written } from "../keymap";
import type { View } from "../view";
import { Chip, colourOf, Kbd, stepOf } from "./parts";

/** A suggestion beside the words it is for. */
export function GuessLabel({ view, hint }: { view: View; hint: Suggestion }): JSX.Element {
  const stage = hint.stage === null ? undefined : view.stageOf.value.get(hint.stage);
  const what = view.hintWords(hint);
  return (
    <button
      type="button"
      class="guess"
      data-h={hint.uid}
      tabIndex={-1}
      style={{ "--c": colourOf(stage) }}
      title={view.say.value("hint.told", { what })}
      onClick={() => {
        view.take(hint.start, hint.stop);
        view.tellRange();
      }}
    >
      <span class="is">{view.say.value("hint.name")}</span>
      {stage && <Chip stage={stage} />}
      <span class="name">{stage?.name ?? codeNames(view, hint)}</span>
      {hint.probability !== null && <em>{view.share(hint.probability)}</em>}
    </button>
  );
}

function codeNames(view: View, { codes }: Suggestion): string {
  return codes.map((key) => view.codeNames.value.get(key) ?? key).join(", ");
}

/** Put the suggestions of a block where the labels leave room; without room they are not shown. */
export function arrangeGuesses(block: HTMLElement, taken: [number, number][], floor: number): void {
  const { top } = block.getBoundingClientRect();
  const labels = [...block.querySelectorAll<HTMLElement>(".guess")];
  const places = labels.map((label) => {
    const words = block.querySelector(`[data-g="${CSS.escape(label.dataset["h"] ?? "")}"]`);
    return (words?.getClientRects()[0]?.top ?? top) - top;
  });
  const heights = labels.map((label) => label.offsetHeight);
  labels.forEach((label, at) => {
    const high = heights[at] ?? 0;
    const y = free(places[at] ?? 0, high, taken);
    const fits = y + high <= floor;
    label.style.visibility = fits ? "" : "hidden";
    label.style.transform = `translateY(${Math.round(y)}px)`;
    if (fits) taken.push([y, y + high]);
  });
}

/** The first height at or below a wanted one that nothing has taken. */
function free(wanted: number, high: number, taken: readonly (readonly [number, number])[]): number {
  const under = [...taken].sort((one, other) => one[0] - other[0]);
  return under.reduce((y, [from, to]) => (from < y + high && y < to ? to + 2 : y), wanted);
}

/** What is proposed for the selected words, or that there is more in this text. */
export function Strip({ view }: { view: View }): JSX.Element | null {
  const { hints } = view.session;
  const say = view.say.value;
  if (!hints.on.value) return null;
  const hint = view.hint.value;
  const n = hints.shown.value.length;
  const [key] = keysOf(view);
  return (
    <div class="strip" role="group" aria-label={say("hint.title")}>
      {hint ? (
        <Proposal view={view} hint={hint} />
      ) : (
        <span class="what muted">{hints.known.value ? howMany(view) : ""}</span>
      )}
      <span class="acts">
        {hint && <Deciding view={view} />}
        {!hint && (n > 0 || (hints.known.value && !hints.whole.value)) && (
          <button type="button" class="tool framed" onClick={() => view.accept()}>
            <Kbd>{key}</Kbd> {say("hint.next")}
          </button>
        )}
      </span>
      <Worth view={view} />
    </div>
  );
}

/** How many suggestions the text has, as far as it was looked through. */
function howMany(view: View): string {
  const { hints } = view.session;
  const n = hints.shown.value.length;
  const far = hints.whole.value ? "" : "_here";
  return view.say.value(n > 0 ? `hint.n${far}` : `hint.none${far}`, { n });
}

function keysOf(view: View): [string, string] {
  const { own } = view.session;
  const first = (command: "accept" | "remove") =>
    written(chordsOf(command, own.value)[0] ?? "", view.say.value);
  return [first("accept"), first("remove")];
}

function Proposal({ view, hint }: { view: View; hint: Suggestion }): JSX.Element {
  const say = view.say.value;
  const stage = hint.stage === null ? undefined : view.stageOf.value.get(hint.stage);
  const codes = codeNames(view, hint);
  const why = hint.words.map((word) => say("hint.word", { word })).join(", ");
  return (
    <span class="what" style={{ "--c": colourOf(stage) }}>
      <span class="line">
        <span class="muted">{say("hint.suggested")}</span>{" "}
        {stage && <Chip stage={stage} />} <b>{stage?.name ?? ""}</b>
        {hint.valence !== null && (
          <span title={view.valenceWords(hint.valence)}> {stepOf(view, hint.valence)}</span>
        )}
        {codes && <span> {stage ? `· ${codes}` : codes}</span>}
        {hint.probability !== null && <em> {view.share(hint.probability)}</em>}
      </span>
      <span class="line muted why" dir="auto" title={why}>
        {say(`hint.by.${hint.by}`)} {why}
      </span>
    </span>
  );
}

function Deciding({ view }: { view: View }): JSX.Element {
  const say = view.say.value;
  const [take, drop] = keysOf(view);
  const last = Math.min(view.stages.value.length, 9);
  return (
    <>
      <button type="button" class="tool framed" onClick={() => view.accept()}>
        <Kbd>{take}</Kbd> {say("hint.accept")}
      </button>
      <span class="hint-keys muted" title={say("hint.correct_how")}>
        <Kbd>{last > 1 ? `1–${last}` : "1"}</Kbd> {say("hint.correct")}
      </span>
      <button type="button" class="tool framed" onClick={() => view.remove()}>
        <Kbd>{drop}</Kbd> {say("hint.refuse")}
      </button>
    </>
  );
}

/** How often suggestions are right, and how often they are taken. */
function Worth({ view }: { view: View }): JSX.Element {
  const say = view.say.value;
  const worth = view.session.hints.worth.value;
  const language = view.language.value;
  const right = worth?.accuracy ?? null;
  const decided = worth?.decided ?? 0;
  const n = numberOf(language, worth?.n ?? 0);
  return (
    <span class="worth muted" title={say("hint.worth_how")}>
      <span>
        {right === null
          ? say("hint.unknown")
          : say("hint.right", { share: view.share(right), passages: n })}
      </span>
      <span>{decided > 0 ? say("hint.took", { n: worth?.taken ?? 0, decided }) : ""}</span>
    </span>
  );
}
