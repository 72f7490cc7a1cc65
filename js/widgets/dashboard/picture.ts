// One view's drawing of the map: a Bokeh document that is patched, painted and selected in.

import type { Theme } from "../../shared/theme";
import type { Bokeh, BokehDocument, BokehModel } from "./library";

type Paint = { paint?: Record<string, [unknown, unknown]> };

interface Drawn {
  remove(): void;
  compute_layout?: () => void;
}

/** What of the map was clicked. */
export interface Hit {
  /** Place of the stage. */
  stage: number;
  /** Number of a code or touchpoint. */
  key: number | null;
}

export class Picture {
  #document: BokehDocument | null = null;
  #views: Drawn[] = [];
  #selected: number | null = null;
  #theme: Theme = "light";

  constructor(
    readonly bokeh: Bokeh,
    readonly place: HTMLElement,
  ) {}

  /** Draw a document anew; what was there goes. */
  async draw(item: unknown): Promise<void> {
    this.clear();
    const views = await this.bokeh.embed.embed_item(item, this.place);
    this.#views = [...(views as Iterable<Drawn>)];
    this.#document = this.bokeh.documents.at(-1) ?? null;
    this.#paint();
    this.select(this.#selected);
  }

  clear(): void {
    for (const view of this.#views) view.remove();
    const at = this.#document ? this.bokeh.documents.indexOf(this.#document) : -1;
    if (at >= 0) this.bokeh.documents.splice(at, 1);
    this.#views = [];
    this.#document = null;
    this.place.replaceChildren();
  }

  /** Change the models that are there. */
  patch(patch: { events?: unknown[] }): void {
    const drawn = this.#document;
    if (!drawn || !patch.events?.length) return;
    measuredOnce(this.#views, () => drawn.apply_json_patch(patch));
    this.#paint();
  }

  paint(theme: Theme): void {
    this.#theme = theme;
    this.#paint();
  }

  /** Mark a stage, or none. */
  select(place: number | null): void {
    this.#selected = place;
    for (const model of this.#models()) {
      if (model.name === "band") {
        model.visible = place !== null;
        if (place !== null) model.setv({ left: place, right: place + 1 });
      }
      const column = /^(?:head-(\d+)|cell-(\d+)-\d+)$/.exec(model.name ?? "");
      if (!column) continue;
      const on = Number(column[1] ?? column[2]) === place;
      const classes = model.css_classes ?? [];
      if (classes.includes("sel") !== on) {
        const rest = classes.filter((name) => name !== "sel");
        model.css_classes = on ? [...rest, "sel"] : rest;
      }
    }
    for (const button of this.#buttons()) {
      const own = button.dataset["stage"];
      if (own !== undefined) button.setAttribute("aria-pressed", String(Number(own) === place));
    }
  }

  #models(): BokehModel[] {
    return this.#document ? [...this.#document._all_models.values()] : [];
  }

  #paint(): void {
    const mode = this.#theme === "dark" ? 1 : 0;
    for (const model of this.#models()) {
      for (const tag of model.tags ?? []) {
        for (const [name, both] of Object.entries((tag as Paint | null)?.paint ?? {})) {
          if (!same(model[name], both[mode])) model[name] = both[mode];
        }
      }
    }
  }

  #buttons(): HTMLElement[] {
    return [...deep(this.place)].filter(
      (element): element is HTMLElement => element instanceof HTMLButtonElement,
    );
  }
}

/** Each card that gets other words has the whole map measured: once, at the end, is enough. */
function measuredOnce(views: readonly Drawn[], work: () => void): void {
  const wanted = new Set<Drawn>();
  const held = views.filter((view) => view.compute_layout !== undefined);
  for (const view of held) view.compute_layout = () => void wanted.add(view);
  try {
    work();
  } finally {
    // What was laid over the class's own method goes.
    for (const view of held) delete view.compute_layout;
    for (const view of wanted) view.compute_layout?.();
  }
}

/** Everything inside open shadow roots too: Bokeh's cards live there. */
export function* deep(root: Element | ShadowRoot): Generator<Element> {
  for (const element of root.querySelectorAll("*")) {
    yield element;
    if (element.shadowRoot) yield* deep(element.shadowRoot);
  }
}

function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** What was clicked in a map of so many stages; null for nothing of it. */
export function hitOf(event: Event, stages: number): Hit | null {
  let key: number | null = null;
  for (const node of event.composedPath()) {
    if (!(node instanceof HTMLElement)) continue;
    const data = node.dataset;
    if (data["k"] !== undefined) key = Number(data["k"]);
    if (data["stage"] !== undefined) return { stage: Number(data["stage"]), key };
    if (node.classList.contains("cell")) {
      const inner = node.shadowRoot?.querySelector<HTMLElement>("[data-stage]");
      return inner ? { stage: Number(inner.dataset["stage"]), key } : null;
    }
    if (/\bbk-(Figure|Plot)\b/.test(node.className)) {
      const box = node.getBoundingClientRect();
      const at = Math.floor((((event as MouseEvent).clientX - box.left) / box.width) * stages);
      return { stage: Math.min(Math.max(at, 0), stages - 1), key: null };
    }
  }
  return null;
}
