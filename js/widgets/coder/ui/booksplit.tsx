// Splitting a code: the names of the new ones, and which of them each passage of the open text
// gets. Passages elsewhere keep the old code until they are recoded.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CodeItem } from "../../../shared/wire";
import type { Shelf } from "../shelf";

export function Splitting(props: { shelf: Shelf; code: CodeItem; done: () => void }): JSX.Element {
  const { shelf, code, done } = props;
  const { view } = shelf;
  const say = view.say.value;
  const [words, setWords] = useState("");
  const [given, setGiven] = useState<ReadonlyMap<string, number>>(new Map());
  const names = [...new Set(words.split("\n").map((line) => line.trim()).filter(Boolean))];
  const rows = view.session.rows.value.filter((row) => row.codes.includes(code.key));
  const elsewhere = (view.session.ledger.counts.value.codes[code.key] ?? 0) - rows.length;
  const ready = names.length > 1;
  return (
    <form
      class="splitting"
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        shelf.split(code, names, given);
        done();
      }}
    >
      <label class="field">
        <span>{say("book.split_names")}</span>
        <textarea
          rows={3}
          value={words}
          placeholder={say("book.split_hint")}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
      </label>
      {ready &&
        rows.map((row) => (
          <label class="field passage" key={row.uid}>
            <span dir="auto">{view.words(row)}</span>
            <select
              value={String(given.get(row.uid) ?? -1)}
              onChange={(event) =>
                setGiven(new Map(given).set(row.uid, Number(event.currentTarget.value)))
              }
            >
              <option value="-1">{code.name}</option>
              {names.map((name, at) => (
                <option key={name} value={String(at)}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        ))}
      {ready && <p class="muted">{say("book.split_how")}</p>}
      {elsewhere > 0 && <p class="muted">{say("book.split_rest", { n: elsewhere })}</p>}
      <button type="submit" class="tool framed" aria-disabled={!ready || undefined}>
        {say("book.split_do")}
      </button>
    </form>
  );
}
