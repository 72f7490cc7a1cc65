// What a code means, beside it: after the mouse has rested on it, or at once when it has the
// focus. Esc takes it away; the mouse may go over to it.

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { View } from "../view";

const REST = 350;
const LEAVE = 150;

const timers = new WeakMap<View, ReturnType<typeof setTimeout>>();

/** Handlers for what shows a code's definition. */
export function tipped(view: View, key: string): Pick<
  JSX.HTMLAttributes<HTMLElement>,
  "onPointerEnter" | "onPointerLeave" | "onFocus" | "onBlur"
> {
  const show = (beside: HTMLElement) => (view.tip.value = { key, beside });
  return {
    onPointerEnter: ({ currentTarget }) => later(view, REST, () => show(currentTarget)),
    onPointerLeave: () => later(view, LEAVE, () => (view.tip.value = null)),
    onFocus: ({ currentTarget }) => {
      clearTimeout(timers.get(view));
      if (currentTarget.matches(":focus-visible")) show(currentTarget);
    },
    onBlur: () => (view.tip.value = null),
  };
}

function later(view: View, wait: number, act: () => void): void {
  clearTimeout(timers.get(view));
  timers.set(view, setTimeout(act, wait));
}

export function Tip({ view }: { view: View }): JSX.Element | null {
  const ref = useRef<HTMLDivElement>(null);
  const tip = view.tip.value;
  const code = tip && view.session.book.codes.value.find((item) => item.key === tip.key);
  useLayoutEffect(() => {
    const box = ref.current;
    const root = box?.closest<HTMLElement>(".cjm-coder");
    if (!box || !root || !tip) return;
    const frame = root.getBoundingClientRect();
    const at = tip.beside.getBoundingClientRect();
    const left = Math.min(at.left - frame.left, frame.width - box.offsetWidth - 8);
    const below = at.bottom - frame.top + 4;
    const fits = below + box.offsetHeight < frame.height;
    const top = fits ? below : at.top - frame.top - box.offsetHeight - 4;
    box.style.transform = `translate(${Math.max(left, 8)}px, ${Math.max(top, 8)}px)`;
  });
  if (!code?.definition) return null;
  return (
    <div
      ref={ref}
      class="tip"
      role="tooltip"
      dir="auto"
      onPointerEnter={() => clearTimeout(timers.get(view))}
      onPointerLeave={() => later(view, LEAVE, () => (view.tip.value = null))}
    >
      {code.definition}
    </div>
  );
}
