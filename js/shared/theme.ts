// Light or dark: as told, else as JupyterLab, VS Code or the browser have it.

import { signal, type ReadonlySignal } from "@preact/signals";
import palette from "../../src/cjm_widgets/words/palette.json";

export type Theme = "light" | "dark";

/** How many colours there are before they repeat. */
export const COLOURS = palette.light.stages.length;

/** Whether the page itself has a theme that the widget should wear. */
export interface Look {
  theme: Theme;
  lab: boolean;
}

function lookOf(wanted: string): Look {
  if (wanted === "light" || wanted === "dark") return { theme: wanted, lab: false };
  const lab = document.querySelector("[data-jp-theme-light]");
  if (lab) {
    const light = lab.getAttribute("data-jp-theme-light") !== "false";
    return { theme: light ? "light" : "dark", lab: true };
  }
  const kind = document.body.getAttribute("data-vscode-theme-kind");
  if (kind) return { theme: /light/.test(kind) ? "light" : "dark", lab: false };
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  return { theme: dark ? "dark" : "light", lab: false };
}

/** The look, kept up to date; `stop` ends that. */
export function watchLook(wanted: () => string): {
  look: ReadonlySignal<Look>;
  refresh(): void;
  stop(): void;
} {
  const look = signal(lookOf(wanted()));
  const refresh = () => {
    const now = lookOf(wanted());
    if (now.theme !== look.value.theme || now.lab !== look.value.lab) look.value = now;
  };
  const media = matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", refresh);
  const observer = new MutationObserver(refresh);
  observer.observe(document.body, {
    attributes: true,
    attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind"],
  });
  return {
    look,
    refresh,
    stop() {
      media.removeEventListener("change", refresh);
      observer.disconnect();
    },
  };
}

/** The palette as CSS variables. */
export function variables(theme: Theme): Record<string, string> {
  const { stages, ...plain } = palette[theme];
  const made: Record<string, string> = {};
  for (const [name, value] of Object.entries(plain)) {
    made[`--cjm-${name.replace("_", "-")}`] = value;
  }
  stages.forEach((colour, at) => (made[`--cjm-s${at}`] = colour));
  return made;
}
