// The reviewer's own answer, put together from what is right in the others'.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { CodesField, StageField, ValenceField } from "../../table/kit/fields";
import { focusDesk } from "../../table/kit/shell";
import { Icon } from "../../coder/ui/icons";
import type { Own, Place } from "../wire";
import { Saying } from "./side";
import type { ReviewView } from "./view";

export function OwnAnswer({ view, place }: { view: ReviewView; place: Place }): JSX.Element {
  const { session, say } = view;
  const own = session.own.value;
  const waits = session.waiting(place);
  const now = waits ?? place.settled;
  const taken = now?.how === "own";
  return (
    <article class={`rv-side own ${taken ? "taken" : ""}`} aria-label={say("own")}>
      <h4>
        <kbd>E</kbd>
        <span>{say("own")}</span>
      </h4>
      {own ? (
        <Form view={view} place={place} own={own} />
      ) : (
        <>
          {taken && place.settled?.how === "own" ? (
            place.settled.codings.map((row) => (
              <Saying key={row.uid} view={view} row={row} whole={place} />
            ))
          ) : (
            <p class="muted">{say("own_how")}</p>
          )}
          <div class="rv-acts">
            <button type="button" class="kit-button" onClick={() => session.edit()}>
              {say("own_edit")}
            </button>
            <button
              type="button"
              class="kit-button"
              aria-pressed={now?.how === "undecided"}
              aria-keyshortcuts="U"
              onClick={() => session.undecided()}
            >
              {say("undecided")}
            </button>
          </div>
        </>
      )}
    </article>
  );
}

function Form({ view, place, own }: { view: ReviewView; place: Place; own: Own }): JSX.Element {
  const { session, say } = view;
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    const pane = form.current?.closest<HTMLElement>(".rv-desk");
    const card = form.current?.closest<HTMLElement>(".rv-side");
    if (!pane || !card) return;
    // All of the form is seen, and only this pane scrolls.
    const below = card.getBoundingClientRect().bottom - pane.getBoundingClientRect().bottom + 12;
    if (below > 0) pane.scrollTop += below;
    form.current?.querySelector<HTMLElement>("[data-field=stage]")?.focus({ preventScroll: true });
  }, []);
  const set = (patch: Partial<Own>) => (session.own.value = { ...own, ...patch });
  const ranges = new Map([[`${place.start} ${place.stop}`, say("whole_place")]]);
  for (const side of place.sides) {
    for (const { start, stop } of side.codings) {
      const key = `${start} ${stop}`;
      const words = session.words(start, Math.min(stop, start + 40));
      if (!ranges.has(key)) ranges.set(key, `${side.coder}: ${words}${stop - start > 40 ? "…" : ""}`);
    }
  }
  return (
    <form
      ref={form}
      class="rv-form"
      onSubmit={(event) => {
        event.preventDefault();
        const { currentTarget } = event;
        session.saveOwn();
        focusDesk(currentTarget);
      }}
    >
      <StageField say={say} stages={view.stages} value={own.stage} onChange={(stage) => set({ stage })} />
      <ValenceField
        say={say}
        language={view.language}
        value={own.valence}
        onChange={(valence) => set({ valence })}
      />
      <CodesField say={say} codes={view.codes} value={own.codes} onChange={(codes) => set({ codes })} />
      {ranges.size > 1 && (
        <label class="kit-field">
          <span>{say("passage")}</span>
          <span class="select">
            <select
              value={`${own.start} ${own.stop}`}
              onChange={(event) => {
                const [start = 0, stop = 0] = event.currentTarget.value.split(" ").map(Number);
                set({ start, stop });
              }}
            >
              {[...ranges].map(([key, words]) => (
                <option key={key} value={key}>
                  {words}
                </option>
              ))}
            </select>
            <Icon name="open" />
          </span>
        </label>
      )}
      <label class="kit-field">
        <span>{say("memo")}</span>
        <textarea
          class="kit-input"
          rows={2}
          placeholder={say("memo_hint")}
          value={own.memo}
          onInput={(event) => set({ memo: event.currentTarget.value })}
        />
      </label>
      <div class="rv-acts">
        <button type="submit" class="kit-button first">
          {say("own_save")}
        </button>
        <button
          type="button"
          class="kit-button"
          onClick={({ currentTarget }) => {
            focusDesk(currentTarget);
            session.own.value = null;
          }}
        >
          {say("own_close")}
        </button>
      </div>
    </form>
  );
}
