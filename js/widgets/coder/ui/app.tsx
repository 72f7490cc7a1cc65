// The whole widget of one view.

import type { ReadonlySignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { guardKeys } from "../../../shared/keys";
import { variables, type Look } from "../../../shared/theme";
import { press } from "../commands";
import { DIALOGS, type View } from "../view";
import { BookDialog } from "./book";
import { Foot } from "./foot";
import { Header } from "./header";
import { KeySheet } from "./keysheet";
import { MemoDialog } from "./memos";
import { CodingPanel } from "./panel";
import { Queue } from "./queue";
import { Reading } from "./reading";
import { focusDesk } from "./parts";
import { Tip } from "./tip";

export function App({ view, look }: { view: View; look: ReadonlySignal<Look> }): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const { session } = view;
  const say = view.say.value;
  const { theme, lab } = look.value;
  useLayoutEffect(() => (root.current ? guardKeys(root.current) : undefined), []);
  useEffect(() => {
    const notice = session.notice.value;
    if (notice) view.tell(say(notice.key, notice.values));
  }, [session.notice.value]);
  const opening = session.opening.value;
  return (
    <div
      ref={root}
      class="cjm-coder"
      data-theme={theme}
      data-lab={lab ? "" : undefined}
      data-panel={view.panel.value ?? undefined}
      lang={view.language.value}
      dir="ltr"
      role="region"
      aria-label={say("name")}
      style={variables(theme)}
      onKeyDown={(event) => {
        session.attend();
        if (root.current && press(view, event, root.current)) {
          event.preventDefault();
          event.stopPropagation();
        }
      }}
      onFocusIn={() => session.attend()}
      onPointerMove={() => session.attend()}
      onMouseDown={keepFocus}
      onClick={(event) => letPopoversGo(view, event.target as Element)}
    >
      {opening ? (
        <div class="frame" inert={DIALOGS.includes(view.panel.value)}>
          <Header view={view} />
          <div class="main">
            <Queue view={view} />
            <Reading view={view} />
            <CodingPanel view={view} />
            <div class="shade" onClick={() => (view.panel.value = null)} />
          </div>
          <Notice view={view} />
          <Foot view={view} />
        </div>
      ) : (
        <Waiting view={view} />
      )}
      {view.panel.value === "keys" && <KeySheet view={view} />}
      {view.panel.value === "book" && opening && <BookDialog view={view} />}
      {view.panel.value === "memos" && opening && <MemoDialog view={view} />}
      <Tip view={view} />
      <div class="unseen" role="log" aria-live="polite" aria-atomic="true">
        {view.told.value}
      </div>
    </div>
  );
}

/** Buttons pressed by mouse leave the focus in the text, where the coding keys are. */
function keepFocus(event: JSX.TargetedMouseEvent<HTMLElement>): void {
  const at = event.target as Element;
  const root = event.currentTarget;
  if (at.closest("input, textarea, select, .words, .sheet")) return;
  if (at.closest("button, [role=treeitem], .present, h4, .foot")) {
    event.preventDefault();
    const active = (root.getRootNode() as Document).activeElement;
    const typing = active instanceof HTMLElement && active.matches("input, textarea, select");
    if (!root.contains(active) || typing) focusDesk(root.firstElementChild);
  }
}

function letPopoversGo(view: View, at: Element): void {
  const panel = view.panel.peek();
  if (panel === "filters" && !at.closest(".filters")) view.panel.value = null;
  if (panel === "saved" && !at.closest(".saved") && at.isConnected) view.panel.value = null;
}

const SHOWN = 6_000;

/** The last notice, for those who see; it goes by itself. */
function Notice({ view }: { view: View }): JSX.Element | null {
  const notice = view.session.notice.value;
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(() => {
      if (view.session.notice.peek() === notice) view.session.notice.value = null;
    }, SHOWN);
    return () => clearTimeout(timer);
  }, [notice]);
  if (!notice || notice.key === "found") return null;
  return <div class="notice">{view.say.value(notice.key, notice.values)}</div>;
}

function Waiting({ view }: { view: View }): JSX.Element {
  const { session } = view;
  const say = view.say.value;
  const why = session.failure.value;
  const closed = session.transport.link.value === "closed";
  return (
    <div class="waiting">
      <p>{say(why ? `why.${why}` : closed ? "closed" : "loading")}</p>
      {why && (
        <button type="button" class="tool framed" onClick={() => void session.open()}>
          {say("retry")}
        </button>
      )}
    </div>
  );
}
