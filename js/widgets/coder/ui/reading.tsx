// The middle: one text, its passages and their labels, and the tools for moving on.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { OpenText } from "../library";
import type { View } from "../view";
import { Strip } from "./guess";
import { Joining } from "./links";
import { factOf, Tool } from "./parts";
import { Passages } from "./passages";
import { watchMouse } from "../mouse";
import { filterName } from "../terms";
import { nextToDo, step } from "../walk";

export function Reading({ view }: { view: View }): JSX.Element {
  const { session } = view;
  const say = view.say.value;
  const text = session.text.value;
  return (
    <div class="reading" aria-busy={session.loading.value}>
      {text ? (
        <>
          <Head view={view} text={text} />
          <Pane view={view} text={text} />
          <Joining view={view} />
          <Strip view={view} />
        </>
      ) : (
        <div class="nothing">
          {session.library.page.value ? (
            <>
              <b>{say("no_text")}</b>
              <p class="muted">{say("no_text_how")}</p>
            </>
          ) : (
            <p class="muted">{say("reading")}</p>
          )}
        </div>
      )}
    </div>
  );
}

/** Texts of less units are laid out at once. */
const SHORT = 4_000;

function Head({ view, text }: { view: View; text: OpenText }): JSX.Element {
  const { session } = view;
  const say = view.say.value;
  const { history } = session.deeds;
  const shift = say("keys.shift");
  const ctrl = say("keys.ctrl");
  return (
    <div class="heading">
      <div class="title">
        <h3>{text.sheet.title}</h3>
        <p class="meta">
          {text.sheet.attributes.map(([name, value]) => (
            <span key={name} title={filterName(view, name)}>
              {factOf(name, value, filterName(view, name))}
            </span>
          ))}
        </p>
      </div>
      <div class="tools" role="toolbar" aria-label={say("keys.moving")}>
        <Tool
          icon="undo"
          label={say("undo")}
          keys={`${ctrl} Z`}
          disabled={!history.canUndo.value}
          onClick={() => view.turn("undo")}
        />
        <Tool
          icon="redo"
          label={say("redo")}
          keys={`${ctrl} ${shift} Z`}
          disabled={!history.canRedo.value}
          onClick={() => view.turn("redo")}
        />
        <span class="rule" />
        <Tool icon="whole" label={say("whole")} keys="A" onClick={() => view.whole()} />
        <Tool
          icon="memo"
          label={say("memos.title")}
          keys={`${shift} M`}
          badge={session.threads.memos("text", String(text.sheet.id))?.length ?? 0}
          onClick={() => (view.panel.value = "memos")}
        />
        <Tool
          icon="hint"
          label={say("hint.title")}
          pressed={session.hints.on.value}
          onClick={() => {
            session.hints.toggle();
            view.tell(say(session.hints.on.value ? "hint.on" : "hint.off"));
          }}
        />
        <span class="rule" />
        <Tool icon="previous" label={say("previous")} keys="K" onClick={() => void step(session, -1)} />
        <Tool icon="next" label={say("next")} keys="J" onClick={() => void step(session, 1)} />
        <Tool
          icon="check"
          label={say("next_todo")}
          keys="N"
          text
          class="framed"
          onClick={() => void nextToDo(session)}
        />
      </div>
    </div>
  );
}

function Pane({ view, text }: { view: View; text: OpenText }): JSX.Element {
  const say = view.say.value;
  const { session } = view;
  const pane = useRef<HTMLDivElement>(null);
  const page = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (page.current) return watchMouse(view, text, page.current);
  }, [view, text]);
  const older = session.rows.value.filter((row) => row.version !== text.sheet.version).length;
  return (
    <div class="scroll" ref={pane}>
      <div
        class={`page ${text.sheet.text.length < SHORT ? "short" : ""}`}
        ref={page}
        tabIndex={0}
        data-desk
        role="application"
        aria-roledescription={say("coding_surface")}
        aria-label={say("text", { title: text.sheet.title })}
        onCopy={(event) => {
          const range = view.range.value;
          if (!range || !event.clipboardData) return;
          event.preventDefault();
          event.clipboardData.setData("text/plain", text.offsets.slice(range.start, range.stop));
        }}
      >
        {text.sheet.text ? (
          <Passages view={view} text={text} area={{ pane, page }} />
        ) : (
          <p class="words muted">{say("empty_text")}</p>
        )}
      </div>
      {older > 0 && <p class="older muted">{say("older", { n: older })}</p>}
    </div>
  );
}
