// Which key does what: the widget's own choice, and the coder's, who may change any of them.
// docs/coding.md has the same table; a test compares the two.

import { digitOf, letterOf } from "../../shared/keys";
import type { Say } from "../../shared/words";

export type Command = keyof typeof KEYS;
/** A chord: modifiers, then a letter, the name of a key, or a sign. */
export type Chord = string;

/** What each command's keys are unless the coder has chosen others. */
export const KEYS = {
  sentence_next: ["ArrowDown"],
  sentence_previous: ["ArrowUp"],
  extend_next: ["Shift+ArrowDown"],
  extend_previous: ["Shift+ArrowUp"],
  whole: ["a"],
  cycle: ["Enter"],
  text_next: ["j"],
  text_previous: ["k"],
  todo: ["n"],
  end_left: ["Shift+ArrowLeft"],
  end_right: ["Shift+ArrowRight"],
  start_left: ["Ctrl+Shift+ArrowLeft"],
  start_right: ["Ctrl+Shift+ArrowRight"],
  stage_find: ["s"],
  valence_down: ["ArrowLeft"],
  valence_up: ["ArrowRight"],
  codes: ["/"],
  in_vivo: ["v"],
  accept: ["x"],
  memo: ["m"],
  memos: ["Shift+m"],
  link: ["l"],
  remove: ["Delete", "Backspace"],
  book: ["c"],
  search: ["f"],
  help: ["?"],
} as const satisfies Record<string, readonly Chord[]>;

/** A line of the sheet: commands that belong together, or keys that stay what they are. */
export interface Line {
  what: string;
  commands?: readonly Command[];
  fixed?: readonly string[];
}

export const GROUPS: readonly (readonly [string, readonly Line[]])[] = [
  [
    "moving",
    [
      { what: "sentence_long", commands: ["sentence_previous", "sentence_next"] },
      { what: "extend_long", commands: ["extend_previous", "extend_next"] },
      { what: "whole_long", commands: ["whole"] },
      { what: "end", commands: ["end_left", "end_right"] },
      { what: "start", commands: ["start_left", "start_right"] },
      { what: "fine", fixed: ["Alt"] },
      { what: "cycle", commands: ["cycle"] },
      { what: "texts", commands: ["text_next", "text_previous"] },
      { what: "todo_long", commands: ["todo"] },
    ],
  ],
  [
    "coding",
    [
      { what: "stage_long", fixed: ["1", "…", "9"] },
      { what: "another_long", fixed: ["{shift} 1", "…"] },
      { what: "stage_none", fixed: ["0"] },
      { what: "stage_find", commands: ["stage_find"] },
      { what: "valence_long", commands: ["valence_down", "valence_up"] },
      { what: "codes", commands: ["codes"] },
      { what: "in_vivo", commands: ["in_vivo"] },
      { what: "accept", commands: ["accept"] },
      { what: "memo", commands: ["memo"] },
      { what: "memos", commands: ["memos"] },
      { what: "memo_save", fixed: ["{ctrl} {enter}"] },
      { what: "link", commands: ["link"] },
      { what: "remove", commands: ["remove"] },
    ],
  ],
  [
    "around",
    [
      { what: "undo_long", fixed: ["{ctrl} Z"] },
      { what: "redo_long", fixed: ["{ctrl} {shift} Z", "{ctrl} Y"] },
      { what: "book", commands: ["book"] },
      { what: "search", commands: ["search"] },
      { what: "escape", fixed: ["{esc}"] },
      { what: "help", commands: ["help"] },
    ],
  ],
];

export type Own = Readonly<Record<string, Chord>>;

/** The chords of a command, the coder's own before the widget's. */
export function chordsOf(command: Command, own: Own): readonly Chord[] {
  const chosen = own[command];
  return chosen ? [chosen] : KEYS[command];
}

/** What a key press may mean, the likeliest first: a sign, a letter, a named key. */
export function readings(event: KeyboardEvent): Chord[] {
  const found: Chord[] = [];
  const modifiers = `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}`;
  const letter = letterOf(event);
  const sign = [...event.key].length === 1 && !letter && !/[\s\d]/u.test(event.key);
  // Shift may be what makes the sign: on some keyboards "/" is Shift and 7.
  if (sign) found.push(modifiers + event.key);
  const shift = event.shiftKey ? "Shift+" : "";
  if (letter) found.push(modifiers + shift + letter);
  else if (!sign) found.push(modifiers + shift + (event.key === " " ? "Space" : event.key));
  return found;
}

/** The command of a key press. */
export function commandOf(event: KeyboardEvent, own: Own): Command | null {
  const wanted = readings(event);
  const all = Object.keys(KEYS) as Command[];
  // A key that a coder chose stays theirs when it becomes the usual key of something new.
  const chosen = all.find((command) => own[command] && wanted.includes(own[command]));
  if (chosen) return chosen;
  for (const command of all) {
    if (chordsOf(command, own).some((chord) => wanted.includes(chord))) return command;
  }
  return null;
}

export type Verdict = { chord: Chord } | { why: "modifier" | "digit" | "taken_elsewhere" };

const PLAIN = /^(?:Arrow(?:Up|Down|Left|Right)|Home|End|PageUp|PageDown|Delete|Backspace|Insert|Enter|Space|F[2-9])$/;

/** Whether a key may be had for a command; keys of the browser and the notebook may not. */
export function record(event: KeyboardEvent): Verdict | null {
  if (["Shift", "Control", "Alt", "AltGraph", "Meta", "Dead", "CapsLock"].includes(event.key)) return null;
  if (event.ctrlKey || event.metaKey || event.altKey) return { why: "modifier" };
  const [chord] = readings(event);
  if (!chord) return null;
  if (digitOf(event) !== null && chord !== "/" && chord !== "?") return { why: "digit" };
  const bare = chord.replace(/^Shift\+/, "");
  if ([...bare].length > 1 && !PLAIN.test(bare)) return { why: "taken_elsewhere" };
  return { chord };
}

/** The command that has a chord, other than the one it is wanted for. */
export function holder(chord: Chord, wantedFor: Command, own: Own): Command | null {
  const all = Object.keys(KEYS) as Command[];
  return (
    all.find((other) => other !== wantedFor && chordsOf(other, own).includes(chord)) ?? null
  );
}

const SIGNS: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
};
const NAMED: Record<string, string> = {
  Shift: "shift",
  Ctrl: "ctrl",
  Enter: "enter",
  Delete: "delete",
  Backspace: "backspace",
  Escape: "esc",
  Space: "space",
};

/** A chord as it is written for people. */
export function written(chord: Chord, say: Say): string {
  const parts = chord === "+" ? ["+"] : chord.split(/(?<=.)\+/).map((part) => part || "+");
  return parts
    .map((part) => {
      const named = NAMED[part];
      if (named) return say(`keys.${named}`);
      return SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part);
    })
    .join(" ");
}

/** The keys that stay what they are, with their names in the language. */
export function fixedKey(key: string, say: Say): string {
  return key.replace(/\{(\w+)\}/g, (_, name: string) => say(`keys.${name}`));
}
