// The selected code of the codebook's editor: what it is called, means, looks like and stands
// under; merging, splitting, retiring it.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import palette from "../../../../src/cjm_widgets/words/palette.json";
import type { CodeItem } from "../../../shared/wire";
import { under } from "../book";
import { leavesOf, type Shelf } from "../shelf";
import { Splitting } from "./booksplit";
import { Thread } from "./memos";
import { Icon } from "./icons";

const KINDS = ["touchpoint", "pain", "emotion", "opportunity", "theme"];

export function CodeForm({ shelf, code }: { shelf: Shelf; code: CodeItem }): JSX.Element {
  const { view } = shelf;
  const say = view.say.value;
  const [splitting, setSplitting] = useState(false);
  const n = view.session.ledger.counts.value.codes[code.key] ?? 0;
  if (code.retired) {
    return (
      <div class="form">
        <h4>{code.name}</h4>
        <p class="muted">{say("book.retired_what")}</p>
        <button type="button" class="tool framed" onClick={() => shelf.retire(code, false)}>
          {say("book.revive")}
        </button>
      </div>
    );
  }
  return (
    <div class="form">
      <label class="field">
        <span>{say("book.name")}</span>
        <input
          class="find"
          data-name
          maxLength={200}
          defaultValue={code.name}
          key={code.name}
          onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
          onBlur={({ currentTarget }) => {
            const name = currentTarget.value.trim();
            if (name) shelf.change(code, { name });
            else currentTarget.value = code.name;
          }}
        />
      </label>
      <label class="field">
        <span>{say("book.definition")}</span>
        <textarea
          rows={3}
          dir="auto"
          maxLength={4000}
          defaultValue={code.definition}
          key={code.definition}
          placeholder={say("book.definition_hint")}
          onBlur={({ currentTarget }) =>
            shelf.change(code, { definition: currentTarget.value.trim() })
          }
        />
      </label>
      <Choice
        label={say("book.kind")}
        value={code.kind}
        options={KINDS.map((kind) => [kind, say(`kinds.${kind}`)])}
        choose={(kind) => shelf.change(code, { kind })}
      />
      <Choice
        label={say("book.parent")}
        value={code.parent ?? ""}
        options={[["", say("book.top")], ...others(shelf, code, true)]}
        choose={(parent) => shelf.move(code.key, parent || null, null)}
      />
      <Colours shelf={shelf} code={code} />
      <p class="muted count">{say("n_here", { n })}</p>
      <div class="acts">
        <Merging shelf={shelf} code={code} />
        <button
          type="button"
          class="tool framed"
          aria-expanded={splitting}
          onClick={() => setSplitting(!splitting)}
        >
          {say("book.split")}
        </button>
        <button type="button" class="tool framed danger" onClick={() => shelf.retire(code, true)}>
          {say("book.retire")}
        </button>
      </div>
      {splitting && <Splitting shelf={shelf} code={code} done={() => setSplitting(false)} />}
      <details>
        <summary>{say("memos.title")}</summary>
        <Thread view={view} kind="code" uid={code.key} />
      </details>
    </div>
  );
}

/** Other codes to choose from, indented as in the tree; not those below it where told. */
function others(shelf: Shelf, code: CodeItem, above: boolean): [string, string][] {
  const not = above ? under(shelf.codes, code.key) : new Set([code.key]);
  return leavesOf(shelf.codes.filter((other) => !other.retired))
    .filter((leaf) => !not.has(leaf.code.key))
    .map((leaf) => [leaf.code.key, "\u2003".repeat(leaf.level - 1) + leaf.code.name]);
}

function Choice(props: {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  choose: (value: string) => void;
}): JSX.Element {
  const { label, value, options, choose } = props;
  return (
    <label class="field">
      <span>{label}</span>
      <span class="select">
        <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
          {options.map(([key, name]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
        <Icon name="open" />
      </span>
    </label>
  );
}

function Colours({ shelf, code }: { shelf: Shelf; code: CodeItem }): JSX.Element {
  const say = shelf.view.say.value;
  const colours = palette.light.stages;
  const own = code.colour !== "" && !colours.includes(code.colour);
  return (
    <fieldset class="field colours">
      <legend>{say("book.colour")}</legend>
      <div class="row">
        {["", ...colours].map((colour, at) => (
          <button
            key={colour}
            type="button"
            class="swatch"
            style={{ "--k": colour || "transparent" }}
            aria-pressed={code.colour === colour}
            aria-label={colour ? say("book.colour_n", { n: at }) : say("book.colour_none")}
            title={colour ? say("book.colour_n", { n: at }) : say("book.colour_none")}
            onClick={() => shelf.change(code, { colour })}
          />
        ))}
        <input
          type="color"
          class={own ? "on" : ""}
          aria-label={say("book.colour_own")}
          title={say("book.colour_own")}
          value={code.colour || "#858e9e"}
          onChange={(event) => shelf.change(code, { colour: event.currentTarget.value })}
        />
      </div>
    </fieldset>
  );
}

/** Choose the code that takes this one's place; nothing happens before the button is pressed. */
function Merging({ shelf, code }: { shelf: Shelf; code: CodeItem }): JSX.Element | null {
  const say = shelf.view.say.value;
  const [into, setInto] = useState("");
  const choices = others(shelf, code, false);
  if (choices.length === 0) return null;
  return (
    <span class="merging">
      <span class="select">
        <select
          aria-label={say("book.merge_into")}
          value={into}
          onChange={(event) => setInto(event.currentTarget.value)}
        >
          <option value="">{say("book.merge_into")}</option>
          {choices.map(([key, name]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
        <Icon name="open" />
      </span>
      <button
        type="button"
        class="tool framed"
        aria-disabled={into === "" || undefined}
        onClick={() => into && shelf.merge(code, into)}
      >
        {say("book.merge")}
      </button>
    </span>
  );
}
