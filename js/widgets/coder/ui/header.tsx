// The bar above: study, search, filters, progress, and whether all is saved.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Status } from "../../../shared/wire";
import type { View } from "../view";
import { ask } from "../walk";
import { Icon } from "./icons";
import { Tool } from "./parts";
import { Unsaved } from "./unsaved";

const SETTLE = 200;

export function Header({ view }: { view: View }): JSX.Element {
  const { session } = view;
  const say = view.say.value;
  const opening = session.opening.value;
  const panel = view.panel;
  const toggle = (what: "queue" | "codes") => {
    panel.value = panel.value === what ? null : what;
  };
  return (
    <div class="top">
      <Tool
        icon="list"
        label={say("queue")}
        class="for-queue"
        expanded={panel.value === "queue"}
        onClick={() => toggle("queue")}
      />
      <div class="study">
        <b title={opening?.name}>{opening?.name}</b>
        <span class="muted">{opening?.coder}</span>
      </div>
      <Search view={view} />
      <Choose view={view} />
      <Filters view={view} />
      <Progress view={view} />
      <Saved view={view} />
      <Tool
        icon="tag"
        label={say("panel")}
        class="for-codes"
        expanded={panel.value === "codes"}
        onClick={() => toggle("codes")}
      />
    </div>
  );
}

function Search({ view }: { view: View }): JSX.Element {
  const { session } = view;
  const say = view.say.value;
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const input = useRef<HTMLInputElement>(null);
  const wanted = session.query.value.search;
  useEffect(() => {
    const at = input.current;
    if (at && at.ownerDocument.activeElement !== at) at.value = wanted;
  }, [wanted]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const find = (search: string, open: boolean) => {
    clearTimeout(timer.current);
    if (search.trim() === session.query.value.search && !open) return;
    void ask(session, { search: search.trim() }, open);
  };
  return (
    <label class="search">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        placeholder={say("search")}
        aria-label={say("search")}
        aria-keyshortcuts="F"
        data-find="texts"
        defaultValue={wanted}
        onInput={(event) => {
          const { value } = event.currentTarget;
          clearTimeout(timer.current);
          timer.current = setTimeout(() => find(value, false), SETTLE);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") find(event.currentTarget.value, true);
        }}
      />
    </label>
  );
}

function Choose({ view }: { view: View }): JSX.Element {
  const say = view.say.value;
  const { query } = view.session;
  return (
    <span class="select">
      <select
        aria-label={say("status")}
        value={query.value.status}
        onChange={(event) =>
          void ask(view.session, { status: event.currentTarget.value as Status }, true)
        }
      >
        {(["all", "todo", "done"] as const).map((status) => (
          <option key={status} value={status}>
            {say(status)}
          </option>
        ))}
      </select>
      <Icon name="open" />
    </span>
  );
}

export function filterName(view: View, key: string): string {
  const named = ["channel", "touchpoint", "language"].includes(key);
  return named ? view.say.value(`attribute.${key}`) : key;
}

function Filters({ view }: { view: View }): JSX.Element | null {
  const { session, panel } = view;
  const say = view.say.value;
  const filters = session.opening.value?.filters ?? [];
  const chosen = session.query.value.filters;
  const n = Object.keys(chosen).length;
  if (filters.length === 0) return null;
  const open = panel.value === "filters";
  const choose = (key: string, value: string) => {
    const { [key]: _, ...others } = session.query.value.filters;
    void ask(session, { filters: value ? { ...others, [key]: value } : others }, true);
  };
  return (
    <div class="filters">
      <button
        type="button"
        class={`tool framed ${n ? "on" : ""}`}
        aria-expanded={open}
        aria-haspopup="dialog"
        onClick={() => (panel.value = open ? null : "filters")}
      >
        <Icon name="filter" />
        <span>{say("filters")}</span>
        {n > 0 && <em>{n}</em>}
      </button>
      {open && (
        <div class="popover" role="dialog" aria-label={say("filters")}>
          {filters.map(({ key, values }) => (
            <label key={key} class="field">
              <span>{filterName(view, key)}</span>
              <span class="select">
                <select
                  value={chosen[key] ?? ""}
                  onChange={(event) => choose(key, event.currentTarget.value)}
                >
                  <option value="">{say("any")}</option>
                  {values.map((value) => (
                    <option key={value} value={value}>
                      {value}
                    </option>
                  ))}
                </select>
                <Icon name="open" />
              </span>
            </label>
          ))}
          {n > 0 && (
            <button
              type="button"
              class="plain"
              onClick={() => void ask(session, { filters: {} }, false)}
            >
              {say("clear_filters")}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function Progress({ view }: { view: View }): JSX.Element {
  const { opening, ledger } = view.session;
  const total = opening.value?.total ?? 0;
  const done = Math.min(ledger.counts.value.done, total);
  const share = total ? (100 * done) / total : 0;
  return (
    <div class="howfar">
      <div
        class="bar"
        role="progressbar"
        aria-valuenow={done}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-label={view.say.value("progress", { done, total })}
      >
        <i style={{ width: `${share}%` }} />
      </div>
      <span class="muted">{view.say.value("n_of", { done, total })}</span>
    </div>
  );
}

function Saved({ view }: { view: View }): JSX.Element {
  const { outbox } = view.session;
  const say = view.say.value;
  const state = outbox.state.value;
  const n = outbox.pending.value.length + outbox.refused.value.length;
  const open = view.panel.value === "saved";
  const words =
    state === "closed" && n > 0 ? say("closed_n", { n }) : say(state, { n });
  return (
    <div class="saved">
      <button
        type="button"
        class="state"
        data-state={state}
        aria-expanded={open}
        aria-haspopup="dialog"
        onClick={() => (view.panel.value = open ? null : "saved")}
      >
        <i aria-hidden="true" />
        <span role={state === "unsaved" || state === "closed" ? "status" : undefined}>{words}</span>
      </button>
      {open && <Unsaved view={view} />}
    </div>
  );
}
