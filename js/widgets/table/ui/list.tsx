// All passages as a list: sort, filter, choose, recode.

import type { JSX } from "preact";
import { digitOf, letterOf } from "../../../shared/keys";
import type { Shown } from "../kit/module";
import { Tool } from "../../coder/ui/parts";
import { focusDesk, Hints, inField, KeySheet, Shell } from "../kit/shell";
import { VALENCES, stepOf, type Names } from "../kit/looks";
import type { ListSession, Passage } from "../list";
import { Bar, chord, CodeFinder, namesOf, Pick, Rows, StageCell, step, useTold, ValenceCell, Waiting } from "./common";

const COLUMNS = ["text", "stage", "valence", "code", "coder", "date", "source"] as const;

export function ListApp(props: Shown<ListSession>): JSX.Element {
  const { session } = props;
  const names = namesOf(session, props.language.value);
  const { say } = names;
  const told = useTold(session, say);
  const keys = session.sheet.value;
  return (
    <Shell
      class="cjm-table"
      name={say("list_name")}
      language={names.language}
      look={props.look}
      told={told}
      notice={session.notice}
      inert={keys}
      over={keys && <Keys session={session} names={names} />}
      press={(event, root) => press(session, names, event, root)}
      attend={() => undefined}
    >
      {session.opening.value ? (
        <>
          <Bar session={session} names={names}>
            <Filters session={session} names={names} />
          </Bar>
          <Bulk session={session} names={names} />
          <Table session={session} names={names} />
          <Hints
            hints={[
              [["↑", "↓"], say("hint.row")],
              [[say("keys.space")], say("hint.choose")],
              [["1", "2"], say("hint.stage")],
              [["−", "+"], say("hint.valence")],
              [["/"], say("hint.code")],
              [[say("keys.ctrl"), "Z"], say("hint.undo")],
            ]}
            all={say("hint.all")}
            onAll={() => (session.sheet.value = true)}
          />
        </>
      ) : (
        <Waiting session={session} say={say} />
      )}
    </Shell>
  );
}

interface Part {
  session: ListSession;
  names: Names;
}

function Filters({ session, names }: Part): JSX.Element {
  const { say, stages, codes } = names;
  const query = session.query.value;
  return (
    <>
      <Pick
        label={say("any_stage")}
        value={query.stage}
        options={stages.map((one) => [one.key, `${one.n} ${one.name}`] as const)}
        onPick={(stage) => session.ask({ stage })}
      />
      <Pick
        label={say("any_code")}
        value={query.code}
        options={codes.map((one) => [one.key, one.name] as const)}
        onPick={(code) => session.ask({ code })}
      />
      <Pick
        label={say("any_coder")}
        value={query.coder}
        options={session.coders.value.map((one) => [one, one] as const)}
        onPick={(coder) => session.ask({ coder })}
      />
    </>
  );
}

/** What is done to all passages that are chosen. */
function Bulk({ session, names }: Part): JSX.Element {
  const { say, stages, language } = names;
  const n = session.chosen.value.size;
  const total = session.window.total.value;
  return (
    <div class="tb-bulk">
      <span class="tb-count">
        {n > 0 ? say("chosen", { n }) : total === null ? "" : say("passages_n", { n: total })}
      </span>
      <button type="button" class="plain" onClick={() => (n ? session.none() : void session.all())}>
        {say(n ? "choose_none" : "choose_all")}
      </button>
      <span class="tb-gap" />
      <Pick
        label={say("set_stage")}
        value=""
        options={[...stages.map((one) => [one.key, `${one.n} ${one.name}`] as const), ["\0", say("no_stage")]]}
        onPick={(stage) => stage && session.change({ set: { stage: stage === "\0" ? null : stage } })}
      />
      <Pick
        label={say("set_valence")}
        value=""
        options={[...VALENCES.map((one) => [String(one), stepOf(language, one)] as const), ["\0", say("no_valence")]]}
        onPick={(value) =>
          value && session.change({ set: { valence: value === "\0" ? null : Number(value) } })
        }
      />
      <CodeFinder
        names={names}
        label={say("add_code")}
        list="cjm-table-add"
        field="add"
        onCode={(key) => session.change({ add_codes: [key] })}
        onLeave={focusDesk}
      />
      <CodeFinder
        names={names}
        label={say("remove_code")}
        list="cjm-table-off"
        field="off"
        onCode={(key) => session.change({ remove_codes: [key] })}
        onLeave={focusDesk}
      />
      <Tool icon="bin" label={say("remove")} keys={say("keys.del")} onClick={() => session.change({ remove: true })} />
    </div>
  );
}

