// What people have written on the text and on its codings, and a field to write more.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Icon } from "../../coder/ui/icons";
import { Tool } from "../../coder/ui/parts";
import { focusDesk } from "../../table/kit/shell";
import type { Memo, Place } from "../wire";
import type { ReviewView } from "./view";

export function Thread({ view }: { view: ReviewView }): JSX.Element {
  const { session, say } = view;
  const desk = session.desk.value;
  const place = session.place.value;
  const memos = (desk?.memos ?? []).filter((memo) => memo.on_kind === "text" || about(memo, place));
  return (
    <aside class="rv-thread" aria-label={say("thread")}>
      <h4>{say("thread")}</h4>
      <div class="rv-memos" tabIndex={memos.length > 2 ? 0 : undefined}>
        {memos.length === 0 && <p class="muted">{say("thread_none")}</p>}
        {memos.map((memo) => (
          <article key={memo.uid} class="rv-note">
            <p class="rv-line">
              <span>
                <b>{memo.author}</b> <span class="muted">{where(view, memo, place)}</span>
              </span>
              {memo.mine && (
                <Tool icon="bin" label={say("remove")} onClick={() => session.removeMemo(memo.uid)} />
              )}
            </p>
            <p dir="auto">{memo.text}</p>
          </article>
        ))}
      </div>
      {desk && <Write view={view} place={place} text={desk.sheet.id} />}
    </aside>
  );
}

function about(memo: Memo, place: Place | null): boolean {
  const sides = place?.sides.flatMap((side) => side.codings) ?? [];
  return [...sides, ...(place?.settled?.codings ?? [])].some((row) => row.uid === memo.on);
}

function where(view: ReviewView, memo: Memo, place: Place | null): string {
  const { say } = view;
  if (memo.on_kind === "text") return say("on_text");
  const side = place?.sides.find((one) => one.codings.some((row) => row.uid === memo.on));
  return side ? say("on_coding", { coder: side.coder }) : say("on_consensus");
}

function Write(props: { view: ReviewView; place: Place | null; text: number }): JSX.Element {
  const { view, place, text } = props;
  const { session, say } = view;
  const words = useRef<HTMLTextAreaElement>(null);
  const on = useRef<HTMLSelectElement>(null);
  const send = () => {
    const field = words.current;
    if (!field?.value.trim()) return;
    const uid = on.current?.value ?? "";
    session.addMemo(uid ? ["coding", uid] : ["text", String(text)], field.value);
    field.value = "";
    focusDesk(field);
  };
  return (
    <div class="rv-write">
      <textarea
        ref={words}
        class="kit-input"
        rows={3}
        aria-label={say("write")}
        placeholder={say("write")}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          event.stopPropagation();
          send();
        }}
      />
      <div class="rv-acts">
        <span class="select">
          <select ref={on} aria-label={say("about")}>
            <option value="">{say("about_text")}</option>
            {place?.sides.map(
              (side) =>
                side.codings[0] && (
                  <option key={side.coder} value={side.codings[0].uid}>
                    {say("about_side", { coder: side.coder })}
                  </option>
                ),
            )}
          </select>
          <Icon name="open" />
        </span>
        <button type="button" class="kit-button" onClick={send}>
          {say("send")}
        </button>
      </div>
    </div>
  );
}
