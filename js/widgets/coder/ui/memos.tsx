// Memos in threads: on the open text, the selected passage, a code, a stage, the study.

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Memo, MemoKind } from "../../../shared/wire";
import { placeOf } from "../threads";
import type { View } from "../view";
import { Dialog } from "./dialog";
import { Icon } from "./icons";
import { Kbd, Tool } from "./parts";

export function MemoDialog({ view }: { view: View }): JSX.Element {
  const say = view.say.value;
  const { session } = view;
  const text = session.text.value?.sheet;
  const row = view.row.value;
  const [on, setOn] = useState(text ? `text/${text.id}` : "study/");
  const [kind, uid] = placeOf(on);
  return (
    <Dialog view={view} title={say("memos.title")} class="memos">
      <label class="field">
        <span>{say("memos.on")}</span>
        <span class="select">
          <select value={on} onChange={(event) => setOn(event.currentTarget.value)}>
            {text && <option value={`text/${text.id}`}>{say("memos.text", { title: text.title })}</option>}
            {row && (
              <option value={`coding/${row.uid}`}>
                {say("memos.coding", { words: view.words(row).slice(0, 60) })}
              </option>
            )}
            <option value="study/">{say("memos.study")}</option>
            <optgroup label={say("stage")}>
              {view.stages.value.map((stage) => (
                <option key={stage.key} value={`stage/${stage.key}`}>
                  {stage.n} {stage.name}
                </option>
              ))}
            </optgroup>
            <optgroup label={say("codes")}>
              {session.book.live.value.map((code) => (
                <option key={code.key} value={`code/${code.key}`}>
                  {code.name}
                </option>
              ))}
            </optgroup>
          </select>
          <Icon name="open" />
        </span>
      </label>
      <p class="muted how">{say(`memos.who.${kind}`)}</p>
      <Thread key={on} view={view} kind={kind} uid={uid} first />
    </Dialog>
  );
}

/** The memos on one thing, and a field for another one. */
export function Thread(props: {
  view: View;
  kind: MemoKind;
  uid: string;
  /** Whether the field has the focus when the dialog opens. */
  first?: boolean;
}): JSX.Element {
  const { view, kind, uid, first } = props;
  const say = view.say.value;
  const { threads } = view.session;
  const memos = threads.memos(kind, uid);
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = `${kind}/${uid}`;
  useEffect(() => void threads.ask(kind, uid), [kind, uid]);
  const write = () => {
    const text = field.current?.value.trim() ?? "";
    if (!field.current || !text) return;
    threads.write(kind, uid, text);
    threads.drafts.delete(draft);
    field.current.value = "";
    field.current.focus();
    view.tell(say("memos.told.added"));
  };
  return (
    <div class="thread">
      {memos?.length === 0 && <p class="muted">{say("memos.none")}</p>}
      {memos && memos.length > 0 && (
        <ol aria-label={say("memos.title")}>
          {memos.map((memo) => (
            <One key={memo.uid} view={view} memo={memo} />
          ))}
        </ol>
      )}
      <textarea
        ref={field}
        rows={3}
        dir="auto"
        maxLength={20_000}
        {...(first ? { "data-first": true } : {})}
        aria-label={say("memos.new")}
        placeholder={say("memos.new")}
        defaultValue={threads.drafts.get(draft) ?? ""}
        onInput={(event) => threads.drafts.set(draft, event.currentTarget.value)}
        onKeyDown={(event) => submits(event) && write()}
      />
      <p class="acts">
        <button type="button" class="tool framed" onClick={write}>
          {say("memos.add")} <Kbd>{`${say("keys.ctrl")} ${say("keys.enter")}`}</Kbd>
        </button>
      </p>
    </div>
  );
}

function submits(event: JSX.TargetedKeyboardEvent<HTMLElement>): boolean {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

function One({ view, memo }: { view: View; memo: Memo }): JSX.Element {
  const say = view.say.value;
  const { threads } = view.session;
  const [editing, setEditing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  // Before the next key: what is typed at once must not go to the desk behind.
  useLayoutEffect(() => field.current?.focus(), [editing]);
  const line = useRef<HTMLLIElement>(null);
  /** What had the focus goes away: the field for a new memo has it next. */
  const leave = () => {
    line.current?.closest(".thread")?.querySelector<HTMLElement>(":scope > textarea")?.focus();
  };
  const keep = () => {
    const text = field.current?.value.trim() ?? "";
    threads.rewrite(memo, text);
    setEditing(false);
  };
  return (
    <li ref={line}>
      <div class="who">
        <b>{memo.author}</b> <span class="muted">{when(view.language.value, memo.at)}</span>
        {memo.mine && (
          <span class="acts">
            <Tool icon="memo" label={say("memos.change")} onClick={() => setEditing(true)} />
            <Tool
              icon="bin"
              label={say("memos.remove")}
              onClick={() => {
                leave();
                threads.remove(memo);
                view.tell(say("memos.told.removed"));
              }}
            />
          </span>
        )}
      </div>
      {editing ? (
        <textarea
          ref={field}
          rows={3}
          dir="auto"
          maxLength={20_000}
          aria-label={say("memos.change")}
          defaultValue={memo.text}
          onBlur={keep}
          onKeyDown={(event) => submits(event) && leave()}
        />
      ) : (
        <p dir="auto">{memo.text}</p>
      )}
    </li>
  );
}

function when(language: string, at: string): string {
  const time = new Date(/Z|[+-]\d\d:\d\d$/.test(at) ? at : `${at}Z`);
  if (Number.isNaN(time.getTime())) return at;
  return time.toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
}