function Table({ session, names }: Part): JSX.Element {
  const { say } = names;
  const query = session.query.value;
  const rows = session.rows.value;
  const chosen = session.chosen.value;
  const head = (
    <tr>
      <th scope="col" class="tb-tick">
        <span class="unseen">{say("chosen_column")}</span>
      </th>
      {COLUMNS.map((column) => {
        const on = query.sort === column;
        return (
          <th
            key={column}
            scope="col"
            class={`c-${column}`}
            aria-sort={on ? (query.down ? "descending" : "ascending") : undefined}
          >
            <button type="button" onClick={() => session.sortBy(column)}>
              {say(`columns.${column}`)}
              <span aria-hidden="true">{on ? (query.down ? " ↓" : " ↑") : ""}</span>
            </button>
          </th>
        );
      })}
    </tr>
  );
  const count = session.window.total.value ?? rows.length;
  return (
    <Rows window={session.window} session={session} label={say("list_name")} count={count} head={head}>
      {rows.map((row) => (
        <Line key={row.uid} session={session} names={names} row={row} on={chosen.has(row.uid)} />
      ))}
      {rows.length === 0 && session.window.loaded.value && (
        <tr>
          <td colSpan={COLUMNS.length + 1} class="muted">
            {say("none")}{" "}
            <button type="button" class="plain" onClick={() => session.anything()}>
              {say("show_all")}
            </button>
          </td>
        </tr>
      )}
    </Rows>
  );
}

function Line({ session, names, row, on }: Part & { row: Passage; on: boolean }): JSX.Element {
  const { say } = names;
  const words = row.passage.length > 60 ? `${row.passage.slice(0, 60)}…` : row.passage;
  return (
    <tr
      data-key={row.uid}
      class={on ? "on" : ""}
      aria-current={session.active.value === row.uid ? "true" : undefined}
      onClick={(event) => {
        session.active.value = row.uid;
        if (event.shiftKey) session.extend(row.uid);
        else if (!(event.target as Element).closest("input")) session.toggle(row.uid);
      }}
    >
      <td class="tb-tick">
        <input
          type="checkbox"
          tabIndex={-1}
          checked={on}
          aria-label={say("choose_this", { words })}
          onClick={(event) => {
            event.stopPropagation();
            session.active.value = row.uid;
            session.toggle(row.uid);
          }}
        />
      </td>
      <td dir="auto" class="tb-words">
        <span class="muted">{row.ahead}</span>
        <b>{row.passage}</b>
        <span class="muted">{row.behind}</span>
      </td>
      <td>
        <StageCell names={names} stage={row.stage} />
      </td>
      <td class="tb-number">
        <ValenceCell names={names} value={row.valence} />
      </td>
      <td>{row.codes.map(names.codeName).join(" · ")}</td>
      <td>{row.coder}</td>
      <td class="tb-date">{row.at.slice(0, 10)}</td>
      <td class="muted">{[row.respondent || row.id, row.source].filter(Boolean).join(" · ")}</td>
    </tr>
  );
}

function Keys({ session, names }: Part): JSX.Element {
  const { say } = names;
  const ctrl = say("keys.ctrl");
  return (
    <KeySheet
      title={say("keys.title")}
      close={say("keys.close")}
      onClose={() => (session.sheet.value = false)}
      rows={[
        [["↑", "↓"], say("keys.row")],
        [[say("keys.space")], say("keys.choose")],
        [[say("keys.shift"), "↑", "↓"], say("keys.extend")],
        [[ctrl, "A"], say("keys.all")],
        [[say("keys.esc")], say("keys.none")],
        [["1", "2", "…"], say("keys.stage")],
        [["0"], say("no_stage")],
        [["−", "+"], say("keys.valence")],
        [["/"], say("add_code")],
        [[say("keys.del")], say("remove")],
        [["F"], say("search")],
        [[ctrl, "Z"], say("keys.undo")],
        [["?"], say("keys.help")],
      ]}
    />
  );
}

function press(session: ListSession, names: Names, event: KeyboardEvent, root: HTMLElement): boolean {
  if (session.sheet.value) {
    if (event.key !== "Escape" && event.key !== "?") return false;
    session.sheet.value = false;
    return true;
  }
  const field = inField(event.target);
  if (event.key === "Escape") {
    if (field) focusDesk(root);
    else session.none();
    return true;
  }
  if (field || event.altKey) return false;
  if (event.ctrlKey || event.metaKey) {
    if (letterOf(event) !== "a") return chord(session, event);
    void session.all();
    return true;
  }
  const digit = digitOf(event);
  if (digit !== null && !event.shiftKey) {
    const stage = digit === 0 ? null : names.stages[digit - 1]?.key;
    if (stage !== undefined) session.change({ set: { stage } });
    return true;
  }
  const { key } = event;
  if (key === "ArrowDown" || key === "ArrowUp") {
    const by = key === "ArrowDown" ? 1 : -1;
    void step(session, session.window, (row) => row.uid, by).then((to) => {
      if (to && event.shiftKey) session.extend(to);
    });
  } else if (key === " " && !(event.target as Element).closest("button")) {
    if (session.active.value) session.toggle(session.active.value);
  } else if (key === "+") session.nudge(1);
  else if (key === "-" || key === "−") session.nudge(-1);
  else if (key === "Delete") session.change({ remove: true });
  else if (key === "/") root.querySelector<HTMLElement>("[data-field=add]")?.focus();
  else if (key === "?") session.sheet.value = true;
  else if (letterOf(event) === "f") root.querySelector<HTMLElement>("[data-find]")?.focus();
  else return false;
  return true;
}
