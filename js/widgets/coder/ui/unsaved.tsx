// What is not saved, why, and what can be done about it.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Entry } from "../../../shared/outbox";
import type { View } from "../view";
import { Chip, Cross } from "./parts";

export function Unsaved({ view }: { view: View }): JSX.Element {
  const { outbox, transport } = view.session;
  const say = view.say.value;
  const [sure, setSure] = useState(false);
  const waiting = outbox.pending.value;
  const refused = outbox.refused.value;
  const n = waiting.length + refused.length;
  const stuck = outbox.stuck.value;
  const link = transport.link.value;
  return (
    <div class="popover wide" role="dialog" aria-label={say("store.title")}>
      <div class="head">
        <b>{say("store.title")}</b>
        <Cross view={view} onClick={() => (view.panel.value = null)} />
      </div>
      {n === 0 && <p>{say("store.none")}</p>}
      {link === "closed" && <p>{say("closed")}</p>}
      {link === "silent" && <p>{say("store.silent")}</p>}
      {waiting.length > 0 && (
        <p>
          {say("store.waiting", { n: waiting.length })} {say(stuck ? `why.${stuck}` : "store.kept")}
        </p>
      )}
      <ul class="refused">
        {refused.map((entry) => (
          <Refused key={entry.op.op} view={view} entry={entry} />
        ))}
      </ul>
      {n > 0 && (
        <button
          type="button"
          class="plain danger"
          onClick={() => (sure ? (view.session.deeds.forget(), setSure(false)) : setSure(true))}
          onBlur={() => setSure(false)}
        >
          {say(sure ? "store.sure" : "store.forget")}
        </button>
      )}
    </div>
  );
}

function Refused({ view, entry }: { view: View; entry: Entry }): JSX.Element {
  const say = view.say.value;
  const { session } = view;
  const row = entry.effect?.after ?? entry.effect?.before ?? null;
  const stage = row?.stage ? view.stageOf.value.get(row.stage) : undefined;
  return (
    <li>
      <div class="what">
        <b>{say(`store.act.${entry.op.act}`)}</b>
        <span>{entry.title}</span>
        {stage && (
          <span>
            <Chip stage={stage} /> {stage.name}
          </span>
        )}
      </div>
      <p>{say(`why.${entry.refused?.why ?? "invalid"}`)}</p>
      <div class="acts">
        <button type="button" class="plain" onClick={() => session.deeds.again(entry)}>
          {say("store.again")}
        </button>
        <button
          type="button"
          class="plain"
          onClick={() => entry.effect && void session.go(entry.effect.feedback)}
        >
          {say("store.see")}
        </button>
        <button type="button" class="plain" onClick={() => session.outbox.dismiss(entry.op.op)}>
          {say("store.dismiss")}
        </button>
      </div>
    </li>
  );
}
