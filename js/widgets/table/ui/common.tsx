// What both tables draw with: words, names, cells, the bar above, rows that scroll without end.

import { useComputed, useSignalEffect, type ReadonlySignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { coder as enCoder, grid as en, history as enHistory, review as enReview } from "../../../../src/cjm_widgets/words/en.json";
import { coder as frCoder, grid as fr, history as frHistory, review as frReview } from "../../../../src/cjm_widgets/words/fr.json";
import { letterOf } from "../../../shared/keys";
import type { Say, Texts } from "../../../shared/words";
import { Icon } from "../../coder/ui/icons";
import { Chip, Tool } from "../../coder/ui/parts";
import type { TableSession } from "../base";
import { codeOf, namesIn, stepOf, type Names } from "../kit/looks";
import { Saved } from "../kit/shell";
import type { RowWindow } from "../window";

const TEXTS: Record<string, Texts> = {
  en: { ...enReview, ...en, valences: enCoder.valences, labels: enHistory.labels, attribute: enCoder.attribute },
  fr: { ...frReview, ...fr, valences: frCoder.valences, labels: frHistory.labels, attribute: frCoder.attribute },
};

export function namesOf(session: TableSession, language: string): Names {
  return namesIn(session.opening.value, language, TEXTS);
}

/** What a screen reader is told; what is loud is shown too. */
export function useTold(session: TableSession, say: Say): ReadonlySignal<string> {
  const told = useComputed(() => {
    const word = session.word.value;
    if (!word) return "";
    const what = word.values?.["what"];
    const values = typeof what === "string" ? { ...word.values, what: say(what) } : word.values;
    return say(word.key, values) + (word.n % 2 ? "\u00a0" : "");
  });
  useSignalEffect(() => {
    const word = session.word.value;
    if (word?.loud) session.notice.value = { words: told.peek(), n: word.n };
  });
  return told;
}

export function StageCell({ names, stage }: { names: Names; stage: string | null }): JSX.Element {
  const look = stage === null ? undefined : names.stageOf.get(stage);
  if (stage === null) return <span class="muted">–</span>;
  return (
    <span class="tb-stage">
      {look && <Chip stage={look} />} <span>{look?.name ?? stage}</span>
    </span>
  );
}

export function ValenceCell({ names, value }: { names: Names; value: number | null }): JSX.Element {
  if (value === null) return <span class="muted">–</span>;
  const kind = value < 0 ? "bad" : value > 0 ? "good" : "";
  return <span class={`valence ${kind}`}>{stepOf(names.language, value)}</span>;
}

/** A list to choose from; what it is for stands in it until something is chosen. */
export function Pick(props: {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  /** By what the keys find it. */
  field?: string;
  onPick: (value: string, from: HTMLElement) => void;
}): JSX.Element {
  return (
    <span class="select">
      <select
        aria-label={props.label}
        data-field={props.field}
        value={props.value}
        onChange={(event) => {
          const { value } = event.currentTarget;
          event.currentTarget.value = props.value;
          props.onPick(value, event.currentTarget);
        }}
      >
        <option value="">{props.label}</option>
        {props.options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
      <Icon name="open" />
    </span>
  );
}

/** A field in which a code is found by its name; Enter gives it. */
export function CodeFinder(props: {
  names: Names;
  label: string;
  list: string;
  field: string;
  onCode: (key: string) => void;
  onLeave: (from: HTMLElement) => void;
}): JSX.Element {
  const { names } = props;
  const take = (input: HTMLInputElement) => {
    const found = codeOf(names.codes, input.value);
    input.value = "";
    if (found) props.onCode(found.key);
    props.onLeave(input);
  };
  return (
    <>
      <input
        class="kit-input"
        data-field={props.field}
        list={props.list}
        aria-label={props.label}
        placeholder={props.label}
        onInput={(event) => {
          // What is taken from the browser's list comes as a whole, not as typed letters.
          const how = (event as unknown as InputEvent).inputType;
          const whole = how === undefined || how === "insertReplacementText";
          const { value } = event.currentTarget;
          if (whole && names.codes.some(({ name }) => name === value)) take(event.currentTarget);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          event.stopPropagation();
          take(event.currentTarget);
        }}
      />
      <datalist id={props.list}>
        {names.codes.map((code) => (
          <option key={code.key} value={code.name} />
        ))}
      </datalist>
    </>
  );
}

export function Bar(props: {
  session: TableSession;
  names: Names;
  children?: ComponentChildren;
}): JSX.Element {
  const { session, names } = props;
  const { say } = names;
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const opening = session.opening.value;
  const top = session.top.value;
  return (
    <div class="top">
      <div class="study">
        <b title={opening?.name}>{opening?.name}</b>
        <span class="muted">{opening?.coder}</span>
      </div>
      <label class="search">
        <Icon name="search" />
        <input
          type="search"
          data-find
          value={session.search.value}
          aria-label={say("search")}
          placeholder={say("search")}
          onInput={(event) => {
            const { value } = event.currentTarget;
            clearTimeout(timer.current);
            timer.current = setTimeout(() => session.find(value.trim()), 250);
          }}
        />
      </label>
      {props.children}
      <Tool icon="undo" label={say("undo")} disabled={!top.undo} onClick={() => session.turn("undo")} />
      <Tool icon="redo" label={say("redo")} disabled={!top.redo} onClick={() => session.turn("redo")} />
      <Saved outbox={session.outbox} say={say} />
    </div>
  );
}

export function Waiting({ session, say }: { session: TableSession; say: Say }): JSX.Element {
  const why = session.failure.value;
  return (
    <div class="waiting">
      <p>{say(why ? `why.${why}` : "loading")}</p>
      {why && (
        <button type="button" class="kit-button" onClick={() => void session.open()}>
          {say("retry")}
        </button>
      )}
    </div>
  );
}

const NEAR = 600;

/** A table in a box that scrolls; asks for more rows when an end is near, and keeps its place. */
export function Rows<R>(props: {
  window: RowWindow<R>;
  session: TableSession;
  label: string;
  count: number;
  head: ComponentChildren;
  children: ComponentChildren;
}): JSX.Element {
  const { window: rows, session } = props;
  const box = useRef<HTMLDivElement>(null);
  const seen = useRef<{ key: string; top: number } | null>(null);
  const shown = rows.rows.value;
  useLayoutEffect(() => {
    const at = box.current;
    const kept = seen.current;
    const row = kept && at?.querySelector<HTMLElement>(`tr[data-key="${CSS.escape(kept.key)}"]`);
    // Rows that come or go above must not move what is being read.
    if (at && kept && row) at.scrollTop += row.offsetTop - at.scrollTop - kept.top;
  }, [shown]);
  useLayoutEffect(() => {
    const at = box.current;
    const now = at?.querySelector<HTMLElement>("tr[aria-current]");
    if (!at || !now) return;
    // Only this box scrolls; scrollIntoView would move the notebook as well.
    const head = at.querySelector("thead")?.offsetHeight ?? 0;
    const [top, bottom] = [now.offsetTop, now.offsetTop + now.offsetHeight];
    if (top - head < at.scrollTop) at.scrollTop = top - head;
    else if (bottom > at.scrollTop + at.clientHeight) at.scrollTop = bottom - at.clientHeight;
  }, [session.active.value]);
  const look = () => {
    const at = box.current;
    if (!at) return;
    const first = [...at.querySelectorAll<HTMLElement>("tr[data-key]")].find(
      (row) => row.offsetTop + row.offsetHeight > at.scrollTop,
    );
    if (first) seen.current = { key: first.dataset["key"] ?? "", top: first.offsetTop - at.scrollTop };
    if (at.scrollTop < NEAR) void rows.more(true);
    if (at.scrollHeight - at.scrollTop - at.clientHeight < NEAR) void rows.more(false);
  };
  return (
    <div
      ref={box}
      class="tb-box"
      data-desk
      tabIndex={0}
      role="group"
      aria-label={props.label}
      onScroll={look}
    >
      <table class="tb-table" aria-rowcount={props.count}>
        <thead>{props.head}</thead>
        <tbody>{props.children}</tbody>
      </table>
    </div>
  );
}

/** Undo and redo by their chords; false where the keys are none of these. */
export function chord(session: TableSession, event: KeyboardEvent): boolean {
  const letter = letterOf(event);
  if (letter === "z") session.turn(event.shiftKey ? "redo" : "undo");
  else if (letter === "y") session.turn("redo");
  else return false;
  return true;
}

/** Go up or down by rows; more are fetched at the end. */
export async function step<R>(
  session: TableSession,
  rows: RowWindow<R>,
  keyOf: (row: R) => string,
  by: number,
): Promise<string | null> {
  const at = () => rows.rows.value.findIndex((row) => keyOf(row) === session.active.value);
  if (!rows.rows.value[at() + by] && !(await rows.more(by < 0))) return null;
  const to = rows.rows.value[Math.max(at() + by, 0)];
  if (!to) return null;
  session.active.value = keyOf(to);
  return session.active.value;
}
