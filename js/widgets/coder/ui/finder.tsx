// The search: words, and chips for stages, codes and attributes. While somebody writes, what the
// words may be a name of stands below; the arrows go there, Enter makes a chip of it.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { begunIn, soughtIn, withoutBegun, type ChipTerm } from "../sieve";
import { askTerm, askWords, called, chips, drop, optionsFor, type Called, type Option } from "../terms";
import type { View } from "../view";
import { Icon } from "./icons";
import { Chip } from "./parts";

const SETTLE = 200;

export function Finder({ view }: { view: View }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const terms = chips(view);
  const field = () => box.current?.querySelector<HTMLInputElement>("input") ?? null;
  return (
    <div
      ref={box}
      class="search"
      onMouseDown={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        field()?.focus();
      }}
    >
      <Icon name="search" />
      {terms.length > 0 && (
        <span class="terms" role="group" aria-label={view.say.value("find.chosen")}>
          {terms.map((term) => (
            <TermChip key={JSON.stringify(term)} view={view} term={term} leave={() => field()?.focus()} />
          ))}
        </span>
      )}
      <Words view={view} lastChip={() => [...(box.current?.querySelectorAll<HTMLElement>(".term") ?? [])].at(-1)} />
    </div>
  );
}

/** How a term is written on its chip or in a list. */
export function TermName({ called: { what, name, stage, unknown } }: { called: Called }): JSX.Element {
  return (
    <>
      <small class={stage ? "unseen" : ""}>{what}</small>
      {stage && <Chip stage={stage} />}{" "}
      <span class={unknown ? "unknown" : ""}>{name}</span>
    </>
  );
}

function TermChip({ view, term, leave }: { view: View; term: ChipTerm; leave: () => void }): JSX.Element {
  const now = called(view, term);
  const { what, name } = now;
  const label = view.say.value("find.drop", { what, name });
  const off = (to: HTMLElement | null) => {
    drop(view, term);
    if (to) to.focus();
    else leave();
  };
  return (
    <button
      type="button"
      class="pill term"
      title={now.unknown ? view.say.value("find.unknown", { what, name }) : label}
      onClick={() => off(null)}
      onKeyDown={(event) => {
        const { key, currentTarget } = event;
        const near = key === "ArrowRight" ? currentTarget.nextElementSibling : currentTarget.previousElementSibling;
        if (key === "ArrowLeft" || key === "ArrowRight") {
          if (near instanceof HTMLElement) near.focus();
          else if (key === "ArrowRight") leave();
        } else if (key === "Delete" || key === "Backspace") off(near as HTMLElement | null);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <TermName called={now} />
      <Icon name="close" />
    </button>
  );
}

function Words({ view, lastChip }: { view: View; lastChip: () => HTMLElement | undefined }): JSX.Element {
  const { session } = view;
  const say = view.say.value;
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const input = useRef<HTMLInputElement>(null);
  const [options, setOptions] = useState<readonly Option[]>([]);
  const [at, setAt] = useState(-1);
  const wanted = soughtIn(session.query.value.search).words;
  useEffect(() => {
    const field = input.current;
    if (field && field.ownerDocument.activeElement !== field) field.value = wanted;
  }, [wanted]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const close = () => {
    setOptions([]);
    setAt(-1);
  };
  /** Stages and codes that are written to their end become chips. */
  const tidy = (field: HTMLInputElement, whole: boolean) => {
    const { value } = field;
    const read = soughtIn(whole ? value : withoutBegun(value));
    if (read.mine.length > 0) field.value = [read.words, whole ? "" : begunPart(value)].join(" ").trim();
  };
  const find = (field: HTMLInputElement, { whole, open }: { whole: boolean; open: boolean }) => {
    clearTimeout(timer.current);
    askWords(view, whole ? field.value : withoutBegun(field.value), open);
    tidy(field, whole);
  };
  const take = ({ term, called: { what, name } }: Option) => {
    const field = input.current;
    if (!field) return;
    clearTimeout(timer.current);
    field.value = field.value.slice(0, begunIn(field.value).from).trimEnd();
    askTerm(view, term, field.value);
    view.tell(say("find.taken", { what, name }));
    close();
    field.focus();
  };
  const id = `${view.id}-find`;
  return (
    <>
      <input
        ref={input}
        type="search"
        role="combobox"
        autocomplete="off"
        placeholder={say("search")}
        aria-label={say("search")}
        aria-keyshortcuts="F"
        aria-expanded={options.length > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
        aria-description={say("find.how")}
        data-find="texts"
        defaultValue={wanted}
        onInput={({ currentTarget: field }) => {
          clearTimeout(timer.current);
          timer.current = setTimeout(() => find(field, { whole: false, open: false }), SETTLE);
          const { kind, part } = begunIn(field.value);
          setOptions(kind !== null || part ? optionsFor(view, field.value) : []);
          setAt(-1);
        }}
        onBlur={({ currentTarget: field }) => {
          close();
          if (soughtIn(field.value).mine.length > 0) find(field, { whole: true, open: false });
        }}
        onKeyDown={(event) => {
          const { key, currentTarget: field } = event;
          const first = field.selectionStart === 0 && field.selectionEnd === 0;
          const chosen = options[at];
          if (key === "Enter") {
            if (chosen) take(chosen);
            else {
              find(field, { whole: true, open: true });
              close();
            }
          } else if (key === "ArrowDown" || key === "ArrowUp") {
            const all = options.length > 0 ? options : optionsFor(view, field.value);
            setOptions(all);
            setAt(around(at + (key === "ArrowDown" ? 1 : -1), all.length));
          } else if (key === "Escape" && options.length > 0) close();
          else if ((key === "Backspace" || key === "ArrowLeft") && first && lastChip()) lastChip()?.focus();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <ul class="options" id={id} role="listbox" aria-label={say("find.options")} hidden={options.length === 0}>
        {options.map((option, place) => (
          <li
            key={JSON.stringify(option.term)}
            id={`${id}-${place}`}
            role="option"
            aria-selected={place === at}
            // The field keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(option)}
          >
            <TermName called={option.called} />
            {option.called.stage && <small class="last">{option.called.what}</small>}
          </li>
        ))}
      </ul>
    </>
  );
}

/** The stage or code at the end that is not written to its end yet. */
function begunPart(written: string): string {
  const { kind, from } = begunIn(written);
  return kind === null ? "" : written.slice(from);
}

/** A place in a list that is gone round; −1 is the field itself. */
function around(to: number, n: number): number {
  return to >= n ? -1 : to < -1 ? n - 1 : to;
}
