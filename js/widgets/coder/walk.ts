// Walking through the texts: to the next one, to the next that is not coded, to another queue.

import type { Item, Page, Query } from "../../shared/wire";
import type { Session } from "./session";

/** The next or previous text of the queue, over the edge of a page too. */
export async function step(session: Session, by: 1 | -1): Promise<void> {
  const page = session.library.page.value;
  const here = session.text.value?.sheet;
  if (!page) return;
  const at = page.items.findIndex((item) => item.id === here?.id);
  const near = at < 0 ? nearest(page.items, here ? (session.placeOf(here.id) ?? -1) : -1, by) : page.items[at + by];
  if (near) return void (await session.go(near.id));
  const turned = await turn(session, by);
  const item = by > 0 ? turned?.items[0] : turned?.items.at(-1);
  if (item) await session.go(item.id);
  else session.say(by > 0 ? "end" : "start");
}

function nearest(items: readonly Item[], pos: number, by: 1 | -1): Item | undefined {
  return by > 0
    ? items.find((item) => item.pos > pos)
    : [...items].reverse().find((item) => item.pos < pos);
}

/** Turn the queue's page. */
export async function turn(session: Session, by: 1 | -1): Promise<Page | null> {
  const page = session.library.page.value;
  const cursor = by > 0 ? page?.after : page?.before;
  if (cursor === null || cursor === undefined) return null;
  const at = by > 0 ? { after: cursor } : { before: cursor };
  const now = session.library.turnNow(session.query.value, at);
  return now ?? session.library.turn(session.query.value, at).catch(() => null);
}

/** Another queue; `open` puts its first text on the desk unless the present one is in it. */
export async function ask(
  session: Session,
  change: Partial<Query>,
  open: boolean,
): Promise<void> {
  const before = session.query.value;
  session.query.value = { ...before, ...change };
  session.library.stale(false);
  const { order = "order", status, search, filters } = session.query.value;
  session.mark({ order, status, search, filters });
  let page: Page | null;
  try {
    page = await session.library.turn(session.query.value);
  } catch {
    if (order !== before.order) session.say("why.invalid");
    return;
  }
  if (!page) return;
  // In another order the open text has another place, which nobody knows until it is met.
  session.placed({ id: -1, pos: -1 });
  const id = session.text.value?.sheet.id;
  const item = page.items[0];
  if (open && item && !page.items.some((other) => other.id === id)) await session.go(item.id);
  session.sayFound(page);
}

/** The next text that this coder has not coded, from the start again if need be. */
export async function nextToDo(session: Session): Promise<void> {
  const query: Query = { ...session.query.value, status: "todo" };
  const here = session.text.value?.sheet.id;
  let pos = here === undefined ? -1 : (session.placeOf(here) ?? -1);
  let wrapped = false;
  for (let tries = 0; tries < 20; tries++) {
    const item = await session.library.next(query, pos).catch(() => undefined);
    if (item === undefined) return;
    if (item === null) {
      if (wrapped) break;
      wrapped = true;
      pos = -1;
      continue;
    }
    pos = item.pos;
    // What still waits in the outbox is coded already.
    if (session.ledger.knows(item.id) && session.ledger.rows(item.id).value.length > 0) continue;
    if (item.id === here) break;
    session.placed(item);
    await session.go(item.id);
    await pageWith(session, item);
    return;
  }
  session.say("all_done");
}

async function pageWith(session: Session, item: Item): Promise<void> {
  const items = session.library.page.value?.items ?? [];
  if (items.some((other) => other.id === item.id)) return;
  await session.library.turn(session.query.value, { around: item.pos }).catch(() => null);
}
