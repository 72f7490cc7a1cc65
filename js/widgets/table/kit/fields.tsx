// Fields in which stage, valence and codes are given.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { CodeItem } from "../../../shared/wire";
import type { Say } from "../../../shared/words";
import type { StageLook } from "../../coder/view";
import { Icon } from "../../coder/ui/icons";
import { roam } from "../../coder/ui/parts";
import { codeOf, stepOf, VALENCES } from "./looks";

export function StageField(props: {
  say: Say;
  stages: readonly StageLook[];
  value: string | null;
  onChange: (key: string | null) => void;
}): JSX.Element {
  const { say, stages, value } = props;
  const known = value === null || stages.some((stage) => stage.key === value);
  return (
    <label class="kit-field">
      <span>{say("stage")}</span>
      <span class="select">
        <select
          data-field="stage"
          value={value ?? ""}
          onChange={(event) => props.onChange(event.currentTarget.value || null)}
        >
          <option value="">{say("no_stage")}</option>
          {!known && <option value={value ?? ""}>{value}</option>}
          {stages.map((stage) => (
            <option key={stage.key} value={stage.key}>
              {`${stage.n} ${stage.name}`}
            </option>
          ))}
        </select>
        <Icon name="open" />
      </span>
    </label>
  );
}

export function ValenceField(props: {
  say: Say;
  language: string;
  value: number | null;
  onChange: (value: number | null) => void;
}): JSX.Element {
  const { say, value } = props;
  const stop = value !== null && VALENCES.includes(value as 0) ? value : 0;
  return (
    <div class="kit-field">
      <span>{say("valence")}</span>
      <div class="valences" role="toolbar" aria-label={say("valence")} onKeyDown={roam}>
        {VALENCES.map((step) => (
          <button
            key={step}
            type="button"
            class={step < 0 ? "bad" : step > 0 ? "good" : "even"}
            data-stop
            tabIndex={step === stop ? 0 : -1}
            aria-pressed={step === value}
            aria-label={say(`valences.${step * 2}`)}
            onClick={() => props.onChange(step === value ? null : step)}
          >
            {stepOf(props.language, step)}
          </button>
        ))}
      </div>
    </div>
  );
}

let lists = 0;

export function CodesField(props: {
  say: Say;
  codes: readonly CodeItem[];
  value: readonly string[];
  onChange: (codes: string[]) => void;
}): JSX.Element {
  const { say, codes, value } = props;
  const list = useRef("");
  list.current ||= `cjm-kit-codes-${++lists}`;
  const name = (key: string) => codes.find((code) => code.key === key)?.name ?? key;
  const take = (input: HTMLInputElement) => {
    const found = codeOf(codes, input.value);
    if (!found) return;
    input.value = "";
    if (!value.includes(found.key)) props.onChange([...value, found.key]);
  };
  return (
    <div class="kit-field">
      <label for={`${list.current}-in`}>{say("codes")}</label>
      <div class="kit-codes">
        {value.map((key) => (
          <button
            key={key}
            type="button"
            class="pill"
            aria-label={say("drop", { name: name(key) })}
            onClick={() => props.onChange(value.filter((other) => other !== key))}
          >
            <span>{name(key)}</span>
            <Icon name="close" />
          </button>
        ))}
        <input
          id={`${list.current}-in`}
          class="kit-input"
          data-field="codes"
          list={list.current}
          placeholder={say("code_add")}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
            event.preventDefault();
            event.stopPropagation();
            take(event.currentTarget);
          }}
          onChange={(event) => take(event.currentTarget)}
        />
        <datalist id={list.current}>
          {codes.map((code) => (
            <option key={code.key} value={code.name} />
          ))}
        </datalist>
      </div>
    </div>
  );
}
