// The whole review of one view.

import { useComputed, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { digitOf, letterOf } from "../../../shared/keys";
import type { Shown } from "../../table/kit/module";
import { focusDesk, Hints, inField, KeySheet, Shell } from "../../table/kit/shell";
import type { ReviewSession } from "../session";
import { Desk } from "./desk";
import { Header } from "./header";
import { Queue } from "./queue";
import { Thread } from "./thread";
import { viewOf, type ReviewView } from "./view";

export function ReviewApp(props: Shown<ReviewSession>): JSX.Element {
  const { session } = props;
  const language = props.language.value;
  const view = viewOf(session, language);
  const { say } = view;
  const told = useComputed(() => {
    const word = session.word.value;
    if (!word) return "";
    const values = Object.fromEntries(
      Object.entries(word.values ?? {}).map(([name, value]) => [
        name,
        typeof value === "string" && value.startsWith("labels.") ? say(value) : value,
      ]),
    );
    return say(word.key, values) + (word.n % 2 ? "\u00a0" : "");
  });
  useSignalEffect(() => {
    const word = session.word.value;
    if (word?.loud) session.notice.value = { words: told.peek(), n: word.n };
  });
  const keys = session.sheet.value;
  return (
    <Shell
      class="cjm-review"
      name={say("name")}
      language={language}
      look={props.look}
      told={told}
      notice={session.notice}
      inert={keys}
      over={keys && <Keys view={view} />}
      press={(event, root) => press(session, event, root)}
      attend={() => undefined}
    >
      {session.opening.value ? <Body view={view} /> : <Waiting view={view} />}
    </Shell>
  );
}

function Body({ view }: { view: ReviewView }): JSX.Element {
  const { session, say } = view;
  const { total = 0 } = session.opening.value ?? {};
  const started = useRef(false);
  useEffect(() => {
    started.current = true;
  }, []);
  return (
    <>
      <Header view={view} />
      {total === 0 && !session.desk.value ? (
        <div class="nothing">
          <b>{say("empty")}</b>
          <p class="muted">{say("empty_how")}</p>
        </div>
      ) : (
        <div class="rv-main">
          <Queue view={view} />
          <Desk view={view} />
          <Thread view={view} />
        </div>
      )}
      <Hints
        hints={[
          [["↑", "↓"], say("hint.next")],
          [["1", "2"], say("hint.take")],
          [["E"], say("hint.own")],
          [["U"], say("hint.undecided")],
          [["M"], say("hint.memo")],
          [[say("keys.ctrl"), "Z"], say("hint.undo")],
        ]}
        all={say("hint.all")}
        onAll={() => (session.sheet.value = true)}
      />
    </>
  );
}

function Waiting({ view }: { view: ReviewView }): JSX.Element {
  const { session, say } = view;
  const why = session.failure.value;
  const closed = session.transport.link.value === "closed";
  return (
    <div class="waiting">
      <p>{say(why ? `why.${why}` : closed ? "closed" : "loading")}</p>
      {why && (
        <button type="button" class="kit-button" onClick={() => void session.open()}>
          {say("retry")}
        </button>
      )}
    </div>
  );
}

function Keys({ view }: { view: ReviewView }): JSX.Element {
  const { session, say } = view;
  const ctrl = say("keys.ctrl");
  return (
    <KeySheet
      title={say("keys.title")}
      close={say("keys.close")}
      onClose={() => (session.sheet.value = false)}
      rows={[
        [["↑", "↓"], say("keys.next")],
        [["J", "K"], say("keys.text")],
        [["1", "2", "…"], say("keys.take")],
        [["E"], say("keys.own")],
        [[say("keys.shift"), "1", "…"], say("keys.fill")],
        [[ctrl, say("keys.enter")], say("keys.save")],
        [["U"], say("keys.undecided")],
        [["M"], say("keys.memo")],
        [[ctrl, "Z"], say("keys.undo")],
        [[ctrl, say("keys.shift"), "Z"], say("keys.redo")],
        [[say("keys.esc")], say("keys.leave")],
        [["?"], say("keys.help")],
      ]}
    />
  );
}

/** What a key does; false where it is not the review's. */
function press(session: ReviewSession, event: KeyboardEvent, root: HTMLElement): boolean {
  const letter = letterOf(event);
  if (session.sheet.value) {
    if (event.key !== "Escape" && event.key !== "?") return false;
    session.sheet.value = false;
    return true;
  }
  const field = inField(event.target);
  if (event.ctrlKey || event.metaKey) {
    if (event.key === "Enter" && session.own.value && !(event.target as Element).closest(".rv-write")) {
      session.saveOwn();
      focusDesk(root);
      return true;
    }
    if (field) return false;
    if (letter === "z") session.turnBack(event.shiftKey ? "redo" : "undo");
    else if (letter === "y") session.turnBack("redo");
    else return false;
    return true;
  }
  if (event.altKey) return false;
  if (event.key === "Escape") {
    if (field) focusDesk(root);
    else if (session.own.value) session.own.value = null;
    else return false;
    return true;
  }
  if (field || (event.target as Element).closest("[role=toolbar]")) return false;
  const digit = digitOf(event);
  if (digit) {
    const side = session.place.value?.sides[digit - 1];
    if (!side) return false;
    if (event.shiftKey) session.fill(side);
    else session.take(side);
    return true;
  }
  return command(session, event.key, letter, root);
}

function command(
  session: ReviewSession,
  key: string,
  letter: string | null,
  root: HTMLElement,
): boolean {
  if (key === "ArrowDown") void session.move(1);
  else if (key === "ArrowUp") void session.move(-1);
  else if (letter === "j") void session.turn(1);
  else if (letter === "k") void session.turn(-1);
  else if (letter === "u") session.undecided();
  else if (letter === "e") {
    session.edit();
    requestAnimationFrame(() => root.querySelector<HTMLElement>("[data-field=stage]")?.focus());
  } else if (letter === "m") root.querySelector<HTMLElement>(".rv-write textarea")?.focus();
  else if (key === "?") session.sheet.value = true;
  else return false;
  return true;
}
