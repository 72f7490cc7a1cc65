// The two ends of the selected passage, to be taken by the mouse.

import type { JSX } from "preact";

/** One at each end; where they stand is set when the words are laid out. */
export function Grips(): JSX.Element {
  return (
    <>
      <i class="grip" data-end="start" aria-hidden="true" />
      <i class="grip" data-end="stop" aria-hidden="true" />
    </>
  );
}

/** Put the grips of a block where the selection begins and ends in it, or out of sight. */
export function placeGrips(block: HTMLElement): void {
  const grips = block.querySelectorAll<HTMLElement>(".grip");
  if (grips.length === 0) return;
  const box = block.getBoundingClientRect();
  const places = [...grips].map((grip) => {
    const start = grip.dataset["end"] === "start";
    const word = block.querySelector(start ? ".w.first" : ".w.last");
    const edge = word?.firstChild ? edgeOf(word.firstChild, start) : null;
    return edge && { x: edge.left - box.left, y: edge.top - box.top, height: edge.height };
  });
  grips.forEach((grip, at) => {
    const place = places[at];
    grip.hidden = !place;
    if (!place) return;
    grip.style.transform = `translate(${Math.round(place.x)}px, ${Math.round(place.y)}px)`;
    grip.style.height = `${Math.round(place.height)}px`;
  });
}

/** Where the first or after the last character stands; of right-to-left words that is left. */
function edgeOf(words: Node, start: boolean): DOMRect | null {
  const range = document.createRange();
  const length = words.textContent?.length ?? 0;
  range.setStart(words, start ? 0 : length);
  range.collapse(true);
  const rects = range.getClientRects();
  return rects[start ? rects.length - 1 : 0] ?? null;
}
