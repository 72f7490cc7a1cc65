// Short texts as a grid: a text a row, its attributes as columns, coded where it stands.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { digitOf, letterOf } from "../../../shared/keys";
import type { Status } from "../../../shared/wire";
import { Icon } from "../../coder/ui/icons";
import { keyOf, type Answer, type GridSession } from "../grid";
import { stepOf, VALENCES, type Names } from "../kit/looks";
import type { Shown } from "../kit/module";
import { focusDesk, Hints, inField, KeySheet, Shell } from "../kit/shell";
import { Bar, chord, CodeFinder, namesOf, Pick, Rows, StageCell, step, useTold, ValenceCell, Waiting } from "./common";

interface Part {
  session: GridSession;
  names: Names;
}

export function GridApp(props: Shown<GridSession>): JSX.Element {
  const { session } = props;
  const names = namesOf(session, props.language.value);
  const { say } = names;
  const told = useTold(session, say);
  const keys = session.sheet.value;
  const columns = [
    ...new Set(session.window.rows.value.flatMap((row) => row.attributes.map(([name]) => name))),
  ];
  return (
    <Shell
      class="cjm-table"
      name={say("grid_name")}
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
            <Choose session={session} names={names} />
            <Filters session={session} names={names} />
            <Columns session={session} names={names} columns={columns} />
          </Bar>
          <Table session={session} names={names} columns={columns} />
          <Hints
            hints={[
              [["↑", "↓"], say("hint.row")],
              [["1", "2"], say("hint.stage")],
              [["−", "+"], say("hint.valence")],
              [["/"], say("hint.code")],
              [[say("keys.del")], say("hint.remove")],
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

function Choose({ session, names }: Part): JSX.Element {
  return (
    <span class="select">
      <select
        aria-label={names.say("which")}
        value={session.status.value}
        onChange={(event) => session.choose(event.currentTarget.value as Status)}
      >
        {(["all", "todo", "done"] as const).map((status) => (
          <option key={status} value={status}>
            {names.say(`texts.${status}`)}
          </option>
        ))}
      </select>
      <Icon name="open" />
    </span>
  );
}

/** Texts with a stage or code of this coder's, or a value of an attribute. */
function Filters({ session, names }: Part): JSX.Element {
  const { say, stages, codes } = names;
  const filters = session.opening.value?.filters ?? [];
  const given = session.given.value;
  const chosen = session.filters.value;
  const n = [given.stage, given.code, ...Object.keys(chosen)].filter(Boolean).length;
  return (
    <details class="tb-columns">
      <summary class={`kit-button ${n > 0 ? "on" : ""}`}>
        {say("filters")}
        {n > 0 && <em>{n}</em>}
      </summary>
      <div class="popover tb-filters">
        <Pick
          label={say("any_stage")}
          value={given.stage}
          options={stages.map((one) => [one.key, `${one.n} ${one.name}`] as const)}
          onPick={(key) => session.only("stage", key)}
        />
        <Pick
          label={say("any_code")}
          value={given.code}
          options={codes.map((one) => [one.key, one.name] as const)}
          onPick={(key) => session.only("code", key)}
        />
        {filters.map(({ key, values }) => (
          <Pick
            key={key}
            label={say("any_of", { what: nameOf(names, key) })}
            value={chosen[key] ?? ""}
            options={values.map((value) => [value, value] as const)}
            onPick={(value) => session.filter(key, value)}
          />
        ))}
      </div>
    </details>
  );
}

function nameOf(names: Names, column: string): string {
  const known = ["channel", "touchpoint", "language"].includes(column);
  return known ? names.say(`attribute.${column}`) : column;
}

function Columns({ session, names, columns }: Part & { columns: string[] }): JSX.Element {
  const hidden = session.hidden.value;
  const toggle = (column: string) => {
    const now = new Set(hidden);
    if (!now.delete(column)) now.add(column);
    session.hidden.value = now;
  };
  return (
    <details class="tb-columns">
      <summary class="kit-button">{names.say("columns_shown")}</summary>
      <div class="popover">
        {columns.map((column) => (
          <label key={column}>
            <input type="checkbox" checked={!hidden.has(column)} onChange={() => toggle(column)} />{" "}
            {nameOf(names, column)}
          </label>
        ))}
      </div>
    </details>
  );
}

function Table({ session, names, columns }: Part & { columns: string[] }): JSX.Element {
  const { say } = names;
  const shown = columns.filter((column) => !session.hidden.value.has(column));
  const rows = session.window.rows.value;
  const looks = looksOf(rows, shown);
  const unsearched = session.window.latest.value?.unsearched ?? 0;
  const head = (
    <tr>
      <th scope="col" class="c-id">
        {say("columns.source")}
      </th>
      <th scope="col" class="c-words">
        {say("columns.answer")}
      </th>
      <th scope="col" class="c-stage">
        {say("columns.stage")}
      </th>
      <th scope="col" class="c-valence">
        {say("columns.valence")}
      </th>
      <th scope="col" class="c-code">
        {say("columns.code")}
      </th>
      {shown.map((column) => (
        <th key={column} scope="col" class={looks.get(column)}>
          {nameOf(names, column)}
        </th>
      ))}
    </tr>
  );
  const total = session.opening.value?.total ?? rows.length;
  return (
    <Rows window={session.window} session={session} label={say("grid_name")} count={total} head={head}>
      {rows.map((row) => (
        <Line key={row.id} session={session} names={names} row={row} columns={shown} looks={looks} />
      ))}
      {unsearched > 0 && (
        <tr>
          <td colSpan={5 + shown.length} class="muted" role="status">
            {say("unsearched", { n: unsearched })}
          </td>
        </tr>
      )}
      {rows.length === 0 && unsearched === 0 && session.window.loaded.value && (
        <tr>
          <td colSpan={5 + shown.length} class="muted">
            {say("none_texts")}{" "}
            <button type="button" class="plain" onClick={() => session.anything()}>
              {say("show_all")}
            </button>
          </td>
        </tr>
      )}
    </Rows>
  );
}

/** How the columns of attributes stand: numbers to the right, dates in one line. */
function looksOf(rows: readonly Answer[], columns: readonly string[]): Map<string, string> {
  const facts = rows.map((row) => new Map(row.attributes));
  return new Map(
    columns.map((column) => {
      const values = facts.flatMap((fact) => fact.get(column) ?? []);
      const all = (what: RegExp) => values.length > 0 && values.every((value) => what.test(value));
      if (all(/^[-−+]?\d+([.,]\d+)?$/)) return [column, "tb-number"];
      return [column, all(/^\d{4}-\d\d-\d\d/) ? "tb-date" : ""];
    }),
  );
}

type LineProps = Part & { row: Answer; columns: string[]; looks: ReadonlyMap<string, string> };

function Line({ session, names, row, columns, looks }: LineProps): JSX.Element {
  const { say } = names;
  const now = session.whole(row);
  const others = session.ledger.rows(row.id).value.length - (now ? 1 : 0);
  const on = session.active.value === keyOf(row);
  const facts = useRef(new Map(row.attributes));
  return (
    <tr
      data-key={row.id}
      aria-current={on ? "true" : undefined}
      onClick={() => (session.active.value = keyOf(row))}
    >
      <td class="muted">{row.title}</td>
      <td dir="auto" lang={row.language || undefined} class="tb-words">
        {row.text}
        {others > 0 && <span class="muted tb-others">{say("others", { n: others })}</span>}
      </td>
      <td>
        <StageCell names={names} stage={now?.stage ?? null} />
        {on && <GiveStage session={session} names={names} />}
      </td>
      <td class="tb-number">
        <ValenceCell names={names} value={now?.valence ?? null} />
        {on && <GiveValence session={session} names={names} />}
      </td>
      <td class="tb-code">
        {on
          ? now?.codes.map((key) => (
              <button
                key={key}
                type="button"
                class="pill"
                title={say("drop", { name: names.codeName(key) })}
                onClick={() => session.toggleCode(key)}
              >
                <span>{names.codeName(key)}</span>
                <Icon name="close" />
              </button>
            ))
          : now?.codes.map((key) => names.codeName(key)).join(" · ")}
        {on && (
          <CodeFinder
            names={names}
            label={say("code_here")}
            list="cjm-table-code"
            field="code"
            onCode={(key) => session.toggleCode(key)}
            onLeave={focusDesk}
          />
        )}
      </td>
      {columns.map((column) => (
        <td key={column} class={`muted ${looks.get(column) ?? ""}`}>
          {facts.current.get(column) ?? ""}
        </td>
      ))}
    </tr>
  );
}

const NONE = "\0";

/** The stage of the row the keys are at, to be chosen from a list. */
function GiveStage({ session, names }: Part): JSX.Element {
  const { say, stages } = names;
  return (
    <Pick
      label={say("stage_here")}
      field="stage"
      value=""
      options={[...stages.map((one) => [one.key, `${one.n} ${one.name}`] as const), [NONE, say("no_stage")]]}
      onPick={(key, from) => {
        give(session, names, key === NONE ? null : key);
        focusDesk(from);
      }}
    />
  );
}

function GiveValence({ session, names }: Part): JSX.Element {
  const { say, language } = names;
  return (
    <Pick
      label={say("valence_here")}
      value=""
      options={[...VALENCES.map((one) => [String(one), stepOf(language, one)] as const), [NONE, say("no_valence")]]}
      onPick={(value, from) => {
        session.act({ valence: value === NONE ? null : Number(value) });
        tellRow(session, names);
        focusDesk(from);
      }}
    />
  );
}

function give(session: GridSession, names: Names, stage: string | null): void {
  session.act({ stage });
  const name = stage === null ? undefined : names.stageOf.get(stage)?.name;
  session.tell("told.stage", { stage: name ?? names.say("no_stage") });
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
        [["1", "2", "…"], say("keys.stage")],
        [["0"], say("no_stage")],
        [["S"], say("keys.stage_find")],
        [["−", "+"], say("keys.valence")],
        [["/"], say("keys.code")],
        [[say("keys.del")], say("keys.remove")],
        [["F"], say("search")],
        [[ctrl, "Z"], say("keys.undo")],
        [["?"], say("keys.help")],
      ]}
    />
  );
}

function press(session: GridSession, names: Names, event: KeyboardEvent, root: HTMLElement): boolean {
  if (session.sheet.value) {
    if (event.key !== "Escape" && event.key !== "?") return false;
    session.sheet.value = false;
    return true;
  }
  const field = inField(event.target);
  const { key } = event;
  if (key === "Escape" && field) {
    focusDesk(root);
    return true;
  }
  if (field || event.altKey || (event.target as Element).closest("details")) return false;
  if (event.ctrlKey || event.metaKey) return chord(session, event);
  const digit = digitOf(event);
  if (digit !== null && !event.shiftKey) {
    const stage = digit === 0 ? null : names.stages[digit - 1];
    if (stage !== undefined) give(session, names, stage?.key ?? null);
    return true;
  }
  if (key === "ArrowDown" || key === "ArrowUp") {
    const by = key === "ArrowDown" ? 1 : -1;
    void step(session, session.window, (row) => String(row.id), by).then(() => tellRow(session, names));
  } else if (key === "+" || key === "-" || key === "−") {
    session.nudge(key === "+" ? 1 : -1);
    tellRow(session, names);
  } else if (key === "/") root.querySelector<HTMLElement>("[data-field=code]")?.focus();
  else if (key === "Delete" || key === "Backspace") session.remove();
  else if (key === "?") session.sheet.value = true;
  else if (letterOf(event) === "s") root.querySelector<HTMLElement>("[data-field=stage]")?.focus();
  else if (letterOf(event) === "f") root.querySelector<HTMLElement>("[data-find]")?.focus();
  else return false;
  return true;
}

function tellRow(session: GridSession, names: Names): void {
  const row = session.row();
  if (!row) return;
  const now = session.whole(row);
  const stage = now?.stage ? (names.stageOf.get(now.stage)?.name ?? now.stage) : names.say("no_stage");
  const valence = now?.valence ?? null;
  const felt = valence === null ? "" : names.say(`valences.${Math.round(valence * 2)}`);
  session.tell("told.row", { words: row.text.slice(0, 300), said: [stage, felt].filter(Boolean).join(", ") });
}
