// While the words of new texts are still being indexed a search has not seen them all: it is
// asked again, more and more seldom, until it has.

import { effect, type ReadonlySignal } from "@preact/signals";

const SOON = 700;
const SELDOM = 5_000;
/** So often in vain, and nobody asks any more: a question keeps a kernel from looking idle. */
const VAIN = 20;

/** Ask again while something has not been searched; gives what ends it. */
export function untilSearched(
  page: ReadonlySignal<{ unsearched?: number } | null>,
  again: () => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let least = Infinity;
  let vain = 0;
  const end = effect(() => {
    clearTimeout(timer);
    const left = page.value?.unsearched ?? 0;
    if (left === 0) {
      least = Infinity;
      return;
    }
    vain = left < least ? 0 : vain + 1;
    least = Math.min(least, left);
    if (vain < VAIN) timer = setTimeout(again, Math.min(SOON * 1.4 ** vain, SELDOM));
  });
  return () => {
    clearTimeout(timer);
    end();
  };
}
