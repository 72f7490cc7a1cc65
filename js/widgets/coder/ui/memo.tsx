// The memo of the selected passage: kept when the field is left, or with Ctrl+Enter.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { View } from "../view";
import { focusDesk, Kbd } from "./parts";

export function Memo({ view }: { view: View }): JSX.Element {
  const say = view.say.value;
  const field = useRef<HTMLTextAreaElement>(null);
  const dirty = useRef(false);
  const row = view.row.value;
  const memo = row?.memo ?? "";
  useEffect(() => {
    // What is being written is not overwritten by what comes from elsewhere.
    if (field.current && !dirty.current) field.current.value = memo;
  }, [row?.uid, memo]);
  const keep = () => {
    if (!dirty.current || !field.current) return;
    dirty.current = false;
    view.memo(field.current.value.trim());
  };
  useEffect(() => keep, []);
  return (
    <section class="memo">
      <h4>
        {say("memo")} <Kbd>M</Kbd>
      </h4>
      <textarea
        ref={field}
        data-find="memo"
        dir="auto"
        rows={2}
        aria-label={say("memo")}
        placeholder={say("memo_hint")}
        defaultValue={memo}
        onInput={() => (dirty.current = true)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey))) {
            event.preventDefault();
            event.stopPropagation();
            keep();
            focusDesk(field.current);
          }
        }}
      />
    </section>
  );
}
