// The texts to code: the page of the queue on screen.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Item, Order } from "../../../shared/wire";
import type { View } from "../view";
import { Empty } from "./empty";
import { Icon } from "./icons";
import { Chip, Cross, Tool, roam } from "./parts";
import { ask, turn } from "../walk";

const DOTS = 5;

export function Queue({ view }: { view: View }): JSX.Element {
  const { session } = view;
  const say = view.say.value;
  const page = session.library.page.value;
  const now = session.text.value?.sheet.id;
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = list.current;
    const on = box?.querySelector<HTMLElement>("[aria-current]");
    if (!box || !on) return;
    // Only this list scrolls; scrollIntoView would move the notebook as well.
    const [top, bottom] = [on.offsetTop, on.offsetTop + on.offsetHeight];
    if (top < box.scrollTop) box.scrollTop = top;
    else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
  }, [now, page]);
  const stop = page?.items.some((item) => item.id === now) ? now : page?.items[0]?.id;
  return (
    <nav class="queue" aria-label={say("queue")}>
      <div class="head for-drawer">
        <b>{say("queue")}</b>
        <Cross view={view} onClick={() => (view.panel.value = null)} />
      </div>
      <InOrder view={view} />
      <Unsearched view={view} />
      <div class="items" ref={list} role="list" data-arrows onKeyDown={roam} tabIndex={-1}>
        {page?.items.length === 0 && !page.unsearched && <Empty view={view} />}
        {page?.items.map((item) => (
          <Line key={item.id} view={view} item={item} on={item.id === now} stop={item.id === stop} />
        ))}
      </div>
      {page && (page.before !== null || page.after !== null) && (
        <div class="pager">
          <Tool
            icon="previous"
            label={say("earlier")}
            text
            disabled={page.before === null}
            onClick={() => void turn(session, -1)}
          />
          <Tool
            icon="next"
            label={say("later")}
            text
            class="last"
            disabled={page.after === null}
            onClick={() => void turn(session, 1)}
          />
        </div>
      )}
    </nav>
  );
}

/** In which order texts come, and what that means for what is made of the ratings. */
function InOrder({ view }: { view: View }): JSX.Element | null {
  const { session } = view;
  const say = view.say.value;
  const orders = session.opening.value?.orders ?? ["order"];
  if (session.sampled.value) return <Sampled view={view} />;
  if (orders.length < 2) return null;
  const now = session.query.value.order ?? "order";
  return (
    <div class="ordering">
      <span class="select">
        <select
          aria-label={say("order.title")}
          aria-describedby={`${view.id}-order`}
          value={now}
          onChange={(event) => void ask(session, { order: event.currentTarget.value as Order }, true)}
        >
          {orders.map((order) => (
            <option key={order} value={order}>
              {say(`order.${order}`)}
            </option>
          ))}
        </select>
        <Icon name="open" />
      </span>
      <p id={`${view.id}-order`} class="muted">
        {say(`order.means.${now}`)}
      </p>
    </div>
  );
}

/** That a search has not seen all texts yet. */
function Unsearched({ view }: { view: View }): JSX.Element | null {
  const n = view.session.library.page.value?.unsearched ?? 0;
  if (n === 0) return null;
  return (
    <p class="unsearched" role="status">
      <i aria-hidden="true" />
      {view.say.value("find.unsearched", { n })}
    </p>
  );
}

/** The queue of a sample: how far it is rated. */
function Sampled({ view }: { view: View }): JSX.Element {
  const { opening, ledger } = view.session;
  const total = opening.value?.total ?? 0;
  const done = Math.min(ledger.counts.value.done, total);
  const what = view.session.training ? "training" : "sample";
  return (
    <div class="ordering">
      <b>{view.say.value(`order.${what}`, { done, total })}</b>
      <p class="muted">{view.say.value(`order.means.${what}`)}</p>
    </div>
  );
}

function Line(props: { view: View; item: Item; on: boolean; stop: boolean }): JSX.Element {
  const { view, item, on, stop } = props;
  const { session } = view;
  void session.ledger.version.value; // its dots follow what is shown
  const stages = session.ledger.dots.get(item.id) ?? item.stages;
  const look = view.stageOf.value;
  const names = stages.map((key) => look.get(key)?.name ?? key).join(", ");
  const n = session.ledger.knows(item.id)
    ? session.ledger.rows(item.id).value.length
    : item.n;
  return (
    <div role="listitem">
      <button
        type="button"
        class="item"
        data-stop
        tabIndex={stop ? 0 : -1}
        aria-current={on ? "true" : undefined}
        onClick={() => {
          void session.go(item.id);
          if (view.panel.value === "queue") view.panel.value = null;
        }}
      >
        <span class="line">
          <span class="who">{item.channel ? `${item.title} · ${item.channel}` : item.title}</span>
          <span class="dots" title={names}>
            {stages.slice(0, DOTS).map((key) => (
              <Chip key={key} stage={look.get(key)} />
            ))}
            {stages.length > DOTS && <span>+{stages.length - DOTS}</span>}
            {stages.length === 0 && n > 0 && <Icon name="check" />}
            <span class="unseen">{names}</span>
          </span>
        </span>
        <span class="preview" dir="auto" lang={item.language || undefined}>
          {item.preview}
        </span>
      </button>
    </div>
  );
}
