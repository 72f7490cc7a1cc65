// Keys pressed in shadow roots stay here too: the notebook sees their outermost host as target.

import { isOwnChord } from "../../shared/keys";

const SUPPRESS = "data-lm-suppress-shortcuts";

/** As `guardKeys`, for whatever lies in shadow roots; returns what takes the guard away. */
export function guardDeep(root: HTMLElement): () => void {
  const guard = (event: KeyboardEvent) => {
    const seen = event
      .composedPath()
      .find((node): node is Element => node instanceof Element && root.contains(node));
    if (!seen) return;
    const theirs = (event.ctrlKey || event.metaKey) && !isOwnChord(event);
    seen.toggleAttribute(SUPPRESS, !theirs);
  };
  window.addEventListener("keydown", guard, true);
  return () => window.removeEventListener("keydown", guard, true);
}
