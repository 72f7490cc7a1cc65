// What one coder says, and the button that takes it.

import type { JSX } from "preact";
import type { Row } from "../../../shared/wire";
import { Chip } from "../../coder/ui/parts";
import { stepOf } from "../../table/kit/looks";
import type { Place, Side } from "../wire";
import type { ReviewView } from "./view";

export function SideCard(props: {
  view: ReviewView;
  place: Place;
  side: Side;
  n: number;
}): JSX.Element {
  const { view, place, side, n } = props;
  const { session, say } = view;
  const waits = session.waiting(place);
  const now = waits ?? place.settled;
  const taken = now?.how === "coder" && now.chosen === side.coder;
  const empty = side.codings.length === 0;
  return (
    <article class={`rv-side ${taken ? "taken" : ""}`} aria-label={say("of", { coder: side.coder })}>
      <h4>
        <kbd>{n}</kbd>
        <span>{side.coder}</span>
      </h4>
      {empty && <p class="muted">{say("nothing")}</p>}
      {side.codings.map((row) => (
        <Saying key={row.uid} view={view} row={row} whole={place} />
      ))}
      <button
        type="button"
        class="kit-button"
        aria-pressed={taken}
        aria-disabled={empty ? true : undefined}
        aria-keyshortcuts={String(n)}
        onClick={() => session.take(side)}
      >
        {say(empty ? "take_nothing" : taken ? "taken" : "take")}
        {!empty && <span class="unseen">: {side.coder}</span>}
      </button>
    </article>
  );
}

/** One coding in words. */
export function Saying(props: {
  view: ReviewView;
  row: Row;
  whole: { start: number; stop: number };
}): JSX.Element {
  const { view, row, whole } = props;
  const { session, say, language } = view;
  const stage = row.stage === null ? undefined : view.stageOf.get(row.stage);
  const part = row.start !== whole.start || row.stop !== whole.stop;
  const kind = row.valence === null ? "" : row.valence < 0 ? "bad" : row.valence > 0 ? "good" : "";
  return (
    <div class="rv-saying">
      <p class="rv-said">
        {stage && <Chip stage={stage} />}
        <span>{stage?.name ?? row.stage ?? say("no_stage")}</span>
        <span class={`valence ${kind}`}>
          {row.valence === null ? "" : stepOf(language, row.valence)}
        </span>
      </p>
      {row.codes.length > 0 && (
        <p class="rv-codes">{row.codes.map((key) => view.codeName(key)).join(" · ")}</p>
      )}
      {part && (
        <q class="muted" dir="auto">
          {session.words(row.start, row.stop)}
        </q>
      )}
      {row.memo && (
        <p class="rv-memo" dir="auto">
          {row.memo}
        </p>
      )}
    </div>
  );
}
