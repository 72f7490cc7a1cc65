// The keys at the foot, and the sheet of all keys.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { View } from "../view";
import { Cross, focusDesk, Kbd } from "./parts";

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
  const shift = say("keys.shift");
  const ctrl = say("keys.ctrl");
  const last = Math.min(view.stages.value.length, 9);
  return (
    <div class="foot">
      <div class="hints" aria-hidden="true">
        <Hint keys={["↑", "↓"]}>{say("keys.sentence")}</Hint>
        <Hint keys={[`${shift} ↑↓`]}>{say("keys.extend")}</Hint>
        <Hint keys={["A"]}>{say("keys.whole")}</Hint>
        <Hint keys={[last > 1 ? `1–${last}` : "1"]}>{say("keys.stage")}</Hint>
        <Hint keys={["←", "→"]}>{say("keys.valence")}</Hint>
        <Hint keys={["N"]}>{say("keys.todo")}</Hint>
        <Hint keys={[`${ctrl} Z`]}>{say("keys.undo")}</Hint>
        <Hint keys={[`${ctrl} ${shift} Z`]}>{say("keys.redo")}</Hint>
      </div>
      <button
        type="button"
        class="plain all"
        aria-keyshortcuts="?"
        onClick={() => (view.panel.value = "keys")}
      >
        <Kbd>?</Kbd> {say("keys.all")}
      </button>
    </div>
  );
}

export function KeySheet({ view }: { view: View }): JSX.Element {
  const say = view.say.value;
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = ref.current;
    box?.focus();
    return () => focusDesk(box);
  }, []);
  const shift = say("keys.shift");
  const ctrl = say("keys.ctrl");
  const groups: [string, [string[], string][]][] = [
    [
      "moving",
      [
        [["↑", "↓"], "sentence_long"],
        [[`${shift} ↑`, `${shift} ↓`], "extend_long"],
        [["A"], "whole_long"],
        [[say("keys.enter")], "cycle"],
        [["J", "K"], "texts"],
        [["N"], "todo_long"],
      ],
    ],
    [
      "coding",
      [
        [["1", "…", "9"], "stage_long"],
        [[`${shift} 1`, "…"], "another_long"],
        [["0"], "stage_none"],
        [["S"], "stage_find"],
        [["←", "→"], "valence_long"],
        [["/"], "codes"],
        [["M"], "memo"],
        [[`${ctrl} ${say("keys.enter")}`], "memo_save"],
        [[say("keys.delete")], "remove"],
      ],
    ],
    [
      "around",
      [
        [[`${ctrl} Z`], "undo_long"],
        [[`${ctrl} ${shift} Z`, `${ctrl} Y`], "redo_long"],
        [["F"], "search"],
        [[say("keys.esc")], "escape"],
        [["?"], "help"],
      ],
    ],
  ];
  return (
    <div class="veil" onClick={(event) => event.target === event.currentTarget && (view.panel.value = null)}>
      <div
        ref={ref}
        class="sheet"
        role="dialog"
        aria-modal="true"
        aria-label={say("keys.title")}
        tabIndex={-1}
        onKeyDown={(event) => {
          // One thing to focus besides the sheet itself: Tab stays on it.
          if (event.key === "Tab") {
            event.preventDefault();
            ref.current?.querySelector<HTMLElement>("button")?.focus();
          }
        }}
      >
        <div class="head">
          <b>{say("keys.title")}</b>
          <Cross view={view} onClick={() => (view.panel.value = null)} />
        </div>
        <div class="groups">
          {groups.map(([group, lines]) => (
            <section key={group}>
              <h4>{say(`keys.${group}`)}</h4>
              <dl>
                {lines.map(([keys, what]) => (
                  <div key={what}>
                    <dt>
                      {keys.map((key) => (key === "…" ? "…" : <Kbd key={key}>{key}</Kbd>))}
                    </dt>
                    <dd>{say(`keys.${what}`)}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        <p class="muted">{say("keys.mouse")}</p>
      </div>
    </div>
  );
}
