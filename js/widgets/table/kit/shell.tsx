// The frame that the widgets here share: colours, keys kept from the notebook, what a screen
// reader is told, the saved state, a sheet of keys.

import type { ReadonlySignal, Signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { guardKeys } from "../../../shared/keys";
import type { Outbox } from "../../../shared/outbox";
import { variables, type Look } from "../../../shared/theme";
import type { Say } from "../../../shared/words";
import { Tool } from "../../coder/ui/parts";

export interface Notice {
  words: string;
  n: number;
}

export function Shell(props: {
  class: string;
  name: string;
  language: string;
  look: ReadonlySignal<Look>;
  told: ReadonlySignal<string>;
  notice: Signal<Notice | null>;
  inert: boolean;
  over?: ComponentChildren;
  press: (event: KeyboardEvent, root: HTMLElement) => boolean;
  attend: () => void;
  children: ComponentChildren;
}): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const { theme, lab } = props.look.value;
  useLayoutEffect(() => (root.current ? guardKeys(root.current) : undefined), []);
  return (
    <div
      ref={root}
      class={`cjm-coder ${props.class}`}
      data-theme={theme}
      data-lab={lab ? "" : undefined}
      lang={props.language}
      dir="ltr"
      role="region"
      aria-label={props.name}
      style={variables(theme)}
      onKeyDown={(event) => {
        props.attend();
        if (root.current && props.press(event, root.current)) {
          event.preventDefault();
          event.stopPropagation();
        }
      }}
      onFocusIn={props.attend}
    >
      <div class="frame" inert={props.inert}>
        {props.children}
        <Told notice={props.notice} />
      </div>
      {props.over}
      <div class="unseen" role="log" aria-live="polite" aria-atomic="true">
        {props.told.value}
      </div>
    </div>
  );
}

const SHOWN = 7_000;

function Told({ notice }: { notice: Signal<Notice | null> }): JSX.Element | null {
  const now = notice.value;
  useEffect(() => {
    if (!now) return;
    const timer = setTimeout(() => {
      if (notice.peek() === now) notice.value = null;
    }, SHOWN);
    return () => clearTimeout(timer);
  }, [now]);
  return now && <div class="notice">{now.words}</div>;
}

/** Whether all is saved; what was refused can be let go. */
export function Saved({ outbox, say }: { outbox: Outbox; say: Say }): JSX.Element {
  const state = outbox.state.value;
  const refused = outbox.refused.value;
  const n = outbox.pending.value.length + refused.length;
  const loud = state === "unsaved" || state === "closed";
  const stuck = outbox.stuck.value;
  return (
    <div class="saved">
      <span
        class="state"
        data-state={state}
        title={stuck ? say(`why.${stuck}`) : refused[0] ? say(`why.${refused[0].refused?.why}`) : undefined}
      >
        <i aria-hidden="true" />
        <span role={loud ? "status" : undefined}>{say(state, { n })}</span>
      </span>
      {refused.length > 0 && (
        <button
          type="button"
          class="plain"
          onClick={() => refused.forEach((entry) => outbox.dismiss(entry.op.op))}
        >
          {say("dismiss")}
        </button>
      )}
    </div>
  );
}

/** All keys: rows of keys and what they do. */
export function KeySheet(props: {
  title: string;
  close: string;
  rows: readonly (readonly [readonly string[], string])[];
  onClose: () => void;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const desk = box.current?.closest(".cjm-coder");
    box.current?.querySelector("button")?.focus();
    return () => queueMicrotask(() => focusDesk(desk ?? null));
  }, []);
  return (
    <div class="veil" onClick={(event) => event.target === event.currentTarget && props.onClose()}>
      <div
        ref={box}
        class="sheet kit-keys"
        role="dialog"
        aria-modal="true"
        aria-label={props.title}
        onKeyDown={(event) => event.key === "Tab" && event.preventDefault()}
      >
        <div class="head">
          <b>{props.title}</b>
          <Tool icon="close" label={props.close} onClick={props.onClose} class="cross" />
        </div>
        <dl>
          {props.rows.map(([keys, what]) => (
            <div key={what}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  );
}

/** The keys used most, below. */
export function Hints(props: {
  hints: readonly (readonly [readonly string[], string])[];
  all: string;
  onAll: () => void;
}): JSX.Element {
  return (
    <div class="foot">
      <div class="hints">
        {props.hints.map(([keys, what]) => (
          <span key={what} class="hint">
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}{" "}
            {what}
          </span>
        ))}
      </div>
      <button type="button" class="plain all" onClick={props.onAll}>
        <kbd>?</kbd> {props.all}
      </button>
    </div>
  );
}

/** Back to where the keys are. */
export function focusDesk(from: Element | null): void {
  const root = from?.closest(".cjm-coder");
  root?.querySelector<HTMLElement>("[data-desk]")?.focus({ preventScroll: true });
}

/** Whether keys pressed here belong to a field. */
export function inField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button"].includes(target.type);
  return target.matches("textarea, select") || target.isContentEditable;
}
