// Small parts that several panes share.

import type { ComponentChildren, JSX } from "preact";
import { numberOf } from "../../../shared/words";
import type { StageLook, View } from "../view";
import { Icon } from "./icons";

type IconName = Parameters<typeof Icon>[0]["name"];

/** A button with an icon, named for those who do not see it. */
export function Tool(props: {
  icon: IconName;
  label: string;
  onClick: () => void;
  keys?: string;
  text?: boolean;
  disabled?: boolean;
  class?: string;
  expanded?: boolean;
  pressed?: boolean;
  /** How many there are; none is not shown. */
  badge?: number;
}): JSX.Element {
  const { icon, label, onClick, keys, text, disabled, badge = 0 } = props;
  return (
    <button
      type="button"
      class={`tool ${props.class ?? ""}`}
      title={keys ? `${label} (${keys})` : label}
      aria-label={badge > 0 ? `${label} (${badge})` : label}
      aria-expanded={props.expanded}
      aria-pressed={props.pressed}
      // Not `disabled`: the focus would be lost with it.
      aria-disabled={disabled ? true : undefined}
      onClick={() => !disabled && onClick()}
    >
      <Icon name={icon} />
      {text && <span>{label}</span>}
      {badge > 0 && <em>{badge}</em>}
    </button>
  );
}

/** An attribute's value, with its name where it is not understood without: "6" is not. */
export function factOf(key: string, value: string, name: string): string {
  const known = ["channel", "touchpoint", "at", "date", "language"].includes(key);
  return known || /\p{L}{3}/u.test(value) ? value : `${name} ${value}`;
}

/** A stage's number in its colour. */
export function Chip({ stage }: { stage: StageLook | undefined }): JSX.Element {
  if (!stage) return <i class="chip none" aria-hidden="true" />;
  return (
    <i class="chip" style={{ "--c": colourOf(stage) }} aria-hidden="true">
      {stage.n}
    </i>
  );
}

export function colourOf(stage: StageLook | undefined): string {
  return stage ? `var(--cjm-s${stage.colour})` : "var(--cjm-field)";
}

/** A valence as one of five steps, with its sign. */
export function stepOf(view: View, valence: number): string {
  return numberOf(view.language.value, Math.round(valence * 20) / 10, true);
}

export function Kbd({ children }: { children: ComponentChildren }): JSX.Element {
  return <kbd>{children}</kbd>;
}

/**
 * Arrow keys move among the buttons of a bar; only one of them is a stop of Tab.
 * What the arrows do elsewhere must not happen too, hence `data-arrows`.
 */
export function roam(event: JSX.TargetedKeyboardEvent<HTMLElement>): void {
  const forward = event.key === "ArrowDown" || event.key === "ArrowRight";
  const back = event.key === "ArrowUp" || event.key === "ArrowLeft";
  const edge = event.key === "Home" || event.key === "End";
  if ((!forward && !back && !edge) || event.ctrlKey || event.metaKey || event.altKey) return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-stop]")];
  const now = stops.indexOf((event.target as HTMLElement).closest("[data-stop]") as HTMLElement);
  const last = stops.length - 1;
  let to = now + (forward ? 1 : -1);
  if (edge) to = event.key === "Home" ? 0 : last;
  const target = stops[Math.min(Math.max(to, 0), last)];
  event.preventDefault();
  target?.focus();
}

/** Close a pane with its cross. */
export function Cross({ view, onClick }: { view: View; onClick: () => void }): JSX.Element {
  return <Tool icon="close" label={view.say.value("close")} onClick={onClick} class="cross" />;
}

/** Back to the text, where the keys for coding are. */
export function focusDesk(from: Element | null): void {
  const root = from?.closest<HTMLElement>(".cjm-coder");
  root?.querySelector<HTMLElement>("[data-desk]")?.focus({ preventScroll: true });
}
