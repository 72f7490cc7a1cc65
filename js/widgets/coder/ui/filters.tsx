// Which texts the queue shows, by mouse: the coder's own stages and codes, and attributes.

import type { ComponentChildren, JSX } from "preact";
import type { Mine } from "../sieve";
import { soughtIn } from "../sieve";
import { leavesOf } from "../shelf";
import { askOnly, askTerm, chips, drop, filterName } from "../terms";
import type { View } from "../view";
import { ask } from "../walk";
import { Icon } from "./icons";

export function Filters({ view }: { view: View }): JSX.Element {
  const { panel } = view;
  const say = view.say.value;
  const n = chips(view).length;
  const open = panel.value === "filters";
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
          <Stages view={view} />
          <Codes view={view} />
          <Attributes view={view} />
          {n > 0 && (
            <button
              type="button"
              class="plain"
              onClick={() => {
                const { words } = soughtIn(view.session.query.value.search);
                void ask(view.session, { search: words, filters: {} }, false);
              }}
            >
              {say("clear_filters")}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function Field(props: {
  view: View;
  name: string;
  value: string;
  onPick: (value: string) => void;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <label class="field">
      <span title={props.name}>{props.name}</span>
      <span class="select">
        <select value={props.value} onChange={(event) => props.onPick(event.currentTarget.value)}>
          <option value="">{props.view.say.value("any")}</option>
          {props.children}
        </select>
        <Icon name="open" />
      </span>
    </label>
  );
}

/** What is chosen of a kind: the last one. */
function chosen(view: View, kind: Mine): string {
  const { mine } = soughtIn(view.session.query.value.search);
  return mine.filter((one) => one.kind === kind).at(-1)?.given ?? "";
}

function Stages({ view }: { view: View }): JSX.Element | null {
  const stages = view.stages.value;
  if (stages.length === 0) return null;
  return (
    <Field
      view={view}
      name={view.say.value("find.my_stage")}
      value={chosen(view, "stage")}
      onPick={(key) => askOnly(view, "stage", key)}
    >
      {stages.map(({ key, n, name, part }) => (
        <option key={key} value={key}>
          {part ? "\u2003" : ""}
          {n} {name}
        </option>
      ))}
    </Field>
  );
}

function Codes({ view }: { view: View }): JSX.Element | null {
  const codes = view.session.book.live.value;
  if (codes.length === 0) return null;
  return (
    <Field
      view={view}
      name={view.say.value("find.my_code")}
      value={chosen(view, "code")}
      onPick={(key) => askOnly(view, "code", key)}
    >
      {leavesOf(codes).map(({ code, level }) => (
        <option key={code.key} value={code.key}>
          {"\u2003".repeat(level - 1)}
          {code.name}
        </option>
      ))}
    </Field>
  );
}

function Attributes({ view }: { view: View }): JSX.Element {
  const filters = view.session.opening.value?.filters ?? [];
  const now = view.session.query.value.filters;
  const choose = (key: string, value: string) => {
    const before = now[key];
    if (value) askTerm(view, { kind: "filter", key, value });
    else if (before !== undefined) drop(view, { kind: "filter", key, value: before });
  };
  return (
    <>
      {filters.map(({ key, values }) => (
        <Field
          key={key}
          view={view}
          name={filterName(view, key)}
          value={now[key] ?? ""}
          onPick={(value) => choose(key, value)}
        >
          {values.map((value) => (
            <option key={value} value={value}>
              {value}
            </option>
          ))}
        </Field>
      ))}
    </>
  );
}
