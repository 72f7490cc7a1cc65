// The texts in which coders differ.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ReviewView } from "./view";

export function Queue({ view }: { view: ReviewView }): JSX.Element {
  const { session, say } = view;
  const here = session.desk.value?.sheet.id;
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    box.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [here]);
  const cases = session.cases.value;
  return (
    <nav class="rv-queue" aria-label={say("queue")}>
      <div ref={box} class="rv-items">
        {cases.length === 0 && <p class="muted rv-none">{say("queue_empty")}</p>}
        {cases.map((one) => (
          <button
            key={one.id}
            type="button"
            class="rv-item"
            aria-current={one.id === here ? "true" : undefined}
            onClick={() => void session.go(one.id)}
          >
            <span class="rv-line">
              <span>{one.title}</span>
              <span class={one.open ? "rv-open" : "rv-done"}>
                {one.open ? say("queue_item", { n: one.open }) : `✓ ${say("queue_done")}`}
              </span>
            </span>
            <span class="rv-preview" dir="auto">
              {one.preview}
            </span>
          </button>
        ))}
        {session.more.value !== null && (
          <button type="button" class="plain rv-more" onClick={() => void session.later()}>
            {say("more")}
          </button>
        )}
      </div>
    </nav>
  );
}
