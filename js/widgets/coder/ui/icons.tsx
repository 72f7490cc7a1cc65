// Line icons, 16 × 16, in the colour of the text beside them.

import type { JSX } from "preact";

const PATHS = {
  undo: "M6 3 2.5 6.5 6 10M2.5 6.5H10a3.5 3.5 0 0 1 0 7H7",
  redo: "M10 3l3.5 3.5L10 10M13.5 6.5H6a3.5 3.5 0 0 0 0 7h3",
  previous: "M10 3.5 5.5 8l4.5 4.5",
  next: "M6 3.5 10.5 8 6 12.5",
  list: "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01",
  tag: "M2.5 2.5h5l6 6-5 5-6-6zM5.2 5.2h.01",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.5 10.5l3 3",
  close: "M4 4l8 8M12 4l-8 8",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3",
  plus: "M8 3.5v9M3.5 8h9",
  bin: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9",
  memo: "M3 13l.6-2.8L10.8 3l2.2 2.2-7.2 7.2z",
  edit: "M2.5 3.5h7M2.5 7h4M2.5 10.5h3M7.5 13.5l.5-2.3 4.6-4.6 1.8 1.8-4.6 4.6z",
  grip: "M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01",
  whole: "M3 3.5h10M3 6.5h10M3 9.5h10M3 12.5h6",
  hint: "M6 13.5h4M6.2 11.5c0-2-2.2-2.6-2.2-5a4 4 0 0 1 8 0c0 2.4-2.2 3-2.2 5z",
  link: "M6.8 9.2l2.4-2.4M7.5 4.8 9 3.3a2.6 2.6 0 0 1 3.7 3.7l-1.5 1.5M8.5 11.2 7 12.7a2.6 2.6 0 0 1-3.7-3.7l1.5-1.5",
  open: "M4 6l4 4 4-4",
  shut: "M6 4l4 4-4 4",
  check: "M3 8.5 6.5 12 13 4.5",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
