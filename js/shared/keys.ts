// Keys by their place for digits (so that AZERTY works) and by their letter for letters (so
// that the A a person sees is the A that is meant).

/** The digit of a key, from the row above the letters or the number pad; null for others. */
export function digitOf(event: KeyboardEvent): number | null {
  const found = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  return found ? Number(found[1]) : null;
}

/** The Latin letter of a key; on other scripts the letter of its place. */
export function letterOf(event: KeyboardEvent): string | null {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  const latin = event.key.length === 1 && event.key.charCodeAt(0) < 0x250;
  const found = latin ? null : /^Key([A-Z])$/.exec(event.code);
  return found?.[1]?.toLowerCase() ?? null;
}

/** Whether keys typed here are words. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target.isContentEditable;
}

/** Whether a chord with Ctrl or Cmd is the widget's own rather than the notebook's. */
export function isOwnChord(event: KeyboardEvent): boolean {
  if (event.key === "Enter") return true; // runs a cell in a notebook
  if (event.shiftKey && /^Arrow/.test(event.key)) return !isTyping(event.target);
  const letter = letterOf(event);
  return letter === "z" || letter === "y" || (isTyping(event.target) && letter === "a");
}

const SUPPRESS = "data-lm-suppress-shortcuts";

/**
 * Keep the widget's keys from JupyterLab and Notebook 7 and leave them theirs (Ctrl+S).
 * Both read the attribute on the way up from the target; Notebook 7 listens in the capture
 * phase, hence on `window` here. Returns what takes the guard away again.
 */
export function guardKeys(root: HTMLElement): () => void {
  const guard = (event: KeyboardEvent) => {
    const target = event.composedPath()[0];
    if (!(target instanceof Element) || !root.contains(target)) return;
    const theirs = (event.ctrlKey || event.metaKey) && !isOwnChord(event);
    target.toggleAttribute(SUPPRESS, !theirs);
  };
  window.addEventListener("keydown", guard, true);
  return () => window.removeEventListener("keydown", guard, true);
}
