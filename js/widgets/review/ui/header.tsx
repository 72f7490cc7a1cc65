// The bar above: study and reviewer, which differences, how far, agreement, undo, saved or not.

import type { JSX } from "preact";
import { numberOf } from "../../../shared/words";
import { Icon } from "../../coder/ui/icons";
import { Tool } from "../../coder/ui/parts";
import { Saved } from "../../table/kit/shell";
import type { Status } from "../wire";
import type { ReviewView } from "./view";

export function Header({ view }: { view: ReviewView }): JSX.Element {
  const { session, say } = view;
  const opening = session.opening.value;
  const top = session.top.value;
  return (
    <div class="top">
      <div class="study">
        <b title={opening?.name}>{opening?.name}</b>
        <span class="muted">{opening?.coder}</span>
      </div>
      <span class="select">
        <select
          aria-label={say("status")}
          value={session.status.value}
          onChange={(event) => void session.choose(event.currentTarget.value as Status)}
        >
          {(["open", "settled", "all"] as const).map((status) => (
            <option key={status} value={status}>
              {say(status)}
            </option>
          ))}
        </select>
        <Icon name="open" />
      </span>
      <HowFar view={view} />
      <Agreement view={view} />
      <span class="rv-gap" />
      <Tool icon="undo" label={say("undo")} disabled={!top.undo} onClick={() => session.turnBack("undo")} />
      <Tool icon="redo" label={say("redo")} disabled={!top.redo} onClick={() => session.turnBack("redo")} />
      <Saved outbox={session.outbox} say={say} />
    </div>
  );
}

function HowFar({ view }: { view: ReviewView }): JSX.Element {
  const { session, say } = view;
  const opening = session.opening.value;
  const total = session.progress.value?.total ?? opening?.total ?? 0;
  const done = session.progress.value?.settled ?? opening?.done ?? 0;
  return (
    <div class="howfar">
      <div
        class="bar"
        role="progressbar"
        aria-valuenow={done}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-label={say("progress", { done, n: total })}
      >
        <i style={{ width: `${total ? (100 * done) / total : 0}%` }} />
      </div>
      <span class="muted">{`${numberOf(view.language, done)} / ${numberOf(view.language, total)}`}</span>
    </div>
  );
}

/** Agreement as coded and with the consensus. */
function Agreement({ view }: { view: ReviewView }): JSX.Element | null {
  const { session, say, language } = view;
  const progress = session.progress.value;
  const alpha = "krippendorff_alpha";
  const before = progress?.before[alpha];
  const after = progress?.after[alpha];
  if (!progress) return session.counting.value ? <span class="muted">{say("counting")}</span> : null;
  const written = (value: number | null | undefined) =>
    value === null || value === undefined
      ? "–"
      : new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);
  const spelled = ([name, of]: readonly [string, Progress1]) =>
    Object.entries(of)
      .map(([measure, figure]) =>
        say("figure", {
          what: `${say(`measure.${measure}`)}, ${name}`,
          value: written(figure.value),
          low: written(figure.low),
          high: written(figure.high),
        }),
      )
      .join("\n");
  const title = [
    spelled([say("before"), progress.before] as const),
    spelled([say("after"), progress.after] as const),
  ].join("\n");
  return (
    <span class="rv-agreement" title={title}>
      {say("agreement")} {say("alpha")} <b>{written(before?.value)}</b>
      <span aria-hidden="true"> → </span>
      <span class="unseen">{say("after")}</span>
      <b>{written(after?.value)}</b>
    </span>
  );
}

type Progress1 = Record<string, { value: number | null; low: number | null; high: number | null }>;
