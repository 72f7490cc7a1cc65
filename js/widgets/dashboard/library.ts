// BokehJS, as the kernel's own Bokeh has it: fetched once a page, and bound to nothing of the
// page, so that another version may live beside it.

/* eslint-disable @typescript-eslint/no-explicit-any */
export interface Bokeh {
  documents: BokehDocument[];
  embed: { embed_item(item: unknown, target: HTMLElement): Promise<unknown> };
  set_log_level(level: string): void;
}

export interface BokehModel {
  id: string;
  name: string | null;
  tags: unknown[];
  css_classes?: string[];
  visible?: boolean;
  setv(values: Record<string, unknown>): void;
  [property: string]: unknown;
}

export interface BokehDocument {
  _all_models: Map<string, BokehModel>;
  apply_json_patch(patch: unknown): void;
}

async function unpacked(data: string): Promise<string> {
  const bytes = Uint8Array.from(atob(data), (mark) => mark.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).text();
}

async function made(packed: string): Promise<Bokeh> {
  const code = await unpacked(packed);
  // A module of its own: loaders of the page (AMD in notebooks) do not see it.
  const source =
    "const root={};(function(){var exports,module,define;" +
    code +
    "\n}).call(root);export default root.Bokeh";
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    const found = (await import(/* @vite-ignore */ url)).default as Bokeh;
    found.set_log_level("error");
    return found;
  } finally {
    URL.revokeObjectURL(url);
  }
}

let kept: Promise<Bokeh> | null = null;

/** The library; `fetch` gives it packed, and is asked only once if all goes well. */
export function library(fetch: () => Promise<string>): Promise<Bokeh> {
  kept ??= fetch()
    .then(made)
    .catch((error: unknown) => {
      kept = null;
      throw error;
    });
  return kept;
}
