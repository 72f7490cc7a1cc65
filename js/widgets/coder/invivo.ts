// In-vivo codes: the customer's own words become a code.

import { keyFor } from "./book";
import { settle } from "./resize";
import type { View } from "./view";

/** A code's name has at most so many characters. */
const LONGEST = 48;

/** The selected words as the name of a code: one line, without marks at its ends, not too long. */
export function nameOf(words: string): string {
  const line = words.replace(/\s+/gu, " ").replace(/^[\s\p{P}]+|[\s.,;:…!?"'«»“”‘()[\]–—-]+$/gu, "");
  if (line.length <= LONGEST) return line;
  const cut = line.slice(0, LONGEST);
  const space = cut.lastIndexOf(" ");
  return `${(space > LONGEST / 3 ? cut.slice(0, space) : cut).replace(/[\s,;:–-]+$/u, "")}…`;
}

/** Make a code of the selected words, unless there is one, and give it to them. */
export function inVivo(view: View): void {
  settle(view);
  const range = view.range.peek();
  const { session } = view;
  const words = range && session.text.peek()?.offsets.slice(range.start, range.stop);
  const name = words ? nameOf(words) : "";
  if (!name) return view.tell(view.say.value("told.none"));
  const known = session.book.called(name);
  const key = known && !known.retired ? known.key : keyFor(name, session.book.codes.peek());
  if (!known || known.retired) session.deeds.codebook({ do: "add", key, name, kind: "theme" });
  if (view.row.peek()?.codes.includes(key)) return;
  view.code(key);
  view.tell(view.say.value(known ? "told.code_on" : "told.in_vivo", { name }));
}
