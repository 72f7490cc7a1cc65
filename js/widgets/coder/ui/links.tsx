// Links of the selected passage to others: followed by a click or Enter, and how one is made.

import type { JSX } from "preact";
import type { Link } from "../../../shared/wire";
import { follow, join } from "../joining";
import { chordsOf, written } from "../keymap";
import type { View } from "../view";
import { Icon } from "./icons";
import { Kbd, Tool } from "./parts";

export function Links({ view }: { view: View }): JSX.Element | null {
  const say = view.say.value;
  const { threads } = view.session;
  const row = view.row.value;
  if (!row) return null;
  const mine = threads.links().filter(({ start, stop }) => start === row.uid || stop === row.uid);
  if (mine.length === 0) return null;
  return (
    <section class="links">
      <h4>{say("link.title")}</h4>
      {mine.map((link) => (
        <One key={link.uid} view={view} link={link} own={row.uid} />
      ))}
    </section>
  );
}

function One({ view, link, own }: { view: View; link: Link; own: string }): JSX.Element | null {
  const say = view.say.value;
  const { threads } = view.session;
  const leaves = link.start === own;
  const other = link.ends.find((end) => end.uid !== own);
  if (!other) return null;
  const elsewhere = other.feedback !== view.session.text.value?.sheet.id;
  return (
    <div class="link">
      <button type="button" class="to" title={other.words} onClick={() => void follow(view, other)}>
        <span aria-hidden="true">{leaves ? "→" : "←"}</span>
        <span class="unseen">{say(leaves ? "link.to" : "link.from")}</span>
        <span class="words-of" dir="auto">
          {elsewhere && <b>{other.title}: </b>}
          {other.words || other.title}
        </span>
      </button>
      <Tool
        icon="close"
        label={say("link.remove")}
        onClick={() => {
          threads.unlink(link);
          view.tell(say("link.removed"));
        }}
      />
      <input
        class="find"
        aria-label={say("link.text")}
        placeholder={say("link.text")}
        maxLength={2_000}
        defaultValue={link.text}
        key={link.text}
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
        onBlur={(event) => threads.relabel(link, event.currentTarget.value.trim())}
      />
    </div>
  );
}

/** While a link is being made: from where, and how it is ended. */
export function Joining({ view }: { view: View }): JSX.Element | null {
  const say = view.say.value;
  const { threads } = view.session;
  const from = threads.from.value;
  if (!from) return null;
  const row = view.row.value;
  const ready = row !== null && row.uid !== from.uid;
  const key = written(chordsOf("link", view.session.own.value)[0] ?? "", say);
  return (
    <div class="joining" role="group" aria-label={say("link.title")}>
      <Icon name="link" />
      <span class="what">
        {say("link.making", { words: from.words })}
        <span class="muted"> {say("link.how")}</span>
      </span>
      <button
        type="button"
        class="tool framed"
        aria-disabled={!ready || undefined}
        onClick={() => ready && join(view)}
      >
        <Kbd>{key}</Kbd> {say("link.here")}
      </button>
      <Tool icon="close" label={say("link.let_go")} onClick={() => (threads.from.value = null)} />
    </div>
  );
}
