// A queue in which nothing stands: what of all that was asked for is to blame, and the way out.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { termsOf, type Term } from "../sieve";
import { blame, called, drop, type Verdict } from "../terms";
import type { View } from "../view";
import { ask } from "../walk";
import { Icon } from "./icons";
import { TermName } from "./finder";

export function Empty({ view }: { view: View }): JSX.Element {
  const { session } = view;
  const say = view.say.value;
  const query = session.query.value;
  const [found, setFound] = useState<{ query: object; verdicts: Verdict[] } | null>(null);
  useEffect(() => {
    let late = false;
    void blame(view, query).then((verdicts) => late || setFound({ query, verdicts }));
    return () => {
      late = true;
    };
  }, [query]);
  const verdicts = found?.query === query ? found.verdicts : null;
  const alone = verdicts?.filter(({ why }) => why === "alone") ?? [];
  const last = verdicts?.filter(({ why }) => why === "last") ?? [];
  return (
    <div class="empty">
      <p>
        <b>{say("queue_empty")}</b>
      </p>
      {alone.map(({ term }) => (
        <Blamed key={JSON.stringify(term)} view={view} term={term} why={whyAlone(view, term)} />
      ))}
      {alone.length === 0 && last.length > 0 && <p class="muted">{say("find.last")}</p>}
      {alone.length === 0 &&
        last.map(({ term }) => <Blamed key={JSON.stringify(term)} view={view} term={term} />)}
      {verdicts?.length === 0 && termsOf(query).length > 1 && <p class="muted">{say("find.together")}</p>}
      <button
        type="button"
        class="plain"
        onClick={({ currentTarget }) => {
          focusList(currentTarget);
          void ask(session, { status: "all", search: "", filters: {} }, false);
        }}
      >
        {say("show_all")}
      </button>
    </div>
  );
}

function Blamed({ view, term, why }: { view: View; term: Term; why?: string }): JSX.Element {
  const now = called(view, term);
  const { what, name } = now;
  return (
    <>
      {why && <p class="muted">{why}</p>}
      <button
        type="button"
        class="pill"
        title={view.say.value("find.drop", { what, name })}
        onClick={({ currentTarget }) => {
          focusList(currentTarget);
          drop(view, term);
        }}
      >
        <TermName called={now} />
        <Icon name="close" />
      </button>
    </>
  );
}

/** What is pressed here goes with what it does: the focus stays in the list. */
function focusList(from: HTMLElement): void {
  from.closest<HTMLElement>(".items")?.focus();
}

/** Why a term fits no text even alone. */
function whyAlone(view: View, term: Term): string {
  const say = view.say.value;
  const { what, name, unknown } = called(view, term);
  if (unknown) return say("find.unknown", { what, name });
  if (term.kind === "words") return say("find.no_words");
  if (term.kind === "status") return say(`find.no_${term.status}`);
  return say(term.kind === "filter" ? "find.no_filter" : "find.not_given");
}
