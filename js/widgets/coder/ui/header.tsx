// The bar above: study, search, filters, progress, and whether all is saved.

import type { JSX } from "preact";
import type { Status } from "../../../shared/wire";
import type { View } from "../view";
import { ask } from "../walk";
import { Filters } from "./filters";
import { Finder } from "./finder";
import { Icon } from "./icons";
import { Tool } from "./parts";
import { Unsaved } from "./unsaved";

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
      <Finder view={view} />
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
