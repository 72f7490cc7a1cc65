// What every widget here is as an anywidget module: one session a model, one app a view.

import type { AnyModel, Initialize, Render } from "@anywidget/types";
import { signal, type ReadonlySignal } from "@preact/signals";
import { render, type ComponentType } from "preact";
import { watchLook, type Look } from "../../../shared/theme";
import type { Transport } from "../../../shared/transport";

export interface Live {
  readonly transport: Transport;
  look(): Promise<void>;
  close(): void;
}

export interface Shown<S> {
  session: S;
  language: ReadonlySignal<string>;
  look: ReadonlySignal<Look>;
}

/** A module from how a session begins and how it is drawn. */
export function moduleOf<S extends Live>(
  begin: (model: AnyModel) => S,
  App: ComponentType<Shown<S>>,
): () => { initialize: Initialize; render: Render } {
  return () => {
    let session: S | null = null;

    const initialize: Initialize = ({ model }) => {
      const open = (session ??= begin(model));
      const lost = () => open.transport.lost();
      // The event does not say whether the comm went or came: an answer will.
      const live = () => {
        lost();
        void open.look();
      };
      const on = model.on as (event: string, callback: () => void) => void;
      on("comm_live_update", live);
      on("comm:close", lost);
      on("destroy", lost);
      return () => {
        open.close();
        session = null;
      };
    };

    const renderView: Render = ({ model, el }) => {
      const open = (session ??= begin(model));
      const language = signal(String(model.get("language")));
      const look = watchLook(() => String(model.get("theme")));
      const changed = () => {
        language.value = String(model.get("language"));
        look.refresh();
      };
      model.on("change:language", changed);
      model.on("change:theme", changed);
      render(<App session={open} language={language} look={look.look} />, el);
      return () => {
        model.off("change:language", changed);
        model.off("change:theme", changed);
        render(null, el);
        look.stop();
      };
    };

    return { initialize, render: renderView };
  };
}
