// The sheet of all keys, where a coder may choose others.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { chordsOf, fixedKey, GROUPS, holder, KEYS, record, written } from "../keymap";
import type { Command, Line } from "../keymap";
import type { View } from "../view";
import { Dialog } from "./dialog";
import { Kbd } from "./parts";

export function KeySheet({ view }: { view: View }): JSX.Element {
  const say = view.say.value;
  const [changing, setChanging] = useState(false);
  const changed = Object.keys(view.session.own.value).length > 0;
  return (
    <Dialog
      view={view}
      title={say("keys.title")}
      tools={
        <>
          {changing && changed && (
            <button type="button" class="plain" onClick={() => reset(view)}>
              {say("keys.reset")}
            </button>
          )}
          <button
            type="button"
            class={`tool framed ${changing ? "on" : ""}`}
            aria-pressed={changing}
            onClick={() => setChanging(!changing)}
          >
            {say("keys.change")}
          </button>
        </>
      }
    >
      {changing && <p class="muted how">{say("keys.change_how")}</p>}
      <div class="groups">
        {GROUPS.map(([group, lines]) => (
          <section key={group}>
            <h4>{say(`keys.${group}`)}</h4>
            <dl>
              {lines.map((line) => (
                <KeyLine key={line.what} view={view} line={line} changing={changing} />
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="muted">{say("keys.mouse")}</p>
    </Dialog>
  );
}

function KeyLine(props: { view: View; line: Line; changing: boolean }): JSX.Element {
  const { view, line, changing } = props;
  const say = view.say.value;
  const own = view.session.own.value;
  const fixed = line.fixed?.map((key) => fixedKey(key, say));
  return (
    <div>
      <dt>
        {fixed?.map((key) => (key === "…" ? "…" : <Kbd key={key}>{key}</Kbd>))}
        {line.commands?.map((command, at, { length }) =>
          changing ? (
            <Recorder
              key={command}
              view={view}
              command={command}
              // Two keys of a line are told apart by their number.
              what={say(`keys.${line.what}`) + (length > 1 ? ` (${at + 1}/${length})` : "")}
            />
          ) : (
            chordsOf(command, own).map((chord) => <Kbd key={chord}>{written(chord, say)}</Kbd>)
          ),
        )}
      </dt>
      <dd>{say(`keys.${line.what}`)}</dd>
    </div>
  );
}

/** A button that takes the next key for a command. */
function Recorder(props: { view: View; command: Command; what: string }): JSX.Element {
  const { view, command, what } = props;
  const say = view.say.value;
  const own = view.session.own.value;
  const [listening, setListening] = useState(false);
  const [why, setWhy] = useState("");
  const shown = chordsOf(command, own).map((chord) => written(chord, say)).join(" · ");
  const listen = (event: JSX.TargetedKeyboardEvent<HTMLElement>) => {
    if (event.key === "Tab") return setListening(false);
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return setListening(false);
    const said = take(view, command, event);
    if (said === null) return;
    setWhy(said);
    const [now] = chordsOf(command, view.session.own.value);
    view.tell(said || say("keys.now", { what, key: written(now ?? "", say) }));
    setListening(said !== "");
  };
  return (
    <span class="recorder">
      <button
        type="button"
        class={`key ${listening ? "listening" : ""} ${own[command] ? "own" : ""}`}
        aria-label={
          listening ? `${say("keys.press")} ${what}` : say("keys.record", { what, key: shown })
        }
        aria-pressed={listening}
        onClick={() => {
          setListening(!listening);
          setWhy("");
          if (!listening) view.tell(say("keys.press"));
        }}
        onKeyDown={(event) => listening && listen(event)}
        onBlur={() => setListening(false)}
      >
        {listening ? say("keys.press") : shown}
      </button>
      {own[command] && !listening && (
        <button
          type="button"
          class="plain"
          aria-label={say("keys.back", { what })}
          title={say("keys.back", { what })}
          onClick={({ currentTarget }) => {
            // This button goes with what it does.
            currentTarget.parentElement?.querySelector<HTMLElement>(".key")?.focus();
            giveBack(view, command);
          }}
        >
          ↺
        </button>
      )}
      {why && <span class="why danger">{why}</span>}
    </span>
  );
}

/** Give a command the key that was pressed: "" if it has it, null if that was no key yet. */
function take(view: View, command: Command, event: KeyboardEvent): string | null {
  const say = view.say.value;
  const own = view.session.own.value;
  const verdict = record(event);
  if (!verdict) return null;
  if ("why" in verdict) return say(`keys.not.${verdict.why}`);
  const { chord } = verdict;
  const other = holder(chord, command, own);
  if (other) return say("keys.not.taken", { key: written(chord, say), what: whatOf(view, other) });
  const { [command]: _, ...rest } = own;
  const same = KEYS[command].length === 1 && KEYS[command][0] === chord;
  view.session.rekey(same ? rest : { ...rest, [command]: chord });
  return "";
}

function whatOf(view: View, command: Command): string {
  const lines = GROUPS.flatMap(([, group]) => group);
  const line = lines.find(({ commands }) => commands?.includes(command));
  return view.say.value(`keys.${line?.what ?? command}`);
}

/** The widget's own key again, unless another command has it now. */
function giveBack(view: View, command: Command): void {
  const { [command]: _, ...rest } = view.session.own.value;
  const say = view.say.value;
  for (const chord of KEYS[command]) {
    const other = holder(chord, command, rest);
    if (other) {
      return view.session.say("keys.not.taken", { key: written(chord, say), what: whatOf(view, other) });
    }
  }
  view.session.rekey(rest);
}

function reset(view: View): void {
  view.session.rekey({});
  view.tell(view.say.value("keys.reset_done"));
}
