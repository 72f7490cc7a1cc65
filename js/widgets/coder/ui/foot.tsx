// The keys at the foot; the sheet of all keys is in keysheet.tsx.

import type { ComponentChildren, JSX } from "preact";
import { chordsOf, written, type Command } from "../keymap";
import type { View } from "../view";
import { Kbd } from "./parts";

function Hint({ keys, children }: { keys: string[]; children: ComponentChildren }): JSX.Element {
  return (
    <span class="hint">
      {keys.map((key) => (
        <Kbd key={key}>{key}</Kbd>
      ))}{" "}
      {children}
    </span>
  );
}

export function Foot({ view }: { view: View }): JSX.Element {
  const say = view.say.value;
  const own = view.session.own.value;
  const keys = (...commands: Command[]) =>
    commands.map((command) => written(chordsOf(command, own)[0] ?? "", say));
  const shift = say("keys.shift");
  const ctrl = say("keys.ctrl");
  const last = Math.min(view.stages.value.length, 9);
  const [help] = keys("help");
  const usual = !own["extend_next"] && !own["extend_previous"];
  const extend = usual ? [`${shift} ↑↓`] : keys("extend_previous", "extend_next");
  return (
    <div class="foot">
      <div class="hints" aria-hidden="true">
        <Hint keys={keys("sentence_previous", "sentence_next")}>{say("keys.sentence")}</Hint>
        <Hint keys={extend}>{say("keys.extend")}</Hint>
        <Hint keys={keys("whole")}>{say("keys.whole")}</Hint>
        <Hint keys={[last > 1 ? `1–${last}` : "1"]}>{say("keys.stage")}</Hint>
        <Hint keys={keys("valence_down", "valence_up")}>{say("keys.valence")}</Hint>
        <Hint keys={keys("todo")}>{say("keys.todo")}</Hint>
        <Hint keys={[`${ctrl} Z`]}>{say("keys.undo")}</Hint>
        <Hint keys={[`${ctrl} ${shift} Z`]}>{say("keys.redo")}</Hint>
      </div>
      <button
        type="button"
        class="plain all"
        aria-keyshortcuts={help}
        onClick={() => (view.panel.value = "keys")}
      >
        <Kbd>{help}</Kbd> {say("keys.all")}
      </button>
    </div>
  );
}
