// The right side: what the selected passage is said to be.

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { join } from "../joining";
import { chordsOf, written } from "../keymap";
import type { StageLook, View } from "../view";
import { Codes } from "./codes";
import { Links } from "./links";
import { Memo } from "./memo";
import { fold } from "../../../shared/words";
import { Chip, colourOf, Cross, focusDesk, roam, Tool, stepOf } from "./parts";

const STEPS = [-1, -0.5, 0, 0.5, 1];

export function CodingPanel({ view }: { view: View }): JSX.Element {
  const say = view.say.value;
  return (
    <aside class="side" aria-label={say("panel")}>
      <div class="head for-drawer">
        <b>{say("panel")}</b>
        <Cross view={view} onClick={() => (view.panel.value = null)} />
      </div>
      <Present view={view} />
      <Stages view={view} />
      <Valence view={view} />
      <Links view={view} />
      <Codes view={view} />
      <Memo view={view} />
    </aside>
  );
}

/** Whether the next act begins a coding or changes one. */
function Present({ view }: { view: View }): JSX.Element {
  const say = view.say.value;
  const row = view.row.value;
  const range = view.range.value;
  const text = view.session.text.value;
  const words = range && text ? text.offsets.slice(range.start, Math.min(range.stop, range.start + 90)) : "";
  const stage = row?.stage ? view.stageOf.value.get(row.stage) : undefined;
  return (
    <div class={`present ${row ? "known" : ""}`} style={{ "--c": colourOf(stage) }}>
      <b>{say(row ? "editing" : "fresh")}</b>
      <q dir="auto" title={row ? undefined : say("fresh_hint")}>
        {words}
      </q>
      {row && (
        <>
          <Tool
            icon="link"
            label={say("link.begin")}
            keys={written(chordsOf("link", view.session.own.value)[0] ?? "", say)}
            onClick={() => join(view)}
          />
          <Tool icon="plus" label={say("another")} onClick={() => view.fresh()} />
          <Tool
            icon="bin"
            label={say("remove")}
            keys={say("keys.delete")}
            onClick={() => view.remove()}
          />
        </>
      )}
    </div>
  );
}

function Stages({ view }: { view: View }): JSX.Element {
  const say = view.say.value;
  const stages = view.stages.value;
  const now = view.row.value?.stage ?? null;
  const [wanted, setWanted] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const many = stages.length > 9;
  const fits = (stage: StageLook) =>
    !wanted ||
    String(stage.n).startsWith(wanted) ||
    fold(stage.name).split(/\s+/).some((word) => word.startsWith(fold(wanted)));
  const exact = stages.find((stage) => String(stage.n) === wanted.trim());
  const shown = stages.filter(fits);
  const first = exact ?? shown[0];
  const stop = shown.some((stage) => stage.key === now) ? now : shown[0]?.key;
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = list.current;
    const on = box?.querySelector<HTMLElement>("[aria-pressed=true]");
    if (!many || !box || !on) return; // few are all in sight
    const [top, bottom] = [on.offsetTop, on.offsetTop + on.offsetHeight];
    if (top < box.scrollTop) box.scrollTop = top;
    else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
  }, [now]);
  const leave = () => {
    setWanted("");
    focusDesk(input.current);
  };
  return (
    <section>
      <h4>
        {say("stage")}
        {now !== null && (
          <button
            type="button"
            class="plain"
            title={`${say("clear_stage")} (0)`}
            onClick={() => view.stage(null)}
          >
            {say("clear_stage")}
          </button>
        )}
      </h4>
      <input
        ref={input}
        class={`find ${many ? "" : "shy"}`}
        data-find="stages"
        aria-label={say("stage_find")}
        placeholder={say("stage_find")}
        value={wanted}
        onInput={(event) => setWanted(event.currentTarget.value)}
        onBlur={() => setWanted("")}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !first) return;
          event.preventDefault();
          view.stage(first.key, event.shiftKey);
          leave();
        }}
      />
      <div
        ref={list}
        class="stages"
        role="toolbar"
        aria-orientation="vertical"
        aria-label={say("stage")}
        data-arrows
        onKeyDown={roam}
      >
        {shown.map((stage) => (
          <StageButton
            key={stage.key}
            view={view}
            stage={stage}
            on={stage.key === now}
            stop={stage.key === stop}
          />
        ))}
      </div>
    </section>
  );
}

function StageButton(props: {
  view: View;
  stage: StageLook;
  on: boolean;
  stop: boolean;
}): JSX.Element {
  const { view, stage, on, stop } = props;
  const n = view.session.ledger.counts.value.stages[stage.key] ?? 0;
  return (
    <button
      type="button"
      class={`stage ${on ? "on" : ""} ${stage.part ? "part" : ""}`}
      data-stop
      tabIndex={stop ? 0 : -1}
      aria-pressed={on}
      aria-keyshortcuts={stage.n <= 9 ? String(stage.n) : undefined}
      onClick={(event) => view.stage(stage.key, event.shiftKey)}
    >
      <Chip stage={stage} />
      <span class="name">{stage.name}</span>
      <em title={view.say.value("n_here", { n })}>{n}</em>
    </button>
  );
}

function Valence({ view }: { view: View }): JSX.Element {
  const say = view.say.value;
  const now = view.row.value?.valence ?? null;
  return (
    <section>
      <h4>
        {say("valence")}
        {now !== null && (
          <button type="button" class="plain" onClick={() => view.valence(null)}>
            {say("clear_valence")}
          </button>
        )}
      </h4>
      <div class="valences" role="toolbar" aria-label={say("valence")} data-arrows onKeyDown={roam}>
        {STEPS.map((value) => (
          <button
            key={value}
            type="button"
            class={value < 0 ? "bad" : value > 0 ? "good" : "even"}
            data-stop
            tabIndex={value === (now ?? 0) || (now !== null && !STEPS.includes(now) && value === 0) ? 0 : -1}
            aria-pressed={value === now}
            aria-label={view.valenceWords(value)}
            title={view.valenceWords(value)}
            onClick={() => view.valence(value)}
          >
            {stepOf(view, value)}
          </button>
        ))}
      </div>
    </section>
  );
}
