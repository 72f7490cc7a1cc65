// The codebook, to be edited: the tree on the left, the selected code on the right.

import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { isTyping, letterOf } from "../../../shared/keys";
import { fold } from "../../../shared/words";
import { leavesOf, Shelf, type Leaf } from "../shelf";
import type { View } from "../view";
import { CodeForm } from "./bookform";
import { BookTree } from "./booktree";
import { Dialog } from "./dialog";
import { Tool } from "./parts";

export function BookDialog({ view }: { view: View }): JSX.Element {
  const say = view.say.value;
  const { session } = view;
  const { history } = session.deeds;
  const shelf = useMemo(() => new Shelf(view), [view]);
  const [wanted, setWanted] = useState("");
  const codes = session.book.codes.value;
  const live = useMemo(() => leavesOf(codes.filter((code) => !code.retired)), [codes]);
  const shown = wanted ? live.filter(({ code }) => fits(code.name, wanted)) : live;
  const retired = codes.filter((code) => code.retired && fits(code.name, wanted));
  const code = shelf.find(shelf.selected.value);
  const ctrl = say("keys.ctrl");
  return (
    <Dialog
      view={view}
      title={say("book.title")}
      class="book"
      tools={
        <>
          <Tool
            icon="undo"
            label={say("undo")}
            keys={`${ctrl} Z`}
            disabled={!history.canUndo.value}
            onClick={() => view.turn("undo")}
          />
          <Tool
            icon="redo"
            label={say("redo")}
            keys={`${ctrl} ${say("keys.shift")} Z`}
            disabled={!history.canRedo.value}
            onClick={() => view.turn("redo")}
          />
        </>
      }
    >
      <div class="shelf" onKeyDown={(event) => turnBack(view, event)}>
        <div class="left">
          <input
            type="search"
            class="find"
            data-first
            aria-label={say("book.find", { n: live.length })}
            placeholder={say("book.find", { n: live.length })}
            value={wanted}
            onInput={(event) => setWanted(event.currentTarget.value)}
          />
          <BookTree shelf={shelf} leaves={shown} flat={wanted !== ""} />
          <Retired shelf={shelf} leaves={retired.map((item) => ({ code: item, level: 1, parent: false }))} />
          <Adding shelf={shelf} />
        </div>
        {code ? (
          <CodeForm key={code.key} shelf={shelf} code={code} />
        ) : (
          <div class="nothing muted">{say(live.length > 0 ? "book.choose" : "book.empty")}</div>
        )}
      </div>
    </Dialog>
  );
}

function fits(name: string, wanted: string): boolean {
  return fold(name).includes(fold(wanted));
}

/** Undo and redo work here too, save in a field, which has its own. */
function turnBack(view: View, event: JSX.TargetedKeyboardEvent<HTMLElement>): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return;
  const letter = letterOf(event);
  if (letter === "z") view.turn(event.shiftKey ? "redo" : "undo");
  else if (letter === "y") view.turn("redo");
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function Retired({ shelf, leaves }: { shelf: Shelf; leaves: readonly Leaf[] }): JSX.Element | null {
  if (leaves.length === 0) return null;
  return (
    <details class="retired">
      <summary>{shelf.view.say.value("book.retired", { n: leaves.length })}</summary>
      <ul>
        {leaves.map(({ code }) => (
          <li key={code.key}>
            <button type="button" class="leaf" onClick={() => (shelf.selected.value = code.key)}>
              {code.name}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** A new code at the top, or under the one that is selected. */
function Adding({ shelf }: { shelf: Shelf }): JSX.Element {
  const say = shelf.view.say.value;
  const [name, setName] = useState("");
  const [below, setBelow] = useState(false);
  const over = shelf.find(shelf.selected.value);
  const parent = below && over && !over.retired ? over.key : null;
  return (
    <form
      class="adding"
      onSubmit={(event) => {
        event.preventDefault();
        shelf.add(name, parent);
        setName("");
      }}
    >
      <div class="row">
        <input
          class="find"
          aria-label={say("book.new")}
          placeholder={say("book.new")}
          maxLength={200}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <button type="submit" class="tool framed" aria-disabled={!name.trim() || undefined}>
          {say("book.add")}
        </button>
      </div>
      {over && !over.retired && (
        <label class="check">
          <input
            type="checkbox"
            checked={below}
            onChange={(event) => setBelow(event.currentTarget.checked)}
          />
          <span>{say("book.below", { name: over.name })}</span>
        </label>
      )}
    </form>
  );
}
