// Linking one passage to another: the first press of the key takes one end, the second the other.

import type { LinkEnd } from "../../shared/wire";
import type { Shown } from "../../shared/outbox";
import { settle } from "./resize";
import type { View } from "./view";

/** Take the selected passage as the one end, or as the other. */
export function join(view: View): void {
  settle(view);
  const { threads } = view.session;
  const row = view.row.peek();
  const from = threads.from.peek();
  const say = view.say.peek();
  if (!row) return view.tell(say("link.choose"));
  if (!from) {
    threads.from.value = endOf(view, row);
    return view.tell(say("link.begun"));
  }
  threads.from.value = null;
  if (from.uid === row.uid) return view.tell(say("link.ended"));
  threads.link(from.uid, row.uid);
  view.tell(say("link.made", { from: from.words, to: endOf(view, row).words }));
}

function endOf(view: View, row: Shown): LinkEnd {
  const title = view.session.text.peek()?.sheet.title ?? "";
  return { uid: row.uid, feedback: row.feedback, title, words: view.words(row).slice(0, 120) };
}

/** Go to a passage, in whichever text it stands. */
export async function follow(view: View, { uid, feedback }: LinkEnd): Promise<void> {
  const { session } = view;
  if (session.text.peek()?.sheet.id !== feedback && !(await session.go(feedback))) return;
  const row = session.ledger.find(feedback, uid);
  if (row) view.pick(row);
}
